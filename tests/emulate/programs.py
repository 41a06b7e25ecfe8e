"""``fota-sim emulate`` as a user starts it, and the programs that nobody here wrote which open its ports.

A test is skipped where its program is not installed; under ``FOTA_SIM_CLIENTS=required`` it fails. Nothing is ever
downloaded.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from types import ModuleType
from typing import Any

import pytest
from live import ANSWER_S

SERIALPORT = Path(__file__).parent / "serialport"


def program(name: str, package: str) -> str:
    """Where a program is, of a package of Debian's."""
    found = which(name) or which(name, path="/usr/sbin:/sbin")
    return found or lacks(f"{name} is not installed: apt-get install {package}")


def library(name: str, package: str) -> ModuleType:
    """A library of Python's."""
    try:
        return importlib.import_module(name)
    except ImportError:
        lacks(f"{name} is not installed: pip install {package}")


def node_host() -> list[str]:
    """The command of a host in JavaScript, without its port."""
    node = program("node", "nodejs")
    if not (SERIALPORT / "node_modules" / "serialport").is_dir():
        lacks(f"the npm package serialport is not installed: npm install --prefix {SERIALPORT}")
    return [node, str(SERIALPORT / "host.js")]


def lacks(told: str) -> Any:
    """Do without a test, unless it has to be there."""
    if os.environ.get("FOTA_SIM_CLIENTS") == "required":
        pytest.fail(told)
    pytest.skip(told)


def run(*argv: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a client to its end; what it said."""
    return subprocess.run(
        [*map(str, argv)],
        capture_output=True,
        text=True,
        timeout=ANSWER_S,
        check=False,
        stdin=subprocess.DEVNULL,
        **more,
    )


def until(found: Callable[[], Any]) -> Any:
    """Ask again until there is an answer; how long that takes is not what a test is about."""
    ends_s = time.monotonic() + ANSWER_S
    while not (answer := found()):
        assert time.monotonic() < ends_s, "nothing came"
        time.sleep(0.1)
    return answer


class Emulation:
    """A command that runs, with several modules."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.control = folder / "control.sock"

    def link(self, number: int) -> Path:
        """The terminal of a device."""
        return self._folder / f"tty-{number}"

    def socket(self, number: int) -> Path:
        """Its Unix socket."""
        return self._folder / f"port-{number}.sock"

    def said(self, number: int) -> str:
        """Its dialogue so far."""
        return (self._folder / f"log-{number}.txt").read_text()

    def state(self, number: int) -> dict[str, Any]:
        """What the simulator knows of it."""
        with socket.socket(socket.AF_UNIX) as asks:
            asks.settimeout(ANSWER_S)
            asks.connect(str(self.control))
            asks.sendall(json.dumps({"do": "state", "device": number}).encode() + b"\n")
            answer: dict[str, Any] = json.loads(asks.makefile().readline())
        state: dict[str, Any] = answer["state"]
        return state


@contextmanager
def emulation(folder: Path, scenario: Path, modules: int, faults: str = "", *words: str) -> Iterator[Emulation]:
    """``fota-sim emulate`` for several modules of this scenario, each with a terminal and a Unix socket.

    ``faults``: the lines of a file of faults.
    """
    started = Emulation(folder)
    argv = [sys.executable, "-m", "fota_sim", "emulate", str(scenario), "--count", str(modules), "--baud", "off"]
    argv += ["--link", str(folder / "tty"), "--unix", str(folder / "port.sock"), "--log", str(folder / "log.txt")]
    argv += ["--control", str(started.control), "--set", f"fleet.groups[0].count={modules}", "--set", "horizon=30d"]
    if faults:
        (folder / "faults.yaml").write_text(f"faults:\n{faults}\n")
        argv += ["--faults", str(folder / "faults.yaml")]
    running = subprocess.Popen(
        [*argv, *words], stderr=subprocess.PIPE, text=True, env={**os.environ, "FOTA_SIM_RULES": "python"}
    )
    assert running.stderr is not None
    told = ""
    try:
        while "Control socket" not in told:
            line = running.stderr.readline()
            assert line, told
            told += line
        yield started
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(ANSWER_S) == 0, told + running.stderr.read()
        running.stderr.close()
    assert not [*folder.glob("tty*"), *folder.glob("*.sock")]
