"""A fleet file as it was exported is read the same as a plain one, once the scenario says how it is written."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from scenario_world import changed

from fota_sim.errors import ScenarioError
from fota_sim.fleet.files import read_files
from fota_sim.scenario.device_rows.rows import DeviceRows
from fota_sim.scenario.loader import parse_scenario

COLUMNS = "{id: IMEI, rssi: Signal, battery: Level, mains: Power, module: Type, firmware: FW}"
PLAIN = "IMEI,Signal,Level,Power,Type,FW,Höhe,Ort\n"


def _read(folder: Path, data: bytes, fields: str = "") -> DeviceRows:
    (folder / "f.csv").write_bytes(data)
    said = f"  csv: [{{name: c, file: f.csv, columns: {COLUMNS}{fields}}}]\n  groups:"
    return read_files(parse_scenario(changed("  groups:", said), folder / "my.yaml")).rows["c"]


def _rows(luck: Random, count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"86{luck.randrange(10**13):013d}",
            "csq": luck.choice([None, *range(32)]),
            "level": luck.choice([None, *(k / 1000 for k in range(1001))]),
            "mains": luck.choice([None, True, False]),
            "module": luck.choice([None, "BC66", "BG95"]),
            "firmware": "1_0",
            "height": luck.choice([None, luck.randrange(-50, 5000) / 10]),
            "place": luck.choice([None, "München", "Évry", "Nord"]),
        }
        for _ in range(count)
    ]


def _plain(rows: list[dict[str, Any]]) -> bytes:
    def cell(value: Any) -> str:
        return "" if value is None else str(value)

    lines = [
        [
            row["id"],
            cell(None if row["csq"] is None else -113 + 2 * row["csq"]),
            cell(None if row["level"] is None else f"{100 * row['level']:.1f}"),
            cell({None: None, True: "yes", False: "no"}[row["mains"]]),
            cell(row["module"]),
            row["firmware"],
            cell(row["height"]),
            cell(row["place"]),
        ]
        for row in rows
    ]
    return (PLAIN + "".join(",".join(line) + "\n" for line in lines)).encode()


def _exported(rows: list[dict[str, Any]], encoding: str, delimiter: str, nothing: str) -> bytes:
    """As a portal in Germany may write it."""

    def cell(value: Any) -> str:
        return nothing if value is None else str(value).replace(".", ",")

    lines = [
        [
            row["id"],
            "99" if row["csq"] is None else str(row["csq"]),
            cell(row["level"]),
            cell({None: None, True: "Netz", False: "Batterie"}[row["mains"]]),
            cell({None: None, "BC66": "BC66-NB", "BG95": "BG95-M3"}[row["module"]]),
            row["firmware"],
            cell(row["height"]),
            cell(row["place"]),
        ]
        for row in rows
    ]
    head = PLAIN.strip().split(",")
    text = "Portal 4.2\r\nStand: heute\r\n" + "".join(delimiter.join(line) + "\r\n" for line in [head, *lines])
    return text.encode(encoding)


@pytest.mark.parametrize("seed", range(20))
def test_what_a_portal_exports_is_read_as_if_it_were_plain(seed: int, tmp_path: Path) -> None:
    luck = Random(seed)
    rows = _rows(luck, 40)
    encoding = luck.choice(["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le"])
    delimiter, nothing = luck.choice([";", "\t", "|"]), luck.choice(["", "N/A", "k. A.", "NULL"])
    fields = (
        f', delimiter: "{delimiter}", encoding: {encoding}, header: 3, decimal: ",", missing: [n/a, k. A., "Null"]'
        ', units: {rssi: csq, battery: share}, values: {mains: {Netz: "yes", Batterie: "no"}'
        ", module: {BC66-NB: BC66, BG95-M3: BG95}}"
    ).replace("\t", "\\t")
    told = _read(tmp_path, _exported(rows, encoding, delimiter, nothing), fields)
    plain = _read(tmp_path, _plain(rows))
    assert told.mapped.pop("battery") == pytest.approx(plain.mapped.pop("battery"))
    assert told.mapped == plain.mapped
    assert told.further == plain.further


@pytest.mark.parametrize(
    ("data", "fields", "words"),
    [
        ("IMEI,Signal,Level,Power,Type,FW\na,32,50,yes,BC66,1\n", ", units: {rssi: csq}", "0 to 31, or 99"),
        (
            "IMEI,Signal,Level,Power,Type,FW\na,-93,50,yes,BC66,1\n",
            ", units: {rssi: csq}",
            "One unit holds for the whole",
        ),
        (
            'IMEI,Signal,Level,Power,Type,FW\na,"18,99",50,yes,BC66,1\n',
            "",
            "bit error rate behind it, and no level in dBm",
        ),
        ("IMEI,Signal,Level,Power,Type,FW\na,18,50,yes,BC66,1\n", "", "csq}, or -77 in a column of dBm"),
        ("IMEI,Signal,Level,Power,Type,FW\nTotal,2,50,yes,BC66,1\n", "", "Remove it, or write leave_out: ['Total']"),
        ('IMEI,Signal,Level,Power,Type,FW\na,"-90.5",50,yes,BC66,1\n', ', decimal: ","', "has a point"),
        ("IMEI,Signal,Level,Power,Type,FW\na,-90,1.5,yes,BC66,1\n", ", units: {battery: share}", "outside 0% to 100%"),
        ("IMEI,Signal,Level,Power,Type,FW\na,-90,50,Ja,BC66,1\n", "", "write yes, no"),
        ("IMEI,Signal,Level,Power,Type,FW\na,-90,50,yes,BG95-M3,1\n", "", "values: {module: {...: ...}}"),
        ("IMEI,Signal,Level,Power,Type,FW\na,-90,50,yes,BC66,1\n", ", encoding: utf-16", "is no text in utf-16"),
        ("IMEI,Signal,Level,Power,Type,FW\na,-90,50,yes,BC66,1\n", ", encoding: rot13", "no encoding of text"),
        ("x\n", ", values: {cell: {a: b}}", "'cell' is not mapped to a column"),
    ],
)
def test_what_is_told_wrong_is_answered_with_what_would_do(data: str, fields: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        _read(tmp_path, data.encode(), fields)
    assert words in str(error.value)
