"""A run from Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.notebook.results import Result
from fota_sim.notebook.scenarios import load
from fota_sim.notebook.sources import Source

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
    (``Scenario.with_fleet``); a result that is stored keeps it. Without ``replications``, here or in the scenario,
    there are as many as the question needs (docs/statistics.md).
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
    return load(scenario).run(
        fleet=fleet,
        columns=columns,
        overrides=overrides,
        seed=seed,
        replications=replications,
        out=out,
        engine=engine,
        workers=workers,
        strategy=strategy,
        rules=rules,
        progress=progress,
    )
