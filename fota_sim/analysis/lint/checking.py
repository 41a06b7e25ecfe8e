"""Everything that can be said of a scenario before it is run: what is wrong, and what is hardly meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fota_sim.errors import Problem
from fota_sim.fleet.files import Files, read_files
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.lint import facts_of, lint, warnings
from fota_sim.scenario.lint.facts import Facts
from fota_sim.scenario.lint.files import lint_files
from fota_sim.scenario.lint.waves import as_lines, sizes
from fota_sim.scenario.loader import load_located, load_strategies


@dataclass(frozen=True)
class Checked:
    """A scenario that can be run, with its files, what is hardly meant in it, and its waves in words."""

    files: Files
    warnings: list[Problem]
    waves: list[str]
    sleep: list[str]
    """What timers of PSM and eDRX come to, a line for each source of devices that have some."""
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
    return Checked(seen.files, sorted(found), seen.waves, seen.sleep, strategies)


def _looked_at(
    source: Path | str | Draft, overrides: Sequence[str], strategy: str | None, draw_fleet: bool, before: Files | None
) -> Checked:
    """One plan of a scenario; ``before``: files that another strategy of it has read."""
    scenario, document = load_located(source, overrides, strategy)
    facts = facts_of(scenario, document)
    files = read_files(scenario, before)
    in_files = list(lint_files(facts, files.rows))
    asleep = _asleep(facts)
    if not draw_fleet:
        known = sizes(facts)
        each = None if known is None else [size for entry in known for size in entry]
        waves = [] if each is None or facts.targets is None else as_lines(facts, each, facts.targets)
        return Checked(files, warnings([*lint(facts), *in_files], document), waves, asleep, [])
    from fota_sim.analysis.lint.fleet import draw, lint_fleet

    drawn = draw(facts)
    findings = dict.fromkeys([*lint(drawn.facts), *in_files, *lint_fleet(drawn)])
    waves = as_lines(facts, drawn.sizes, drawn.targets) if scenario.plan.rollout.waves else []
    return Checked(files, warnings(findings, document), waves, asleep, [])


def _asleep(facts: Facts) -> list[str]:
    """Lines about sleep; the rules are loaded only where somebody sleeps."""
    if all(devices.contact.sleep is None for devices in facts.scenario.fleet.sources):
        return []
    from fota_sim.analysis.lint.sleep import in_words

    return list(in_words(facts))
