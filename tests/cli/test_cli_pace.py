"""How far, how fast, how long: by a clock that stands still unless it is told to go."""

from __future__ import annotations

import pytest

from fota_sim.cli.pace import DAYS, RUNS, Lines, Look, Pace, Unit

DAY_MS = 24 * 3_600_000


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


def test_virtual_time_is_shown_in_days_and_never_rounded_up(clock: Clock) -> None:
    pace = heard(clock, DAYS, (0, 0, 45 * DAY_MS), (1, 45 * DAY_MS - 1, 45 * DAY_MS))
    assert pace.look().words().startswith("44/45 simulated days (99 %), 45 per second")


def test_a_short_horizon_is_shown_in_tenths_of_a_day(clock: Clock) -> None:
    pace = heard(clock, DAYS, (0, 0, DAY_MS // 2), (4, DAY_MS // 4, DAY_MS // 2))
    assert pace.look().words().startswith("0.2/0.5 simulated days (50 %), 3.8 per minute")


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
