"""``fota-sim validate``: every mistake of a scenario at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli.console import answer, say

if TYPE_CHECKING:
    from fota_sim.scenario.model import Scenario

OVERRIDES = typer.Option(
    [],
    "--set",
    metavar="PATH=VALUE",
    help="Change one value, for example plan.strategy.min_battery=50%. Repeatable.",
)
STRATEGY = typer.Option(None, "--strategy", help="One of the scenario's named strategies.", show_default=False)


def validate(
    file: Path = typer.Argument(help="The scenario.", show_default=False),
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    print_: bool = typer.Option(False, "--print", help="Print the scenario with everything filled in, as YAML."),
) -> None:
    """Check a scenario: all mistakes, each with its place and what would do."""
    from fota_sim.scenario.loader import load_scenario, load_strategies

    strategies = load_strategies(file, overrides)
    scenario = load_scenario(file, overrides, strategy)
    if not print_:
        answer(f"{file}: ok: {describe(scenario)}")
        if strategies:
            answer(f"strategies, each ok: {', '.join(strategies)}")
        return
    from fota_sim.scenario.dump import dump_yaml

    answer(dump_yaml(scenario).rstrip("\n"))
    say(f"{file}: ok: {describe(scenario)}")


def describe(scenario: Scenario) -> str:
    """The scenario's size in a sentence."""
    from fota_sim.scenario.units import DURATION

    fleet = scenario.fleet
    parts = []
    if fleet.groups:
        count = sum(group.count for group in fleet.groups)
        parts.append(f"{_some(count, 'device')} in {_some(len(fleet.groups), 'group')}")
    if fleet.csv:
        parts.append(f"those of {', '.join(each.file for each in fleet.csv)}")
    runs = "" if scenario.replications == 1 else f", {scenario.replications:,} replications"
    packages = _some(len(scenario.plan.packages), "package")
    return f"{' and '.join(parts)}, {packages}, {DURATION.format(scenario.horizon)}{runs}"


def _some(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
