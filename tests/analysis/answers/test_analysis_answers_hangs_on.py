"""What the answer hangs on is said only where it is so."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from fota_sim.analysis.answers.hangs_on import place, reason


def summary(*causes: tuple[str, str, int]) -> dict[str, Any]:
    return {"causes": [{"outcome": outcome, "cause": cause, "count": count} for outcome, cause, count in causes]}


def cells(rows: Sequence[tuple[float | None, int, int, int]]) -> pa.Table:
    """Battery, signal, started and failed."""
    names = ("battery_pct", "rssi_dBm", "started", "failed")
    found = [dict(zip(names, row, strict=True)) | {"bricked": 0, "rolled_back": 0} for row in rows]
    return pa.Table.from_pylist(found)


def test_what_most_losses_are_a_matter_of_is_the_reason() -> None:
    text = reason(
        summary(
            ("upgraded", "", 900),
            ("refused", "low battery", 50),
            ("failed", "battery brown-out during download", 30),
            ("failed", "download broke off", 20),
        )
    )
    assert text.startswith(
        "Batteries are the reason for 8 in 10 that are not upgraded; what would change most: the min"
    )


def test_time_brings_back_nobody_who_is_gone_for_good() -> None:
    gone = ("unreachable", "gone for good", 10)
    assert reason(summary(("upgraded", "", 90), gone)).endswith("what would change most: a visit.")
    late = ("unreachable", "never in contact", 1)
    assert reason(summary(("upgraded", "", 90), gone, late)).endswith("what would change most: more time, or a visit.")


def test_devices_that_a_list_keeps_out_are_no_loss() -> None:
    assert reason(summary(("upgraded", "", 9), ("not_offered", "blacklisted", 500))) == ""


def test_where_nothing_is_behind_half_of_the_losses_nothing_is_named() -> None:
    many = ("low battery", "weak signal", "host ignores offers")
    assert reason(summary(*(("refused", cause, 10) for cause in many))) == ""


def test_failures_are_placed_below_the_battery_where_most_of_them_are() -> None:
    table = cells([(20.0, -90, 100, 40), (50.0, -90, 300, 5), (90.0, -90, 600, 5)])
    assert (
        place(table)
        == "8 in 10 failures are at batteries below 25 %, which are 10.00 % of those that begin an upgrade."
    )


@pytest.mark.parametrize(
    "rows",
    [
        [(20.0, -90, 500, 25), (50.0, -90, 500, 25)],  # everywhere alike
        [(20.0, -90, 100, 8), (50.0, -90, 900, 0)],  # too few
        [(None, -90, 100, 50), (50.0, -90, 900, 0)],  # on mains
    ],
)
def test_failures_that_are_anywhere_few_or_on_mains_have_no_place(
    rows: list[tuple[float | None, int, int, int]],
) -> None:
    assert place(cells(rows)) == ""


def test_of_two_matters_behind_half_of_the_losses_each_neither_is_the_reason() -> None:
    assert reason(summary(("refused", "low battery", 10), ("unreachable", "gone for good", 10))) == ""
    assert reason(summary(("refused", "low battery", 11), ("unreachable", "gone for good", 10))).startswith("Batteries")
