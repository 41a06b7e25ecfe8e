"""Hosts that upgrade a module, or an MCU behind it, over a terminal: one of pyserial, one of Debian's chat.

They are the hosts of the documentation. The modules of a scenario are emulated together, one for each case.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from live import SOTA, VENDOR
from programs import Emulation, emulation, library, program, run

DOCS = Path(__file__).parents[2] / "docs"


class Case(NamedTuple):
    scenario: Path
    fault: str = ""
    when: str = ""
    nth: tuple[int, ...] = (1,)
    """Lines after which the fault is done."""


BROKEN = tuple(range(1, 20))
"""More progress events than there are attempts."""
CASES = {
    "firmware": Case(VENDOR),
    "firmware, no address": Case(VENDOR, "drop_url", "AT+QIOTUPDATE=1"),
    "firmware, downloads that break": Case(VENDOR, "break_download, share: 90%", "7,10702", BROKEN),
    "firmware, the file of other checksums": Case(VENDOR, "wrong_checksum", "7,107", BROKEN),
    "firmware, a bad image": Case(VENDOR, "verify_failure", "7,10703"),
    "firmware, a wrong version": Case(VENDOR, "wrong_version", "7,10703"),
    "MCU": Case(SOTA),
    "MCU, no address": Case(SOTA, "drop_url", "AT+QIOTUPDATE=1"),
    "MCU, a garbled block": Case(SOTA, "garble_block", "7,10703"),
    "MCU, the file of other checksums": Case(SOTA, "wrong_checksum", "AT+QIOTUPDATE=1"),
}
CLIENTS = ("pyserial", "chat")
PLAYED = [(client, name) for client in CLIENTS for name in CASES]


def modules_of(scenario: Path) -> list[tuple[str, str]]:
    """Who has which module: the place in this list is its number."""
    return [each for each in PLAYED if CASES[each[1]].scenario == scenario]


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Emulation]]:
    """An emulation by its scenario, with a module and its faults for each case."""
    with ExitStack() as stack:
        running: dict[Path, Emulation] = {}

        def start(scenario: Path) -> Emulation:
            if scenario not in running:
                cases = [(number, CASES[name]) for number, (_, name) in enumerate(modules_of(scenario))]
                faults = [
                    f"  - {{device: {number}, when: '{case.when}', nth: {nth}, fault: {case.fault}}}"
                    for number, case in cases
                    if case.fault
                    for nth in case.nth
                ]
                words = ["--speed", "20", "--set", "protocol.read_timeout=20min"]  # a client may be slow
                folder = tmp_path_factory.mktemp("emulated")
                running[scenario] = stack.enter_context(
                    emulation(folder, scenario, len(cases), "\n".join(faults), *words)
                )
            return running[scenario]

        yield start


def host(client: str, port: Path) -> list[str]:
    """The command of a host."""
    if client == "chat":
        program("chat", "ppp")
        return ["sh", str(DOCS / "emulate_chat.sh"), str(port)]
    library("serial", "pyserial")
    return [sys.executable, str(DOCS / "emulate_host.py"), str(port)]


@pytest.mark.parametrize(("client", "name"), PLAYED, ids=[f"{client}-{name}" for client, name in PLAYED])
def test_a_host_upgrades_its_module_and_sees_10706_where_a_failure_is_injected(
    client: str, name: str, emulated: Callable[[Path], Emulation]
) -> None:
    case = CASES[name]
    running, number = emulated(case.scenario), modules_of(case.scenario).index((client, name))
    mcu = case.scenario == SOTA
    done = run(*host(client, running.link(number)), *(("STM32", "1_0_0") if mcu else ()))
    told = done.stdout + done.stderr
    assert done.returncode == bool(case.fault), told
    assert f"+QIOTEVT: 7,{10706 if case.fault else 10705}" in told
    state = running.state(number)
    assert state["upgraded"] == (not case.fault)
    if not case.fault:
        assert (state["mcu"] == {"STM32": "2_0_0"}) if mcu else (state["firmware"] == "FC41D_FOTA_2_0")
    if mcu and case.fault != "drop_url":
        assert f"27954 bytes read, MD5 {'WRONG' if case.fault else 'as announced'}" in told
