"""Findings of the plan linter that have to see the devices: one replication's fleet is drawn, nothing is played."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.lint.downloads import address_below_downloads, timeouts_below_downloads
from fota_sim.analysis.lint.drawn import Drawn, at_the_start
from fota_sim.analysis.lint.first_offer import runs_targets
from fota_sim.analysis.lint.signals import no_link, no_slot
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.defects import mask_of_columns
from fota_sim.fleet.nobody import UNMET
from fota_sim.quoting import listed, number_of
from fota_sim.rules import codes, ota, share
from fota_sim.scenario.checks import conditions_of
from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import ROLLOUT, Finding, percent, some_devices
from fota_sim.scenario.lint.waves import EMPTY, nobody_left
from fota_sim.scenario.units import SIZE

_FEW = 0.05
"""A gate that admits no more than this share is told. Assumption."""
_WORTH_SAYING = 0.005
"""Smaller shares of devices are not told, as in scenario/lint/versions.py. Assumption."""

_STRATEGY: Key = ("plan", "strategy")


def empty_waves(drawn: Drawn) -> Iterator[Finding]:
    """Waves that this fleet leaves empty, and targets that are in none."""
    waves = drawn.scenario.plan.rollout.waves
    by_size = {where for where, _ in nobody_left(drawn.facts)}  # told by the scenario alone, with the reason
    for number in sorted(_empty_entries(drawn)):
        if (*ROLLOUT, "waves", number) in by_size:
            continue
        yield (*ROLLOUT, "waves", number), EMPTY
    if drawn.in_no_wave and any(wave.devices is not None for wave in waves):
        message = (
            f"{number_of(drawn.in_no_wave, 'target')} in no wave: never offered the plan. End with a wave for the "
            "rest, which is '- {}'"
        )
        yield (*ROLLOUT, "waves"), message


def _empty_entries(drawn: Drawn) -> set[int]:
    """Entries of waves without a device."""
    with_devices = {wave.entry for wave, size in zip(drawn.played, drawn.sizes, strict=False) if size}
    return {wave.entry for wave in drawn.played} - with_devices


def _gates(drawn: Drawn) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """For each minimum: its field, what the fleet has, and which of the devices in reach with a reading it admits."""
    readings, minimum = drawn.readings, drawn.scenario.plan.strategy
    signal = readings.reported_dBm if minimum.enforced_by == "platform" else readings.signal_dBm
    signal = signal[drawn.reached & readings.signal_known]
    if len(signal):
        has = f"signals from {signal.min()} to {signal.max()} dBm"
        yield "min_signal", has, signal >= minimum.min_reading_dBm
    battery_pct = readings.battery_pct[drawn.reached & readings.battery_known]
    if len(battery_pct):
        has = f"levels from {battery_pct.min()} % to {battery_pct.max()} %"
        yield "min_battery", has, battery_pct >= share.rounded_up(minimum.min_battery, 100)


def _have(devices: int) -> str:
    return "has" if devices == 1 else "have"


def gates_that_admit_few(drawn: Drawn) -> Iterator[Finding]:
    """Minimums that almost nobody meets at the start."""
    for field, has, admitted in _gates(drawn):
        passed, of = int(admitted.sum()), len(admitted)
        if passed <= share.rounded_down(_FEW, of):
            whom = "nobody" if passed == 0 else f"only {passed:,}"
            message = (
                f"admits {whom} of the {some_devices(of)} in reach that can read it, which {_have(of)} {has}; lower it"
            )
            yield (*_STRATEGY, field), message


def gates_that_admit_all(drawn: Drawn) -> Iterator[Finding]:
    """Minimums that were written down and that everybody meets at the start."""
    strategy = drawn.scenario.plan.strategy
    floors = {"min_signal": strategy.min_signal <= -113.0, "min_battery": strategy.min_battery <= 0.0}
    for field, has, admitted in _gates(drawn):
        if (*_STRATEGY, field) in drawn.facts.written and not floors[field] and bool(admitted.all()):
            of = len(admitted)
            message = f"holds nobody back at the start: the {some_devices(of)} in reach {_have(of)} {has}; raise it"
            yield (*_STRATEGY, field), message


def nobody_in_reach(drawn: Drawn) -> Iterator[Finding]:
    """Targets all of which are gone for good."""
    if drawn.targets and not drawn.reached.any():
        whom = f"all {some_devices(drawn.targets)}" if drawn.targets > 1 else "the only device"
        be = "are" if drawn.targets > 1 else "is"
        message = f"{whom} that the plan is for {be} gone for good (gone): nobody can be reached"
        yield ("fleet",), f"{message}. Lower gone, or widen the lists"


def on_target_already(drawn: Drawn) -> Iterator[Finding]:
    """Targets all of which run what the plan brings."""
    there = drawn.fleet.white & ~drawn.fleet.black
    if there.any() and bool(runs_targets(drawn.scenario, drawn.fleet)[there].all()):
        versions = ", ".join(package.target_version for package in drawn.scenario.planned)
        count = int(there.sum())
        whom, run = (f"all {some_devices(count)}", "run") if count > 1 else ("the only device", "runs")
        message = f"{whom} that the plan is for {run} {versions} already"
        yield ("plan", "packages"), f"{message}: nobody is upgraded. Name a package of a newer version"


def versions_left_out(drawn: Drawn) -> Iterator[Finding]:
    """Packages whose source versions part of the targets does not run."""
    scenario, fleet = drawn.scenario, drawn.fleet
    targets = fleet.white & ~fleet.black
    for index, package in enumerate(scenario.planned):
        wanted = {package.source_version} if package.kind == "delta" else set(package.specified_versions)
        is_module = package.component == scenario.module_component
        running = fleet.firmware if is_module else fleet.mcu.get(package.component)
        if not wanted or running is None:
            continue
        fits = [str(version) for version in (*wanted, package.target_version)]
        elsewhere = targets & ~running.is_one_of(*fits)
        others = int(elsewhere.sum())
        if others > _WORTH_SAYING * drawn.targets:
            run = listed(sorted(running.take(elsewhere).used()))
            message = (
                f"{package.name!r} is for version {listed(sorted(map(str, wanted)))}; {others:,} of "
                f"{some_devices(drawn.targets)} that the plan is for run another and are never offered it"
                f"{f' ({run})' if run else ''}. Plan a package for them too, or leave them out with a list"
            )
            yield ("plan", "packages", index), message


def packages_without_room(drawn: Drawn) -> Iterator[Finding]:
    """Files that do not fit into the free flash of modules."""
    scenario, fleet = drawn.scenario, drawn.fleet
    for index, package in enumerate(scenario.planned):
        is_mcu = package.component != scenario.module_component
        for number, name in enumerate(fleet.module_names):
            free_B = scenario.modules[name].free_flash
            count = int((drawn.reached & (fleet.module == number)).sum())
            if count and ota.refused_address(True, is_mcu, package.size_B, free_B) == codes.NO_SPACE:
                sizes = f"{SIZE.format(package.size_B)} and module {name} has {SIZE.format(free_B)} free"
                message = f"{package.name!r} is {sizes}: its {some_devices(count)} in reach cannot take it (no space)"
                yield ("plan", "packages", index), f"{message}. Send a delta package, or leave them out"


def conditions_for_nobody(drawn: Drawn) -> Iterator[Finding]:
    """Conditions that no device of this fleet meets; of a wave that is empty then, that is told already."""
    told = {(*ROLLOUT, "waves", number) for number in _empty_entries(drawn)}
    columns = columns_for_predicates(drawn.fleet)
    for where, text in conditions_of(drawn.scenario):
        if where[: len(ROLLOUT) + 2] not in told and not mask_of_columns(text, columns).any():
            yield where, UNMET


def success_out_of_reach(drawn: Drawn) -> Iterator[Finding]:
    """A success gate for which too many of the wave before are gone or below a minimum, and no deadline."""
    accepting = drawn.reached & (at_the_start(drawn) == codes.NO_CAUSE)
    told: set[int] = set()  # entries of which a group is told: the others are much the same
    for number, wave in enumerate(drawn.played):
        opens, before = wave.opens, drawn.wave == number - 1
        if number == 0 or opens.success is None or opens.deadline is not None or not before.any():
            continue
        if opens.by_operator or opens.share_of not in ("group", "targeted") or wave.entry in told:
            continue
        group, wanted = int(before.sum()), share.exact(opens.success)
        can = Fraction(int(accepting[before].sum()), group)
        there = Fraction(int(drawn.reached[before].sum()), group)
        if can < wanted <= there:
            message = (
                f"waits for {percent(opens.success)} of wave {number}, of which {percent(1 - there)} are gone and "
                f"{percent(there - can)} are below min_battery or min_signal at the start: only {percent(can)} can "
                "succeed. Give it a deadline, lower the minimums, or ask for less"
            )
            told.add(wave.entry)
            yield (*ROLLOUT, "waves", wave.entry, "opens", "success"), message


def never_over(drawn: Drawn) -> Iterator[Finding]:
    """A wave that waits for the one before to be over, of which devices are held back for their readings."""
    plan = drawn.scenario.plan
    if plan.rollout.refusals == "final" and plan.strategy.enforced_by == "device":
        return  # a refusal is over
    held = drawn.reached & (at_the_start(drawn) != codes.NO_CAUSE)
    told: set[int] = set()
    for number, wave in enumerate(drawn.played):
        kept = int((held & (drawn.wave == number - 1)).sum())
        if number and wave.entry not in told and wave.opens.says_nothing and wave.opens.deadline is None and kept:
            message = (
                f"says nothing, so it opens when wave {number} is over, and {some_devices(kept)} of that are below "
                "min_battery or min_signal, or cannot read them, at the start: who is held back is not over. Give it a "
                "deadline, after, or success"
            )
            told.add(wave.entry)
            yield (*ROLLOUT, "waves", wave.entry), message


def unknown_readings(drawn: Drawn) -> Iterator[Finding]:
    """A platform that withholds from devices with a reading missing, where many have one missing."""
    strategy = drawn.scenario.plan.strategy
    withheld = int((drawn.reached & (at_the_start(drawn) == codes.TELEMETRY_MISSING)).sum())
    if withheld and strategy.when_unknown == "withhold":
        message = (
            f"{withheld:,} of the {some_devices(int(drawn.reached.sum()))} in reach cannot read their signal or "
            "battery and are never offered the plan; write when_unknown: offer if they should be"
        )
        yield (*_STRATEGY, "when_unknown"), message


FLEET_FINDINGS = (
    nobody_in_reach,
    no_link,
    no_slot,
    on_target_already,
    versions_left_out,
    packages_without_room,
    conditions_for_nobody,
    empty_waves,
    gates_that_admit_few,
    gates_that_admit_all,
    success_out_of_reach,
    never_over,
    unknown_readings,
    timeouts_below_downloads,
    address_below_downloads,
)
"""Everything that only the drawn fleet shows."""


def lint_fleet(drawn: Drawn) -> list[Finding]:
    """Every finding of ``FLEET_FINDINGS``."""
    return [finding for rule in FLEET_FINDINGS for finding in rule(drawn)]
