import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.analysis.numbers.intervals import MOST_ALIKE_OF_ANY_SIZE, estimate, share_estimate, sum_estimate
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


def test_what_never_happened_gets_an_upper_end_and_no_lower_one() -> None:
    found = share_estimate([0] * 10, [300] * 10)
    assert found.value == 0.0
    assert found.interval == pytest.approx((0.0, 1 - 0.025 ** (1 / 3000)))


def test_what_happens_twice_in_all_has_no_lower_end() -> None:
    found = share_estimate([1, 0, 0, 1, 0], [300] * 5)
    assert found.interval is not None
    assert found.interval[0] == 0.0
    assert found.interval[1] > 2 / 1500


def test_a_share_of_many_in_many_replications_has_about_students_interval() -> None:
    counts = [100 + (7 * k) % 23 for k in range(60)]
    found, student = share_estimate(counts, [200] * 60), estimate([count / 200 for count in counts], 0.0, 1.0)
    assert found.value == student.value
    assert found.interval == pytest.approx(student.interval, abs=2e-4)


def test_replications_that_differ_more_than_devices_would_make_a_share_less_certain() -> None:
    alike = share_estimate([48, 52, 50, 49, 51, 50, 53, 47, 50, 50], [100] * 10).interval
    apart = share_estimate([10, 90, 50, 20, 80, 50, 95, 5, 50, 50], [100] * 10).interval
    assert alike is not None
    assert apart is not None
    assert apart[0] < alike[0] < alike[1] < apart[1]


def test_a_few_events_are_as_uncertain_as_independent_devices_whatever_luck_made_of_their_spread() -> None:
    even, uneven = [2, 1, 1, 0, 1, 1, 2, 0, 1, 0], [4, 0, 0, 2, 0, 0, 2, 0, 0, 1]
    for counts in (even, uneven):
        low, high = share_estimate(counts, [300] * 10).interval or (0.0, 0.0)
        assert low < 5.5 / 3000
        assert high > 13 / 3000


@given(st.lists(st.integers(0, 40), min_size=5, max_size=30))
def test_an_interval_of_counted_devices_holds_their_share_and_stays_within_0_and_1(counts: list[int]) -> None:
    found = share_estimate(counts, [40] * len(counts))
    assert found.value is not None
    if found.interval is not None:
        low, high = found.interval
        assert 0 <= low <= found.value <= high <= 1


def test_without_skewness_a_sum_has_students_interval_and_with_it_one_that_reaches_further_up() -> None:
    far = [1e9 + step for step in (-2.0, -1.0, 0.0, 1.0, 2.0)]  # its coefficient of variation is next to nothing
    assert sum_estimate(far).interval == pytest.approx(estimate(far).interval, rel=1e-12)
    skewed = [1.1, 1.1, 2.2, 2.2, 3.3, 3.3, 4.4, 5.5, 9.9, 22.0]
    found, student = sum_estimate(skewed), estimate(skewed)
    assert found.interval is not None
    assert student.interval is not None
    assert found.value == student.value
    assert found.interval[1] - student.interval[1] > 1.5 * abs(found.interval[0] - student.interval[0])


@given(st.lists(st.integers(0, 10**6), min_size=5, max_size=30))
def test_an_interval_of_a_sum_holds_its_mean_and_is_not_below_zero(values: list[int]) -> None:
    found = sum_estimate([float(value) for value in values])
    assert found.value is not None
    if found.interval is not None:
        low, high = found.interval
        assert 0 <= low <= found.value * (1 + 1e-9)
        assert found.value * (1 - 1e-9) <= high


@pytest.mark.parametrize("rate", [4.0, 20.0])
def test_intervals_of_rare_and_of_lumpy_things_hold_the_truth_about_95_times_in_100(rate: float) -> None:
    """Devices that fail, ``rate`` of them in ten replications, and the bytes that they waste: 1,500 studies of each."""
    rng, studies = np.random.default_rng(1), 1500
    failed = rng.poisson(rate / 10, (studies, 10))
    held = [share_estimate(row.tolist(), [300] * 10).interval for row in failed]
    inside = sum(low <= rate / 3000 <= high for low, high in (each or (0.0, 0.0) for each in held))
    assert 0.93 <= inside / studies <= 0.98
    wasted = [[float(rng.exponential(1.0, n).sum()) for n in row] for row in rng.poisson(rate / 4, (studies, 10))]
    given = [interval for row in wasted if (interval := sum_estimate(row).interval) is not None]
    inside = sum(low <= rate / 4 <= high for low, high in given)
    assert len(given) > 0.8 * studies  # the others have nothing in more than half of their replications
    assert 0.93 <= inside / len(given) <= 0.98


def test_counts_of_many_that_vary_by_less_than_one_have_no_interval() -> None:
    found = share_estimate([57, 58, 57, 57, 57, 58, 57, 57, 57, 57], [120] * 10)
    assert found.value == pytest.approx(57.2 / 120)
    assert found.interval is None
    assert "varies by less than one" in found.note
    assert share_estimate([57, 61, 52, 66, 57, 49, 57, 63, 57, 57], [120] * 10).interval is not None


def test_small_whole_numbers_have_no_interval_and_large_ones_have() -> None:
    small = [3.0, 5.0, 4.0, 7.0, 5.0, 4.0, 6.0, 5.0, 4.0, 4.0]
    assert sum_estimate(small).interval is None
    assert sum_estimate([value + 100 for value in small]).interval is not None
    assert sum_estimate([value + 0.5 for value in small]).interval is not None


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
    assert format_duration(86_399_999) == "1 d"


@pytest.mark.parametrize(
    ("share", "text"), [(1 / 40_000, "<0.01 %"), (39_999 / 40_000, ">99.99 %"), (0.0, "0.00 %"), (1.0, "100.00 %")]
)
def test_a_share_shows_as_nothing_or_everything_only_if_it_is(share: float, text: str) -> None:
    assert format_value(share, "share") == text


@pytest.mark.parametrize("count", [5, 6, 8, 10])
@pytest.mark.parametrize("law", ["normal", "lognormal", "exponential"])
def test_values_of_a_smooth_law_are_hardly_ever_called_the_same(law: str, count: int) -> None:
    draws = np.random.default_rng(1)
    drawn = {
        "normal": lambda: draws.normal(100.0, 5.0, count),
        "lognormal": lambda: draws.lognormal(3.0, 0.5, count),
        "exponential": lambda: draws.exponential(10.0, count),
    }[law]
    studies = [sum_estimate(drawn().tolist(), most_alike=MOST_ALIKE_OF_ANY_SIZE) for _ in range(1000)]
    assert sum("nearly so" in each.note for each in studies) <= 12


def test_three_of_five_that_are_one_value_have_no_interval() -> None:
    values = [100.0, 100.001, 100.002, 140.0, 180.0]
    assert "nearly so, in 3 of 5" in sum_estimate(values, most_alike=MOST_ALIKE_OF_ANY_SIZE).note
