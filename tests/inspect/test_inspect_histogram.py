"""Bars of what a file of devices holds: every device stands in one, and in the right one."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.scenario.inspect.distributions import Distribution
from fota_sim.scenario.inspect.histogram import bars

PERCENT = Counter({5.0: 1, 15.0: 2, 45.0: 3, 72.0: 4, 81.0: 5, 95.0: 6, 100.0: 7})


def test_devices_with_a_full_battery_stand_in_the_last_bar_and_take_nobody_away() -> None:
    found = {bar.text: bar.count for bar in bars(Distribution("Battery", "Level", "%", PERCENT), 12)}
    assert (found["80 to 90"], found["90 to 100"]) == (5, 13)
    assert sum(found.values()) == 28


@pytest.mark.parametrize("most", [12, 30])
@given(st.dictionaries(st.integers(-140, 500).map(float), st.integers(1, 1000), min_size=7, max_size=60))
def test_every_device_stands_in_the_bar_of_its_value(most: int, numbers: dict[float, int]) -> None:
    found = bars(Distribution("Signal", "RSSI", "dBm", Counter(numbers)), most)
    assert len(found) <= most
    for bar in found:
        last = bar is found[-1]
        within = (
            times for value, times in numbers.items() if bar.low <= value < bar.high or (last and value == bar.high)
        )
        assert bar.count == sum(within)
    assert sum(bar.count for bar in found) == sum(numbers.values())
