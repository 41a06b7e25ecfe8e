import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fota_sim.analysis.numbers.estimates import metric_estimate
from fota_sim.analysis.numbers.metrics import SHARE, measure
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.fleet.coded import Coded
from fota_sim.rules.fates import FATES, NEVER
from fota_sim.rules.labels import BELIEFS, CAUSES, OUTCOMES
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.templates import template_named

NO_DOWNLOADS = np.zeros((0, 5), dtype=np.int64)
DEVICE: dict[str, Any] = {
    **{each.name: 0 for each in FATES if each.kind in ("count", "size", "number")},
    "outcome": "upgraded",
    "cause": "",
    "belief": "Upgraded",
    "attempts": 1,
    "download_failures": 0,
    "upgraded_ms": 1000,
    "bytes_sent": 100,
    "bytes_wasted": 0,
    "energy_J": 2.0,
    "energy_wasted_J": 0.0,
    "group": "meters",
    "module": "BC66",
    "chemistry": "li-socl2",
    "capacity_mAh": 8500.0,
    "mains": False,
}
CODED = ("outcome", "cause", "belief", "group", "module", "chemistry")
TERMS = terms_of(parse_scenario(template_named("meters").text))


def fleet(*devices: dict[str, Any]) -> dict[str, Any]:
    rows = [DEVICE | device for device in devices]
    table: dict[str, Any] = {name: np.array([row[name] for row in rows]) for name in DEVICE}
    table["upgraded_ms"] = np.array([NEVER if row["upgraded_ms"] is None else row["upgraded_ms"] for row in rows])
    return table | {name: Coded.of(table[name]) for name in CODED}


def other(outcome: str, cause: str = "", **more: Any) -> dict[str, Any]:
    return {"outcome": outcome, "cause": cause, "belief": "Not Upgraded", "upgraded_ms": None, **more}


def test_each_success_rate_has_its_own_denominator() -> None:
    devices = fleet(
        {},
        other("failed"),
        other("in_progress", "downloading"),
        other("refused", "low battery", attempts=0),
        other("not_offered", "blacklisted", attempts=0),
        other("already_on_target", attempts=0),
    )
    metrics = measure(devices, NO_DOWNLOADS, TERMS)
    assert (metrics["success_of_fleet"].numerator, metrics["success_of_fleet"].denominator) == (1, 6)
    assert metrics["success_of_targeted"].value == 1 / 4
    assert metrics["success_of_started"].value == 1 / 2


def test_a_quantile_is_reached_with_the_device_that_completes_it() -> None:
    devices = fleet({"upgraded_ms": 10}, {"upgraded_ms": 30}, {"upgraded_ms": 20}, other("failed"))
    metrics = measure(devices, NO_DOWNLOADS, TERMS)
    assert metrics["time_to_50_pct_ms"].value == 20
    assert metrics["time_to_90_pct_ms"].value is None


def test_a_device_that_dies_after_its_update_does_not_count_as_upgraded() -> None:
    devices = fleet({}, {"outcome": "bricked", "cause": "died after the update"})
    metrics = measure(devices, NO_DOWNLOADS, TERMS)
    assert metrics["time_to_90_pct_ms"].value is None
    assert metrics["believed_not_upgraded"].value == 1 / 2
    assert metrics["belief_agreement"].value == 1 / 2


def test_the_platforms_own_success_rate_is_made_of_what_it_believes() -> None:
    devices = fleet(
        {"belief": "Upgrade Failed"}, {}, other("failed") | {"belief": "Upgrade Failed"}, other("in_progress")
    )
    found = measure(devices, NO_DOWNLOADS, TERMS)["success_as_platform_shows"]
    assert (found.numerator, found.denominator) == (1, 3)


def test_nothing_to_divide_by_gives_no_value_rather_than_zero() -> None:
    metrics = measure(fleet(other("not_offered", "blacklisted", attempts=0, bytes_sent=0)), NO_DOWNLOADS, TERMS)
    for name in ("success_of_targeted", "success_of_started", "bytes_wasted_share", "energy_per_upgraded_J"):
        assert metrics[name].value is None


def test_the_busiest_hour_and_the_most_downloads_are_found() -> None:
    hour = 3_600_000
    downloads = np.array([[0, 0, 10, 5, 0], [1, 5, 15, 5, 0], [2, 10, 20, 5, 0]], dtype=np.int64)
    devices = fleet({"upgraded_ms": 5}, {"upgraded_ms": hour}, {"upgraded_ms": 2 * hour - 1})
    metrics = measure(devices, downloads, TERMS)
    assert metrics["upgraded_per_hour_peak"].value == 2
    assert metrics["upgraded_per_hour_peak_ms"].value == hour
    assert metrics["downloads_peak"].value == 2
    assert metrics["downloads_peak_ms"].value == 5


def test_throughput_is_that_of_the_middle_90_percent_and_no_straggler_rules_it() -> None:
    minute = 60_000
    steady = [{"upgraded_ms": k * minute} for k in range(1, 101)]
    found = measure(fleet(*steady), NO_DOWNLOADS, TERMS)["upgraded_per_hour_middle_90_pct"]
    assert (found.numerator, found.denominator) == (90, 1.5)  # from the 5th to the 95th, one in a minute
    assert found.value == 60
    late = [*steady[:-1], {"upgraded_ms": 100_000 * minute}]
    found = measure(fleet(*late), NO_DOWNLOADS, TERMS)
    assert found["upgraded_per_hour_middle_90_pct"].value == 60
    assert found["upgraded_per_hour_to_last"].value == pytest.approx(100 / (100_000 / 60))


def test_upgrades_in_one_moment_have_no_throughput() -> None:
    for rows in ([{"upgraded_ms": 5}] * 3, [other("failed")]):
        assert measure(fleet(*rows), NO_DOWNLOADS, TERMS)["upgraded_per_hour_middle_90_pct"].value is None


def test_harm_among_those_that_began_leaves_out_who_did_not() -> None:
    metrics = measure(fleet({}, other("bricked"), other("failed"), other("refused", attempts=0)), NO_DOWNLOADS, TERMS)
    assert (metrics["failed_of_started"].numerator, metrics["failed_of_started"].denominator) == (2, 3)
    assert metrics["bricked_of_started"].value == 1 / 3
    assert metrics["started_of_fleet"].value == 3 / 4


def test_who_has_tried_and_is_still_at_it_is_counted_apart_and_with_those_that_did_not_get_there() -> None:
    looping = [other("in_progress", "waiting", attempts=30), other("in_progress", "downloading", attempts=10)]
    before = other("in_progress", "host has not answered", attempts=0)
    lost = other("unreachable", "battery empty", attempts=2)
    metrics = measure(fleet({}, other("failed"), *looping, before, lost), NO_DOWNLOADS, TERMS)
    assert (metrics["unfinished_of_started"].numerator, metrics["unfinished_of_started"].denominator) == (2, 5)
    assert metrics["not_upgraded_of_started"].value == 4 / 5
    assert metrics["attempts_per_unfinished"].value == 20
    assert measure(fleet({}, before), NO_DOWNLOADS, TERMS)["attempts_per_unfinished"].value is None


def test_a_time_at_the_edge_of_a_gap_hangs_on_a_few_devices() -> None:
    hour = 3_600_000
    nights = [{"upgraded_ms": k * 1000} for k in range(1, 101)]
    nights += [{"upgraded_ms": 24 * hour + k * 1000} for k in range(1, 101)]
    found = measure(fleet(*nights), NO_DOWNLOADS, TERMS)
    half, most = found["time_to_50_pct_ms"], found["time_to_90_pct_ms"]
    assert half.value == 100_000
    assert half.hangs_on is not None
    assert half.hangs_on > 23 * hour
    assert most.hangs_on is not None
    assert most.hangs_on < 60_000
    alike = [half] * 9 + [replace(half, value=99_000.0)]
    assert metric_estimate(alike).interval is None
    assert "by a night" in metric_estimate(alike).note
    smooth = [replace(half, value=100_000.0 + 1000 * k, hangs_on=10_000.0) for k in range(10)]
    assert metric_estimate(smooth).interval is not None
    once = [*smooth[:9], replace(half, value=100_000.0 + 24 * hour)]  # which hides the gap from their deviation
    assert metric_estimate([replace(each, hangs_on=24.0 * hour) for each in once]).interval is None


DEVICES = st.builds(
    dict,
    outcome=st.sampled_from(OUTCOMES),
    cause=st.sampled_from(CAUSES),
    belief=st.sampled_from(BELIEFS),
    attempts=st.integers(0, 5),
    upgraded_ms=st.none() | st.integers(0, 10**9),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(DEVICES, min_size=1, max_size=30))
def test_outcomes_partition_any_fleet_and_no_share_exceeds_one(rows: list[dict[str, Any]]) -> None:
    metrics = measure(fleet(*rows), NO_DOWNLOADS, TERMS)
    assert sum(metrics[f"outcome_{name}"].numerator or 0 for name in OUTCOMES) == len(rows)
    assert sum(metrics[f"outcome_{name}"].value or 0 for name in OUTCOMES) == pytest.approx(1)
    for found in metrics.values():
        if found.unit == SHARE and found.numerator is not None and found.denominator is not None:
            assert 0 <= found.numerator <= found.denominator
            assert found.denominator_text
    json.dumps({name: found.value for name, found in metrics.items()}, allow_nan=False)
