"""A build with bounds checks says which row of which array compiled code asks for that is not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

READS = """
import sys
import numpy as np
from fota_sim.engines.compiled import layout
from fota_sim.engines.compiled.arrays import Memory, watched
from fota_sim.engines.compiled.memory import *
from fota_sim.errors import EngineError
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.compiled import part_of_rule, rule_at_once
from fota_sim.rules.rows import MODULE_ROW

@part_of_rule
def read(w, row):
    return {reading}

@rule_at_once
def asked(w, row):
    return read(w, row)

memory = Memory()
memory.set(devices=3, module_part=2, waves=1)
memory.keep(
    components=np.zeros(3, layout.COMPONENT), files=np.arange(3), modules=np.zeros((3, MODULE_ROW)),
    zones=np.arange(6).reshape(3, 2), zone_rows=np.array([[0, 3], [1, 2], [2, 4]]), mcu=np.zeros((3, 2), np.int32),
    rollout_state=np.zeros(rr.STATE, np.int64), rollout_counts=np.zeros((1, rr.COUNTS), np.int64),
)
memory.make("heap", 3, np.int64, most=100)
for row in map(int, sys.argv[1:]):
    try:
        with watched():
            asked(memory.world, row)
        print("there")
    except EngineError as error:
        print(error)
"""


def said(reading: str, *rows: int) -> list[str]:
    """What a reading of each of these rows leads to, compiled with bounds checks in a process of its own."""
    code = READS.replace("{reading}", reading)
    found = subprocess.run(
        [sys.executable, "-c", code, *map(str, rows)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "FOTA_SIM_BOUNDS": "1", "FOTA_SIM_RULES": "compiled"},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.splitlines()


@pytest.mark.parametrize(
    ("reading", "array"),
    [
        ("component_at(w, row).target", "components"),
        ("int_at(w.files_at, row)", "files"),
        ("put_int(w.heap_at, row, 1)", "heap"),
        ("module_row(w, row)[0]", "modules"),
        ("len(zone_of(w, row))", "zone_rows"),
    ],
)
def test_a_row_that_is_not_there_is_named(reading: str, array: str) -> None:
    rows = (0, 2, 3, -1) if array != "zone_rows" else (0, 1, 3, -1)
    first, last, behind, before = said(reading, *rows)
    assert (first, last) == ("there", "there")
    assert behind == f"the compiled engine asks for row 3 of {array}, which has 3: a row is not there in read"
    assert before == f"the compiled engine asks for row -1 of {array}, which has 3: a row is not there in read"


def test_rows_that_end_behind_their_array_are_named() -> None:
    (told,) = said("len(zone_of(w, row))", 2)
    assert told == "the compiled engine asks for row 4 of zones, which has 3: a row is not there in read"


def test_an_array_of_another_shape_than_it_has_is_named() -> None:
    (told,) = said("counts_of(w)[row, 0]", 0)
    assert "of rollout_counts, which has" in told


def test_an_index_into_an_array_is_checked_as_well() -> None:
    there, behind = said("mcu_of(w)[row, 1] + state_of(w)[0]", 2, 3)
    assert there == "there"
    assert behind == "the compiled engine asks for a row that is not there: index is out of bounds in read"
