from dataclasses import replace

import numpy as np
import pytest
from fleet_world import group, groups, scenario_of

from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.defects import mask_for
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.ids import Ids, Numbered

FLEET = build_fleet(scenario_of(groups(group("a", 20, hardware="{A: 50%, B: 50%}", attributes="{site: x}"))), 0)


class Unreadable(Ids):
    """Ids whose texts nobody may ask for."""

    def texts(self, start, stop):
        raise AssertionError("no condition has asked for an id")


def test_only_what_a_condition_uses_is_made():
    fleet = replace(FLEET, ids=Unreadable([Numbered("a", 20)]))
    assert np.array_equal(mask_for('hardware == "B" and known(rssi)', fleet), fleet.hardware.texts == "B")
    with pytest.raises(AssertionError):
        mask_for('id == "a-1"', fleet)


def test_a_column_is_made_once():
    columns = columns_for_predicates(FLEET)
    assert columns["rssi"] is columns["rssi"]


def test_looking_for_a_name_makes_nothing_and_a_name_nobody_has_is_a_key_error():
    columns = columns_for_predicates(replace(FLEET, ids=Unreadable([Numbered("a", 20)])))
    assert "id" in columns
    assert "colour" not in columns
    with pytest.raises(KeyError):
        columns["colour"]


def test_an_attribute_does_not_hide_what_every_device_has():
    columns = columns_for_predicates(replace(FLEET, attributes={"firmware": FLEET.hardware}))
    assert columns["firmware"] is FLEET.firmware
