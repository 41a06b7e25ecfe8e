"""What a rollout costs: a sum over devices and parts, linear in prices, the same however it was played."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fota_sim.analysis.numbers.counters import Counters, count, read_upgrades, upgrades
from fota_sim.analysis.numbers.metrics import Measurement, measure, measured, remeasured
from fota_sim.analysis.numbers.quantities import needed
from fota_sim.analysis.numbers.terms import Terms, terms_of
from fota_sim.analysis.run.outlined import play_outlined
from fota_sim.experiment import turns
from fota_sim.experiment.concurrency import concurrency
from fota_sim.fleet.coded import Coded
from fota_sim.rules.fates import FATES, NEVER
from fota_sim.rules.labels import BELIEFS, CAUSES, CHEMISTRIES, OUTCOMES
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.metrics import COST, COST_PARTS, PRICED
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.prices import Prices

DAY_MS = 86_400_000
NO_DOWNLOADS = np.zeros((0, 5), dtype=np.int64)
SOURCE = """
horizon: 4d
product: {model: {components: [{identifier: BC66}]}}
packages: [{name: p, component: BC66, target_version: "2_0", files: [{name: a.bin, size: 50kB}]}]
plan: {packages: [p]}
network: {server: {connections: null}, cells: {enforce: false}}
prices: {currency: EUR, per_MB: 2, per_visit: 85, per_device_day: 0.5, per_not_upgraded: 9, per_mAh: 0.01}
fleet:
  groups:
    - {name: weak, count: 30, module: BC66, mains: 0%, rssi: -108dBm, contact: {pattern: wake, every: 6h}}
    - {name: plugs, count: 21, module: EC200U, contact: {spread: 1h}}
"""


def scenario(*overrides: str) -> Scenario:
    return parse_scenario(SOURCE, "scenario.yaml", overrides)


def terms(*overrides: str, **prices: float) -> Terms:
    found = terms_of(scenario(*overrides))
    return found._replace(prices=Prices.model_validate({"currency": "EUR", **prices})) if prices else found


devices = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(OUTCOMES),
        "cause": st.sampled_from(CAUSES),
        "belief": st.sampled_from(BELIEFS),
        "group": st.sampled_from(("weak", "plugs")),
        "module": st.sampled_from(("BC66", "EC200U")),
        "chemistry": st.sampled_from(CHEMISTRIES),
        "mains": st.booleans(),
        "capacity_mAh": st.floats(0.5, 20_000),
        "attempts": st.integers(0, 3),
        "upgraded_ms": st.integers(0, 4 * DAY_MS),
        "bytes_sent": st.integers(0, 10**9),
        "energy_J": st.one_of(st.just(0.0), st.floats(1e-9, 1e6)),
    }
)


def table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A device table of these rows; what they do not say is nothing."""
    found: dict[str, Any] = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    nothing = {each.name: np.zeros(len(rows)) for each in FATES if each.kind in ("count", "size", "number")}
    upgraded = np.array([row["outcome"] == "upgraded" for row in rows])
    found["upgraded_ms"] = np.where(upgraded, found["upgraded_ms"], NEVER)
    texts = ("outcome", "cause", "belief", "group", "module", "chemistry")
    return nothing | found | {name: Coded.of(found[name]) for name in texts}


def costs(found: dict[str, Measurement]) -> dict[str, float]:
    names = (COST, *(part.cost for part in COST_PARTS.values()))
    return {name: found[name].value or 0.0 for name in names if name in found}


@settings(deadline=None, max_examples=60)
@given(st.lists(devices, min_size=2, max_size=25), st.data())
def test_costs_of_parts_add_up_to_those_of_the_whole_whatever_the_parts(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(rows) - 1))
    of = terms()

    def together(*parts: list[dict[str, Any]]) -> dict[str, Measurement]:
        counted: Counters | None = None
        for part in parts:
            more = count(table(part), of)
            counted = more if counted is None else counted + more
        assert counted is not None
        times = read_upgrades([upgrades(table(rows))], needed(counted))
        return measured(counted, times, concurrency([], np.zeros(1, dtype=np.int64)), of)

    whole = together(rows)
    assert together(rows[:cut], rows[cut:]) == whole
    found = costs(whole)
    assert found[COST] == math.fsum(value for name, value in found.items() if name != COST)


@settings(deadline=None, max_examples=60)
@given(st.lists(devices, min_size=1, max_size=25))
def test_a_cost_is_the_sum_of_what_each_device_costs(rows: list[dict[str, Any]]) -> None:
    of = terms(per_MB=2.0, per_visit=85.0, per_device_day=0.5, per_not_upgraded=9.0, per_mAh=0.01)
    whole = costs(measure(table(rows), NO_DOWNLOADS, of))
    each = [costs(measure(table([row]), NO_DOWNLOADS, of)) for row in rows]
    for name, value in whole.items():
        assert value == pytest.approx(math.fsum(one[name] for one in each), rel=1e-12)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(devices, min_size=1, max_size=10),
    st.tuples(*[st.floats(0, 1000)] * len(PRICED)),
    st.tuples(*[st.floats(0, 1000)] * len(PRICED)),
)
def test_a_cost_is_linear_in_prices(
    rows: list[dict[str, Any]], first: tuple[float, ...], second: tuple[float, ...]
) -> None:
    both = [a + 2 * b for a, b in zip(first, second, strict=True)]
    found = [
        costs(measure(table(rows), NO_DOWNLOADS, terms(**dict(zip(PRICED, prices, strict=True)))))
        for prices in (first, second, both)
    ]
    for name, value in found[2].items():
        assert value == pytest.approx(found[0][name] + 2 * found[1][name], rel=1e-9, abs=1e-9)


def test_what_is_priced_is_counted_by_hand() -> None:
    def device(outcome: str, cause: str = "", **more: Any) -> dict[str, Any]:
        usual = {"belief": "Not Upgraded", "group": "weak", "module": "BC66", "chemistry": "li-socl2", "mains": False}
        numbers = {"capacity_mAh": 8500.0, "attempts": 1, "upgraded_ms": 0, "bytes_sent": 0, "energy_J": 0.0}
        return usual | numbers | {"outcome": outcome, "cause": cause} | more

    rows = [
        device("upgraded", upgraded_ms=DAY_MS, bytes_sent=1_500_000, energy_J=3.6 * 3.6 * 10),  # 10 mAh at 3.6 V
        device("upgraded", upgraded_ms=2 * DAY_MS, mains=True, energy_J=1000.0),  # no battery
        device("bricked", "power lost while flashing"),
        device("bricked", "battery empty"),  # one visit, though both are named
        device("unreachable", "battery empty"),
        device("failed", "download broke off", bytes_sent=500_000),
        device("refused", "low battery"),
        device("already_on_target"),
        device("not_offered", "blacklisted"),  # the plan is not for it, so it waits for nothing
    ]
    priced = terms(per_MB=2.0, per_visit=85.0, per_device_day=0.5, per_not_upgraded=9.0, per_mAh=0.01)
    found = measure(table(rows), NO_DOWNLOADS, priced)
    values = {name: each.value for name, each in found.items()}
    assert values["visits"] == 3
    assert values["device_days_waited"] == 1 + 2 + 5 * 4
    assert values["not_upgraded"] == 5  # bricked ones too, and of those who are not of the plan none
    assert values["battery_mAh"] == pytest.approx(10)
    assert values["battery_life_days"] == pytest.approx(10 / 8500 * 3652.5)
    assert values["cost_data"] == pytest.approx(2.0 * 2)
    assert values["cost_visits"] == 85 * 3
    assert values["cost_waiting"] == 0.5 * 23
    assert values["cost_not_upgraded"] == 9 * 5
    assert values["cost_battery"] == pytest.approx(0.1)
    assert values[COST] == pytest.approx(4 + 255 + 11.5 + 45 + 0.1)
    assert {found[name].unit for name in values if name.startswith("cost")} == {"EUR"}
    again = remeasured({**values, "success_as_platform_shows_of": None}, terms(per_visit=85.0).prices)
    assert again["cost_visits"] == found["cost_visits"]
    assert again["visits"].numerator == 3


def test_days_of_life_are_told_of_batteries_whose_expected_life_is_known() -> None:
    row = {
        "outcome": "upgraded", "cause": "", "belief": "Upgraded", "group": "weak", "module": "BC66", "mains": False,
        "chemistry": "li-ion", "capacity_mAh": 1000.0, "attempts": 1, "upgraded_ms": 1, "bytes_sent": 1,
        "energy_J": 3.6 * 3.6 * 10,
    }  # fmt: skip
    unknown = measure(table([row]), NO_DOWNLOADS, terms("prices=null"))
    assert unknown["battery_mAh"].value == pytest.approx(10)
    assert unknown["battery_life_days"].value is None
    told = measure(table([row]), NO_DOWNLOADS, terms("prices=null", "fleet.groups.weak.battery_life=2y"))
    assert told["battery_life_days"].value == pytest.approx(10 / 1000 * 2 * 365.25)
    both = measure(table([row, row | {"group": "plugs"}]), NO_DOWNLOADS, terms("fleet.groups.weak.battery_life=2y"))
    assert both["battery_mAh"].value == pytest.approx(20)
    assert both["battery_life_days"].denominator == 1  # the life of the others is not known


def test_without_prices_no_cost_is_told() -> None:
    assert not any("cost" in name or name in ("visits", "device_days_waited") for name in terms("prices=null").told)


def test_costs_do_not_depend_on_the_size_of_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = play_outlined(scenario(), "reference", 0).measured
    assert whole[COST].value
    assert whole["cost_battery"].value
    monkeypatch.setitem(turns.PART, "reference", 8)
    assert play_outlined(scenario(), "reference", 0).measured == whole
