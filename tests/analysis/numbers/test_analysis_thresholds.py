"""Verdicts on thresholds, and how many replications are enough."""

from __future__ import annotations

import numpy as np
import pytest

from fota_sim.analysis.numbers.certainty import clopper_pearson
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.thresholds import judge, overall
from fota_sim.analysis.run.precision import Sufficiency, look_ahead, parse_targets
from fota_sim.errors import FotaSimError

DAY_MS = 86_400_000


def shares(metric: str, hits: list[float], of: float) -> list[dict[str, Measurement]]:
    return [{metric: Measurement(metric, hit / of, hit, of)} for hit in hits]


def times(days: list[float | None]) -> list[dict[str, Measurement]]:
    name = "time_to_95_pct_ms"
    return [{name: Measurement(name, None if day is None else day * DAY_MS)} for day in days]


def verdict(text: str, runs: list[dict[str, Measurement]]) -> str:
    return str(judge([text], runs, 7 * DAY_MS)[0]["verdict"])


def test_a_limit_is_kept_broken_or_undecided_by_where_the_whole_interval_lies() -> None:
    runs = times([3.0, 3.2, 3.1, 2.9, 3.0, 3.1])
    assert verdict("time_to_95 <= 4d", runs) == "pass"
    assert verdict("time_to_95 <= 2d", runs) == "fail"
    assert verdict("time_to_95 <= 3d", runs) == "undecided"
    assert verdict("time_to_95 > 2d", runs) == "pass"


def test_no_event_in_few_devices_does_not_show_that_it_is_rare() -> None:
    assert verdict("bricked < 0.01%", shares("outcome_bricked", [0.0] * 5, 1_000)) == "undecided"
    assert verdict("bricked < 0.01%", shares("outcome_bricked", [0.0] * 5, 40_000)) == "pass"


def test_a_number_that_is_the_same_in_all_replications_is_known() -> None:
    runs = [{"downloads_peak": Measurement("downloads_peak", 10.0)} for _ in range(5)]
    assert verdict("downloads_peak <= 10", runs) == "pass"
    assert verdict("downloads_peak < 10", runs) == "fail"


def test_fewer_than_five_replications_decide_nothing() -> None:
    assert verdict("time_to_95 <= 4d", times([3.0, 3.1, 3.0, 3.1])) == "undecided"


def test_a_time_that_is_never_reached_breaks_a_limit_within_the_horizon_only() -> None:
    assert verdict("time_to_95 <= 6d", times([None] * 5)) == "fail"
    assert verdict("time_to_95 <= 8d", times([None] * 5)) == "undecided"


def test_the_mean_of_the_lucky_decides_nothing() -> None:
    assert verdict("time_to_95 <= 6d", times([1.0, 1.1, 1.0, 1.2, None])) == "undecided"


def test_one_failure_outweighs_everything_and_one_doubt_every_pass() -> None:
    assert overall([{"verdict": "pass"}, {"verdict": "undecided"}, {"verdict": "fail"}]) == "fail"
    assert overall([{"verdict": "pass"}, {"verdict": "undecided"}]) == "undecided"
    assert overall([]) == "pass"


def test_clopper_and_pearson_give_the_known_bounds() -> None:
    # 0 of 10: 1 - 0.025^(1/10); 1 of 10: Clopper and Pearson's chart, 0.25 % to 44.5 %
    assert clopper_pearson(0, 10) == pytest.approx((0, 1 - 0.025**0.1))
    assert clopper_pearson(1, 10) == pytest.approx((0.00253, 0.44502), abs=1e-5)
    assert clopper_pearson(10, 10)[1] == 1


def test_replications_go_on_until_the_interval_is_narrow_and_stays_so() -> None:
    until = Sufficiency(parse_targets(["time_to_95=10%"], []), 5)
    values = iter(np.random.default_rng(1).normal(3.0, 0.5, 200))
    count = next(k for k in range(1, 201) if until.add(times([float(next(values))])[0]))
    assert count >= 5 + look_ahead(5)
    report = until.report(True)
    assert report["reached"]
    assert report["targets"][0]["half_width"] <= 0.1 * report["targets"][0]["value"]


def test_a_replication_that_widens_the_interval_again_starts_the_look_ahead_anew() -> None:
    until = Sufficiency(parse_targets(["time_to_95=2h"], []), 5)
    stopped = [until.add(times([day])[0]) for day in [3.0, 3.01, 3.0, 3.01, 3.0, 6.0, *([3.0] * 5)]]
    assert not any(stopped)


def test_a_metric_without_a_mean_is_not_waited_for_and_not_called_reached() -> None:
    until = Sufficiency(parse_targets(["time_to_95=2h"], []), 5)
    count = next(k for k in range(1, 50) if until.add(times([None])[0]))
    assert count == 5 + look_ahead(5)
    assert not until.report(True)["reached"]


def test_look_ahead_is_five_replications_and_then_five_percent() -> None:
    assert [look_ahead(count) for count in (5, 100, 200, 1000)] == [5, 5, 10, 50]


def test_a_bare_precision_is_for_success_and_what_the_thresholds_speak_of() -> None:
    targets = parse_targets(["5%"], ["bricked < 0.01%"])
    assert [(target.metric, target.relative, target.limit) for target in targets] == [
        ("success_of_targeted", True, 0.0),
        ("outcome_bricked", True, 0.0001),
    ]


def test_a_named_precision_of_a_share_is_in_points_of_it() -> None:
    (target,) = parse_targets(["bricked=0.005%"], [])
    assert (target.half_width, target.relative) == (0.00005, False)


@pytest.mark.parametrize("text", ["5", "brickd=1%", "bricked=1", "0%", "bricked=0%", "=5%", ""])
def test_a_precision_that_cannot_be_read_is_a_sentence(text: str) -> None:
    with pytest.raises(FotaSimError, match="--precision"):
        parse_targets([text], [])
