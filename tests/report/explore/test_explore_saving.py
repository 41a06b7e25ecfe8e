"""A saved scenario says what was explored, and is played to the same numbers."""

from pathlib import Path

import pandas as pd
import pytest
from explore_world import TEXT, a_source

import fota_sim
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.analysis.run.outline import outline
from fota_sim.engines.choice import REFERENCE, load
from fota_sim.report.explore.knobs import knobs_of
from fota_sim.report.explore.saving import saved
from fota_sim.report.explore.source import Source, open_source
from fota_sim.report.explore.state import State, changes_of, chosen_strategy, scenario_of
from fota_sim.scenario.loader import parse_scenario

STATES: list[State] = [
    {},
    {"battery": "55%", "size": "80", "waves": "10-100@1d", "seed": "9"},
    {"strategy": "plain", "battery": "55%"},
    {"strategy": "waves", "battery": "20%", "black": "rssi < -100dBm", "waves": "none"},
]


def text_of(source: Source, state: State) -> str:
    knobs = knobs_of(source, source.scenario((), chosen_strategy(source, state)))
    return saved(source, changes_of(knobs, state), chosen_strategy(source, state))


@pytest.mark.parametrize("state", STATES, ids=str)
def test_it_is_played_to_the_same_numbers_wherever_it_is_saved(tmp_path: Path, state: State) -> None:
    source = a_source(tmp_path)
    knobs = knobs_of(source, source.scenario((), chosen_strategy(source, state)))
    explored = scenario_of(source, knobs, state)
    file = tmp_path / "elsewhere" / "saved.yaml"
    file.parent.mkdir()
    file.write_text(text_of(source, state), encoding="utf-8")
    runs = fota_sim.run(file, engine=REFERENCE, workers=1).study.runs
    assert len(runs) == explored.replications
    for replication in range(explored.replications):
        measured = outline(load(REFERENCE)(explored, replication), terms_of(explored)).measured
        row = runs.iloc[replication]
        saved_values = {name: None if pd.isna(row[name]) else row[name] for name in measured}
        assert saved_values == {name: each.value for name, each in measured.items()}


@pytest.mark.parametrize("state", [{"battery": "55%"}, {"strategy": "same-night", "battery": "55%"}], ids=str)
def test_of_several_plans_the_one_that_was_turned_is_saved_as_it_was_turned(state: State) -> None:
    source = open_source("scenarios/two_products.yaml", plan="gateways")
    knobs = knobs_of(source, source.scenario((), chosen_strategy(source, state)))
    explored, text = scenario_of(source, knobs, state), text_of(source, state)
    assert "# TEACHES: several plans" in text
    again = parse_scenario(text, source.path)
    assert again.plans == explored.plans
    assert again.plans["gateways"].strategy.min_battery == 0.55
    assert again.plans["gateways"].starts == (29 if "strategy" in state else 53) * 3600.0


def test_the_authors_comments_stay(tmp_path: Path) -> None:
    text = text_of(a_source(tmp_path), {"battery": "55%"})
    assert "# Two groups, so that proportions can be seen." in text
    assert "min_battery: 55%   # the gate" in text


def test_what_is_turned_stands_in_the_strategy_that_it_wins_over(tmp_path: Path) -> None:
    text = text_of(a_source(tmp_path), {"strategy": "waves", "battery": "20%"})
    assert "plan.strategy.min_battery: 20%" in text
    assert "min_battery: 30%   # the gate" in text
    assert "strategy: waves" in text


def test_a_scenario_that_extends_another_is_saved_whole(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(TEXT, encoding="utf-8")
    text = text_of(a_source(tmp_path, text="extends: base.yaml\nseed: 5\n"), {"battery": "55%"})
    assert text.startswith("# small.yaml as it was explored")
    (tmp_path / "alone").mkdir()
    again = open_source_of(tmp_path / "alone" / "saved.yaml", text)
    assert again.scenario().plan.strategy.min_battery == 0.55
    assert again.scenario().seed == 5


def test_files_are_named_so_that_they_are_found(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("indoor-0000001\n", encoding="utf-8")
    source = a_source(
        tmp_path, text=TEXT.replace("  packages: [two]", "  packages: [two]\n  blacklist: {file: bad.txt}")
    )
    again = open_source_of(tmp_path / "elsewhere.yaml", text_of(source, {"retries": "1"}))
    assert again.scenario().plan.blacklist is not None
    assert again.scenario().plan.blacklist.file == str(tmp_path / "bad.txt")
    text = text_of(open_source("csv"), {"battery": "55%"})
    assert "fleet.csv" in text
    assert open_source_of(tmp_path / "csv.yaml", text).scenario().fleet.csv[0].file.startswith("/")


def open_source_of(path: Path, text: str) -> Source:
    path.write_text(text, encoding="utf-8")
    return open_source(path)
