"""Draws of what was learnt from a log: which replication has which, and who may say otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fota_sim.engines.choice import load
from fota_sim.errors import ScenarioError
from fota_sim.scenario.drawn import of_replication, place_of, without_draws
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.templates import TEMPLATES
from fota_sim.scenario.variation import varied, written

GONE = "fleet.groups.meters.gone"


def scenario(draws: dict[str, list[Any]] | None, *overrides: str) -> Scenario:
    learnt = "" if draws is None else f"\nlearnt: {{source: last year, draws: {draws}}}\n"
    return parse_scenario(TEMPLATES[0].text + learnt, Path("my.yaml"), [*overrides, "fleet.groups.meters.count=40"])


@pytest.fixture
def fitted() -> Scenario:
    return scenario({GONE: ["1%", "20%", "60%", "90%"], "radios.nb-iot.s50": ["-120dBm", "-119dBm"] * 2})


def test_replications_take_every_draw_once_before_one_comes_again(fitted: Scenario) -> None:
    taken = [place_of(fitted, replication) for replication in range(8)]
    assert sorted(taken[:4]) == [0, 1, 2, 3]
    assert taken[4:] == taken[:4]


def test_values_of_a_draw_belong_together(fitted: Scenario) -> None:
    pairs = {
        (written(of_replication(fitted, k), GONE), written(of_replication(fitted, k), "radios.nb-iot.s50"))
        for k in range(4)
    }
    assert pairs == {("1%", "-120dBm"), ("20%", "-119dBm"), ("60%", "-120dBm"), ("90%", "-119dBm")}


def test_a_variant_takes_the_same_draw_in_the_same_replication(fitted: Scenario) -> None:
    other = varied(fitted, {"plan.strategy.min_battery": "45%"})
    for replication in range(4):
        assert place_of(other, replication) == place_of(fitted, replication)
        assert written(of_replication(other, replication), GONE) == written(of_replication(fitted, replication), GONE)


def test_another_seed_shuffles_otherwise() -> None:
    many = {GONE: [f"{k}%" for k in range(50)]}
    orders = [
        [place_of(scenario(many, f"seed={seed}"), replication) for replication in range(50)] for seed in (1, 2, 1)
    ]
    assert orders[0] == orders[2] != orders[1]


def test_what_somebody_sets_is_not_drawn(fitted: Scenario) -> None:
    for changed in (
        scenario({GONE: ["1%", "2%"]}, f"{GONE}=33%"),
        scenario({GONE: ["1%", "2%"]}, "fleet.groups[0].gone=33%"),
        varied(scenario({GONE: ["1%", "2%"]}), {GONE: "33%"}),
    ):
        assert {written(of_replication(changed, k), GONE) for k in range(4)} == {"33%"}
    kept = varied(fitted, {GONE: "33%"})
    assert kept.learnt is not None
    assert list(kept.learnt.draws) == ["radios.nb-iot.s50"]


def test_both_engines_play_the_draw_of_the_replication(fitted: Scenario) -> None:
    for replication in range(2):
        plain = load("reference")(of_replication(fitted, replication), replication)
        drawn = load("reference")(fitted, replication)
        assert [*drawn.devices["outcome"]] == [*plain.devices["outcome"]]
    gone = [sum(text == "gone for good" for text in load("reference")(fitted, k).devices["cause"]) for k in range(4)]
    shares = [float(str(written(of_replication(fitted, k), GONE)).rstrip("%")) for k in range(4)]
    assert [gone for _, gone in sorted(zip(shares, gone, strict=True))] == sorted(gone)
    assert max(gone) > 20 > min(gone)


def test_without_draws_the_scenario_says_what_stands_in_it(fitted: Scenario) -> None:
    assert without_draws(fitted) == scenario(None)


@pytest.mark.parametrize(
    ("draws", "path", "said"),
    [
        ({GONE: ["1%"], "radios.nb-iot.s50": ["-119dBm"] * 2}, "learnt", "as many"),
        ({GONE: ["lots"]}, "learnt.draws", "lots"),
        ({"fleet.groups.meters.gonne": ["1%"]}, "learnt.draws", "gonne"),
        ({"fleet.groups.nobody.gone": ["1%"]}, "learnt.draws", "nobody"),
    ],
)
def test_draws_that_are_no_values_are_told_with_their_path(draws: dict[str, list[Any]], path: str, said: str) -> None:
    with pytest.raises(ScenarioError) as told:
        scenario(draws)
    assert said in str(told.value)
    assert path in str(told.value)
