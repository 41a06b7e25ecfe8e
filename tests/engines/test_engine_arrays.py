"""Arrays of a run that grow: what is in them stays, what is new may be anything, writing behind them is noticed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fota_sim.engines.compiled import arrays, layout
from fota_sim.engines.compiled.arrays import Memory
from fota_sim.engines.compiled.layout import LINE_B
from fota_sim.engines.compiled.run import run_replication
from fota_sim.engines.twins import play_both
from fota_sim.errors import EngineError
from fota_sim.scenario.loader import load_scenario

FIRST, MOST = 5, 80


def grown(memory: Memory, count: int) -> None:
    """Let the heap grow, and fill it."""
    before = memory["heap"].copy()
    memory.grow("heap", count)
    heap = memory["heap"]
    assert len(heap) == count == memory.world.heap_room
    assert heap.ctypes.data == memory.world.heap_at
    assert heap.ctypes.data % LINE_B == 0
    assert (heap[: len(before)] == before).all()
    heap[:] = np.arange(count) - 9
    memory.check()


@pytest.fixture
def memory() -> Memory:
    found = Memory()
    found.make("heap", FIRST, np.int64, MOST)
    return found


def test_rows_stay_within_the_reserve_and_beyond_it(memory: Memory) -> None:
    for count in (6, 20, MOST, MOST + 1, 3 * MOST):
        grown(memory, count)


def test_growing_into_the_reserve_copies_nothing(memory: Memory) -> None:
    at = memory.world.heap_at
    memory.grow("heap", MOST)
    assert memory.world.heap_at == at


def test_it_grows_to_the_end_of_the_reserve_before_it_is_copied(memory: Memory) -> None:
    steps = [FIRST]
    while steps[-1] < MOST:
        steps.append(memory.more_rows("heap"))
        grown(memory, steps[-1])
    assert steps == sorted(set(steps))
    assert steps[-1] == MOST
    assert memory.more_rows("heap") > MOST


def test_where_there_is_no_room_for_a_reserve_it_goes_without() -> None:
    memory = Memory()
    memory.make("heap", FIRST, np.int64, most=1 << 52)  # more than any system has
    grown(memory, 7)
    grown(memory, 40)


@pytest.mark.parametrize("count", [FIRST, 12, 2 * MOST])
def test_writing_behind_the_end_is_noticed(memory: Memory, count: int) -> None:
    memory.grow("heap", count)
    memory._reserved["heap"][count] = 1
    with pytest.raises(EngineError, match="behind its heap"):
        memory.check()


def test_what_is_named_for_a_line_of_memory_stands_on_it() -> None:
    places: Any = layout.LIVE.fields
    for number, line in enumerate(layout.LIVE_LINES):
        assert {places[name][1] // LINE_B for name in line.split()} == {number}


SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.mark.parametrize("name", ["mixed_40000", "two_products", "stm32_sota", "operator_suspend", "night_push"])
def test_it_is_all_the_same_what_stood_in_memory_before(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = SCENARIOS / f"{name}.yaml"
    groups = range(len(load_scenario(path).fleet.groups))
    few = [f"fleet.groups[{k}].count=70" for k in groups]
    scenario = load_scenario(path, [*few, "replications=1", "keep={events: true, transcripts: 3}"])

    def among(byte: int) -> Any:
        def play(*given: Any, **more: Any) -> Any:
            with monkeypatch.context() as patched:
                patched.setattr(arrays.stock, "lend", lambda size_B: np.full(size_B, byte, dtype=np.uint8))
                return run_replication(*given, **more)

        return play

    assert not play_both(scenario, 0, among(0x00), among(0xA5))
