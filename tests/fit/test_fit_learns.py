"""A rollout whose truth is known, fitted blind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.histories.view import EVERYTHING, EXECUTIONS, LISTED, View
from fota_sim.learning.beside import beside
from fota_sim.learning.fitted import DRAWS, Fit
from fota_sim.learning.fitting import fit
from fota_sim.learning.trials import Trials
from fota_sim.learning.writing import fitted_text
from fota_sim.scenario.drawn import of_replication
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import varied, written

TEXT = """
# Twelve hours, says everybody
horizon: 4d
product: {model: {device_model: Meter, components: [{identifier: app, type: firmware}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: two.bin, size: 60kB}]}]
plan: {name: Everybody, packages: [two], strategy: {retries: 2}}
fleet:
  groups:
    - name: meters
      count: 400
      module: EC200U
      radio: nb-iot
      mains: 100%
      hardware: {A: 50%, B: 50%}
      rssi: {normal: {mean: -103dBm, sd: 10dB}, min: -128dBm, max: -70dBm}
      contact: {pattern: wake, every: 12h}
      gone: 8%
"""
TRUTH = {
    "fleet.groups.meters.gone": "16%",
    "fleet.groups.meters.contact.every": "20h",
    "radios.nb-iot.speed": 0.6,
    "radios.nb-iot.s50": "-119dBm",
    "modules.EC200U.verify_failure": "6%",
    "packages[0].defects": [{"name": "b", "where": 'hardware == "B"', "effect": "boot_failure", "probability": "12%"}],
}
SMALL = {"engine": "compiled", "workers": 1, "trials": 60}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return parse_scenario(TEXT, Path("meters.yaml"), [])


def log_of(scenario: Scenario, view: View, number: int = 7_000) -> Histories:
    return next(Trials(varied(scenario, TRUTH), "compiled", view, number=number).play([{}]))[0]


@pytest.fixture(scope="module")
def found(scenario: Scenario) -> Fit:
    return fit(log_of(scenario, EVERYTHING), scenario, **SMALL)


def test_the_truth_lies_in_the_intervals(found: Fit) -> None:
    learnt = {each.key: each for each in found.learned}
    truth = {
        "gone/meters": 0.16,
        "contact/meters": np.log(20 * 3600.0),
        "speed/nb-iot": np.log(0.6),
        "s50/nb-iot": -119.0,
        "verify/EC200U": 0.06,
        "rolled_back/B": 0.12,
    }
    for key, value in truth.items():
        low, high = learnt[key].interval
        assert low <= value <= high, key
        assert low < learnt[key].mean < high


def test_what_it_had_said_before_does_not_lie_in_them(found: Fit) -> None:
    learnt = {each.key: each for each in found.learned}
    for key, before in {"gone/meters": 0.08, "contact/meters": np.log(12 * 3600.0), "speed/nb-iot": 0.0}.items():
        low, high = learnt[key].interval
        assert not low <= before <= high, key


def test_what_was_never_seen_has_an_upper_end_and_not_zero(found: Fit) -> None:
    silent = next(each for each in found.learned if each.key.startswith("silent"))
    assert found.histories.counts()[End.BRICKED] == 0
    assert silent.upper_end
    assert silent.interval[0] == 0.0 < silent.mean < silent.interval[1] < 0.05


def test_hardware_that_does_not_boot_is_told_from_the_other(found: Fit) -> None:
    learnt = {each.key: each for each in found.learned}
    assert learnt["rolled_back/A"].interval[1] < learnt["rolled_back/B"].interval[0] + 0.05
    assert learnt["rolled_back/A"].mean < 0.3 * learnt["rolled_back/B"].mean


def test_the_same_log_gives_the_same_draws(found: Fit, scenario: Scenario) -> None:
    again = fit(log_of(scenario, EVERYTHING), scenario, **{**SMALL, "workers": 2})
    assert again.draws == found.draws
    assert all(len(values) == DRAWS for values in again.draws.values())


def test_the_fitted_scenario_keeps_comments_and_plays_other_values_in_each_replication(
    found: Fit, tmp_path: Path
) -> None:
    text = fitted_text(found, _written(tmp_path), tmp_path)
    assert "# Twelve hours, says everybody" in text
    assert "#   gone for good, meters: " in text
    fitted = parse_scenario(text, tmp_path / "fitted.yaml", [])
    assert fitted.learnt is not None
    assert fitted.learnt.draws == found.draws
    shares = {written(of_replication(fitted, k), "fleet.groups.meters.gone") for k in range(5)}
    assert len(shares) == 5
    assert written(fitted, "radios.nb-iot.speed") == pytest.approx(0.6, abs=0.05)
    names = [each.name for each in fitted.packages[0].defects]
    assert names == ["learnt-rolled_back-A", "learnt-rolled_back-B", "learnt-silent-A", "learnt-silent-B"]


def test_a_fitted_scenario_can_be_fitted_again(found: Fit, tmp_path: Path) -> None:
    file = _written(tmp_path)
    file.write_text(fitted_text(found, file, tmp_path), encoding="utf-8")
    again = parse_scenario(fitted_text(found, file, tmp_path), file, [])
    assert again.learnt is not None
    assert again.learnt.draws == found.draws


def test_the_fitted_simulation_explains_its_log(found: Fit) -> None:
    compared = beside(found, workers=1)
    assert compared.outside < 0.2
    assert compared.ends[End.SUCCEEDED].inside
    assert compared.took[0.5].inside
    assert compared.log[-1] == pytest.approx(found.histories.counts()[End.SUCCEEDED] / 400)


def test_a_log_that_hides_attempts_says_that_it_cannot_tell_installations(scenario: Scenario) -> None:
    hidden = fit(log_of(scenario, EXECUTIONS), scenario, **{**SMALL, "trials": 30})
    why = {each.name: each.why for each in hidden.kept}
    assert "hides attempts" in why["installation that fails, per attempt, EC200U"]
    assert "no word" in why["devices that never report again with the new firmware"]
    assert {"gone/meters", "contact/meters", "speed/nb-iot"} <= {each.key for each in hidden.learned}


def test_a_window_that_ends_too_soon_does_not_tell_late_from_never(scenario: Scenario) -> None:
    short = log_of(scenario, LISTED).until
    early = short(log_of(scenario, LISTED).began_s + 12 * 3600.0)
    found = fit(early, scenario, **{**SMALL, "trials": 24})
    assert "last fifth" in {each.name: each.why for each in found.kept}["gone for good, meters"]


def test_cancelled_devices_are_censored_and_not_failed(scenario: Scenario) -> None:
    """Half of the devices that were not reached within a day are cancelled: the share gone is hardly other for it."""
    log = log_of(scenario, EVERYTHING)
    frame = log.frame.copy()
    late = ~(frame["contact_s"] < log.began_s + 86_400.0)
    chosen = late & (np.arange(len(frame)) % 2 == 0)
    for name in ("contact_s", "download_s", "downloaded_s"):
        frame.loc[chosen, name] = np.nan
    frame.loc[chosen, "ended"] = str(End.CANCELLED)
    frame.loc[chosen, ["ended_s", "seen_s"]] = log.began_s + 86_400.0
    cut = Histories(frame, log.platform, log.began_s, log.until_s, log.targeted, False, log.left_out, log.view)
    found = fit(cut, scenario, **{**SMALL, "trials": 24})
    gone = next(each for each in found.learned if each.key == "gone/meters")
    assert gone.interval[0] <= 0.16 <= gone.interval[1]
    rates = found.rates["failed, of those with a result"]["all"][0]
    assert rates.n <= len(frame) - int(chosen.sum())


def _written(folder: Path) -> Path:
    file = folder / "meters.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield
