"""The compiled engine and the reference engine leave the same record, to the last bit.

``FOTA_SIM_TWINS=2000 pytest tests/engines/test_engine_twins.py`` plays that many random scenarios instead of a few;
``benchmarks/twins.py`` hunts for longer and makes what it finds small.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from scenarios_strategy import Drawn, scenarios, seeded

from fota_sim.engines.compiled import run as compiled
from fota_sim.engines.reference import run as reference
from fota_sim.engines.twins import describe, play_both
from fota_sim.experiment.transcripts import plan_log_text, transcript_files
from fota_sim.scenario.document import load_document
from fota_sim.scenario.loader import load_scenario, parse_scenario
from fota_sim.scenario.model import Scenario


def strategies_of(path: Path) -> list[str]:
    """Names of a scenario's strategies."""
    return list(load_document(path).data.get("strategies") or ())


SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(SCENARIOS.glob("*.yaml"))
STRATEGIES = [(path, name) for path in sorted(SCENARIOS.rglob("*.yaml")) for name in strategies_of(path)]
FOUND = sorted((Path(__file__).parent / "found").glob("*.json"))
RANDOM = int(os.environ.get("FOTA_SIM_TWINS", "60"))
_DEVICES = 200  # of a shipped scenario
_FEW_DEVICES = 60  # of each of its strategies


def assert_agree(scenario: Scenario, text: str = "") -> None:
    """Both engines leave the same record of every replication."""
    for replication in range(scenario.replications):
        found = play_both(scenario, replication, reference.run_replication, compiled.run_replication)
        assert not found, f"{text}\nreplication {replication}\n{describe(found, 'reference', 'compiled')}"


def smaller(path: Path, devices: int = _DEVICES) -> list[str]:
    """Overrides that cut a shipped scenario to so many devices, one replication, and all events kept."""
    groups = load_scenario(path).fleet.groups
    total = max(1, sum(group.count for group in groups))
    counts = [min(group.count, max(1, group.count * devices // total)) for group in groups]
    cut = [f"fleet.groups[{k}].count={count}" for k, count in enumerate(counts)]
    return [*cut, "replications=1", "keep={events: true, transcripts: 5}"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_engines_agree_on_the_shipped_scenarios(path: Path) -> None:
    assert_agree(load_scenario(path, smaller(path)))


@pytest.mark.parametrize(("path", "strategy"), STRATEGIES, ids=lambda part: getattr(part, "stem", part))
def test_engines_agree_on_every_strategy_of_the_library(path: Path, strategy: str) -> None:
    assert_agree(load_scenario(path, smaller(path, _FEW_DEVICES), strategy))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_dialogues_are_the_same_files_byte_for_byte(path: Path) -> None:
    scenario = load_scenario(path, [*smaller(path), "keep.events=false"])
    start = scenario.start.replace(tzinfo=ZoneInfo(scenario.time_zone))
    records = [engine.run_replication(scenario, 0) for engine in (reference, compiled)]
    files, other = (dict(transcript_files(record, start, scenario.name)) for record in records)
    assert len(files) >= 2
    assert files == other
    logs = [plan_log_text(record.plan_log, record.replication, start, "x") for record in records]
    assert logs[0] == logs[1]


@pytest.mark.parametrize("seed", range(RANDOM * 3 // 4))
def test_engines_agree_on_a_random_scenario(seed: int) -> None:
    one = seeded(seed)
    with one.scenario() as scenario:
        assert_agree(scenario, str(one))


@settings(max_examples=max(1, RANDOM // 4), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenarios())
def test_engines_agree_on_scenarios_that_shrink(one: Drawn) -> None:
    with one.scenario() as scenario:
        assert_agree(scenario, str(one))


CHATTY = """
name: chatty
horizon: 6h
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}]
plan: {packages: [two]}
radios: {slow: {extends: nb-iot, segments: 1, rssi: -112dBm, rssi_sd: 0dB}}
fleet:
  groups:
    - {name: meters, count: 2, module: BC66, radio: slow, mains: 100%, gone: 0%, churn: 0%, contact: {spread: 0s}}
protocol: {progress_interval: 10ms}
keep: {events: true, transcripts: 2}
"""
"""One segment of some minutes says 7,10702 a hundred times a second, all at its end."""


def test_more_lines_in_one_event_than_there_is_room_for_are_all_kept() -> None:
    assert_agree(parse_scenario(CHATTY))


LONG_VERSION = "v" * 60
SAID_WRONG = f"""
name: said-wrong
product: {{model: {{components: [{{identifier: app}}, {{identifier: STM32, type: mcu}}]}}}}
packages:
  - name: two
    component: STM32
    target_version: "{LONG_VERSION}"
    files: [{{name: stm32.bin, size: 20kB}}]
    defects: [{{name: wrong, effect: wrong_version, probability: 50%}}]
plan: {{packages: [two], push: false}}
fleet:
  groups:
    - {{name: meters, count: 12, module: EC200U, rssi: -70dBm, mains: 100%, gone: 0%, churn: 0%,
       contact: {{spread: 0s}}, mcu: {{STM32: {{"1_0": 100%}}}}}}
keep: {{events: true, transcripts: 12}}
"""
"""A version that AT+QIOTMCUVER does not take, of 66 characters; one with quotes is refused with the scenario."""


def test_versions_that_a_module_does_not_take_are_errors_in_both() -> None:
    assert_agree(parse_scenario(SAID_WRONG))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_engines_agree_on_what_they_once_played_differently(path: Path) -> None:
    assert_agree(load_scenario(path))


RELEASED_EARLY = """
name: released-early
horizon: 2h
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 90kB}]}]
plan: {packages: [two], push_grid: 0s, rollout: {waves: [{}], timeouts: {online: 1h}}, strategy: {retries: 0}}
radios: {slow: {extends: lte-cat1, connect: 25min, gone: 0%, churn: 0%}}
hosts: {quiet: {extends: careful, asks: false, command_time: 20min}}
fleet:
  groups:
    - {name: boards, count: 40, module: EC200U, radio: slow, host: quiet, mains: 100%, rssi: -60dBm,
       contact: {pattern: always, spread: 2h}}
keep: {events: true}
"""
"""All are released at once; who is not online within the hour is given up, many before they are first in contact."""


def test_a_device_that_ended_before_its_first_contact_was_due_does_not_begin_anew() -> None:
    assert_agree(parse_scenario(RELEASED_EARLY))


def test_the_compiled_engine_as_plain_python_leaves_the_same_record() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests/engines')\n"
        "from test_engine_twins import assert_agree, load_scenario, smaller, SHIPPED\n"
        "from fota_sim.rules.compiled import COMPILED\n"
        "assert not COMPILED\n"
        "for path in SHIPPED:\n"
        "    if path.stem in ('vendor_page', 'stm32_sota', 'csv_fleet'):\n"
        "        assert_agree(load_scenario(path, smaller(path, 60)))\n"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "FOTA_SIM_RULES": "python"},
        check=True,
    )
