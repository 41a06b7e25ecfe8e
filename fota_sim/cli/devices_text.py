"""A list of devices as text: the tasks of a plan, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.analysis.answers.wording import outcome_text
from fota_sim.analysis.numbers.rounding import format_duration, format_value
from fota_sim.cli.console import columns
from fota_sim.quoting import number_of
from fota_sim.scenario.model import Scenario

_WHO = {"id": "Device", "group": "Group", "module": "Module"}
_HOW = {
    "status": "Status",
    "percent": "",
    "attempts": "Times",
    "outcome": "Outcome",
    "cause": "Cause",
    "finished_ms": "Finished",
}
SO_FAR = "Outcome so far"
"""Above the outcome before the end: if the run ended then."""


def heads_of(scenario: Scenario) -> dict[str, str]:
    """Columns of the list unless others are asked for, and what stands above each; versions of what is upgraded."""
    versions: dict[str, str] = {}
    for one in scenario.each_plan:
        types = {each.identifier: each.type for each in one.product.model.components}
        for package in one.planned:
            name = package.component
            if types[name] == "firmware":
                versions |= {"firmware_start": "From", "reported_version": "Reported"}
            else:
                versions |= {f"mcu_{name}_start": f"{name} from", f"mcu_{name}_end": f"{name} now"}
    plan = {"plan": "Plan"} if scenario.plans else {}
    return {**_WHO, **plan, **versions, **_HOW}


def counts_text(counts: Mapping[str, int], of: int) -> str:
    """How many devices stand where, as shares of all that there are: ``of``, also where only some are asked for."""
    total = sum(counts.values())
    if not total:
        return ""
    some = total < of
    rows = [("Status", "devices", "share of all" if some else "share")]
    for name, count in counts.items():
        if count or not some:
            rows.append((name, f"{count:,}", format_value(count / of, "share")))
    table = columns(rows, right=frozenset({1, 2}))
    return f"{total:,} of {number_of(of, 'device')} meet what is asked.\n\n{table}" if some else table


def over_time_text(rows: Sequence[Mapping[str, Any]], words: Sequence[str]) -> str:
    """Counts at several times, a line each; ``rows`` have ``at_ms`` and the words. Words of nobody are left out."""
    used = [word for word in words if any(row[word] for row in rows)]
    table = [("At", *used), *((format_duration(row["at_ms"]), *(f"{row[word]:,}" for word in used)) for row in rows)]
    return columns(table, right=frozenset(range(len(used) + 1)))


def list_text(rows: Sequence[Mapping[str, Any]], names: Sequence[str], picked: int, heads: Sequence[str]) -> str:
    """One line a device below ``heads``; ``picked``: how many devices there are."""
    if not rows:
        return "" if picked else "No device is meant by that."
    table = [tuple(heads), *(tuple(_cell(name, row[name]) for name in names) for row in rows)]
    right = {k for k, name in enumerate(names) if _is_number(rows, name)}
    text = columns(table, right=frozenset(right))
    more = picked - len(rows)
    return f"{text}\n... and {more:,} more; --limit, --csv or --json show them" if more else text


def _is_number(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    values = [row[name] for row in rows if row[name] is not None]
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "–" if name.endswith("_ms") else ""
    if name.endswith("_ms"):
        return format_duration(value)
    if name == "percent":
        return f"{int(value)} %"  # 100 % only where it is all
    if name == "outcome":
        return "in progress" if value == "in_progress" else outcome_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
