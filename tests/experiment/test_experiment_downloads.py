from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.engines.choice import load
from fota_sim.experiment.concurrency import changes, concurrency
from fota_sim.experiment.histogram import Histogram, together
from fota_sim.experiment.timeseries import MILESTONES, MOST_BINS, MOST_DAYS, grid_ms, progress
from fota_sim.scenario.loader import parse_scenario

SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=20)
DAY_MS = 86_400_000
NOTHING = np.zeros(0, dtype=np.int64)


def spans_of(spans):
    starts = np.array([start for start, _ in spans], dtype=np.int64)
    return starts, starts + np.array([length for _, length in spans], dtype=np.int64)


def pieces_of(found, cuts):
    edges = [0, *sorted(min(cut, len(found.keys)) for cut in cuts), len(found.keys)]
    return [Histogram(found.keys[a:b], found.counts[a:b]) for a, b in pairwise(edges)]


@given(SPANS, st.lists(st.integers(0, 20), max_size=3), st.integers(1, 30))
def test_the_load_is_what_counting_every_millisecond_finds(spans, cuts, step) -> None:
    starts, ends = spans_of(spans)
    counted = [int(((starts <= at) & (at < ends)).sum()) for at in range(101)]
    edges = np.append(np.arange(0, 100, step), 100)
    found = concurrency(pieces_of(changes(starts, ends), cuts), edges)
    assert found.most == max(counted)
    assert found.most_at_ms == (counted.index(max(counted)) if max(counted) else None)
    assert found.at_edges.tolist() == [counted[edge] for edge in edges]
    assert found.most_in_bins.tolist() == [counted[0], *(max(counted[a : b + 1]) for a, b in pairwise(edges))]


@given(st.lists(SPANS, min_size=1, max_size=4))
def test_the_load_of_parts_adds_up(parts) -> None:
    whole = changes(*spans_of([span for part in parts for span in part]))
    both = together([changes(*spans_of(part)) for part in parts])
    edges = np.array([0, 30, 100])
    found, wanted = concurrency([both], edges), concurrency([whole], edges)
    assert [np.array(value).tolist() for value in found] == [np.array(value).tolist() for value in wanted]


def test_a_download_that_starts_as_another_ends_does_not_add_up() -> None:
    found = changes(np.array([0, 10]), np.array([10, 20]))
    assert (found.keys.tolist(), found.counts.tolist()) == ([0, 20], [1, -1])
    assert concurrency([found], np.array([0]))[:2] == (1, 0)


def test_no_download_has_no_peak_time() -> None:
    assert concurrency([changes(NOTHING, NOTHING)], np.array([0, 5]))[:2] == (0, None)


@given(st.integers(1, 315_360_000_000))
def test_the_grid_goes_from_0_to_the_horizon_in_at_most_so_many_steps(horizon_ms: int) -> None:
    grid = grid_ms(horizon_ms)
    assert grid[0] == 0
    assert grid[-1] == horizon_ms
    assert (np.diff(grid) > 0).all()
    steps, step_ms = len(grid) - 1, int(grid[1])
    assert steps <= (MOST_DAYS if step_ms == DAY_MS else MOST_BINS)
    assert step_ms <= DAY_MS or horizon_ms > MOST_DAYS * DAY_MS


def test_upgraded_in_the_time_series_are_those_that_are_so_in_the_end() -> None:
    text = """
name: dies
horizon: 2d
product: {model: {components: [{identifier: app}]}}
packages:
  - {name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}],
     defects: [{effect: dies_later, probability: 40%, after: 3h}]}
plan: {packages: [two]}
fleet: {groups: [{name: boards, count: 60, module: EC200U, mains: 100%}]}
"""
    record = load("reference")(parse_scenario(text), 0)
    outcomes, upgraded_ms = record.column("outcome"), record.column("upgraded_ms")
    assert (upgraded_ms[outcomes == "bricked"] >= 0).sum() > 10
    reached = progress(record).reached[list(MILESTONES).index("upgraded")]
    assert reached.sum() == (outcomes == "upgraded").sum()
