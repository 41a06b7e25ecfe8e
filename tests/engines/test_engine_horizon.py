"""A run that ends sooner is the beginning of the longer one: on that the monitoring view stands."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rollout_worlds import ends, world
from scenarios_dice import Dice
from scenarios_strategy import drawn
from worlds import MIXED

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.engines.twins import describe, play_both
from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Keep

FIRST = ("first_contact_ms", "first_offer_ms", "download_start_ms")
"""Of what happens first: once it has, it stands."""
ENGINES = {"reference": reference, "compiled": compiled}


def lines(record: RunRecord, until_ms: int) -> list[tuple[int, int, str, str]]:
    """What was said before a time, but for progress: that is written down when its segment ends."""
    events = record.event_columns()
    rows = zip(*(events[name].tolist() for name in ("at_ms", "device", "actor", "text")), strict=True)
    return [row for row in rows if row[0] < until_ms and "7,10702" not in row[3] and ": downloading" not in row[3]]


@pytest.mark.parametrize("engine", ENGINES)
@given(st.integers(0, 5000), st.floats(0.001, 0.999))
def test_the_beginning_of_a_run_does_not_depend_on_where_it_ends(engine: str, seed: int, share: float) -> None:
    import random

    with drawn(Dice(random.Random(seed).randint)).scenario() as scenario:
        cut_ms = max(1, round(scenario.horizon_ms * share))
        whole = scenario.model_copy(update={"keep": Keep(events=True)})
        cut = whole.model_copy(update={"horizon": cut_ms / 1000.0})
        try:
            long, short = (ENGINES[engine](each, 0) for each in (whole, cut))
        except ScenarioError:
            return  # what only the fleet shows
    assert short.horizon_ms == cut_ms
    assert lines(short, cut_ms) == lines(long, cut_ms)
    for name in FIRST:
        after, before = long.column(name), short.column(name)
        assert np.array_equal(before, np.where(after < cut_ms, after, -1)), name


@pytest.mark.parametrize("engine", ENGINES)
def test_an_operator_acts_in_the_last_millisecond_of_a_run_and_not_at_its_horizon(engine: str) -> None:
    acts = "plan.operator=[{at: 259199999ms, do: suspend}]"
    record = ENGINES[engine](parse_scenario(MIXED, overrides=[acts]), 0)
    assert (record.horizon_ms, record.plan_log[-1]) == (
        259_200_000,
        (259_199_999, "operator: suspend; the plan is suspended"),
    )
    with pytest.raises(ScenarioError, match="at the horizon, before which the run ends"):
        parse_scenario(MIXED, overrides=["plan.operator=[{at: 3d, do: suspend}]"])


@pytest.mark.parametrize("edrx", [False, True])
@given(st.integers(990, 1110) | st.integers(1, 400_000))
@settings(max_examples=40, deadline=None)
def test_wherever_a_run_ends_the_cause_is_what_the_log_tells(edrx: bool, horizon_ms: int) -> None:
    scenario = world(1, {})
    if edrx:
        sleep = {"edrx": "163.84s", "paging_window": "10.24s", "inactivity": "0s"}
        scenario["fleet"]["groups"][0]["contact"]["sleep"] = sleep
    played = parse_scenario(json.dumps(scenario), overrides=[f"horizon={horizon_ms}ms", "keep.transcripts=1"])
    found = play_both(played, 0, reference, compiled)
    assert not found, describe(found, "reference", "compiled")
    record = compiled(played, 0)
    told = " | ".join(line.text for log in record.platform_logs.values() for line in log)
    [(outcome, cause)] = ends(record)
    begun = {
        "": ("unreachable", "never in contact"),
        "Plan issued": ("not_offered", "time ran out"),
        "plan available": ("in_progress", "host has not answered"),
    }
    last = next((words for words in ("address issued", *reversed(begun)) if words and words in told), "")
    assert (outcome, cause) == begun.get(last, (outcome, cause))
    assert (last == "address issued") == (outcome in ("in_progress", "upgraded") and cause != "host has not answered")
