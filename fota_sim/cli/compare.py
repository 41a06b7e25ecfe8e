"""``fota-sim compare``: which of several strategies is better, in what, and how surely."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer_json, answer_words, say
from fota_sim.cli.engine import tell_engines
from fota_sim.cli.examples import Example
from fota_sim.cli.files import room_in
from fota_sim.cli.options import CLUSTER, ENGINE, JSON, OVERRIDES, QUIET, SEED, WORKERS, luck
from fota_sim.cli.pace import RUNS
from fota_sim.cli.progress import progress_bar
from fota_sim.cli.verdicts import THRESHOLD_FAILED, THRESHOLD_UNDECIDED
from fota_sim.errors import FotaSimError
from fota_sim.quoting import number_of

EXAMPLES = (
    Example("fota-sim compare my.yaml", "all strategies in it, on the same fleet with the same luck"),
    Example("fota-sim compare my.yaml:all-at-once my.yaml:four-waves --replications 20", "two of them, more exactly"),
    Example(
        "fota-sim compare my.yaml --metrics bricked,refused --out comparison", "some measures only, kept in a folder"
    ),
)


def compare(
    what: list[str] = typer.Argument(
        help="Scenarios, FILE:STRATEGY, or results. One scenario alone: all of its strategies.",
        metavar="WHAT",
        show_default=False,
        autocompletion=complete.variants,
    ),
    baseline: str | None = typer.Option(
        None, help="What the others are compared with; by default the first.", show_default=False
    ),
    metrics: str | None = typer.Option(
        None,
        help="Which measures, separated by commas, or all; by default what a rollout is judged by.",
        metavar="METRICS",
        autocompletion=complete.metrics,
    ),
    overrides: list[str] = OVERRIDES,
    seed: int | None = SEED,
    replications: int | None = typer.Option(
        None,
        min=1,
        help="Replications of each; by default the scenario's, or as many as the question needs.",
        show_default=False,
    ),
    json_: bool = JSON,
    quiet: bool = QUIET,
    out: Path | None = typer.Option(
        None,
        "-o",
        "--out",
        help="Folder for the comparison, for `fota-sim report`; nothing is written without it.",
        show_default=False,
    ),
    force: bool = typer.Option(False, "--force", help="Overwrite a comparison in that folder."),
    results: Path = typer.Option(Path("results"), help="Where results are looked for by name."),
    engine: str = ENGINE,
    workers: int | None = WORKERS,
    cluster: str | None = CLUSTER,
) -> None:
    """Compare strategies on the same fleet with the same luck: differences with 95 % intervals, in sentences.

    Where scenarios have thresholds, the exit code is 0 if one variant keeps all of its own, 3 if each fails one,
    else 4.
    """
    from fota_sim.analysis.compare.metrics import compared_metrics
    from fota_sim.analysis.compare.variants import find_variants, pick_baseline

    started = datetime.now(UTC)
    variants = pick_baseline(find_variants(what, [*overrides, *luck(seed, None)], results), baseline)
    chosen = compared_metrics(variants, _metrics(metrics))
    if out is not None:
        from fota_sim.analysis.compare.folder import FILES

        room_in(out, FILES, force)

    from fota_sim.analysis.batch.points import Point, engines_for
    from fota_sim.analysis.compare.folder import write_comparison
    from fota_sim.analysis.compare.playing import play_and_compare, replications_for
    from fota_sim.cli.compare_text import compare_text
    from fota_sim.experiment.manifest import command_line, made

    count = replications_for(variants, replications)
    if not quiet:
        played = [variant.scenario for variant in variants if variant.result is None]
        names = set(engines_for([Point(s.name, {}, s) for s in played], count, engine).values())
        tell_engines(sorted(names), quiet)
        if played and replications is None and count != played[0].replications:
            say(f"{number_of(count, 'replication')} of each; --replications says how many")
    with progress_bar(not (quiet or json_), "compare", RUNS) as progress:
        comparison = play_and_compare(
            variants, count, chosen, engine=engine, workers=workers, cluster=cluster, progress=progress
        )
    if json_:
        answer_json(comparison.report)
    else:
        answer_words(compare_text(comparison.report))
    if out is not None:
        write_comparison(comparison, out, made(command_line(), started))
        if not quiet:
            say(f"Comparison: {out}")
    if code := _code(comparison.report["variants"]):
        raise typer.Exit(code)


def _metrics(text: str | None) -> list[str]:
    from fota_sim.analysis.compare.metrics import ALL
    from fota_sim.scenario.metrics import metric_name

    if text is None:
        return []
    if text.strip() == ALL:
        return [ALL]
    try:
        return list(dict.fromkeys(metric_name(word) for word in text.split(",")))
    except ValueError as error:
        raise FotaSimError(f"--metrics {text}: {error}") from None


def _code(variants: list[dict[str, Any]]) -> int:
    """Is there one to ship? 0 if a variant passes all of its thresholds, or has none."""
    verdicts = [{row["verdict"] for row in variant["thresholds"]} for variant in variants]
    if any(found <= {"pass"} for found in verdicts):
        return 0
    return THRESHOLD_FAILED if all("fail" in found for found in verdicts) else THRESHOLD_UNDECIDED
