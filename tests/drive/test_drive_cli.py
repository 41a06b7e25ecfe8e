"""``fota-sim drive`` over a real pseudo-terminal."""

from __future__ import annotations

import os
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from drive_world import METER

from fota_sim.cli.main import exit_code

pytest.importorskip("serial")
pytest.importorskip("termios", reason="a pseudo-terminal")

OFFER = '\r\n+QIOTEVT: 7,10700,"STM32","","2_0_0",30,-113,27954\r\n'
OK = "\r\nOK\r\n"
ANSWERS = {
    "AT+QIOTSTATE?": f"\r\n+QIOTSTATE: 1\r\n{OK}",
    "AT+QIOTREG=1": f"{OK}\r\n+QIOTEVT: 2,10200\r\n\r\n+QIOTEVT: 3,10200\r\n",
    "AT+QIOTOTAREQ=1": OK + OFFER,
    "AT+QIOTUPDATE=1": f"{OK}\r\n+QIOTEVT: 7,10706\r\n",
}


@contextmanager
def module_on_a_line(answers: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """A module that answers from a table, with its echo on; the port's name, and what it heard."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    heard: list[str] = []

    def listen() -> None:
        pending = b""
        while True:
            try:
                pending += os.read(ours, 1024)
            except OSError:
                return
            *lines, pending = pending.split(b"\r")
            for line in lines:
                text = line.decode()
                if text == "bye":
                    return
                heard.append(text)
                os.write(ours, f"{text}\r{answers.get(text, OK)}".encode())

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield os.ttyname(theirs), heard
    finally:
        os.write(theirs, b"bye\r")
        thread.join(10)
        os.close(theirs)
        os.close(ours)


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    path = tmp_path / "meter.yaml"
    path.write_text(METER.replace("mcu_flash_failure: 0%", "mcu_flash_failure: 0%, confirm_delay: 0s"))
    return str(path)


def test_a_dry_run_prints_the_dialogue_and_confirms_nothing(scenario, capsys):
    with module_on_a_line(ANSWERS) as (port, heard):
        assert exit_code(["drive", port, scenario]) == 0
    out, err = capsys.readouterr()
    assert "[TX] AT+QIOTOTAREQ=1" in out
    assert "[--] not said: AT+QIOTUPDATE=1" in out
    assert "the host would accept the offer" in err
    assert "attach" in err
    assert heard[:2] == ["AT", "AT+QIOTSTATE?"]
    assert not any(line.startswith("AT+QIOTUPDATE") for line in heard)


def test_with_yes_it_answers_and_a_failure_is_exit_code_2(scenario, tmp_path, capsys):
    log = tmp_path / "real.log"
    with module_on_a_line(ANSWERS) as (port, heard):
        assert exit_code(["drive", port, scenario, "--yes", "--linger", "10ms", "--log", str(log), "--quiet"]) == 2
    out, err = capsys.readouterr()
    assert heard[-1] == "AT+QIOTUPDATE=1"
    assert "failed" in err
    assert out == ""
    assert "[RX] +QIOTEVT: 7,10706" in log.read_text()
    with module_on_a_line(ANSWERS) as (port, heard):
        assert exit_code(["drive", port, scenario, "--log", str(log)]) == 2
    assert heard == []
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("port", "message"),
    [("/dev/ttyNoSuch", "cannot be opened"), ("socket://127.0.0.1:1", "cannot be opened"), ("nosuch://x", "opened")],
)
def test_a_port_that_is_none_ends_in_a_sentence(scenario, capsys, port, message):
    assert exit_code(["drive", port, scenario]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err


def test_a_recorded_dialogue_is_held_against_the_simulated_one(scenario, tmp_path, capsys):
    log = tmp_path / "real.log"
    with module_on_a_line(ANSWERS) as (port, _):
        exit_code(["drive", port, scenario, "--yes", "--linger", "10ms", "--log", str(log), "--quiet"])
    out = ["--out", str(tmp_path / "results")]
    assert exit_code(["run", scenario, "--quiet", *out]) == 0
    capsys.readouterr()
    assert exit_code(["transcript", "latest", "--device", "0", "--quiet", "--against", str(log), *out]) == 2
    said = capsys.readouterr().err
    assert f"line {len(log.read_text().splitlines())} of {log} (+)" in said
    assert "- expected: [RX]+QIOTEVT: 7,10701" in said
    assert "+ seen:     [RX]+QIOTEVT: 7,10706" in said
