"""Rows of a device that come again, clocks that are years off, and columns that nothing is read from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fota_sim.errors import FotaSimError
from fota_sim.histories.reading import read_histories
from fota_sim.histories.table import Histories
from fota_sim.scenario.device_rows.cells import value_of

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HEAD = "device,status,offered,end"
MANY = 40


def at(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat()


def line(k: int, status: str = "succeeded", hours: float | None = None) -> str:
    return f"d{k},{status},{at(0)},{at(1 + k / 20 if hours is None else hours)}"


def read(folder: Path, lines: list[str], head: str = HEAD) -> Histories:
    (folder / "log.csv").write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return read_histories([folder / "log.csv"])


WHOLE = [line(k, "failed" if k % 10 == 0 else "succeeded") for k in range(MANY)]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, MANY - 1), st.floats(0.01, 9.0)), max_size=8), st.randoms())
def test_a_success_that_is_told_again_later_changes_nothing_wherever_its_row_stands(
    tmp_path_factory: pytest.TempPathFactory, again: list[tuple[int, float]], luck: object
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    more = [line(k, "succeeded", 1 + k / 20 + later) for k, later in again if k % 10]
    lines = [*WHOLE, *more]
    luck.shuffle(lines)  # type: ignore[attr-defined]
    one, other = read(folder, WHOLE), read(folder, lines)
    kept = ["device", "ended", "offered_s", "ended_s", "attempts", "install_failures"]
    frames = [each.frame[kept].sort_values("device").reset_index(drop=True) for each in (one, other)]
    pd.testing.assert_frame_equal(*frames, check_dtype=False)
    assert one.counts() == other.counts()


def test_a_success_and_a_later_failure_are_told(tmp_path: Path) -> None:
    found = read(tmp_path, [*WHOLE, line(3, "failed", 5)])
    (told,) = [note for note in found.left_out.notes if "succeeded and has a later row" in note]
    assert "such as 'd3' in line 42; the last row counts" in told
    assert not any("later row that says otherwise" in note for note in read(tmp_path, WHOLE).left_out.notes)


def test_a_failure_and_a_later_success_are_attempts_and_no_contradiction(tmp_path: Path) -> None:
    found = read(tmp_path, [*WHOLE, line(10, "succeeded", 5)])
    assert not any("otherwise" in note for note in found.left_out.notes)
    assert found.frame.set_index("device").loc["d10", ["ended", "attempts"]].tolist() == ["succeeded", 2.0]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (f"d3,succeeded,{at(0)},2036-01-05T00:00:00Z", "a year or more after all others"),
        (f"d3,succeeded,2000-01-01T00:00:00Z,{at(2)}", "a year or more before all others"),
    ],
)
def test_a_clock_that_is_years_off_moves_neither_the_beginning_nor_the_end(
    wrong: str, words: str, tmp_path: Path
) -> None:
    lines = [wrong if each.startswith("d3,") else each for each in WHOLE]
    found, without = read(tmp_path, lines), read(tmp_path, [each for each in WHOLE if not each.startswith("d3,")])
    assert (found.began_s, found.until_s) == (without.began_s, without.until_s)
    assert [words in why for why in found.left_out.reasons] == [True]


def test_stragglers_of_months_and_many_of_a_year_are_no_wrong_clocks(tmp_path: Path) -> None:
    late = [line(3, hours=24 * 90), *[each for each in WHOLE if not each.startswith("d3,")]]
    assert len(read(tmp_path, late)) == MANY
    half = [line(k, hours=24 * 500 if k % 2 else 1) for k in range(MANY)]
    assert len(read(tmp_path, half)) == MANY


def test_columns_that_nothing_is_read_from_are_told(tmp_path: Path) -> None:
    found = read(tmp_path, [f"{each},-101,900" for each in WHOLE], HEAD + ",RSRP,Duration")
    (told,) = [note for note in found.left_out.notes if "nothing is read from" in note]
    assert "nothing is read from 'RSRP', 'Duration'. Where one says contact, signal, battery, name it:" in told
    assert not any("nothing is read" in note for note in read(tmp_path, WHOLE).left_out.notes)


def test_of_a_duration_it_is_told_what_would_be_used_in_its_place(tmp_path: Path) -> None:
    notes = " ".join(read(tmp_path, [f"{each},900" for each in WHOLE], HEAD + ",Duration (s)").left_out.notes)
    assert "'Duration (s)' says how long it took, and not what;" in notes


WRITTEN: dict[str, Callable[[int], str]] = {
    "an index": str,
    "with its bit error rate": lambda csq: f'"{csq},99"',
    "with a semicolon": lambda csq: f"{csq};0",
    "as it is answered": lambda csq: f'"+CSQ: {csq},3"',
    "a float": lambda csq: f"{csq}.0",
}


@pytest.mark.parametrize("how", WRITTEN)
def test_what_at_csq_answers_is_a_signal_in_dBm(how: str, tmp_path: Path) -> None:
    lines = [f"{each},{WRITTEN[how](k % 32)}" for k, each in enumerate(WHOLE)]
    found = read(tmp_path, lines, HEAD + ",CSQ").frame.set_index("device")["signal_dBm"]
    assert [found[f"d{k}"] for k in range(MANY)] == [-113 + 2 * (k % 32) for k in range(MANY)]


@given(st.integers(0, 31), st.sampled_from([*range(8), 99]), st.sampled_from([",", ", ", ";"]))
def test_a_cell_with_a_bit_error_rate_says_what_the_index_says(csq: int, errors: int, between: str) -> None:
    assert value_of("rssi", f"{csq}{between}{errors}", "csq") == value_of("rssi", str(csq), "csq")
    assert value_of("rssi", f"99{between}{errors}", "csq") is None


@pytest.mark.parametrize("head", ["device,progress,offered,end", "device,success,offered,end"])
def test_a_table_without_a_status_says_so_and_not_that_it_names_nobody(head: str, tmp_path: Path) -> None:
    with pytest.raises(FotaSimError, match=r"what devices are, and not what became of them.*--columns status=\.\.\."):
        read(tmp_path, WHOLE, head)
