"""A run that ends sooner is the beginning of the longer one: on that the monitoring view stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios_dice import Dice
from scenarios_strategy import drawn
from worlds import MIXED

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication as reference
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
