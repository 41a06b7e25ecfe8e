"""``fota-sim list``, ``show`` and ``rerun``: results that are there already."""

from __future__ import annotations

from pathlib import Path

from fota_sim.cli.console import answer, answer_json, answer_words, columns, say
from fota_sim.cli.engine import chosen_engine
from fota_sim.cli.examples import Example
from fota_sim.cli.options import ENGINE, JSON, QUIET, RESULT, RESULTS, WORKERS
from fota_sim.cli.pace import REPLICATIONS
from fota_sim.cli.progress import progress_bar

LIST_EXAMPLES = (
    Example("fota-sim list", "the results in ./results, newest last"),
    Example("fota-sim list --out /data/results", "those in another folder"),
)
SHOW_EXAMPLES = (
    Example("fota-sim show latest", "the summary of the newest result"),
    Example("fota-sim show meters --json", "that of a scenario's newest result, for a script"),
)
RERUN_EXAMPLES = (
    Example("fota-sim rerun latest", "does the newest result come out the same again?"),
    Example("fota-sim rerun meters --engine reference", "on the other engine"),
)


def list_(out: Path = RESULTS) -> None:
    """Name the results, newest last."""
    from fota_sim.experiment.results import list_results

    found = list_results(out)
    if not found:
        say(f"There is no result in {out}; fota-sim run FILE makes one.")
        return
    rows = [("result", "started (UTC)", "replications", "seed", "status")]
    for result in found:
        manifest = result.manifest
        runs, seed = (str(manifest["replications_done"]), str(manifest["seed"])) if manifest else ("–", "–")
        status = f"{result.status}: {result.problem}" if result.problem else result.status
        rows.append((result.name, result.started[:19].replace("T", " ") or "–", runs, seed, status))
    answer(columns(rows, right=frozenset({2, 3})))


def show(
    result: str = RESULT,
    json_: bool = JSON,
    out: Path = RESULTS,
) -> None:
    """Print the summary of a result."""
    from fota_sim.analysis.run.study import load_study, stored_summary
    from fota_sim.cli.summary_text import summary_text
    from fota_sim.experiment.results import open_result

    opened = open_result(result, out)
    opened.require()
    if json_:
        answer_json(stored_summary(opened))
    else:
        from fota_sim.analysis.answers.run import study_answer

        study = load_study(opened.path)
        answer_words(summary_text(study.summary, study_answer(study)))


def rerun(
    result: str = RESULT, out: Path = RESULTS, engine: str = ENGINE, workers: int | None = WORKERS, quiet: bool = QUIET
) -> None:
    """Simulate a result's scenario again and say whether the same comes out; writes nothing."""
    from fota_sim.analysis.run.again import stored_scenario
    from fota_sim.analysis.run.carrying_out import differing_tables
    from fota_sim.errors import ResultError
    from fota_sim.experiment.results import open_result

    opened = open_result(result, out)
    scenario = stored_scenario(opened)
    chosen = chosen_engine(scenario, engine, quiet)
    with progress_bar(not quiet, scenario.name, REPLICATIONS) as progress:
        different = differing_tables(scenario, opened.path, progress, engine=chosen, workers=workers)
    if different:
        raise ResultError(
            f"{opened.path}: {', '.join(different)} came out different: fota-sim, a library or a file that the "
            "scenario names has changed since; manifest.json has the versions of then"
        )
    answer(f"{opened.path}: the same again, byte for byte")
