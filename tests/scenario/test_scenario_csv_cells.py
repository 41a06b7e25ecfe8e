"""Fleet files as people export them: what is wrong with one is told once, by its cell, with what to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_world import changed

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.files import Files, read_files
from fota_sim.scenario.lint import facts_of, warnings
from fota_sim.scenario.lint.files import lint_files
from fota_sim.scenario.loader import load_located, parse_scenario

HEAD = "serial,dbm,level,fw\n"
COLUMNS = "{id: serial, rssi: dbm, battery: level, firmware: fw}"


def _text(columns: str = COLUMNS, **fields: str) -> str:
    said = "".join(f", {key}: {value}" for key, value in fields.items())
    return changed("  groups:", f"  csv: [{{name: c, file: f.csv, columns: {columns}{said}}}]\n  groups:")


def _read(folder: Path, text: str, **fields: str) -> Files:
    (folder / "f.csv").write_text(text, encoding="utf-8")
    return read_files(parse_scenario(_text(**fields), folder / "my.yaml"))


def _told(folder: Path, text: str, **fields: str) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        _read(folder, text, **fields)
    return caught.value.problems


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        ("a,n/a,50,1\nb,NULL,50,1\nc,-,50,1\n", (2, 2, "dbm"), ["'n/a' is no signal level", "and 2 more cells"]),
        ("a,-90,unknown,1\n", (2, 3, "level"), ["leave the cell empty where the value is missing"]),
        (
            'a,"-90,5",50,1\nb,"-91,5",50,1\n',
            (2, 2, "dbm"),
            ["write -90.5, or say it of the file", "and 1 more"],
        ),
        (
            "a,18,50,1\nb,99,50,1\nc,31,50,1\n",
            (2, 2, "dbm"),
            ["write units: {rssi: csq}", "and 2 more cells"],
        ),
        ("3.5E+14,-90,50,1\n3.5E+14,-90,50,1\n", (2, 1, "serial"), ["spreadsheet has rounded", "and 1 more cell"]),
        ("a,-90,3600,1\n", (2, 3, "level"), ["3600 is outside 0% to 100%; volts are meant?"]),
        ("a,-90,150,1\n", (2, 3, "level"), ["150 is outside 0% to 100%; if it stands for a value that is missing"]),
        ("a,-90,255,1\n", (2, 3, "level"), ["write missing: ['255']"]),
        ("a,90,50,1\n", (2, 2, "dbm"), ["a signal level in dBm is negative: write -90"]),
        ("a,-90,50,1\na,-90,50,1\n", (3, 1, "serial"), ["'a' stands in line 2 already; keep one row of each device"]),
        (",-90,50,1\n", (2, 1, "serial"), ["is empty; each device needs one"]),
        ("a,-90,87,5,1\n", (2, 1, ""), ["5 fields where the header has 4; a cell with a comma", "stands in quotes"]),
        ("a,-90\n", (2, 1, ""), ["2 fields where the header has 4"]),
        ('a,-90,50,"1\nb,-90,50,1\n', (2, 0, "fleet: c"), ["goes over the end of its line", "left open"]),
        ("a\x07b,-90,50,1\n", (2, 1, "serial"), ["a character that cannot be seen"]),
    ],
)
def test_a_cell_that_cannot_be_meant_is_told_once_for_its_column(
    rows: str, place: tuple[int, int, str], words: list[str], tmp_path: Path
) -> None:
    (found,) = _told(tmp_path, HEAD + rows)
    assert (found.line, found.column, found.path) == place, found
    assert found.file == str(tmp_path / "f.csv")
    assert all(word in found.message for word in words), found.message


def test_many_bad_cells_of_one_kind_are_three_messages(tmp_path: Path) -> None:
    found = _told(tmp_path, HEAD + "".join(f"m{k},weak,50,1\n" for k in range(5000)))
    assert [each.line for each in found] == [2, 3, 4]
    assert "(and 4,997 more cells of this column)" in found[-1].message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("serial;dbm;level;fw\na;-90;50;1\n", "its columns are separated by ';'; write delimiter: \";\""),
        ("serial\tdbm\tlevel\tfw\na\t-90\t50\t1\n", 'write delimiter: "\\t"'),
        (
            "# export of today\n" + HEAD + "a,-90,50,1\n",
            "is line 2 and not the one that begins with '# export of today'; write header: 2",
        ),
        ("sep=;\nserial;dbm;level;fw\na;-90;50;1\n", 'write delimiter: ";"; its line of column names is line 2'),
        ("Portal\n\n" + HEAD + "a,-90,50,1\n", "its line of column names is line 3"),
        ("", "is empty; its first line says the names of its columns"),
        ("serial,dbm,level,fw,dbm\n", "columns 2 and 5 are both called 'dbm'; rename one"),
    ],
)
def test_a_file_that_is_no_such_table_is_one_message_at_its_name(text: str, words: str, tmp_path: Path) -> None:
    (found,) = _told(tmp_path, text)
    assert (found.line, found.path) == (19, "fleet.csv[0].file")
    assert words in found.message


def test_bytes_of_another_encoding_are_told_at_their_place(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes((HEAD + "a,-90,50,1\nb,-90,50,n\u00f6rd\n").encode("latin-1"))
    with pytest.raises(ScenarioError) as caught:
        read_files(parse_scenario(_text(), tmp_path / "my.yaml"))
    (found,) = caught.value.problems
    assert (found.line, found.column) == (3, 11)
    assert "holds the byte 0xF6, which in Latin-1 or Windows-1252 is '\u00f6'" in found.message


def test_one_column_may_stand_for_several_attributes(tmp_path: Path) -> None:
    files = _read(tmp_path, HEAD + "a,-90,50,1\n", columns="{id: serial, rssi: dbm, hardware: fw, firmware: fw}")
    assert files.rows["c"].mapped["hardware"] == files.rows["c"].mapped["firmware"] == ["1"]


def test_columns_without_a_name_are_left_out_and_told_where_they_hold_something(tmp_path: Path) -> None:
    files = _read(tmp_path, "serial,dbm,level,fw,,\na,-90,50,1,,\nb,-90,50,1,x,\nc,-90,50,1,,,,\n")
    assert files.rows["c"].mapped["id"] == ["a", "b", "c"]
    assert files.rows["c"].further == {}
    assert files.rows["c"].nameless == [5]


def test_blanks_around_names_and_cells_and_a_byte_order_mark_do_not_count(tmp_path: Path) -> None:
    files = _read(tmp_path, "\ufeffserial , dbm,level,fw\n a , -90 dBm , 50 % ,1\n")
    assert files.rows["c"].mapped == {"id": ["a"], "rssi": [-90.0], "battery": [0.5], "firmware": ["1"]}


def test_lines_may_end_as_in_old_spreadsheets(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(b"serial,dbm,level,fw\ra,-90,50,1\rb,-91,50,1\r")
    files = read_files(parse_scenario(_text(), tmp_path / "my.yaml"))
    assert files.rows["c"].mapped["id"] == ["a", "b"]


def test_a_column_for_an_mcu_that_the_product_has_not_is_refused(tmp_path: Path) -> None:
    (found,) = _told(tmp_path, HEAD + "a,-90,50,1\n", columns='{id: serial, "mcu:dsp": fw}')
    assert found.path == "fleet.csv[0].columns.mcu:dsp"
    assert "the product has no MCU component 'dsp'; there are stm" in found.message


def test_modules_radios_hosts_and_chemistries_of_a_file_are_known(tmp_path: Path) -> None:
    found = _told(tmp_path, "serial,m\na,BC666\n", columns="{id: serial, module: m}")
    assert "there is no module 'BC666'; did you mean 'BC66'?" in found[0].message


def _warned(folder: Path, text: str, columns: str = COLUMNS, extra: str = "", **fields: str) -> dict[str, str]:
    (folder / "f.csv").write_text(text)
    (folder / "my.yaml").write_text(_text(columns, **fields).replace("  strategy:", f"{extra}  strategy:"))
    scenario, document = load_located(folder / "my.yaml")
    facts = facts_of(scenario, document)
    return {each.path: each.message for each in warnings(lint_files(facts, read_files(scenario).rows), document)}


@pytest.mark.parametrize(
    ("rows", "where", "words"),
    [
        ("a,-90,0.87,1\nb,-90,1,1\n", "columns.battery", "0.87 % to 1 %; shares of 1 are meant?"),
        ("a,-90,3.6,1\nb,-90,3.52,1\n", "columns.battery", "3.52 % to 3.6 %; volts are meant?"),
        ("a,-90,50,1\nb,0,50,1\n", "columns.rssi", "has 1 signal above -20 dBm, up to 0 dBm"),
    ],
)
def test_levels_and_signals_in_another_unit_are_warned_of(rows: str, where: str, words: str, tmp_path: Path) -> None:
    assert words in _warned(tmp_path, HEAD + rows)[f"fleet.csv[0].{where}"]
    assert _warned(tmp_path, HEAD + "a,-90,1,1\nb,-60,87.5,1\nc,-60,3,1\n") == {}


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (("AB1", "ab1"), "1 id is another one in another spelling, such as 'ab1' in line 3 and 'AB1' in line 2"),
        (("12", "0012", "IMEI-12"), "2 ids are another one in another spelling"),
        (("866'123", "866'124"), "2 ids with apostrophes between digits"),
        (("866 123", "866 124"), "2 ids with blanks between digits"),
        (("AB1", "AB2", "12", "120", "b1-11", "b11-1", "b1111"), ""),
    ],
)
def test_ids_in_several_spellings_are_warned_of(ids: tuple[str, ...], words: str, tmp_path: Path) -> None:
    said = _warned(tmp_path, "serial\n" + "".join(f"{each}\n" for each in ids), "{id: serial}")
    assert words in said.get("fleet.csv[0].columns.id", "")
    assert bool(said) is bool(words)


def test_shares_among_whole_per_cent_are_asked_about(tmp_path: Path) -> None:
    said = _warned(tmp_path, HEAD + "a,-90,0.87,1\nb,-90,64,1\n")["fleet.csv[0].columns.battery"]
    assert "1 level below 1 % among whole per cent; are those shares of 1?" in said
    assert _warned(tmp_path, HEAD + "a,-90,0.8,1\nb,-90,64.5,1\n") == {}


def test_a_column_with_the_name_of_something_that_is_drawn_is_warned_of(tmp_path: Path) -> None:
    text = "serial,dbm,Firmware\na,-90,2_0\n"
    said = _warned(tmp_path, text, "{id: serial, rssi: dbm}")["fleet.csv[0].columns"]
    assert "has a column 'Firmware' that is not mapped, so firmware is drawn" in said
    assert _warned(tmp_path, text, "{id: serial, rssi: dbm, firmware: Firmware}") == {}
    other = "serial,dbm,rssi\na,-90,-70\n"
    assert _warned(tmp_path, other, "{id: serial, rssi: dbm}") == {}  # mapped from elsewhere: it is meant


def test_a_share_on_mains_beside_levels_is_warned_of(tmp_path: Path) -> None:
    said = _warned(tmp_path, HEAD + "a,-90,50,1\nb,-90,,1\n", mains="40%")["fleet.csv[0].mains"]
    assert "1 of 2 have one and run on their battery" in said
    assert _warned(tmp_path, HEAD + "a,-90,50,1\n", mains="0%") == {}


def test_a_condition_on_a_header_that_is_taken_is_told_the_name_of_the_column(tmp_path: Path) -> None:
    text, columns = "serial,group\na,north\nb,south\n", "{id: serial}"
    said = _warned(tmp_path, text, columns, extra='  blacklist: {where: group == "north"}\n')
    assert "group is not the column of f.csv, which conditions call csv_group" in said["plan.blacklist.where"]
    assert _warned(tmp_path, text, columns, extra='  blacklist: {where: csv_group == "north"}\n') == {}


def test_a_list_file_that_names_nobody_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("# nobody yet\n\n")
    extra = "  blacklist: {file: ids.txt}\n"
    assert "ids.txt names nobody" in _warned(tmp_path, HEAD + "a,-90,50,1\n", extra=extra)["plan.blacklist.file"]


def test_answers_that_are_not_yes_or_no_are_one_message(tmp_path: Path) -> None:
    (found,) = _told(tmp_path, "serial,power\na,Battery\nb,yes\nc,Ja\n", columns="{id: serial, mains: power}")
    assert "'Battery' is not yes or no; write yes, no, true, false, 1 or 0, or say what it means" in found.message
    assert "(and 1 more cell" in found.message


def test_modules_and_radios_of_a_file_that_are_not_of_one_kind_are_warned_of(tmp_path: Path) -> None:
    columns = "{id: serial, module: m, radio: r}"
    said = _warned(tmp_path, "serial,m,r\na,FC41D,nb-iot\nb,FC41D,nb-iot\nc,BG95,\n", columns)
    assert (
        "2 devices of f.csv: module 'FC41D' is Wi-Fi and radio 'nb-iot' cellular" in said["fleet.csv[0].columns.radio"]
    )
    assert _warned(tmp_path, "serial,m,r\na,FC41D,wifi\nb,,lte-m\nc,BG95,\n", columns) == {}


@pytest.mark.parametrize("header", ["Battery (%)", "rssi [dBm]", "FIRMWARE"])
def test_a_unit_behind_a_name_does_not_hide_what_a_column_is(header: str, tmp_path: Path) -> None:
    said = _warned(tmp_path, f"serial,{header}\na,5\n", "{id: serial}")["fleet.csv[0].columns"]
    assert f"has a column '{header}' that is not mapped" in said
    assert _warned(tmp_path, f"serial,{header}\na,\n", "{id: serial}") == {}  # there is nothing to be read


def test_dates_that_have_no_order_of_letters_are_warned_of(tmp_path: Path) -> None:
    columns, extra = "{id: serial}", '  blacklist: {where: seen < "2025-12-01"}\n'
    said = _warned(tmp_path, "serial,seen\na,2025-06-01 09:00\nb,31.12.2025 23:59\n", columns, extra)
    assert "'31.12.2025 23:59' is not written with the year first" in said["plan.blacklist.where"]
    said = _warned(tmp_path, "serial,seen\na,2025-06-01\n", columns, extra.replace("2025-12-01", "01.12.2025"))
    assert "'01.12.2025' is not written with the year first" in said["plan.blacklist.where"]
    assert _warned(tmp_path, "serial,seen\na,2025-06-01 09:00\nb,2025-12-30T10:00:00Z\nc,\n", columns, extra) == {}


def test_a_column_of_decimal_commas_is_told_so_by_a_condition(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text('serial,height\na,"3,5"\nb,"12,25"\n')
    text = _text("{id: serial}").replace("  strategy:", "  whitelist: {where: height > 3}\n  strategy:")
    with pytest.raises(
        ScenarioError, match=r"height is text, for '12,25' has a decimal comma; write 12\.25 in the file"
    ):
        read_files(parse_scenario(text, tmp_path / "my.yaml"))


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        (
            b"PK\x03\x04\x14\x00",
            "is a spreadsheet (.xlsx) or another archive and no text; unpack an archive, name a "
            "spreadsheet of devices under excel:, or save it as UTF-8",
        ),
        (b"\xd0\xcf\x11\xe0\xa1", "is a spreadsheet (.xls) and no text"),
        (b"\x1f\x8b\x08", "is compressed (gzip) and no text; unpack it first"),
    ],
)
def test_a_spreadsheet_and_an_archive_are_called_so(begins: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(begins)
    with pytest.raises(ScenarioError) as caught:
        read_files(parse_scenario(_text(), tmp_path / "my.yaml"))
    assert words in caught.value.problems[0].message


def test_long_ids_that_end_in_zeros_are_warned_of(tmp_path: Path) -> None:
    columns = "{id: serial}"
    said = _warned(tmp_path, "serial\n89430103524130400000\n89430103524130500000\n", columns)
    assert (
        "2 ids such as '89430103524130400000' have nothing but zeros behind 15 digits"
        in said["fleet.csv[0].columns.id"]
    )
    assert _warned(tmp_path, "serial\n89430103524130400000\n89430103524130500012\n", columns) == {}


@pytest.mark.parametrize(("cell", "rather"), [("8,500", "8500"), ("8,500 mAh", "8500 mAh"), ("8,500mAh", "8500mAh")])
def test_a_capacity_with_a_comma_of_thousands_is_not_told_to_be_a_thousandth(
    tmp_path: Path, cell: str, rather: str
) -> None:
    columns = "{id: serial, capacity: level}"
    problems = _told(tmp_path, f'{HEAD}a,-90,"{cell}",1\n', columns=columns)
    assert f"write {rather}, or say of the file" in problems[0].message


@pytest.mark.parametrize("cell", ["keine Angabe", "k. A.", "#VALUE!", "n/a"])
def test_what_the_inspection_takes_for_nothing_a_cell_is_told_to_be(tmp_path: Path, cell: str) -> None:
    problems = _told(tmp_path, f"{HEAD}a,{cell},50,1\n")
    assert f"or write missing: ['{cell}']" in problems[0].message


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_break_within_a_cell_is_a_blank(tmp_path: Path, end: str) -> None:
    text = f'serial,dbm,"fill{end}level",fw,note{end}a,-90,50,1,"door 3{end}left, upstairs"{end}b,-91,51,1,{end}'
    columns = '{id: serial, rssi: dbm, battery: "fill level", firmware: fw}'
    (tmp_path / "f.csv").write_bytes(text.encode())
    read = read_files(parse_scenario(_text(columns=columns), tmp_path / "my.yaml"))
    assert "door 3 left, upstairs" in str(read.rows["c"])


@pytest.mark.parametrize(
    "rows",
    [
        'a,-90,50,"1\nb,-90,50,1\n',  # nobody closes it
        'a,-90,50,"1\nb,-90,50,"1\n',  # the next one does, in the middle of a cell
        'a,-90,50,"\nb,-90,50,"\n',  # at the end of one: a whole row is within
        'a,-90,"50\nb,-90,50",1,1\n',  # the row is too wide
    ],
)
def test_a_quote_left_open_swallows_no_device(tmp_path: Path, rows: str) -> None:
    assert any("left open" in problem.message for problem in _told(tmp_path, HEAD + rows))


@pytest.mark.parametrize(
    ("columns", "fields", "warned"),
    [
        ("{id: serial}", {"module": "BC66"}, True),
        ("{id: serial, module: m}", {"module": "EC200U"}, True),
        ("{id: serial, cell: m}", {"module": "BC66"}, False),
        ("{id: serial}", {"module": "BC66", "cells": "1"}, False),
        ("{id: serial}", {"module": "EC200U"}, False),
    ],
)
def test_a_file_that_is_all_in_one_cell_is_warned_of(
    columns: str, fields: dict[str, str], warned: bool, tmp_path: Path
) -> None:
    rows = "".join(f"d{k},BC66\n" for k in range(1001))
    said = _warned(tmp_path, f"serial,m\n{rows}", columns, **fields)
    where = [path for path, message in said.items() if "1,001 devices are all in one radio cell" in message]
    assert where == (["fleet.csv[0]"] if warned else [])
