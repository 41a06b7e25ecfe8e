"""``fota-sim list``, ``show`` and ``rerun``: results that are there already."""

from __future__ import annotations

from pathlib import Path

import typer

from fota_sim.cli.console import answer, answer_json, columns, progress_bar, say
from fota_sim.cli.run import RESULTS

RESULT = typer.Argument(help="A result folder, the beginning of its name, or latest.", show_default=False)


def list_(out: Path = RESULTS) -> None:
    """Name the results, newest last."""
    from fota_sim.experiment.folder import list_results

    entries = list_results(out)
    if not entries:
        say(f"There is no result in {out}; fota-sim run FILE makes one.")
        return
    rows = [("result", "started (UTC)", "replications", "seed", "")]
    for entry in entries:
        told = [str(entry.manifest.get(key, "–")) for key in ("started", "replications", "seed")]
        started = told[0].removesuffix("+00:00").replace("T", " ")
        rows.append((f"{entry.path.parent.name}/{entry.path.name}", started, told[1], told[2], entry.problem))
    answer(columns(rows, right=frozenset({2, 3})))


def show(
    result: str = RESULT,
    json_: bool = typer.Option(False, "--json", help="Print the summary as one JSON object."),
    out: Path = RESULTS,
) -> None:
    """Print the summary of a result."""
    from fota_sim.analysis.study import load_study
    from fota_sim.cli.summary_text import summary_text
    from fota_sim.experiment.folder import open_result

    study = load_study(open_result(result, out))
    if json_:
        answer_json(study.summary)
    else:
        answer(summary_text(study.summary))


def rerun(result: str = RESULT, out: Path = RESULTS) -> None:
    """Simulate a result's scenario again and say whether the same comes out; writes nothing."""
    from fota_sim.analysis.study import differing_tables
    from fota_sim.cli.again import stored_scenario
    from fota_sim.errors import ResultError
    from fota_sim.experiment.folder import open_result

    folder = open_result(result, out)
    scenario = stored_scenario(folder)
    with progress_bar(True, scenario.name) as progress:
        different = differing_tables(scenario, folder, progress)
    if different:
        raise ResultError(
            f"{folder}: {', '.join(different)} came out different: fota-sim, a library or a file that the scenario "
            "names has changed since; manifest.json has the versions of then"
        )
    answer(f"{folder}: the same again, byte for byte")
