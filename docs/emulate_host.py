"""A host: it has its module upgraded, or the software of an MCU behind it, over any port of pyserial's.

    python docs/emulate_host.py ./ttyQuectel0 [MCU VERSION]

Needs pyserial. The port may be a device, a link, socket://HOST:PORT or rfc2217://HOST:PORT. It ends with 0 after
7,10705 and with 1 after 7,10706.
"""

from __future__ import annotations

import hashlib
import re
import sys

import serial

BLOCK_B = 1024


class Module:
    """The module's lines, and what they say of the upgrade."""

    def __init__(self, port: str) -> None:
        self.port = serial.serial_for_url(port, baudrate=115_200, timeout=60)

    def line(self) -> str:
        """The next line that is not empty."""
        while True:
            text = self.port.read_until(b"\r\n").decode("latin-1").strip()
            if text:
                print(f"< {text}", flush=True)
                return text

    def ask(self, command: str) -> bool:
        """Say a command; whether the answer is OK. What comes before it, events included, is shown."""
        print(f"> {command}", flush=True)
        self.port.write(command.encode() + b"\r")
        while (text := self.line()) not in ("OK", "ERROR"):
            self.missed.append(text)
        return text == "OK"

    missed: list[str] = []  # noqa: RUF012  # one module a program

    def event(self, *codes: int) -> list[str]:
        """Wait for one of these OTA events; its data."""
        while True:
            text = self.missed.pop(0) if self.missed else self.line()
            found = re.fullmatch(r"\+QIOTEVT: (\d+),(\d+),?(.*)", text)
            if found and int(found[1]) * 100_000 + int(found[2]) in codes:
                return [found[2], *found[3].replace('"', "").split(",")]

    def read(self, start: int, size_B: int) -> bytes:
        """A block of the file; nothing if the module has it no more."""
        self.port.write(f"AT+QIOTOTARD={start},{size_B}\r".encode())
        while not (head := self.port.read_until(b"\r\n").strip()).startswith(b"+QIOTOTARD:"):
            if head == b"ERROR":
                return b""
            self.missed += [head.decode("latin-1")] if head else []
        data: bytes = self.port.read(size_B)
        self.port.read_until(b"OK\r\n")
        return data


def fetch(module: Module) -> bool | None:
    """Read the file of an MCU in blocks, piece after piece; whether it is the announced one, None if that failed."""
    announced = module.event(710_701, 710_706)
    data = b""
    while announced[0] != "10706":
        piece = module.event(710_703, 710_706)
        if piece[0] == "10706":
            break
        size_B, start, length_B = map(int, piece[2:5])
        for at in range(start, start + length_B, BLOCK_B):
            block = module.read(at, min(BLOCK_B, start + length_B - at))
            if not block:
                return None
            data += block
        if len(data) == size_B:
            matches = hashlib.md5(data, usedforsecurity=False).hexdigest() == announced[3]
            print(f"# {size_B} bytes read, MD5 {'as announced' if matches else 'WRONG'}", flush=True)
            return matches
        module.ask("AT+QIOTUPDATE=2")
    return None


def upgrade(module: Module, mcu: str, runs: str) -> bool:
    """From registration to the result."""
    module.ask("ATE0")
    if mcu:
        module.ask(f'AT+QIOTMCUVER="{mcu}","{runs}"')
    module.ask("AT+QIOTREG=1")
    module.event(310_200)
    module.ask("AT+QIOTOTAREQ=1")
    target = module.event(710_700)[3]
    module.ask("AT+QIOTUPDATE=1")
    if mcu:
        matches = fetch(module)
        if matches is None:
            return False
        module.ask("AT+QIOTUPDATE=3")
        module.ask(f'AT+QIOTMCUVER="{mcu}","{target if matches else runs}"')
    return module.event(710_705, 710_706)[0] == "10705"


if __name__ == "__main__":
    given = [*sys.argv[2:], "", ""]
    sys.exit(0 if upgrade(Module(sys.argv[1]), given[0], given[1]) else 1)
