"""Intervals end where what they are of ends: a number of devices at the fleet, a share at 0 and 100 %."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fota_sim.analysis.batch.gathering import HowToPlay
from fota_sim.analysis.canary.played import victims_played
from fota_sim.analysis.numbers.estimates import metric_estimate
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.paired import measured_difference
from fota_sim.scenario.loader import parse_scenario

FLEET = 1000.0
MOSTLY_ALL = [1000.0, 350.0, 995.0, 1000.0, 400.0, 998.0, 990.0, 300.0]
STOPS_NOW_AND_THEN = """\
seed: 3
horizon: 5d
product: {model: {device_model: M, components: [{identifier: app, type: firmware}]}}
packages:
  - name: p
    component: app
    target_version: "2_0"
    files: [{name: p.bin, size: 50kB}]
    defects: [{name: d, effect: boot_failure, probability: 2%}]
fleet:
  groups:
    - {name: boards, count: 40, module: EC200U, mains: 100%, rssi: -65dBm}
plan:
  packages: [p]
  rollout:
    order: random
    waves: [{share: 20%}, {opens: {after: 1d}}]
    abort: [{count: 1, action: cancel}]
"""


def counted(metric: str, counts: Sequence[float]) -> list[Measurement]:
    return [Measurement(metric, count, count, most=FLEET) for count in counts]


@pytest.mark.parametrize("metric", ["not_upgraded", "downloads_peak", "upgraded_per_hour_peak", "targeted"])
def test_the_interval_of_a_number_of_devices_ends_at_the_fleet(metric: str) -> None:
    free = metric_estimate([run.__class__(metric, run.value) for run in counted(metric, MOSTLY_ALL)])
    found = metric_estimate(counted(metric, MOSTLY_ALL))
    assert free.interval is not None
    assert free.interval[1] > FLEET
    assert found.interval == (free.interval[0], FLEET)
    assert found.value == free.value


def test_a_difference_of_shares_is_at_most_100_points_and_one_of_devices_the_fleet() -> None:
    few, all_of_them = [0.0, 0.0, 0.9, 0.0, 0.0, 0.0], [1.0] * 6
    shares = [
        [Measurement("success_of_targeted", share, share * FLEET, FLEET) for share in runs]
        for runs in (few, all_of_them)
    ]
    for paired in (True, False):
        there = measured_difference("success_of_targeted", shares[0], shares[1], paired).interval(0.999)
        back = measured_difference("success_of_targeted", shares[1], shares[0], paired).interval(0.999)
        assert there is not None
        assert back is not None
        assert there[1] == 1.0
        assert back == (-1.0, -there[0])
    devices = [counted("not_upgraded", [share * FLEET for share in runs]) for runs in (few, all_of_them)]
    ends = measured_difference("not_upgraded", devices[0], devices[1], True).interval(0.999)
    assert ends is not None
    assert ends[1] == FLEET


def test_canary_sees_no_more_devices_upgraded_than_there_are() -> None:
    scenario = parse_scenario(STOPS_NOW_AND_THEN)
    played = victims_played(scenario, 8, HowToPlay(engine="reference", workers=1))
    upgraded = played["with"]["outcome_upgraded"]
    assert upgraded["value"] < 40
    assert upgraded["interval"][1] == 40
    assert played["with"]["victims"]["interval"][0] >= 0
