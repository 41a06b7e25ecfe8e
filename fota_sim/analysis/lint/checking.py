"""Everything that can be said of a scenario before it is run: what is wrong, and what is hardly meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fota_sim.analysis.lint.exchanges import in_words
from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.files import Files, read_files
from fota_sim.fleet.nobody import UNMET, unmet
from fota_sim.fleet.possible import Possible
from fota_sim.scenario.document import Document, Key
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.lint import facts_of, lint, of_plan, warnings
from fota_sim.scenario.lint.facts import Facts, Finding
from fota_sim.scenario.lint.files import lint_files
from fota_sim.scenario.lint.waves import EMPTY, as_lines, sizes, too_many
from fota_sim.scenario.loader import load_located, load_strategies


@dataclass(frozen=True)
class Checked:
    """A scenario that can be run, with its files, what is hardly meant in it, and its waves in words."""

    files: Files
    warnings: list[Problem]
    waves: list[str]
    sleep: list[str]
    """What timers of PSM and eDRX come to, a line for each source of devices that have some."""
    exchanges: list[str]
    """How long exchanges with the network take, a line for each radio where that differs by connection."""
    strategies: list[str]
    """The names of its strategies; each of them can be run."""


def check(source: Path | str | Draft, overrides: Sequence[str], strategy: str | None, draw_fleet: bool) -> Checked:
    """Look at a scenario with its files, and at each of its strategies unless one is named.

    ``draw_fleet``: look at the devices too, for what only they show. Raises ScenarioError with everything that is
    wrong.
    """
    strategies = list(load_strategies(source, overrides))
    seen = _looked_at(source, overrides, strategy, draw_fleet, None)
    found = list(seen.warnings)
    for name in strategies if strategy is None else ():
        more = _looked_at(source, overrides, name, draw_fleet, seen.files).warnings
        found += [replace(each, message=f"strategy {name}: {each.message}") for each in more if each not in found]
    return Checked(seen.files, sorted(found), seen.waves, seen.sleep, seen.exchanges, strategies)


def _looked_at(
    source: Path | str | Draft, overrides: Sequence[str], strategy: str | None, draw_fleet: bool, before: Files | None
) -> Checked:
    """One strategy of a scenario; ``before``: files that another strategy of it has read."""
    scenario, document = load_located(source, overrides, strategy)
    every = [facts_of(one, document) for one in scenario.each_plan]
    files = read_files(scenario, before)
    in_files = [found for facts in every for found in of_plan(facts, lint_files(facts, files.rows))]
    in_files += unmet(scenario, Possible(scenario, files.rows))
    asleep = _asleep(every[0])  # of all devices, whatever their plan
    exchanges = list(in_words(every[0]))
    refused = [found for facts in every for found in of_plan(facts, too_many(facts))]
    if refused:
        raise ScenarioError(warnings(refused, document))
    if not draw_fleet:
        findings = [found for facts in every for found in lint(facts)]
        waves = [line for facts in every for line in _named(facts, _waves(facts))]
        return Checked(files, warnings(dict.fromkeys([*findings, *in_files]), document), waves, asleep, exchanges, [])
    return _looked_at_devices(files, document, every, in_files, asleep, exchanges)


def _looked_at_devices(
    files: Files,
    document: Document,
    every: list[Facts],
    in_files: list[Finding],
    asleep: list[str],
    exchanges: list[str],
) -> Checked:
    from fota_sim.analysis.lint.drawn import draw
    from fota_sim.analysis.lint.fleet import lint_fleet
    from fota_sim.analysis.lint.plans import as_lines as plans_as_lines
    from fota_sim.analysis.lint.plans import overlaps
    from fota_sim.fleet.fleet import build_fleet

    fleet = build_fleet(files.scenario, 0)
    lines = plans_as_lines(files.scenario, fleet) if files.scenario.plans else []
    findings = list(overlaps(files.scenario, fleet)) if files.scenario.plans else []
    for facts in every:
        drawn = draw(facts, fleet)
        findings += [*lint(drawn.facts), *of_plan(facts, lint_fleet(drawn))]
        if facts.rollout.waves:
            lines += _named(facts, as_lines(facts, drawn.sizes, drawn.targets))
    findings = _without_those_told(findings, {where for where, _ in in_files})
    return Checked(files, warnings(dict.fromkeys([*in_files, *findings]), document), lines, asleep, exchanges, [])


def _without_those_told(findings: list[Finding], told: set[Key]) -> list[Finding]:
    """Without conditions that the devices show to be met by nobody, and waves that they leave empty, told already."""
    waves = {where[:-2] for where in told if where[-2:] == ("devices", "where")}
    return [
        (where, message)
        for where, message in findings
        if not (message == UNMET and where in told) and not (message == EMPTY and where in waves)
    ]


def _waves(facts: Facts) -> list[str]:
    known = sizes(facts)
    if known is None or facts.targets is None:
        return []
    return as_lines(facts, [size for entry in known for size in entry], facts.targets)


def _named(facts: Facts, lines: list[str]) -> list[str]:
    """Lines about a plan, with its name if there are several."""
    name = facts.scenario.plan_name
    return [f"{name}: {line}" for line in lines] if name else lines


def _asleep(facts: Facts) -> list[str]:
    """Lines about sleep; the rules are loaded only where somebody sleeps."""
    if all(devices.contact.sleep is None for devices in facts.scenario.fleet.sources):
        return []
    from fota_sim.analysis.lint.sleep import in_words as sleep_in_words

    return list(sleep_in_words(facts))
