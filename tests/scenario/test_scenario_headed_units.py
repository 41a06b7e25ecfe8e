"""The unit that a column's name says is the one its numbers are read in, or it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_world import changed

from fota_sim.errors import ScenarioError
from fota_sim.fleet.files import read_files
from fota_sim.scenario.inspect.headed_units import other_signal, other_unit
from fota_sim.scenario.lint import facts_of
from fota_sim.scenario.lint.files import lint_files
from fota_sim.scenario.loader import load_located, parse_scenario

UNITS = {"battery": ("%", "V", "mV"), "capacity": ("mAh", "Ah")}
CELLS = {"rssi": "-97", "battery": "80", "capacity": "38", "temperature": "21"}
NAMES = {
    ("rssi", "Signal (%)"): "%",
    ("battery", "Battery (mAh)"): "mAh",
    ("battery", "Battery_Wh"): "Wh",
    ("capacity", "Capacity [Ah]"): "Ah",
    ("capacity", "Capacity (Wh)"): "Wh",
    ("temperature", "Temp (°F)"): "°F",
    ("temperature", "temp_f"): "F",
    ("temperature", "Temp (0.1C)"): "tenths",
}


def told(folder: Path, attribute: str, header: str, cell: str, units: str = "") -> list[str]:
    (folder / "f.csv").write_text(f"id,{header}\na,{cell}\nb,{cell}\n", encoding="utf-8")
    said = f", units: {{{attribute}: {units}}}" if units else ""
    block = f'  csv: [{{name: c, file: f.csv, columns: {{id: id, {attribute}: "{header}"}}{said}}}]\n  groups:'
    (folder / "s.yaml").write_text(changed("  groups:", block), encoding="utf-8")
    scenario, document = load_located(folder / "s.yaml")
    found = lint_files(facts_of(scenario, document), read_files(scenario).rows)
    return [message for where, message in found if where[-2:] == ("columns", attribute)]


@pytest.mark.parametrize(("attribute", "header"), NAMES)
def test_a_name_that_says_another_unit_is_told(attribute: str, header: str, tmp_path: Path) -> None:
    (message,) = told(tmp_path, attribute, header, CELLS[attribute])
    assert message.startswith(f"'{header}' says {NAMES[attribute, header]}")


def test_what_would_do_is_a_unit_that_can_be_told_and_then_it_is_quiet(tmp_path: Path) -> None:
    (message,) = told(tmp_path, "capacity", "Capacity (Ah)", "38")
    assert message.endswith("write units: {capacity: Ah}")
    assert told(tmp_path, "capacity", "Capacity (Ah)", "38", "Ah") == []
    (message,) = told(tmp_path, "battery", "Batteriespannung (V)", "3.6")
    assert message.endswith("write units: {battery: V}")


@pytest.mark.parametrize(("header", "cell"), [("Capacity (Ah)", "19Ah"), ("Capacity (Wh)", "19000mAh")])
def test_numbers_that_say_their_unit_themselves_are_in_that_whatever_the_name(
    header: str, cell: str, tmp_path: Path
) -> None:
    assert told(tmp_path, "capacity", header, cell) == []


@pytest.mark.parametrize(
    ("header", "words"), [("RSRP (dBm)", "write units: {rssi: rsrp}"), ("SNR", "no level"), ("rsrq_dB", "no level")]
)
def test_another_quantity_than_a_level_of_the_signal_is_told(header: str, words: str, tmp_path: Path) -> None:
    assert any(words in message for message in told(tmp_path, "rssi", header, "-97"))
    assert told(tmp_path, "rssi", "RSRP", "-97", "rsrp") == []


@given(st.sampled_from([(attribute, unit) for attribute, units in UNITS.items() for unit in units]), st.data())
def test_a_name_with_the_unit_that_is_read_says_nothing_else(which: tuple[str, str], data: Any) -> None:
    attribute, unit = which
    shapes = ["Battery ({})", "Battery [{}]", "battery {}"] + (["battery_{}"] if unit != "%" else [])
    shape = data.draw(st.sampled_from(shapes))
    assert other_unit(attribute, shape.format(unit), unit) == ""
    other = data.draw(st.sampled_from([each for each in UNITS[attribute] if each != unit]))
    if (unit, other) != ("mV", "V"):  # thousands of volts are millivolts
        assert other_unit(attribute, shape.format(other), unit) == other


@given(st.text(max_size=20))
def test_any_header_has_an_answer(header: str) -> None:
    for attribute in CELLS:
        assert isinstance(other_unit(attribute, header, ""), str)
    assert isinstance(other_signal(header, "dBm"), str)


def test_ah_are_a_thousand_mah(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("id,cap\na,8.5\nb,19Ah\nc,2450mAh\n", encoding="utf-8")
    block = "  csv: [{name: c, file: f.csv, columns: {id: id, capacity: cap}, units: {capacity: Ah}}]\n  groups:"
    scenario = parse_scenario(changed("  groups:", block), tmp_path / "s.yaml")
    (rows,) = read_files(scenario).rows.values()
    assert rows.mapped["capacity"] == [8500.0, 19000.0, 2450.0]


@pytest.mark.parametrize(
    ("attribute", "cell", "words"),
    [
        ("mains", "ja", "say what it means: values: {mains: {'ja': \"yes\"}}"),
        ("gone", "x", "values: {gone: {'x': \"yes\"}}"),
        ("rssi", "-972", "tenths of dBm? Export dBm"),
    ],
)
def test_what_would_do_about_a_cell(attribute: str, cell: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(f"id,c\na,{cell}\n", encoding="utf-8")
    block = f"  csv: [{{name: c, file: f.csv, columns: {{id: id, {attribute}: c}}}}]\n  groups:"
    with pytest.raises(ScenarioError) as caught:
        read_files(parse_scenario(changed("  groups:", block), tmp_path / "s.yaml"))
    assert words in caught.value.problems[0].message


@pytest.mark.parametrize(("mark", "words"), [(b"\xef\xbb\xbf", "UTF-8 text"), (b"\xff\xfe", "UTF-16 text")])
def test_a_file_whose_mark_says_another_encoding_than_is_told(mark: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(mark + b"id\na\n")
    block = "  csv: [{name: c, file: f.csv, encoding: cp1252, columns: {id: id}}]\n  groups:"
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(changed("  groups:", block), tmp_path / "s.yaml")
    assert f"begins with the mark of {words}" in caught.value.problems[0].message
