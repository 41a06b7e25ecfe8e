"""Findings of the plan linter that have to see the devices: told where they hold, and only there."""

import json

import pytest

from fota_sim.analysis.lint.batteries import too_weak
from fota_sim.analysis.lint.drawn import draw
from fota_sim.analysis.lint.fleet import FLEET_FINDINGS, lint_fleet
from fota_sim.cli.main import exit_code
from fota_sim.engines.reference.run import run_replication
from fota_sim.scenario.lint import facts_of
from fota_sim.scenario.lint.limits import abort_never_counts, rate_too_slow
from fota_sim.scenario.loader import load_located


def _world(rollout=None, strategy=None, **group):
    return {
        "product": {"model": {"device_model": "X", "components": [{"identifier": "app", "type": "firmware"}]}},
        "packages": [
            {"name": "p", "component": "app", "target_version": "2_0", "files": [{"name": "a.bin", "size": "300kB"}]}
        ],
        "plan": {"packages": ["p"], "rollout": rollout or {}, "strategy": strategy or {}},
        "fleet": {
            "groups": [
                {"name": "g", "count": 60, "rssi": {"uniform": ["-105dBm", "-95dBm"]}, "mains": "0%", "gone": "0%"}
                | {"battery_level": {"uniform": ["20%", "90%"]}, **group}
            ]
        },
    }


def _drawn(scenario, tmp_path):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(scenario))
    return draw(facts_of(*load_located(file)))


WEAK = [{"devices": {"where": "rssi < -120dBm"}}, {}]
HALF = [{"devices": {"where": "rssi < -100dBm"}}]


def _brings(version):
    """A world in which everybody runs the target, or a half does."""
    return _world(firmware={"2_0": "100%"} if version == "2_0" else {"2_0": "50%", "1_0": "50%"})


def _large(size):
    scenario = _world()
    scenario["packages"][0]["files"][0]["size"] = size
    return scenario


def _manual(confirm):
    scenario = _world()
    scenario["plan"] |= {"mode": "manual", "user_confirm": confirm}
    return scenario


def _specified(version, runs):
    scenario = _world(firmware=runs)
    scenario["packages"][0]["specified_versions"] = [version]
    return scenario


def _defect(where):
    scenario = _world()
    scenario["packages"][0]["defects"] = [{"effect": "boot_failure", "where": where}]
    return scenario


def _slots(*by_level):
    return _world({"cell_concurrency": {"devices": by_level}}, rssi="-95dBm")


def _trackers(minimum, **group):
    """LTE devices of which some are low, at a signal that stays as it is."""
    levels = {"battery_level": {"uniform": ["2%", "60%"]}, "temperature": "5C", "churn": "0%", "rssi": "-80dBm"}
    scenario = _world(strategy={"min_battery": minimum}, module="EC200U", count=300, **levels, **group)
    return scenario | {"radios": {"lte-cat1": {"extends": "lte-cat1", "rssi_sd": "0dB"}}}


CASES = {
    "no_link": (_world(rssi="-140dBm"), _world(rssi="-120dBm"), "60 of 60 devices in reach have a mean signal of -140"),
    "no_link, of a few": (
        _world(rssi={"table": {"values": ["-140dBm", "-100dBm"]}}),
        _world(rssi={"table": {"values": ["-140dBm", "-100dBm"], "weights": [0, 1]}}),
        "no link: they hardly ever connect",
    ),
    "no_slot": (_slots(0, 10, 10), _slots(1, 0, 0), "at coverage level 0, where 60 of the 60 devices"),
    "nobody_in_reach": (_world(gone="100%"), _world(gone="50%"), "all 60 devices that the plan is for are gone"),
    "on_target_already": (_brings("2_0"), _brings("1_0"), "all 60 devices that the plan is for run 2_0 already"),
    "versions_left_out": (
        _specified("1_0", {"1_0": "50%", "0_9": "50%"}),
        _specified("1_0", {"1_0": "50%", "2_0": "50%"}),
        "of 60 devices that the plan is for run another and are never offered it",
    ),
    "versions_left_out, in another spelling": (
        _specified("1_0", {"1_0": "50%", "V1.0": "50%"}),
        _specified("1_0", {"1_0": "50%", "1_00": "50%"}),
        "(V1.0); is 'V1.0' the same in another spelling? Plan",
    ),
    "spelled_otherwise": (
        _world(firmware={"V2_0": "50%", "2.0": "50%"}),
        _world(firmware={"2_0": "50%", "20": "50%"}),
        "60 devices run 2.0, V2_0: is that the target '2_0' in another spelling?",
    ),
    "set_back": (
        _world(firmware={"2_10": "100%"}),
        _world(firmware={"1_99": "50%", "A3_0": "50%"}),
        "60 devices run 2_10, which is later than the target '2_0'",
    ),
    "packages_without_room": (_large("2MB"), _large("300kB"), "its 60 devices in reach cannot take it (no space)"),
    "conditions_for_nobody": (_defect('hardware == "Z"'), _defect('hardware == "A"'), "no device of this fleet meets"),
    "empty_waves": (_world({"waves": WEAK}), _world({"waves": [*HALF, {}]}), "no device of this fleet"),
    "empty_waves, somebody in none": (_world({"waves": HALF}), _world({"waves": [*HALF, {}]}), "in no wave"),
    "gates_that_admit_few": (
        _world(strategy={"min_signal": "-90dBm"}),
        _world(strategy={"min_signal": "-100dBm"}),
        "admits nobody",
    ),
    "gates_that_admit_all": (
        _world(strategy={"min_battery": "15%"}),
        _world(strategy={"min_battery": "25%"}),
        "holds nobody back",
    ),
    "brown_outs": (
        _trackers("5%"),
        _trackers("30%"),
        "(5 % to 8 %): the module resets in the middle of it (battery brown-out). A minimum of 9 % spares ",
    ),
    "brown_outs, of hosts that compare nothing": (
        _trackers("30%", host="careless"),
        _trackers("30%", host="careless", mains="100%"),
        "No minimum spares them",
    ),
    "success_out_of_reach": (
        _world({"waves": [{"count": 40}, {"opens": {"success": "90%"}}]}, {"min_battery": "60%"}),
        _world({"waves": [{"count": 40}, {"opens": {"success": "90%", "deadline": "1d"}}]}, {"min_battery": "60%"}),
        "below min_battery or min_signal",
    ),
    "success_out_of_reach, by hosts that compare": (
        _world({"waves": [{"count": 40}, {"opens": {"success": "90%"}}]}, {"min_battery": "60%"}),
        _world({"waves": [{"count": 40}, {"opens": {"success": "90%"}}]}, {"min_battery": "60%"}, host="careless"),
        "can succeed",
    ),
    "never_over": (
        _world({"waves": [{"count": 40}, {}]}, {"min_battery": "60%"}),
        _world({"waves": [{"count": 40}, {}], "refusals": "final"}, {"min_battery": "60%"}),
        "are below min_battery or min_signal, or cannot read them, at the start",
    ),
    "never_over, unless it says when": (
        _world({"waves": [{"count": 40}, {}]}, {"min_battery": "60%"}),
        _world({"waves": [{"count": 40}, {"opens": {"after": "1d"}}]}, {"min_battery": "60%"}),
        "when wave 1 is over",
    ),
    "never_over, for who is gone": (
        _world({"waves": [{"count": 40}, {}]}, host="careless", contact={"pattern": "wake", "every": "9d"}),
        _world(
            {"waves": [{"count": 40}, {}], "timeouts": {"online": "1d"}},
            host="careless",
            contact={"pattern": "wake", "every": "9d"},
        ),
        "are not in contact in time",
    ),
    "success_out_of_reach, by a quorum": (
        _world({"waves": [{"count": 40}, {"opens": {"quorum": "90%"}}]}, {"min_battery": "60%"}),
        _world({"waves": [{"count": 40}, {"opens": {"quorum": "20%"}}]}, {"min_battery": "60%"}),
        "have finished: of its 40 devices",
    ),
    "gates_that_admit_few, by hosts that compare": (
        _world(strategy={"min_signal": "-90dBm"}),
        _world(strategy={"min_signal": "-90dBm"}, host="careless"),
        "admits nobody of the 60 devices in reach that can read it, which have signals from",
    ),
    "never_in_contact": (
        _world(joins={"uniform": ["1d", "20d"]}),
        _world(contact={"pattern": "wake", "every": "60d"}),  # told of the group, without drawing
        "are not in contact before the end at 7 d",
    ),
    "unknown_readings, of hosts": (
        _world(rssi_unknown="100%"),
        _world(rssi_unknown="100%", host="lenient"),
        "of the 60 devices in reach cannot read their signal or battery, and their host refuses each offer then",
    ),
    "unknown_readings, of cells": (
        _world({"cell_concurrency": {"unknown": 0}}, rssi_unknown="100%", host="lenient"),
        _world({"cell_concurrency": {"unknown": 1}}, rssi_unknown="100%", host="lenient"),
        "get no slot in their cell",
    ),
    "unknown_readings": (
        _world(strategy={"enforced_by": "platform", "when_unknown": "withhold"}, rssi_unknown="100%"),
        _world(strategy={"enforced_by": "platform", "when_unknown": "offer"}, rssi_unknown="100%"),
        "60 of the 60 devices in reach cannot read",
    ),
    "confirmed_after_the_end": (
        _manual({"uniform": ["0d", "30d"]}),
        _manual({"uniform": ["0d", "7d"]}),
        "in reach confirm after the end at 7 d",
    ),
    "timeouts_below_downloads": (
        _world({"timeouts": {"download": "5min"}}),
        _world({"timeouts": {"download": "1d"}}),
        "(nb-iot), without any failure",
    ),
    "timeouts_below_downloads, with the installation": (
        _world({"timeouts": {"in_progress": "2min"}}, host="lenient", rssi="-70dBm"),
        _world({"timeouts": {"in_progress": "3h"}}, host="lenient", rssi="-70dBm"),
        "is less than a download with its installation takes",
    ),
    "address_below_downloads": (
        _world({"address_lifetime": "5min"}),
        _world({"address_lifetime": "1d"}),
        "95 % of the downloads",
    ),
}


def _said(scenario, tmp_path):
    return " ".join(message for _, message in lint_fleet(_drawn(scenario, tmp_path)))


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_told_where_it_holds(name, tmp_path):
    meant, _, words = CASES[name]
    assert words in _said(meant, tmp_path)


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_not_told_where_it_does_not_hold(name, tmp_path):
    _, fine, words = CASES[name]
    assert words not in _said(fine, tmp_path)


OF_FILES = {"own_periods_at_other_hours"}
"""Needs a table, and has its cases in test_analysis_own_periods.py."""


def test_every_finding_has_a_case():
    assert {rule.__name__ for rule in FLEET_FINDINGS} - OF_FILES == {name.partition(",")[0] for name in CASES}


def test_devices_below_the_floor_of_the_reading_are_admitted_by_a_minimum_at_the_floor(tmp_path):
    scenario = _world({"timeouts": {"download": "1h"}}, rssi="-122dBm")
    assert "at -122 dBm" in _said(scenario, tmp_path)
    assert "-122" not in _said(
        scenario | {"plan": scenario["plan"] | {"strategy": {"min_signal": "-111dBm"}}}, tmp_path
    )


def test_devices_that_are_gone_or_not_targets_do_not_count(tmp_path):
    scenario = _world(strategy={"min_signal": "-90dBm"})
    scenario["fleet"]["groups"].append({"name": "near", "count": 60, "rssi": "-80dBm", "gone": "0%"})
    assert "admits" not in _said(scenario, tmp_path)
    scenario["plan"]["blacklist"] = {"where": 'group == "near"'}
    assert "admits nobody" in _said(scenario, tmp_path)


def test_sizes_of_waves_are_those_of_the_drawn_fleet(tmp_path, capsys):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(_world({"waves": [{"devices": {"ids": ["g-3", "g-4", "g-5"]}}, {}]})))
    assert exit_code(["validate", str(file), "--fleet"]) == 0
    assert "wave 1 of 2: 3 devices (5 % of the targets)" in capsys.readouterr().out


def test_a_condition_of_a_wave_is_checked_where_it_stands(tmp_path, capsys):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(_world({"waves": [{"devices": {"where": "rsi < -100dBm"}}, {}]})))
    assert exit_code(["validate", str(file)]) == 2
    assert "plan.rollout.waves[0].devices.where: no device has an attribute 'rsi'" in capsys.readouterr().err


def test_versions_that_are_left_out_by_a_list_are_not_told(tmp_path):
    scenario = _specified("1_0", {"1_0": "50%", "0_9": "50%"})
    scenario["plan"]["blacklist"] = {"where": 'firmware == "0_9"'}
    assert "never offered it" not in _said(scenario, tmp_path)


def test_versions_of_files_are_counted_too(tmp_path):
    (tmp_path / "f.csv").write_text("id,fw\na,1_0\nb,0_9\nc,0_8\n")
    scenario = _specified("1_0", {"1_0": "100%"})
    scenario["fleet"] = {"csv": [{"name": "f", "file": "f.csv", "columns": {"id": "id", "firmware": "fw"}}]}
    assert "2 of 3 devices that the plan is for run another" in _said(scenario, tmp_path)


def test_a_file_in_the_order_of_signals_has_as_many_slow_downloads_as_any_other(tmp_path):
    signals = ["-60"] * 1500 + ["-122"] * 500
    (tmp_path / "f.csv").write_text("\n".join(["id,rssi", *(f"d{k},{dBm}" for k, dBm in enumerate(signals))]))
    scenario = _world({"timeouts": {"download": "1h"}})
    scenario["fleet"] = {
        "csv": [{"name": "f", "file": "f.csv", "columns": {"id": "id", "rssi": "rssi"}, "mains": "100%", "gone": "0%"}]
    }
    assert "at -122 dBm (nb-iot), without any failure; 25" in _said(scenario, tmp_path)


def _joining(rollout, horizon, tmp_path):
    """Ten devices, and five that join after two minutes, drawn."""
    scenario = _world(rollout) | {"horizon": horizon}
    group = scenario["fleet"]["groups"][0]
    scenario["fleet"]["groups"] = [group | {"count": 10}, group | {"name": "later", "count": 5, "joins": "2min"}]
    return _drawn(scenario, tmp_path)


@pytest.mark.parametrize("minimum", [10, 11, 15, 16])
@pytest.mark.parametrize(("policy", "most"), [("last-wave", 15), ("at-once", 15), ("never", 10)])
@pytest.mark.parametrize("scope", ["plan", "wave"])
def test_a_minimum_is_out_of_reach_where_so_many_are_never_released(policy, most, minimum, scope, tmp_path):
    rule = {"share": "5%", "share_of": "targeted", "minimum": minimum, "scope": scope}
    rollout = {"late_joiners": policy, "abort": [rule], "waves": [{"count": 10}]}
    if scope == "wave" and policy == "at-once":
        most = 10  # these are in no wave
    drawn = _joining(rollout, "1d", tmp_path)
    assert bool([*abort_never_counts(drawn.facts)]) == (minimum > most)


@pytest.mark.parametrize("horizon_min", [9, 10, 11, 15, 16])
@pytest.mark.parametrize("policy", ["last-wave", "at-once", "never"])
@pytest.mark.parametrize("pacing", ["even", "pack"])
def test_a_rate_is_too_slow_where_a_run_leaves_somebody_in_line(policy, horizon_min, pacing, tmp_path):
    """A release in the very millisecond of the end is none."""
    rollout = {"late_joiners": policy, "rate": {"devices": 1, "pacing": pacing}}
    drawn = _joining(rollout, f"{horizon_min}min", tmp_path)
    record = run_replication(drawn.scenario, 0)
    in_line = 10 if policy != "last-wave" else 15  # the others come last in the fleet
    left = bool((record.devices["released_ms"][:in_line] < 0).any())
    assert bool([*rate_too_slow(drawn.facts)]) == left


def test_batteries_are_too_weak_where_a_run_has_brown_outs(tmp_path):
    drawn = _drawn(_trackers("0%"), tmp_path)
    devices = run_replication(drawn.scenario, 0).devices
    weak = too_weak(drawn)
    assert 10 < int(weak.sum()) < 100
    assert weak.tolist() == devices["cause"].is_one_of("battery brown-out during download").tolist()
