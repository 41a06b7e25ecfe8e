"""What stopping and waiting are worth, against numbers worked out by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from fota_sim.analysis.forecast.ahead import Ahead, Coming
from fota_sim.analysis.forecast.worth import break_even, waiting

LUCK = np.random.default_rng(1)
NEVER = Coming(np.nan, np.nan, np.nan, np.nan)


def way(upgraded: int, failed: int) -> Ahead:
    adopted = np.zeros(1, dtype=np.int64)
    return Ahead(upgraded, failed, 0, 0, 0, 100, 100, Counter(), (0.0, 0.0, 0.0), adopted, False, False, NEVER)


def test_the_price_is_upgrades_given_away_per_failure_prevented() -> None:
    go_on, stop = [way(100, 8), way(90, 12)], [way(20, 2), way(20, 2)]
    found = break_even(go_on, stop, LUCK)
    assert found.upgrades == 75
    assert found.failures == 8
    assert found.value == pytest.approx(75 / 8)


def test_stopping_that_prevents_nothing_has_no_price() -> None:
    assert break_even([way(100, 5)] * 3, [way(50, 5)] * 3, LUCK).value is None


def test_where_all_members_agree_waiting_is_worth_nothing() -> None:
    go_on, stop = [way(100, 5)] * 20, [way(20, 1)] * 20
    found = waiting(go_on, stop, stop, [way(21, 1)] * 20, price=3.0)
    assert found.value == pytest.approx(0.0)


def test_where_the_next_hour_tells_good_from_bad_waiting_is_worth_what_stopping_the_bad_saves() -> None:
    # half of the members are bad: ten failures in the next hour, sixty in the end; a failure costs two upgrades
    good, bad = way(100, 0), way(100, 60)
    go_on = [good, bad] * 20
    stop, later = [way(0, 0)] * 40, [way(0, 0), way(0, 10)] * 20
    soon = [way(10, 0), way(10, 10)] * 20
    found = waiting(go_on, stop, later, soon, price=2.0)
    # now: go on, (100 + 100 - 120) / 2 = 40; later: the good go on, 100, and the bad are stopped at -20
    assert found.now == pytest.approx(40.0)
    assert found.later == pytest.approx((100 - 20) / 2)
    dear = waiting(go_on, stop, later, soon, price=5.0)
    # now: stop, 0; later: the good go on, 100, the bad are stopped after ten failures, -50
    assert dear.value == pytest.approx((100 - 50) / 2)
