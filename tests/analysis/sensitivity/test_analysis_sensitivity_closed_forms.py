"""Effects and indices against closed forms: what a rollout costs is a linear function of its prices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lab_world import lab
from scipy import stats

from fota_sim.analysis.batch.gathering import HowToPlay, gather
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.sensitivity.effects import design, sensitivity
from fota_sim.analysis.sensitivity.parameters import parse_vary
from fota_sim.scenario.metrics import COST
from fota_sim.scenario.model import Scenario

HOW = HowToPlay(engine="compiled", workers=1)
RANGES = {"per_MB": (2.0, 6.0), "per_device_day": (0.1, 4.1), "per_not_upgraded": (0.1, 0.3), "per_visit": (1.0, 3.0)}
WRITTEN = {"per_MB": 3.0, "per_device_day": 1.0, "per_not_upgraded": 0.25, "per_visit": 2.5}
AMOUNTS = {"per_MB": ("bytes_sent", 1e6), "per_device_day": ("device_days_waited", 1.0),
           "per_not_upgraded": ("not_upgraded", 1.0), "per_visit": ("visits", 1.0)}  # fmt: skip
"""What a price is multiplied with, and in what that is counted."""


def priced(**sizes: str) -> Scenario:
    prices = ", ".join(f"{name}: {value}" for name, value in WRITTEN.items())
    return lab(f"prices={{currency: EUR, {prices}}}", *[f"{path}={value}" for path, value in sizes.items()])


def amounts(scenario: Scenario, replications: int) -> dict[str, list[float]]:
    """How much there is of what each price is for, by replication."""
    [runs] = gather([Point("as it is", {}, scenario)], range(replications), HOW).values()
    return {name: [(run[metric].value or 0.0) / unit for run in runs] for name, (metric, unit) in AMOUNTS.items()}


def effects(method: str, samples: int, replications: int) -> dict[str, dict[str, Any]]:
    scenario = priced()
    parameters = [parse_vary(f"prices.{name}={low}..{high}", scenario) for name, (low, high) in RANGES.items()]
    found = sensitivity(design(scenario, parameters, method, samples, seed=1), [COST], replications, HOW)
    return {row["path"].removeprefix("prices."): row for row in found["metrics"][COST]["rows"]}


def test_an_effect_is_the_change_of_the_price_times_its_amount() -> None:
    """Its interval is Student's, or wider where it is less than one visit makes (numbers/rare_changes.py)."""
    there = amounts(priced(), 6)
    assert all(sum(values) for values in there.values())
    for name, row in effects("oat", 0, 6).items():
        for end, price in zip(("low", "high"), RANGES[name], strict=True):
            changes = np.array(there[name]) * (price - WRITTEN[name])
            assert row[f"{end}_effect"] == pytest.approx(changes.mean())
            if changes.std() > 0:
                ends = stats.t.interval(0.95, 5, changes.mean(), changes.std(ddof=1) / np.sqrt(6))
                found = row[f"{end}_interval"]
                assert found == pytest.approx(ends) or found[0] <= ends[0] < ends[1] <= found[1]


def test_elementary_effects_of_a_linear_function_are_its_slopes_without_spread() -> None:
    there = amounts(priced(), 1)
    found = effects("morris", 5, 1)
    for name, (low, high) in RANGES.items():
        slope = (high - low) * there[name][0]
        assert found[name]["mu"] == pytest.approx(slope, rel=1e-4)  # values are written with six figures
        assert found[name]["mu_star"] == pytest.approx(slope, rel=1e-4)
        assert found[name]["sigma"] == pytest.approx(0, abs=1e-4 * slope)
    assert [*found] == sorted(found, key=lambda name: -found[name]["mu_star"])


def test_indices_of_a_linear_function_are_shares_of_the_variance_of_its_parts() -> None:
    there = amounts(priced(), 1)
    parts = {name: ((high - low) * there[name][0]) ** 2 / 12 for name, (low, high) in RANGES.items()}
    for name, row in effects("sobol", 64, 1).items():
        share = parts[name] / sum(parts.values())
        assert row["first"] == pytest.approx(share, abs=0.05)
        assert row["total"] == pytest.approx(share, abs=0.05)


def test_indices_of_a_product_tell_what_is_its_own_and_what_goes_with_the_other() -> None:
    """Of X times Y with E[X] = 2, E[Y] = m: V = V_X m^2 + 4 V_Y + V_X V_Y (Sobol 2001)."""
    scenario = priced()
    size = "packages[0].files[0].size"
    price = parse_vary("prices.per_MB=1..3", scenario)
    parameters = [price, parse_vary(f"{size}=20kB..100kB", scenario)]
    sent = [amounts(priced(**{size: f"{each}kB"}), 1)["per_MB"][0] for each in (20, 60, 100)]
    assert sent[1] == pytest.approx((sent[0] + sent[2]) / 2, rel=0.02)  # what is sent goes with the size
    v_x, v_y, m = 4 / 12, (sent[2] - sent[0]) ** 2 / 12, sent[1]
    own_x, own_y, both = v_x * m * m, 4 * v_y, v_x * v_y
    whole = own_x + own_y + both
    found = sensitivity(design(scenario, parameters, "sobol", 128, seed=1), ["cost_data"], 1, HOW)
    rows = {row["path"]: row for row in found["metrics"]["cost_data"]["rows"]}
    for path, own in ((price.path, own_x), (size, own_y)):
        assert rows[path]["first"] == pytest.approx(own / whole, abs=0.05)
        assert rows[path]["total"] == pytest.approx((own + both) / whole, abs=0.05)
