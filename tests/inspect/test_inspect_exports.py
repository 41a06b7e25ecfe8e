"""Exports as programs write them: what is no device is left out, and what is no table of devices is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portals import HEAD
from test_inspect_guesses import look, said

from fota_sim.fleet.files import read_files
from fota_sim.scenario.inspect.inspection import Inspection
from fota_sim.scenario.inspect.writing import block_text
from fota_sim.scenario.lint import facts_of
from fota_sim.scenario.lint.files import lint_files
from fota_sim.scenario.loader import load_located, parse_scenario

DEVICES = [(f"86123405{k:07d}", -70 - k % 40, 20 + k % 80) for k in range(40)]
IDS = [each for each, *_ in DEVICES]


def table(delimiter: str = ",", head: str = "IMEI,RSSI,Battery") -> list[str]:
    return [head.replace(",", delimiter), *(delimiter.join(map(str, each)) for each in DEVICES)]


def read(found: Inspection, folder: Path) -> dict[str, list[object]]:
    """The devices that the block reads."""
    assert found.problems == []
    scenario = parse_scenario(HEAD + block_text(found.findings, "f.csv"), folder / "s.yaml")
    (rows,) = read_files(scenario).rows.values()
    return {name: rows.mapped[name] for name in ("id", "rssi", "battery")}


PROGRAMS = {
    "psql": [
        "      imei       | rssi | battery ",
        "-----------------+------+---------",
        *(f" {name} | {rssi} | {level} " for name, rssi, level in DEVICES),
        "(40 rows)",
        "",
    ],
    "mysql": [
        "+-----------------+------+---------+",
        "| imei            | rssi | battery |",
        "+-----------------+------+---------+",
        *(f"| {name} | {rssi} | {level} |" for name, rssi, level in DEVICES),
        "+-----------------+------+---------+",
        "40 rows in set (0.00 sec)",
    ],
    "Markdown": ["| imei | rssi | battery |", "|---|---|---|", *(f"| {a} | {b} | {c} |" for a, b, c in DEVICES)],
    "InfluxDB": [
        "#group,false,false,true,false,false",
        "#datatype,string,long,string,double,double",
        "#default,_result,,,,",
        ",result,table,imei,rssi,battery",
        *(f",,{k},{name},{rssi},{level}" for k, (name, rssi, level) in enumerate(DEVICES)),
    ],
    "a spreadsheet that says its delimiter": ["sep=;", *table(";")],
    "units under the names": [table()[0], ",dBm,%", *table()[1:]],
    "units in brackets": [table()[0], "-,[dBm],[%]", *table()[1:]],
    "two files in one": [*table()[:21], table()[0], *table()[21:]],
    "comments": ["# fleet, as of 2026-01-05", *table()[:9], "# gateway 2", *table()[9:]],
    "totals": [*table(), "Average,-85.5,47"],
    "totals and a remark": [*table(), "", "Total: 40 devices", "Exported by admin 2026-01-05"],
    "carets": table("^"),
    "Power BI": table(head="Devices[IMEI],Devices[RSSI],[Avg Battery]"),
    "OMA LwM2M": table(head="endpoint,/4/0/2,/3/0/9"),
    "two byte order marks": ["\ufeff\ufeff" + table()[0], *table()[1:]],
    "blanks that do not break": [table()[0], *(f"\u00a0{a},\u2212{-b}\u202fdBm,{c}\u00a0%" for a, b, c in DEVICES)],
    "three decimals": [table()[0], *(f"{a},{b}.000dBm,{c}.000%" for a, b, c in DEVICES)],
    "Spanish": table(head="IMEI,Intensidad de señal,Nivel de batería"),
    "Italian": table(head="IMEI,Segnale,Batteria"),
    "Portuguese": table(head="IMEI,Intensidade do sinal,Nível da bateria"),
    "Dutch": table(head="IMEI,Signaalsterkte,Batterijniveau"),
    "Polish": table(head="Numer IMEI,Siła sygnału,Poziom baterii"),
    "French": table(head="IMEI,Niveau du signal,Batterie"),
    "Japanese": table(head="端末番号,電波強度,バッテリー残量"),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_export_of_a_program_is_the_devices_in_it(program: str, tmp_path: Path) -> None:
    devices = read(look(tmp_path, "\n".join(PROGRAMS[program]) + "\n"), tmp_path)
    assert devices["id"] == IDS
    assert devices["rssi"] == [rssi for _, rssi, _ in DEVICES]
    assert devices["battery"] == pytest.approx([level / 100 for *_, level in DEVICES])


OTHERS = [
    "# note",
    "-----,----,---",
    "IMEI,RSSI,Battery",
    "Total,,",
    "Summe,-3400,",
    "(40 rows)",
    "Mean,-80.5,40",
    "合計,,",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(added=st.lists(st.tuples(st.integers(1, len(DEVICES) + 1), st.sampled_from(OTHERS)), max_size=5))
def test_rows_that_are_no_devices_are_left_out_wherever_they_stand(
    added: list[tuple[int, str]], tmp_path: Path
) -> None:
    lines = table()
    for place, line in sorted(added, reverse=True):
        lines.insert(place, line)
    assert read(look(tmp_path, "\n".join(lines) + "\n"), tmp_path)["id"] == IDS


def test_what_is_left_out_is_a_guess_with_its_reason(tmp_path: Path) -> None:
    found = look(tmp_path, "\n".join([*table(), "Total,,"]) + "\n")
    assert found.findings.block["leave_out"] == ["Total"]
    assert "'Total': 1 row, the first in line 42, is computed of other rows" in said(found, "leave_out")


def test_a_row_that_begins_as_a_device_does_is_never_left_out(tmp_path: Path) -> None:
    names = ["#1", "#2", "Total-1", "sum of parts", "-3", "--a"]
    text = "name,rssi\n" + "".join(f"{name},-90\n" for name in names) + "Total,\n"
    found = look(tmp_path, text)
    assert "leave_out" not in found.findings.block
    assert found.findings.block["columns"]["id"] == "name"


SHAPES = {
    "readings over time": (
        "time,device,rssi\n"
        + "".join(f"2026-01-0{d}T08:00:00Z,dev{k},-9{k % 10}\n" for d in range(1, 6) for k in range(20)),
        "20 devices in 100 rows: readings over time? A row for each device is read; write latest: 'time', to take the "
        "latest of each",
    ),
    "readings without times": (
        "device,rssi\n" + "".join(f"dev{k},-9{k % 10}\n" for _ in range(5) for k in range(20)),
        "20 devices in 100 rows: readings over time? A row for each device is read; keep its latest (in pandas",
    ),
    "a row for each value": (
        "device_id,attribute,value\n"
        + "".join(f"dev{k},{a},{v}\n" for k in range(20) for a, v in (("rssi", -90), ("soc", 5))),
        "a row for each value ('attribute', 'value'); a row for each device is read. Give each value a column",
    ),
    "a column for each device": (
        "Time," + ",".join(f"rssi dev{k}" for k in range(6)) + "\n"
        + "".join(f"2026-01-0{d} 00:00:00" + ",-90" * 6 + "\n" for d in range(1, 6)),
        "it has a row for each time, and perhaps a column for each device",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_table_whose_rows_are_no_devices_is_told(shape: str, tmp_path: Path) -> None:
    text, words = SHAPES[shape]
    found = look(tmp_path, text)
    assert words in " ".join(found.findings.odd)
    assert found.problems
    assert found.findings.block["columns"].get("id") not in ("time", "Time")


def test_columns_under_each_other_by_blanks_are_told(tmp_path: Path) -> None:
    from fota_sim.errors import ScenarioError

    with pytest.raises(ScenarioError, match="do blanks stand between its columns"):
        look(tmp_path, "imei             rssi  battery\n" + "".join(f"{a}  {b}   {c}\n" for a, b, c in DEVICES))


BLOCK = """\
fleet:
  csv:
    - {{name: f, file: f.csv, columns: {{id: IMEI, rssi: RSSI}}{}}}
"""


def warned(folder: Path, more: str = "") -> list[str]:
    file = folder / "s.yaml"
    file.write_text(HEAD + BLOCK.format(more), encoding="utf-8")
    scenario, document = load_located(file)
    return [message for _, message in lint_files(facts_of(scenario, document), read_files(scenario).rows)]


@pytest.mark.parametrize(
    ("line", "words"),
    [("Total,", "line 12 is 'Total', computed of other rows"), ("IMEI,", "the line of column names again")],
)
def test_a_scenario_is_warned_of_rows_that_are_no_devices(line: str, words: str, tmp_path: Path) -> None:
    text = "IMEI,RSSI\n" + "".join(f"{a},{b}\n" for a, b, _ in DEVICES[:10]) + line + "\n"
    (tmp_path / "f.csv").write_text(text, encoding="utf-8")
    (message,) = warned(tmp_path)
    assert "1 row that is hardly a device" in message
    assert words in message
    assert f"leave_out: ['{line[:-1]}']" in message
    assert warned(tmp_path, f", leave_out: [{line[:-1]}]") == []


@pytest.mark.parametrize(
    ("cells", "odd"), [(["8.500", "19.000"], True), (["8.5", "19"], True), (["8500", "60"], False)]
)
def test_a_capacity_that_no_module_lasts_on_is_told_and_not_mapped(cells: list[str], odd: bool, tmp_path: Path) -> None:
    text = "IMEI,RSSI,Capacity\n" + "".join(f"d{k},-90,{cells[k % 2]}\n" for k in range(6))
    found = look(tmp_path, text)
    assert ("capacity" not in found.findings.block["columns"]) == odd
    (tmp_path / "f.csv").write_text(text, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(HEAD + BLOCK.format("").replace("RSSI}", "RSSI, capacity: Capacity}"))
    scenario, document = load_located(tmp_path / "s.yaml")
    said_of = [message for _, message in lint_files(facts_of(scenario, document), read_files(scenario).rows)]
    assert any("which no module lasts on" in message for message in said_of) == odd


NOT_MEANT = {
    "bars of a phone": ("signal bars", [str(k % 5) for k in range(20)], "bars, and no level?"),
    "volts of two cells": ("vbat", [f"{7.2 - k / 100:.2f}" for k in range(20)], "of several cells in a row?"),
    "volts of a car": ("supply voltage", [f"{12.6 - k / 100:.2f}" for k in range(20)], "of several cells in a row?"),
    "Fahrenheit": ("temperature (F)", [str(60 + k) for k in range(20)], "is in F, and degrees C can be read"),
    "Wh in a name": ("Capacity (Wh)", ["68.4", "30.6"] * 10, "is in Wh, and mAh and Ah can be read"),
    "a level in Ah": ("Battery (Ah)", ["19", "8"] * 10, "says Ah, and %, V and mV can be read"),
    "a charge that is left": ("Battery left (mAh)", ["80", "41"] * 10, "says mAh, and %, V and mV can be read"),
    "a signal in per cent": ("Signal (%)", ["40", "87"] * 10, "says %, and dBm, RSRP"),
    "words for nothing": ("module", ["unknown"] * 20, "says nothing of any module"),
    "milliseconds and seconds": ("last seen", ["1767600000", "1767600000000"] * 10, "are no dates that are known"),
}


@pytest.mark.parametrize("what", NOT_MEANT)
def test_what_a_column_cannot_mean_is_left_alone_with_the_reason(what: str, tmp_path: Path) -> None:
    header, cells, words = NOT_MEANT[what]
    found = look(tmp_path, f"IMEI,{header}\n" + "".join(f"d{k},{cell}\n" for k, cell in enumerate(cells)))
    assert header not in found.findings.block["columns"].values()
    assert words in dict(found.findings.left)[header]


def test_floats_of_a_column_with_gaps_are_whole_numbers_and_flags(tmp_path: Path) -> None:
    """As pandas writes columns of which some cells are empty."""
    lines = "".join(f"d{k},{k}.0,{k % 2}.0\n" for k in range(20)) + "d20,,\n"
    found = look(tmp_path, "IMEI,csq,mains\n" + lines)
    assert found.problems == []
    scenario = parse_scenario(HEAD + block_text(found.findings, "f.csv"), tmp_path / "s.yaml")
    (rows,) = read_files(scenario).rows.values()
    assert rows.mapped["rssi"] == [*(-113.0 + 2 * k for k in range(20)), None]
    assert rows.mapped["mains"] == [*(k % 2 == 1 for k in range(20)), None]


@pytest.mark.parametrize("never", ["never", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1900-01-00", "0"])
def test_the_first_days_of_calendars_are_no_last_contacts(never: str, tmp_path: Path) -> None:
    lines = "".join(f"d{k},{never if k % 3 else '2026-01-05T08:00:00Z'}\n" for k in range(20))
    block = look(tmp_path, "IMEI,last seen\n" + lines).findings.block
    assert (block["as_of"], block["values"]) == ("2026-01-05T08:00:00Z", {"last_contact": {never: ""}})


def test_a_clock_that_is_years_ahead_does_not_make_all_others_gone(tmp_path: Path) -> None:
    lines = "".join(f"d{k},{'2099-01-01' if k == 5 else f'2026-01-{k + 1:02d}'}T08:00:00Z\n" for k in range(20))
    found = look(tmp_path, "IMEI,last seen\n" + lines)
    assert found.findings.block["as_of"] == "2026-01-20T08:00:00Z"
    assert found.findings.block["values"] == {"last_contact": {"2099-01-01T08:00:00Z": ""}}
    assert "far later than all others" in said(found, "values.last_contact")


def test_a_voltage_that_is_mapped_as_a_level_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("IMEI,RSSI,Supply voltage\na,-90,12.4\nb,-90,12.1\n", encoding="utf-8")
    text = HEAD + BLOCK.format("").replace("RSSI}", "RSSI, battery: Supply voltage}")
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    scenario, document = load_located(tmp_path / "s.yaml")
    told = [message for _, message in lint_files(facts_of(scenario, document), read_files(scenario).rows)]
    assert any("is called a voltage and read as per cent; write units: {battery: V}" in each for each in told)
