"""Digits that name something stay as they are in a fleet file: a code is no quantity, and an id is none either."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_world import changed

from fota_sim.errors import ScenarioError
from fota_sim.fleet.files import Files, read_files
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.device_rows.cells import is_code, is_number
from fota_sim.scenario.inspect.findings import Findings, Told
from fota_sim.scenario.inspect.table import read_text_table
from fota_sim.scenario.lint import facts_of, warnings
from fota_sim.scenario.lint.files import lint_files
from fota_sim.scenario.loader import load_located, parse_scenario
from fota_sim.scenario.text_file import UnreadableFileError

CODES = st.one_of(st.from_regex(r"0[0-9]{1,8}", fullmatch=True), st.from_regex(r"[1-9][0-9]{15,20}", fullmatch=True))


def _text(where: str = "", fields: str = "", columns: str = "{id: id}") -> str:
    said = changed("  groups:", f"  csv: [{{name: c, file: f.csv, columns: {columns}{fields}}}]\n  groups:")
    return said.replace("  strategy:", f"  blacklist: {{where: '{where}'}}\n  strategy:") if where else said


def _read(folder: Path, table: str, where: str = "", fields: str = "") -> Files:
    (folder / "f.csv").write_text(table, encoding="utf-8")
    return read_files(parse_scenario(_text(where, fields), folder / "my.yaml"))


def _refused(folder: Path, table: str, where: str = "", fields: str = "") -> str:
    with pytest.raises(ScenarioError) as caught:
        _read(folder, table, where, fields)
    return str(caught.value)


def _warned(folder: Path, table: str, columns: str = "{id: id}", fields: str = "") -> str:
    (folder / "f.csv").write_text(table, encoding="utf-8")
    (folder / "my.yaml").write_text(_text(fields=fields, columns=columns), encoding="utf-8")
    scenario, document = load_located(folder / "my.yaml")
    found = warnings(lint_files(facts_of(scenario, document), read_files(scenario).rows), document)
    return "\n".join(each.message for each in found)


@given(st.lists(CODES, min_size=2, max_size=5, unique=True), st.data())
@settings(max_examples=30)
def test_a_condition_tells_apart_what_the_file_tells_apart(codes: list[str], data: st.DataObject) -> None:
    picked = data.draw(st.sampled_from(codes))
    with TemporaryDirectory() as name:
        folder = Path(name)
        table = "id,code\n" + "".join(f"d{k},{code}\n" for k, code in enumerate(codes))
        _read(folder, table, f'code == "{picked}"')
        fleet = build_fleet(parse_scenario(_text(f'code == "{picked}"'), folder / "my.yaml"), 0)
        assert np.flatnonzero(fleet.black).size == 1
        assert "is a code of digits" in _refused(folder, table, f"code == {int(picked)}")


@given(st.decimals(-(10**6), 10**6, places=12).map(float).map(repr))
def test_what_a_program_writes_for_a_quantity_is_a_number(text: str) -> None:
    assert is_number(text)
    assert not is_code(text)


@pytest.mark.parametrize(("cell", "told"), [("1.200", "has a point"), ("0.5", "has a point"), ("1.200,5", "no number")])
def test_a_point_in_a_file_of_decimal_commas_makes_no_number(cell: str, told: str, tmp_path: Path) -> None:
    fields = ", delimiter: ;, decimal: ','".replace("delimiter: ;", 'delimiter: ";"').replace("','", '","')
    assert told in _refused(tmp_path, f"id;use\na;{cell}\nb;300\n", "use > 500", fields)
    assert _read(tmp_path, "id;use\na;1,5\nb;300\n", "use > 500", fields).rows["c"].further["use"] == ["1.5", "300"]


def test_a_comma_among_points_may_be_one_of_thousands(tmp_path: Path) -> None:
    assert "write 1200 or 1.2 in the file" in _refused(tmp_path, 'id,use\na,"1,200"\nb,300\n', "use > 500")


@pytest.mark.parametrize("word", ["N/A", "nan", "NULL", "-", "unknown", "#N/A"])
def test_a_word_for_nothing_is_no_id(word: str, tmp_path: Path) -> None:
    assert "is no id of a device" in _refused(tmp_path, f"id\n{word}\n")


@given(st.from_regex(r"[A-Za-z0-9._/+-]{1,20}", fullmatch=True))
@settings(max_examples=50)
def test_what_programs_put_around_a_text_for_spreadsheets_is_none_of_it(text: str) -> None:
    with TemporaryDirectory() as name:
        for cell in (f'="{text}"', f'"=""{text}"""'):
            rows = _read(Path(name), f"id,note\na,{cell}\n").rows["c"]
            assert rows.further["note"] == [text]


@pytest.mark.parametrize("name", ["866425030000001.0", '"866,425,030,000,001"'])
def test_an_id_written_as_a_number_is_warned_of(name: str, tmp_path: Path) -> None:
    assert "Export the ids as text" in _warned(tmp_path, f"id\n{name}\n")
    assert "Export the ids as text" not in _warned(tmp_path, "id\n866425030000001\ngw-1.0\n")


def test_a_contact_after_the_export_is_warned_of(tmp_path: Path) -> None:
    fields = ", as_of: 2026-01-05, gone_after: 30d, dates: mdy"
    columns = "{id: id, last_contact: seen}"
    assert "do day and month stand the other way round" in _warned(tmp_path, "id,seen\na,05/01/2026\n", columns, fields)
    assert not _warned(tmp_path, "id,seen\na,01/05/2026 23:00\n", columns, fields)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('[{"id": "a"}]', "is JSON"),
        ('{"id": "a"}\n{"id": "b"}\n', "is JSON"),
        ("<html><table>\n", "is XML or HTML"),
        ("PAR1\x15\x04", "is a Parquet file"),
        ("%PDF-1.4\n", "is a PDF"),
    ],
)
def test_another_kind_of_file_is_called_what_it_is(table: str, told: str, tmp_path: Path) -> None:
    assert told in _refused(tmp_path, table)
    with pytest.raises(UnreadableFileError, match=told):
        read_text_table(tmp_path / "f.csv", Told(), Findings())


def test_a_header_beyond_the_end_is_told(tmp_path: Path) -> None:
    assert "has no line 9" in _refused(tmp_path, "id\na\n", fields=", header: 9")


def test_a_byte_that_is_no_western_letter_is_not_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes("id,場所\na,東京\n".encode("shift_jis"))
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(_text(), tmp_path / "my.yaml")
    assert "shift_jis" in str(caught.value)
    assert "cp1252" not in str(caught.value)
