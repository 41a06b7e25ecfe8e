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
    """A line per threshold, from the rows of analysis/numbers/thresholds.py."""
    table = [("Threshold", "verdict", "because")]
    table += [(row["threshold"], row["verdict"], row["reason"]) for row in rows]
    return columns(table)


def precision_text(precision: Mapping[str, Any]) -> str:
    """What was asked for, what was reached, from the report of analysis/run/precision.py."""
    from fota_sim.analysis.numbers.thresholds import format_share

    rows = [("Precision", "value", "half-width", "asked", "met")]
    for target in precision["targets"]:
        value, half = (
            "–" if target[key] is None else format_share(target[key], target["unit"]) for key in ("value", "half_width")
        )
        met = "yes" if target["met"] else f"no: {target['note']}" if target["note"] else "no"
        rows.append((target["label"], value, half, target["asked"], met))
    end = f"Stopped after {precision['replications']} replications: "
    if precision["stopped_by"] == "max_replications":
        end += "the most allowed (--max-replications)"
        end += "." if precision["reached"] else "; not everything is as precise as asked."
    elif precision["reached"]:
        end += "precise enough, and it stayed so."
    else:
        end += "precise enough but for what has no mean, which more replications would not change."
    return "\n".join([columns(rows, right=frozenset({1, 2})), end])
