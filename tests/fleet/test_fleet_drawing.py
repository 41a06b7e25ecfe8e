"""A fleet that two threads draw is the fleet that one draws."""

import numpy as np
import pytest
from fleet_world import group, groups, scenario_of
from test_fleet_groups import RICH

from fota_sim.errors import ScenarioError
from fota_sim.fleet import drawing
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.fleet import build_fleet

MANY = 5_000
"""Of a group: enough for several runs."""


@pytest.fixture(autouse=True)
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small fleet has several."""
    monkeypatch.setattr(drawing, "RUN", 1_000)


def same(one: Fleet, other: Fleet) -> None:
    """Every array to the bit, every name in its place."""
    for name in one.__dataclass_fields__:
        mine, its = getattr(one, name), getattr(other, name)
        if isinstance(mine, np.ndarray):
            assert mine.dtype == its.dtype, name
            np.testing.assert_array_equal(mine, its, name)
        elif isinstance(mine, tuple):
            assert mine == its, name
    columns = ({"hardware": fleet.hardware, "firmware": fleet.firmware, **fleet.mcu} for fleet in (one, other))
    for mine, its in zip(*(each.values() for each in columns), strict=True):
        assert mine.names == its.names
        np.testing.assert_array_equal(mine.codes, its.codes)
    assert one.attributes.keys() == other.attributes.keys()


def test_two_threads_draw_the_same_devices_as_one() -> None:
    scenario = scenario_of(groups(group("small", 7), group("g", MANY, **RICH), group("h", MANY, cells=300)))
    one, two = (build_fleet(scenario, 3, by_two=by_two) for by_two in (False, True))
    same(one, two)
    for name, column in one.attributes.items():
        np.testing.assert_array_equal(np.asarray(column, dtype=object), np.asarray(two.attributes[name], dtype=object))


def test_cells_are_numbered_alike_however_many_there_are() -> None:
    scenario = scenario_of(groups(group("g", MANY, cells=2_000), group("h", MANY, cells=MANY + 1)))
    same(*(build_fleet(scenario, 0, by_two=by_two) for by_two in (False, True)))


def test_what_is_wrong_with_a_group_is_told_once_as_one_thread_tells_it() -> None:
    battery = (
        "{chemistry: li-ion, capacity: {normal: {mean: 1Ah, sd: 1Ah}}, level: 50%, resistance: 0.1ohm, "
        "self_discharge: 2%}"
    )
    scenario = scenario_of(groups(*(group(name, MANY, battery=battery) for name in "gh")))
    told = []
    for by_two in (False, True):
        with pytest.raises(ScenarioError, match="capacities go down to") as error:
            build_fleet(scenario, 0, by_two=by_two)
        told.append([str(problem) for problem in error.value.problems])
    assert told[0] == told[1]
    assert len(told[0]) == 2
