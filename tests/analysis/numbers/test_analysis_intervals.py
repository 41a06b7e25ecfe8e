import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.analysis.numbers.intervals import binomial_interval, estimate, share_estimate
from fota_sim.analysis.numbers.rounding import format_duration, format_value


def test_fewer_than_five_replications_get_no_interval_and_say_so() -> None:
    found = estimate([1.0, 2.0, 3.0, 4.0])
    assert found.value == 2.5
    assert found.interval is None
    assert "at least 5" in found.note


def test_five_replications_give_the_textbook_interval() -> None:
    found = estimate([1.0, 2.0, 3.0, 4.0, 5.0])
    assert found.interval is not None
    half = 2.7764451052 * (2.5 / 5) ** 0.5  # t(0.975, 4) = 2.776 in every table
    assert found.interval == pytest.approx((3 - half, 3 + half))
    assert found.note == ""


def test_equal_replications_are_not_called_certain() -> None:
    found = estimate([0.0] * 10, 0.0, 1.0)
    assert found.value == 0.0
    assert found.interval is None
    assert "same in all 10" in found.note


def test_a_time_that_some_replications_never_reach_has_no_mean() -> None:
    found = estimate([5.0, None, 6.0, 7.0, 8.0, 9.0])
    assert found.value is None
    assert found.note == "only 5 of 6 replications have a value"


@given(st.lists(st.floats(0, 1), min_size=5, max_size=30))
def test_an_interval_of_shares_holds_their_mean_and_stays_within_0_and_1(values: list[float]) -> None:
    found = estimate(values, 0.0, 1.0)
    assert found.value is not None
    if found.interval is not None:
        low, high = found.interval
        assert 0 <= low <= found.value <= high <= 1


def test_the_binomial_interval_is_the_textbook_one() -> None:
    assert binomial_interval(0, 100) == pytest.approx((0.0, 0.036217), abs=1e-6)  # 1 - 0.025 ** (1 / 100)
    assert binomial_interval(3, 10) == pytest.approx((0.066739, 0.652451), abs=1e-5)  # Clopper and Pearson's own table
    assert binomial_interval(10, 10)[1] == 1.0


def test_what_never_happened_gets_an_upper_end_and_no_lower_one() -> None:
    found = share_estimate([0] * 10, [300] * 10)
    assert found.value == 0.0
    assert found.interval == pytest.approx((0.0, 1 - 0.025 ** (1 / 3000)))


def test_a_share_of_many_has_the_interval_of_its_replications() -> None:
    counts = [100, 120, 110, 105, 130]
    assert share_estimate(counts, [200] * 5) == estimate([count / 200 for count in counts], 0.0, 1.0)


def test_a_share_of_few_has_an_interval_no_narrower_than_either() -> None:
    counts = [0, 1, 0, 0, 6]
    found, student = share_estimate(counts, [300] * 5), estimate([count / 300 for count in counts], 0.0, 1.0)
    low, high = binomial_interval(7, 1500)
    assert found.value == student.value
    assert student.interval is not None
    assert found.interval == (min(low, student.interval[0]), max(high, student.interval[1]))


def test_few_replications_get_no_interval_of_a_share_either() -> None:
    assert share_estimate([0] * 4, [300] * 4).interval is None


def test_a_share_of_nobody_has_no_value() -> None:
    assert share_estimate([0, 0, 0, 0, 0], [0, 10, 10, 10, 10]).value is None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "ms", "–"),
        (0.51364, "share", "51.36 %"),
        (22536.0, "B", "22.54 kB"),
        (12345.0, "devices", "12,345 devices"),
        (1.25, "attempts", "1.25 attempts"),
    ],
)
def test_a_value_is_shown_with_its_unit(value: float | None, unit: str, text: str) -> None:
    assert format_value(value, unit) == text


def test_durations_never_show_sixty_of_anything() -> None:
    assert format_duration(59_999) == "1 min 00 s"
    assert format_duration(3_599_999) == "1 h 00 min"
    assert format_duration(86_399_999) == "1 d 0 h"


@pytest.mark.parametrize(
    ("share", "text"), [(1 / 40_000, "<0.01 %"), (39_999 / 40_000, ">99.99 %"), (0.0, "0.00 %"), (1.0, "100.00 %")]
)
def test_a_share_shows_as_nothing_or_everything_only_if_it_is(share: float, text: str) -> None:
    assert format_value(share, "share") == text
