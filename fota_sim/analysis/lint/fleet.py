"""Findings of the plan linter that have to see the devices: one replication's fleet is drawn, nothing is played."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.lint import versions
from fota_sim.analysis.lint.batteries import brown_outs
from fota_sim.analysis.lint.downloads import address_below_downloads, timeouts_below_downloads
from fota_sim.analysis.lint.drawn import Drawn, at_the_start
from fota_sim.analysis.lint.signals import no_link, no_slot
from fota_sim.analysis.lint.waits import never_over, success_out_of_reach
from fota_sim.engines.plans import confirmations, plan_parameters
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.defects import mask_of_columns
from fota_sim.fleet.nobody import UNMET
from fota_sim.quoting import listed, number_of
from fota_sim.rules import codes, ota, share
from fota_sim.scenario.checks import conditions_of
from fota_sim.scenario.document import Key
from fota_sim.scenario.lint import reach
from fota_sim.scenario.lint.facts import ROLLOUT, WORTH_SAYING, Finding, duration, some_devices
from fota_sim.scenario.lint.gates import always_full
from fota_sim.scenario.lint.reach import confirms_after_the_end, joins_after_the_end, wakes_at_other_hours
from fota_sim.scenario.lint.waves import EMPTY, nobody_left
from fota_sim.scenario.units import SIZE
from fota_sim.scenario.zones import zone_info

_FEW = 0.05
"""A gate that admits no more than this share is told. Assumption."""

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


def _checked_by_host(drawn: Drawn, field: str) -> NDArray[np.bool_]:
    """Whose host compares the reading with its minimum; shape (devices,)."""
    checks = f"checks_{field.removeprefix('min_')}"
    hosts = drawn.scenario.hosts
    return np.array([getattr(hosts[name], checks) for name in drawn.fleet.host_names])[drawn.fleet.host]


def _gates(drawn: Drawn) -> Iterator[tuple[str, str, str, NDArray[np.bool_]]]:
    """For each minimum that anybody compares: its field, for whom, what they have, and which of them it admits.

    Of devices in reach that have something to install, can read it, and of which host or platform compares it.
    """
    readings, strategy = drawn.readings, drawn.scenario.plan.strategy
    by_platform = strategy.enforced_by == "platform"
    told_dBm = readings.reported_dBm if by_platform else readings.signal_dBm
    for field, known, value, told, minimum, name, unit in (
        (
            "min_signal",
            readings.signal_known,
            readings.signal_dBm,
            told_dBm,
            strategy.min_reading_dBm,
            "signals",
            "dBm",
        ),
        (
            "min_battery",
            readings.battery_known,
            readings.battery_pct,
            readings.battery_pct,
            share.rounded_up(strategy.min_battery, 100),
            "levels",
            "%",
        ),
    ):
        checks = _checked_by_host(drawn, field)
        whom = drawn.offerable & known
        compared = whom if by_platform else whom & checks
        if not compared.any():
            continue
        admitted = (~checks | (value >= minimum)) & (told >= minimum if by_platform else True)
        passes, has = admitted[compared], told[compared]
        some = "in reach that can read it" + (" and whose host compares it" if (whom & ~compared).any() else "")
        first = f"{has.min()} % to {has.max()} %" if unit == "%" else f"{has.min()} to {has.max()} {unit}"
        yield field, some, f"{name} from {first}", passes


def _have(devices: int) -> str:
    return "has" if devices == 1 else "have"


def gates_that_admit_few(drawn: Drawn) -> Iterator[Finding]:
    """Minimums that almost nobody meets at the start."""
    for field, some, has, admitted in _gates(drawn):
        passed, of = int(admitted.sum()), len(admitted)
        if passed <= share.rounded_down(_FEW, of):
            whom = "nobody" if passed == 0 else f"only {passed:,}"
            message = f"admits {whom} of the {some_devices(of)} {some}, which {_have(of)} {has}; lower it"
            yield (*_STRATEGY, field), message


def gates_that_admit_all(drawn: Drawn) -> Iterator[Finding]:
    """Minimums that were written down and that everybody meets at the start, unless all are on mains."""
    strategy = drawn.scenario.plan.strategy
    told = {where for where, _ in always_full(drawn.facts)}
    floors = {"min_signal": strategy.min_signal <= -113.0, "min_battery": strategy.min_battery <= 0.0}
    for field, _, has, admitted in _gates(drawn):
        where = (*_STRATEGY, field)
        if where in drawn.facts.written and where not in told and not floors[field] and bool(admitted.all()):
            of = len(admitted)
            message = f"holds nobody back at the start: the {some_devices(of)} in reach {_have(of)} {has}; raise it"
            yield where, message


def nobody_in_reach(drawn: Drawn) -> Iterator[Finding]:
    """Targets all of which are gone for good."""
    if drawn.targets and not drawn.reached.any():
        whom = f"all {some_devices(drawn.targets)}" if drawn.targets > 1 else "the only device"
        be = "are" if drawn.targets > 1 else "is"
        message = f"{whom} that the plan is for {be} gone for good (gone): nobody can be reached"
        yield ("fleet",), f"{message}. Lower gone, or widen the lists"


def never_in_contact(drawn: Drawn) -> Iterator[Finding]:
    """Targets that are not gone, and whom the platform does not hear of before the end.

    Those of sources of which the scenario alone tells it are left to that.
    """
    reached = int(drawn.reached.sum())
    told = {where[:3] for finds in (joins_after_the_end, wakes_at_other_hours) for where, _ in finds(drawn.facts)}
    names = [devices.name for path, devices in drawn.scenario.fleet.placed() if tuple(path) in told]
    of_told = np.array([name in names for name in drawn.fleet.group_names], dtype=np.bool_)[drawn.fleet.group]
    later = drawn.reached & drawn.linked & ~drawn.in_time & ~of_told
    of = f"of the {some_devices(reached)} in reach"
    if int(later.sum()) > WORTH_SAYING * reached:
        message = (
            f"{int(later.sum()):,} {of} are not in contact before the end at {duration(drawn.facts.ends_s)}, and never "
            "offered the plan. Set a longer horizon and a later plan.ends, or a shorter contact.every and spread"
        )
        yield ("fleet",), message


def on_target_already(drawn: Drawn) -> Iterator[Finding]:
    """Targets all of which run what the plan brings."""
    there = drawn.fleet.white & ~drawn.fleet.black
    if there.any() and bool(drawn.on_target[there].all()):
        versions = ", ".join(package.target_version for package in drawn.scenario.planned)
        count = int(there.sum())
        whom, run = (f"all {some_devices(count)}", "run") if count > 1 else ("the only device", "runs")
        message = f"{whom} that the plan is for {run} {versions} already"
        yield ("plan", "packages"), f"{message}: nobody is upgraded. Name a package of a newer version"


def packages_without_room(drawn: Drawn) -> Iterator[Finding]:
    """Files that do not fit into the free flash of modules."""
    scenario, fleet = drawn.scenario, drawn.fleet
    for index, package in enumerate(scenario.planned):
        is_mcu = package.component != scenario.module_component
        for number, name in enumerate(fleet.module_names):
            free_B = scenario.modules[name].free_flash
            running = fleet.mcu[package.component] if is_mcu else fleet.firmware
            needs_it = drawn.offerable & ~running.is_one_of(package.target_version)
            count = int((needs_it & (fleet.module == number)).sum())
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


def unknown_readings(drawn: Drawn) -> Iterator[Finding]:
    """Devices with a reading missing, of which the platform withholds the plan, or the host refuses it."""
    held, offerable = at_the_start(drawn), drawn.offerable
    of = some_devices(int(offerable.sum()))
    withheld = int((offerable & (held == codes.TELEMETRY_MISSING)).sum())
    if withheld:
        message = (
            f"{withheld:,} of the {of} in reach cannot read their signal or battery and are never offered the plan; "
            "write when_unknown: offer if they should be"
        )
        yield (*_STRATEGY, "when_unknown"), message
    refused = offerable & (held == codes.READING_UNKNOWN)
    if int(refused.sum()) > share.rounded_down(_FEW, int(offerable.sum())):
        names = [drawn.fleet.host_names[number] for number in np.unique(drawn.fleet.host[refused]).tolist()]
        message = (
            f"{int(refused.sum()):,} of the {of} in reach cannot read their signal or battery, and their host refuses "
            f"each offer then ({listed(names)}); write hosts.{names[0]}.when_unknown: accept if they should be upgraded"
        )
        yield ("fleet",), message
    cells = drawn.scenario.plan.rollout.cell_concurrency
    unknown = int((offerable & ~drawn.readings.signal_known).sum())
    if cells is not None and cells.unknown == 0 and unknown:
        message = f"{unknown:,} of the {of} in reach cannot read their signal, and get no slot in their cell; raise it"
        yield (*ROLLOUT, "cell_concurrency", "unknown"), message


def confirmed_after_the_end(drawn: Drawn) -> Iterator[Finding]:
    """App users that confirm when it is too late."""
    scenario, offerable = drawn.scenario, drawn.offerable
    if scenario.plan.mode != "manual" or any(confirms_after_the_end(drawn.facts)):
        return
    start = scenario.start.replace(tzinfo=zone_info(scenario.time_zone))
    confirms_ms = confirmations(drawn.fleet, scenario.seed, plan_parameters(scenario, drawn.fleet, 0, start), 0)
    late = int((offerable & (confirms_ms >= round(1000.0 * drawn.facts.ends_s))).sum())
    if late > share.rounded_down(_FEW, int(offerable.sum())):
        message = (
            f"{late:,} of the users of {some_devices(int(offerable.sum()))} in reach confirm after the end at "
            f"{duration(drawn.facts.ends_s)}, and these are never offered the plan. Let them confirm earlier, or set a "
            "longer horizon and a later plan.ends"
        )
        yield ("plan", "user_confirm"), message


def own_periods_at_other_hours(drawn: Drawn) -> Iterator[Finding]:
    """Devices of a table that are never awake when the plan may be offered to them."""
    return reach.own_periods_at_other_hours(drawn.facts)


FLEET_FINDINGS = (
    nobody_in_reach,
    never_in_contact,
    own_periods_at_other_hours,
    no_link,
    no_slot,
    on_target_already,
    versions.versions_left_out,
    versions.spelled_otherwise,
    versions.set_back,
    packages_without_room,
    conditions_for_nobody,
    empty_waves,
    gates_that_admit_few,
    gates_that_admit_all,
    brown_outs,
    success_out_of_reach,
    never_over,
    unknown_readings,
    confirmed_after_the_end,
    timeouts_below_downloads,
    address_below_downloads,
)
"""Everything that only the drawn fleet shows."""


def lint_fleet(drawn: Drawn) -> list[Finding]:
    """Every finding of ``FLEET_FINDINGS``."""
    return [finding for rule in FLEET_FINDINGS for finding in rule(drawn)]
