"""What a radio technology is to a download: rates, failures, times, and who is out of reach.

Values come from the built-in radios (``builtin/radios.yaml``, each with its source) unless a scenario says otherwise.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from fota_sim.scenario.distribution import DurationLaw, SignalLaw
from fota_sim.scenario.types import (
    BitRate,
    Block,
    Decibel,
    Duration,
    Frequency,
    PlacesByCoverage,
    Plain,
    Ratio,
    Signal,
    Size,
    Whole,
)

_WIDEST = 3.0
"""Of a logarithm: one connection in six is twenty times as slow as the median. Nothing real is."""


class Radio(Block):
    """One radio technology, or one operator's variant of it."""

    extends: str | None = None
    """Take everything not said here from this radio."""
    law: Literal["mcs", "shannon", "nb-iot", "table"]
    """How the rate follows the signal: a step table of IEEE 802.11 rates, truncated Shannon, NB-IoT with its
    repetitions and scheduling gaps, or a table of your own."""
    efficiency: Plain = Field(0.45, gt=0, le=1)
    """Share of the physical rate that carries the file (mcs). Assumption."""
    margin: Decibel = 3.0
    """Fading margin above the table's sensitivities (mcs). Assumption."""
    bandwidth: Frequency = Field(1_080_000.0, gt=0)
    """Carrier bandwidth; also turns RSSI into RSRP for the transmit power."""
    noise_figure: Decibel = 9.0
    """Receiver noise figure (shannon)."""
    interference_margin: Decibel = 0.0
    """Rise over thermal noise (shannon)."""
    alpha: Plain = Field(0.6, gt=0, le=1)
    """Shannon efficiency, 3GPP TR 36.942 form (shannon)."""
    share: Plain = Field(1.0, gt=0, le=1)
    """Share of the carrier one device gets (shannon). Assumption."""
    snr_min: Decibel = -10.0
    """Below this signal-to-noise ratio there is no link (shannon)."""
    rate_cap: BitRate = Field(gt=0)
    """The fastest this radio downloads."""
    speed: Plain = Field(1.0, ge=0.01, le=100)
    """How many times as fast as all that is said here of rates, gaps and round trips; a log of downloads teaches it."""
    table: list[tuple[Signal, BitRate]] = Field(default_factory=list, max_length=16)
    """Rate by signal, ascending: physical rates for mcs and nb-iot, net rates for table (up to 16 rows)."""
    transport_block: Whole = Field(680, gt=0)
    """Bits per transport block (nb-iot)."""
    gap: tuple[Duration, Duration, Duration] = (0.0, 0.0, 0.0)
    """Scheduling gap per transport block at coverage level 0, 1, 2 (nb-iot)."""
    mode: Literal["stream", "block"]
    """stream: data flow while flash is written (HTTP); block: every chunk is asked for (CoAP, LwM2M)."""
    chunk: Size = Field(4096, gt=0)
    """Bytes per chunk, the unit that fails and is tried again."""
    overhead: Plain = Field(0.06, ge=0)
    """Header bytes per payload byte."""
    rtt: tuple[Duration, Duration, Duration]
    """Median round trip within a connection, at coverage level 0, 1, 2."""
    rtt_sigma: tuple[Plain, Plain, Plain] = (0.0, 0.0, 0.0)
    """Spread of round trips at coverage level 0, 1, 2: the standard deviation of their natural logarithm, drawn once
    for each connection; 0: all take the median."""
    rtt_max: Duration = Field(60.0, gt=0)
    """No round trip takes longer, however unlucky the connection."""
    ce_edges: tuple[Signal, Signal] | None = None
    """Below the first RSSI is coverage level 1, below the second level 2; null: one level."""
    s50: Signal
    """RSSI at which half of the chunks fail."""
    width: Decibel = Field(gt=0)
    """Logistic width of the failure curve."""
    p_floor: Ratio = Field(ge=0, lt=1)
    """Chunk failure probability at a strong signal. Assumption."""
    recovery: Duration = Field(ge=0)
    """Time to recover from a failed chunk. Assumption."""
    chunk_attempts: Whole = Field(3, ge=1, le=50)
    """Failures of one chunk in a row that break the download off. Assumption."""
    connect: DurationLaw
    """Time to attach, register and subscribe from cold."""
    resume: Duration = Field(gt=0)
    """The same with the registration kept (after sleep or a short reboot)."""
    rssi: SignalLaw
    """Mean RSSI of the devices of a fleet that does not say its own. Assumption."""
    rssi_sd: Decibel = Field(2.0, ge=0)
    """Deviation of the RSSI over time around the device's mean."""
    rssi_correlation_time: Duration = Field(1800.0, gt=0)
    """Over how long the RSSI forgets."""
    reading_sd: Decibel = Field(1.0, ge=0)
    """Error of one reading. Assumption."""
    gone: Ratio = Field(ge=0, le=1)
    """Share of the fleet that is offline for good when the plan starts."""
    churn: Ratio = Field(ge=0, lt=1)
    """Share of the fleet lost for good every 30 days."""
    cell_concurrency: PlacesByCoverage | None = None
    """Concurrent downloads per cell at coverage level 0, 1, 2; null: no limit."""
    segments: Whole = Field(32, ge=1, le=1_000_000)
    """A file is simulated in at most this many steps."""
    segment_time: Duration = Field(5.0, gt=0)
    """About how long a step lasts, or somewhat less: no more steps are made than it takes. Assumption."""

    @field_validator("gap", "rtt")
    @classmethod
    def _not_below_zero(cls, value: tuple[float, float, float]) -> tuple[float, float, float]:
        if min(value) < 0:
            raise ValueError("a time is 0 or more")
        return value

    @field_validator("rtt_sigma")
    @classmethod
    def _a_spread(cls, value: tuple[float, float, float]) -> tuple[float, float, float]:
        if min(value) < 0.0 or max(value) > _WIDEST:
            raise ValueError(f"a spread of round trips is 0 to {_WIDEST:g} at each coverage level, for example 1.2")
        return value

    @model_validator(mode="after")
    def _table_fits_law(self) -> Self:
        if self.law in ("mcs", "nb-iot", "table") and len(self.table) < 2:
            raise ValueError(f"the {self.law} law needs a table of at least two rows, [[-100dBm, 20kbit/s], ...]")
        signals_dBm = [signal_dBm for signal_dBm, _ in self.table]
        if signals_dBm != sorted(set(signals_dBm)) or any(rate <= 0 for _, rate in self.table):
            raise ValueError("table must ascend in dBm, with rates above 0")
        if max(self.rtt_sigma) > 0.0 and self.rtt_max < max(self.rtt):
            raise ValueError("rtt_max is shorter than a median of rtt; make it longer, or rtt_sigma 0")
        if self.ce_edges is not None and self.ce_edges[0] < self.ce_edges[1]:
            raise ValueError("ce_edges go from stronger to weaker, for example [-109dBm, -121dBm]")
        return self
