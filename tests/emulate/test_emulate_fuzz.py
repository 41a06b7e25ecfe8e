"""Ports are open to anybody: whatever is said, opened and closed, nothing falls over and nothing grows.

``FOTA_SIM_FUZZED=1000:1500 pytest tests/emulate/test_emulate_fuzz.py`` plays more.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import tracemalloc
from pathlib import Path

import pytest
from fuzzer import Fuzzer, still_answers
from live import SOTA, VENDOR, emulating, on_socket, on_tcp

from fota_sim.emulate.device import Manner

SEEDS = range(*map(int, os.environ.get("FOTA_SIM_FUZZED", "1:9").split(":")))
STEPS = 250
OPTION = b"\xff\xfa\x2c"
"""The beginning of one of RFC 2217."""
PIECE_B, TIMES = 20_000, 20
"""Of a flood."""


@pytest.mark.parametrize("seed", SEEDS)
def test_clients_that_do_anything_leave_a_module_that_answers(
    seed: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dice = random.Random(seed)
    manner = Manner(
        dice.choice(("on", "scenario", "by-hand")), dice.choice(("hold", "sneak", "mid")), dice.random() < 0.5
    )
    path = dice.choice((VENDOR, SOTA))

    async def play() -> bool:
        ports = {"tcp": ("127.0.0.1", 0), "rfc2217": ("127.0.0.1", 0), "needs_dtr": dice.random() < 0.2}
        async with emulating(tmp_path, path, "horizon=365d", manner=manner, **ports) as live:
            fuzzer = Fuzzer(live, seed)
            await fuzzer.play(STEPS)
            return await still_answers(live)

    with caplog.at_level(logging.WARNING):
        answers = asyncio.run(play())
    assert not caplog.records
    assert answers or path == VENDOR  # an image that does not boot bricks it


def test_what_a_client_never_ends_takes_no_memory(tmp_path: Path) -> None:
    async def play() -> int:
        async with emulating(tmp_path, rfc2217=("127.0.0.1", 0), link=None) as live:
            place = live.told[0].rpartition(" ")[2].rstrip(".")
            clients = [await on_socket(live.socket), await on_tcp(place)]

            async def flood(times: int) -> None:
                for client, words in zip(clients, (b"ATx", OPTION), strict=True):
                    client.write(words)
                for _ in range(times):
                    for client in clients:
                        client.write(b"x" * PIECE_B)
                        await client.written()
                clients[0].write(b"\rATE0\r")
                while "QIOTSTATE" not in await clients[0].ask("AT+QIOTSTATE?"):
                    pass

            await flood(2)
            tracemalloc.start()
            await flood(2)
            before_B, _ = tracemalloc.get_traced_memory()
            await flood(TIMES)
            after_B, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return after_B - before_B

    assert asyncio.run(play()) < PIECE_B * TIMES / 4
