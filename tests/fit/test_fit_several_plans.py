"""The log of one of two plans, fitted while the other is played beside it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import fota_sim as fs
from fota_sim.engines.compiled.run import run_replication
from fota_sim.errors import FotaSimError
from fota_sim.histories.results import start_s
from fota_sim.histories.table import Histories
from fota_sim.histories.view import EVERYTHING, EXECUTIONS, View
from fota_sim.learning.fitted import Fit
from fota_sim.learning.fitting import fit
from fota_sim.learning.logs import read_log
from fota_sim.learning.told import told
from fota_sim.learning.trials import Trials, as_long_as
from fota_sim.learning.writing import fitted_text
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import varied

TEXT = """
name: two
horizon: 3d
product: {name: Meter, model: {name: Meter, components: [{identifier: app, type: firmware}]}}
products: [{name: Tracker, pk: p11t, model: {name: Tracker, components: [{identifier: track, type: firmware}]}}]
packages:
  - {name: two, component: app, product: Meter, target_version: "2_0", files: [{name: two.bin, size: 60kB}]}
  - {name: big, component: track, product: Tracker, target_version: "2_0", files: [{name: big.bin, size: 3MB}]}
plans:
  trackers: {product: Tracker, packages: [big], starts: 6h}
  meters: {packages: [two], starts: 6h, strategy: {retries: 2}, operator: [{at: 60h, do: terminate}]}
network: {server: {egress: 80kbit/s}}
fleet:
  groups:
    - {name: meters, count: 300, module: EC200U, radio: nb-iot, mains: 100%, gone: 8%,
       rssi: {normal: {mean: -103dBm, sd: 10dB}, min: -128dBm, max: -70dBm}, contact: {pattern: wake, every: 12h}}
    - {name: trackers, count: 60, module: EC200U, product: Tracker, mains: 100%, gone: 0%}
"""
TRUTH = {
    "fleet.groups.meters.gone": "16%",
    "fleet.groups.meters.contact.every": "16h",
    "radios.nb-iot.speed": 1.4,
}
SMALL = {"engine": "compiled", "workers": 1, "trials": 40}


@pytest.fixture(scope="module")
def two() -> Scenario:
    return parse_scenario(TEXT, Path("two.yaml"), [])


def log_of(scenario: Scenario, plan: str, view: View = EVERYTHING) -> Histories:
    return next(Trials(varied(scenario, TRUTH), "compiled", view, plan=plan, number=7_000).play([{}]))[0]


@pytest.fixture(scope="module")
def found(two: Scenario) -> Fit:
    return fit(log_of(two, "meters"), two, plan="meters", **SMALL)


def intervals(found: Fit) -> dict[str, tuple[float, float]]:
    return {each.key: each.interval for each in found.learned}


def test_the_truth_lies_in_the_intervals_and_what_the_scenario_said_does_not(found: Fit) -> None:
    seen = intervals(found)
    for key, truth, before in (
        ("gone/meters", 0.16, 0.08),
        ("contact/meters", np.log(16 * 3600.0), np.log(12 * 3600.0)),
        ("speed/nb-iot", np.log(1.4), 0.0),
    ):
        low, high = seen[key]
        assert low <= truth <= high, key
        assert not low <= before <= high, key
    assert {key.partition("/")[2] for key in seen if key.startswith(("gone", "contact"))} == {"meters"}


def test_what_the_other_plan_takes_of_the_server_is_not_laid_to_the_radio(two: Scenario, found: Fit) -> None:
    """Trackers download for seven hours beside the meters; without them a slower radio would have to do it."""
    alone = varied(two, {"fleet.groups.trackers.count": 1})
    low, high = intervals(fit(log_of(two, "meters"), alone, plan="meters", **SMALL))["speed/nb-iot"]
    assert high < np.log(1.4)
    beside = intervals(found)["speed/nb-iot"]
    assert beside[0] <= np.log(1.4) <= beside[1]
    assert low < beside[0]


def test_what_holds_for_the_other_plan_too_is_told(found: Fit) -> None:
    shared = {each["key"]: each.get("plans_too") for each in told(found)["learnt"]}
    assert shared["verify/EC200U"] == ["trackers"]
    assert shared["gone/meters"] is shared["speed/nb-iot"] is None
    assert told(found)["plan"] == "meters"


def test_the_log_begins_when_its_plan_does(two: Scenario) -> None:
    log = log_of(two, "meters")
    assert log.began_s == start_s(two) + 6 * 3600.0
    assert len(log) == 300
    assert set(log.frame["group"]) == {"meters"}
    assert log.seconds("offered_s").min() == 0.0
    assert as_long_as(log, two, "meters") == two.horizon


def test_what_comes_in_other_plans_after_the_log_is_no_mistake(two: Scenario) -> None:
    """The operator ends the plan after 60 hours, and the log is of the first ten."""
    early = log_of(two, "trackers").until(start_s(two) + 10 * 3600.0)
    lasts_s = as_long_as(early, two, "trackers")
    assert lasts_s == 10 * 3600.0
    trials = Trials(two, "compiled", EVERYTHING, plan="trackers", lasts_s=lasts_s)
    [(simulated, _)] = trials.play([{"fleet.groups.trackers.gone": "10%"}])
    assert simulated.until_s == early.until_s
    assert len(simulated) == 60


def test_the_fitted_scenario_has_all_plans_and_is_played(two: Scenario, found: Fit, tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TEXT, encoding="utf-8")
    text = fitted_text(found, file, tmp_path)
    assert text.startswith("# Fitted to a result of fota-sim: 300 devices of plan meters,")
    fitted = parse_scenario(text, tmp_path / "fitted.yaml", [])
    assert fitted.learnt is not None
    assert fitted.learnt.draws == found.draws
    assert fitted.learnt.source == "a result of fota-sim, plan meters"
    few = varied(fitted, {"fleet.groups.meters.count": 30, "fleet.groups.trackers.count": 5})
    came = run_replication(few, 0).devices["plan"]
    assert sorted(came.used()) == ["meters", "trackers"]


def test_a_platforms_log_of_one_plan_names_its_devices_alone(two: Scenario) -> None:
    log = log_of(two, "trackers", EXECUTIONS)
    assert set(log.frame["group"]) == {"trackers"}
    assert log.targeted == 60


def test_without_a_name_the_plans_are_listed(two: Scenario) -> None:
    with pytest.raises(FotaSimError, match=r"two has several \(trackers, meters\); say which by --plan trackers"):
        fit(log_of(two, "meters"), two, **SMALL)


@pytest.mark.parametrize(("asked", "said"), [("metres", "did you mean 'meters'"), ("x", "meters, trackers")])
def test_a_plan_that_is_not_there_is_told(two: Scenario, asked: str, said: str) -> None:
    with pytest.raises(FotaSimError, match=f"two has no plan '{asked}'.*{said}"):
        fit(log_of(two, "meters"), two, plan=asked, **SMALL)


def test_the_log_of_another_plan_is_told_by_its_devices(two: Scenario) -> None:
    with pytest.raises(FotaSimError, match="300 of 300 devices in the log are none that plan trackers takes"):
        fit(log_of(two, "meters"), two, plan="trackers", **SMALL)


def test_with_one_plan_its_name_changes_nothing_and_another_is_told() -> None:
    head, _, rest = TEXT.partition("plans:\n")
    network = rest[rest.index("network:") :]
    one = parse_scenario(f"{head}plan: {{name: Meters, packages: [two]}}\n{network}", Path("one.yaml"), [])
    one = varied(one, {"fleet.groups.meters.count": 60, "fleet.groups.trackers.count": 5})
    log = next(Trials(one, "compiled", EVERYTHING, number=7_000).play([{}]))[0]
    few = {**SMALL, "trials": 20}
    without, named = fit(log, one, **few), fit(log, one, plan="Meters", **few)
    assert json.dumps(told(named)) == json.dumps(told(without))
    assert named.draws == without.draws
    assert "plan" not in told(named)
    with pytest.raises(FotaSimError, match="two has no plan 'meters', but one that is called 'Meters'"):
        fit(log, one, plan="meters", **few)


def test_a_result_is_read_as_the_log_of_one_of_its_plans(two: Scenario, tmp_path: Path) -> None:
    few = {"fleet.groups.meters.count": 20, "fleet.groups.trackers.count": 5}
    file = tmp_path / "two.yaml"
    file.write_text(TEXT, encoding="utf-8")
    was = fs.run(fs.load(file), overrides=few, replications=1, out=tmp_path / "results", engine="reference")
    assert was.folder is not None
    read = {plan: read_log([was.folder], two, plan=plan) for plan in ("meters", "trackers")}
    assert {plan: len(log) for plan, log in read.items()} == {"meters": 20, "trackers": 5}
    assert read["trackers"].frame["size_B"].unique() == [3_000_000.0]
