"""The vendor's own plan engine as a preset (docs/presets.md)."""

import json

import numpy as np
import pytest
from preset_worlds import addresses_s, under
from rollout_worlds import broken, play, world

from fota_sim.scenario.loader import parse_scenario

both = pytest.mark.parametrize("engine", ["reference", "compiled"])


def test_the_preset_says_what_a_plan_without_one_means():
    plain = parse_scenario(json.dumps(world(1, {}, push_grid="10min"))).plan
    preset = parse_scenario(json.dumps(under("quecthing", 1))).plan
    assert preset.model_copy(update={"preset": None}) == plain


@both
def test_offers_are_pushed_on_the_10_minute_grid(engine):
    offered = play(under("quecthing", 3), engine).devices["first_offer_ms"]
    assert set(np.asarray(offered) // 1000) == {600}


@both
def test_a_failure_is_retried_five_times(engine):
    scenario = under("quecthing", 1)
    scenario["packages"][0]["defects"] = [broken()]
    scenario["keep"] = {"transcripts": 1}
    assert len(addresses_s(play(scenario, engine))) == 6


@both
def test_a_refusal_keeps_the_offer_away_for_two_hours_until_the_next_tick(engine):
    """Offered after 10 min, refused: again at the first tick after 130 min, which is 140, and at 270."""
    scenario = under("quecthing", 1, strategy={"min_signal": "-55dBm"})
    assert play(scenario, engine, "horizon=139min").devices["offers"].tolist() == [1]
    assert play(scenario, engine, "horizon=141min").devices["offers"].tolist() == [2]
    assert play(scenario, engine, "horizon=271min").devices["offers"].tolist() == [3]


@both
def test_minimums_are_for_the_host_to_compare_and_everybody_is_offered_the_plan(engine):
    record = play(under("quecthing", 2, strategy={"min_signal": "-55dBm"}), engine)
    assert set(record.devices["outcome"]) == {"refused"}
    assert min(record.devices["first_offer_ms"]) > 0
