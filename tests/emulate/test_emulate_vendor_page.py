"""The dialogue of the vendor's page (FOTA Upgrade Example), byte for byte, on each kind of port.

The page shows lines; the line ends around them are those of the vendor's AT manuals. A URC stands between line ends of
its own, and what is typed comes back as it was typed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from live import Client, Live, emulating, on_socket, on_tcp, on_terminal
from vendor_page import PAGE


async def tcp(live: Live) -> Client:
    return await on_tcp(live.told[0].removesuffix(".").rpartition(" ")[2])


PORTS: dict[str, Callable[[Live], Awaitable[Client]]] = {
    "terminal": lambda live: on_terminal(live.link),
    "Unix socket": lambda live: on_socket(live.socket),
    "TCP": tcp,
}


def heard_bytes() -> dict[str, bytes]:
    """What is heard after each command that is typed, up to the next."""
    heard: dict[str, bytes] = {}
    typed = ""
    for line in PAGE.splitlines():
        text = line[4:]
        if line.startswith("[TX]"):
            typed, heard[text] = text, b""
        elif text == typed:
            heard[typed] += f"{text}\r".encode()
        else:
            heard[typed] += f"\r\n{text}\r\n".encode()
    return heard


async def hear(live: Live, client: Client, typed: str, heard: bytes) -> bytes:
    """Type a command, let time go by until the page's last line before the next; what came, at most as much."""
    client.write(typed.encode() + b"\r")
    came = await client.until(b"OK\r\n")  # before time is moved: the command is there
    await live.wait(heard.decode().splitlines()[-1])
    return came + await client.exactly(max(0, len(heard) - len(came)))


@pytest.mark.parametrize("port", PORTS)
def test_the_dialogue_of_the_vendors_page_is_on_the_port_byte_for_byte(port: str, tmp_path: Path) -> None:
    async def play() -> None:
        async with emulating(tmp_path, tcp=("127.0.0.1", 0)) as live:
            client = await PORTS[port](live)
            for typed, heard in heard_bytes().items():
                assert await hear(live, client, typed, heard) == heard
            await live.do("advance", by="2min")
            assert await client.ask("ATE0") == "ATE0\r\r\nOK\r\n"  # nothing else came

    asyncio.run(play())
    said = [line for line in (tmp_path / "log.txt").read_text().splitlines() if "X] " in line]
    *page, _, _, _ = [line.partition(" ")[2].replace("] ", "]", 1) for line in said]
    assert page == PAGE.splitlines()
