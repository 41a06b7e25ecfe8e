"""A forecast as text: sentences first, then the ways on, and what was learnt on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.analysis.answers.forecast import branch_rows, devices_heard_of, forecast_answer
from fota_sim.cli.console import columns, paragraph
from fota_sim.scenario.plain_names import plain_value

_MOST_LEARNT = 6


def forecast_text(report: Mapping[str, Any]) -> str:
    """What ``fota-sim forecast`` prints, from the report of analysis/forecast."""
    told = [paragraph(report["question"], forecast_answer(report))]
    if report["explained"]:
        told.append(columns(branch_rows(report), right=frozenset({1, 2, 3, 4})))
        told.append("\n".join(f"{row['name']}: {row['meaning']}" for row in report["branches"]))
    if report["learnt"]:
        told.append(_learnt(report))
    told.append(_footing(report))
    return "\n\n".join(told)


def _learnt(report: Mapping[str, Any]) -> str:
    rows = [("What the log moved", "range", "90 % now")]
    for row in report["learnt"][:_MOST_LEARNT]:
        low, _, high = row["values"] if row["values"] else [f"{100 * place:.0f} % of it" for place in row["places"]]
        rows.append((row["path"], *(plain_value(f"{ends[0]} to {ends[1]}") for ends in (row["range"], (low, high)))))
    return columns(rows)


def _footing(report: Mapping[str, Any]) -> str:
    log, members = report["log"], report["members"]
    lines = [*log["left_out"]]
    if log["strangers"]:
        lines.append(f"{log['strangers']:,} devices of the log are none of the scenario's fleet, and are left out.")
    if "placed" in report:
        played = f"{members['drawn']} rollouts were played up to now in each round, {members['played_on']} played on"
        stand = f"of their devices {100 * report['placed']:.1f} % stand where the log says"
        lines.append(f"{played}; {stand}." if devices_heard_of(report) else f"{played}.")
    return "\n".join(lines)
