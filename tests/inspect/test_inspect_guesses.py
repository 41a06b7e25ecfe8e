"""What is guessed of a file, what it rests on, and what is told instead of a guess."""

from __future__ import annotations

from pathlib import Path

import pytest
from portals import HEAD

from fota_sim.errors import ScenarioError
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.inspect.findings import Told
from fota_sim.scenario.inspect.inspection import Inspection, inspect_file
from fota_sim.scenario.inspect.writing import block_text
from fota_sim.scenario.loader import parse_scenario

PLAIN = "IMEI,RSSI,Battery,FW\n" + "".join(f"86612340000{k:04d},-9{k % 10},{50 + k % 40},1_0\n" for k in range(40))


def look(folder: Path, text: str | bytes, told: Told = Told(), name: str = "f.csv") -> Inspection:  # noqa: B008
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return inspect_file(folder / name, told)


def rows(header: str, *lines: str, times: int = 1) -> str:
    """A file with an id in front of each line."""
    cells = [line for _ in range(times) for line in lines]
    return f"IMEI,{header}\n" + "".join(f"d{k},{line}\n" for k, line in enumerate(cells))


def said(found: Inspection, what: str) -> str:
    """Why something was guessed."""
    return " ".join(f"{g.value}: {g.why} {g.instead}" for g in found.findings.guesses if g.what == what)


def test_what_is_plain_is_not_guessed_but_for_columns_and_module(tmp_path: Path) -> None:
    found = look(tmp_path, PLAIN)
    assert {guess.what.partition(".")[0] for guess in found.findings.guesses} == {"columns", "module"}
    assert (found.findings.odd, found.findings.left, found.problems) == ([], [], [])
    assert "an assumption" in said(found, "module")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", ["Gießen", "Besançon", "Müllheim"]),
        ("cp1250", ["Poznań", "Przemyśl", "Łomża"]),
        ("cp1251", ["Пермь", "Щёлково", "Новосибирск"]),
        ("cp1253", ["Λάρισα", "Χανιά", "Ηράκλειο"]),
        ("cp1254", ["Çanakkale", "Kırşehir", "Iğdır"]),
        ("mac_roman", ["Gießen", "Müllheim", "Köthen"]),
        ("shift_jis", ["札幌", "ポート", "横浜"]),
        ("gb18030", ["广州", "深圳", "杭州"]),
        ("utf-16", ["Gießen", "札幌", "Пермь"]),
        ("utf-8", ["Gießen", "札幌", "Пермь"]),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "|"])
def test_text_in_another_encoding_is_read_right_and_said_by_its_words(
    encoding: str, words: list[str], delimiter: str, tmp_path: Path
) -> None:
    text = rows("Site", *words, "Nord", "Nord", times=5).replace(",", delimiter)
    found = look(tmp_path, text.encode(encoding))
    assert found.findings.left[0][0] == "Site"
    assert {*found.table.columns[1].counts} == {*words, "Nord"}
    assert encoding == "utf-8" or found.findings.block["encoding"] == encoding


@pytest.mark.parametrize(
    ("header", "cells", "unit"),
    [
        ("RSSI", ["-95", "-101"], None),
        ("Signal", ["-95.5", "-51"], None),
        ("Signal", ["18", "99", "0"], "csq"),
        ("CSQ", ["18", "20", "22"], "csq"),
        ("RSSI", ['"18,99"', '"99,99"', '"0,7"'], "csq"),
        ("Signal", ['"+CSQ: 18,99"', '"+CSQ: 31,0"', "N/A"], "csq"),
        ("RSRP", ["-95", "-101"], "rsrp"),
        ("Signal", ["-95", "-124", "-101"], "rsrp"),
        ("RSRP [dBm]", ["-140", "-44"], "rsrp"),
    ],
)
def test_the_unit_of_a_signal_is_seen_in_its_numbers_and_its_name(
    header: str, cells: list[str], unit: str | None, tmp_path: Path
) -> None:
    found = look(tmp_path, rows(header, *cells, times=4))
    assert found.findings.block["columns"]["rssi"] == header
    assert found.findings.block.get("units", {}).get("rssi") == unit
    assert found.problems == []


@pytest.mark.parametrize(
    ("header", "cells", "unit"),
    [
        ("Battery", ["87", "100", "5"], None),
        ("Battery", ["0.87", "1", "0.05"], "share"),
        ("Battery", ["3.6", "3.52"], "V"),
        ("Battery", ["3600", "3520"], "mV"),
        ("Battery (%)", ["0.5", "1"], None),
        ("Battery [V]", ["3", "2"], "V"),
        ("Vbat", ["3.65 V", "3.1 V"], "V"),
        ("Akku", ["87 %", "3%"], None),
    ],
)
def test_the_unit_of_a_battery_is_seen_in_its_numbers_and_its_name(
    header: str, cells: list[str], unit: str | None, tmp_path: Path
) -> None:
    found = look(tmp_path, rows(header, *cells, times=4))
    assert found.findings.block["columns"]["battery"] == header
    assert found.findings.block.get("units", {}).get("battery") == unit
    assert found.problems == []


@pytest.mark.parametrize(
    ("header", "cells", "attribute", "words"),
    [
        ("RSSI", ["95", "101"], "rssi", "lost their minus"),
        ("Signal", ["-1187", "-950"], "rssi", "tenths of dBm"),
        ("Signal", ["good", "bad"], "rssi", "no numbers"),
        ("Signal (bars)", ["3 bars", "2 bars"], "rssi", "'bars'"),
        ("Signal", ['"18,99"', '"20,99"', "-95"], "rssi", "such as -95, cannot be an index of AT+CSQ"),
        ("Battery", ["3.61 V", "64 %", "58"], "battery", "its cells are in v, %; write all of them in one unit"),
        ("SNR signal", ["3", "-2"], "rssi", "quality"),
        ("Battery", ["7.2", "7.1"], "battery", ""),
        ("Battery voltage (V)", ["7.2", "7.1"], "battery", "several cells"),
        ("Battery", ["full", "low"], "battery", "no numbers"),
        ("Last seen", ["03/04/2025", "05/06/2025"], "last_contact", "day or the month first"),
        ("Last seen", ["long ago", "now"], "last_contact", "no dates"),
        ("Interval", ["17", "23"], "contact_every", "do not say in what"),
        ("Interval", ["1s", "2s"], "contact_every", "a minute to a year"),
        ("Model", ["SIM7600", "BC66"], "module", "no module that is known"),
        ("Power", ["solar", "mains"], "mains", "do not say yes or no"),
    ],
)
def test_what_can_not_be_told_is_left_alone_with_the_reason(
    header: str, cells: list[str], attribute: str, words: str, tmp_path: Path
) -> None:
    found = look(tmp_path, rows(header, *cells, times=4))
    if attribute == "battery" and not words:  # without a unit 7.2 may well be per cent
        assert found.findings.block["columns"]["battery"] == header
        return
    assert attribute not in found.findings.block["columns"]
    assert words in dict(found.findings.left)[header]
    assert found.problems == []


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["31.12.2025", "01.02.2025"], "dmy"),
        (["03.04.2025", "05.06.2025"], "dmy"),
        (["12/31/2025", "01/02/2025"], "mdy"),
        (["1/2/2025 3:04 PM", "3/4/2025 5:06 AM"], "mdy"),
        (["2025-12-31T10:00:00Z"], None),
        (["31 Dec 2025 10:00", "Jan 2, 2025"], None),
        (["1767225600", "1767225601"], "unix"),
        (["1767225600000"], "unix_ms"),
    ],
)
def test_the_order_of_dates_is_seen_in_those_that_have_only_one(
    cells: list[str], order: str | None, tmp_path: Path
) -> None:
    found = look(tmp_path, rows("Last seen", *(f'"{cell}"' for cell in cells)))
    assert found.findings.block["columns"]["last_contact"] == "Last seen"
    assert found.findings.block.get("dates") == order
    assert found.problems == []
    assert "an assumption" in said(found, "gone_after")


@pytest.mark.parametrize(
    ("header", "cells", "attribute", "values"),
    [
        ("Power", ["Netz", "Batterie"], "mains", {"Netz": "yes", "Batterie": "no"}),
        ("Battery powered", ["yes", "no"], "mains", {"yes": "no", "no": "yes"}),
        ("Model", ["BG95-M3", "Quectel BC66-NB"], "module", {"BG95-M3": "BG95", "Quectel BC66-NB": "BC66"}),
        ("Device type", ["EC200UCNAA"], "module", {"EC200UCNAA": "EC200U"}),
        ("RAT", ["NB-IoT", "LTE-M", "Cat.1"], "radio", {"NB-IoT": "nb-iot", "LTE-M": "lte-m", "Cat.1": "lte-cat1"}),
        ("Battery type", ["Li-SOCl2", "LiPo"], "chemistry", {"Li-SOCl2": "li-socl2", "LiPo": "li-po"}),
        ("Active", ["Ja", "Nein"], "gone", {"Ja": "no", "Nein": "yes"}),
    ],
)  # fmt: skip
def test_words_of_a_portal_become_those_of_a_scenario(
    header: str, cells: list[str], attribute: str, values: dict[str, str], tmp_path: Path
) -> None:
    found = look(tmp_path, rows(header, *cells, times=3))
    assert found.findings.block["values"][attribute] == values
    assert found.problems == []


def test_marks_for_no_reading_are_said_to_be_that(tmp_path: Path) -> None:
    found = look(tmp_path, rows("RSSI,Battery", "-90,50", "-999,255", "-80,n/a", "0,40", times=4))
    assert found.findings.block["values"] == {"rssi": {"-999": "", "0": ""}, "battery": {"255": ""}}
    assert found.findings.block["missing"] == ["n/a"]
    assert found.problems == []
    assert [(each.count, each.missing) for each in found.distributions[:2]] == [(8, 8), (8, 8)]


def test_a_column_about_who_takes_part_becomes_a_condition_for_the_plan(tmp_path: Path) -> None:
    found = look(tmp_path, rows("Exclude,White list", "yes,0", "no,1"))
    assert found.findings.lists == {"blacklist": '"Exclude" == "yes"', "whitelist": '"White list" == 1'}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("IMEI,RSSI\n8.66E+14,-90\n8.67E+14,-91\n", "rounded"),
        ("IMEI,RSSI\n89490123456789000000,-90\n89490123456790000000,-91\n", "nothing but zeros"),
        ("IMEI,RSSI\na,-90\na,-91\n", "more than once"),
        ("IMEI,RSSI\na,-90\n,-91\nb,-92\n", "without an id"),
        (PLAIN.replace("866123400000007", "66123400000007"), "zeros that led them are lost"),
        (rows("CSQ", "99", "99", "99", "18", times=5), "75% of the readings are 99"),
        (rows("RSSI", "-95", times=30), "is it a default?"),
        (rows("Battery", "0.5", "0.6"), "shares of 1"),
        (rows("Battery", "0", "1", times=9), "on and off"),
        (rows("RSSI", "-95", "-5"), "no network gives"),
        (rows("FW", "1.1", "1", "1.2"), "has a spreadsheet cut '1.0'"),
        (rows("RSSI,,", "-95,x,", "-90,,"), "have no name"),
        ("IMEI,RSSI,RSSI\na,-90,-91\n", "two columns are called"),
        ("IMEI,RSSI\na,-90\nb,-90,7\nc,-91\n", "1 row with 3 fields where the header has 2"),
    ],
)
def test_what_looks_wrong_is_told(text: str, words: str, tmp_path: Path) -> None:
    assert words in " ".join(look(tmp_path, text).findings.odd)


def _imei(number: int) -> str:
    digits = f"86612340{number:06d}"
    total = sum(map(int, "".join(str(int(d) * (2 - k % 2)) for k, d in enumerate(reversed(digits)))))
    return digits + str(-total % 10)


def test_wrong_check_digits_among_right_ones_are_told(tmp_path: Path) -> None:
    good = [_imei(k) for k in range(50)]
    assert look(tmp_path, "IMEI\n" + "\n".join(good) + "\n").findings.odd == []
    good[7] = good[7][:-1] + str((int(good[7][-1]) + 1) % 10)
    assert "check digit of 1 IMEI is wrong" in " ".join(look(tmp_path, "IMEI\n" + "\n".join(good)).findings.odd)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"a1,-90\na2,-91\n", "no line that names its columns"),
        (b"IMEI,RSSI\n", "no rows"),
        (b"\xd0\xcf\x11\xe0 old", "spreadsheet (.xls)"),
        (b"\x1f\x8b gz", "compressed"),
    ],
)
def test_what_is_no_table_ends_in_a_sentence(data: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        look(tmp_path, data)
    assert words in str(error.value)


def test_what_is_told_is_not_guessed(tmp_path: Path) -> None:
    text = "x;y\nIMEI;Höhe\na;1\nb;2\n".encode("cp1252")
    found = look(tmp_path, text, Told(encoding="latin-1", delimiter=";", header=2, module="BG95"))
    assert {k: found.findings.block[k] for k in ("encoding", "delimiter", "header", "module")} == {
        "encoding": "latin-1", "delimiter": ";", "header": 2, "module": "BG95",
    }  # fmt: skip
    assert not {guess.what for guess in found.findings.guesses} & {"encoding", "delimiter", "module"}


@pytest.mark.parametrize(
    "cells", [('"8,500"', '"19,000"'), ('"8,500 mAh"', '"2,450 mAh"'), ('"8,500mAh"', '"2,450mAh"')]
)
def test_a_capacity_whose_comma_may_be_of_thousands_is_not_read_as_a_tenth_of_a_percent(
    tmp_path: Path, cells: tuple[str, str]
) -> None:
    found = look(tmp_path, rows("rssi,capacity", f"-90,{cells[0]}", f"-91,{cells[1]}", times=4))
    assert set(found.findings.block["columns"]) == {"id", "rssi"}
    assert "decimal" not in found.findings.block
    assert "thousands" in str(found.findings.left)
    assert found.problems == []


def test_millivolts_with_commas_of_thousands_are_told(tmp_path: Path) -> None:
    found = look(tmp_path, rows("rssi,battery_mv", '-90,"3,612"', '-91,"3,598"', times=4))
    assert "battery" not in found.findings.block["columns"]
    assert "thousands" in str(found.findings.left)


def test_volts_with_three_decimals_and_a_comma_are_volts(tmp_path: Path) -> None:
    found = look(tmp_path, rows("rssi,Voltage (V)", '-90,"3,612"', '-91,"3,598"', times=4))
    assert found.findings.block["units"] == {"battery": "V"}
    assert found.findings.block["decimal"] == ","
    assert found.problems == []


def test_a_capacity_with_other_decimals_has_a_decimal_comma(tmp_path: Path) -> None:
    found = look(tmp_path, rows("rssi,capacity", '-90,"8500,5"', '-91,"8,500"', times=4))
    assert found.findings.block["columns"]["capacity"] == "capacity"
    assert found.findings.block["decimal"] == ","


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_are_understood(tmp_path: Path, encoding: str) -> None:
    head = "设备编号,信号强度(dBm),电池电量(%),固件版本,模组型号,硬件版本,最后在线时间,上报周期,市电\n"
    lines = "".join(
        f"8661234000{k:05d},-{80 + k},{30 + k},1_0,BC66,A,2025-12-{10 + k} 08:00:00,24h,{'是' if k % 2 else '否'}\n"
        for k in range(12)
    )
    found = look(tmp_path, (head + lines).encode(encoding))
    columns = found.findings.block["columns"]
    assert set(columns) == {
        "id", "rssi", "battery", "firmware", "module", "hardware", "last_contact", "contact_every", "mains",
    }  # fmt: skip
    assert found.findings.block["values"]["mains"] == {"是": "yes", "否": "no"}
    assert found.problems == []


def test_rows_with_nothing_but_a_name_are_told(tmp_path: Path) -> None:
    many = PLAIN + "".join(f"86612340001{k:04d},-9{k % 10},{50 + k % 40},1_0\n" for k in range(200))
    assert look(tmp_path, many).findings.odd == []
    assert look(tmp_path, many + "Lager,,,\n").findings.odd == [
        "'IMEI': 1 row with a name and nothing else, such as 'Lager': leave it out if that is no device "
        "(leave_out: [...])"
    ]
    assert "2 rows with a name and nothing else" in " ".join(look(tmp_path, many + "Lager,,,\nHof,,,\n").findings.odd)


@pytest.mark.parametrize(
    ("cells", "as_of", "warned"),
    [
        (["31.12.2025 22:30", "02.11.2025 08:00"], "2025-12-31T22:30:00", "zone; its times"),
        (["2025-12-31T22:30:00-05:00", "2025-11-02T08:00:00-05:00"], "2026-01-01T03:30:00Z", ""),
        (["2025-12-31 22:30 UTC", "2025-11-02"], "2025-12-31T22:30:00Z", "such as 2025-11-02, says"),
        (["1767220200", "1762070400"], "2025-12-31T22:30:00Z", ""),
    ],
)
def test_the_export_is_in_the_clock_of_the_file(cells: list[str], as_of: str, warned: str, tmp_path: Path) -> None:
    found = look(tmp_path, rows("Last seen", *cells))
    assert found.findings.block["as_of"] == as_of
    assert warned in " ".join(found.findings.odd)
    assert ("scenario's time_zone" in said(found, "as_of")) == ("Z" not in as_of)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Sao_Paulo"])
def test_a_block_counts_the_same_devices_as_gone_in_a_scenario_of_any_zone(zone: str, tmp_path: Path) -> None:
    cells = ["2025-12-31 22:30", "2025-12-01 22:31", "2025-12-01 22:29", "2025-12-01 14:00", "2025-12-02 08:00"]
    found = look(tmp_path, rows("Last seen", *cells))
    scenario = parse_scenario(f"time_zone: {zone}\n" + HEAD + block_text(found.findings, "f.csv"), tmp_path / "s.yaml")
    assert build_fleet(scenario, 0).gone.tolist() == [False, False, True, True, False]
