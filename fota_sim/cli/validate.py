"""``fota-sim validate``: every mistake of a scenario at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli.console import answer, answer_words, say
from fota_sim.cli.examples import Example
from fota_sim.cli.options import OVERRIDES, SCENARIO, STRATEGY
from fota_sim.quoting import number_of

if TYPE_CHECKING:
    from fota_sim.fleet.files import Files

EXAMPLES = (
    Example("fota-sim validate my.yaml", "all mistakes at once, each with its line"),
    Example(
        "fota-sim validate my.yaml --set plan.strategy.min_battery=50% --print",
        "the whole scenario, with one value changed",
    ),
    Example("fota-sim validate my.yaml --fleet", "exact sizes of waves, and whom battery and signal keep out"),
)


def validate(
    file: Path = SCENARIO,
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    print_: bool = typer.Option(False, "--print", help="Print the scenario with everything filled in, as YAML."),
    fleet: bool = typer.Option(
        False, "--fleet", help="Draw the fleet as well: exact sizes of waves, whom gates admit, times of downloads."
    ),
    strict: bool = typer.Option(False, "--strict", help="Leave with exit code 2 if there is a warning."),
) -> None:
    """Check a scenario: all mistakes, each with its place and what would do.

    What can be run and is hardly meant is a warning.
    """
    from fota_sim.analysis.lint.checking import check

    seen = check(file, overrides, strategy, fleet)
    tell = answer_words
    if print_:
        from fota_sim.scenario.dump import dump_yaml

        answer(dump_yaml(seen.files.scenario).rstrip("\n"))
        tell = say
    tell(f"{file}: ok: {describe(seen.files)}")
    for line in [*seen.waves, *seen.sleep, *seen.exchanges]:
        tell(line)
    if seen.strategies and not print_:
        answer_words(f"strategies, each ok: {', '.join(seen.strategies)}")
    for warning in seen.warnings:
        say(str(warning))
    if seen.warnings:
        say(f"{number_of(len(seen.warnings), 'warning')}; the scenario can be run all the same.")
        if strict:
            raise typer.Exit(2)


def describe(files: Files) -> str:
    """The scenario's size in a sentence."""
    from fota_sim.scenario.units import DURATION

    scenario = files.scenario
    fleet = scenario.fleet
    parts = []
    if fleet.groups:
        parts.append(f"{number_of(fleet.drawn, 'device')} in {number_of(len(fleet.groups), 'group')}")
    parts += [f"{number_of(len(files.rows[each.name].lines), 'device')} of {each.file}" for each in fleet.tables]
    runs = f", {number_of(scenario.replications, 'replication')}" if scenario.says_replications else ""
    packages = number_of(sum(len(one.plan.packages) for one in scenario.each_plan), "package")
    if scenario.plans:
        packages = f"{packages} in {number_of(len(scenario.plans), 'plan')}"
    return f"{' and '.join(parts)}, {packages}, {DURATION.format(scenario.horizon)}{runs}"
