"""Minimums of a plan against the whole numbers that are read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fota_sim.scenario.plan import Strategy


@given(st.floats(-113.0, -51.0), st.integers(-113, -51))
def test_a_reading_passes_if_it_is_no_weaker_than_the_minimum(minimum_dBm: float, reading_dBm: int) -> None:
    strategy = Strategy.model_validate({"min_signal": f"{minimum_dBm!r}dBm"})
    assert (reading_dBm >= strategy.min_reading_dBm) == (reading_dBm >= strategy.min_signal)
