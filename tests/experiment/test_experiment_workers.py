"""Replications side by side: the same records, errors and endings as one after the other."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fota_sim.engines import cores
from fota_sim.engines.record import RunRecord
from fota_sim.engines.work import WHOLE
from fota_sim.errors import FotaSimError, ScenarioError
from fota_sim.experiment.crew import ThreadCrew, play_apart
from fota_sim.experiment.dealing import deal
from fota_sim.experiment.execute import execute
from fota_sim.experiment.processes import ProcessCrew
from fota_sim.experiment.turns import Dealt, Turn, default_workers
from fota_sim.experiment.worker import Job
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

TEMPLATE = Path(__file__).parents[2] / "fota_sim" / "scenario" / "templates" / "plugs.yaml"


def plugs(*overrides: str) -> Scenario:
    source = TEMPLATE.read_text(encoding="utf-8")
    return parse_scenario(source, TEMPLATE, ["fleet.groups[0].count=6", "replications=4", *overrides])


def record(replication: int, horizon_ms: int = 100) -> RunRecord:
    return RunRecord(replication, horizon_ms, {}, np.zeros((0, 5), dtype=np.int64))


class FakeCrew:
    """Plays by taking a nap; the earlier the replication, the longer."""

    def __init__(self, breaks_at: int | None = None) -> None:
        self.breaks_at = breaks_at
        self.most = self.inside = 0
        self.stopped = self.closed = False
        self.lock = threading.Lock()

    def play(self, turn, reached):
        replication = turn.replication
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.02 * (3 - replication % 3))
        reached(50)
        with self.lock:
            self.inside -= 1
        if replication == self.breaks_at:
            raise ValueError(replication)
        return record(replication)

    def stop(self) -> None:
        self.stopped = True

    def close(self) -> None:
        self.closed = True


def turns(count: int) -> Iterator[Turn]:
    return Dealt(1, 1, "").turns(count)


def take(played: Iterator[tuple[Turn, RunRecord]], found: list[int]) -> None:
    for _, each in played:
        found += [each.replication]


def test_records_come_in_order_and_no_more_play_at_once_than_there_are_workers() -> None:
    crew = FakeCrew()
    told: list[int] = []
    assert [each.replication for _, each in play_apart(crew, turns(9), 3, told.append)] == list(range(9))
    assert crew.most <= 3
    assert crew.stopped
    assert crew.closed
    assert told == sorted(told)
    assert told[-1] == 9 * WHOLE


def test_an_error_comes_as_itself_when_its_replication_would() -> None:
    found: list[int] = []
    with pytest.raises(ValueError, match="2"):
        take(play_apart(FakeCrew(breaks_at=2), turns(9), 3, None), found)
    assert found == [0, 1]


def test_after_ctrl_c_complete_replications_come_as_long_as_none_is_missing() -> None:
    crew = FakeCrew()

    def press(done_ms: int) -> None:
        if done_ms >= 300:
            raise KeyboardInterrupt

    found: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        take(play_apart(crew, turns(30), 3, press), found)
    assert found == list(range(len(found)))
    assert 1 <= len(found) < 30
    assert crew.closed


def same(one: RunRecord, other: RunRecord) -> bool:
    columns = all((one.column(name) == other.column(name)).all() for name in one.devices)
    return columns and (one.downloads == other.downloads).all() and one.replication == other.replication


def test_processes_and_threads_play_what_one_after_the_other_plays() -> None:
    scenario = plugs()
    job = Job(scenario, "reference")
    alone = list(execute(job, Dealt(6, 1, "")))
    for crew in (ProcessCrew(job, 2), ThreadCrew(job)):
        apart = list(play_apart(crew, turns(4), 2, None))
        assert [turn for turn, _ in alone] == [turn for turn, _ in apart]
        assert all(same(one, other) for (_, one), (_, other) in zip(alone, apart, strict=True))


def test_a_problem_that_only_the_fleet_shows_comes_out_of_a_worker_whole() -> None:
    scenario = plugs("keep.transcripts=[nobody-7]")
    with pytest.raises(ScenarioError) as caught:
        list(execute(Job(scenario, "reference"), Dealt(6, 1, ""), 2))
    (problem,) = caught.value.problems
    assert "nobody-7" in problem.message
    assert any("run_replication" in note for note in caught.value.__notes__)


def test_a_lost_worker_is_a_sentence() -> None:
    crew = ProcessCrew(Job(plugs(), "reference"), 1)
    crew.stop()
    try:
        with pytest.raises(FotaSimError, match="a worker ended with code -9"):
            crew.play(Turn(0), lambda _: None)
    finally:
        crew.close()


def test_a_thread_leaves_an_endless_replication_when_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(scenario, replication, progress):
        while True:
            progress(0, 1)
            time.sleep(0.01)

    monkeypatch.setattr("fota_sim.experiment.worker.load", lambda name: endless)
    crew = ThreadCrew(Job(plugs(), "compiled"))

    def press(done_ms: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(play_apart(crew, turns(3), 2, press))


def test_small_work_stays_here_and_large_fleets_do_not_crowd_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cores.VARIABLE, "8")
    assert default_workers(plugs(), "reference") == 1
    assert default_workers(plugs("fleet.groups[0].count=100000"), "reference") == 4
    assert default_workers(plugs("fleet.groups[0].count=100000", "replications=20"), "compiled") == 8
    assert default_workers(plugs("fleet.groups[0].count=6000000", "replications=20"), "compiled") == 1


FREE = ("network.server.connections=null", "network.cells.enforce=false")


@pytest.mark.parametrize(
    ("devices", "replications", "workers", "parts"),
    [
        (15_000, 1, 8, 1),  # too little for two
        (40_000, 1, 2, 2),
        (40_000, 5, 2, 1),  # replications are enough for both
        (40_000, 2, 3, 2),
        (1_000_000, 1, 1, 10),  # of a size that memory can bear
        (1_050_000, 1, 2, 12),  # eleven would leave one of two idle at the end
        (1_000_000, 5, 2, 10),
    ],
)
def test_parts_are_small_and_enough_for_all_workers(devices: int, replications: int, workers: int, parts: int) -> None:
    scenario = plugs(f"fleet.groups[0].count={devices}", f"replications={replications}", *FREE)
    dealt = deal(Job(scenario, "compiled"), workers)
    assert (dealt.devices, dealt.parts, dealt.why_whole) == (devices, parts, "")
    turns = list(dealt.turns(replications))
    assert len(turns) == parts * replications
    assert [turn.last for turn in turns] == ([False] * (parts - 1) + [True]) * replications
    assert sum(turn.share for turn in turns) == pytest.approx(replications)
    if parts > 1:
        edges = [turn.devices for turn in turns[:parts] if turn.devices is not None]
        assert [start for start, _ in edges] == [0, *(stop for _, stop in edges[:-1])]
        assert edges[-1][1] == devices


def test_one_replication_of_a_fleet_that_shares_nothing_is_work_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cores.VARIABLE, "8")
    assert default_workers(plugs("fleet.groups[0].count=1000000", "replications=1", *FREE), "compiled") == 8
    assert default_workers(plugs("fleet.groups[0].count=1000000", "replications=1"), "compiled") == 1
