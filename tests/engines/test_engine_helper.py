"""A replication that a second thread helps with leaves what it leaves without, to the last bit.

``FOTA_SIM_HELPED=300 pytest tests/engines/test_engine_helper.py`` plays that many random scenarios instead of a few.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scenarios_strategy import seeded

from fota_sim.engines import cores
from fota_sim.engines.compiled import helper
from fota_sim.engines.compiled.run import Replication, run_replication
from fota_sim.engines.record import RunRecord
from fota_sim.engines.twins import describe, play_both
from fota_sim.errors import ScenarioError
from fota_sim.rules.compiled import COMPILED
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

pytestmark = pytest.mark.skipif(not COMPILED, reason="plain Python has one thread in the loop")

ROOT = Path(__file__).parents[2]
METERS = ROOT / "fota_sim" / "scenario" / "templates" / "meters.yaml"
MIXED = ROOT / "scenarios" / "mixed_40000.yaml"
RANDOM = int(os.environ.get("FOTA_SIM_HELPED", "20"))
NONE_OF = {"waves": "[]", "abort": "[]"} | dict.fromkeys(
    ("rate", "concurrency", "cell_concurrency", "sequential", "timeouts.online"), "null"
)
ALONE = (
    "keep.events=false",
    "keep.transcripts=2",
    *(f"plan.rollout.{field}={nothing}" for field, nothing in NONE_OF.items()),
)
LARGER = 40  # times as many devices as a random scenario has

Play = Callable[[Scenario, int], RunRecord]


@pytest.fixture
def put_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A machine with a second core, and help for however few devices; how many were put off between two looks."""
    seen: list[int] = []
    tells = helper.Helper.tells

    def watched(self: helper.Helper) -> None:
        seen.append(int(self._memory.loop.ever_put_off))
        tells(self)

    monkeypatch.setenv(cores.VARIABLE, "2")
    monkeypatch.setattr(helper, "LEAST", 1)
    monkeypatch.setattr(helper, "_LOGGED", 0.5)
    monkeypatch.setattr(helper._Pace, "wants_help", lambda _self: True)
    monkeypatch.setattr(helper._Pace, "heard", lambda _self, _events: None)
    monkeypatch.setattr(helper.Helper, "tells", watched)
    yield seen
    assert not [thread for thread in threading.enumerate() if thread.name == helper.NAME]


def alone(scenario: Scenario, replication: int) -> RunRecord:
    """The replication, played while all cores are busy."""
    with cores.all_busy():
        return run_replication(scenario, replication)


def assert_same(scenario: Scenario, text: str = "") -> None:
    """It is all the same whether it was helped with."""
    found = play_both(scenario, 0, alone, run_replication)
    assert not found, f"{text}\n{describe(found, 'alone', 'helped')}"


SMALL = "{chemistry: li-po, capacity: 9mAh, level: {beta: {a: 1.3, b: 2.2}}, resistance: 1.2ohm, self_discharge: 20%}"
CASES = {
    "one connection": (METERS, ["fleet.groups[0].count=300", "network.server.connections=1"]),
    "a long line": (METERS, ["fleet.groups[0].count=3000", "network.server.connections=100"]),
    "no line": (METERS, ["fleet.groups[0].count=3000"]),
    "turned away": (
        METERS,
        ["fleet.groups[0].count=2000", "network.server={connections: 50, when_full: refuse}"],
    ),
    "egress": (METERS, ["fleet.groups[0].count=1000", "network.server={connections: 90, egress: 200kbit/s}"]),
    "batteries that run dry": (
        METERS,
        ["fleet.groups[0].count=2000", "network.server.connections=40", f"fleet.groups[0].battery={SMALL}"],
    ),
    "three groups": (MIXED, [f"fleet.groups[{k}].count=700" for k in range(3)]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_became_of_devices_does_not_depend_on_help(case: str, put_off: list[int]) -> None:
    path, overrides = CASES[case]
    assert_same(load_scenario(path, [*overrides, "replications=1"]), case)
    assert max(put_off) > 100  # so some are played by both threads


@pytest.mark.parametrize("seed", range(RANDOM))
def test_random_fleets_do_not_depend_on_help(seed: int, put_off: list[int]) -> None:
    one = seeded(seed)
    groups = one.data.get("fleet", {}).get("groups", [])
    more = [f"fleet.groups[{k}].count={LARGER * group['count']}" for k, group in enumerate(groups) if "count" in group]
    try:
        with one.scenario(*ALONE, *more, "network.server.connections=7") as scenario:
            assert_same(scenario, str(one))
    except ScenarioError:
        pytest.skip("its operator opens a wave, or resumes what no rule has paused")
    del put_off


def test_a_branch_of_a_run_that_was_helped_goes_on_as_it_would(put_off: list[int]) -> None:
    scenario = load_scenario(METERS, ["fleet.groups[0].count=2000", "network.server.connections=60", "replications=1"])
    half_ms = 20 * 3_600_000

    def branched(scenario: Scenario, replication: int) -> RunRecord:
        run = Replication(scenario, replication, stops=True)
        run.play_to(half_ms)
        run.branch(scenario).record()
        return run.record()

    def stopped(scenario: Scenario, replication: int) -> RunRecord:
        with cores.all_busy():
            run = Replication(scenario, replication, stops=True)
            run.play_to(half_ms)
            return run.record()

    assert not play_both(scenario, 0, stopped, branched)
    assert max(put_off) > 100


def test_it_stays_away_where_all_cores_are_busy_and_comes_back(
    put_off: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = load_scenario(METERS, ["fleet.groups[0].count=1000", "replications=1"])
    with cores.all_busy():
        run_replication(scenario, 0)
    assert put_off == [] or max(put_off) == 0
    monkeypatch.setenv(cores.VARIABLE, "1")
    run_replication(scenario, 0)
    assert put_off == [] or max(put_off) == 0
    monkeypatch.setenv(cores.VARIABLE, "2")
    run_replication(scenario, 0)
    assert max(put_off) > 0


def test_nobody_helps_where_all_stories_are_kept(put_off: list[int]) -> None:
    run_replication(load_scenario(METERS, ["fleet.groups[0].count=1000", "replications=1", "keep.events=true"]), 0)
    assert put_off == [] or max(put_off) == 0


def test_a_system_without_another_thread_plays_alone(put_off: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario(METERS, ["fleet.groups[0].count=1000", "replications=1"])

    class NoThread:
        def __init__(self, **_: object) -> None: ...

        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(helper, "Thread", NoThread)
    assert_same(scenario)
    assert max(put_off) == 0


def looks(
    monkeypatch: pytest.MonkeyPatch, count: int, gain: Callable[[int], float], found: int = helper._ROWS[0]
) -> list[bool]:
    """Whether help was wanted at each of so many looks, if the loop is ``gain(look)`` times as fast with it.

    ``found``: what the run before this one left.
    """
    now_s = 0.0
    monkeypatch.setattr(helper._Pace, "_found", found)
    monkeypatch.setattr(helper, "perf_counter", lambda: now_s)
    pace = helper._Pace()
    wanted = []
    for number in range(count):
        wanted.append(pace.wants_help())
        now_s += 1.0 / gain(number) if wanted[-1] else 1.0
        pace.heard((number + 1) * helper._LEAST_EVENTS)
    return wanted


def test_help_that_helps_is_wanted_but_for_a_look_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    found = looks(monkeypatch, 84, lambda _number: 1.4)
    first, then = helper._ROWS
    assert [number for number, wanted in enumerate(found) if not wanted] == list(range(first, 84, then + 1))


@pytest.mark.parametrize(("gain", "then"), [(1.4, helper._ROWS[1]), (1.0, helper._ROWS[0])])
def test_a_run_begins_by_what_the_one_before_it_found(monkeypatch: pytest.MonkeyPatch, gain: float, then: int) -> None:
    looks(monkeypatch, 84, lambda _number: gain)
    found = looks(monkeypatch, then + 1, lambda _number: 0.9, found=helper._Pace._found)
    assert found == [True] * then + [False]


def test_help_that_is_none_is_wanted_less_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    found = looks(monkeypatch, 2000, lambda _number: 1.0)
    assert sum(found[:16]) < 8
    assert sum(found) < 60


def test_help_comes_back_when_the_core_is_free_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found = looks(monkeypatch, 400, lambda number: 0.8 if number < 100 else 1.5)
    assert sum(found[:100]) < 20
    assert sum(found[300:]) > 90


def test_what_fails_on_the_way_sends_it_away(put_off: list[int]) -> None:
    scenario = load_scenario(METERS, ["fleet.groups[0].count=6000", "replications=1"])

    def progress(_done: int, _whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_replication(scenario, 0, progress)
    assert put_off
