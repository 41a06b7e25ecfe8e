"""Two strategies meet the same fleet with the same luck: their difference is less noisy than that of two fleets."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from fota_sim.analysis.numbers.metrics import Measurement, measure
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.engines.choice import load
from fota_sim.scenario.loader import load_scenario

TAIL = Path(__file__).parents[3] / "scenarios" / "weak_signal_tail.yaml"
REPLICATIONS = 20


@cache
def metrics(retries: int, seed: int) -> tuple[dict[str, Measurement], ...]:
    scenario = load_scenario(TAIL, [f"plan.strategy.retries={retries}", f"seed={seed}"])
    records = (load("compiled")(scenario, replication) for replication in range(REPLICATIONS))
    return tuple(measure(record.devices, record.downloads, terms_of(scenario)) for record in records)


@pytest.mark.parametrize("name", ["success_of_targeted", "time_to_50_pct_ms", "time_to_90_pct_ms"])
def test_a_difference_on_the_same_luck_has_a_fifth_of_the_variance_or_less(name: str) -> None:
    five, two, of_others = (
        np.array([run[name].value for run in metrics(retries, seed)], dtype=float)
        for retries, seed in ((5, 1), (2, 1), (2, 2))
    )
    assert 5 * np.var(two - five, ddof=1) <= np.var(of_others - five, ddof=1)
