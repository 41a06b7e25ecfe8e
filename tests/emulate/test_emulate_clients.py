"""Programs that nobody here wrote, on ports of the command itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import pytest
from live import ANSWER_S, SOTA, VENDOR

HOST = Path(__file__).parents[2] / "docs" / "emulate_host.py"


@contextmanager
def command(folder: Path, scenario: Path, *words: str, speed: str = "20") -> Iterator[tuple[Path, Path]]:
    """``fota-sim emulate`` on a terminal and a Unix socket, twenty times as fast as the clock."""
    link, unix = folder / "tty", folder / "port.sock"
    argv = [sys.executable, "-m", "fota_sim", "emulate", str(scenario), "--link", str(link), "--unix", str(unix)]
    argv += ["--speed", speed, "--baud", "off", "--set", "horizon=30d", "--log", str(folder / "log.txt"), *words]
    running = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, env={**os.environ, "FOTA_SIM_RULES": "python"})
    assert running.stderr is not None
    try:
        told = running.stderr.readline()
        assert told.startswith("Device 0"), told + running.stderr.read()
        yield link, unix
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(ANSWER_S) == 0
        assert not link.is_symlink()
        assert not unix.exists()


def host(port: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The host of the documentation, which is written with pyserial."""
    pytest.importorskip("serial")
    return subprocess.run(
        [sys.executable, str(HOST), port, *words], capture_output=True, text=True, timeout=ANSWER_S, check=False
    )


def test_pyserial_upgrades_the_module(tmp_path: Path) -> None:
    with command(tmp_path, VENDOR) as (link, _):
        done = host(str(link))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "< +QIOTEVT: 7,10705" in done.stdout


def test_pyserial_upgrades_an_mcu_and_its_blocks_are_the_file_that_was_announced(tmp_path: Path) -> None:
    with command(tmp_path, SOTA) as (link, _):
        done = host(str(link), "STM32", "1_0_0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# 27954 bytes read, MD5 as announced" in done.stdout


FAILURES = {
    "no address": (VENDOR, "{when: AT+QIOTUPDATE=1, fault: drop_url}", ()),
    "a bad image": (VENDOR, "{when: '7,10703', fault: verify_failure}", ()),
    "a wrong version": (VENDOR, "{when: '7,10703', fault: wrong_version}", ()),
    "a garbled block": (SOTA, "{when: '7,10703', fault: garble_block}", ("STM32", "1_0_0")),
}


@pytest.mark.parametrize("name", FAILURES)
def test_pyserial_sees_10706_after_each_failure_that_is_injected(name: str, tmp_path: Path) -> None:
    scenario, step, words = FAILURES[name]
    (tmp_path / "faults.yaml").write_text(f"faults:\n  - {step}\n")
    with command(tmp_path, scenario, "--faults", str(tmp_path / "faults.yaml")) as (link, _):
        done = host(str(link), *words)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "< +QIOTEVT: 7,10706" in done.stdout


CHAT = which("chat") or which("chat", path="/usr/sbin")


@pytest.mark.skipif(CHAT is None, reason="chat of the package ppp is not installed")
def test_chat_upgrades_the_module(tmp_path: Path) -> None:
    assert CHAT is not None
    script = ["TIMEOUT", "60", "", "AT", "OK", "ATE0", "OK", "AT+QIOTREG=1", "3,10200", "AT+QIOTOTAREQ=1"]
    script += ["7,10700", "AT+QIOTUPDATE=1", "7,10701", "\\c", "7,10703", "\\c", "7,10705", "\\c"]
    with command(tmp_path, VENDOR) as (link, _), link.open("r+b", buffering=0) as port:
        done = subprocess.run(
            [CHAT, "-v", "-s", *script], stdin=port, stdout=port, capture_output=False, timeout=ANSWER_S, check=False
        )
    assert done.returncode == 0
    assert "7,10705" in (tmp_path / "log.txt").read_text()


GAMMU = which("gammu")


@pytest.mark.skipif(GAMMU is None, reason="gammu is not installed")
@pytest.mark.parametrize("in_between", [False, True])
def test_gammu_reads_the_version_and_takes_a_urc_that_sneaks_in_before_it_for_a_part_of_it(
    in_between: bool, tmp_path: Path
) -> None:
    assert GAMMU is not None
    settings = tmp_path / "gammurc"
    when = "AT+CGMM, nth: 2" if in_between else "AT+NEVER"  # the last that it asks before the version
    script = tmp_path / "faults.yaml"
    script.write_text(f'faults:\n  - {{when: {when}, fault: say, line: "+QIOTEVT: 7,10700"}}\n')
    with command(tmp_path, SOTA, "--urcs", "sneak", "--faults", str(script), speed="1") as (link, _):
        settings.write_text(f"[gammu]\ndevice = {link}\nconnection = at115200\n")
        done = subprocess.run(
            [GAMMU, "-c", str(settings), "identify"], capture_output=True, text=True, timeout=ANSWER_S, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    firmware = next(line for line in done.stdout.splitlines() if line.startswith("Firmware"))
    assert firmware.endswith("+QIOTEVT: 7,10700,1_0" if in_between else ": 1_0")
