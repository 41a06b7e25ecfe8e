"""results.md: every column of a result's tables, every outcome and cause, every metric, from the lists in the code."""

from __future__ import annotations

from collections.abc import Iterable

from fota_sim.engines.record import EVENT_COLUMNS
from fota_sim.rules.codes import CAUSES_TOLD, OUTCOMES_TOLD
from fota_sim.rules.fates import FATES, TableColumn
from fota_sim.scenario.columns import CONDITION_COLUMNS, WHO
from fota_sim.scenario.metrics import METRICS, Metric

INTRODUCTION = """---
search:
  boost: 2
---

# What a result holds

Made from the program. `fota-sim run` writes a folder: `summary.json` and the metrics of each replication
(`runs.parquet`), the device table (`devices.parquet`), and with `keep.events` every line that was said
(`events.parquet`)."""
_KINDS = {
    "text": "text",
    "name": "text",
    "number": "number",
    "flag": "yes or no",
    "count": "whole number",
    "size": "whole number",
    "time": "time",
}
_DEVICES = """## Device table

A row for each device of each replication. Times are in ms since the plan's activation, and missing where it never
happened. `mcu_<component>_start` and `mcu_<component>_end` for each MCU component, and attributes of your own, stand
after `time_zone`; `plan`, after `group`, is there where a scenario has several plans, empty for a device of none."""
_CONDITIONS = """## Conditions

What a condition may ask of every device ([Files and conditions](files.md#conditions)), beside `mcu_<component>` and
attributes of your own. A reading that the device cannot give is not known."""
_METRICS = """## Metrics

What thresholds, `--metric`, `compare`, `tune` and `runs.parquet` call a number, and what else may be written for it.
Targeted devices are those that the plan is meant for: not kept out by a list, and not on the target version before it
began."""


def results_page() -> str:
    """The page, in Markdown."""
    return (
        "\n\n".join(
            [
                INTRODUCTION,
                _DEVICES,
                _columns((*WHO, *FATES)),
                "## Events\n\nIn the order of time and device; with `replication` before.",
                _columns(EVENT_COLUMNS.values()),
                "## Outcomes\n\nExactly one for each device; [the model](model.md#outcomes) says which applies.",
                _table(("Outcome", "The device"), ((f"`{each.label}`", each.meaning) for each in OUTCOMES_TOLD)),
                "## Causes\n\nWhy a device ended as it did.",
                _causes(),
                _CONDITIONS,
                _table(
                    ("Name", "Holds", "Unit", "Meaning"),
                    (
                        (f"`{name}`", _KINDS[each.kind], each.unit, each.meaning)
                        for name, each in CONDITION_COLUMNS.items()
                    ),
                ),
                _METRICS,
                _table(("Name", "Also", "Meaning", "Unit", "Of", "Better"), map(_metric, METRICS.values())),
            ]
        )
        + "\n"
    )


def _columns(columns: Iterable[TableColumn]) -> str:
    rows = ((f"`{each.name}`", _KINDS[each.kind], each.unit, each.meaning) for each in columns)
    return _table(("Column", "Holds", "Unit", "Meaning"), rows)


def _causes() -> str:
    rows = (
        (cause.label, ", ".join(f"`{OUTCOMES_TOLD[end].label}`" for end in cause.ends), cause.about, cause.meaning)
        for cause in CAUSES_TOLD
        if cause.label
    )
    return _table(("Cause", "Of", "A matter of the", "Meaning"), rows)


def _metric(metric: Metric) -> tuple[str, ...]:
    also = ", ".join(f"`{alias}`" for alias in metric.aliases)
    return f"`{metric.name}`", also, metric.label, metric.unit, metric.of, metric.better or ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
