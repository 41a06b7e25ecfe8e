"""Workbooks: the same devices as from text, whether the block was found or written by hand."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from portals import Export, export
from test_inspect_round_trip import assert_same_devices, fleet_of

from fota_sim.cli.main import exit_code
from fota_sim.scenario.inspect.findings import Told
from fota_sim.scenario.inspect.inspection import inspect_file
from fota_sim.scenario.inspect.writing import block_text

openpyxl = pytest.importorskip("openpyxl")


def typed(text: str, luck: Random) -> tuple[Any, str]:
    """A cell as a spreadsheet keeps it, and its format: numbers and dates as such, or as text."""
    if luck.random() < 0.2:
        return text, "General"
    if re.fullmatch(r"-?\d{1,13}(\.\d+)?", text) and not re.match(r"-?0\d", text):
        return float(text), "General"
    if re.fullmatch(r"\d{1,2}\.\d%", text):
        return float(text[:-1]) / 100, "0.0%"
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", text):
        return datetime.strptime(text, "%Y-%m-%d %H:%M"), "dd.mm.yyyy hh:mm"
    return text or None, "General"


def workbook(made: Export, path: Path, seed: int) -> None:
    """The export's table in one of several sheets, under a title or not."""
    luck = Random(seed)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = luck.choice(["Fleet", "Geräte", "Sheet1"])
    if luck.random() < 0.4:
        book.create_sheet("Legend").append(["this", "is a legend"])
    if luck.random() < 0.3:
        book.create_sheet("Old", 0).sheet_state = "hidden"
    for _ in range(made.header_line - 1):
        sheet.append(["Portal export"])
    for line, row in enumerate(made.table, start=made.header_line):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(line, column)
            cell.value, cell.number_format = (text, "General") if row is made.table[0] else typed(text, luck)
    book.save(path)


@pytest.mark.parametrize("seed", range(40))
def test_a_workbook_gives_the_devices_of_the_plain_file(seed: int, tmp_path: Path) -> None:
    made = export(seed)
    workbook(made, tmp_path / "export.xlsx", seed)
    (tmp_path / "plain.csv").write_text(made.plain, encoding="utf-8", newline="")
    found = inspect_file(tmp_path / "export.xlsx", Told())
    assert found.problems == [], (made.how, found.problems)
    block = block_text(found.findings, "export.xlsx")
    plain = "fleet: " + json.dumps({"csv": [made.block]}) + "\n"
    assert_same_devices(fleet_of(block, tmp_path), fleet_of(plain, tmp_path), (made.how, block))


@pytest.mark.parametrize("seed", range(20))
def test_one_block_reads_the_same_table_from_text_and_from_a_workbook(seed: int, tmp_path: Path) -> None:
    made = export(seed)
    (tmp_path / "plain.csv").write_text(made.plain, encoding="utf-8", newline="")
    made.table, made.header_line = [line.split(",") for line in made.plain.splitlines()], 1
    workbook(made, tmp_path / "plain.xlsx", seed)
    sheet = next(s.title for s in openpyxl.load_workbook(tmp_path / "plain.xlsx").worksheets if s.max_row > 5)
    text = "fleet: " + json.dumps({"csv": [made.block]}) + "\n"
    excel = "fleet: " + json.dumps({"excel": [made.block | {"file": "plain.xlsx", "sheet": sheet}]}) + "\n"
    assert_same_devices(fleet_of(excel, tmp_path), fleet_of(text, tmp_path), made.how)


def test_a_workbook_becomes_a_scenario_that_validates_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    workbook(export(3), tmp_path / "export.xlsx", 3)
    assert exit_code(["new", "my.yaml"]) == 0
    assert exit_code(["fleet", "inspect", "export.xlsx", "--scenario", "my.yaml", "-o", "mine.yaml"]) == 0
    assert "excel:" in Path("mine.yaml").read_text(encoding="utf-8")
    for argv in (["validate", "mine.yaml", "--fleet"], ["run", "mine.yaml", "--quiet"]):
        assert exit_code(argv) == 0, capsys.readouterr().err


def test_a_sheet_is_chosen_by_its_rows_and_by_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Legend"
    book.active.append(["Sign", "Meaning"])
    book.active.append(["x", "y"])
    fleet = book.create_sheet("Fleet")
    for row in (["IMEI", "RSSI"], *([f"d{k}", -90 - k] for k in range(9))):
        fleet.append(row)
    book.save(tmp_path / "f.xlsx")
    found = inspect_file(tmp_path / "f.xlsx", Told())
    assert found.findings.block["sheet"] == "Fleet"
    assert any(guess.what == "sheet" and "'Legend'" in guess.why for guess in found.findings.guesses)
    assert inspect_file(tmp_path / "f.xlsx", Told(sheet="Legend")).findings.block["sheet"] == "Legend"
