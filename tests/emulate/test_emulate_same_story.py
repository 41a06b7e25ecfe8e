"""A client that behaves as the scenario's host hears what that host hears, line for line.

``FOTA_SIM_EMULATED=1000:1300 pytest tests/emulate/test_emulate_same_story.py`` looks at random scenarios of these
numbers.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from live import SOTA, VENDOR, emulating, on_terminal, rows, simulated
from simpy.events import NORMAL

from fota_sim.emulate.bench import Bench
from fota_sim.emulate.device import Manner
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.run import run_replication
from fota_sim.errors import FotaSimError
from fota_sim.fleet.fleet import build_fleet
from fota_sim.protocol.transcript import Line
from fota_sim.rules.codes import CAUSES_TOLD, DIED_LATER
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

sys.path.insert(0, str(Path(__file__).parents[1] / "engines"))
from scenarios_strategy import seeded

RANDOM = range(*map(int, os.environ.get("FOTA_SIM_EMULATED", "1:7").split(":")))
EACH = 6
"""Devices of a random scenario."""
ONCE_APART = {
    240: "7,10706 comes while the host flashes itself",
    334: "a module starts anew, and its host looks what it does",
    351: "a contact ends while the host weighs an offer",
    360: "devices compete for a place within a millisecond",
    376: "the file of a host is not taken",
    430: "another offer comes when the first is answered",
    478: "the horizon comes in the middle",
}
"""Random scenarios in which emulated and simulated dialogues have differed, and where."""


def defect(effect: str) -> str:
    return f"packages[0].defects=[{{effect: {effect}, probability: 100%}}]"


STORIES = {
    "a module is upgraded": (VENDOR, "upgraded", ()),
    "the host's own software is upgraded": (SOTA, "upgraded", ()),
    "another version runs afterwards": (VENDOR, "7,10706", (defect("wrong_version"),)),
    "the image is bad": (VENDOR, "7,10706", (defect("verify_failure"),)),
    "the new firmware does not boot": (VENDOR, "7,10704", (defect("boot_failure"),)),
    "the new firmware does not reconnect": (VENDOR, "7,10704", (defect("never_reconnects"),)),
    "the network is not reached": (VENDOR, "2,10474", ("fleet.groups[0].rssi=-93dBm",)),
    "each download is cut off": (VENDOR, "7,10706", ("faults.cut_download=100%",)),
    "the host refuses": (
        VENDOR,
        "AT+QIOTUPDATE=0",
        ("fleet.groups[0].host=careful", "plan.strategy.min_signal=-51dBm"),
    ),
}


class Nowhere:
    """A port that nobody reads."""

    def send(self, data: bytes) -> None:
        """Gone."""


class LikeItsHost:
    """A client that says what the simulated host said, when it said it, once it has heard what that had heard.

    It speaks in its device's turn, as a host does. A program at a port speaks when all else has happened in its
    millisecond, so where devices compete within one, another may be first.
    """

    def __init__(self, bench: Bench, lines: list[Line]) -> None:
        self._bench = bench
        (self._emulated,) = bench.devices
        self.heard: list[Line] = []
        self._to_hear = 0
        self._to_say: list[tuple[Line, int]] = []
        for line in lines:
            if line.direction == "TX":
                self._to_say.append((line, self._to_hear))
            else:
                self._to_hear += words_in(line)
        self._to_say.reverse()
        self._to_hear = 0
        self._emulated.watchers.append(self._hears)
        self._goes_on()

    def _hears(self, line: Line) -> None:
        self.heard.append(line)
        if line.direction == "RX":
            self._to_hear += words_in(line)
            self._goes_on()

    def _goes_on(self) -> None:
        if self._to_say and self._to_hear >= self._to_say[-1][1]:
            line, _ = self._to_say.pop()
            who = self._emulated.live.who
            self._bench.env.call_at(line.at_ms, who, lambda: self._says_when_on(line))

    def _says_when_on(self, line: Line) -> None:
        """A host has the switch as well; here another has it, who may be on the point of using it."""
        if self._emulated.hears:
            self._says(line.text)
        else:
            who = self._emulated.live.who
            last_in_its_turn(self._bench.env, line.at_ms, who, lambda: self._says(line.text))

    def _says(self, text: str) -> None:
        self._emulated.receive(text.encode("latin-1", "replace") + b"\r", Nowhere())
        self._goes_on()


def last_in_its_turn(env: FleetEnvironment, at_ms: int, device: int, action: Callable[[], None]) -> None:
    """Have ``action`` run when all else has happened to this device in its millisecond, and nothing to those after."""
    event = env.event()
    event._ok, event._value = True, None
    event.callbacks.append(lambda _: action())
    acting, env.device = env.device, device
    env.schedule(event, priority=NORMAL + 1, delay=at_ms - env.now_ms)
    env.device = acting


def words_in(line: Line) -> int:
    """How many lines of text; progress, which a simulated host hears at the end of a stretch, does not count."""
    return sum("7,10702" not in text for text in re.split(r"[\r\n]+", line.text) if text)


def heard_by_one_like_its_host(scenario: Scenario, device: str, lines: list[Line]) -> list[Line]:
    """What a client hears that behaves as the scenario's host."""
    bench = Bench(scenario, device, manner=Manner("scenario"))
    client = LikeItsHost(bench, lines)
    bench.run_through(bench.ends_ms)
    return client.heard


def but_for_progress(emulated: list[Line], simulated: list[Line]) -> list[Line]:
    """Without the progress that only a client hears: of a download that the horizon or its host cuts off."""
    said = set(simulated)
    return [line for line in emulated if "7,10702" not in line.text or line in said]


def apart(scenario: Scenario) -> Iterator[tuple[str, list[Line], list[Line]]]:
    """Devices whose emulated dialogue is not the simulated one, with both."""
    fleet = build_fleet(scenario, 0)
    numbers = [number for number in range(min(EACH, fleet.n)) if not fleet.gone[number]]
    record = run_replication(scenario, 0, None, frozenset(fleet.ids[number] for number in numbers))
    causes = record.devices["cause"]
    for number in numbers:
        lines = record.transcripts[fleet.ids[number]]
        heard = heard_by_one_like_its_host(scenario, fleet.ids[number], lines)
        # what an MCU runs is the client's, so the module of one that dies of its new software is here still
        dies = causes.names[causes.codes[number]] == CAUSES_TOLD[DIED_LATER].label
        simulated = rows(lines)
        emulated = but_for_progress(rows(heard), simulated)[: len(simulated) if dies else None]
        if emulated != simulated:
            yield fleet.ids[number], emulated, simulated


@pytest.mark.parametrize("seed", [*RANDOM, *ONCE_APART])
def test_in_any_scenario_a_client_like_its_host_hears_the_same(seed: int) -> None:
    with seeded(seed).scenario() as scenario:
        for _, emulated, simulated in apart(scenario):
            assert emulated == simulated


def test_what_is_due_at_the_horizon_happens_in_no_emulation_as_in_no_run() -> None:
    scenario = load_scenario(VENDOR)
    device = build_fleet(scenario, 0).ids[0]
    said, _ = simulated(scenario, device)
    last_ms = next(line.at_ms for line in reversed(said) if line.direction == "RX")
    cut = scenario.model_copy(update={"horizon": last_ms / 1000})
    lines, _ = simulated(cut, device)
    assert 0 < len(lines) < len(said)
    heard = rows(heard_by_one_like_its_host(cut, device, lines))
    assert but_for_progress(heard, rows(lines)) == rows(lines)
    bench = Bench(cut, device)
    assert not bench.run_until(lambda: False, last_ms)
    assert (bench.now_ms, bench.next_ms) == (last_ms, None)


def test_a_device_that_is_gone_for_good_is_not_emulated() -> None:
    scenario = load_scenario(VENDOR, ("fleet.groups[0].gone=100%",))
    with pytest.raises(FotaSimError, match="gone for good"):
        Bench(scenario, "0")


@pytest.mark.parametrize("name", STORIES)
def test_the_log_of_a_port_is_the_transcript_of_the_simulated_device(name: str, tmp_path: Path) -> None:
    path, ends_in, overrides = STORIES[name]
    scenario = load_scenario(path, overrides)
    device = build_fleet(scenario, 0).ids[0]
    lines, transcript = simulated(scenario, device)
    assert ends_in == "upgraded" or ends_in in transcript

    async def play() -> None:
        async with emulating(tmp_path, scenario=scenario, manner=Manner("scenario"), begin_ms=0) as live:
            client = await on_terminal(live.link)
            taken = asyncio.Event()
            live.bench.devices[0].watchers.append(lambda line: line.direction == "TX" and taken.set())
            for line in lines:
                if line.direction == "TX":
                    assert (await live.do("advance", to=f"{line.at_ms}ms"))["ok"]
                    taken.clear()
                    client.write(line.text.encode() + b"\r")
                    await taken.wait()
            await live.do("advance", to="100d")

    asyncio.run(play())
    assert (tmp_path / "log.txt").read_text() == transcript
    assert ("7,10705" in transcript) == (ends_in == "upgraded")


async def upgrade(path: Path, folder: Path) -> None:
    """A host that goes by what it hears: connect, ask, accept after its delay, read its file."""
    async with emulating(folder, path) as live:
        client = await on_terminal(live.link)
        settings = live.bench.scenario.hosts[live.bench.scenario.fleet.groups[0].host]

        async def say(line: str) -> str:
            heard = await client.ask(line)
            await live.do("advance", by=f"{settings.command_time}s")
            return heard

        if path == SOTA:
            await say('AT+QIOTMCUVER="STM32","1_0_0"')
        await say("AT+QIOTREG=1")
        await live.wait("3,10200")
        await say(f"AT+QIOTOTAREQ={int(settings.sha256)}")
        await live.wait("7,10700")
        await live.do("advance", by="2s")
        await say("AT+QIOTUPDATE=1")
        if path == SOTA:
            piece = (await live.wait("7,10703"))["line"]
            size_B = int(piece.split(",")[3])
            await client.until(piece.encode() + b"\r\n")
            for start in range(0, size_B, settings.read_block):
                n = min(settings.read_block, size_B - start)
                client.write(f"AT+QIOTOTARD={start},{n}\r".encode())
                await client.until(f"+QIOTOTARD: {start},{n}\r\n".encode())
                await client.exactly(n)
                await client.until(b"OK\r\n")
                line_ms = max(1, round(n * 10 / settings.serial_rate * 1000))
                await live.do("advance", by=f"{settings.command_time}s")
                await live.do("advance", by=f"{line_ms}ms")
            await say("AT+QIOTUPDATE=3")
            await live.do("advance", by=f"{max(1, round(size_B / settings.mcu_flash_rate * 1000))}ms")
            await say('AT+QIOTMCUVER="STM32","2_0_0"')
        else:
            await live.wait("7,10705")
            await say("AT+QIOTREG=1")  # its host sees on the status pin that it has started anew
        await live.do("advance", to="100d")


@pytest.mark.parametrize("path", [VENDOR, SOTA], ids=["firmware", "mcu"])
def test_a_host_that_goes_by_what_it_hears_leaves_the_transcript_of_the_simulated_one(
    path: Path, tmp_path: Path
) -> None:
    scenario = load_scenario(path)
    _, transcript = simulated(scenario, build_fleet(scenario, 0).ids[0])
    asyncio.run(upgrade(path, tmp_path))
    ours, theirs = (tmp_path / "log.txt").read_text().splitlines(), transcript.splitlines()
    assert ours == theirs
