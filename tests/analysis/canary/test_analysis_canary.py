"""Sizes of canary groups against brute force and against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from fota_sim.analysis.canary.answer import Question, answer
from fota_sim.analysis.canary.delay import Delay, parse_delay
from fota_sim.analysis.canary.sizes import (
    canary_size,
    canary_test,
    chance_of_failures,
    share_that_must_show,
    smallest_rate,
)
from fota_sim.errors import FotaSimError


@pytest.mark.parametrize(("rate", "confidence"), [(0.005, 0.95), (0.01, 0.99), (0.3, 0.5)])
def test_one_failure_needs_the_textbook_number(rate: float, confidence: float) -> None:
    found = canary_size(rate, confidence)
    assert found is not None
    assert found.devices == math.ceil(math.log(1 - confidence) / math.log(1 - rate))


def test_three_failures_need_the_smallest_group_that_counting_finds() -> None:
    found = canary_size(0.02, 0.9, failures=3)
    assert found is not None
    counted = next(n for n in range(3, 2000) if stats.binom.sf(2, n, 0.02) >= 0.9)
    assert found.devices == counted


def test_a_small_fleet_needs_fewer_than_a_large_one() -> None:
    small, large = canary_size(0.01, 0.95, fleet=400), canary_size(0.01, 0.95)
    assert small is not None
    assert large is not None
    # 4 of 400 are bad: 1 - C(396, n) / C(400, n) >= 95 %
    counted = next(n for n in range(1, 401) if 1 - math.comb(400 - n, 4) / math.comb(400, 4) >= 0.95)
    assert small.devices == counted < large.devices


def test_a_fleet_with_too_few_defects_shows_none() -> None:
    assert canary_size(0.01, 0.95, failures=5, fleet=400) is None


def test_defects_that_show_half_the_time_count_half() -> None:
    assert chance_of_failures(500, 2, 0.01, shown=0.5) == pytest.approx(chance_of_failures(500, 2, 0.005))
    whole = sum(stats.hypergeom.pmf(hit, 300, 6, 100) * stats.binom.sf(0, hit, 0.5) for hit in range(7))
    assert chance_of_failures(100, 1, 0.02, fleet=300, shown=0.5) == pytest.approx(whole)


@pytest.mark.parametrize(("background", "rate", "alpha", "power"), [(0.01, 0.03, 0.05, 0.9), (0.1, 0.2, 0.01, 0.8)])
def test_the_test_of_two_rates_is_the_smallest(background: float, rate: float, alpha: float, power: float) -> None:
    found = canary_test(background, rate, alpha, power)

    def good(n: int) -> bool:
        k = int(stats.binom.isf(alpha, n, background)) + 1
        return bool(stats.binom.sf(k - 1, n, rate) >= power)

    assert found.devices == next(n for n in range(1, 5000) if good(n))
    assert found.false_alarm <= alpha
    assert found.power >= power


def test_rates_that_nothing_tells_apart_are_refused() -> None:
    with pytest.raises(FotaSimError, match="larger difference"):
        canary_test(0.3, 0.3000001, 0.05, 0.95)


def test_the_smallest_visible_rate_is_seen_with_just_that_confidence() -> None:
    rate = smallest_rate(300, 0.95, failures=2)
    assert chance_of_failures(300, 2, rate) == pytest.approx(0.95)


def test_a_longer_hold_makes_up_for_fewer_devices() -> None:
    shown = share_that_must_show(800, 0.005, 0.95)
    assert shown is not None
    assert chance_of_failures(800, 1, 0.005, shown=shown) == pytest.approx(0.95)
    assert share_that_must_show(300, 0.005, 0.95) is None


@pytest.mark.parametrize(
    ("text", "median_s"),
    [
        ("6h", 21_600.0),
        ("uniform(1h, 3h)", 7200.0),
        ("exponential(1h)", 3600 * math.log(2)),
        ("lognormal(12h, 0.8)", 43_200.0),
        ("weibull(1h, 1)", 3600 * math.log(2)),
    ],
)
def test_every_law_of_a_delay_has_its_median_and_is_written_as_read(text: str, median_s: float) -> None:
    law = parse_delay(text)
    assert law.time_of(0.5) == pytest.approx(median_s)
    assert parse_delay(str(law)) == law


@pytest.mark.parametrize(
    "text", ["", "soon", "lognormal(12h)", "uniform(3h, 1h)", "weibull(1h, -1)", "0s", "gamma(1h, 2)"]
)
def test_a_delay_that_is_none_says_what_would_do(text: str) -> None:
    with pytest.raises(FotaSimError, match="--delay"):
        parse_delay(text)


def test_a_constant_delay_shows_everything_then_and_nothing_before() -> None:
    law = Delay("constant", 3600.0)
    assert (law.share_by(3599.0), law.share_by(3600.0)) == (0.0, 1.0)


def test_a_hold_shorter_than_a_constant_delay_shows_nothing() -> None:
    found = answer(Question(0.01, delay=Delay("constant", 3600.0), hold_s=1800.0))
    assert found["shown"] == 0
    assert found["size"] is None


@pytest.mark.parametrize(
    "question",
    [
        Question(0.01, background=0.01, failures=2),
        Question(0.01, background=0.01, fleet=400),
        Question(0.01, devices=500, fleet=400),
        Question(0.01, devices=2, failures=3),
        Question(0.01, hold_s=3600.0),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(question: Question) -> None:
    with pytest.raises(FotaSimError, match="--"):
        answer(question)


def test_close_rates_are_told_apart_by_a_group_that_no_smaller_one_matches() -> None:
    found = canary_test(0.05, 0.06, 0.05, 0.9)
    assert found.devices > 4000

    def good(n: int) -> bool:
        k = int(stats.binom.isf(0.05, n, 0.05)) + 1
        return bool(stats.binom.sf(k - 1, n, 0.06) >= 0.9)

    assert good(found.devices)
    assert not any(good(n) for n in range(found.devices - 400, found.devices))
