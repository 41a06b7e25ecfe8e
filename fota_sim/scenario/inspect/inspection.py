"""A file looked at: its findings, its distributions, and whether the block that was found reads it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from fota_sim.errors import Problem, ScenarioError
from fota_sim.quoting import quoted
from fota_sim.scenario.device_rows.rows import read_rows
from fota_sim.scenario.inspect.carried import carry_over
from fota_sim.scenario.inspect.distributions import Distribution, distributions
from fota_sim.scenario.inspect.findings import Findings, Guess, Told
from fota_sim.scenario.inspect.measure import measured
from fota_sim.scenario.inspect.roles import take_columns
from fota_sim.scenario.inspect.table import EXCEL_SUFFIXES, Table, read_excel_table, read_text_table
from fota_sim.scenario.inspect.writing import block_text, with_fleet
from fota_sim.scenario.loader import load_scenario, parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.text_file import UnreadableFileError
from fota_sim.scenario.zones import zone_info

_BARE = """\
horizon: 3d
product: {model: {device_model: inspected, components: [{identifier: app, type: firmware}]}}
packages: [{name: p, component: app, target_version: inspected, files: [{name: p.bin, size: 100kB}]}]
plan: {packages: [p]}
"""
_MODULE = "BC66"

_ORDER = (
    "name",
    "file",
    "sheet",
    "delimiter",
    "encoding",
    "header",
    "decimal",
    "missing",
    "leave_out",
    "columns",
    "units",
    "values",
    "dates",
    "as_of",
    "gone_after",
    "contact",
    "module",
)


@dataclass(frozen=True)
class Inspection:
    """What was found out about a file."""

    path: Path
    table: Table
    findings: Findings
    distributions: list[Distribution]
    problems: list[Problem]
    """What keeps the block from reading the file; nothing: it reads all of it."""


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def _name_of(path: Path) -> str:
    """What the devices of a file are called: its name in letters from a to z, as far as it has such."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", path.stem).translate(_UMLAUTS))
    ascii_only = plain.encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9_-]+", "-", ascii_only).strip("-")[:100] or "devices"


def inspect_file(path: Path, told: Told, base: Path | None = None) -> Inspection:
    """Look at a file of devices; ``base``: the scenario that it will be read for, None: any.

    Raises ScenarioError where it is no table of devices at all, or where ``base`` does not load.
    """
    scenario = load_scenario(base) if base is not None else parse_scenario(_BARE + _fleet_of_one())
    if told.sheet is not None and path.suffix.lower() not in EXCEL_SUFFIXES:
        raise ScenarioError([Problem(str(path), 0, 0, "", "is no Excel workbook (.xlsx) and has no sheets")])
    findings = Findings({"name": _name_of(path), "file": path.name})
    try:
        read = read_excel_table if path.suffix.lower() in EXCEL_SUFFIXES else read_text_table
        table = read(path, told, findings)
    except UnreadableFileError as error:
        raise ScenarioError([Problem(str(path), error.line, error.column, "", str(error))]) from None
    take_columns(table.columns, findings, scenario)
    findings.block.setdefault("columns", {})
    _decimals(table, findings)
    if told.module is not None:
        findings.block["module"] = told.module
    if base is not None:
        carry_over(scenario, findings)
    _module(findings, scenario)
    ordered = dict.fromkeys([*(name for name in _ORDER if name in findings.block), *findings.block])
    findings.block = {name: findings.block[name] for name in ordered}
    shown = distributions(table.columns, findings, zone_info(scenario.time_zone))
    return Inspection(path, table, findings, shown, _problems(path, findings, base))


def _fleet_of_one() -> str:
    return "fleet: {groups: [{name: g, count: 1}]}\n"


def _decimals(table: Table, findings: Findings) -> None:
    """Decimal commas, where any column has them."""
    found = {each.header: numbers for each in table.columns if (numbers := measured(each)) is not None}
    mapped = findings.block.get("columns", {}).values()
    if findings.block.get("units", {}).get("rssi") == "csq":
        found.pop(findings.block["columns"]["rssi"], None)  # its comma stands before a bit error rate
    commas = {header: each for header, each in found.items() if each.commas and (header in mapped or not each.grouped)}
    if not commas:
        return
    count = sum(each.commas for each in commas.values())
    cells = [cell for each in commas.values() for cell in each.cells.values() if "," in cell]
    why = f"{count:,} numbers are written so, such as {cells[0]}"
    findings.block["decimal"] = ","
    findings.guesses.append(Guess("decimal", '","', why, 'decimal: "." and another delimiter'))
    both = [header for header, each in commas.items() if each.points and header in mapped]
    if both:
        findings.odd.append(f"{quoted(both[0], 40)} has decimal commas and points; write all numbers alike")


def _module(findings: Findings, scenario: Scenario) -> None:
    if "module" in findings.block or "module" in findings.block.get("columns", {}):
        return
    name = _MODULE if _MODULE in scenario.modules else next(iter(scenario.modules))
    why = "an assumption: nothing in the file says which module these devices have"
    findings.put("module", name, why, f"the right one: --module, one of {', '.join(scenario.modules)}")


def _problems(path: Path, findings: Findings, base: Path | None) -> list[Problem]:
    """What keeps the block from reading the file; what keeps ``base`` from taking it is told by ``laid_over``."""
    beside = path.parent / "scenario.yaml" if base is None else base
    if base is None:
        text = _BARE + block_text(findings, "", comments=False)
    else:
        text = with_fleet(findings, path, base.read_text(encoding="utf-8-sig"), base)
    try:
        scenario = parse_scenario(text, beside)
        for source in scenario.fleet.tables:
            read_rows(source, scenario)
    except ScenarioError as error:
        found = [
            problem
            for problem in error.problems
            if base is None or problem.path.startswith("fleet") or Path(problem.file) != base
        ]
        return [_of_block(problem, path) for problem in found]
    return []


def _of_block(problem: Problem, path: Path) -> Problem:
    if problem.file == str(path) or Path(problem.file).name == path.name:
        return problem
    return Problem(str(path), 0, 0, problem.path.partition("[0]")[2].lstrip("."), problem.message)


def laid_over(inspection: Inspection, base: str, beside: Path) -> str:
    """The text of a scenario with this file as its fleet; raises ScenarioError where that does not load."""
    text = with_fleet(inspection.findings, inspection.path, base, beside)
    try:
        parse_scenario(text, beside)
    except ScenarioError as error:
        raise ScenarioError(
            [
                Problem(str(inspection.path), 0, 0, each.path, f"in that scenario: {each.message}")
                for each in error.problems
            ]
        ) from None
    return text
