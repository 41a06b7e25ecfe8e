"""A client that behaves as the scenario's host hears what that host hears, line for line.

``FOTA_SIM_EMULATED=100 pytest tests/emulate/test_emulate_same_story.py`` looks at three devices of each of so
many random scenarios.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from live import SOTA, VENDOR, emulating, on_terminal, rows, simulated

from fota_sim.emulate.bench import Bench
from fota_sim.emulate.device import Manner
from fota_sim.errors import FotaSimError
from fota_sim.fleet.fleet import build_fleet
from fota_sim.protocol.transcript import Line
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

sys.path.insert(0, str(Path(__file__).parents[1] / "engines"))
from scenarios_strategy import seeded

RANDOM = int(os.environ.get("FOTA_SIM_EMULATED", "4"))


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


def heard_by_one_like_its_host(scenario: Scenario, device: str, lines: list[Line]) -> list[Line]:
    """What a client hears that says what the simulated host said, when it said it."""
    bench = Bench(scenario, device, manner=Manner("scenario"))
    (emulated,) = bench.devices
    heard: list[Line] = []
    emulated.watchers.append(heard.append)
    for line in lines:
        if line.direction == "TX":
            bench.run_through(line.at_ms)
            said = line.text.encode("latin-1", "replace") + b"\r"
            bench.act(emulated, lambda said=said: emulated.receive(said, Nowhere()))  # type: ignore[misc]
    bench.run_through(bench.ends_ms)
    return heard


@pytest.mark.parametrize("seed", range(1, RANDOM + 1))
def test_in_any_scenario_a_client_like_its_host_hears_the_same(seed: int) -> None:
    with seeded(seed).scenario() as scenario:
        fleet = build_fleet(scenario, 0)
        for number in range(min(3, fleet.n)):
            lines, _ = simulated(scenario, fleet.ids[number])
            if fleet.gone[number]:
                with pytest.raises(FotaSimError, match="gone for good"):
                    heard_by_one_like_its_host(scenario, fleet.ids[number], lines)
            else:
                assert rows(heard_by_one_like_its_host(scenario, fleet.ids[number], lines)) == rows(lines)


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
