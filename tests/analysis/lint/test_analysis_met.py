"""How many devices the linter expects to be there when the plan may be offered is how many a run offers it to."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fota_sim.engines.reference.run import run_replication
from fota_sim.scenario.lint import facts_of, reach
from fota_sim.scenario.lint.spans import any_of, both, openings
from fota_sim.scenario.loader import load_located
from fota_sim.scenario.window import Window

DEVICES = 150
WITHIN = 4.0 * math.sqrt(0.25 / DEVICES) + 0.02
"""Four standard deviations of a share of the devices, and what connecting takes of their time."""
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


def _group(**contact: Any) -> dict[str, Any]:
    still = {"mains": "100%", "gone": "0%", "churn": "0%", "rssi": "-60dBm"}
    return {"name": "g", "count": DEVICES, "module": "EC200U", "host": "h", "contact": contact} | still


@st.composite
def worlds(draw: Any) -> dict[str, Any]:
    """A fleet that wakes, or asks, at times of its own, and a plan that is offered at some hours."""
    windows = draw(st.lists(st.sampled_from(["02:00-03:00", "22:00-04:00", "12:30-13:00"]), max_size=2, unique=True))
    asks, wakes = draw(st.booleans()), draw(st.booleans())
    spread = draw(st.sampled_from([None, "0s", "90min"]))
    every = draw(st.sampled_from(["7h", "12h", "24h", "5d"]))
    push = draw(st.booleans()) if asks else True
    contact = {"pattern": "wake", "every": every, "spread": spread} if wakes else {"request_every": every}
    if wakes and draw(st.booleans()):
        contact["sleep"] = {"t3412": draw(st.sampled_from(["3h", "10h"])), "t3324": "1min"}
    plan: dict[str, Any] = {"packages": ["p"], "push": push, "push_grid": "0s"}
    plan["starts"] = draw(st.sampled_from(["0s", "30h"]))
    plan["rollout"] = {"maintenance": [{"hours": hours} for hours in windows]}
    if not asks and draw(st.booleans()):
        plan["push_period"] = "01:00-07:00"
    return {
        "horizon": "3d",
        "seed": draw(st.integers(1, 99)),
        "start": "2026-03-28T00:00:00",
        "time_zone": draw(st.sampled_from(["UTC", "Europe/Berlin"])),
        "product": {"model": {"device_model": "X", "components": [{"identifier": "app", "type": "firmware"}]}},
        "packages": [
            {"name": "p", "component": "app", "target_version": "2_0", "files": [{"name": "a.bin", "size": "1kB"}]}
        ],
        "plan": plan,
        "hosts": {"h": {"extends": "careless", "asks": asks}},
        "fleet": {"groups": [_group(**contact)]},
    }


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_the_share_that_is_told_is_the_share_that_a_run_offers_the_plan(tmp_path: Path, world: dict[str, Any]) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(json.dumps(world))
    facts = facts_of(*load_located(file))
    told = [*reach.wakes_at_other_hours(facts), *reach.asks_at_other_hours(facts)]
    shares = [0.01 * float(found[1]) for _, message in told if (found := re.search(r"about ([\d.]+) %", message))]
    expected = 0.0 if any("none of them" in message for _, message in told) else min(shares, default=1.0)
    offered = float((run_replication(facts.scenario, 0).devices["offers"] > 0).mean())
    assert abs(offered - expected) < WITHIN, told


@given(some=SPANS, others=SPANS)
def test_spans_are_sets_of_times(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    one, two = any_of(some), any_of(others)
    times = [0.5 + number for number in range(31)]

    def at(spans: Any) -> list[bool]:
        return [any(from_s <= time < to_s for from_s, to_s in spans) for time in times]

    assert at(one) == at(some)
    assert at(both(one, two)) == [a and b for a, b in zip(at(some), at(others), strict=True)]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    day=st.sampled_from(["2026-03-28", "2026-10-24", "2026-04-04", "2026-10-03"]),
    zone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/New_York"]),
    from_min=st.integers(0, 95),
    minutes=st.integers(1, 95),
)
def test_a_window_is_open_when_clocks_show_its_hours(
    tmp_path: Path, day: str, zone: str, from_min: int, minutes: int
) -> None:
    window = Window(15 * from_min, 15 * (from_min + minutes) % 1440)
    file = tmp_path / "s.yaml"
    file.write_text(json.dumps(_two_days(day, zone)))
    facts = facts_of(*load_located(file))
    spans = any_of(span for _, span in openings(facts, window, zone))
    begin = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for quarter in range(2 * 96):
        shown = (begin + timedelta(minutes=15 * quarter)).astimezone(ZoneInfo(zone))
        inside = (60 * shown.hour + shown.minute - window.from_min) % 1440 < window.minutes
        is_open = any(from_s <= 900.0 * quarter < to_s for from_s, to_s in spans)
        assert is_open == inside or (is_open and _put_back(shown)), (shown, spans)


def _put_back(shown: datetime) -> bool:
    """Whether clocks are put back within two hours: a window from there counts as one, the time between included."""
    near = [(shown.astimezone(UTC) + timedelta(hours=h)).astimezone(shown.tzinfo).utcoffset() for h in (-2, 2)]
    return near[0] is not None and near[1] is not None and near[0] > near[1]


def _two_days(day: str, zone: str) -> dict[str, Any]:
    return {
        "horizon": "2d",
        "start": f"{day}T00:00:00",
        "time_zone": zone,
        "product": {"model": {"device_model": "X", "components": [{"identifier": "app", "type": "firmware"}]}},
        "packages": [
            {"name": "p", "component": "app", "target_version": "2_0", "files": [{"name": "a.bin", "size": "1kB"}]}
        ],
        "plan": {"packages": ["p"]},
        "fleet": {"groups": [{"name": "g", "count": 1}]},
    }
