"""``fota-sim devices``: the tasks of a plan with their execution details, at the end or at a chosen time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer, answer_json, answer_words
from fota_sim.cli.examples import Example
from fota_sim.cli.options import ENGINE, QUIET, RESULT, RESULTS
from fota_sim.errors import FotaSimError
from fota_sim.quoting import listed, quoted

if TYPE_CHECKING:
    import pyarrow as pa

    from fota_sim.cli.monitoring import Replication

SHOWN_ROWS = 20
MOST_TIMES = 200
"""Times of --every: each is simulated."""

EXAMPLES = (
    Example("fota-sim devices latest --outcome failed --group meters", "who failed, and why"),
    Example(
        "fota-sim devices latest --at 17h10min --words 2022", "where everybody stood ten minutes into the first push"
    ),
    Example("fota-sim devices latest --at 2d --every 12h", "how many stood where, twice a day"),
    Example("fota-sim devices latest --where 'attempts > 1 and rssi_mean_dBm < -105' --csv", "for a spreadsheet"),
)


def _words(metavar: str, text: str, proposals: Any = None) -> Any:
    return typer.Option([], metavar=metavar, help=text, show_default=False, autocompletion=proposals)


def devices(
    result: str = RESULT,
    at: str | None = typer.Option(
        None,
        metavar="TIME",
        help="Where everybody stood then: 6h after activation, or 2026-01-06T02:00 on the scenario's clocks. Simulated "
        "again up to there. By default the end.",
        show_default=False,
    ),
    every: str | None = typer.Option(
        None,
        metavar="TIME",
        help="Only how many stood where, this often up to --at or the end.",
        show_default=False,
    ),
    words: str = typer.Option(
        "2025",
        metavar="YEAR",
        help="Statuses as the platform's pages call them in 2025, or in 2022: Start, Confirm, Download, ...",
        autocompletion=complete.years,
    ),
    outcome: list[str] = _words("NAME", "Only devices with this outcome (of then, with --at).", complete.outcomes),
    cause: list[str] = _words("TEXT", "Only with this cause.", complete.causes),
    status: list[str] = _words("TEXT", "Only with this status, in the words of --words.", complete.statuses),
    group: list[str] = _words("NAME", "Only of this group."),
    module: list[str] = _words("NAME", "Only with this module."),
    plan: list[str] = _words("NAME", "Only of this plan, where a scenario has several."),
    id_: str = typer.Option("", "--id", metavar="PATTERN", help="Only ids like this: 'meters-1*'.", show_default=False),
    finished: str = typer.Option(
        "",
        metavar="FROM..TO",
        help="Only those whose upgrade was over, well or not, in this time: 2h..6h.",
        show_default=False,
    ),
    where: str = typer.Option(
        "",
        metavar="CONDITION",
        help="Only those that meet a condition over columns of the device table, as in a scenario.",
        show_default=False,
    ),
    columns: str = typer.Option(
        "",
        metavar="NAMES",
        help="These columns, separated by commas; all stands for all.",
        show_default=False,
    ),
    limit: int | None = typer.Option(
        None, min=0, help=f"At most so many devices; by default {SHOWN_ROWS} of a table, else all.", show_default=False
    ),
    replication: int = typer.Option(0, min=0, help="Which one, from 0."),
    csv: bool = typer.Option(False, "--csv", help="Print comma-separated values."),
    json_: bool = typer.Option(False, "--json", help="Print one JSON object."),
    out: Path = RESULTS,
    engine: str = ENGINE,
    quiet: bool = QUIET,
) -> None:
    """List the devices of a result with what became of each; with --at, where each stood at a time of the run.

    Several filters must all hold; one that is repeated is met by any of its words.
    """
    import numpy as np

    from fota_sim.analysis.run.monitor import WORDS
    from fota_sim.analysis.run.picking import Picked
    from fota_sim.cli.devices_text import over_time_text
    from fota_sim.cli.monitoring import Replication
    from fota_sim.experiment.results import open_result

    if words not in WORDS:
        raise FotaSimError(f"there are no words of {quoted(words)}; there are those of {' and '.join(sorted(WORDS))}")
    if csv and json_:
        raise FotaSimError("--csv and --json are two forms of the answer; choose one")
    run = Replication(open_result(result, out), replication, engine, quiet)
    at_ms = run.horizon_ms if at is None else run.time(at, "--at")
    if every is not None:
        if picked_any := [name for name, value in (("--columns", columns), ("--limit", limit)) if value]:
            raise FotaSimError(f"--every counts, and lists no devices; leave out {' and '.join(picked_any)}")
        step_ms = run.time(every, "--every")
        times = [*range(step_ms, at_ms, step_ms), at_ms]
        if len(times) > MOST_TIMES:
            raise FotaSimError(f"--every {every} would simulate {len(times):,} times; at most {MOST_TIMES} are")
    else:
        times = [at_ms]

    wanted = {"outcome": outcome, "cause": cause, "status": status, "group": group, "module": module, "plan": plan}
    picked = Picked(run.words(wanted, words), id_, _period(run, finished), where)
    told: list[dict[str, Any]] = []
    for time_ms in times:
        seen = run.monitor(time_ms, words)
        table = _with_status(seen.devices, seen.status, seen.percent)
        mask = picked.mask(table)
        found = seen._replace(status=seen.status[mask])
        told.append({"at_ms": time_ms, **found.counts(words)})
    if every is not None:
        names = list(WORDS[words])
        if json_:
            answer_json(told)
        elif csv:
            answer(_csv([["at_ms", *names], *([row[name] for name in ("at_ms", *names)] for row in told)]))
        else:
            answer_words(f"{run.title(at_ms)}\n\n{over_time_text(told, names)}")
        return
    of, table = len(table), table.filter(np.asarray(mask))
    _answer_list(run, table, of, told[0], at is not None, _chosen(columns, table), limit, csv, json_)


def _answer_list(
    run: Replication,
    table: pa.Table,
    of: int,
    counts: dict[str, Any],
    monitored: bool,
    chosen: list[str],
    limit: int | None,
    csv: bool,
    json_: bool,
) -> None:
    """Print the devices, picked among ``of``, in the form that is asked for."""
    from fota_sim.cli.devices_text import SO_FAR, counts_text, heads_of, list_text

    heads = dict(zip(chosen, chosen, strict=True)) if chosen else heads_of(run.scenario)
    if monitored and not chosen:
        heads["outcome"] = SO_FAR
    names = list(heads) if chosen or not (csv or json_) else list(table.column_names)
    most = (len(table) if csv or json_ else SHOWN_ROWS) if limit is None else limit
    rows = table.select(names).slice(0, most)
    by_status = {name: count for name, count in counts.items() if name != "at_ms"}
    if csv:
        answer(_csv([names, *zip(*(rows[name].to_pylist() for name in names), strict=True)]))
        return
    records = rows.to_pylist()
    if json_:
        answer_json({**run.facts(), "at_ms": counts["at_ms"], "counts": by_status, "devices": records})
        return
    if not chosen and all(row["percent"] is None for row in records):
        names = [name for name in names if name != "percent"]
    shown = by_status if monitored else {name: count for name, count in by_status.items() if count}
    parts = [
        run.title(counts["at_ms"]),
        counts_text(shown, of),
        list_text(records, names, len(table), [heads[name] for name in names]),
    ]
    answer("\n\n".join(part for part in parts if part))


def _period(run: Replication, finished: str) -> tuple[float, float] | None:
    """From when to when, in ms; None for any time."""
    if not finished:
        return None
    first, dots, last = finished.partition("..")
    if not dots:
        raise FotaSimError(f"--finished {finished}: write from when to when, such as 2h..6h; one may be left out")
    from_ms = float(run.time(first, "--finished")) if first else 0.0
    return from_ms, float(run.time(last, "--finished")) if last else float("inf")


def _with_status(table: pa.Table, status: Any, percent: Any) -> pa.Table:
    """The device table with the columns of the monitoring view before it ends."""
    import pyarrow as pa

    with_status = table.append_column("status", pa.array(status.tolist(), pa.string()))
    return with_status.append_column("percent", pa.array(percent, from_pandas=True))


def _chosen(columns: str, table: pa.Table) -> list[str]:
    """Columns that were asked for; none if none were."""
    if columns.strip() == "all":
        return list(table.column_names)
    names = [name for each in columns.split(",") if (name := each.strip())]
    unknown = [name for name in names if name not in table.column_names]
    if unknown:
        from fota_sim.scenario.wording import did_you_mean

        near = did_you_mean(unknown[0], table.column_names) or f"; there are {listed(table.column_names)}"
        raise FotaSimError(f"--columns: there is no column {quoted(unknown[0])}{near}")
    return names


def _csv(rows: list[Any]) -> str:
    import csv
    import io

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().rstrip("\n")
