"""How far, how fast, how long: by a clock that stands still unless it is told to go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fota_sim.cli.pace import REPLICATIONS, RUNS, Lines, Look, Pace, Phase, Unit
from fota_sim.engines.work import WHOLE


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def heard(clock: Clock, unit: Unit, *words: tuple[float, int, int]) -> Pace:
    """A pace that began at 100 s and heard (after so many s, done, total)."""
    pace = Pace(unit, clock)
    for after_s, done, total in words:
        clock.now_s = 100.0 + after_s
        pace.hear(done, total)
    return pace


def test_before_the_first_word_nothing_is_forecast(clock: Clock) -> None:
    pace = Pace(RUNS, clock)
    clock.now_s += 75
    assert pace.look().words() == "getting ready, 1 min 15 s so far"


def test_rate_and_time_left_are_those_of_what_is_finished(clock: Clock) -> None:
    pace = heard(clock, RUNS, (0, 0, 10), (2, 1, 10), (4, 2, 10))
    assert pace.look().words() == "2/10 runs (20 %), 30 per minute, about 16 s left"


def test_what_was_stored_is_done_and_makes_no_rate(clock: Clock) -> None:
    pace = heard(clock, RUNS, (0, 500, 1000))
    assert pace.look().words() == "500/1,000 runs (50 %), 0 s so far"
    clock.now_s += 10
    pace.hear(501, 1000)
    assert pace.look().rate_per_s == pytest.approx(0.1)


def test_the_time_left_goes_down_between_two_words_and_not_below_nothing(clock: Clock) -> None:
    pace = heard(clock, RUNS, (0, 0, 3), (10, 1, 3))
    assert pace.look().left_s == pytest.approx(20)
    clock.now_s += 5
    assert pace.look().left_s == pytest.approx(15)
    clock.now_s += 50
    assert pace.look().left_s == 0


def test_when_all_is_done_nothing_is_forecast(clock: Clock) -> None:
    assert heard(clock, RUNS, (0, 0, 2), (3, 2, 2)).look().words() == "2/2 runs (100 %), finishing"


def test_a_wait_before_the_first_word_slows_nothing(clock: Clock) -> None:
    pace = heard(clock, RUNS, (180, 0, 10), (182, 2, 10))
    assert pace.look().rate_per_s == pytest.approx(1)
    assert pace.look().elapsed_s == pytest.approx(182)


def test_the_rate_is_that_of_the_last_half_minute(clock: Clock) -> None:
    slow = [(second, second, 10_000) for second in range(100)]
    fast = [(100 + second, 100 + 10 * second, 10_000) for second in range(40)]
    assert heard(clock, RUNS, *slow, *fast).look().rate_per_s == pytest.approx(10)


def test_word_many_times_a_second_is_taken_together(clock: Clock) -> None:
    pace = heard(clock, RUNS, *((k / 1000, k, 100_000) for k in range(20_001)))
    assert pace.look().rate_per_s == pytest.approx(1000, rel=0.01)


def test_replications_are_counted_in_tenths_and_never_rounded_up(clock: Clock) -> None:
    pace = heard(clock, REPLICATIONS, (0, 0, 3 * WHOLE), (1, 2 * WHOLE - 1, 3 * WHOLE))
    assert pace.look().words().startswith("1.9/3.0 replications (66 %), 2 per second")


def test_of_one_replication_only_the_share_is_told(clock: Clock) -> None:
    pace = heard(clock, REPLICATIONS, (0, 0, WHOLE), (10, WHOLE // 4, WHOLE))
    assert pace.look().words() == "25 % played, about 30 s left"
    clock.now_s += 30
    pace.hear(WHOLE, WHOLE)
    assert pace.look().words() == "100 % played, writing the result"


TRACES = Path(__file__).parent / "traces"
"""What the compiled engine told on one core: seconds of CPU time, and parts of ``WHOLE``. ``night_push``: 50,000
meters that are all met within minutes of the first night and then wait for 500 connections; ``plain``: 200,000 devices
on three radios that ask by themselves."""


@pytest.mark.parametrize("stretch", [1, 100, 10_000])
@pytest.mark.parametrize("trace", ["night_push", "plain"])
def test_from_a_tenth_on_the_time_left_is_right_within_a_factor_of_two(trace: str, stretch: int, clock: Clock) -> None:
    told = json.loads((TRACES / f"{trace}.json").read_text())
    first_s, last_s = told[0][0], told[-1][0]
    pace, looked = Pace(REPLICATIONS, clock), 0
    for at_s, done in told[:-1]:
        clock.now_s = 100.0 + stretch * at_s
        pace.hear(done, WHOLE)
        if 0.1 <= (at_s - first_s) / (last_s - first_s) <= 0.9:
            left_s = pace.look().left_s
            assert left_s is not None
            assert 0.5 <= left_s / (stretch * (last_s - at_s)) <= 2
            looked += 1
    assert looked > 20


@pytest.mark.parametrize(
    ("per_s", "text"),
    [(1234, "1,234 per second"), (1.26, "1.3 per second"), (0.5, "30 per minute"), (0.001, "3.6 per hour")],
)
def test_a_rate_is_told_per_second_minute_or_hour(per_s: float, text: str) -> None:
    assert f"({1} %), {text}, about" in Look(RUNS, 1, 1, 100, per_s, 1).words()


def at(elapsed_s: float, done: float) -> Look:
    return Look(RUNS, elapsed_s, done, 100, None, None)


def test_what_is_over_in_ten_seconds_gets_no_line() -> None:
    lines = Lines()
    assert not any(lines.due(at(second, 10 * second)) for second in range(10))


def test_there_is_a_line_at_each_tenth() -> None:
    lines = Lines()
    said = [second for second in range(200) if lines.due(at(second, second / 2))]
    assert said == list(range(20, 200, 20))


def test_lines_are_ten_seconds_apart() -> None:
    lines = Lines()
    assert [second for second in range(40) if lines.due(at(second, 2.5 * second))] == [10, 20, 30]


def test_silence_is_broken_after_a_minute() -> None:
    lines = Lines()
    waiting = [Look(RUNS, second, None, 0, None, None) for second in range(130)]
    assert [round(look.elapsed_s) for look in waiting if lines.due(look)] == [60, 120]


def test_a_line_says_when_something_else_begins() -> None:
    lines = Lines()
    phases = [None] * 30 + [Phase("drawing", 1.0, 0.0, None)] * 30
    looks = [Look(RUNS, second, 50, 100, None, None, phase) for second, phase in enumerate(phases)]
    said = [look.words() for look in looks if lines.due(look)]
    assert [words.split(",")[0] for words in said][-1] == "drawing"
