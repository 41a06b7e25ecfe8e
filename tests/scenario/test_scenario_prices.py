"""Prices of a scenario: what they may say, and what is hardly meant."""

from __future__ import annotations

import pytest

from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.thresholds import parse_threshold

SOURCE = """
product: {model: {components: [{identifier: BC66}]}}
packages: [{name: p, component: BC66, target_version: "2_0", files: [{name: a.bin, size: 50kB}]}]
plan: {packages: [p]}
fleet: {groups: [{name: meters, count: 30, module: BC66}]}
"""


def problems(*overrides: str) -> str:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(SOURCE, "scenario.yaml", overrides)
    return "\n".join(problem.message for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("prices", "says"),
    [
        (
            "{currency: EUR}",
            "prices nothing; give per_MB, per_visit, per_device_day, per_not_upgraded, per_mAh, or leave prices out",
        ),
        ("{currency: EUR, per_visit: -1}", "must be at least 0"),
        ("{currency: EUR, per_visit: .inf}", "a plain number"),
        ("{currency: EUR, per_visit: 85 EUR}", "must be a plain number"),
        ("{per_visit: 85}", "currency' is missing"),
        ("{currency: 5, per_visit: 85}", "write it in quotes"),
        ("{currency: '12', per_visit: 85}", "is no currency; write one word or sign, such as EUR"),
        ("{currency: days, per_visit: 85}", "is a unit of something else"),
        ("{currency: EUR, per_visit: 85, visit_after: [brick]}", "no outcome and no cause; did you mean 'bricked'?"),
        ("{currency: EUR, per_visit: 85, visit_after: [failed, failed]}", "names something twice"),
        ("{currency: EUR, per_visits: 85}", "did you mean 'per_visit'?"),
    ],
)
def test_a_price_that_makes_no_sense_is_refused_with_what_would_do(prices: str, says: str) -> None:
    assert says in problems(f"prices={prices}")


@pytest.mark.parametrize("currency", ["EUR", "€", "credits", "元"])
def test_a_currency_is_a_word_or_a_sign(currency: str) -> None:
    scenario = parse_scenario(SOURCE, "scenario.yaml", [f"prices={{currency: {currency}, per_mAh: 1}}"])
    assert scenario.currency == currency
    assert scenario.priced == {"per_mAh"}


def test_without_prices_there_is_no_currency() -> None:
    scenario = parse_scenario(SOURCE, "scenario.yaml")
    assert (scenario.currency, scenario.priced) == ("", frozenset())


def test_a_limit_on_a_cost_may_say_its_currency_and_needs_a_price() -> None:
    assert parse_threshold("cost < 4000 EUR").limit == parse_threshold("cost_total < 4000").limit == 4000.0
    prices = "prices={currency: EUR, per_visit: 85}"
    parse_scenario(SOURCE, "scenario.yaml", [prices, "thresholds=[cost < 4000 EUR, cost_visits < 100]"])
    assert "is in USD, and prices are in EUR" in problems(prices, "thresholds=[cost < 4000 USD]")
    assert "no cost_data, for the scenario has no price per_MB" in problems(prices, "thresholds=[cost_data < 1]")
    assert "add prices: {currency: EUR, per_visit: 85}" in problems("thresholds=[cost < 4000]")
