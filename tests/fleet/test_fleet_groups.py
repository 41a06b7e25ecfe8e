import math
import os
import subprocess
import sys

import numpy as np
import pytest
from fleet_world import group, groups, scenario_of
from scipy import stats

from fota_sim.errors import ScenarioError
from fota_sim.fleet.devices import array_columns, names_of
from fota_sim.fleet.fleet import build_fleet
from fota_sim.rules.labels import CHEMISTRIES

RICH = {
    "hardware": "{A: 60%, B: 40%}",
    "firmware": '{"1_0": 70%, "1_1": 30%}',
    "mcu": '{stm: {"3": 50%, "4": 50%}}',
    "rssi": "{normal: {mean: -94dBm, sd: 12dB}, min: -125dBm, max: -40dBm}",
    "rssi_unknown": "10%",
    "temperature": "{uniform: [-10C, 40C]}",
    "mains": "30%",
    "battery_unknown": "20%",
    "gone": "5%",
    "churn": "10%",
    "cells": 7,
    "time_zone": "{Europe/Berlin: 50%, UTC: 50%}",
    "attributes": "{site: {north: 25%, south: 75%}}",
}


def built(*entries, replication=0, after="", **more):
    return build_fleet(scenario_of(groups(*entries, after=after), **more), replication)


def per_device(fleet):
    """Everything about each device that is not a number given out in order of use."""
    plain = [getattr(fleet, name).tolist() for name in array_columns(fleet) if f"{name}_names" not in fleet.__dict__]
    named = [names_of(fleet, name[:-6]) for name in fleet.__dict__ if name.endswith("_names")]
    extras = [list(column) for columns in (fleet.mcu, fleet.attributes) for column in columns.values()]
    return dict(zip(fleet.ids, zip(*plain, *named, fleet.hardware, fleet.firmware, *extras, strict=True), strict=True))


def test_ids_count_from_zero_without_padding():
    assert list(built(group(count=11)).ids) == [f"g-{k}" for k in range(11)]


def test_more_devices_change_nobody():
    small, large = (per_device(built(group(count=n, **RICH))) for n in (50, 51))
    assert {name: large[name] for name in small} == small


@pytest.mark.parametrize("other_first", [False, True])
def test_another_group_changes_nobody(other_first):
    alone = per_device(built(group(count=50, **RICH)))
    other = group("other", 20, **RICH | {"module": "EC200U", "host": "late", "cells": 3})
    entries = (other, group(count=50, **RICH)) if other_first else (group(count=50, **RICH), other)
    both = per_device(built(*entries))
    assert len(both) == 70
    assert {name: both[name] for name in alone} == alone


def test_changing_one_distribution_leaves_all_other_columns_alone():
    before, after = built(group(**RICH)), built(group(**RICH | {"temperature": "5C"}))
    changed = [
        name for name in array_columns(before) if not np.array_equal(getattr(before, name), getattr(after, name))
    ]
    assert changed == ["temperature_C"]
    assert list(before.hardware) == list(after.hardware)
    assert list(before.firmware) == list(after.firmware)


def test_another_attribute_changes_no_other_attribute():
    more = RICH | {"attributes": "{floor: {ground: 50%, roof: 50%}, site: {north: 25%, south: 75%}}"}
    assert list(built(group(**RICH)).attributes["site"]) == list(built(group(**more)).attributes["site"])


def test_replications_draw_new_fleets_and_seeds_too():
    first = built(group(**RICH))
    assert not np.array_equal(first.rssi_mean_dBm, built(group(**RICH), replication=1).rssi_mean_dBm)
    assert not np.array_equal(first.rssi_mean_dBm, built(group(**RICH), overrides=["seed=8"]).rssi_mean_dBm)
    assert per_device(first) == per_device(built(group(**RICH)))


def test_without_redraw_every_replication_has_the_same_fleet():
    first, later = (built(group(**RICH), replication=r, after="redraw: false\n") for r in (0, 5))
    assert per_device(first) == per_device(later) == per_device(built(group(**RICH)))


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_the_fleet_is_the_same_under_any_hash_seed(hash_seed):
    script = (
        "from test_fleet_groups import *\n"
        "import hashlib\n"
        "print(hashlib.sha256(repr(per_device(built(group(count=30, **RICH)))).encode()).hexdigest())"
    )
    path = os.pathsep.join([os.path.dirname(__file__), *sys.path])
    env = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    import hashlib

    here = hashlib.sha256(repr(per_device(built(group(count=30, **RICH)))).encode()).hexdigest()
    assert done.stdout.strip() == here


def test_marginals_match_what_was_asked():
    fleet = built(group(count=20_000, **RICH))
    law = stats.truncnorm(-31 / 12, 54 / 12, -94.0, 12.0)
    assert stats.kstest(fleet.rssi_mean_dBm, law.cdf).pvalue > 0.01
    assert stats.kstest(fleet.temperature_C, stats.uniform(-10.0, 50.0).cdf).pvalue > 0.01
    assert stats.kstest(fleet.charge[~fleet.mains], stats.uniform(0.25, 0.75).cdf).pvalue > 0.01  # BC66's Li-SOCl2
    for share, asked in (
        (fleet.mains, 0.3), (~fleet.rssi_known, 0.1), (~fleet.battery_known, 0.2), (fleet.gone, 0.05),
        (fleet.hardware.texts == "A", 0.6), (fleet.firmware.texts == "1_1", 0.3),
        (fleet.mcu["stm"].texts == "4", 0.5), (fleet.attributes["site"].texts == "north", 0.25),
        (names_of(fleet, "time_zone").texts == "UTC", 0.5),
    ):  # fmt: skip
        assert np.mean(share) == pytest.approx(asked, abs=4 * math.sqrt(asked * (1 - asked) / 20_000))


def test_defaults_come_from_the_module_and_its_radio():
    scenario = scenario_of(groups(group(count=5000, module="EC200U")))
    fleet, module, radio = build_fleet(scenario, 0), scenario.modules["EC200U"], scenario.radios["lte-cat1"]
    assert fleet.module_names == ("EC200U",)
    assert fleet.radio_names == ("lte-cat1",)
    assert set(fleet.rssi_sd_dB) == {radio.rssi_sd}
    assert set(fleet.resistance_ohm) == {module.battery.resistance}
    assert set(fleet.self_discharge) == {module.battery.self_discharge}
    assert {CHEMISTRIES[i] for i in fleet.chemistry} == {module.battery.chemistry}
    assert np.mean(fleet.mains) == pytest.approx(module.mains, abs=0.03)
    assert np.mean(fleet.gone) == pytest.approx(radio.gone, abs=0.02)
    assert fleet.rssi_mean_dBm.mean() == pytest.approx(-75.0, abs=1.0)


def test_mains_devices_are_full():
    fleet = built(group(**RICH))
    assert set(fleet.charge[fleet.mains]) == {1.0}


def test_devices_spread_evenly_over_the_private_cells_of_their_group():
    fleet = built(group("a", 7000, cells=7), group("b", 100), group("c", 100))
    assert fleet.cell_names == (*(f"a/{k}" for k in range(7)), "b/0", "c/0")
    assert stats.chisquare(np.bincount(fleet.cell[:7000])).pvalue > 0.01


def test_a_group_without_mcu_has_none():
    fleet = built(group("a", 2, mcu='{stm: "3"}'), group("b", 1))
    assert {name: list(versions) for name, versions in fleet.mcu.items()} == {"stm": ["3", "3", ""]}


def test_an_attribute_is_missing_where_a_group_does_not_have_it():
    fleet = built(group("a", 1, attributes="{site: north}"), group("b", 1))
    assert list(fleet.attributes["site"]) == ["north", None]


@pytest.mark.parametrize("rho", [-0.7, 0.5])
@pytest.mark.parametrize(
    "rssi",
    [
        "{normal: {mean: -94dBm, sd: 12dB}, min: -125dBm, max: -80dBm}",
        "{mixture: [{weight: 40%, table: {values: [-60dBm, -70dBm]}}, {weight: 60%, uniform: [-110dBm, -90dBm]}]}",
    ],
)
def test_battery_follows_the_signal_as_asked_and_keeps_its_own_law(rho, rssi):
    fields = {"rssi": rssi, "mains": "0%", "battery_signal_correlation": rho}
    fleet, plain = built(group(count=20_000, **fields)), built(group(count=20_000, rssi=rssi, mains="0%"))
    expected = 6.0 / math.pi * math.asin(rho / 2.0)
    tied = 0.06 if "mixture" in rssi else 0.0  # two values hold 40 % of the devices: ties dilute a rank correlation
    found = stats.spearmanr(fleet.rssi_mean_dBm, fleet.charge).statistic
    assert found == pytest.approx(expected, abs=0.02 + tied)
    assert np.array_equal(fleet.rssi_mean_dBm, plain.rssi_mean_dBm)
    assert stats.kstest(fleet.charge, stats.uniform(0.25, 0.75).cdf).pvalue > 0.01


def test_churn_is_the_share_lost_in_thirty_days_and_exponential_within():
    fleet = built(group(count=20_000, churn="40%"))
    died = fleet.dies_at_ms[fleet.dies_at_ms >= 0]
    assert len(died) / fleet.n == pytest.approx(0.4, abs=0.015)
    days = died / 86_400_000
    mean = -30 / math.log(0.6)
    assert stats.kstest(days, stats.truncexpon(30 / mean, scale=mean).cdf).pvalue > 0.01


def test_a_shorter_horizon_only_cuts_deaths_off():
    long = built(group(churn="40%")).dies_at_ms
    short = built(group(churn="40%"), overrides=["horizon=3d"]).dies_at_ms
    cut = 3 * 86_400_000
    assert np.array_equal(short, np.where(long < cut, long, -1))


def test_without_churn_nobody_dies():
    assert set(built(group(churn="0%")).dies_at_ms) == {-1}


def test_an_empty_group_beside_others_is_fine_and_an_impossible_distribution_is_not():
    assert built(group("a", 0), group("b", 2)).n == 2
    with pytest.raises(ScenarioError) as caught:
        built(
            group("a", 5, rssi="{uniform: [-90dBm, -80dBm], min: -70dBm}"),
            group("b", 5, battery_level="{uniform: [10%, 20%], max: 5%}"),
        )
    assert [problem.path for problem in caught.value.problems] == [
        "fleet.groups[0].rssi",
        "fleet.groups[1].battery_level",
    ]


def test_a_capacity_of_nothing_is_an_error():
    battery = "{chemistry: li-ion, capacity: {normal: {mean: 1Ah, sd: 1Ah}}, level: 50%, resistance: 0.1ohm, "
    with pytest.raises(ScenarioError, match=r"capacities go down to .*give the distribution a min"):
        built(group(battery=battery + "self_discharge: 2%}"))
