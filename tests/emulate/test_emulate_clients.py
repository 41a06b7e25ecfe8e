"""Hosts that upgrade a module, or an MCU behind it, over a terminal: one of pyserial, one of Debian's chat.

They are the hosts of the documentation. The modules of a scenario are emulated together, one for each case and host.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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


def pyserial() -> list[str]:
    library("serial", "pyserial")
    return [sys.executable, str(DOCS / "emulate_host.py")]


def chat() -> list[str]:
    program("chat", "ppp")
    return ["sh", str(DOCS / "emulate_chat.sh")]


HOSTS: tuple[Callable[[], list[str]], ...] = (pyserial, chat)
AT_A_TIME = 3
"""Hosts that run together."""


def faults_of(first: int, cases: list[Case]) -> list[str]:
    """Lines of a file of faults for modules from ``first`` on."""
    return [
        f"  - {{device: {number}, when: '{case.when}', nth: {nth}, fault: {case.fault}}}"
        for number, case in enumerate(cases, first)
        if case.fault
        for nth in case.nth
    ]


def what_is_wrong(host: list[str], running: Emulation, number: int, case: Case) -> str:
    """Have a module upgraded; what the host said if it is not as it should be."""
    mcu = case.scenario == SOTA
    done = run(*host, running.link(number), *(("STM32", "1_0_0") if mcu else ()))
    state, told = running.state(number), done.stdout + done.stderr
    runs = state["mcu"]["STM32"] == "2_0_0" if mcu else state["firmware"] == "FC41D_FOTA_2_0"
    as_it_should = (
        done.returncode == bool(case.fault),
        f"+QIOTEVT: 7,{10706 if case.fault else 10705}" in told,
        state["upgraded"] == (not case.fault),
        runs or case.fault,
        not mcu
        or case.fault == "drop_url"
        or f"27954 bytes read, MD5 {'WRONG' if case.fault else 'as announced'}" in told,
    )
    return "" if all(as_it_should) else f"ended with {done.returncode}: {told} {state}"


@pytest.mark.parametrize("scenario", [VENDOR, SOTA], ids=["firmware", "MCU"])
def test_hosts_upgrade_their_modules_and_see_10706_after_each_failure_that_is_injected(
    scenario: Path, tmp_path: Path
) -> None:
    cases = {name: case for name, case in CASES.items() if case.scenario == scenario}
    firsts = [place * len(cases) for place in range(len(HOSTS))]
    faults = "\n".join(line for first in firsts for line in faults_of(first, [*cases.values()]))
    words = ("--speed", "20", "--set", "protocol.read_timeout=20min")  # a host may be slow
    with (
        emulation(tmp_path, scenario, len(HOSTS) * len(cases), faults, *words) as running,
        ThreadPoolExecutor(AT_A_TIME) as pool,
    ):
        for first, host in zip(firsts, HOSTS, strict=True):
            command = host()
            played = [
                pool.submit(what_is_wrong, command, running, number, case)
                for number, case in enumerate(cases.values(), first)
            ]
            wrong = {name: each.result() for name, each in zip(cases, played, strict=True)}
            assert wrong == dict.fromkeys(cases, ""), host.__name__
