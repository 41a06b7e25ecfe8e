"""JSON of platforms becomes a table: each device a row, what is nested a column, all devices and nothing else."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_inspect_guesses import look

from fota_sim.cli.main import exit_code
from fota_sim.errors import ScenarioError
from fota_sim.scenario.inspect.json_table import read_json_table

NAMES = [f"86123405{k:07d}" for k in range(12)]
AT_MS = 1767600000000


def reported(k: int) -> dict[str, Any]:
    return {"rssi": -80 - k, "battery": 30 + k}


AWS = {
    "things": [
        {
            "thingName": name,
            "thingId": str(k),
            "attributes": {"site": "north"},
            "shadow": json.dumps({"reported": reported(k)}),
            "connectivity": {"connected": True, "timestamp": AT_MS + k},
        }
        for k, name in enumerate(NAMES)
    ],
    "nextToken": None,
}
AZURE = [
    {
        "deviceId": name,
        "status": "enabled",
        "lastActivityTime": "2026-01-05T08:00:00Z",
        "properties": {"desired": {"$version": 1}, "reported": {**reported(k), "$metadata": {"rssi": {}}}},
        "tags": {},
    }
    for k, name in enumerate(NAMES)
]
HAWKBIT = {
    "content": [
        {"controllerId": name, "lastControllerRequestAt": AT_MS, **reported(k), "_links": {"self": {"href": "x"}}}
        for k, name in enumerate(NAMES)
    ],
    "total": len(NAMES),
    "size": len(NAMES),
}
MENDER = [
    {
        "id": name,
        "attributes": [{"name": key, "value": value, "scope": "inventory"} for key, value in reported(k).items()],
        "updated_ts": "2026-01-05T08:00:00Z",
    }
    for k, name in enumerate(NAMES)
]
KAFKA = [{"ts": AT_MS + k, "imei": name, "modem": reported(k)} for k, name in enumerate(NAMES)]


def lines(objects: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(each) + "\n" for each in objects)


EXPORTS = {
    "fleet index of AWS": json.dumps(AWS, indent=4),
    "device twins of Azure": json.dumps(AZURE),
    "targets of hawkBit": json.dumps(HAWKBIT),
    "inventory of Mender": json.dumps(MENDER),
    "topic of Kafka": lines(KAFKA),
    "query of Azure, a line each": lines(AZURE),
}


@pytest.mark.parametrize("platform", EXPORTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_export_becomes_a_table_that_inspect_understands(platform: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "export.json").write_bytes(EXPORTS[platform].encode(encoding))
    found = look(tmp_path, read_json_table([tmp_path / "export.json"]).text())
    assert found.problems == []
    assert {"id", "rssi", "battery"} <= found.findings.block["columns"].keys()
    (ids,) = [each for each in found.table.columns if each.header == found.findings.block["columns"]["id"]]
    assert [*ids.cells] == NAMES


def test_pages_go_together_and_the_command_says_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    halves = [HAWKBIT | {"content": HAWKBIT["content"][:7]}, HAWKBIT | {"content": HAWKBIT["content"][7:]}]  # type: ignore[index]
    files = [str(tmp_path / f"page{k}.json") for k in range(2)]
    for file, half in zip(files, halves, strict=True):
        Path(file).write_text(json.dumps(half), encoding="utf-8")
    out = str(tmp_path / "t.csv")
    assert exit_code(["fleet", "inspect", files[0]]) == 2
    assert "is JSON and no table" in (told := capsys.readouterr().err)
    assert "fota-sim fleet table FILE -o FILE.csv" in told
    assert exit_code(["fleet", "table", *files, "-o", out]) == 0
    assert "12 rows, 4 columns. Next: fota-sim fleet inspect" in capsys.readouterr().err
    assert exit_code(["fleet", "inspect", out]) == 0
    assert exit_code(["fleet", "table", *files, "-o", out]) == 2
    assert "exists already" in capsys.readouterr().err
    assert exit_code(["fleet", "table", *files, "-o", str(tmp_path)]) == 2
    assert "is a folder; name a file in it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "holds no objects of devices"),
        ('[{"id": "a"}, 7]', "7 and no object of fields"),
        ('{"id": "a"', "is no JSON here"),
        ('{"id": "a"}\n{"id": \n', "is no JSON in this line"),
        ("id,rssi\na,-90\n", "is no JSON here"),
    ],
)
def test_what_is_no_json_of_devices_is_told(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=words):
        read_json_table([tmp_path / "f.json"])


def test_lists_of_objects_are_left_out_and_said(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text('[{"id": "a", "sims": [{"iccid": "8"}], "tags": ["x", "y"]}]', encoding="utf-8")
    found = read_json_table([tmp_path / "f.json"])
    assert found.rows == [{"id": "a", "tags": "x;y"}]
    assert [*found.remarks()] == ["Lists of objects are no cells and are left out: 'sims'."]


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False)
OBJECTS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), VALUES | st.dictionaries(st.sampled_from("xyz"), VALUES, max_size=3), min_size=1
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(objects=st.lists(OBJECTS, min_size=1, max_size=6), by_line=st.booleans())
def test_every_object_is_a_row_with_every_value_in_it(
    objects: list[dict[str, Any]], by_line: bool, tmp_path: Path
) -> None:
    (tmp_path / "f.json").write_text(lines(objects) if by_line else json.dumps(objects), encoding="utf-8")
    table = read_json_table([tmp_path / "f.json"])
    written = [*csv.reader(io.StringIO(table.text(), newline=""))] if table.columns else []
    assert len(table.rows) == len(objects)
    for row, cells in zip(table.rows, written[1:], strict=False):
        assert cells == [re.sub(r"\r\n|\r|\n", " ", row.get(name, "")) for name in table.columns]
    assert not written or len(written) == len(objects) + 1
    for row, each in zip(table.rows, objects, strict=True):
        flat = {
            f"{key}.{inner}" if inner else key: value
            for key, outer in each.items()
            for inner, value in (outer.items() if isinstance(outer, dict) else [("", outer)])
        }
        assert row.keys() == flat.keys()
        assert all(row[name] == str(value) for name, value in flat.items() if type(value) in (int, str))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_json_that_is_no_utf_8_is_read_and_said(encoding: str, tmp_path: Path) -> None:
    text = "".join(json.dumps({"id": name, "site": "Gerätehaus Süd"}, ensure_ascii=False) + "\n" for name in NAMES)
    (tmp_path / "f.json").write_bytes(text.encode(encoding))
    found = read_json_table([tmp_path / "f.json"])
    assert [row["site"] for row in found.rows] == ["Gerätehaus Süd"] * len(NAMES)
    said = [] if "utf-8" in encoding else [f"{tmp_path / 'f.json'} is read as {encoding}."]
    assert [*found.remarks()] == said


@pytest.mark.parametrize(("encoding", "words"), [("utf-8", "holds the byte 0xE4"), ("utf-16-le", "is none here")])
def test_letters_of_json_that_cannot_be_read_are_told_and_not_replaced(
    encoding: str, words: str, tmp_path: Path
) -> None:
    text = lines([{"id": str(k), "site": "x" * 100} for k in range(12_000)])
    broken = b"\xe4\xdc" if encoding == "utf-8" else b"\x00\xdc"
    (tmp_path / "f.json").write_bytes(text.encode(encoding) + broken + text.encode(encoding))
    with pytest.raises(ScenarioError, match=rf"f.json:12\d+:1: .*{words}"):
        read_json_table([tmp_path / "f.json"])
