"""What a rollout costs is the same on both engines, as all that it is made of is."""

from __future__ import annotations

import pytest
from scenarios_strategy import seeded

from fota_sim.analysis.numbers.metrics import measure
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.engines.choice import load
from fota_sim.rules.compiled import COMPILED
from fota_sim.scenario.metrics import COST


@pytest.mark.skipif(not COMPILED, reason="uncompiled, both engines are the same Python")
@pytest.mark.parametrize("seed", [3, 11])
def test_both_engines_give_the_same_costs(seed: int) -> None:
    drawn = seeded(seed)
    amounts = "{currency: EUR, per_MB: 2, per_visit: 85, per_device_day: 0.5, per_not_upgraded: 9, per_mAh: 0.01}"
    with drawn.scenario(f"prices={amounts}") as of:
        found = []
        for engine in ("reference", "compiled"):
            record = load(engine)(of, 0)
            found.append(measure(record.devices, record.downloads, terms_of(of)))
    assert found[0] == found[1]
    assert found[0][COST].value
