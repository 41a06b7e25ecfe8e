"""The plan linter: each finding is told where it holds, and only there."""

import json

import lint_cases_cells
import lint_cases_clocks
import lint_cases_conditions
import lint_cases_faults
import lint_cases_gates
import lint_cases_limits
import lint_cases_links
import lint_cases_presets
import lint_cases_prices
import lint_cases_reach
import lint_cases_retries
import lint_cases_sleep
import lint_cases_timeouts
import lint_cases_unread
import lint_cases_versions
import lint_cases_wave_order
import lint_cases_waves
import lint_cases_windows
import pytest
from lint_world import MAINTENANCE, QUIET, WAKES, group, quiet, rollout, said, world

from fota_sim.cli.main import exit_code
from fota_sim.scenario.lint import FINDINGS, facts_of, lint, warnings
from fota_sim.scenario.lint.waves import as_lines, sizes
from fota_sim.scenario.loader import load_located
from fota_sim.scenario.release import released_after_s
from fota_sim.scenario.rollout import Rate

OF_MODULES = (
    lint_cases_cells,
    lint_cases_clocks,
    lint_cases_conditions,
    lint_cases_faults,
    lint_cases_gates,
    lint_cases_limits,
    lint_cases_links,
    lint_cases_presets,
    lint_cases_prices,
    lint_cases_reach,
    lint_cases_retries,
    lint_cases_sleep,
    lint_cases_timeouts,
    lint_cases_unread,
    lint_cases_versions,
    lint_cases_wave_order,
    lint_cases_waves,
    lint_cases_windows,
)
CASES = {name: case for module in OF_MODULES for name, case in module.CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_told_where_it_holds(name, tmp_path):
    meant, _, path, words = CASES[name]
    assert words in said(meant, tmp_path).get(path, "")


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_not_told_where_it_does_not_hold(name, tmp_path):
    _, fine, path, words = CASES[name]
    assert words not in said(fine, tmp_path).get(path, "")


@pytest.mark.parametrize(
    ("preset", "parts", "path", "words"),
    [
        ("aws-iot-jobs", {"rate": {"devices": 20, "every": "1s"}}, "rate.devices", "1,200 a minute"),
        ("aws-iot-jobs", {"rate": {"devices": 0.5}}, "rate.devices", "0.5 a minute"),
        ("aws-iot-jobs", {"rate": {"devices": 9, "factor": 5.1, "step": 1}}, "rate.factor", "5.1"),
        ("aws-iot-jobs", {"rate": {"devices": 9, "factor": 2, "step": 9, "cap": 2000}}, "rate.cap", "2,000 a minute"),
        ("aws-iot-jobs", {"timeouts": {"in_progress": "30s"}}, "timeouts.in_progress", "30 s"),
        ("aws-iot-jobs", {"retry": [{"count": 11}]}, "retry[0].count", "up to 10 retries"),
        ("aws-iot-jobs", {"retry": [{"on": ["timeout"], "count": 6}, {"count": 5}]}, "retry", "11"),
        ("aws-iot-jobs", {"abort": [{"share": "0.123%", "action": "cancel"}]}, "abort[0].share", "0.123%"),
        ("aws-iot-jobs", {"abort": [{"share": "1%"}]}, "abort[0].action", "pause"),
        ("aws-iot-jobs", {"maintenance": {"hours": "00:00-23:55"}}, "maintenance.hours", "1435 min"),
        ("nerveshub", {"penalty_box": {"failures": 2, "lasts": "59min"}}, "penalty_box.lasts", "59 min"),
        ("alibaba", {"rate": {"devices": 9}}, "rate.devices", "9 a minute"),
        ("alibaba", {"timeouts": {"in_progress": "2d"}}, "timeouts.in_progress", "2880 min"),
        ("alibaba", {"retry": [{"count": 3, "delay": "10min"}]}, "retry[0].count", "1, 2 or 5"),
        ("alibaba", {"retry": [{"count": 2, "delay": "5min"}]}, "retry[0].delay", "5 min"),
    ],
)
def test_each_limit_of_a_presets_system_is_told(preset, parts, path, words, tmp_path):
    assert words in said(world(preset=preset, rollout=parts), tmp_path)[f"plan.rollout.{path}"]


@pytest.mark.parametrize("contact", [{}, {"pattern": "wake", "every": "24h"}])
def test_hours_that_never_come_are_told_of_the_hours_and_of_nobody_who_misses_them(contact, tmp_path):
    told = said(group(rollout(maintenance={"hours": "01:00-02:00", "month_days": [31]}), contact=contact), tmp_path)
    assert "never comes" in told["plan.rollout.maintenance.hours"]
    assert [path for path in told if "contact" in path] == []


def test_windows_that_never_meet_are_told_unless_hosts_ask(tmp_path):
    apart = world(push_period="08:00-18:00", rollout={"maintenance": MAINTENANCE})
    assert "never open together" in said(quiet(apart), tmp_path)["plan.rollout.maintenance.hours"]
    assert "plan.rollout.maintenance.hours" not in said(apart, tmp_path)


@pytest.mark.parametrize(
    "meets",
    [
        {"scenario": group(world(), contact=WAKES)},
        {"scenario": group(QUIET, contact=WAKES | {"every": "1445min"})},
        {"scenario": group(QUIET, contact=WAKES | {"jitter": "20min"})},
        {"scenario": group(QUIET | {"plan": {"packages": ["p"], "push_grid": "0s"}}, contact=WAKES)},
    ],
    ids=["asks", "moves along the grid", "is late by chance", "without a grid"],
)
def test_sleepers_that_ask_or_meet_a_push_some_day_are_not_warned_of(meets, tmp_path):
    assert "fleet.groups[0].contact" not in said(meets["scenario"], tmp_path)


def test_every_finding_has_a_case_among_those_of_its_module():
    ours = {(rule.__module__.rpartition(".")[2], rule.__name__) for rule in FINDINGS}
    theirs = {
        (module.__name__.removeprefix("lint_cases_"), name.partition(",")[0])
        for module in OF_MODULES
        for name in module.CASES
    }
    assert ours == theirs | {("windows", "never_both_open")}


def test_nothing_is_said_of_a_plan_with_nothing_but_defaults(tmp_path):
    assert said(world(), tmp_path) == {}


@pytest.mark.parametrize(
    "preset", ["quecthing", "aws-iot-jobs", "hawkbit", "mender", "nerveshub", "huawei-nbiot", "alibaba"]
)
def test_nothing_is_said_of_how_a_real_system_is_set(preset, tmp_path):
    assert said(world(preset=preset), tmp_path) == {}


def test_sizes_of_waves_are_told_as_they_come_out(tmp_path):
    waves = [{"name": "canary", "share": "1%"}, {"share": "50%", "share_of": "rest"}, {"count": 1}, {}]
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(rollout(waves=waves)))
    facts = facts_of(*load_located(file))
    assert sizes(facts) == [[4], [198], [1], [197]]
    assert as_lines(facts, [4, 198, 1, 197], 400)[0] == "wave 1 of 4 (canary): 4 devices (1 % of the targets)"


def test_sizes_that_only_a_draw_can_tell_are_not_guessed(tmp_path):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(rollout(waves=[{"devices": {"where": "rssi > -80dBm"}}, {}])))
    assert sizes(facts_of(*load_located(file))) is None


def test_a_ramp_takes_as_long_as_its_steps():
    ramp = Rate.model_validate({"devices": 50, "every": "1min", "factor": 2, "step": 1000, "cap": 1000})
    assert released_after_s(ramp, 10_000) == 43.75 * 60


def test_a_warning_stands_where_the_mistake_is_written(tmp_path):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(rollout(concurrency={"devices": 400}), indent=1))
    scenario, document = load_located(file)
    facts = facts_of(scenario, document)
    (warning,) = warnings([finding for rule in FINDINGS for finding in rule(facts)], document)
    assert '"devices": 400' in file.read_text().splitlines()[warning.line - 1]


@pytest.mark.parametrize(("option", "code"), [((), 0), (("--strict",), 2)])
def test_warnings_end_with_0_and_with_2_if_strict(option, code, tmp_path, capsys):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(rollout(concurrency={"devices": 400})))
    assert exit_code(["validate", str(file), *option]) == code
    out, err = capsys.readouterr()
    assert "ok: 400 devices" in out
    assert "plan.rollout.concurrency.devices: 400 slots" in err
    assert "1 warning; the scenario can be run all the same." in err


def test_what_is_written_over_a_preset_is_told(tmp_path):
    scenario = world(preset="mender", rollout={"retry": [{"on": ["download"], "count": 10}]})
    assert "max_download_failures" in said(scenario, tmp_path)["plan.rollout.retry[0].count"]


def test_a_minimum_that_is_written_to_let_everybody_through_is_no_mistake(tmp_path):
    assert said(world(strategy={"min_signal": "-113dBm", "min_battery": "0%"}), tmp_path) == {}


# what is said over a preset's part is laid over it in a file, and takes its place on the command line
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "preset" not in case[0]["plan"]])
def test_a_plan_from_the_command_line_is_looked_at_like_one_in_a_file(name, tmp_path):
    scenario = CASES[name][0]
    parts = {key: value for key, value in scenario["plan"].items() if key not in ("packages", "preset")}
    file = tmp_path / "bare.yaml"
    bare = {key: value for key, value in scenario["plan"].items() if key not in parts}
    file.write_text(json.dumps(scenario | {"plan": bare}))
    loaded, document = load_located(file, [f"plan.{key}={json.dumps(value)}" for key, value in parts.items()])
    found = {each.path: each.message for each in warnings(lint(facts_of(loaded, document)), document)}
    assert found == said(scenario, tmp_path)
