"""The player: newer questions, in the order of things and without a clock."""

from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from explore_world import PATIENCE_S, Parts, Script, a_source, nothing_played

from fota_sim.analysis.run.sample import Sample
from fota_sim.errors import Problem, ScenarioError
from fota_sim.report.explore import player
from fota_sim.report.explore.player import LONG_LOOKS, Answer, Player, Refused, Told, Under, Waiting
from fota_sim.report.explore.shelf import MOST, Shelf
from fota_sim.scenario.model import Scenario


class World:
    """A player with a scripted play; scenarios differ by their seeds."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.source = a_source(folder, "replications=3")
        self.script = Script()
        self.told: Queue[Told] = Queue()
        self.player = Player(self.script, self.told.put, Shelf(), **more)

    def ask(self, seed: int, settled: bool = True) -> int:
        return self.player.ask(lambda: self.source.scenario([f"seed={seed}"]), settled)

    def answer(self) -> Answer:
        """The next answer; what comes before it is left out."""
        while not isinstance(told := self.told.get(timeout=PATIENCE_S), Answer):
            assert not isinstance(told, Refused), told
        self.player.drawn()
        return told

    def everything(self) -> list[Told]:
        """What was told until the player is closed."""
        self.player.close()
        self.player.join()
        return [self.told.get() for _ in range(self.told.qsize())]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_replications_come_in_order_and_each_is_an_answer(world: World) -> None:
    world.script.order("finish", "finish", "finish")
    number = world.ask(1)
    found = [world.answer() for _ in range(3)]
    assert [each.question for each in found] == [number] * 3
    assert [[one.replication for one in each.now.outlines] for each in found] == [[0], [0, 1], [0, 1, 2]]
    assert world.everything() == []


def test_a_settled_question_cuts_off_what_is_under_way(world: World) -> None:
    first = world.ask(1)
    assert world.script.next() == (1, 0)
    second = world.ask(2)
    world.script.order("progress", "finish", "finish", "finish")  # the first hears of it and is gone
    assert world.script.next() == (2, 0)
    found = [world.answer() for _ in range(3)]
    assert {each.question for each in found} == {second} != {first}


def test_an_answer_that_comes_too_late_is_not_told(world: World) -> None:
    first = world.ask(1)
    assert world.script.next() == (1, 0)
    world.ask(2)
    world.script.order("finish", "finish", "finish", "finish")  # the first ends without ever looking up
    for _ in range(3):
        assert world.answer().question == first + 1
    assert all(told.question > first for told in world.everything())


def test_while_dragging_the_first_replication_under_way_is_still_told(world: World) -> None:
    first = world.ask(1, settled=False)
    assert world.script.next() == (1, 0)
    world.ask(2, settled=False)
    newest = world.ask(3, settled=False)
    world.script.order("progress", "finish")
    answer = world.answer()
    assert (answer.question, len(answer.now.outlines)) == (first, 1)
    assert world.script.next() == (3, 0)  # neither more of the first nor anything of the second
    world.script.order("finish")
    assert world.answer().question == newest


def test_while_dragging_later_replications_are_cut_off(world: World) -> None:
    world.ask(1, settled=False)
    world.script.order("finish")
    assert [world.script.next(), world.script.next()] == [(1, 0), (1, 1)]
    world.ask(2, settled=False)
    world.script.order("progress")
    assert world.script.next() == (2, 0)


def test_letting_go_where_the_question_was_asked_lets_it_go_on(world: World) -> None:
    world.ask(1, settled=False)
    assert world.script.next() == (1, 0)
    number = world.ask(2, settled=False)
    world.player.settle()
    world.script.order("progress", "progress", "finish")  # the first is cut off, the second goes on
    assert world.script.next() == (2, 0)
    world.player.settle()
    assert world.answer().question == number


def test_how_far_a_long_replication_is_is_told_now_and_then(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "TELL_EVERY_S", 1e9)
    number = world.ask(1)
    world.script.order(*["progress"] * (LONG_LOOKS + 2), "finish")
    told = [world.told.get(timeout=PATIENCE_S) for _ in range(2)]
    assert told[0] == Under(number, 0, 50)
    assert isinstance(told[1], Answer)


def test_of_a_short_replication_only_the_answer_is_told(world: World) -> None:
    world.ask(1)
    world.script.order(*["progress"] * (LONG_LOOKS - 1), "finish")
    assert isinstance(world.told.get(timeout=PATIENCE_S), Answer)


def test_the_baseline_is_played_too_and_nothing_is_played_twice(world: World) -> None:
    world.script.order(*["finish"] * 3)
    world.ask(1)
    for _ in range(3):
        last = world.answer()
    world.player.pin(last.now.scenario)
    world.script.order(*["finish"] * 3)
    world.ask(2)
    found = [world.answer() for _ in range(3)]
    assert [len(each.pinned.outlines) if each.pinned else None for each in found] == [1, 2, 3]
    assert [world.script.next() for _ in range(6)] == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]
    world.ask(1)  # all of it is known
    assert len(world.answer().now.outlines) == 1
    assert world.script.entered.empty()


def test_a_baseline_that_was_cut_short_is_completed_beside_the_question(world: World) -> None:
    world.player.pin(world.source.scenario(["seed=1"]))
    world.script.order(*["finish"] * 6)
    world.ask(2)
    for _ in range(3):
        world.answer()
    assert [world.script.next() for _ in range(6)] == [(2, 0), (1, 0), (1, 1), (2, 1), (1, 2), (2, 2)]


def test_what_is_wrong_is_told_and_the_next_question_is_answered(world: World) -> None:
    problem = Problem("--set seed=x", 0, 0, "seed", "must be a whole number")

    def wrong() -> Any:
        raise ScenarioError([problem])

    number = world.player.ask(wrong)
    assert world.told.get(timeout=PATIENCE_S) == Refused(number, (problem,))
    world.script.order("finish")
    world.ask(1)
    assert world.answer().question == number + 1


def test_a_bug_is_told_as_one_and_the_next_question_is_answered(world: World) -> None:
    def broken() -> Any:
        raise ZeroDivisionError("nothing left")

    number = world.player.ask(broken)
    told = world.told.get(timeout=PATIENCE_S)
    assert isinstance(told, Refused)
    assert told.question == number
    assert "bug in fota-sim" in told.problems[0].message
    assert "nothing left" in told.problems[0].message
    world.script.order("finish")
    world.ask(1)
    assert world.answer().question == number + 1


def test_what_has_to_happen_first_is_told(tmp_path: Path) -> None:
    world = World(tmp_path, notice=lambda: "compiling the rules")
    number = world.ask(1)
    assert world.told.get(timeout=PATIENCE_S) == Waiting(number, "compiling the rules")


@pytest.fixture
def parted(tmp_path: Path) -> World:
    """A world in which a sample answers first: its seed is 100 more."""
    return World(tmp_path, samples=Parts())


def test_a_sample_answers_first_and_then_all_devices(parted: World) -> None:
    parted.script.order(*["finish"] * 4)
    number = parted.ask(1)
    found = [parted.answer() for _ in range(4)]
    assert [parted.script.next() for _ in range(4)] == [(101, 0), (1, 0), (1, 1), (1, 2)]
    assert [each.question for each in found] == [number] * 4
    assert [each.now.sample for each in found] == [Sample(10, 40), None, None, None]
    assert [each.now.scenario.seed for each in found] == [1] * 4
    assert [len(each.now.outlines) for each in found] == [1, 1, 2, 3]


def test_while_dragging_samples_follow_and_all_devices_make_way_at_once(parted: World) -> None:
    parted.ask(1, settled=False)
    parted.script.order("finish")
    assert [parted.script.next(), parted.script.next()] == [(101, 0), (1, 0)]
    parted.ask(2, settled=False)
    parted.script.order("progress")  # of all devices, which hear of it and are gone
    assert parted.script.next() == (102, 0)
    newest = parted.ask(3, settled=False)
    parted.script.order("progress", "finish")  # the sample is waited for
    assert parted.script.next() == (103, 0)
    parted.script.order("finish")
    found = [parted.answer() for _ in range(3)]
    assert [each.now.scenario.seed for each in found] == [1, 2, 3]
    assert all(each.now.sample is not None for each in found)
    assert found[-1].question == newest


def test_like_is_compared_with_like(parted: World) -> None:
    parted.player.pin(parted.source.scenario(["seed=2"]))
    parted.script.order(*["finish"] * 8)
    parted.ask(1)
    found = [parted.answer() for _ in range(4)]
    begun = [parted.script.next() for _ in range(8)]
    assert begun == [(101, 0), (102, 0), (1, 0), (2, 0), (2, 1), (1, 1), (2, 2), (1, 2)]
    assert all(each.pinned is not None and each.pinned.sample == each.now.sample for each in found)
    assert [each.now.sample is not None for each in found] == [True, False, False, False]


def test_there_is_no_sample_beside_a_baseline_without_one(parted: World) -> None:
    parted.player.pin(parted.source.scenario(["seed=50"]))
    parted.script.order(*["finish"] * 2)
    parted.ask(1)
    found = parted.answer()
    assert found.now.sample is None
    assert found.pinned is not None
    assert found.pinned.sample is None
    assert [parted.script.next() for _ in range(2)] == [(1, 0), (50, 0)]


def test_what_all_devices_said_before_needs_no_sample(parted: World) -> None:
    parted.script.order(*["finish"] * 4)
    parted.ask(1)
    for _ in range(4):
        parted.answer()
    parted.ask(1)
    assert parted.answer().now.sample is None


def test_where_all_devices_answer_as_soon_there_is_no_sample(tmp_path: Path) -> None:
    parts = Parts()
    parts.are_wanted = False
    world = World(tmp_path, samples=parts)
    world.script.order("finish")
    world.ask(1)
    assert world.answer().now.sample is None


class WhileDragging(Parts):
    """Samples for who drags, and for nobody who has let go."""

    def wanted(self, scenario: Scenario, settled: bool) -> bool:
        return not settled


@pytest.mark.parametrize("orders", [["finish"], ["progress"]])
def test_a_sample_for_who_drags_is_not_told_to_who_has_let_go(tmp_path: Path, orders: list[str]) -> None:
    world = World(tmp_path, samples=WhileDragging())
    world.ask(1, settled=False)
    assert world.script.next() == (101, 0)
    world.player.settle()
    world.script.order(*orders, *["finish"] * 3)
    assert [world.answer().now.sample for _ in range(3)] == [None] * 3
    assert [world.script.next() for _ in range(3)] == [(1, 0), (1, 1), (1, 2)]


def test_no_sample_is_begun_for_who_lets_go_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "SOON_S", PATIENCE_S)
    world = World(tmp_path, samples=WhileDragging())
    world.script.order(*["finish"] * 3)
    world.ask(1, settled=False)
    world.player.settle()
    assert [world.script.next() for _ in range(3)] == [(1, 0), (1, 1), (1, 2)]


def test_what_is_wrong_with_a_sample_alone_is_not_told(tmp_path: Path) -> None:
    world = World(tmp_path, samples=Parts())
    script = world.script

    def play(scenario: Any, replication: int, progress: Any) -> Any:
        if scenario.seed > 100:
            raise ScenarioError([Problem("", 0, 0, "plan.whitelist", "names no device of this fleet")])
        return script(scenario, replication, progress)

    world.player = Player(play, world.told.put, Shelf(), samples=Parts())
    script.order("finish")
    world.ask(1)
    assert world.answer().now.sample is None


def test_a_question_that_waited_is_not_played_once_the_player_is_closed(world: World) -> None:
    world.ask(1)
    assert world.script.next() == (1, 0)
    world.ask(2)
    world.player.close()
    world.player.close()
    world.script.order("progress", "finish")
    assert world.everything() == []
    assert world.script.entered.empty()


def test_a_closed_player_stops_and_tells_nothing(world: World) -> None:
    world.ask(1)
    world.script.next()
    world.player.close()
    world.script.order("progress")
    assert world.everything() == []


def test_the_shelf_forgets_what_was_looked_at_longest_ago() -> None:
    shelf = Shelf()
    for number in range(MOST):
        shelf.keep(("a", 1, number), nothing_played(number))
    shelf.find(("a", 1, 0))
    shelf.keep(("b", 1, 0), nothing_played(0))
    assert shelf.find(("a", 1, 0)) is not None
    assert shelf.find(("a", 1, 1)) is None
    assert shelf.find(("b", 1, 0)) is not None
