"""Sections that several kinds of results have."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fota_sim.analysis.sensitivity.assumptions import Assumed, assumed_by
from fota_sim.analysis.sensitivity.in_use import InUse, in_use
from fota_sim.quoting import listed
from fota_sim.report.page.cells import table, text
from fota_sim.report.page.content import Column, Listing, Section, Table, Text, Verdict
from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.model import Scenario

MOST_NAMES = 6
"""Radios, modules, hosts or groups named in one row."""
_REPEATED = re.compile(r"((?:radios|modules|hosts)\.|fleet\.(?:groups|csv|excel)\.)([^.]+)(.*)")
"""A path in one of several parts: before it, its name, behind it."""
MOST_CHARACTERS = 120_000
"""Of a listing: lists of devices may make a scenario long."""


def verdicts(thresholds: Sequence[Mapping[str, Any]]) -> list[Verdict]:
    """Rows of analysis/numbers/thresholds.py as the head of a page shows them."""
    return [Verdict(row["threshold"], row["verdict"], row["reason"]) for row in thresholds]


def assumptions_section(scenario: Scenario) -> Section:
    """The numbers that nobody has measured, as this scenario has them."""
    used = in_use(scenario)
    told = [
        "These values are assumptions: no manual and no measurement that we know gives them. What depends on them "
        "is as good as they are; `fota-sim sensitivity FILE --all-assumptions` says which of them matter."
    ]
    if used.unread:
        told.append(
            f"{listed(used.unread)} cannot be read any more, so everything that a device of it may have had is listed."
        )
    return Section("Assumptions", [Text(told), assumptions_table(scenario, used)])


def assumptions_table(scenario: Scenario, used: InUse) -> Table:
    """Only those that some device of the fleet depends on; what several parts have in common is told once."""
    together: dict[tuple[str, str, Assumed], list[str]] = {}
    for each in sorted(assumed_by(scenario, used), key=lambda each: not each.own):
        before, part, behind = _split(each.path)
        together.setdefault((before, behind, each._replace(path="")), []).append(part)
    rows = [
        [
            text(f"{before}{_few(found)}{behind}"),
            text(each.value),
            text("this scenario" if each.own else "built in"),
            text(each.manual),
        ]
        for (before, behind, each), found in together.items()
    ]
    columns = [Column("Field"), Column("Value"), Column("Set by"), Column("What it is")]
    return table("Assumptions that devices of this fleet depend on; what the scenario sets comes first", columns, rows)


def _split(path: str) -> tuple[str, str, str]:
    """``radios.wifi.margin`` as ``radios.``, ``wifi`` and ``.margin``; what is in no such part has no name."""
    found = _REPEATED.match(path)
    return (found[1], found[2], found[3]) if found else (path, "", "")


def _few(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def scenario_listing(scenario: Scenario, title: str, most: int = MOST_CHARACTERS) -> Listing:
    """The scenario with every default filled in, folded."""
    return listing(dump_yaml(scenario), f"{title}: every field, defaults filled in", most)


def scenario_section(scenario: Scenario, written: str = "") -> Section:
    """The scenario as it was played, and as its author wrote it."""
    blocks = [scenario_listing(scenario, "The resolved scenario")]
    if written:
        blocks.append(listing(written, "The scenario as it was written"))
    return Section("Scenario", blocks)


def manifest_section(manifest: Mapping[str, Any], title: str = "Manifest") -> Section:
    """What made the result: versions, machine, times."""
    return Section(title, [listing(json.dumps(manifest, indent=2, ensure_ascii=False), "Versions, machine, times")])


def listing(content: str, title: str = "", most: int = MOST_CHARACTERS) -> Listing:
    """A listing that is cut after ``most`` characters, where a page would get too large, and says so."""
    if len(content) <= most:
        return Listing(content, title)
    kept = content[:most].rpartition("\n")[0]
    lines = content.count("\n") - kept.count("\n")
    return Listing(f"{kept}\n... {lines:,} more lines; the files of the result have them", title)


def command(argv: Sequence[str]) -> str:
    """A command as it is typed in a shell; what was played from Python has none."""
    return shlex.join(argv) if argv else "# played from Python, not by a command"


def short_path(path: Path) -> Path:
    """The path from where the command was given, if it is below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
