"""Timers by which devices sleep are found in exports, however they are written, and read back as they were."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from portals import HEAD

from fota_sim.fleet.files import read_files
from fota_sim.scenario.inspect.findings import Told
from fota_sim.scenario.inspect.inspection import Inspection, inspect_file
from fota_sim.scenario.inspect.writing import block_text
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.sleep import Timer, from_bits

TAU = ("00111000", "00100110", "01000011", "00001111", "11000001")
ACTIVE = ("00001010", "00000101", "00100010")
CYCLE = ("0101", "1001", "1101")
NAMES = (("T3412", "T3324", "eDRX"), ("PSM TAU", "PSM active time", "eDRX cycle"))
NAMES += (("Requested_Periodic-TAU", "Requested_Active-Time", "edrx"),)
UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0}


def look(folder: Path, text: str) -> Inspection:
    (folder / "f.csv").write_text(text, encoding="utf-8")
    return inspect_file(folder / "f.csv", Told())


@pytest.mark.parametrize("seed", range(12))
def test_timers_are_read_back_as_they_were(seed: int, tmp_path: Path) -> None:
    luck = Random(seed)
    names, style = luck.choice(NAMES), luck.choice(["bits", "quoted", *UNITS, "words"])
    devices = [(luck.choice(TAU), luck.choice(ACTIVE), luck.choice(CYCLE)) for _ in range(20)]
    timers: tuple[Timer, ...] = ("t3412", "t3324", "edrx")

    def cell(timer: Timer, bits: str) -> str:
        value = from_bits(timer, bits)
        if style in UNITS:
            return f"{value / UNITS[style]:.9g}" if timer == "t3412" or style == "s" else f"{value:g}s"
        return {"bits": bits, "quoted": f'"""{bits}"""', "words": f"{value:g} s"}[style]

    head = [f"{name} ({style})" if style in UNITS else name for name in names]
    text = ",".join(["IMEI", *head]) + "\n"
    for k, each in enumerate(devices):
        text += ",".join([f"d{k}", *(cell(t, bits) for t, bits in zip(timers, each, strict=True))]) + "\n"
    found = look(tmp_path, text)
    assert found.problems == []
    assert {*timers} <= {*found.findings.block["columns"]}
    (rows,) = read_files(parse_scenario(HEAD + block_text(found.findings, "f.csv"), tmp_path / "s.yaml")).rows.values()
    for k, timer in enumerate(timers):
        assert rows.mapped[timer] == [from_bits(timer, each[k]) for each in devices]


@pytest.mark.parametrize(
    ("columns", "cells", "header", "words"),
    [
        ("T3412,T3324", "111000,100001", "T3412", "lost the zeros they begin with, such as 00111000"),
        ("T3412,T3324", "11100000,00100001", "T3412", "switches T3412 (periodic TAU) off"),
        ("T3412,other", "00111000,x", "T3412", "PSM has both timers"),
        ("Report interval,other", "00111000,x", "Report interval", "bits as AT+CPSMS has them"),
        ("eDRX,other", "0001,x", "eDRX", "a cycle that not every radio has"),
    ],
)
def test_timers_that_cannot_be_meant_are_left_alone_with_the_reason(
    columns: str, cells: str, header: str, words: str, tmp_path: Path
) -> None:
    found = look(tmp_path, f"IMEI,{columns}\n" + "".join(f"d{k},{cells}\n" for k in range(20)))
    assert [*found.findings.block["columns"]] == ["id"]
    assert words in dict(found.findings.left)[header]


def test_a_taus_own_column_in_seconds_is_still_the_time_between_reports(tmp_path: Path) -> None:
    found = look(tmp_path, "IMEI,T3412 (s)\n" + "".join(f"d{k},86400\n" for k in range(20)))
    assert found.findings.block["columns"] == {"id": "IMEI", "contact_every": "T3412 (s)"}
