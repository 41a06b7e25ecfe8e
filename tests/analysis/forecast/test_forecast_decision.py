"""What a forecast says first: whether to go on or to stop."""

from __future__ import annotations

from typing import Any

import pytest

from fota_sim.analysis.answers.forecast import stop_or_go_on


def report(upgrades: float, failures: float, given: float | None = None) -> dict[str, Any]:
    """What stopping gives away and prevents, and what a failure was said to cost."""
    value = upgrades / failures if failures > 0 else None
    price = {"value": value, "interval": None if value is None else (value / 2, 2 * value)}
    waiting = {"price": value if given is None else given, "value": 0.0, "given": given is not None}
    told = {"break_even": {**price, "upgrades": upgrades, "failures": failures}, "waiting": waiting, "wait_ms": 0}
    return {"stopping": told if value is not None else {**told, "waiting": None}}


@pytest.mark.parametrize(
    ("upgrades", "failures", "given", "says"),
    [
        (
            800.0,
            0.0,
            None,
            "Go on: to stop now would give away 800 upgrades and prevent no failure; it pays at no price.",
        ),
        (0.03, 4.6, None, "Stop: to stop now would give away 0 upgrades and prevent 4.6 failures; it pays at any"),
        (0.0, 0.6, None, "Hardly anything hangs on stopping now: "),
        (
            0.0,
            40.0,
            None,
            "Stop: to stop now would give away 0 upgrades and prevent 40 failures; it pays at any price.",
        ),
        (800.0, 40.0, None, "Go on, unless a failure costs more than 20 upgrades (10 to 40): to stop now would give "),
        (800.0, 40.0, 50.0, "Stop: to stop now would give away 800 upgrades and prevent 40 failures, and a failure "),
        (800.0, 40.0, 5.0, "Go on: to stop now would give away 800 upgrades and prevent 40 failures, and a failure "),
    ],
)
def test_it_begins_with_what_to_do(upgrades: float, failures: float, given: float | None, says: str) -> None:
    assert stop_or_go_on(report(upgrades, failures, given)).startswith(says)
