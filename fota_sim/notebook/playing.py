"""A draft, played: what ``fs.run`` and a scenario's own ``run`` do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.replications import settled
from fota_sim.cli.pace import REPLICATIONS
from fota_sim.cli.progress import progress_bar
from fota_sim.engines.own_rules import OwnRules
from fota_sim.errors import RunInterruptedError
from fota_sim.notebook.counts import check_counts
from fota_sim.notebook.results import Result
from fota_sim.scenario.draft import Draft, as_overrides
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.rewriting import rewritten


def play(
    draft: Draft,
    strategy: str | None,
    *,
    overrides: Sequence[str] | Mapping[str, Any] = (),
    seed: int | None = None,
    replications: int | None = None,
    out: str | Path | None = None,
    engine: str = "auto",
    workers: int | None = None,
    rules: Mapping[str, Callable[..., Any]] | None = None,
    progress: bool | None = None,
) -> Result:
    """Simulate it; ``draft`` is used up. What the others are, and what is raised, ``fota_sim.run`` says."""
    check_counts(replications=replications, workers=workers)
    given = {"seed": seed, "replications": replications}
    changes = as_overrides(overrides) + as_overrides(
        {name: value for name, value in given.items() if value is not None}
    )
    text = rewritten(draft, draft.path.parent)
    argv = ["fota_sim.run", str(draft.path), *changes, *([] if strategy is None else [f"strategy={strategy}"])]
    resolved = settled(load_scenario(draft, changes, strategy))
    root = None if out is None else Path(out)
    own = OwnRules(rules or {})
    with progress_bar(progress, resolved.name, REPLICATIONS) as tell:
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
