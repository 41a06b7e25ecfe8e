"""The random scenarios that engines are compared on draw every field of the schema but those that are named here."""

from __future__ import annotations

import pytest
from scenarios_fields import Seen, schema_fields
from scenarios_strategy import seeded

from fota_sim.scenario.device_rows.cells import MAPPABLE
from fota_sim.scenario.distribution import LAWS

MOST = 4000
"""Scenarios in which every field is drawn at least once; usually some hundreds are enough."""

_READ = "how a file is read is over before an engine begins; tests/scenario/test_scenario_csv_told.py"
_SIZED = "sizes of waves are settled before an engine begins; tests/presets/test_presets_hawkbit.py"
NEVER_DRAWN = {
    "fleet.csv[].encoding": _READ,
    "fleet.csv[].header": _READ,
    "fleet.csv[].decimal": _READ,
    "fleet.csv[].missing": _READ,
    "fleet.csv[].leave_out": _READ,
    "fleet.csv[].latest": _READ,
    "fleet.csv[].units.rssi: 'csq'": _READ,
    "fleet.csv[].units.battery: 'share'": _READ,
    "fleet.csv[].units.battery: 'mV'": _READ,
    "fleet.csv[].units.contact_every": _READ,
    "fleet.csv[].units.capacity": _READ,
    "fleet.csv[].units.t3412": _READ,
    "fleet.csv[].units.t3324": _READ,
    "fleet.csv[].units.edrx": _READ,
    "plan.rollout.rounding": _SIZED,
    "fleet.csv[].dates": _READ,
    "fleet.csv[].values": _READ,
    "question": "stands above answers; no engine sees it",
    "key_metrics": "the same",
    "strategies{}.description": "a variant is merged in when the scenario is loaded",
    "strategies{}.plan": "the same",
    "strategies{}.preset": "the same; plan.preset is drawn",
    "strategies{}.set": "the same",
    "strategy": "the same: names the variant",
    "thresholds": "judged when all is over",
    "plan.operator[].do: 'activate'": "a plan is active when the simulation begins, and no state leads back",
    "plan.operator[].do: 'edit'": "the same",
    "plan.rollout.retry[].on: 'refused'": "refused with the scenario: a refusal is no attempt",
    **dict.fromkeys(
        (f"plan.rollout.rate_changes.{each}" for each in ("every", "faster", "slower", "slowest", "fastest")),
        "forecasts make acts of the operator of it, which engines see; tests/analysis/forecast/test_forecast_rates.py",
    ),
    **dict.fromkeys(
        (
            *("learnt.source", "learnt.devices", "learnt.draws", "learnt.kept[].name", "learnt.kept[].why"),
            *(f"learnt.parameters[].{each}" for each in ("name", "paths", "mean", "interval", "n", "default", "how")),
        ),
        "draws are laid over a scenario before an engine begins; tests/scenario/test_scenario_learnt.py",
    ),
}
_EXCEL = "a workbook's rows are those of a CSV file; tests/inspect/test_inspect_excel.py"
NEVER_DRAWN |= {each: _EXCEL for each in Seen().never_drawn() if each.startswith("fleet.excel[]")}
"""What no random scenario says, and why."""


@pytest.fixture(scope="module")
def seen() -> Seen:
    found = Seen()
    for seed in range(MOST):
        one = seeded(seed)
        with one.from_data() as scenario:
            found.add(scenario, one.data)
        if seed % 100 == 99 and found.never_drawn() <= NEVER_DRAWN.keys():
            break
    return found


def test_every_field_of_the_schema_is_drawn_but_those_that_are_named(seen: Seen) -> None:
    assert seen.never_drawn() == NEVER_DRAWN.keys()


def test_every_law_of_a_distribution_is_drawn_and_cut_on_both_sides(seen: Seen) -> None:
    assert seen.laws == {"constant", *LAWS, "min", "max"}


def test_every_column_that_a_csv_file_can_have_is_drawn(seen: Seen) -> None:
    assert {name.partition(":")[0] for name in seen.columns} == {*MAPPABLE, "mcu"}


def test_fields_are_found_in_lists_mappings_and_blocks_that_may_be_missing() -> None:
    paths = [field.path for field in schema_fields()]
    assert len(paths) == len(set(paths))
    assert {
        "seed",
        "plan.rollout.waves[].devices.file",
        "plan.rollout.concurrency.priority.where",
        "modules{}.battery.capacity",
        "fleet.csv[].contact.hours",
    } <= set(paths)
