"""A run from Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.run.study import run_study
from fota_sim.cli.pace import DAYS
from fota_sim.cli.progress import progress_bar
from fota_sim.engines.own_rules import OwnRules
from fota_sim.errors import RunInterruptedError
from fota_sim.notebook.results import Result
from fota_sim.notebook.scenarios import load
from fota_sim.notebook.sources import Source, source_of, strategy_of
from fota_sim.scenario.draft import Draft, as_overrides
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.rewriting import rewritten

if TYPE_CHECKING:
    import pandas as pd


def run(
    scenario: Source,
    *,
    fleet: pd.DataFrame | Mapping[str, pd.DataFrame] | None = None,
    columns: Mapping[str, str] | None = None,
    overrides: Sequence[str] | Mapping[str, Any] = (),
    seed: int | None = None,
    replications: int | None = None,
    out: str | Path | None = None,
    engine: str = "auto",
    workers: int | None = None,
    strategy: str | None = None,
    rules: Mapping[str, Callable[..., Any]] | None = None,
    progress: bool | None = None,
) -> Result:
    """Simulate a scenario: a file, a dictionary, or what ``fs.load`` and ``fs.template`` give.

    ``fleet`` is a DataFrame with a row for each device, and ``columns`` says what its columns hold
    (``Scenario.with_fleet``); a result that is stored keeps it.
    ``overrides`` are values by path, or texts as ``--set`` takes them; ``strategy`` is one of the scenario's named
    strategies. A result folder is written below ``out`` if it is given. ``engine`` and ``workers`` are those of the
    command line and change no number. ``rules`` are functions of your own in place of shipped rules, by name, such as
    ``{"link.chunk_failure": mine}`` (docs/own_rules.md); the reference engine plays them in this process.
    Raises ScenarioError with every mistake at once, ResultError if the folder cannot be written, and FotaSimError
    for rules that do not fit. Interrupted after a complete replication it raises RunInterruptedError, whose ``result``
    has the complete ones; before, KeyboardInterrupt, and nothing is left.

    >>> import fota_sim as fs
    >>> r = fs.run(fs.template("single"), overrides={"horizon": "1d"})
    >>> r.devices.loc[0, "outcome"]
    'upgraded'
    """
    if fleet is not None:
        scenario = load(scenario).with_fleet(fleet, columns)
    draft = Draft.of(source_of(scenario))
    given = {"seed": seed, "replications": replications}
    changes = as_overrides(overrides) + as_overrides(
        {name: value for name, value in given.items() if value is not None}
    )
    chosen = strategy_of(scenario, strategy)
    text = rewritten(draft, draft.path.parent)
    argv = ["fota_sim.run", str(draft.path), *changes, *([] if chosen is None else [f"strategy={chosen}"])]
    resolved = load_scenario(draft, changes, chosen)
    root = None if out is None else Path(out)
    own = OwnRules(rules or {})
    with progress_bar(progress, resolved.name, DAYS) as tell:
        study = run_study(resolved, text, root, argv, tell, engine=engine, workers=workers, own_rules=own)
    if study.interrupted:
        raise _interrupted(Result(study))
    return Result(study)


def _interrupted(result: Result) -> RunInterruptedError:
    done, asked = result.summary["replications"], result.study.scenario.replications
    error = RunInterruptedError(
        f"Interrupted after {done} of {asked} replications; the result of those {done} is in the error's result. "
        "The same call starts again from the beginning and gives them the same numbers."
    )
    error.result = result
    return error
