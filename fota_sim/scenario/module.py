"""What a module model is: its currents, its flash, how it boots, and its AT dialect."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from fota_sim.scenario.distribution import ChargeLaw, DurationLaw, RatioLaw
from fota_sim.scenario.types import (
    MOST_TIMES,
    Block,
    ByteRate,
    Current,
    Duration,
    Plain,
    Ratio,
    Resistance,
    Size,
    Voltage,
    Whole,
)


class Battery(Block):
    """A battery as its data sheet has it, and how full it is."""

    chemistry: Literal["li-ion", "li-po", "li-socl2"]
    """Decides the voltage by charge and the loss of capacity in the cold."""
    capacity: ChargeLaw
    """Rated capacity."""
    level: RatioLaw
    """State of charge when the plan starts. Assumption."""
    resistance: Resistance = Field(ge=0)
    """Internal resistance at room temperature, wiring included."""
    self_discharge: Ratio = Field(ge=0, lt=1)
    """Share of the capacity lost per year."""


class Module(Block):
    """One module model; values of the built-in ones are in ``builtin/modules.yaml``, each with its source."""

    extends: str | None = None
    """Take everything not said here from this module."""
    radio: str
    """The radio it has, by name."""
    supply: Voltage = Field(gt=0)
    """Nominal supply, for energy in joules."""
    i_receive: Current = Field(ge=0)
    """Receiving."""
    i_gap: Current = Field(ge=0)
    """Connected, between blocks."""
    i_transmit_0dBm: Current = Field(ge=0)
    """Transmitting at 0 dBm."""
    i_transmit_23dBm: Current = Field(ge=0)
    """Transmitting at 23 dBm; decides brown-out at a weak signal."""
    transmit_duty: Ratio = Field(ge=0, le=1)
    """Share of a download's air time spent transmitting."""
    i_idle: Current = Field(ge=0)
    """Awake with nothing to do."""
    i_sleep: Current = Field(ge=0)
    """Asleep or off."""
    i_edrx: Current | None = Field(None, ge=0)
    """Between the paging windows of eDRX; null: as asleep. Assumption."""
    i_flash: Current = Field(15.0, ge=0)
    """On top while flash is written (NOR data sheets: 10 to 25 mA). Assumption."""
    v_min: Voltage
    """Supply below which the module resets."""
    flash_write: ByteRate = Field(gt=0)
    """How fast the download is stored."""
    free_flash: Size = Field(gt=0)
    """Room for a download. Assumption."""
    boot: Literal["in-place", "staged", "backup", "ab"]
    """in-place: overwritten as it is unpacked; staged: from a stored copy, resumed after a power cut; backup: tried
    some times, then the old firmware is restored; ab: the old slot stays until the new one ran."""
    apply_fixed: Duration = Field(ge=0)
    """Fixed part of the time to apply an update."""
    apply_rate: ByteRate = Field(gt=0)
    """Bytes per second while applying."""
    delta_expansion: Plain = Field(1.0, gt=0)
    """How many times as long a byte of a delta takes to apply as one of a full image. 1: the rate was measured on a
    delta."""
    reboot: DurationLaw
    """Time until the module answers again."""
    boot_attempts: Whole = Field(5, ge=1, le=MOST_TIMES)
    """Tries after power cuts before a backup is restored (Quectel DFOTA guide)."""
    brick_on_power_loss: Ratio = Field(ge=0, le=1)
    """Given a power loss while flashing. Assumption."""
    verify_failure: Ratio = Field(ge=0, le=1)
    """A stored image fails its check. Assumption."""
    storage_failure: Ratio = Field(ge=0, le=1)
    """No room or bad flash when applying. Assumption."""
    accepts_truncated: Ratio = Field(0.0, ge=0, le=1)
    """Share of downloads that broke off which the module takes for complete, and installs; the firmware then does not
    boot. Zephyr issue 37272 saw an image of 5.75 % installed. Assumption."""
    power_cuts_mains: Plain = Field(0.3, ge=0)
    """Power cuts per 30 days on mains. Assumption."""
    power_cuts_battery: Plain = Field(0.02, ge=0)
    """Power cuts per 30 days on battery. Assumption."""
    battery: Battery
    """What it runs on when not on mains."""
    mains: Ratio = Field(ge=0, le=1)
    """Share of devices on mains. Assumption."""
    at_csq: bool = True
    """Whether AT+CSQ exists; a Wi-Fi module answers AT+QGETWIFISTATE instead."""
    at_cbc: bool = True
    """Whether AT+CBC exists; where it does not, the host measures the battery itself."""
    version_command: Literal["AT+QVERSION", "AT+CGMR"] = "AT+CGMR"
    """The command that answers the firmware version."""
    url_to_start: DurationLaw
    """From the download address to the first byte asked for."""
