"""An emulation and its clients in one loop, with time that stands still until a test moves it."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fota_sim.emulate.bench import Bench
from fota_sim.emulate.device import Manner
from fota_sim.emulate.injection import Script
from fota_sim.emulate.session import Ports, Session, Timing
from fota_sim.engines.reference.run import run_replication
from fota_sim.experiment.transcripts import file_name, transcript_files
from fota_sim.protocol.transcript import Line
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.zones import zone_info

SCENARIOS = Path(__file__).parents[2] / "scenarios"
VENDOR, SOTA = SCENARIOS / "vendor_page.yaml", SCENARIOS / "stm32_sota.yaml"
ANSWER_S = 60
"""Wall time after which a test gives an answer up: it says that something hangs, and nothing of speed."""


MOST_B = 1_000_000
"""Of what a client waits for at a time."""


class Client:
    """What a program has of a port: bytes in, bytes out."""

    def __init__(self, reader: asyncio.StreamReader, write: Any, written: Any = None) -> None:
        """``written`` waits until what was said is on its way."""
        self._reader = reader
        self.write = write
        self.written = written

    async def until(self, end: bytes) -> bytes:
        """Everything up to these bytes, with them."""
        return await asyncio.wait_for(self._reader.readuntil(end), ANSWER_S)

    async def exactly(self, size_B: int) -> bytes:
        """So many bytes."""
        return await asyncio.wait_for(self._reader.readexactly(size_B), ANSWER_S)

    async def rest(self) -> bytes:
        """Everything up to the end."""
        return await asyncio.wait_for(self._reader.read(), ANSWER_S)

    async def ask(self, line: str, end: bytes = b"OK\r\n") -> str:
        """Say a line; its answer, echo and what came before it included."""
        self.write(line.encode() + b"\r")
        return (await self.until(end)).decode("latin-1")


async def on_terminal(link: Path) -> Client:
    """A client that opens a terminal by its link."""
    loop = asyncio.get_running_loop()
    file = os.open(link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    reader = asyncio.StreamReader(MOST_B)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(os.dup(file), "rb", 0))
    return Client(reader, lambda data: os.write(file, data))


async def on_socket(path: Path) -> Client:
    """A client of a Unix socket."""
    reader, writer = await asyncio.open_unix_connection(path, limit=MOST_B)
    return Client(reader, writer.write, writer.drain)


async def on_tcp(place: str) -> Client:
    """A client of a TCP port."""
    host, _, port = place.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    return Client(reader, writer.write, writer.drain)


class Live:
    """An emulation that runs."""

    def __init__(self, session: Session, bench: Bench, told: list[str], folder: Path) -> None:
        self.session = session
        self.bench = bench
        self.told = told
        """What a person reads."""
        self.folder = folder
        self.link, self.socket, self.control = folder / "tty", folder / "port.sock", folder / "control.sock"
        self._asks: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def do(self, what: str, **more: Any) -> dict[str, Any]:
        """Ask the control socket."""
        if self._asks is None:
            self._asks = await asyncio.open_unix_connection(self.control)
        reader, writer = self._asks
        writer.write(json.dumps({"do": what, **more}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(await asyncio.wait_for(reader.readline(), ANSWER_S))
        return answer

    async def wait(self, until: str, within: str = "1h", **more: Any) -> dict[str, Any]:
        """Let virtual time go by until something is said."""
        answer = await self.do("wait", until=until, within=within, **more)
        assert answer["ok"], answer
        return answer


@asynccontextmanager
async def emulating(
    folder: Path,
    path: Path = VENDOR,
    *overrides: str,
    device: str = "0",
    count: int = 1,
    manner: Manner | None = None,
    faults: Script | None = None,
    step: bool = True,
    scenario: Scenario | None = None,
    begin_ms: int | None = None,
    **ports: Any,
) -> AsyncIterator[Live]:
    """An emulation on a terminal, a Unix socket and what else is asked for; its log is ``folder/log.txt``."""
    bench = Bench(scenario or load_scenario(path, overrides), device, count, manner)
    told: list[str] = []
    places = {"link": folder / "tty", "unix": folder / "port.sock", "baud": 0, **ports}
    timing = Timing(bench.first_ms if begin_ms is None else begin_ms, step=step)
    session = Session(bench, Ports(**places), timing, told.append)
    live = Live(session, bench, told, folder)
    running = asyncio.ensure_future(session.run(faults, folder / "log.txt", live.control))
    ready = asyncio.ensure_future(session.ready.wait())
    await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
    if not ready.done():
        ready.cancel()
        await running
    try:
        yield live
    finally:
        session.stop()
        await running


def simulated(scenario: Scenario, device: str) -> tuple[list[Line], str]:
    """What the device and its host say in a simulation, and the transcript that a result keeps of it."""
    record = run_replication(scenario, 0, None, frozenset([device]))
    start = scenario.start.replace(tzinfo=zone_info(scenario.time_zone))
    files = dict(transcript_files(record, start, scenario.name))
    return record.transcripts[device], files[file_name(device, 0)]


def rows(lines: list[Line]) -> list[Line]:
    """A dialogue in the order of time, a line of text each."""
    ordered = sorted(lines, key=lambda line: line.at_ms)
    return [line._replace(text=text) for line in ordered for text in re.split(r"[\r\n]+", line.text) if text]
