"""From which price on a variant is the cheaper one, and only where that is shown."""

from __future__ import annotations

import numpy as np
import pytest

from fota_sim.analysis.numbers.break_even import break_evens, fieller
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.scenario.metrics import COST
from fota_sim.scenario.prices import Prices

PRICES = Prices(currency="EUR", per_visit=85, per_device_day=0.2)


def runs(visits: list[float], days: list[float], prices: Prices = PRICES) -> list[dict[str, Measurement]]:
    found = []
    for went, waited in zip(visits, days, strict=True):
        parts = {"cost_visits": went * prices.of("per_visit"), "cost_waiting": waited * prices.of("per_device_day")}
        values = {"visits": went, "device_days_waited": waited, **parts, COST: sum(parts.values())}
        numerators = {"visits": went, "cost_visits": went}
        found.append({name: Measurement(name, value, numerators.get(name)) for name, value in values.items()})
    return found


def luck(mean: float, seed: int, spread: float = 2.0, count: int = 10) -> list[float]:
    return [float(value) for value in np.random.default_rng(seed).normal(mean, spread, count).round()]


def test_fewer_visits_for_more_waiting_pay_from_the_price_at_which_both_cost_the_same() -> None:
    base, gate = runs([60.0] * 10, [1000.0] * 10), runs([50.0] * 10, [4000.0] * 10)
    visit, day = break_evens(PRICES, base, gate)
    assert (visit.price, visit.at, visit.from_on) == ("per_visit", pytest.approx(60.0), True)  # 600 EUR for 10 visits
    assert (day.price, day.at, day.from_on) == ("per_device_day", pytest.approx(850 / 3000), False)
    assert visit.low == pytest.approx(visit.high) == pytest.approx(60.0)
    assert visit.now == 85


def test_at_the_break_even_the_difference_in_cost_is_zero() -> None:
    base, gate = runs(luck(60, 1), luck(1000, 2, 50)), runs(luck(40, 3), luck(4000, 4, 50))
    visit = next(each for each in break_evens(PRICES, base, gate) if each.price == "per_visit")
    at = PRICES.model_copy(update={"per_visit": visit.at})
    costs = [np.mean([run[COST].value for run in runs(*_quantities(each), at)]) for each in (base, gate)]
    assert costs[0] == pytest.approx(costs[1])
    assert visit.low < visit.at < visit.high


def _quantities(of: list[dict[str, Measurement]]) -> tuple[list[float], list[float]]:
    return tuple([run[name].value or 0.0 for run in of] for name in ("visits", "device_days_waited"))  # type: ignore


def test_who_is_better_in_everything_pays_at_any_price_and_has_no_break_even() -> None:
    assert break_evens(PRICES, runs([60.0] * 10, [4000.0] * 10), runs([50.0] * 10, [1000.0] * 10)) == []


def test_what_is_not_shown_has_no_break_even() -> None:
    base, gate = runs(luck(60, 1, 9), luck(1000, 2, 50)), runs(luck(59, 3, 9), luck(4000, 4, 50))
    assert break_evens(PRICES, base, gate) == []
    assert break_evens(PRICES, runs([60.0] * 4, [1000.0] * 4), runs([50.0] * 4, [4000.0] * 4)) == []


def test_a_handful_of_visits_shows_nothing() -> None:
    days = luck(1000, 2, 50), luck(4000, 4, 50)
    rare = runs([1.0, 1, 1, 0, 0, 0, 0, 0, 0, 0], days[0]), runs([0.0] * 10, days[1])
    assert break_evens(PRICES, *rare) == []


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    random, held, studies = np.random.default_rng(7), 0, 1000
    for _ in range(studies):
        common = random.normal(0, 2, 10)
        amount = -10 + common + random.normal(0, 2, 10)
        rest = 620 + 30 * common + random.normal(0, 100, 10)
        low, high = fieller(rest, amount)
        held += low <= 62 <= high
    assert 0.93 <= held / studies <= 0.97
