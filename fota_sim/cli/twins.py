"""``fota-sim doctor --twins``: whether both engines play a scenario alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli.console import answer, say
from fota_sim.cli.pace import REPLICATIONS
from fota_sim.cli.progress import progress_bar
from fota_sim.engines.work import WHOLE

if TYPE_CHECKING:
    from fota_sim.engines.choice import Engine as Player
    from fota_sim.engines.record import RunRecord
    from fota_sim.engines.twins import Engine, Tally
    from fota_sim.engines.twins.differences import Differences
    from fota_sim.scenario.model import Scenario


def check_twins(
    file: Path, overrides: Sequence[str], strategy: str | None, devices: Sequence[str], quiet: bool
) -> None:
    """Play a scenario with both engines, keeping all events; raises typer.Exit with code 1 where they differ."""
    from fota_sim.engines.compiled.run import run_replication as compiled
    from fota_sim.engines.reference.run import run_replication as reference
    from fota_sim.scenario.loader import load_scenario

    scenario = load_scenario(file, [*overrides, "keep.events=true"], strategy)
    with progress_bar(not quiet, scenario.name, REPLICATIONS) as progress:
        agreed, found = play_twins(scenario, _telling(reference, 0, progress), _telling(compiled, 1, progress))
    tell_twins(scenario, agreed, found, devices)


def play_twins(scenario: Scenario, first: Engine, second: Engine) -> tuple[Tally, Differences | None]:
    """How much two engines agree on, and how they differ in the first replication in which they do."""
    from fota_sim.engines.twins import Tally, play_both

    tally = Tally()
    for replication in range(scenario.replications):
        found = play_both(scenario, replication, first, second)
        if found:
            return tally, found
        tally = tally.plus(found)
    return tally, None


def tell_twins(scenario: Scenario, agreed: Tally, found: Differences | None, devices: Sequence[str] = ()) -> None:
    """Say that two engines agree, or where they part; then raises typer.Exit with code 1.

    ``devices`` are the ids that are described where they differ; none: the earliest that differ.
    """
    from fota_sim.engines.twins import describe

    if found is None:
        answer(f"{agreed}: the engines agree.")
        return
    answer(describe(found.only(devices), "reference", "compiled"))
    say(
        f"The engines differ in replication {agreed.replications} of {scenario.name}: a bug in fota-sim. Please report "
        f"it with this text, the scenario, its seed {scenario.seed} and any --set."
    )
    raise typer.Exit(1)


def _telling(play: Player, turn: int, progress: Callable[[int, int], None] | None) -> Engine:
    """An engine that tells how far both are; ``turn`` is 0 for who plays a replication first, 1 for the other."""

    def engine(scenario: Scenario, replication: int) -> RunRecord:
        if progress is None:
            return play(scenario, replication)
        before, whole = (2 * replication + turn) * WHOLE, 2 * scenario.replications * WHOLE
        return play(scenario, replication, lambda done, _: progress(before + done, whole))

    return engine
