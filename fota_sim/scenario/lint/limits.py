"""Limits that are never reached, and a pace that never arrives."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.quoting import number_of
from fota_sim.rules import codes, ota
from fota_sim.scenario.lint import waves
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding, duration, some_devices
from fota_sim.scenario.plan import rates_of
from fota_sim.scenario.release import released_after_s
from fota_sim.scenario.rollout import Abort
from fota_sim.scenario.units import SIZE

_FAILED_ARE_AMONG = ("group", "targeted", "finished")
"""What devices that failed for good are part of; who never was there fails without having started."""


def abort_never_counts(facts: Facts) -> Iterator[Finding]:
    """An abort rule whose minimum is above all that it can count."""
    for number, rule in enumerate(facts.rollout.abort):
        most, what = _most_counted(facts, rule)
        if most is None or rule.share is None or rule.minimum <= most:
            continue
        rest = "; its count still can" if rule.count is not None else ""
        above = f"is above the {number_of(most, 'target')} of {what}"
        message = f"{above}, so the share can never stop the rollout{rest}. Lower it"
        yield (*ROLLOUT, "abort", number, "minimum"), message


def abort_counts_more_than_all(facts: Facts) -> Iterator[Finding]:
    """An abort rule that wants more failed devices than there are targets."""
    for number, rule in enumerate(facts.rollout.abort):
        most, what = _most_counted(facts, rule)
        if most is None or rule.count is None or rule.counts != "devices" or rule.count <= most:
            continue
        rest = "; its share still can" if rule.share is not None else ""
        above = f"is above the {number_of(most, 'target')} of {what}"
        yield (*ROLLOUT, "abort", number, "count"), f"{above}, so it never stops the rollout{rest}. Lower it"


def _most_counted(facts: Facts, rule: Abort) -> tuple[int | None, str]:
    """How many devices a rule can count at most, and of what they are; None where only a draw can tell."""
    known = waves.sizes(facts)
    if rule.scope != "wave" or not known:
        return facts.most_targets, "the plan"
    joiners = facts.drawn_joiners if facts.rollout.late_joiners == "last-wave" else 0
    return max(*map(max, known), known[-1][-1] + joiners), "the largest wave"


def abort_at_none(facts: Facts) -> Iterator[Finding]:
    """An abort rule of no failures, which says what one of the first failure does."""
    for number, rule in enumerate(facts.rollout.abort):
        if rule.count == 0 and rule.compare == ">=":
            message = (
                "no failure stops nothing, so 0 stops the rollout at the first one, as 1 does. Write 1; for no limit, "
                "leave it out"
            )
            yield (*ROLLOUT, "abort", number, "count"), message


def abort_above_all(facts: Facts) -> Iterator[Finding]:
    """An abort rule that wants more failed devices than the devices that its share is of."""
    for number, rule in enumerate(facts.rollout.abort):
        within = rule.share_of in _FAILED_ARE_AMONG and rule.counts == "devices" and "refused" not in rule.on
        if rule.share == 1.0 and rule.compare == ">" and within:
            rest = "; its count still can" if rule.count is not None else ""
            message = (
                f"no more than all can fail, so > 100 % never stops the rollout{rest}. Write compare: '>=', or lower it"
            )
            yield (*ROLLOUT, "abort", number, "share"), message


def more_slots_than_devices(facts: Facts) -> Iterator[Finding]:
    """Slots that are never short."""
    slots, devices = facts.rollout.concurrency, facts.devices
    if slots is not None and devices is not None and slots.devices >= devices > 0:
        message = f"{number_of(slots.devices, 'slot')} for {some_devices(devices)} hold nobody back"
        message += "; lower it or leave concurrency out"
        yield (*ROLLOUT, "concurrency", "devices"), message


def no_slots_in_cells(facts: Facts) -> Iterator[Finding]:
    """Cells in which nobody of any coverage gets a slot."""
    cells = facts.rollout.cell_concurrency
    if cells is not None and not any(cells.devices):
        whom = "anybody whose signal is known" if cells.unknown else "anybody"
        message = f"gives no slot to {whom}, who is never offered the plan then; raise one, or leave it out"
        yield (*ROLLOUT, "cell_concurrency", "devices"), message


def packages_without_room(facts: Facts) -> Iterator[Finding]:
    """Files that do not fit into the free flash of a module; a drawn fleet counts them (analysis/lint/fleet.py)."""
    scenario = facts.scenario
    if facts.drawn_targets is not None:
        return
    planned = filter(scenario.is_planned_for, scenario.fleet.sources)
    names = sorted({each.module for each in planned if "module" not in each.mapped})
    for index, package in enumerate(scenario.planned):
        is_mcu = package.component != scenario.module_component
        for name in names:
            free_B = scenario.modules[name].free_flash
            if ota.refused_address(True, is_mcu, package.size_B, free_B) == codes.NO_SPACE:
                sizes = f"{SIZE.format(package.size_B)} and module {name} has {SIZE.format(free_B)} free"
                message = f"{package.name!r} is {sizes}: its devices cannot take it (no space)"
                yield ("plan", "packages", index), f"{message}. Send a delta package, or leave them out"


def rate_of_nobody(facts: Facts) -> Iterator[Finding]:
    """Another rate for a plan that releases everybody at its start."""
    if facts.rollout.waves or facts.rollout.rate is not None:
        return
    for number, action in enumerate(facts.scenario.plan.operator):
        if action.do == "change_rate" and action.at > facts.scenario.plan.starts:
            message = (
                "changes nothing: without waves and a rate, all are released when the plan starts. Give rollout.rate "
                "for the time before"
            )
            yield ("plan", "operator", number, "do"), message


def rate_too_slow(facts: Facts) -> Iterator[Finding]:
    """A rate that does not release everybody before the end."""
    rate, targets = facts.rollout.rate, facts.targets
    if targets is not None and facts.rollout.late_joiners == "last-wave":
        targets += facts.drawn_joiners
    if rate is None or not targets or len(rates_of(facts.scenario.plan)) > 1:
        return
    needs_s = released_after_s(rate, targets)
    has_s = facts.ends_s - facts.scenario.plan.starts
    if needs_s >= has_s:
        message = (
            f"takes {duration(needs_s)} to release {number_of(targets, 'target')}, and the plan or the horizon leaves "
            f"{duration(has_s)}; raise devices, or set a longer horizon"
        )
        yield (*ROLLOUT, "rate"), message


def hold_outlasts_plan(facts: Facts) -> Iterator[Finding]:
    """A hold after a refusal, written down, that is longer than the plan."""
    plan = facts.scenario.plan
    has_s = facts.ends_s - plan.starts
    written = ("plan", "rejection_hold") in facts.written
    if written and plan.rejection_hold >= has_s and facts.rollout.refusals == "hold":
        message = (
            f"{duration(plan.rejection_hold)} is as long as the plan or longer ({duration(has_s)}): a refusal is "
            "final. Shorten it, or write rollout.refusals: final if that is meant"
        )
        yield ("plan", "rejection_hold"), message
