"""A module of the reference engine at the end of a port, in virtual time."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bench import Bench
from worlds import ONE_PLUG, STM32

from fota_sim.drive.log import Log
from fota_sim.drive.seat import take_seat
from fota_sim.drive.session import Drive, drive
from fota_sim.scenario.loader import parse_scenario

CONTENT = hashlib.shake_128(b"stm32").digest(27954)
METER = STM32.replace("95cbdeb4faeda4322ad9b65eb731ed2b", hashlib.md5(CONTENT).hexdigest())
PLUG = ONE_PLUG
__all__ = ["CONTENT", "METER", "PLUG", "ModulePort", "driven", "rows"]


class ModulePort(Bench):
    """What is written is said to the module, and reading lets time pass."""

    address = "bench"

    def __init__(self, text: str, *overrides: str, content: bytes = CONTENT) -> None:
        super().__init__(text, *overrides)
        self.live.modem.module.says_ready = False
        self.heard = ""
        self.written: list[str] = []
        self._content = content

    def hear_data(self, start: int, n: int) -> None:
        self.heard += self._content[start : start + n].decode("latin-1")

    def write(self, data: bytes) -> None:
        self.written.append(data.decode("latin-1").rstrip("\r"))
        self.live.modem.module.receive(data.decode("latin-1"))

    def read(self, wait_s: float) -> bytes:
        until_ms = self.env.now_ms + max(1, round(wait_s * 1000))
        while not self.heard and self.env.now_ms < until_ms:
            self.env.run_to(int(min(until_ms, self.env.peek() + 1)), lambda _: None)
        heard, self.heard = self.heard, ""
        return heard.encode("latin-1")

    def now_ms(self) -> int:
        return self.env.now_ms


def driven(
    text: str, port: ModulePort, *overrides: str, yes: bool = True, hours: float = 2, battery: int | None = None
) -> tuple[Drive, Log]:
    """The scenario's host against a module; what came of it, and the dialogue."""
    log = Log(datetime(2026, 1, 5, 8), lambda _: None)
    seat = take_seat(parse_scenario(text, "scenario.yaml", overrides), "0")
    done = drive(
        seat,
        port,
        port.now_ms,
        log.take,
        answers_offers=yes,
        battery_pct=battery,
        limit_ms=round(hours * 3_600_000),
        linger_ms=60_000,
    )
    return done, log


def rows(log: Log) -> str:
    """The dialogue as a file has it."""
    found: list[str] = []
    again = Log(datetime(2026, 1, 5, 8), found.append)
    for line in log.lines:
        again.take(line)
    return "\n".join(found)
