"""Good inputs, and ways to spoil them: characters, lines, cells, values. All luck comes from one ``random.Random``."""

from __future__ import annotations

import copy
import json
import re
import string
from random import Random
from typing import Any

from fota_sim.scenario.libraries import builtin

SCENARIO: dict[str, Any] = {
    "name": "hostile",
    "description": "Six meters and a file, for an afternoon",
    "start": "2026-01-05T08:00:00",
    "time_zone": "Europe/Berlin",
    "horizon": "3h",
    "seed": 7,
    "product": {
        "model": {
            "device_model": "M1",
            "components": [{"identifier": "app", "type": "firmware"}, {"identifier": "stm", "type": "mcu"}],
        }
    },
    "packages": [
        {
            "name": "app-2",
            "component": "app",
            "kind": "delta",
            "source_version": "1_0",
            "target_version": "2_0",
            "files": [{"name": "app-2.bin", "size": "20kB"}],
            "defects": [{"where": 'hardware == "B" and rssi < -80dBm', "effect": "boot_failure", "probability": "50%"}],
        },
        {"name": "stm-2", "component": "stm", "target_version": "2", "files": [{"name": "s.bin", "size": "2kB"}]},
    ],
    "plan": {
        "packages": ["app-2", "stm-2"],
        "push_period": "08:00-12:00",
        "strategy": {"min_battery": "30%", "min_signal": "-105dBm", "enforced_by": "platform"},
        "blacklist": {"ids": ["g-1"], "where": 'site == "lab" or floor > 3'},
        "operator": [{"at": "1h", "do": "suspend"}, {"at": "2h", "do": "resume"}],
        "rollout": {
            "waves": [
                {"name": "first", "count": 3},
                {"share": "50%", "opens": {"success": "50%", "deadline": "1h"}},
                {},
            ],
            "abort": [{"on": ["upgrade"], "share": "20%", "minimum": 3}],
            "concurrency": {"devices": 3},
        },
    },
    "fleet": {
        "groups": [
            {
                "name": "g",
                "count": 6,
                "module": "BC66",
                "hardware": {"A": "50%", "B": "50%"},
                "mcu": {"stm": "1"},
                "rssi": {"normal": {"mean": "-90dBm", "sd": "6dB"}, "max": "-60dBm"},
                "attributes": {"site": {"lab": "30%", "roof": "70%"}},
                "contact": {"pattern": "always", "spread": "5min", "request_every": "30min"},
            }
        ],
        "csv": [
            {
                "name": "f",
                "file": "fleet.csv",
                "columns": {"id": "serial", "rssi": "dbm", "battery": "level", "firmware": "fw", "mcu:stm": "board"},
                "host": "lenient",
            }
        ],
    },
    "thresholds": ["bricked < 1%"],
}

CSV = """serial,dbm,level,fw,board,site,floor
m1,-90,80,1_0,1,lab,1
m2,-101.5,,1_0,1,,2
m3,,12,1_1,,roof,
"m,4",-80 dBm,55 %,1_0,1,"the ""old"" one",10
"""

LIST = "g-1  # the one on the roof\n\n# whole line\nm1\nm3\n"

FURTHER: dict[str, list[Any]] = {
    "plan.mode": ["manual"],
    "plan.push": [False],
    "plan.push_grid": ["0s", "1s", "10min"],
    "plan.starts": ["0s", "30min", "4h"],
    "plan.ends": ["1s", "1h", "9d"],
    "plan.preset": ["aws-iot-jobs", "mender", "hawkbit", "nope"],
    "plan.user_confirm_share": ["0%", "50%"],
    "plan.whitelist": [{"where": "mains == true"}, {"where": "battery < 0%"}, {"ids": ["m1"]}, {"file": "fleet.csv"}],
    "plan.rollout.rate": [{"devices": 1, "every": "1min"}, {"devices": 1, "every": "1min", "pacing": "pack"}],
    "plan.rollout.cell_concurrency": [{"devices": [0, 0, 0], "unknown": 0}, {"devices": [1, 1, 1]}],
    "plan.rollout.timeouts": [
        {"ack": "1s"},
        {"download": "1s", "report": "1min"},
        {"online": "1h", "in_progress": "1h"},
    ],
    "plan.rollout.retry": [[], [{"on": ["download"], "count": 2}]],
    "plan.rollout.maintenance": [{"hours": "01:00-02:00"}, {"hours": "09:00-10:00", "zone": "plan"}],
    "plan.rollout.waves": [[], [{"devices": {"where": 'group == "g"'}}, {}], [{}] * 3],
    "plan.operator": [
        [{"at": "1s", "do": "terminate"}],
        [{"at": "1h", "do": "cancel", "devices": {"where": "rssi < 0dBm"}}],
    ],
    "fleet.groups.0.count": [0, 1, 25, 16_000_000],
    "fleet.groups.0.module": ["FC41D", "EC200U"],
    "fleet.groups.0.gone": ["100%", "0%"],
    "fleet.groups.0.churn": ["99%"],
    "fleet.groups.0.battery_level": ["0%", {"beta": {"a": 1, "b": 2}}],
    "fleet.groups.0.contact": [{"pattern": "wake", "every": "1h"}, {"pattern": "daily", "hours": "08:00-09:00"}],
    "fleet.groups.0.joins": ["1h", {"uniform": ["0s", "3d"]}],
    "fleet.groups.0.time_zone": ["Asia/Tokyo", {"Asia/Kathmandu": "50%", "UTC": "50%"}],
    "fleet.groups.0.attributes": [{"wave": "x"}, {"a b": "x"}, {"stm": "1"}],
    "fleet.csv.0.columns": [{"id": "serial"}, {"id": "serial", "rssi": "dbm", "hardware": "dbm"}, {"id": "floor"}],
    "fleet.csv.0.limit": [1, 2],
    "fleet.csv.0.delimiter": [";", "\t", '"', ""],
    "packages.0.files": [[{"name": ".bin", "size": "1B"}], [{"name": "A.ZIP", "size": "90MB"}]],
    "packages.0.target_version": ["1_0"],
    "packages.0.source_version": ["2_0", 'a"b'],
    "network.server.egress": ["1B/s"],
    "seed": [0, 2**63 - 1],
    "horizon": ["1s", "1ms", "12h"],
    "start": ["2026-03-29T01:30:00", "9999-12-31T23:00:00", "0001-01-01"],
}
"""Fields that the scenario above leaves out, or says otherwise, by their path."""

NASTY = [
    "", " ", "~", "null", "true", "no", "nan", "-inf", ".inf", ".nan", "0", "-1", "1", "99", "1e999", "-1e-999",
    "0x1F", "0o7", "1_0", "1:30", "2026-02-30", "2026-01-05", "9" * 60, "9" * 5000, "x" * 300, "x" * 30_000, "'",
    '"', '"""', "`", "\\", "\n", "\r", "\t", "\0", "\x1b[2J", "\x7f", "\u2028", "\u00e4", "\ud800", "\U0001f680",
    "[", "]", "{", "}", "[]", "{}", "&a", "*a", "<<", "!!python/object:os.system", "!x", "- ", ": ", "#", ",", ";",
    "%", "0%", "100%", "101%", "30 %", "-5%", "-95dBm", "-95,5", "3h", "0s", "-3h", "1000000d", "1e300d", "0.0001s",
    "5kB", "0B", "N/A", "18", "8.6E+14", "../x", "/", "hardware == 2", '"a b" == "c"', "not not known(rssi)",
    "(" * 200, "a in [" + "1," * 50 + "2]", "host", "group", "csv_rssi",
]  # fmt: skip
"""What people, programs and cats type."""

_VALUES: list[Any] = [None, True, False, 0, -1, 1, 3, 10**30, 0.5, -0.0, 1e308, [], {}, [[]], [None], {"a": None}, "x"]


def spoiled_text(good: str, luck: Random) -> str:
    """A text with one to four changes of characters or lines."""
    text = good
    for _ in range(luck.randint(1, 4)):
        text = _TEXT[luck.randrange(len(_TEXT))](text, luck)
    return text


def _at(text: str, luck: Random) -> int:
    return luck.randint(0, len(text))


def _insert(text: str, luck: Random) -> str:
    at = _at(text, luck)
    return text[:at] + luck.choice(NASTY) + text[at:]


def _cut(text: str, luck: Random) -> str:
    at = _at(text, luck)
    return text[:at] + text[at + luck.randint(1, 40) :]


def _replace(text: str, luck: Random) -> str:
    at = _at(text, luck)
    return text[:at] + luck.choice(string.printable) + text[at + 1 :]


def _end(text: str, luck: Random) -> str:
    return text[: _at(text, luck)]


def _lines(text: str, luck: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    here, there = luck.randrange(len(lines)), luck.randrange(len(lines))
    match luck.randrange(3):
        case 0:
            lines[here], lines[there] = lines[there], lines[here]
        case 1:
            lines.insert(there, lines[here])
        case _:
            lines[here] = lines[here] * luck.randint(2, 30)
    return "".join(lines)


def _word(text: str, luck: Random) -> str:
    """Another word in place of one, wherever it stands."""
    words = text.replace(",", " ").split()
    return text.replace(luck.choice(words), luck.choice(NASTY), 1) if words else text


_TEXT = (_insert, _insert, _cut, _replace, _end, _lines, _word, _word)


def spoiled_scenario(luck: Random) -> str:
    """A scenario with one to three values, names or entries spoiled; now and then its text instead."""
    if luck.random() < 0.3:
        return spoiled_text(json.dumps(SCENARIO, indent=1), luck)
    data = copy.deepcopy(SCENARIO)
    gently = luck.random() < 0.5
    for _ in range(luck.randint(1, 3)):
        if luck.random() < 0.4:
            luck.choice([_say, _say, _own])(data, luck)
        elif gently:
            _turn(data, luck)
        else:
            _spoil(data, luck)
    return json.dumps(data)


def _own(data: Any, luck: Random) -> None:
    """A module, radio or host of one's own, with one number far from what anybody built."""
    kind, name, field = luck.choice(
        [
            ("modules", "BC66", "module"),
            ("modules", "EC200U", "module"),
            ("radios", "nb-iot", "radio"),
            ("hosts", "careful", "host"),
        ]
    )
    own = copy.deepcopy(builtin(kind)[name])
    numbers = [key for key, value in own.items() if re.search(r"\d", str(value))]
    if numbers:
        key = luck.choice(numbers)
        extreme = luck.choice(["0", "1e-300", "1e300", "0.001", "1000000", "-1"])
        said = json.loads(re.sub(r"-?\d+(\.\d+)?", extreme, json.dumps(own[key]), count=1))
        own[key] = said
    data[kind] = {"own": own}
    groups = data.get("fleet", {}).get("groups") if isinstance(data.get("fleet"), dict) else None
    if groups and isinstance(groups[0], dict):
        groups[0][field] = "own"


def _say(data: Any, luck: Random) -> None:
    """Say a further field, where there is still a place for it."""
    path = luck.choice(list(FURTHER))
    *steps, last = path.split(".")
    for step in steps:
        data = data[int(step)] if isinstance(data, list) and data else data
        if isinstance(data, dict) and not step.isdigit():
            data = data.setdefault(step, {})
    if isinstance(data, dict):
        data[last] = copy.deepcopy(luck.choice(FURTHER[path]))


def _turn(data: Any, luck: Random) -> None:
    """Another number in place of one, with its unit: wrong, far too large, or as good as before."""
    keys = list(data) if isinstance(data, dict) else list(range(len(data)))
    key = luck.choice(keys or [0])
    value = data[key] if keys else None
    if isinstance(value, dict | list) and value:
        _turn(value, luck)
    elif isinstance(value, int) and not isinstance(value, bool):
        data[key] = luck.choice([0, 1, 2, 3, 7, 50, -1, 10**9])
    elif isinstance(value, str):
        data[key] = re.sub(
            r"\d+", lambda _: luck.choice(["0", "1", "2", "12", "50", "90", "100", "4000", "0.01"]), value, count=1
        )


def _spoil(data: Any, luck: Random) -> None:
    """Change one thing, at a depth that is drawn."""
    keys = list(data) if isinstance(data, dict) else list(range(len(data)))
    if not keys:
        return
    key = luck.choice(keys)
    if isinstance(data[key], dict | list) and data[key] and luck.random() < 0.8:
        _spoil(data[key], luck)
        return
    match luck.randrange(6):
        case 0:
            del data[key]
        case 1:
            data[key] = copy.deepcopy(luck.choice(_VALUES))
        case 2 if isinstance(data, dict):
            data[luck.choice(NASTY)] = data.pop(key)
        case 3 if isinstance(data, list):
            data.append(copy.deepcopy(data[key]))
        case 4 if isinstance(data[key], str):
            data[key] = spoiled_text(data[key], luck)
        case _:
            data[key] = luck.choice(NASTY)


def spoiled_csv(luck: Random) -> bytes:
    """A fleet file, its text, its cells or its bytes spoiled."""
    text = CSV
    if luck.random() < 0.6:
        rows = [line.split(",") for line in text.splitlines()]
        for _ in range(luck.randint(1, 2)):
            row = luck.choice(rows)
            row[luck.randrange(len(row))] = luck.choice(NASTY)
        text = luck.choice(["\n", "\r\n", "\r"]).join(",".join(row) for row in rows)
    else:
        text = spoiled_text(text, luck)
    return _spoiled_bytes(text, luck)


def spoiled_list(luck: Random) -> bytes:
    """A list of ids, its text or its bytes spoiled."""
    return _spoiled_bytes(spoiled_text(LIST, luck), luck)


def _spoiled_bytes(text: str, luck: Random) -> bytes:
    encoding = luck.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"])
    data = bytearray(text.encode(encoding, errors="surrogatepass" if encoding != "latin-1" else "replace"))
    if luck.random() < 0.2 and data:
        data[luck.randrange(len(data))] = luck.randrange(256)
    return bytes(data)


AT_LINES = [
    "AT", "ATE0", "ATI", "AT+QIOTREG=1", "AT+QIOTREG?", "AT+QIOTREG=?", "AT+QIOTOTAREQ", "AT+QIOTOTAREQ=1",
    "AT+QIOTUPDATE=1", "AT+QIOTOTARD=0,1024", 'AT+QIOTMCUVER="STM32","1_0_0"', 'AT+QIOTCFG="productinfo","a","b"',
    'AT+QIOTCFG="pdp",1', "AT+CSQ", "AT+CBC", "AT+QGETWIFISTATE", "AT+CGMR", "AT+QRST",
    '+QIOTEVT: 7,10700,"app","1_0","2_0",30,-113,20000', '+QIOTEVT: 7,10703,"STM32",2000,0,1000',
    "+QIOTEVT: 7,10701", "+CSQ: 18,99", "+CBC: 0,80,3800", "OK", "ERROR",
]  # fmt: skip


def spoiled_at(luck: Random) -> str:
    """What a host might send, or a module say: some lines, each spoiled or not, with some end."""
    lines = []
    for _ in range(luck.randint(1, 4)):
        line = luck.choice(AT_LINES)
        lines.append(spoiled_text(line, luck) if luck.random() < 0.8 else line)
    return "".join(line + luck.choice(["\r\n", "\r", "\n", ""]) for line in lines)
