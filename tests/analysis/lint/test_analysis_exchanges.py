"""How long exchanges with the network take: the built-in NB-IoT beside field measurements, and what is said of them."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path
from statistics import fmean, quantiles

import numpy as np
import pytest

from fota_sim.analysis.lint.checking import check
from fota_sim.analysis.lint.exchanges import LEVELS, exchange_s, mean_round_trip_s, round_trip_s
from fota_sim.engines.hardware import radio_row
from fota_sim.errors import ScenarioError
from fota_sim.rules import link
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.radio import Radio

SCENARIO = """
product: {{model: {{components: [{{identifier: app, type: firmware}}]}}}}
packages: [{{name: two, component: app, target_version: "2_0", files: [{{name: a.bin, size: 60kB}}]}}]
plan: {{packages: [two]}}
radios: {{air: {{extends: nb-iot, {radio}}}}}
fleet: {{groups: [{{name: g, count: 1, module: BC66, radio: air}}]}}
"""
FIELD = Path(__file__).parents[4] / "shared" / "data" / "nbiot-bc95-field.csv"
SIZES_B = (1, 16, 64, 128, 256, 512)
MEASURED_S = {0: (1.296, 1.404, 2.128), 1: (1.915, 2.930, 7.351), 2: (2.369, 3.160, 4.935)}
"""Quartiles by coverage level of 553 exchanges of a Quectel BC95 on three networks: an uplink message of 1 to 512 B,
from waking to release. A sample of D. Robinson's measurements for his master's thesis (github.com/dan-leo/masters
@fbf48e7)."""
MEDIAN, QUARTILE = 0.05, 0.30
"""How far a default may be off. A lognormal law with one spread for two levels does not follow each quartile."""


def of(radio: str = "", name: str = "air") -> Radio:
    return parse_scenario(SCENARIO.format(radio=radio or "speed: 1")).radios[name]


def exchanges_s(level: int) -> list[float]:
    with FIELD.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["variant"] in {f"release{size_B}" for size_B in SIZES_B}]
    return [float(row["tx_time_ms"]) / 1000.0 for row in rows if row["ecl"] and int(row["ecl"]) == level]


@pytest.mark.parametrize("level", range(LEVELS))
def test_an_nb_iot_exchange_has_the_quartiles_that_were_measured_in_the_field(level: int) -> None:
    low_s, median_s, high_s = MEASURED_S[level]
    assert exchange_s(of(), level) == pytest.approx(median_s, rel=MEDIAN)
    assert exchange_s(of(), level, 0.25) == pytest.approx(low_s, rel=QUARTILE)
    assert exchange_s(of(), level, 0.75) == pytest.approx(high_s, rel=QUARTILE)


@pytest.mark.skipif(not FIELD.exists(), reason="the field measurements are not here")
@pytest.mark.parametrize("level", range(LEVELS))
def test_the_measured_quartiles_are_those_of_the_field_data(level: int) -> None:
    """The connection is no longer than the quickest exchanges, and the longest round trip leaves few out."""
    seconds = [each for each in exchanges_s(level) if each > 0.0]
    assert quantiles(seconds, method="inclusive") == pytest.approx(MEASURED_S[level], rel=1e-3)
    assert fmean(each < of().resume for each in seconds) < 0.03
    assert fmean(each > of().resume + of().rtt_max for each in seconds) < 0.03


def test_an_nb_iot_exchange_is_longer_the_deeper_the_coverage_at_the_median_and_on_average() -> None:
    for law in (exchange_s, mean_round_trip_s):
        assert all(above < below for above, below in pairwise(law(of(), level) for level in range(LEVELS)))


def test_the_law_is_that_of_the_rule_that_engines_play() -> None:
    radio = of("rtt: [1s, 2s, 9s], rtt_sigma: [0, 0.5, 2], rtt_max: 20s, speed: 2")
    row = radio_row("air", radio)
    luck = np.random.default_rng(5).standard_normal(40_000)
    for level in range(LEVELS):
        played_s = np.array([link.round_trip_s(row, level, float(z)) for z in luck])
        assert played_s.mean() == pytest.approx(mean_round_trip_s(radio, level), rel=0.02)
        expected_s = [round_trip_s(radio, level, share) for share in (0.25, 0.5, 0.75)]
        assert np.quantile(played_s, [0.25, 0.5, 0.75]) == pytest.approx(expected_s, rel=0.03)
        assert played_s.max() <= 10.0


def test_validate_says_how_long_an_exchange_takes_where_connections_differ(tmp_path: Path) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(SCENARIO.format(radio="resume: 1s, rtt: [1s, 2s, 3s], rtt_sigma: [0, 1, 0]"), encoding="utf-8")
    (line,) = check(file, [], None, False).exchanges
    told = "air: an exchange with the network, waking included, takes "
    assert line == told + "3 s at coverage level 1 (half of them 2.02 s to 4.93 s)"


def test_nothing_is_said_where_all_connections_are_alike(tmp_path: Path) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(SCENARIO.format(radio="rtt_sigma: [0, 0, 0]"), encoding="utf-8")
    assert check(file, [], None, False).exchanges == []


@pytest.mark.parametrize(
    ("radio", "words"),
    [
        ("rtt_sigma: [1, 1, 9]", "a spread of round trips is 0 to 3 at each coverage level"),
        ("rtt_max: 2s", "rtt_max is shorter than a median of rtt"),
    ],
)
def test_a_spread_that_is_none_is_refused(radio: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        of(radio)
