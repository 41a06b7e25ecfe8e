"""Before work that takes long, commands say how much of the fleet is played, why, and what can be typed instead."""

import re
import shlex

import pytest
from typer.testing import CliRunner

from fota_sim.analysis.run.replications import AFFORDED
from fota_sim.analysis.tune.question import question
from fota_sim.analysis.tune.verdict import fresh_replications
from fota_sim.cli.long_work import tell_design, tell_fit, tell_forecast, tell_search
from fota_sim.cli.main import app
from fota_sim.engines.choice import device_count
from fota_sim.scenario.loader import load_scenario

SCENARIO = """
horizon: 1h
product: {model: {device_model: Meter, components: [{identifier: app, type: firmware}]}}
packages: [{name: app-2, component: app, target_version: "2_0", files: [{name: app-2.bin, size: 100kB}]}]
plan: {name: P, packages: [app-2]}
fleet:
"""
FROM_FILE = "  csv: [{name: meters, file: meters.csv, columns: {id: device}, module: BC66, gone: 100%}]\n"
FROM_GROUP = "  groups: [{name: meters, count: 40000, cells: 400, module: BC66, gone: 100%}]\n"
KNOB = "plan.strategy.retries=0..5"


@pytest.fixture
def written(tmp_path):
    (tmp_path / "meters.csv").write_text("device\n" + "".join(f"m{k}\n" for k in range(40_000)), encoding="utf-8")

    def write(fleet):
        path = tmp_path / "my.yaml"
        path.write_text(SCENARIO + fleet, encoding="utf-8")
        return path

    return write


def asked(path, overrides=(), knob=KNOB, trials=None):
    return question((path, overrides, None), [knob], ((), ()), [], (trials, None, 4), "tpe", 1, None)


def told_of_search(what, capsys, trials=None):
    tell_search(what, trials, fresh_replications(what))
    return capsys.readouterr().err


def test_a_search_of_a_file_says_that_all_are_played_and_what_it_proposes_can_be_typed(written, capsys):
    path = written(FROM_FILE)
    what = asked(path)
    told = told_of_search(what, capsys)
    assert told.startswith("Each of up to 210 rollouts plays all 40,000 devices, for rows of a file may stand in an ")
    (override,) = re.findall(r"--set (\S+)", told)
    (trials,) = re.findall(r"--trials (\d+)", told)
    (rows,) = re.findall(r"the first ([\d,]+) rows", told)
    part = asked(path, [override])
    assert part.scenario.fleet.csv[0].limit == int(rows.replace(",", ""))
    assert part.trials * part.replications * part.scenario.fleet.csv[0].limit <= AFFORDED
    fewer = asked(path, trials=int(trials))
    assert fewer.trials * fewer.replications < what.trials * what.replications


def test_nothing_is_said_where_a_part_answers_or_the_whole_is_soon_played(written, capsys):
    assert told_of_search(asked(written(FROM_GROUP)), capsys) == ""
    assert told_of_search(asked(written(FROM_FILE), ["fleet.csv[0].limit=2000"]), capsys) == ""


def test_a_knob_that_devices_share_is_named_and_no_rows_are_proposed_for_it(written, capsys):
    told = told_of_search(asked(written(FROM_GROUP), knob="network.server.connections=10..1000"), capsys)
    assert "for network.server.connections is turned, which they share." in told
    assert "--set" not in told


def test_a_fleet_of_one_cell_is_said_to_share_what_cannot_be_made_smaller(written, capsys):
    told = told_of_search(asked(written(FROM_GROUP.replace("cells: 400, ", ""))), capsys)
    assert "for what they share, made smaller with them, would be no whole number. Less work: --trials 16." in told


def test_a_rollout_that_goes_by_shares_of_devices_is_the_reason_that_is_told(written, capsys):
    path = written(FROM_GROUP)
    rules = "rollout: {abort: [{share: 5%}]}"
    path.write_text(path.read_text().replace("packages: [app-2]}", f"packages: [app-2], {rules}}}"))
    assert "stops or goes on by shares of devices" in told_of_search(asked(path), capsys)


@pytest.mark.parametrize(
    ("tell", "option", "usual"), [(tell_fit, "--trials", 80), (tell_forecast, "--members", 60)], ids=["fit", "forecast"]
)
def test_a_fit_and_a_forecast_of_many_devices_say_how_often_all_are_played(written, capsys, tell, option, usual):
    scenario = load_scenario(written(FROM_GROUP))
    tell(scenario, None)
    told = capsys.readouterr().err
    assert "plays all 40,000 devices" in told
    assert shlex.split(told.rstrip(".\n"))[-2:] == [option, str(usual // 2)]
    small = load_scenario(written(FROM_GROUP), ["fleet.groups[0].count=2000"])
    tell(small, None)
    assert capsys.readouterr().err == ""


def test_a_design_of_many_points_says_it_too(written, capsys):
    scenario = load_scenario(written(FROM_FILE))
    assert device_count(scenario) == 40_000
    tell_design(scenario, 123, 5)
    told = capsys.readouterr().err
    assert told.startswith("Each of up to 615 rollouts plays all 40,000 devices")
    (override,) = re.findall(r"--set (\S+)", told)
    assert load_scenario(written(FROM_FILE), [override]).fleet.csv[0].limit == 3200


def test_the_command_says_it_before_it_searches_and_is_quiet_if_asked(written, tmp_path):
    command = ["tune", str(written(FROM_FILE)), "--knob", KNOB, "--trials", "12", "--replications", "8", "--fresh", "5"]
    command += ["--workers", "1", "--out", str(tmp_path / "tuning")]
    shown = CliRunner().invoke(app, command)
    assert "Each of up to 149 rollouts plays all 40,000 devices" in shown.stderr
    assert "--trials 6" in shown.stderr
    assert "Each of" not in CliRunner().invoke(app, [*command, "--resume", "--quiet"]).stderr
