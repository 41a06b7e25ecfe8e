"""Clients that do anything: what they say, open and close is drawn from a seed, and the same each time."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from live import Client, Live, on_socket

from fota_sim.emulate.injection import FAULTS

COMMANDS = (
    *(
        "AT",
        "ATE0",
        "ATE1",
        "ATI",
        "ATV0",
        "ATV1",
        "ATQ1",
        "ATQ0",
        "ATZ",
        "AT&F",
        "AT&C1",
        "A/",
        "ATE0V1",
        "ATH",
        "ATX4",
    ),
    *("AT+CMEE=0", "AT+CMEE=1", "AT+CMEE=2", "AT+CSQ", "AT+CBC", "AT+CREG=2", "AT+CREG?", "AT+COPS?", "AT+COPS=?"),
    *("AT+CFUN=0", "AT+CFUN=1", "AT+CFUN=1,1", "AT+QRST=1", "AT+QPOWD=1", "AT+CGMR", "AT+QVERSION", "AT+CIMI"),
    *("AT+QIOTREG=1", "AT+QIOTREG=2", "AT+QIOTREG=0", "AT+QIOTREG?", "AT+QIOTSTATE?", "AT+QIOTOTAREQ=1"),
    *("AT+QIOTUPDATE=0", "AT+QIOTUPDATE=1", "AT+QIOTUPDATE=2", "AT+QIOTUPDATE=3", "AT+QIOTOTARD=0,512"),
    *('AT+QIOTMCUVER="STM32","1_0_0"', 'AT+QIOTMCUVER="x","2_0"', 'AT+QHOTAREQ=80,1,"pk","ps"', "AT+QIOTRST=1"),
    *('AT+QIOTSUBCONN="pk","dk","ds",1', 'AT+QIOTSUBOTAREQ="pk","dk","1",0', "AT+QIOTSUBRD", "ATD*99#", "AT+CMUX=0"),
)
"""What is mangled. Registers S3 and S5 are left out: with another line end a module rightly hears no CR."""
TELNET = (
    b"\xff\xfa\x2c",
    b"\xff\xf0",
    b"\xff\xfd\x2c",
    b"\xff\xfb\x2c",
    b"\xff\xfe\x01",
    b"\xff\xff",
    b"\xff",
    b"\xff\xf6",
)
"""Beginnings and ends of options, with those of RFC 2217 among them."""
REQUESTS: tuple[dict[str, Any], ...] = (
    *({"do": "advance", "by": by} for by in ("1ms", "80ms", "2s", "30s", "10min")),
    *({"do": name} for name in ("state", "time", "log")),
    {"do": "wait", "until": "OK", "within": "5s"},
    *({"do": "inject", "fault": name} for name in FAULTS),
    {"do": "inject", "fault": "break_download", "share": "40%"},
    {"do": "inject", "fault": "signal_walk", "to": "-120dBm", "over": "1min"},
    {"do": "inject", "fault": "battery", "charge": "3%"},
    {"do": "inject", "fault": "say", "line": "+QIND: \u00fc\u20ac\x00"},
)
ODD = (None, True, -1, 0, 1e308, "", "x" * 5000, "1e400s", "-5s", "NaN", [], {"a": [1]}, "30", "\u0000", 2**70)
MOST_OPEN = 8
"""Clients at once; of each port some are second ones."""


class Fuzzer:
    """Plays with the ports of one emulation."""

    def __init__(self, live: Live, seed: int) -> None:
        self._live = live
        self._dice = random.Random(seed)
        self._files: list[int | socket.socket] = []
        """Terminals and sockets that are open."""
        said = {word.rstrip(".,") for line in live.told for word in line.split()}
        self._tcp = sorted(("127.0.0.1", int(word.split(":")[1])) for word in said if word.startswith("127.0.0.1:"))
        self.said_B = 0

    async def play(self, steps: int) -> None:
        """Do so many things, and leave."""
        does: list[tuple[int, Callable[[], None]]] = [
            (8, self._open), (5, self._close), (60, self._say), (12, self._read), (15, self._ask)
        ]  # fmt: skip
        weights = [weight for weight, _ in does]
        for _ in range(steps):
            self._dice.choices(does, weights)[0][1]()
            for _ in range(self._dice.randrange(4)):
                await asyncio.sleep(0)
        while self._files:
            self._close()

    # Ports

    def _open(self) -> None:
        if len(self._files) >= MOST_OPEN:
            return
        kind = self._dice.randrange(4)
        if kind == 0:
            self._files.append(os.open(self._live.link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
            return
        here: Any = [self._live.socket, self._live.control, *self._tcp][self._dice.randrange(2 + len(self._tcp))]
        file = socket.socket(socket.AF_UNIX if isinstance(here, Path) else socket.AF_INET)
        file.setblocking(isinstance(here, tuple))
        try:
            file.connect(here if isinstance(here, tuple) else str(here))
        except OSError:
            file.close()  # all places in its line are taken
            return
        file.setblocking(False)
        self._files.append(file)

    def _close(self) -> None:
        if not self._files:
            return
        file = self._files.pop(self._dice.randrange(len(self._files)))
        if isinstance(file, int):
            os.close(file)
        else:
            file.close()

    def _say(self) -> None:
        if self._files:
            self._write(self._dice.choice(self._files), self._words())

    def _ask(self) -> None:
        """A request at the control socket, of one of those that are there, whole, odd or torn."""
        if self._files:
            asked = json.dumps(self._request()).encode()
            torn = asked[: self._dice.randrange(len(asked))] if self._dice.random() < 0.2 else asked
            for file in self._files:
                if isinstance(file, socket.socket) and file.family == socket.AF_UNIX:
                    self._write(file, torn + b"\n")

    def _write(self, file: int | socket.socket, data: bytes) -> None:
        try:
            self.said_B += os.write(file, data) if isinstance(file, int) else file.send(data)
        except OSError:
            return  # it is full, or hung up on: as it should be

    def _read(self) -> None:
        if self._files:
            file = self._dice.choice(self._files)
            try:
                _ = os.read(file, 65_536) if isinstance(file, int) else file.recv(65_536)
            except OSError:
                return

    # Words

    def _words(self) -> bytes:
        dice = self._dice
        kind = dice.randrange(9)
        if kind == 0:
            return dice.randbytes(dice.randrange(1, 200))
        if kind == 1:
            return b"".join(
                dice.choice(TELNET) + dice.randbytes(dice.randrange(8)) for _ in range(dice.randrange(1, 9))
            )
        if kind == 2:
            return self._mangled() * dice.choice((1, 50, 400))
        if kind == 3:
            return bytes([dice.randrange(256)]) * dice.choice((3, 1100, 20_000))
        if kind == 4:
            parts = [dice.choice(COMMANDS).removeprefix("AT") for _ in range(dice.randrange(2, 12))]
            return f"AT{dice.choice((';', '', ';;')).join(parts)}\r".encode()
        if kind == 5:
            return b"\x00" * dice.randrange(1, 40) + dice.choice(COMMANDS).encode() + b"\r"
        if kind == 6:
            return json.dumps(self._request()).encode() + dice.choice((b"\n", b"\r", b""))
        if kind == 7:
            line = dice.choice(COMMANDS).encode()
            return line[: dice.randrange(len(line) + 1)]
        return dice.choice(COMMANDS).encode() + dice.choice((b"\r", b"\n", b"\r\n"))

    def _mangled(self) -> bytes:
        dice = self._dice
        line = bytearray(dice.choice(COMMANDS).encode())
        for _ in range(dice.randrange(4)):
            at = dice.randrange(len(line) + 1)
            what = dice.randrange(5)
            if what == 0:
                line[at:at] = dice.randbytes(1)
            elif what == 1:
                del line[at : at + 1]
            elif what == 2:
                line[at:at] = dice.choice((b'"', b",", b";", b"=", b"?", b"-", b"99999999999", b"\x1b", b"\x08"))
            elif what == 3:
                line = bytearray(bytes(line).swapcase())
            else:
                line += line[at:]
        return bytes(line) + dice.choice((b"\r", b"\n", b"\r\n", b""))

    def _request(self) -> Any:
        dice = self._dice
        request = dict(dice.choice(REQUESTS))
        for _ in range(dice.randrange(3)):
            key = dice.choice((*request, "do", "by", "to", "device", "until", "within", "line", "charge", "over", "zz"))
            request[key] = dice.choice(ODD)
        if request.get("do") == "stop":
            request["do"] = "time"
        return request if dice.random() < 0.95 else dice.choice((*ODD, [request] * 3))


async def still_answers(live: Live) -> bool:
    """Whether the module says OK to AT once it has power and nobody is at its ports; False if it is bricked."""
    await live.do("advance", by="10min")  # what was under way ends, such as AT+QPOWD
    await live.do("inject", fault="battery", charge="100%")
    await live.do("inject", fault="power_on")
    state = (await live.do("state"))["state"]
    if state["bricked"] or not state["reachable"]:
        return False
    client = await _alone(live)
    await live.do("advance", by="10min")
    client.write(b"\rATE0Q0V1\r")
    while True:  # what is still to come of before may be lines of any kind
        await live.do("advance", by="1s")
        client.write(b"AT+QVERSION\rAT\r")
        if (await client.until(b"OK\r\n")).endswith(b"OK\r\n"):
            return True


async def _alone(live: Live) -> Client:
    """A client of the Unix socket, once those before it have left it."""
    while True:
        client = await on_socket(live.socket)
        client.write(b"\r")
        try:
            await asyncio.wait_for(client.until(b"another client"), 0.05)
        except (TimeoutError, asyncio.IncompleteReadError):
            return client
