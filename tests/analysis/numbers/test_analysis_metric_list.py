from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from fota_sim.analysis.numbers.counters import SUMMED
from fota_sim.analysis.numbers.metrics import measure
from fota_sim.analysis.numbers.quantities import known_quantities
from fota_sim.analysis.numbers.terms import DRAWN, terms_of
from fota_sim.engines.choice import load
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.metrics import (
    ALIASES,
    METRICS,
    OF_DEVICES,
    PRICED,
    QUANTITIES,
    View,
    lacking,
    metric_name,
    shown_in,
    told_with,
)

ALL_PRICED = "{currency: EUR, per_MB: 1, per_visit: 1, per_device_day: 1, per_not_upgraded: 1, per_mAh: 1}"
TEMPLATE = Path(__file__).parents[3] / "fota_sim" / "scenario" / "templates" / "single.yaml"


def test_every_metric_is_measured_in_the_order_of_the_list() -> None:
    for prices, priced in (("null", ()), ("{currency: EUR, per_visit: 1}", ("per_visit",)), (ALL_PRICED, PRICED)):
        scenario = load_scenario(TEMPLATE, [f"prices={prices}"])
        record = load("reference")(scenario, 0, None)
        measured = measure(record.devices, record.downloads, terms_of(scenario))
        assert list(measured) == list(told_with(priced)) == [name for name in METRICS if not lacking(name, priced)]
    assert list(measured) == list(METRICS)


def test_metrics_are_made_of_quantities_that_are_counted_and_every_quantity_is_used() -> None:
    assert {*known_quantities(), *SUMMED, *DRAWN} >= QUANTITIES
    outcomes = {each.part for each in METRICS.values() if each.outcome}
    assert known_quantities() - outcomes <= QUANTITIES


def test_a_limit_is_written_in_the_unit_that_the_metric_is_measured_in() -> None:
    symbols = {"share": "%", "ms": "s", "B": "B", "J": "J", "mAh": "mAh"}
    assert {name: symbols.get(each.unit, "") for name, each in METRICS.items()} == {
        name: each.written_in.symbol for name, each in METRICS.items()
    }


def test_a_share_says_what_it_is_a_share_of() -> None:
    assert all("devices" in METRICS[name].of for name in OF_DEVICES)
    assert all(each.of for each in METRICS.values() if each.whole)


def test_no_metric_has_the_short_name_of_another() -> None:
    assert not set(ALIASES) & set(METRICS)
    assert len(ALIASES) == sum(len(each.aliases) for each in METRICS.values())
    assert metric_name(" success ") == "success_of_targeted"


@pytest.mark.parametrize("view", get_args(View))
def test_a_view_shows_its_metrics_in_an_order_that_is_said(view: View) -> None:
    places = [each.shown[view].place for each in METRICS.values() if view in each.shown]
    assert len(set(places)) == len(places) == len(shown_in(view)) > 2
