"""What clients find on ports: terminals, sockets, modem lines; and what happens to bytes that nobody reads."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from pathlib import Path

import pytest
from live import ANSWER_S, Live, emulating, on_socket, on_tcp, on_terminal

from fota_sim.emulate.device import Manner
from fota_sim.errors import FotaSimError


def test_the_same_module_answers_on_each_port_to_whoever_asked_there(tmp_path: Path) -> None:
    async def play() -> None:
        async with emulating(tmp_path, tcp=("127.0.0.1", 0)) as live:
            place = live.told[0].rpartition(" ")[2].rstrip(".")
            for client in (await on_terminal(live.link), await on_socket(live.socket), await on_tcp(place)):
                assert await client.ask("AT+QVERSION") == ("AT+QVERSION\r\r\n+QVERSION: FC41D_FOTA_1_0\r\n\r\nOK\r\n")

    asyncio.run(play())


def test_who_starts_it_is_told_that_it_waits_and_how_it_ends(tmp_path: Path) -> None:
    async def play() -> None:
        async with emulating(tmp_path) as live:
            assert live.told[-1] == "It waits for your program; Ctrl-C ends it."

    asyncio.run(play())


def test_characters_come_back_as_they_are_typed_and_not_after_ate0(tmp_path: Path) -> None:
    async def play() -> None:
        async with emulating(tmp_path) as live:
            client = await on_terminal(live.link)
            client.write(b"A")
            assert await client.exactly(1) == b"A"
            client.write(b"TE0\r\nAT\r\n")
            assert await client.until(b"OK\r\n\r\nOK\r\n") == b"TE0\r\n\r\nOK\r\n\r\nOK\r\n"

    asyncio.run(play())


def test_urcs_go_to_a_port_of_their_own_if_there_is_one(tmp_path: Path) -> None:
    async def play() -> None:
        async with emulating(tmp_path, urc_link=tmp_path / "urcs") as live:
            client, urcs = await on_terminal(live.link), await on_terminal(tmp_path / "urcs")
            await asyncio.sleep(0.2)  # until the terminal is seen to be open: what is said before is lost
            await client.ask("AT+QIOTREG=1")
            await live.wait("3,10200")
            assert b"+QIOTEVT: 2,10200" in await urcs.until(b"3,10200\r\n")
            assert await client.ask("AT") == "AT\r\r\nOK\r\n"

    asyncio.run(play())


def test_several_modules_have_names_with_their_numbers(tmp_path: Path) -> None:
    async def play() -> None:
        async with emulating(tmp_path, Path("scenarios/weak_signal_tail.yaml").resolve(), device="3", count=3) as live:
            assert sorted(path.name for path in tmp_path.glob("tty*")) == ["tty-3", "tty-4", "tty-5"]
            answers = [await (await on_terminal(tmp_path / f"tty-{n}")).ask("AT+QIOTSTATE?") for n in (3, 4, 5)]
            assert answers == ["AT+QIOTSTATE?\r\r\n+QIOTSTATE: 1\r\n\r\nOK\r\n"] * 3
            assert "which device? 3 are emulated" in (await live.do("state"))["error"]
            assert (await live.do("state", device=4))["state"]["number"] == 4
            assert (await live.do("time"))["ok"]
            assert (await live.do("stop"))["ok"]

    asyncio.run(play())


def test_a_second_client_of_a_socket_is_told_that_it_is_taken_and_the_next_one_is_served(tmp_path: Path) -> None:
    async def play() -> None:
        async with emulating(tmp_path) as live:
            reader, writer = await asyncio.open_unix_connection(live.socket)
            writer.write(b"AT\r")
            await reader.readuntil(b"OK\r\n")
            assert b"another client has this port" in await (await on_socket(live.socket)).rest()
            writer.close()
            await writer.wait_closed()
            while True:  # until the first one's leaving is noticed
                third = await on_socket(live.socket)
                third.write(b"AT\r")
                if b"another client" not in await third.until(b"\r\n"):
                    return

    asyncio.run(play())


def test_nobody_reading_without_flow_control_loses_bytes_in_bounded_memory_and_is_told(tmp_path: Path) -> None:
    async def play() -> list[str]:
        async with emulating(tmp_path) as live:
            file = os.open(live.link, os.O_RDWR | os.O_NOCTTY)
            os.write(file, b"AT\r")
            while not live.bench.devices[0].module.powered or "OK" not in (await live.do("log"))["log"]:
                await asyncio.sleep(0)
            for _ in range(60):  # 60 kB into a terminal that takes some 18
                await live.do("inject", fault="say", line="+QIND: " + "x" * 500)
                await live.do("inject", fault="say", line="+QIND: " + "x" * 500)
            await asyncio.sleep(0.5)
            os.close(file)
            return live.told

    assert any("bytes lost; the client does not read, and has no flow control" in line for line in asyncio.run(play()))


def test_a_client_that_floods_is_served_and_nothing_grows(tmp_path: Path) -> None:
    async def play() -> None:
        async with emulating(tmp_path) as live:
            client = await on_socket(live.socket)
            client.write(b"x" * 300_000)
            client.write(b"\rAT+GARBAGE\r" * 200 + b"\rAT+QIOTSTATE?\r")
            await client.until(b"+QIOTSTATE: 1\r\n\r\nOK\r\n")

    asyncio.run(play())


def test_what_a_terminal_that_nobody_has_open_would_say_is_lost_as_on_a_line_that_is_not_plugged_in(
    tmp_path: Path,
) -> None:
    async def play() -> None:
        async with emulating(tmp_path) as live:
            await live.do("inject", fault="say", line="+QIND: early")
            client = await on_terminal(live.link)
            assert await client.ask("AT") == "AT\r\r\nOK\r\n"

    asyncio.run(play())


def test_names_are_gone_afterwards(tmp_path: Path) -> None:
    async def play(live_names: list[str]) -> None:
        async with emulating(tmp_path, urc_link=tmp_path / "urcs"):
            live_names += sorted(path.name for path in tmp_path.iterdir())

    names: list[str] = []
    asyncio.run(play(names))
    assert names == ["control.sock", "log.txt", "port.sock", "tty", "urcs"]
    assert [path.name for path in tmp_path.iterdir()] == ["log.txt"]


def test_a_name_of_something_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "tty").write_text("a file of mine")

    async def play(**ports: object) -> None:
        async with emulating(tmp_path, **ports):  # type: ignore[arg-type]
            pass

    with pytest.raises(FotaSimError, match="stands there and is no link"):
        asyncio.run(play())
    with pytest.raises(FotaSimError, match="stands there and is no socket"):
        asyncio.run(play(link=None, unix=tmp_path / "tty"))
    assert (tmp_path / "tty").read_text() == "a file of mine"


def test_what_an_emulation_left_that_was_killed_is_replaced_and_one_that_runs_is_not(tmp_path: Path) -> None:
    (tmp_path / "tty").symlink_to("/dev/pts/99999")
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "port.sock"))
    left.close()

    async def play() -> None:
        async with emulating(tmp_path) as live:
            assert stat.S_ISCHR(live.link.stat().st_mode)
            with pytest.raises(FotaSimError, match="is the port of an emulation that runs"):
                async with emulating(tmp_path, unix=None):
                    pass
            with pytest.raises(FotaSimError, match="another program listens there"):
                async with emulating(tmp_path, link=None):
                    pass

    asyncio.run(play())


def test_a_tcp_port_that_is_taken_is_named(tmp_path: Path) -> None:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    place = taken.getsockname()

    async def play() -> None:
        async with emulating(tmp_path, tcp=place):
            pass

    with pytest.raises(FotaSimError, match=f"--tcp 127.0.0.1:{place[1]}: .*choose another port"):
        asyncio.run(play())
    taken.close()


URC = "\r\n+QIND: now\r\n"


@pytest.mark.parametrize(
    ("policy", "heard"),
    [
        ("hold", URC + "AT+QVERSION\r\r\n+QVERSION: FC41D_FOTA_1_0\r\n\r\nOK\r\n"),
        ("sneak", "AT+QVERSION\r" + URC + "\r\n+QVERSION: FC41D_FOTA_1_0\r\n\r\nOK\r\n"),
        ("mid", "AT+QVERSION\r\r\n+QVERSION: FC41D_FOTA_1_0\r\n" + URC + "\r\nOK\r\n"),
    ],
)
def test_a_urc_comes_where_the_policy_says(policy: str, heard: str, tmp_path: Path) -> None:
    async def play(live: Live) -> str:
        client = await on_socket(live.socket)
        await client.ask("AT")
        await live.do("inject", fault="say", line="+QIND: now")
        return await client.ask("AT+QVERSION")

    async def main() -> str:
        async with emulating(tmp_path, manner=Manner(urcs=policy)) as live:  # type: ignore[arg-type]
            return await play(live)

    assert asyncio.run(main()) == heard


def test_a_urc_that_lies_in_wait_comes_by_itself_after_a_while(tmp_path: Path) -> None:
    async def play() -> None:
        async with emulating(tmp_path, manner=Manner(urcs="sneak")) as live:
            client = await on_socket(live.socket)
            await client.ask("AT")
            await live.do("inject", fault="say", line="+QIND: now")
            await live.do("advance", by="3s")
            assert await client.until(b"now\r\n") == b"\r\n+QIND: now\r\n"

    asyncio.run(play())


class TestModemLines:
    def open(self, place: str) -> object:
        serial = pytest.importorskip("serial")
        return serial.serial_for_url(f"rfc2217://{place}", baudrate=57_600, timeout=ANSWER_S)

    def test_a_module_is_mute_until_dtr_and_shows_its_power_on_the_lines(self, tmp_path: Path) -> None:
        async def play() -> None:
            async with emulating(tmp_path, link=None, unix=None, rfc2217=("127.0.0.1", 0), needs_dtr=True) as live:
                place = live.told[0].rpartition(" ")[2].rstrip(".")
                port = await asyncio.to_thread(self.open, place)

                def ask() -> bytes:
                    port.write(b"AT\r")  # type: ignore[attr-defined]
                    return port.read_until(b"OK\r\n")  # type: ignore[attr-defined, no-any-return]

                def heard_without_dtr() -> bytes:
                    port.dtr, port.timeout = False, 0.5  # type: ignore[attr-defined]
                    said = ask()
                    port.dtr, port.timeout = True, ANSWER_S  # type: ignore[attr-defined]
                    return said

                assert await asyncio.to_thread(heard_without_dtr) == b""
                assert await asyncio.to_thread(ask) == b"AT\r\r\nOK\r\n"
                assert (port.cts, port.dsr, port.cd) == (True, True, True)  # type: ignore[attr-defined]
                await live.do("inject", fault="power_off")
                for _ in range(200):
                    if not port.cts:  # type: ignore[attr-defined]
                        break
                    await asyncio.sleep(0.05)
                assert (port.cts, port.cd) == (False, False)  # type: ignore[attr-defined]
                await asyncio.to_thread(port.close)  # type: ignore[attr-defined]

        asyncio.run(play())
