"""An Excel workbook is a fleet file: the same table as a CSV file, cells as they are shown, and limits."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from scenario_world import changed

from fota_sim.errors import ScenarioError
from fota_sim.fleet.files import read_files
from fota_sim.scenario.device_rows.rows import DeviceRows
from fota_sim.scenario.lint import facts_of, lint, warnings
from fota_sim.scenario.lint.files import lint_files
from fota_sim.scenario.loader import load_located, parse_scenario
from fota_sim.scenario.tables import excel_file
from fota_sim.scenario.tables.excel_file import ExcelTable
from fota_sim.scenario.text_file import UnreadableFileError

openpyxl = pytest.importorskip("openpyxl")

Fill = Callable[[Any], None]


def workbook(path: Path, fill: Fill, sheets: tuple[str, ...] = ("Fleet",)) -> Path:
    """A workbook whose first sheet is filled."""
    book = openpyxl.Workbook()
    book.active.title = sheets[0]
    for name in sheets[1:]:
        book.create_sheet(name)
    fill(book)
    book.save(path)
    return path


def rows_of(*rows: list[Any]) -> Fill:
    def fill(book: Any) -> None:
        for row in rows:
            book.worksheets[0].append(row)

    return fill


def text(folder: Path, fields: str = "") -> str:
    said = f"  excel: [{{name: x, file: f.xlsx, columns: {{id: IMEI, rssi: RSSI, battery: Level}}{fields}}}]\n  groups:"
    return changed("  groups:", said)


def read(folder: Path, fields: str = "") -> DeviceRows:
    return read_files(parse_scenario(text(folder, fields), folder / "my.yaml")).rows["x"]


def problem(folder: Path, fields: str = "") -> str:
    with pytest.raises(ScenarioError) as error:
        read(folder, fields)
    return str(error.value)


HEADER = ["IMEI", "RSSI", "Level"]


def test_cells_are_what_is_shown_with_all_their_digits(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        values: list[tuple[Any, str, str]] = [
            (866123400000011, "General", "866123400000011"),
            (0.87, "0%", "87%"),
            (0.8725, "0.0%", "87.25%"),
            (42, "00000", "00042"),
            (-95.5, "0.0", "-95.5"),
            (0.1 + 0.2, "General", "0.3"),
            (1e-7, "General", "0.0000001"),
            (True, "General", "true"),
            (datetime(2025, 12, 31, 23, 59), "dd.mm.yyyy hh:mm", "2025-12-31 23:59:00"),
            (date(2025, 12, 31), "dd/mm/yy", "2025-12-31"),
            (time(6, 30), "hh:mm", "06:30:00"),
            (timedelta(hours=30), "[h]:mm", "30:00:00"),
            ("  two\nlines\u00a0", "General", "two lines"),
            ("00123", "@", "00123"),
            ("1_0", "General", "1_0"),
            (89490123456789012345, "0", "8.94901234567890E+19"),
        ]
        sheet.append(["value"])
        for k, (value, shown_as, _) in enumerate(values, start=2):
            cell = sheet.cell(k, 1, value)
            cell.number_format = shown_as
        book.expected = [said for _, _, said in values]

    book = openpyxl.Workbook()
    fill(book)
    book.save(tmp_path / "v.xlsx")
    assert [cells[0] for _, cells in ExcelTable(tmp_path / "v.xlsx").rows()] == book.expected


def test_what_stands_above_beside_and_between_does_not_count(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet["A1"] = "Portal export"
        sheet.merge_cells("A1:C1")
        for column, name in enumerate([*HEADER, None, "Site"], start=1):
            sheet.cell(3, column, name)
        sheet.append(["a", -90, 50, None, "Nord"])
        sheet.append([None] * 5)
        sheet.append(["b", -91])
        sheet["A900"] = "c"

    workbook(tmp_path / "f.xlsx", fill)
    found = read(tmp_path, ", header: 3")
    assert found.mapped == {"id": ["a", "b", "c"], "rssi": [-90.0, -91.0, None], "battery": [0.5, None, None]}
    assert found.further == {"Site": ["Nord", None, None]}
    assert found.lines == [4, 6, 900]


def test_a_cell_merged_downwards_says_the_same_in_each_of_its_rows(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        for row in (
            [*HEADER, "Site"],
            ["a", -90, 50, "Nord"],
            ["b", -91, 51, None],
            ["c", -92, 52, None],
            ["d", -93, 53, None],
        ):
            sheet.append(row)
        sheet.merge_cells("D2:D4")

    workbook(tmp_path / "f.xlsx", fill)
    assert read(tmp_path).further == {"Site": ["Nord", "Nord", "Nord", None]}


def test_the_first_sheet_that_is_not_hidden_is_read_unless_one_is_named(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        for sheet, name in zip(book.worksheets, ("old", "new", "third"), strict=True):
            sheet.append(HEADER)
            sheet.append([name, -90, 50])
        book.worksheets[0].sheet_state = "hidden"
        book.active = 1

    workbook(tmp_path / "f.xlsx", fill, ("Archive", "Fleet", "More"))
    assert read(tmp_path).mapped["id"] == ["new"]
    assert read(tmp_path, ", sheet: Archive").mapped["id"] == ["old"]
    assert "no sheet 'Flet'; did you mean 'Fleet'" in problem(tmp_path, ", sheet: Flet")
    scenario, document = load_located(_written(tmp_path))
    facts = facts_of(scenario, document)
    found = warnings([*lint(facts), *lint_files(facts, read_files(scenario).rows)], document)
    assert any("2 sheets" in each.message and "sheet:" in each.message for each in found)


def _written(folder: Path) -> Path:
    (folder / "my.yaml").write_text(text(folder), encoding="utf-8")
    return folder / "my.yaml"


def test_columns_in_another_sheet_or_row_are_pointed_at(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.worksheets[0].append(["Cover", "of", "the report"])
        for row in (["x", "y"], HEADER, ["a", -90, 50]):
            book.worksheets[1].append(row)

    workbook(tmp_path / "f.xlsx", fill, ("Cover", "Fleet"))
    said = problem(tmp_path)
    assert "they are in sheet 'Fleet'; write sheet: 'Fleet'" in said
    assert "write header: 2" in said


def test_formulas_are_read_by_the_results_that_are_kept_and_told_where_none_are(tmp_path: Path) -> None:
    workbook(tmp_path / "f.xlsx", rows_of(HEADER, ["a", "=-90-1", 50]))
    assert "holds formulas whose results are not kept, the first in B2" in problem(tmp_path)
    kept = re.compile(rb"</f>(<v></v>|<v ?/>)?</c>")
    _patched(tmp_path / "f.xlsx", "xl/worksheets/sheet1.xml", lambda xml: kept.sub(b"</f><v>-91</v></c>", xml))
    assert read(tmp_path).mapped["rssi"] == [-91.0]


def _patched(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_errors_of_a_spreadsheet_are_cells_like_any_other(tmp_path: Path) -> None:
    workbook(tmp_path / "f.xlsx", rows_of(HEADER, ["a", "#N/A", 50], ["b", -91, 51]))
    assert "missing: ['#N/A']" in problem(tmp_path)
    assert read(tmp_path, ', missing: ["#N/A"]').mapped["rssi"] == [None, -91.0]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([HEADER, [8949012345678901234, -90, 50]], "a spreadsheet has rounded"),
        ([HEADER, ["a", -90, 50], ["a", -91, 50]], "stands in line 2 already"),
        ([HEADER, ["a", 18, 50]], "units: {rssi: csq}"),
        ([HEADER, ["a", -90, 50, "more"]], "4 fields where the header has 3"),
        ([HEADER], "no rows"),
        ([], "row 1 is empty"),
    ],
)
def test_what_is_wrong_with_cells_is_told_as_for_text(rows: list[list[Any]], words: str, tmp_path: Path) -> None:
    workbook(tmp_path / "f.xlsx", rows_of(*rows))
    assert words in problem(tmp_path)


def test_only_the_first_rows_are_taken_where_that_is_told(tmp_path: Path) -> None:
    workbook(tmp_path / "f.xlsx", rows_of(HEADER, *([f"d{k}", -90, 50] for k in range(30))))
    assert read(tmp_path, ", limit: 7").mapped["id"] == [f"d{k}" for k in range(7)]
    assert ExcelTable(tmp_path / "f.xlsx").about() == 30


def test_a_workbook_that_changes_is_read_anew(tmp_path: Path) -> None:
    workbook(tmp_path / "f.xlsx", rows_of(HEADER, ["a", -90, 50]))
    assert read(tmp_path).mapped["id"] == ["a"]
    workbook(tmp_path / "f.xlsx", rows_of(HEADER, ["b", -90, 50], ["c", -90, 50]))
    assert read(tmp_path).mapped["id"] == ["b", "c"]


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"IMEI,RSSI\na,-90\n", "under csv:"),
        (b"", "no Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old workbook (.xls) or one with a password"),
        (b"PK\x03\x04 and then nothing", "damaged workbook"),
        (_zip(a_xml=b"<a/>"), "an archive and no Excel workbook"),
        (_zip(xl__workbook_bin=b"x"), "binary workbook"),
    ],
)
def test_what_is_no_workbook_ends_in_a_sentence(data: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "f.xlsx").write_bytes(data)
    assert words in problem(tmp_path)


def test_a_workbook_that_unpacks_to_more_than_can_be_meant_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook(tmp_path / "f.xlsx", rows_of(HEADER, ["a", -90, 50]))
    _patched(tmp_path / "f.xlsx", "xl/theme/theme1.xml", lambda xml: bytes(700_000_000))
    assert (tmp_path / "f.xlsx").stat().st_size < 2_000_000
    assert "unpacks to 700 MB" in problem(tmp_path).replace("701", "700")


def test_cells_in_the_last_column_and_row_of_a_sheet_take_no_room(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        for row in (HEADER, ["a", -90, 50]):
            book.active.append(row)
        book.active["XFD2"] = "far"

    workbook(tmp_path / "f.xlsx", fill)
    assert "has 16,384 columns; at most 1,000 are read" in problem(tmp_path)

    def low(book: Any) -> None:
        fill(book)
        book.active["XFD2"] = None
        book.active["A1048576"] = "z"

    workbook(tmp_path / "f.xlsx", low)
    assert read(tmp_path).lines == [2, 1_048_576]


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_workbook_ends_in_a_sentence(seed: int, tmp_path: Path) -> None:
    from random import Random

    luck = Random(seed)
    path = workbook(tmp_path / "f.xlsx", rows_of(HEADER, *([f"d{k}", -90, 50] for k in range(30))))
    if luck.random() < 0.5:
        data = bytearray(path.read_bytes())
        for _ in range(luck.choice([1, 5, 40])):
            data[luck.randrange(len(data))] = luck.randrange(256)
        path.write_bytes(bytes(data[: luck.choice([len(data), len(data) // 2])]))
    else:
        with zipfile.ZipFile(path) as archive:
            part = luck.choice(archive.namelist())

        def spoil(xml: bytes) -> bytes:
            at = luck.randrange(max(1, len(xml)))
            return (
                xml[:at]
                + luck.choice([b"", b"<", b"&bomb;", b"\xff", b'r="A99999999999"', b"1e999"])
                + xml[at + luck.randrange(30) :]
            )

        _patched(path, part, spoil)
    table = ExcelTable(path)
    with contextlib.suppress(UnreadableFileError):
        list(table.rows())
        table.rather(["IMEI"])
    assert table.about() >= 0


def test_without_the_reader_it_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    workbook(tmp_path / "f.xlsx", rows_of(HEADER, ["a", -90, 50]))
    whole = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "openpyxl":
            raise ImportError(name)
        return whole(name, *args, **kwargs)

    excel_file._kept.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    assert "pip install 'fota-sim[excel]'" in problem(tmp_path)


def test_rows_that_a_filter_hides_are_read_and_told(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        rows_of(["IMEI", "RSSI"], ["a", -90], ["b", -91], ["c", -92])(book)
        book.worksheets[0].row_dimensions[3].hidden = True

    workbook(tmp_path / "f.xlsx", fill)
    assert ExcelTable(tmp_path / "f.xlsx").hidden() == 1
    assert [cells for _, cells in ExcelTable(tmp_path / "f.xlsx").rows()] == [["a", "-90"], ["b", "-91"], ["c", "-92"]]


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [(1.1, "0.00", "1.10"), (1.125, "0.0", "1.125"), (2.0, "0.00", "2"), (861234050000002, "0.00", "861234050000002")],
)
def test_a_version_that_is_a_number_has_the_decimals_that_are_shown(
    value: float, shown_as: str, text: str, tmp_path: Path
) -> None:
    def fill(book: Any) -> None:
        rows_of(["FW"], [value])(book)
        book.worksheets[0].cell(2, 1).number_format = shown_as

    workbook(tmp_path / "f.xlsx", fill)
    assert [cells for _, cells in ExcelTable(tmp_path / "f.xlsx").rows()] == [[text]]
