from __future__ import annotations

from pathlib import Path

from fota_sim.analysis.numbers.metrics import measure
from fota_sim.engines.choice import load
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.metric_names import ALIASES, METRICS, OF_DEVICES

TEMPLATE = Path(__file__).parents[3] / "fota_sim" / "scenario" / "templates" / "single.yaml"


def test_scenarios_know_every_metric_by_its_name_and_unit() -> None:
    record = load("reference")(load_scenario(TEMPLATE), 0, None)
    measured = measure(record.devices, record.downloads)
    assert list(measured) == list(METRICS)
    symbols = {"share": "%", "ms": "s", "B": "B", "J": "J"}
    assert {name: symbols.get(each.unit, "") for name, each in measured.items()} == {
        name: unit.symbol for name, unit in METRICS.items()
    }
    assert all("devices" in measured[name].denominator_text for name in OF_DEVICES)
    assert set(ALIASES.values()) <= set(METRICS)
    assert not set(ALIASES) & set(METRICS)
