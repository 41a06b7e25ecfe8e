"""Thresholds and precision as text, and the exit codes of thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fota_sim.cli.console import columns

THRESHOLD_FAILED, THRESHOLD_UNDECIDED = 3, 4


def threshold_code(rows: Sequence[Mapping[str, Any]]) -> int:
    """The exit code: 0 if every threshold is kept (or there is none)."""
    found = {row["verdict"] for row in rows}
    if "fail" in found:
        return THRESHOLD_FAILED
    return THRESHOLD_UNDECIDED if "undecided" in found else 0


def thresholds_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """A line per threshold, from the rows of analysis/thresholds.py."""
    table = [("Threshold", "verdict", "because")]
    table += [(row["threshold"], row["verdict"], row["reason"]) for row in rows]
    return columns(table)


def precision_text(precision: Mapping[str, Any]) -> str:
    """What was asked for, what was reached, from the report of analysis/precision.py."""
    from fota_sim.analysis.rounding import format_value
    from fota_sim.analysis.thresholds import format_share

    rows = [("Precision", "asked", "reached", "met")]
    for target in precision["targets"]:
        half = target["half_width"]
        if half is None:
            reached = f"– ({target['note']})" if target["note"] else "–"
        elif target["relative"] and target["value"]:
            reached = f"{100 * half / abs(target['value']):.2g} % of the mean"
        elif target["relative"]:
            reached = "– (the mean is 0, of which no share can be taken; ask for METRIC=WIDTH)"
        else:
            reached = format_share(half, "share") if target["unit"] == "share" else format_value(half, target["unit"])
        rows.append((target["label"], f"± {target['asked']}", f"± {reached}", "yes" if target["met"] else "no"))
    count = precision["replications"]
    end = f"Stopped after {count} replications: "
    end += (
        "precise enough, and it stayed so." if precision["reached"] else "the most allowed; not all of it is reached."
    )
    return "\n".join([columns(rows), end])
