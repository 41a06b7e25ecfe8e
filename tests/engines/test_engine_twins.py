"""The compiled engine and the reference engine leave the same record, to the last bit.

``FOTA_SIM_TWINS=2000 pytest tests/engines/test_engine_twins.py`` plays that many random scenarios instead of a few;
``benchmarks/twins.py`` hunts for longer and makes what it finds small.
"""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from scenarios_strategy import scenario_texts, seeded_text

from fota_sim.engines.compiled import run as compiled
from fota_sim.engines.reference import run as reference
from fota_sim.engines.twins import describe, play_both
from fota_sim.experiment.transcripts import plan_log_text, transcript_files
from fota_sim.scenario.loader import load_scenario, parse_scenario
from fota_sim.scenario.model import Scenario

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
RANDOM = int(os.environ.get("FOTA_SIM_TWINS", "60"))
_DEVICES = 200  # of a shipped scenario


def assert_agree(scenario: Scenario, text: str = "") -> None:
    """Both engines leave the same record of every replication."""
    for replication in range(scenario.replications):
        found = play_both(scenario, replication, reference.run_replication, compiled.run_replication)
        assert not found, f"{text}\nreplication {replication}\n{describe(found, 'reference', 'compiled')}"


def smaller(path: Path) -> list[str]:
    """Overrides that cut a shipped scenario to so many devices, one replication, and all events kept."""
    groups = load_scenario(path).fleet.groups
    total = max(1, sum(group.count for group in groups))
    counts = [min(group.count, max(1, group.count * _DEVICES // total)) for group in groups]
    cut = [f"fleet.groups[{k}].count={count}" for k, count in enumerate(counts)]
    return [*cut, "replications=1", "keep={events: true, transcripts: 5}"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_engines_agree_on_the_shipped_scenarios(path: Path) -> None:
    assert_agree(load_scenario(path, smaller(path)))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_dialogues_are_the_same_files_byte_for_byte(path: Path) -> None:
    scenario = load_scenario(path, [*smaller(path), "keep.events=false"])
    start = scenario.start.replace(tzinfo=ZoneInfo(scenario.time_zone))
    records = [engine.run_replication(scenario, 0) for engine in (reference, compiled)]
    files, other = (dict(transcript_files(record, start, scenario.name)) for record in records)
    assert len(files) >= 2
    assert files == other
    assert plan_log_text(records[0], start, "x") == plan_log_text(records[1], start, "x")


@pytest.mark.parametrize("seed", range(RANDOM * 3 // 4))
def test_engines_agree_on_a_random_scenario(seed: int) -> None:
    text = seeded_text(seed)
    assert_agree(parse_scenario(text), text)


@settings(max_examples=max(1, RANDOM // 4), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenario_texts())
def test_engines_agree_on_scenarios_that_shrink(text: str) -> None:
    assert_agree(parse_scenario(text), text)
