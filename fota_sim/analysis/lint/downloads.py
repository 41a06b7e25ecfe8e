"""Findings about how long downloads of a drawn fleet take: timeouts and addresses that are shorter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.lint.drawn import Drawn, at_the_start
from fota_sim.analysis.lint.exchanges import LEVELS, mean_round_trip_s
from fota_sim.engines.hardware import module_row, radio_row
from fota_sim.rules import codes, link, rows
from fota_sim.rules.radio import coverage_level
from fota_sim.scenario.lint import timeouts
from fota_sim.scenario.lint.facts import ROLLOUT, Finding, duration, percent

_SAMPLE = 1000
"""Devices of one module and radio whose download time is worked out: evenly from the weakest to the strongest."""
_P95 = 95.0


@dataclass(frozen=True, eq=False)
class Times:
    """Download times of devices of one module and radio at their mean signal, without failures."""

    radio: str
    signal_dBm: NDArray[np.float64]
    seconds: NDArray[np.float64]
    installs_s: float
    """What the module typically takes after it, until it has started again."""


def download_times(drawn: Drawn) -> list[Times]:
    """For each module and radio of the fleet: a sample of the devices that the minimum signal admits.

    Devices without a link at their mean signal are left out; shapes (devices of the sample,).
    """
    scenario, fleet = drawn.scenario, drawn.fleet
    packages = [package for package in scenario.planned if package.component == scenario.module_component]
    if not packages:
        return []
    admitted = drawn.offerable & (at_the_start(drawn) == codes.NO_CAUSE)
    found = []
    for module, radio in sorted(set(zip(fleet.module[admitted].tolist(), fleet.radio[admitted].tolist(), strict=True))):
        radio_name, module_name = fleet.radio_names[radio], fleet.module_names[module]
        chosen = admitted & (fleet.module == module) & (fleet.radio == radio)
        signals = np.sort(fleet.rssi_mean_dBm[chosen])
        some = min(len(signals), _SAMPLE)
        signals = signals[np.arange(some) * len(signals) // some]
        settings = scenario.radios[radio_name]
        air = radio_row(radio_name, settings)
        trips_s = [mean_round_trip_s(settings, level) for level in range(LEVELS)]
        board = module_row(module_name, scenario.modules[module_name])
        seconds = np.array([_whole_s(air, board, float(dBm), packages[0].size_B, trips_s) for dBm in signals])
        linked = np.isfinite(seconds)
        if linked.any():
            installs_s = timeouts.installs_s(scenario, module_name, packages[0])
            found.append(Times(radio_name, signals[linked], seconds[linked], installs_s))
    return found


def _whole_s(
    air: NDArray[np.float64], board: NDArray[np.float64], signal_dBm: float, size_B: int, trips_s: Sequence[float]
) -> float:
    """Seconds of a download without failures, by the mean round trip of its coverage level; inf without a link."""
    bps = float(link.rate_bps(air, signal_dBm))
    if bps <= 0.0:
        return float("inf")
    flash_Bps = float(board[rows.FLASH_WRITE_BPS])
    trip_s = trips_s[coverage_level(air, signal_dBm)]
    one_s = link.chunk_s(air, air[rows.CHUNK_B], bps, flash_Bps, trip_s)
    return float(link.chunks_of(air, size_B) * one_s)


def timeouts_below_downloads(drawn: Drawn) -> Iterator[Finding]:
    """Timeouts that are shorter than a download that goes well."""
    times, limits = download_times(drawn), drawn.scenario.plan.rollout.timeouts
    for field, limit_s in (("download", limits.download), ("in_progress", limits.in_progress)):
        for kind in times if limit_s is not None else ():
            assert limit_s is not None
            seconds = kind.seconds + (kind.installs_s if field == "in_progress" else 0.0)
            longer, slowest = float((seconds > limit_s).mean()), int(seconds.argmax())
            if longer > 0.0:
                what = "a download" if field == "download" else "a download with its installation"
                message = (
                    f"{duration(limit_s)} is less than {what} takes at the weakest mean signal that is admitted: "
                    f"{duration(seconds[slowest])} at {kind.signal_dBm[slowest]:.0f} dBm ({kind.radio}), without "
                    f"any failure; {percent(longer)} of those devices need longer. Make it longer, or raise min_signal"
                )
                yield (*ROLLOUT, "timeouts", field), message


def address_below_downloads(drawn: Drawn) -> Iterator[Finding]:
    """Addresses that expire before most downloads could be resumed."""
    limit_s = drawn.scenario.plan.rollout.address_lifetime
    for kind in download_times(drawn) if limit_s is not None else ():
        assert limit_s is not None
        p95_s = float(np.percentile(kind.seconds, _P95))
        if p95_s > limit_s:
            message = (
                f"{duration(limit_s)} is less than 95 % of the downloads need ({duration(p95_s)}, {kind.radio}, "
                "without any failure): the server refuses later blocks, and every resumption. Make it longer"
            )
            yield (*ROLLOUT, "address_lifetime"), message
