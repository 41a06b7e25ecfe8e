"""Programs that ask a module who it is before they trust it: each connects, and reads what the module is.

The module is an EC200U of a shipped scenario. gammu and python-gsmmodem-new take a URC for an answer that stands before
it; they do so with one policy of the emulation and not with another.
"""

from __future__ import annotations

import json
import queue
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from live import ANSWER_S, SOTA
from programs import Emulation, emulation, library, node_host, program, run, until

OFFER = "+QIOTEVT: 7,10700"
GSMMODEM, GAMMU, NODE, PICOCOM, MODEM_MANAGER, UNDISTURBED = range(6)
"""Who has which module."""


def says(when: str, nth: int = 1, device: int = GSMMODEM) -> str:
    """A URC right after the answer to this command, unless it has to lie in wait."""
    return f"  - {{device: {device}, when: {when}, nth: {nth}, fault: say, line: '{OFFER}'}}"


AFTER_MODEL_AND_NUMBER = [says("AT+CGMM"), says("AT+CGSN")]


@pytest.fixture(scope="module")
def holds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulation]:
    """Modules that keep URCs until the result of a command is out. One comes after gammu was told the version."""
    faults = "\n".join([*AFTER_MODEL_AND_NUMBER, says("AT+CGMR", 2, GAMMU)])
    folder = tmp_path_factory.mktemp("holds")
    with emulation(folder, SOTA, 6, faults, "--begin", "1min", "--speed", "20") as started:
        yield started


@pytest.fixture(scope="module")
def sneaks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulation]:
    """Modules whose URCs lie in wait for a command. One does before gammu asks for the version.

    Time is slow, so that they lie in wait for as long as a program takes.
    """
    faults = "\n".join([*AFTER_MODEL_AND_NUMBER, says("AT+CGMM", 2, GAMMU)])
    words = ("--begin", "1min", "--speed", "0.02", "--urcs", "sneak")
    with emulation(tmp_path_factory.mktemp("sneaks"), SOTA, 2, faults, *words) as started:
        yield started


class TestGammu:
    def identifies(self, port: Path, folder: Path) -> pexpect.spawn:
        """It writes what it finds out as it finds it out."""
        settings = folder / "gammurc"
        settings.write_text(f"[gammu]\ndevice = {port}\nconnection = at115200\n")
        argv = ["-c", str(settings), "identify"]
        return pexpect.spawn(program("gammu", "gammu"), argv, timeout=ANSWER_S, encoding="utf-8")

    def firmware(self, port: Path, folder: Path) -> str:
        said = self.identifies(port, folder)
        said.expect("Firmware *: ([^\r]*)\r\n")
        said.close(force=True)
        return str(said.match.group(1))

    def test_it_reads_who_the_module_is(self, holds: Emulation, tmp_path: Path) -> None:
        said = self.identifies(holds.link(UNDISTURBED), tmp_path)
        said.expect(pexpect.EOF)
        rows = (line.partition(":") for line in said.before.splitlines())
        found = {name.strip(): value.strip() for name, _, value in rows}
        assert (found["Manufacturer"], found["Model"], found["Firmware"]) == ("Quectel", "unknown (EC200U)", "1_0")
        assert len(found["IMEI"]) == len(found["SIM IMSI"]) == 15

    def test_a_urc_that_sneaks_in_is_taken_for_a_part_of_the_version(self, sneaks: Emulation, tmp_path: Path) -> None:
        assert self.firmware(sneaks.link(GAMMU), tmp_path) == f"{OFFER},1_0"

    def test_a_urc_that_is_held_is_not(self, holds: Emulation, tmp_path: Path) -> None:
        assert self.firmware(holds.link(GAMMU), tmp_path) == "1_0"
        assert OFFER in holds.said(GAMMU)


class TestPythonGsmmodem:
    def connected(self, modules: Emulation) -> Any:
        modem = library("gsmmodem", "python-gsmmodem-new").GsmModem(str(modules.link(GSMMODEM)), 115_200)
        modem.connect()
        return modem

    def test_a_urc_that_is_held_is_news_and_answers_are_right(self, holds: Emulation) -> None:
        modem = self.connected(holds)
        news = queue.Queue[list[str]]()
        modem.notifyCallback = news.put
        try:
            assert modem.model == "EC200U"
            assert news.get(timeout=ANSWER_S) == [OFFER]
            assert modem.revision == "1_0"
            assert len(modem.imei) == 15
            assert news.get(timeout=ANSWER_S) == [OFFER]
            assert modem.signalStrength > 0
            assert (modem.manufacturer, modem.networkName) == ("Quectel", "fota-sim")
        finally:
            modem.close()

    def test_a_urc_that_sneaks_in_becomes_the_version_and_a_signal_is_an_error(self, sneaks: Emulation) -> None:
        modem = self.connected(sneaks)
        try:
            assert modem.model == "EC200U"
            assert modem.revision == OFFER
            assert len(modem.imei) == 15
            with pytest.raises(library("gsmmodem.exceptions", "python-gsmmodem-new").CommandError):
                _ = modem.signalStrength
        finally:
            modem.close()


def test_the_npm_package_serialport_reads_answers_and_urcs(holds: Emulation) -> None:
    done = run(*node_host(), holds.link(NODE))
    assert done.returncode == 0, done.stdout + done.stderr
    identity = ["Quectel", "EC200U", "Revision: 1_0", "OK", "1_0", "OK"]
    assert done.stdout.split("\n")[1:] == ["OK", *identity, "OK", "+QIOTEVT: 2,10200", "+QIOTEVT: 3,10200", ""]


def test_a_terminal_program_shows_what_is_typed_and_answered(holds: Emulation) -> None:
    argv = ["--baud", "115200", str(holds.link(PICOCOM))]
    terminal = pexpect.spawn(program("picocom", "picocom"), argv, timeout=ANSWER_S)
    terminal.expect_exact("Terminal ready")
    terminal.send("ati\r")
    terminal.expect_exact("ati\r\r\nQuectel\r\nEC200U\r\nRevision: 1_0\r\n\r\nOK\r\n")
    terminal.send("\x01\x18")
    terminal.expect_exact("Thanks for using picocom")
    terminal.expect(pexpect.EOF)


BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""
DAEMON = ["--test-session", "--test-enable", "--test-no-udev", "--test-no-suspend-resume", "--test-no-qrtr"]
"""Stock ModemManager that looks for no hardware and takes a port by its name; it is on the bus that it is told of."""
NAME, PLACE = "org.freedesktop.ModemManager1", "/org/freedesktop/ModemManager1"


@pytest.fixture
def modem_manager(tmp_path: Path) -> Iterator[dict[str, str]]:
    """ModemManager on a bus of its own; the environment in which it is found."""
    argv = [program("ModemManager", "modemmanager"), *DAEMON, "--no-auto-scan", "--debug"]
    program("mmcli", "modemmanager")
    settings = tmp_path / "bus.conf"
    settings.write_text(BUS.format(path=tmp_path / "bus"))
    bus = [program("dbus-daemon", "dbus"), f"--config-file={settings}", "--nofork", "--nopidfile", "--print-address"]
    with (tmp_path / "said.txt").open("w") as said, subprocess.Popen(bus, stdout=subprocess.PIPE, stderr=said) as begun:
        assert begun.stdout is not None
        address = begun.stdout.readline().decode().strip()
        found = {"DBUS_SESSION_BUS_ADDRESS": address, "DBUS_SYSTEM_BUS_ADDRESS": address}
        with subprocess.Popen(argv, env=found, stdout=said, stderr=said) as daemon:
            try:
                yield found
            finally:
                for each in (daemon, begun):
                    each.terminate()
                    each.wait(ANSWER_S)


def test_modem_manager_takes_the_module_over_a_socket_and_enables_it(
    holds: Emulation, modem_manager: dict[str, str]
) -> None:
    def mmcli(*words: str) -> str:
        done = run(program("mmcli", "modemmanager"), f"--timeout={ANSWER_S}", *words, env=modem_manager)
        return done.stdout if done.returncode == 0 else ""

    until(lambda: mmcli("--list-modems"))  # that there are none
    call = [program("dbus-send", "dbus"), "--session", "--print-reply", f"--reply-timeout={1000 * ANSWER_S}"]
    profile = ["string:module", "string:quectel", f"array:string:{holds.socket(MODEM_MANAGER)}"]
    done = run(*call, f"--dest={NAME}", PLACE, f"{NAME}.Test.SetProfile", *profile, env=modem_manager)
    assert done.returncode == 0, done.stderr
    until(lambda: "EC200U" in mmcli("--list-modems"))
    modem = json.loads(mmcli("--modem", "any", "--output-json"))["modem"]
    generic = modem["generic"]
    assert (generic["plugin"], generic["manufacturer"], generic["model"]) == ("quectel", "Quectel", "EC200U")
    assert (generic["revision"], generic["state"]) == ("1_0", "disabled")
    assert mmcli("--modem", "any", "--command=+QIOTREG?").strip() == "response: '+QIOTREG: 0'"
    assert "successfully enabled" in mmcli("--modem", "any", "--enable")

    def registered() -> Any:
        modem = json.loads(mmcli("--modem", "any", "--output-json"))["modem"]
        return modem if modem["generic"]["state"] == "registered" else None

    modem = until(registered)
    assert (modem["3gpp"]["operator-name"], modem["3gpp"]["operator-code"]) == ("fota-sim", "00101")
    assert len(modem["3gpp"]["imei"]) == 15
