"""A search on the hidden regression beats every shipped preset, and fresh luck says so too."""

from __future__ import annotations

from pathlib import Path

import pytest
from library_proofs import SCENARIOS

import fota_sim as fs
from fota_sim.analysis.batch.gathering import HowToPlay, difference, gather
from fota_sim.analysis.batch.points import Point
from fota_sim.rules.compiled import COMPILED
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.presets import preset_names

FILE = SCENARIOS / "hidden_regression_hw_rev.yaml"
KNOBS = ("strategy=all-at-once,four-waves,watched-waves,by-revision,testers-of-b", "plan.strategy.retries=0..2")
LIMIT = "time_to_90 <= 12h"
FRESH = range(5000, 5010)
"""Replications that neither the search nor its own confirmation has seen."""


@pytest.mark.skipif(not COMPILED, reason="uncompiled, these fleets take many minutes; the rules are the same")
def test_tune_finds_a_strategy_that_bricks_fewer_than_any_preset_within_the_same_time(tmp_path: Path) -> None:
    found = fs.tune(
        FILE, KNOBS, out=tmp_path, minimise=["bricked", "time_to_90"], constraints=[LIMIT], trials=10, fresh=6
    )
    assert found.recommended is not None
    chosen = dict(found.recommended)
    strategy = chosen.pop("strategy")
    best = load_scenario(FILE, [f"{path}={value}" for path, value in chosen.items()], strategy)
    presets = preset_names()
    assert len(presets) == 7
    points = [Point(name, {}, load_scenario(FILE, [f"plan.preset={name}"])) for name in presets]
    runs = gather([Point("found", {}, best), *points], FRESH, HowToPlay(engine="compiled"))
    for name, played in runs.items():
        times = [run["time_to_90_pct_ms"].value for run in played]
        assert all(time is not None and time <= 12 * 3_600_000 for time in times), name
    for name in presets:
        spared = difference(runs["found"], runs[name], "outcome_bricked").interval()
        assert spared is not None
        assert spared[1] < -0.015, name  # of the 2.4 % that it bricks
