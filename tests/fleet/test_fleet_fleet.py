import numpy as np
import pytest
from fleet_world import group, groups, scenario_of
from hypothesis import given, settings
from hypothesis import strategies as st

from fota_sim.errors import ScenarioError
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.devices import array_columns, names_of
from fota_sim.fleet.fleet import MAX_DEVICES, build_fleet
from fota_sim.fleet.identity import device_keys
from fota_sim.fleet.ids import Ids, Numbered
from fota_sim.fleet.joining import concat
from fota_sim.scenario.columns import CONDITION_COLUMNS, DEVICE_TABLE

A = build_fleet(scenario_of(groups(group("a", 6, module="BG95", attributes="{site: x}", mcu='{stm: "3"}'))), 0)
B = build_fleet(scenario_of(groups(group("b", 4, module="BC66"), group("c", 2, module="BG95", host="late"))), 0)


def test_every_column_has_one_entry_per_device_and_its_type():
    for name in array_columns(B):
        assert getattr(B, name).shape == (B.n,)
    assert B.keys.dtype == np.uint64
    assert B.dies_at_ms.dtype == np.int64
    for name in ("group", "module", "radio", "host", "cell", "time_zone", "chemistry"):
        assert getattr(B, name).dtype == np.int32
    for name in ("rssi_mean_dBm", "rssi_sd_dB", "temperature_C", "capacity_mAh", "resistance_ohm", "charge"):
        assert getattr(B, name).dtype == np.float64
    for name in ("rssi_known", "battery_known", "mains", "gone", "white", "black"):
        assert getattr(B, name).dtype == np.bool_


def test_a_key_is_the_published_digest_of_the_name():
    from hashlib import blake2b

    digest = blake2b("meter-é".encode(), digest_size=8).digest()
    assert device_keys(Ids([["meter-é"]])).tolist() == [int.from_bytes(digest, "little")]
    assert len(np.unique(device_keys(Ids([Numbered("g", 5000)])))) == 5000
    assert device_keys(Ids([])).shape == (0,)


def test_joining_numbers_names_in_order_of_first_use():
    both = concat([A, B])
    assert both.module_names == ("BG95", "BC66")
    assert both.group_names == ("a", "b", "c")
    assert list(names_of(both, "module")) == ["BG95"] * 6 + ["BC66"] * 4 + ["BG95"] * 2
    assert list(names_of(both, "host")) == ["careful"] * 10 + ["late"] * 2
    assert list(both.ids) == [*A.ids, *B.ids]


@given(st.lists(st.integers(0, 11), max_size=20))
@settings(deadline=None)
def test_taking_devices_takes_all_of_each(picked):
    both = concat([A, B])
    taken = both.take(np.array(picked, dtype=np.intp))
    assert taken.n == len(picked)
    assert list(taken.hardware) == [both.hardware[i] for i in picked]
    assert list(taken.ids) == [both.ids[i] for i in picked]
    for name in array_columns(both):
        assert np.array_equal(getattr(taken, name), getattr(both, name)[picked])
    assert list(taken.attributes["site"]) == [both.attributes["site"][i] for i in picked]
    assert list(taken.mcu["stm"]) == [both.mcu["stm"][i] for i in picked]


def test_taking_by_mask_and_joining_again_loses_nobody():
    first = np.arange(B.n) % 2 == 0
    again = concat([B.take(first), B.take(~first)])
    assert sorted(again.ids) == sorted(B.ids)


def test_an_attribute_that_is_numbers_here_and_text_there_becomes_text():
    from dataclasses import replace

    numbers = replace(A, attributes={"site": np.array([1.0, 2.5, np.nan, 4.0, 5.0, 6.0])})
    joined = concat([numbers, A])
    assert list(joined.attributes["site"]) == ["1", "2.5", None, "4", "5", "6"] + ["x"] * 6


def test_conditions_see_the_columns_that_the_scenario_s_checks_promise():
    columns = columns_for_predicates(A)
    assert set(columns) == {*CONDITION_COLUMNS, "mcu_stm", "site"}
    assert all(len(column) == A.n for column in columns.values())


@pytest.mark.parametrize("name", [*DEVICE_TABLE, *CONDITION_COLUMNS, "mcu_stm", "mcu_stm_end"])
def test_an_attribute_may_not_take_the_name_of_a_column_that_is_there(name):
    with pytest.raises(ScenarioError, match=f"attributes.{name}: '{name}' is a column of the results already"):
        scenario_of(groups(group(attributes=f"{{{name}: x}}")))


def test_a_fleet_without_devices_is_an_error():
    scenario = scenario_of(groups(group(count=1)))
    for fleet in ({"groups": []}, {"groups": [scenario.fleet.groups[0].model_copy(update={"count": 0})]}):
        empty = scenario.model_copy(update={"fleet": scenario.fleet.model_copy(update=fleet)})
        with pytest.raises(ScenarioError, match="the fleet is empty; give a group a count above 0"):
            build_fleet(empty, 0)


def test_too_many_devices_are_refused_before_any_is_drawn():
    assert MAX_DEVICES == 16_777_216
    with pytest.raises(ScenarioError, match=r"17000000 devices are more than the 16777216 .* share the server"):
        build_fleet(scenario_of(groups(group("a", 16_000_000), group("b", 1_000_000))), 0)
