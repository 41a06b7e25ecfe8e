"""Findings of the plan linter that have to see the devices: one replication's fleet is drawn, nothing is played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.parameters import module_row, radio_row
from fota_sim.engines.rollout import rollout_parameters
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.fleet import build_fleet
from fota_sim.rules import link, rows
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.radio import CSQ_CEILING_DBM, CSQ_FLOOR_DBM
from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding, duration, percent
from fota_sim.scenario.model import Scenario

_SAMPLE = 1000
"""Devices of one module and radio whose download time is worked out; the first of the fleet, which is drawn."""
_FEW = 0.05
"""A gate that admits no more than this share is told. Assumption."""
_P95 = 95.0

_STRATEGY: Key = ("plan", "strategy")


@dataclass(frozen=True, eq=False)
class Drawn:
    """A scenario with the fleet of its first replication."""

    facts: Facts
    fleet: Fleet
    sizes: list[int]
    """Devices of each wave, late joiners of the last one included; one entry without waves."""
    targets: int
    """Late joiners included."""
    in_no_wave: int
    wave: NDArray[np.int32]
    """Wave of each device, -1: none; shape (devices,)."""
    reached: NDArray[np.bool_]
    """Targets that are not gone for good, shape (devices,)."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.facts.scenario


def draw(facts: Facts) -> Drawn:
    """Draw the fleet; raises ScenarioError where it cannot be drawn, or where a list names nobody."""
    scenario = facts.scenario
    fleet = build_fleet(scenario, 0)
    parameters = rollout_parameters(scenario, fleet, 0)
    targets = fleet.white & ~fleet.black
    late = fleet.joins_ms > 0 if fleet.joins_ms is not None else np.zeros(fleet.n, dtype=np.bool_)
    exact = Facts(scenario, facts.written, int((targets & ~late).sum()))
    sizes = parameters.counts[:-1, rr.GROUP].tolist()
    in_none = int((targets & ~late & (parameters.wave < 0)).sum())
    return Drawn(exact, fleet, sizes, int(targets.sum()), in_none, parameters.wave, targets & ~fleet.gone)


def empty_waves(drawn: Drawn) -> Iterator[Finding]:
    """Waves that this fleet leaves empty, and targets that are in none."""
    waves = drawn.scenario.plan.rollout.waves
    for number in range(len(waves)):
        if drawn.sizes[number] == 0:
            message = "has no device of this fleet; widen its list or share, or leave it out"
            yield (*ROLLOUT, "waves", number), message
    if drawn.in_no_wave and any(wave.devices is not None for wave in waves):
        message = (
            f"{drawn.in_no_wave:,} targets are in no wave: they are never offered the plan; end with a wave for the "
            "rest, which is '- {}'"
        )
        yield (*ROLLOUT, "waves"), message


def _read_dBm(fleet: Fleet) -> NDArray[np.float64]:
    """What AT+CSQ says of each device's mean signal: nothing below its floor, nor above its ceiling."""
    return np.clip(fleet.rssi_mean_dBm, CSQ_FLOOR_DBM, CSQ_CEILING_DBM)


def _gates(drawn: Drawn) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """For each minimum: its field, what the fleet has, and which of the devices that are reached it admits."""
    strategy, fleet = drawn.scenario.plan.strategy, drawn.fleet
    signal, level = _read_dBm(fleet)[drawn.reached], fleet.soc[drawn.reached]
    if len(signal):
        has = f"signals from {signal.min():.0f} to {signal.max():.0f} dBm"
        yield "min_signal", has, signal >= strategy.min_signal
        yield (
            "min_battery",
            f"levels from {percent(level.min())} to {percent(level.max())}",
            level >= strategy.min_battery,
        )


def gates_that_admit_few(drawn: Drawn) -> Iterator[Finding]:
    """Minimums that almost nobody meets at the start."""
    for field, has, admitted in _gates(drawn):
        share = float(admitted.mean())
        if share <= _FEW:
            whom = "nobody" if share == 0.0 else f"only {percent(share)}"
            yield (*_STRATEGY, field), f"admits {whom} of the devices in reach, which have {has}; lower it"


def gates_that_admit_all(drawn: Drawn) -> Iterator[Finding]:
    """Minimums that were written down and that everybody meets at the start."""
    strategy = drawn.scenario.plan.strategy
    floors = {"min_signal": strategy.min_signal <= -113.0, "min_battery": strategy.min_battery <= 0.0}
    for field, has, admitted in _gates(drawn):
        if (*_STRATEGY, field) in drawn.facts.written and not floors[field] and bool(admitted.all()):
            yield (*_STRATEGY, field), f"holds nobody back at the start: the devices in reach have {has}; raise it"


def _accepting(drawn: Drawn) -> NDArray[np.bool_]:
    """Devices in reach that meet the minimums which somebody compares, as they are at the start."""
    scenario, fleet = drawn.scenario, drawn.fleet
    strategy = scenario.plan.strategy
    hosts = [scenario.hosts[name] for name in fleet.host_names]
    platform = strategy.enforced_by == "platform"
    signal = np.array([platform or host.checks_signal for host in hosts])[fleet.host]
    battery = np.array([platform or host.checks_battery for host in hosts])[fleet.host]
    strong = (_read_dBm(fleet) >= strategy.min_signal) | ~signal
    charged = (fleet.soc >= strategy.min_battery) | ~battery
    return np.asarray(drawn.reached & strong & charged, dtype=np.bool_)


def success_out_of_reach(drawn: Drawn) -> Iterator[Finding]:
    """A success gate for which too many of the wave before are gone or below a minimum, and no deadline."""
    accepting = _accepting(drawn)
    for number, wave in enumerate(drawn.scenario.plan.rollout.waves):
        opens, before = wave.opens, drawn.wave == number - 1
        if number == 0 or opens.success is None or opens.deadline is not None or not before.any():
            continue
        if opens.by_operator or opens.share_of not in ("group", "targeted"):
            continue
        can, there = float(accepting[before].mean()), float(drawn.reached[before].mean())
        if can < opens.success <= there:
            message = (
                f"waits for {percent(opens.success)} of wave {number}, of which {percent(1.0 - there)} are gone and "
                f"{percent(there - can)} are below min_battery or min_signal at the start: only {percent(can)} can "
                "succeed. Give it a deadline, lower the minimums, or ask for less"
            )
            yield (*ROLLOUT, "waves", number, "opens", "success"), message


def unknown_readings(drawn: Drawn) -> Iterator[Finding]:
    """A platform that withholds from devices with a reading missing, where many have one missing."""
    strategy, fleet = drawn.scenario.plan.strategy, drawn.fleet
    if strategy.enforced_by != "platform" or strategy.when_unknown != "withhold" or not drawn.reached.any():
        return
    missing = ~(fleet.rssi_known & fleet.battery_known)[drawn.reached]
    if missing.any():
        message = (
            f"{percent(float(missing.mean()))} of the devices in reach cannot read their signal or battery and are "
            "never offered the plan; write when_unknown: offer if they should be"
        )
        yield (*_STRATEGY, "when_unknown"), message


@dataclass(frozen=True, eq=False)
class Times:
    """Download times of devices of one module and radio at their mean signal, without failures."""

    radio: str
    signal_dBm: NDArray[np.float64]
    seconds: NDArray[np.float64]


def download_times(drawn: Drawn) -> list[Times]:
    """For each module and radio of the fleet: a sample of the devices that the minimum signal admits.

    Devices without a link at their mean signal are left out; shapes (devices of the sample,).
    """
    scenario, fleet = drawn.scenario, drawn.fleet
    packages = [package for package in scenario.planned if package.component == scenario.module_component]
    if not packages:
        return []
    admitted = drawn.reached & (_read_dBm(fleet) >= scenario.plan.strategy.min_signal)
    found = []
    for module, radio in sorted(set(zip(fleet.module[admitted].tolist(), fleet.radio[admitted].tolist(), strict=True))):
        radio_name, module_name = fleet.radio_names[radio], fleet.module_names[module]
        chosen = admitted & (fleet.module == module) & (fleet.radio == radio)
        signals = fleet.rssi_mean_dBm[chosen][:_SAMPLE]
        air = radio_row(radio_name, scenario.radios[radio_name])
        board = module_row(module_name, scenario.modules[module_name])
        seconds = np.array([_whole_s(air, board, float(dBm), packages[0].size_B) for dBm in signals])
        linked = np.isfinite(seconds)
        if linked.any():
            found.append(Times(radio_name, signals[linked], seconds[linked]))
    return found


def _whole_s(air: NDArray[np.float64], board: NDArray[np.float64], signal_dBm: float, size_B: int) -> float:
    bps = float(link.rate_bps(air, signal_dBm))
    if bps <= 0.0:
        return float("inf")
    flash_Bps = float(board[rows.FLASH_WRITE_BPS])
    one_s = link.chunk_s(air, signal_dBm, air[rows.CHUNK_B], bps, flash_Bps)
    return float(link.chunks_of(air, size_B) * one_s)


def timeouts_below_downloads(drawn: Drawn) -> Iterator[Finding]:
    """Timeouts that are shorter than a download that goes well."""
    times, limits = download_times(drawn), drawn.scenario.plan.rollout.timeouts
    for field, limit_s in (("download", limits.download), ("in_progress", limits.in_progress)):
        for kind in times if limit_s is not None else ():
            assert limit_s is not None
            share, slowest = float((kind.seconds > limit_s).mean()), int(kind.seconds.argmax())
            if share > 0.0:
                message = (
                    f"{duration(limit_s)} is less than a download takes at the weakest mean signal that is admitted: "
                    f"{duration(kind.seconds[slowest])} at {kind.signal_dBm[slowest]:.0f} dBm ({kind.radio}), without "
                    f"any failure; {percent(share)} of those devices need longer. Make it longer, or raise min_signal"
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


FLEET_FINDINGS = (
    empty_waves,
    gates_that_admit_few,
    gates_that_admit_all,
    success_out_of_reach,
    unknown_readings,
    timeouts_below_downloads,
    address_below_downloads,
)
"""Everything that only the drawn fleet shows."""


def lint_fleet(drawn: Drawn) -> list[Finding]:
    """Every finding of ``FLEET_FINDINGS``."""
    return [finding for rule in FLEET_FINDINGS for finding in rule(drawn)]
