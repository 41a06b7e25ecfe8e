"""Random exports of device portals: the same devices in a plain file with a block, and as some portal writes them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from fota_sim.protocol.readings import dBm_from_csq

HEAD = """\
horizon: 3d
seed: 7
product: {model: {device_model: M, components: [{identifier: app, type: firmware}]}}
packages: [{name: p, component: app, target_version: "2_0", files: [{name: p.bin, size: 50kB}]}]
plan: {packages: [p]}
"""
EXPORTED = datetime(2026, 1, 17, 21, 30)

HEADERS: dict[str, list[str]] = {
    "id": ["IMEI", "Device ID", "deviceId", "Gerätenummer", "Serial Number", "Thing Name"],
    "signal": ["RSSI", "Signal", "Signal strength", "Empfang", "Signalstärke"],
    "battery": ["Battery", "Batterie", "Battery level", "Akku", "batteryLevel", "SoC"],
    "firmware": ["FW", "Firmware", "Firmware version", "fw_version", "Software"],
    "module": ["Model", "Module", "Modul", "Gerätetyp", "Device type"],
    "mains": ["Power", "Stromversorgung", "Power source", "Mains"],
    "seen": ["Last seen", "last_contact", "Letzter Kontakt", "lastConnectedAt", "Zuletzt online"],
    "period": ["Reporting interval", "Meldeintervall", "Report period", "Heartbeat", "Wake-up cycle"],
}
DATES = {
    "iso": "%Y-%m-%d %H:%M",
    "isoT": "%Y-%m-%dT%H:%M:%SZ",
    "dotted": "%d.%m.%Y %H:%M",
    "slashed": "%d/%m/%Y %H:%M:%S",
    "american": "%m/%d/%Y %I:%M %p",
    "named": "%d %b %Y %H:%M",
}
CODES = {"BC66": ["BC66", "BC66-NB", "BC66NB-04-STD"], "BG95": ["BG95", "BG95-M3", "Quectel BG95-M3"]}
PLACES = {
    "utf-8": ["München", "Łódź", "Évry", "東京", "Nord"],
    "cp1252": ["Gießen", "Fürth", "Besançon", "Mérida", "Nord"],
    "cp1250": ["Poznań", "Białystok", "Świdnica", "Nord"],
    "cp1251": ["Новосибирск", "Пермь", "Nord"],
}


@dataclass
class Export:
    """One export."""

    data: bytes
    plain: str
    """The same devices as a plain CSV file."""
    block: dict[str, Any]
    """What reads the plain file."""
    how: dict[str, Any] = field(default_factory=dict)
    """What was chosen, for a message."""
    table: list[list[str]] = field(default_factory=list)
    """The export's rows as texts, header first."""
    header_line: int = 1


def export(seed: int) -> Export:
    """The devices of this seed, written as some portal may."""
    luck = Random(seed)
    how: dict[str, Any] = {
        "signal": luck.choice(["dBm", "dBm", "csq", "rsrp", None]),
        "battery": luck.choice(["%", "%", "share", "V", "mV", None]),
        "dates": luck.choice([*DATES, "unix", "unix_ms", None]),
        "period": luck.choice(["h", "min", "s", "text", None, None]),
        "mains": luck.choice([("Netz", "Batterie"), ("Mains", "Battery"), ("yes", "no"), ("Ja", "Nein"), None]),
        "module": luck.choice([True, False]),
        "encoding": luck.choice([*PLACES, "utf-8-sig", "utf-16"]),
        "delimiter": luck.choice([",", ";", "\t", "|"]),
        "nothing": luck.choice(["", "", "N/A", "-", "NULL", "k. A."]),
        "count": luck.choice([15, 40, 120]),
    }
    how["decimal"] = "," if how["delimiter"] != "," and luck.random() < 0.5 else "."
    devices = [_device(luck, how, k) for k in range(how["count"])]
    if how["dates"] is not None:
        devices[0]["seen"] = EXPORTED
        devices[1]["seen"] = EXPORTED - timedelta(days=50, hours=3)  # 28 November: no month
    columns = _columns(luck, how)
    luck.shuffle(columns)
    table = [[header for header, _ in columns], *([cell(device) for _, cell in columns] for device in devices)]
    data, line = _written(luck, how, table)
    plain, block = _plain(how, devices)
    return Export(data, plain, block, how, table, line)


def _device(luck: Random, how: dict[str, Any], k: int) -> dict[str, Any]:
    maybe = lambda value: None if luck.random() < 0.08 else value  # noqa: E731
    csq = luck.randrange(32)
    volts = luck.randrange(2100, 3800)
    return {
        "id": f"8661234{luck.randrange(10**6):06d}{k % 10}{k // 10:02d}",
        "csq": maybe(csq),
        "dBm": maybe(-luck.randrange(520, 1130) / 10),
        "rsrp": maybe(-luck.randrange(700, 1280) / 10),
        "level": maybe(luck.randrange(15, 1000) / 1000),
        "mV": maybe(volts),
        "firmware": luck.choice(["1_0", "1_1"]),
        "module": luck.choice(["BC66", "BG95"]),
        "mains": luck.random() < 0.3,
        "seen": maybe(EXPORTED - timedelta(days=luck.choice([0, 1, 2, 60]), minutes=luck.randrange(1440))),
        "period_s": maybe(luck.choice([3600, 14400, 43200, 86400])),
        "site": luck.choice(PLACES.get(how["encoding"], PLACES["utf-8"])),
        "note": luck.choice(["", "ok", "Halle 3, Tor 1", "a;b", 'said "x"']),
    }


def _columns(luck: Random, how: dict[str, Any]) -> list[tuple[str, Any]]:
    def text(value: Any) -> str:
        return how["nothing"] if value is None else str(value).replace(".", how["decimal"])

    named = {name: luck.choice(headers) for name, headers in HEADERS.items()}
    if how["encoding"] in ("cp1250", "cp1251"):  # their letters have no umlauts
        named = {name: HEADERS[name][0] for name in named}
    found: list[tuple[str, Any]] = [
        (named["id"], lambda d: d["id"]),
        (named["firmware"], lambda d: d["firmware"]),
        ("Site", lambda d: d["site"]),
        ("Note", lambda d: d["note"]),
    ]
    signal, battery = how["signal"], how["battery"]
    if signal == "csq":
        found.append((luck.choice(["CSQ", "Signal"]), lambda d: "99" if d["csq"] is None else str(d["csq"])))
    elif signal == "rsrp":
        found.append((luck.choice(["RSRP", "RSRP (dBm)"]), lambda d: text(d["rsrp"])))
    elif signal:
        dBm = luck.choice(["", "", " dBm"])
        found.append((named["signal"], lambda d: text(d["dBm"]) + (dBm if d["dBm"] is not None else "")))
    if battery == "%":
        percent = luck.choice(["", " %", "%"])
        found.append(
            (
                named["battery"],
                lambda d: how["nothing"] if d["level"] is None else text(f"{100 * d['level']:.1f}") + percent,
            )
        )
    elif battery == "share":
        found.append((named["battery"], lambda d: text(d["level"])))
    elif battery == "V":
        found.append(
            (
                luck.choice(["Battery (V)", "Vbat", "Battery voltage"]),
                lambda d: text(None if d["mV"] is None else d["mV"] / 1000),
            )
        )
    elif battery == "mV":
        found.append((luck.choice(["Battery (mV)", "Vbat [mV]"]), lambda d: text(d["mV"])))
    if how["module"]:
        found.append((named["module"], lambda d: CODES[d["module"]][int(d["id"][-3:]) % 3]))
    if how["mains"]:
        found.append((named["mains"], lambda d: how["mains"][0 if d["mains"] else 1]))
    if how["dates"]:
        found.append((named["seen"], lambda d: how["nothing"] if d["seen"] is None else _date(d["seen"], how["dates"])))
    if how["period"] == "text":
        found.append(
            (named["period"], lambda d: how["nothing"] if d["period_s"] is None else f"{d['period_s'] // 60} min")
        )
    elif how["period"]:
        factor = {"h": 3600, "min": 60, "s": 1}[how["period"]]
        header = f"{named['period']} ({how['period']})"
        found.append((header, lambda d: how["nothing"] if d["period_s"] is None else str(d["period_s"] // factor)))
    return found


def _date(at: datetime, how: str) -> str:
    if how.startswith("unix"):
        seconds = int((at - datetime(1970, 1, 1)).total_seconds())
        return str(seconds * (1000 if how == "unix_ms" else 1))
    return at.strftime(DATES[how])


def _written(luck: Random, how: dict[str, Any], table: list[list[str]]) -> tuple[bytes, int]:
    encoding = how["encoding"]
    end = luck.choice(["\n", "\r\n"])
    out = io.StringIO()
    trail = luck.choice([0, 0, 2])
    how["trail"] = trail
    writer = csv.writer(
        out,
        delimiter=how["delimiter"],
        lineterminator=end,
        quoting=luck.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]) if not trail else csv.QUOTE_MINIMAL,
    )
    for row in table:
        writer.writerow([*row, *[""] * trail])
        if row is not table[0] and luck.random() < 0.03:
            out.write(end)
    before = luck.choice([[], [], ["Fleet export"], ["Portal 4.2", "as of: today, all devices", ""]])
    how["before"] = len(before)
    return (end.join([*before, out.getvalue()])).encode(encoding), len(before) + 1


def _plain(how: dict[str, Any], devices: list[dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    cells: dict[str, Any] = {"id": lambda d: d["id"], "firmware": lambda d: d["firmware"]}
    block: dict[str, Any] = {"name": "d", "file": "plain.csv"}
    units: dict[str, str] = {}
    if how["signal"]:
        cells["rssi"] = {
            "csq": lambda d: None if d["csq"] is None else dBm_from_csq(d["csq"]),
            "rsrp": lambda d: d["rsrp"],
            "dBm": lambda d: d["dBm"],
        }[how["signal"]]
        units |= {"rssi": "rsrp"} if how["signal"] == "rsrp" else {}
    if how["battery"] in ("%", "share"):
        cells["battery"] = lambda d: None if d["level"] is None else f"{100 * d['level']:.1f}"
    elif how["battery"]:
        cells["battery"] = lambda d: None if d["mV"] is None else f"{d['mV'] / 1000:.3f}"
        units["battery"] = "V"
    if how["module"]:
        cells["module"] = lambda d: d["module"]
    if how["mains"]:
        cells["mains"] = lambda d: "yes" if d["mains"] else "no"
    if how["dates"]:
        cells["last_contact"] = lambda d: None if d["seen"] is None else d["seen"].strftime("%Y-%m-%dT%H:%M:%SZ")
        block |= {"as_of": EXPORTED.isoformat() + "Z", "gone_after": "30d"}
    if how["period"]:
        cells["contact_every"] = lambda d: None if d["period_s"] is None else f"{d['period_s']}s"
        block["contact"] = {"pattern": "wake"}
    if not how["module"]:
        block["module"] = "BC66"
    block |= {"columns": {name: name for name in cells}, **({"units": units} if units else {})}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(cells)
    writer.writerows(["" if (value := cell(d)) is None else value for cell in cells.values()] for d in devices)
    return out.getvalue(), block
