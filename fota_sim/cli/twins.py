"""``fota-sim doctor --twins``: whether both engines play a scenario alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli.console import answer, say

if TYPE_CHECKING:
    from fota_sim.engines.twins import Engine
    from fota_sim.scenario.model import Scenario


def check_twins(file: Path, overrides: Sequence[str], strategy: str | None, devices: Sequence[str]) -> None:
    """Play a scenario with both engines, keeping all events; raises typer.Exit with code 1 where they differ."""
    from fota_sim.engines.compiled.run import run_replication as compiled
    from fota_sim.engines.reference.run import run_replication as reference
    from fota_sim.scenario.loader import load_scenario

    scenario = load_scenario(file, [*overrides, "keep.events=true"], strategy)
    compare_engines(scenario, reference, compiled, devices)


def compare_engines(scenario: Scenario, first: Engine, second: Engine, devices: Sequence[str] = ()) -> None:
    """Say that two engines agree on every replication, or where they part; then raises typer.Exit with code 1.

    ``devices`` are the ids that are described where they differ; none: the earliest that differ.
    """
    from fota_sim.engines.twins import Tally, describe, play_both

    tally = Tally()
    for replication in range(scenario.replications):
        say(f"Replication {replication} of {scenario.replications}: playing it with both engines.")
        found = play_both(scenario, replication, first, second)
        if found:
            answer(describe(found.only(devices), "reference", "compiled"))
            say(
                f"The engines differ in replication {replication} of {scenario.name}: a bug in fota-sim. Please report "
                f"it with this text, the scenario, its seed {scenario.seed} and any --set."
            )
            raise typer.Exit(1)
        tally = tally.plus(found)
    answer(f"{tally}: the engines agree.")
