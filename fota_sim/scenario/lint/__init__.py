"""The plan linter: what can be run and is hardly meant.

Each finding is a function of :class:`~fota_sim.scenario.lint.facts.Facts` that yields places and messages; ``FINDINGS``
lists them all. What has to see the devices themselves stands in :mod:`fota_sim.analysis.lint.fleet`.

===============  =========================================================================
``limits``       limits that are never reached, and a pace that never arrives
``presets``      values that the system of the plan's preset does not take (docs/presets.md has the sources)
``cells``        devices that are all in one radio cell, since nobody said how many there are
``clocks``       hours that never come: the clocks are put forward over them, no day of theirs does, or no tick of the
                 grid does
``files``        columns of fleet files that are hardly meant as they are read; whoever has read the rows asks
``headers``      columns of fleet files whose name says another unit, or another quantity, than their numbers are read
                 as
``waves``        waves that are empty, that never open, or that leave somebody out
``conditions``   conditions that are hardly meant as they are judged
``faults``       faults on purpose that befall nobody
``gates``        minimums that hold nobody back
``prices``       prices of what never happens, and visits that are hardly meant
``links``        modules with a radio that is not of their kind
``reach``        devices that are never there when the plan could be offered to them
``retries``      retries without end, and retries that never come
``sleep``        timers of PSM and eDRX that the radio does not have, or that do not fit each other or the plan
``spans``        when windows are open while the plan runs, by the calendar
``timeouts``     timeouts that never run, or that end what is going well
``unread``       fields that are written down and that nothing reads, because of what another one says
``versions``     packages that are not for everybody
``wave_order``   waves that are written as if each came before, after or with others, where each comes behind the one
                 before it
``windows``      windows in the wrong zone, over midnight, or never open together
``facts``        what findings are made from
===============  =========================================================================
"""

from __future__ import annotations

from collections.abc import Iterable

from fota_sim.errors import Problem
from fota_sim.scenario.document import Document, Key, problem
from fota_sim.scenario.lint import (
    cells,
    clocks,
    conditions,
    faults,
    gates,
    limits,
    links,
    presets,
    prices,
    reach,
    retries,
    sleep,
    timeouts,
    unread,
    versions,
    wave_order,
    waves,
    windows,
)
from fota_sim.scenario.lint.facts import Facts, Finding, Rule
from fota_sim.scenario.model import Scenario

FINDINGS: tuple[Rule, ...] = (
    waves.more_than_everybody,
    waves.somebody_in_none,
    waves.nobody_left,
    waves.too_many,
    waves.never_opens,
    wave_order.opens_before_its_turn,
    wave_order.adds_to_those_before,
    wave_order.deadline_comes_first,
    wave_order.asks_for_nothing,
    waves.waits_for_the_gone,
    waves.holds_nothing,
    waves.nobody_opens,
    limits.abort_never_counts,
    limits.abort_above_all,
    limits.abort_at_none,
    limits.abort_counts_more_than_all,
    limits.more_slots_than_devices,
    limits.no_slots_in_cells,
    cells.all_in_one,
    limits.packages_without_room,
    limits.rate_too_slow,
    limits.rate_of_nobody,
    limits.hold_outlasts_plan,
    retries.without_end,
    retries.never_boxed,
    retries.module_gives_up_first,
    timeouts.shorter_than_the_answer,
    timeouts.shorter_than_the_installation,
    timeouts.slot_of_the_silent,
    timeouts.switched_off_in_writing,
    gates.nothing_to_compare,
    gates.nobody_compares,
    gates.always_full,
    gates.nobody_confirms,
    windows.push_in_another_zone,
    windows.maintenance_in_another_zone,
    windows.runs_into_the_next_day,
    windows.never_both_open,
    windows.nobody_there,
    windows.asleep_at_every_push,
    reach.wakes_at_other_hours,
    reach.asks_at_other_hours,
    reach.asks_once_before_its_turn,
    reach.never_asked_nor_pushed,
    reach.missed_while_away,
    reach.missed_before_their_hours,
    reach.deadline_before_they_come,
    reach.joins_after_the_end,
    reach.all_join_too_late,
    reach.confirms_after_the_end,
    sleep.of_another_radio,
    sleep.never_paged,
    sleep.asleep_before_the_answer,
    sleep.given_up_asleep,
    sleep.not_kept_for_long,
    clocks.zones_turned_round,
    clocks.start_comes_twice,
    clocks.hours_never_come,
    clocks.grid_misses_period,
    links.another_kind_of_radio,
    conditions.numbers_as_text,
    versions.not_for_all,
    versions.source_is_target,
    faults.garbles_nothing,
    faults.befalls_nobody,
    presets.not_taken,
    presets.no_limit_left,
    prices.visits_without_a_price,
    prices.visits_of_the_healthy,
    prices.left_behind_for_nothing,
    prices.charge_of_nobody,
    unread.contact_of_another_pattern,
    unread.asks_of_the_silent,
    unread.batteries_on_mains,
    unread.retries_of_another_rule,
    unread.timeouts_of_nothing,
    unread.minimums_of_a_count,
    unread.acts_after_the_end,
    unread.delays_of_another_defect,
    unread.built_in_hosts,
    unread.pushes_of_none,
    unread.steps_of_no_factor,
    unread.opens_no_wave,
    unread.waits_before_the_first,
    unread.parts_of_nothing,
)
"""Everything that the scenario alone shows, in the order in which it is told."""


def lint(facts: Facts) -> list[Finding]:
    """Every finding of ``FINDINGS``, of one plan."""
    return of_plan(facts, (finding for rule in FINDINGS for finding in rule(facts)))


def of_plan(facts: Facts, findings: Iterable[Finding]) -> list[Finding]:
    """Findings about the plan of ``facts`` where it is written: among several, under its name."""
    return [(facts.scenario.key_of(where), message) for where, message in findings]


def warnings(findings: Iterable[Finding], document: Document) -> list[Problem]:
    """Findings with their places, in file order."""
    return sorted(problem(*document.place(where), where, message) for where, message in findings)


def facts_of(scenario: Scenario, document: Document) -> Facts:
    """What the scenario alone shows; ``scenario``: with one plan, of several each in turn (``each_plan``)."""
    places = {_as_only(scenario, path): place for path, place in document.places.items()}
    from_preset = frozenset(path for path, place in places.items() if place[0].startswith("preset "))
    return Facts(scenario, frozenset(places) - from_preset, from_preset)


def _as_only(scenario: Scenario, path: Key) -> Key:
    """The path as it would be if the plan were the only one."""
    mine = scenario.plan_name and path[:2] == ("plans", scenario.plan_name)
    return ("plan", *path[2:]) if mine else path
