"""Compiled in parts: what numba must have for it, what happens without, and that nothing changes by it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest
from rules_world import radio

from fota_sim.rules import parts
from fota_sim.rules.compiled import COMPILED, TROUBLE
from fota_sim.rules.draws import normal

in_parts = pytest.mark.skipif(not COMPILED or bool(TROUBLE), reason="nothing is compiled in parts here")

BITS = """
import sys
from fota_sim.rules import compiled, draws, delay, plan
print(compiled.TROUBLE)
print([draws.normal(1, 2, 3, 4, k).hex() for k in range(3)], [delay.to_ms(x) for x in (0.0, 1.0005, 7.25)])
"""


@in_parts
def test_this_numba_is_one_of_those_that_are_known() -> None:
    assert parts.trouble() == ""


def test_what_has_moved_in_numba_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = parts.dispatcher.Dispatcher
    monkeypatch.setattr(parts, "_LEANED_ON", ((owner, "compile", ("self", "signature")),))
    assert "Dispatcher.compile(self, sig)" in parts.trouble()
    monkeypatch.setattr(parts, "_LEANED_ON", ((owner, "compile_in_parts", ("self",)),))
    assert parts.trouble() == f"numba {numba.__version__} has no Dispatcher.compile_in_parts"


def test_another_version_of_numba_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba, "__version__", "0.99.1")
    assert "0.99.1" in parts.trouble()


def test_numba_alone_gives_the_same_bits(tmp_path: Path) -> None:
    said = {}
    for how in ("numba", "python"):
        done = subprocess.run(
            [sys.executable, "-c", BITS],
            env={**os.environ, "FOTA_SIM_RULES": how, "FOTA_SIM_CACHE": str(tmp_path)},
            check=True,
            capture_output=True,
            text=True,
        )
        said[how] = done.stdout.splitlines()
    assert said["numba"][0] == "FOTA_SIM_RULES=numba"
    assert said["numba"][1] == said["python"][1]
    assert list(tmp_path.glob("numba-*/*/*.nbc"))


@in_parts
def test_a_function_that_numba_compiles_may_call_rules() -> None:
    @numba.njit
    def total(count):
        found = 0.0
        for k in range(count):
            found = found + normal(1, 0, 5, 7, k)
        return found

    found = 0.0
    for k in range(5):
        found = found + normal(1, 0, 5, 7, k)
    assert total(5) == found


WITHIN = """
import json
import sys

import numba
import numpy as np
from fota_sim.engines.compiled import ready
from fota_sim.rules.link import rate_bps
ready.load()


@numba.njit
def second(radio, rssi_dBm):
    return rate_bps(radio, rssi_dBm)


for radio in map(np.array, json.loads(sys.argv[1])):
    print(second(radio, -100.0), rate_bps.py_func(radio, -100.0))
"""


@in_parts
def test_a_part_inside_a_whole_is_not_taken_for_the_same_part_elsewhere() -> None:
    """The engine is loaded where it is kept; its parts have the names under which it was compiled."""
    rows = json.dumps([radio(name).tolist() for name in ("nb-iot", "lte-m", "lte-cat1")])
    done = subprocess.run([sys.executable, "-c", WITHIN, rows], check=True, capture_output=True, text=True)
    rates = [line.split() for line in done.stdout.splitlines()]
    assert len(rates) == 3
    assert all(elsewhere == plain and float(plain) > 0 for elsewhere, plain in rates)


@in_parts
def test_a_part_is_plain_python_to_python() -> None:
    from fota_sim.rules.draws import _to_unit

    assert _to_unit(1 << 63) == 0.5 + 2.0**-54
