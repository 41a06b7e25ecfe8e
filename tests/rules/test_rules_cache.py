"""Compiled code is found again by whoever compiled the same, and by nobody else; and it is never in the way."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fota_sim.device import bind
from fota_sim.rules import cache
from fota_sim.rules.compiled import COMPILED, TROUBLE

compiled_only = pytest.mark.skipif(not COMPILED or bool(TROUBLE), reason="nothing is compiled in parts here")

RULE = """
from fota_sim.rules.compiled import rule_at_once
from fota_sim.rules.{uses} import {name}

ROOM = {room}


@rule_at_once
def total(n: int) -> float:
    {comment}
    found = 0.0
    for k in range(n):
        found = found + {name}(k + ROOM)
    return found
"""
TOLD = """
import sys
sys.path.insert(0, "{folder}")
import fota_sim.rules.compiling as compiling
class Told:
    def begins(self, what, expected_s): print("begins", what)
    def reaches(self, share, doing): pass
    def ends(self, what, took_s): print("ends", what)
    def waits(self, what): print("waits", what)
    def complains(self, sentence): print("complains", sentence)
compiling.compiling.listener = Told()
from fota_sim.device import bind
from fota_sim.rules import cache
import {module}
ready = {module}.total.is_ready((__import__("numba").int64,))
print("kept" if ready else "not kept", {module}.total(3))
"""


def written(folder: Path, comment: str = "", room: int = 1, name: str = "csq_dBm", uses: str = "radio") -> Path:
    """A module with a rule in a checkout of its own."""
    folder.mkdir(exist_ok=True)
    text = RULE.format(comment=comment or "pass", room=room, name=name, uses=uses)
    (folder / "own_total.py").write_text(text)
    return folder


def played(folder: Path, kept: Path, **more: str) -> list[str]:
    """What a fresh process says that calls the rule of ``folder``.

    It leaves no bytecode, which Python knows by its source's length and second: a text written anew within one second
    would be taken for the one before.
    """
    done = subprocess.run(
        [sys.executable, "-B", "-c", TOLD.format(folder=folder, module="own_total")],
        env={**os.environ, "FOTA_SIM_CACHE": str(kept), "FOTA_SIM_RULES": "compiled", **more},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()


def test_what_is_compiled_once_is_loaded_by_another_checkout(tmp_path: Path) -> None:
    first = played(written(tmp_path / "one"), tmp_path / "kept")
    second = played(written(tmp_path / "two"), tmp_path / "kept")
    assert first == ["begins the rule 'total'", "ends the rule 'total'", "not kept -327.0"]
    assert second == ["kept -327.0"]


def test_a_comment_or_a_docstring_compiles_nothing(tmp_path: Path) -> None:
    played(written(tmp_path / "one", '"""Sum."""'), tmp_path / "kept")
    for k, comment in enumerate(['"""The sum of all."""', '"""Sum."""  # quickly']):
        assert played(written(tmp_path / f"other{k}", comment), tmp_path / "kept") == ["kept -327.0"]


@pytest.mark.parametrize("change", [{"room": 2}, {"name": "to_ms", "uses": "delay"}])
def test_a_changed_rule_is_compiled_anew(tmp_path: Path, change: dict[str, Any]) -> None:
    played(written(tmp_path / "one"), tmp_path / "kept")
    said = played(written(tmp_path / "one", **change), tmp_path / "kept")
    assert said[-1].startswith("not kept")


def test_half_an_entry_is_compiled_anew(tmp_path: Path) -> None:
    played(written(tmp_path / "one"), tmp_path / "kept")
    entries = [path for path in (tmp_path / "kept" / "compiled").rglob("total-*") if path.is_file()]
    assert len(entries) == 1
    entries[0].write_bytes(entries[0].read_bytes()[:-100])
    assert played(tmp_path / "one", tmp_path / "kept")[-1].endswith("-327.0")
    assert played(tmp_path / "one", tmp_path / "kept") == ["kept -327.0"]


def test_where_nothing_can_be_kept_it_is_said_once_and_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = played(written(tmp_path / "one"), tmp_path / "file")
    assert said[-1] == "not kept -327.0"
    (complaint,) = (line for line in said if line.startswith("complains"))
    assert str(tmp_path / "file") in complaint
    assert "FOTA_SIM_CACHE" in complaint


def test_of_two_processes_one_compiles_and_the_other_waits(tmp_path: Path) -> None:
    code = TOLD.format(folder=written(tmp_path / "one"), module="own_total")
    env = {**os.environ, "FOTA_SIM_CACHE": str(tmp_path / "kept"), "FOTA_SIM_RULES": "compiled"}
    hold = (
        "import sys, time\n"
        f"sys.path.insert(0, {str(tmp_path / 'one')!r})\n"
        "import own_total\n"
        "with own_total.total._kept.alone():\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    own_total.total(3)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    waiter = subprocess.Popen([sys.executable, "-uc", code], env=env, stdout=subprocess.PIPE, text=True)
    assert waiter.stdout is not None
    assert waiter.stdout.readline() == "begins the rule 'total'\n"
    assert waiter.stdout.readline() == "waits the rule 'total'\n"
    holder.communicate("go on\n")
    said, _ = waiter.communicate()
    assert said.endswith("-327.0\n")
    assert holder.returncode == waiter.returncode == 0


THREADS = """
import sys
sys.path.insert(0, "{folder}")
from threading import Barrier, Thread
from time import sleep
import own_total
together = Barrier(8)
loads = []
load = own_total.total._kept.load
def slowly(*given):
    loads.append(given)
    found = load(*given)
    sleep(0.2)  # so that others ask in the meantime
    return found
own_total.total._kept.load = slowly
def call():
    together.wait()
    for _ in range(50):
        own_total.total(3)
threads = [Thread(target=call) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(own_total.total.nopython_signatures, len(loads))
"""


@compiled_only
def test_threads_that_call_it_at_once_load_it_once(tmp_path: Path) -> None:
    folder = written(tmp_path / "one")
    played(folder, tmp_path / "kept")
    done = subprocess.run(
        [sys.executable, "-c", THREADS.format(folder=folder)],
        env={**os.environ, "FOTA_SIM_CACHE": str(tmp_path / "kept"), "FOTA_SIM_RULES": "compiled"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["[(int64,)", "->", "float64]", "1"]


def test_old_versions_are_forgotten_and_recent_ones_left(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for room in range(cache._KEPT + 1):
        played(written(tmp_path / "one", room=room), kept)
    folders = [path for path in (kept / "compiled").glob("own_total-*") if path.is_dir()]
    assert len(folders) == cache._KEPT
    assert played(tmp_path / "one", kept)[0].startswith("kept")


@compiled_only
def test_the_engine_is_compiled_from_rules_the_story_and_its_own_files_and_from_nothing_else() -> None:
    import fota_sim.engines.compiled.ready  # noqa: F401

    for module in ("loop", "life", "operator"):
        names = cache.closure(f"fota_sim.engines.compiled.{module}")
        assert {name.rpartition(".")[0] for name in names} == {
            "fota_sim.rules",
            "fota_sim.device",
            "fota_sim.engines.compiled",
        }
        assert {f"fota_sim.device.{name}" for name in bind.MODULES} <= names
        assert not names & {f"fota_sim.engines.compiled.{name}" for name in ("run", "world", "render", "arrays")}


def test_what_was_measured_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOTA_SIM_CACHE", str(tmp_path))
    assert cache.measured("compiling x, s", 30.0) == 30.0
    cache.measure("compiling x, s", 12.5)
    cache.measure("other", 1.0)
    assert cache.measured("compiling x, s", 30.0) == 12.5
    (tmp_path / "measured.json").write_text("[1, 2")
    assert cache.measured("compiling x, s", 30.0) == 30.0
