import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.experiment.concurrency import levels, peak
from fota_sim.experiment.timeseries import MOST_BINS, grid_ms

SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=20)


@given(SPANS)
def test_the_peak_is_what_counting_every_millisecond_finds(spans: list[tuple[int, int]]) -> None:
    starts = np.array([start for start, _ in spans], dtype=np.int64)
    ends = starts + np.array([length for _, length in spans], dtype=np.int64)
    counted = [int(((starts <= at) & (at < ends)).sum()) for at in range(101)]
    assert peak(starts, ends).downloads == max(counted)


def test_a_download_that_starts_as_another_ends_does_not_add_up() -> None:
    starts, ends = np.array([0, 10]), np.array([10, 20])
    assert peak(starts, ends) == (1, 0)
    assert levels(starts, ends)[1].tolist() == [1, 1, 0]


def test_no_download_has_no_peak_time() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert peak(nothing, nothing) == (0, None)


@given(st.integers(1, 315_360_000_000))
def test_the_grid_goes_from_0_to_the_horizon_in_at_most_so_many_steps(horizon_ms: int) -> None:
    grid = grid_ms(horizon_ms)
    assert grid[0] == 0
    assert grid[-1] == horizon_ms
    assert (np.diff(grid) > 0).all()
    assert len(grid) <= MOST_BINS + 1
