"""Programs that ask a module who it is before they trust it: each connects, and reads what the module is.

The module is an EC200U of a shipped scenario. URCs are placed before an answer on which two of these programs break,
and are harmless to them after it.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from live import ANSWER_S, SOTA
from programs import Emulation, emulation, library, node_host, program, run, until

OFFER = "+QIOTEVT: 7,10700"
GAMMU, GSMMODEM, NODE, PICOCOM, MODEM_MANAGER = range(5)
"""Who has which module."""
SAYS = f"""\
  - {{device: {GAMMU}, when: AT+CGMM, nth: 2, fault: say, line: "{OFFER}"}}     # the version is asked for next
  - {{device: {GSMMODEM}, when: AT+CGMM, fault: say, line: "{OFFER}"}}
  - {{device: {GSMMODEM}, when: AT+CGSN, fault: say, line: "{OFFER}"}}"""


@pytest.fixture(scope="module")
def holds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulation]:
    """Modules that keep URCs until the result of a command is out."""
    with emulation(tmp_path_factory.mktemp("holds"), SOTA, 5, SAYS, "--begin", "1min", "--speed", "20") as started:
        yield started


@pytest.fixture(scope="module")
def sneaks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulation]:
    """Modules whose URCs lie in wait for a command; in slow time, so that they do for as long as a program takes."""
    words = ("--begin", "1min", "--speed", "0.02", "--urcs", "sneak")
    with emulation(tmp_path_factory.mktemp("sneaks"), SOTA, 2, SAYS, *words) as started:
        yield started


def gammu_identifies(modules: Emulation, folder: Path) -> dict[str, str]:
    """What gammu found out."""
    settings = folder / "gammurc"
    settings.write_text(f"[gammu]\ndevice = {modules.link(GAMMU)}\nconnection = at115200\n")
    done = run(program("gammu", "gammu"), "-c", settings, "identify")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = (line.partition(":") for line in done.stdout.splitlines())
    return {name.strip(): value.strip() for name, _, value in rows}


class TestGammu:
    def test_it_reads_who_the_module_is(self, holds: Emulation, tmp_path: Path) -> None:
        found = gammu_identifies(holds, tmp_path)
        assert (found["Manufacturer"], found["Model"], found["Firmware"]) == ("Quectel", "unknown (EC200U)", "1_0")
        assert found["IMEI"].isdigit()
        assert OFFER in holds.said(GAMMU)

    def test_it_takes_a_urc_that_sneaks_in_for_a_part_of_the_version(self, sneaks: Emulation, tmp_path: Path) -> None:
        assert gammu_identifies(sneaks, tmp_path)["Firmware"] == f"{OFFER},1_0"


def connected(modules: Emulation) -> Any:
    """python-gsmmodem-new, connected."""
    modem = library("gsmmodem", "python-gsmmodem-new").GsmModem(str(modules.link(GSMMODEM)), 115_200)
    modem.connect()
    return modem


class TestPythonGsmmodem:
    def test_it_connects_and_reads_version_and_signal(self, holds: Emulation) -> None:
        modem = connected(holds)
        try:
            assert (modem.manufacturer, modem.model, modem.revision) == ("Quectel", "EC200U", "1_0")
            assert len(modem.imei) == 15
            assert modem.signalStrength > 0
            assert modem.networkName == "fota-sim"
        finally:
            modem.close()
        assert holds.said(GSMMODEM).count(OFFER) == 2

    def test_a_urc_that_sneaks_in_becomes_the_version_and_a_signal_is_a_command_error(self, sneaks: Emulation) -> None:
        modem = connected(sneaks)
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
        done = run(program("mmcli", "modemmanager"), *words, env=modem_manager)
        return done.stdout if done.returncode == 0 else ""

    profile = ["string:module", "string:quectel", f"array:string:{holds.socket(MODEM_MANAGER)}"]
    call = [program("dbus-send", "dbus"), "--session", "--print-reply", f"--dest={NAME}", PLACE]
    until(lambda: run(*call, f"{NAME}.Test.SetProfile", *profile, env=modem_manager).returncode == 0)
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
