"""Random files beside a scenario: CSV fleets and lists of devices."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from scenarios_dice import Dice

from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.scenario.device_rows.cells import MAPPABLE

Entry = dict[str, Any]

FURTHER = {"shelf": ("1", "2", "-3.5", ""), "note": ("spare", "x y", 'a "quoted", one', ""), "cell": ("k1", "k2", "")}
"""Columns that may be there without being mapped, and their cells; what is mapped may have taken the name."""
FURTHER_ATOMS = {"shelf": ("shelf > 1", "shelf in [1, 2]"), "note": ('note == "x y"',), "cell": ('csv_cell == "k1"',)}
"""Conditions over them."""

_HEADERS = {"id": "IMEI", "rssi": "Signal (dBm)", "battery": "batt %", "hardware": "HW rev.", "firmware": "FW"}
_IDS = ("{name}-{row}", "{name} no. {row}", "8673{name[1]}{row:04d}", "Gerät {name}_{row}", "{name},{row}")


def _cells(
    dice: Dice, attribute: str, modules: Sequence[str], radios: Sequence[str], hosts: Sequence[str]
) -> list[str]:
    """What a cell of a mapped column may hold; empty among it."""
    mild = {
        "rssi": ["-70", "-85dBm", "-95.5"],
        "rssi_sd": ["0", "2dB"],
        "battery": ["100", "80%"],
        "capacity": ["2000", "2.4Ah"],
        "temperature": ["20", "35C"],
        "mains": ["yes", "0", "True", "n"],
        "hardware": ["A", "B", "C"],
        "cell": ["c1", "c2", "7"],
        "time_zone": ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"],
        "module": [*modules],
        "radio": [*radios],
        "host": [*hosts],
        "chemistry": [*CHEMISTRIES],
        "gone": ["yes", "no"],
        "last_contact": ["2026-01-04 10:00", "2025-06-01T09:00:00Z", "31 Dec 2025"],
        "contact_every": ["6h", "24h", "90 min", "1:30"],
        "t3412": ["24h", "10h", "00100001", "1200s"],
        "t3324": ["20s", "0s", "00000101", "10min"],
        "edrx": ["81.92s", "0010", "2621.44s"],
    }
    cells = mild.get(attribute, ["1_0"])
    if dice.has("batteries"):
        cells += {"battery": ["0", "3", "30"], "capacity": ["1", "8mAh"], "temperature": ["-25", "0"]}.get(
            attribute, []
        )
    if dice.has("signal"):
        cells += {"rssi": ["-120", "-110", "-100dBm"], "rssi_sd": ["12"]}.get(attribute, [])
    if dice.has("versions") and attribute not in mild:
        cells = ["1_0", "1_0", "1_1", "2_0"]
    return [*cells, ""]


def csv_fleet(
    dice: Dice, own: Entry, mcus: Sequence[str], modules: Sequence[str], radios: Sequence[str], hosts: Sequence[str]
) -> list[str]:
    """Make of a group's fields, ``own``, those of a CSV fleet, with its file; the ids in it."""
    name = own["name"]
    rows = own.pop("count")
    ids = [dice.pick(*_IDS).format(name=name, row=row) for row in range(rows)]
    mapped = ["id", *dice.some([*MAPPABLE[1:], *(f"mcu:{mcu}" for mcu in mcus)], low=0)]
    if dice.once_in(4):
        mapped = ["id", *MAPPABLE[1:], *(f"mcu:{mcu}" for mcu in mcus)]
    columns = {each: _HEADERS.get(each, each) if dice.once_in(2) else each for each in mapped}
    table = {columns[each]: _cells(dice, each, modules, radios, hosts) for each in mapped if each != "id"}
    versions = {columns[each] for each in mapped if each == "firmware" or each.startswith("mcu:")}
    if "hardware" in columns and "cell" in columns and dice.once_in(3):
        del table[columns["cell"]]
        columns["cell"] = columns["hardware"]
    if dice.once_in(2):
        own.setdefault("attributes", {})
        table["site"] = ["north", "east", ""]
    for header, cells in FURTHER.items():
        if header not in table and dice.once_in(2):
            table[header] = [*cells]
            dice.atoms += FURTHER_ATOMS[header]
    _in_other_units(dice, own, columns, table)
    lines = [[columns["id"], *table]]
    for row, device in enumerate(ids):  # the first runs what every package takes
        lines.append(
            [device, *("1_0" if header in versions and not row else dice.pick(*table[header]) for header in table)]
        )
    own |= {"file": f"{name}.csv", "columns": columns}
    if "last_contact" in columns:
        own |= {"as_of": dice.pick("2026-01-05", "2026-01-05T08:00:00+02:00"), "gone_after": dice.pick("30d", "365d")}
    if {"contact_every", "t3412", "t3324"} & set(columns):
        own["contact"] = {**own.get("contact", {}), "pattern": "wake"}
    if {"t3412", "t3324", "edrx"} & set(columns) or own.get("contact", {}).get("sleep"):
        in_psm = own.setdefault("contact", {}).get("pattern") == "wake"
        psm = {"t3412": "10h", "t3324": "20s"} if in_psm else {}
        edrx = {"edrx": "20.48s"} if not in_psm or "edrx" in columns else {}
        own["contact"] = {**own["contact"], "sleep": {**psm, **edrx, **own["contact"].get("sleep", {})}}
        own["contact"].pop("linger", None)
    dice.sometimes(own, "delimiter", ";", "\t", "|", once_in=3)
    if dice.once_in(4):
        own["limit"] = dice.number(1, rows + 3)
        ids = ids[: own["limit"]]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=own.get("delimiter", ","), lineterminator=dice.pick("\n", "\r\n"))
    writer.writerows(lines)
    dice.files[own["file"]] = dice.pick("", "", "\ufeff") + text.getvalue() + dice.pick("", "\n")
    return ids


def _in_other_units(dice: Dice, own: Entry, columns: dict[str, str], table: dict[str, list[str]]) -> None:
    """Signals as RSRP and batteries in volts."""
    if "rssi" in columns and dice.once_in(4):
        own["units"] = {"rssi": "rsrp"}
        dice.sometimes(own, "rsrp_offset", "8dB", "0dB")
        table[columns["rssi"]] = ["-80", "-110", "-125dBm", ""]
    if "battery" in columns and dice.once_in(4):
        own["units"] = {**own.get("units", {}), "battery": "V"}
        table[columns["battery"]] = ["3.6", "3.0", "3.9V", "2500mV", ""]
        if dice.once_in(2):
            own["battery_volts"] = [["2V", "0%"], ["3.6V", "20%"], ["3.6V", "100%"]]


def list_file(dice: Dice, ids: Sequence[str]) -> str:
    """The name of a file that lists some of the devices."""
    name = f"list{len(dice.files)}.txt"
    listed = dice.some(ids, low=0, high=5)
    said = [dice.pick(each, f"  {each}", f"{each}  # why", f"# those of today\n{each}", f"{each}\n") for each in listed]
    dice.files[name] = dice.pick("\n", "\r\n").join(said) + dice.pick("\n", "")
    return name
