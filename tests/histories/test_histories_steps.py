"""Logs whose times are written to the day or the minute, or that are exported once a day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.histories.columns import TIMES
from fota_sim.histories.reading import read_histories
from fota_sim.histories.steps import Step, stepped, steps_of
from fota_sim.histories.times import Clock
from fota_sim.scenario.zones import zone_info

BEGAN_S = 1_772_438_400.0 + 29_017.0
"""2026-03-02, some time after eight in UTC."""
BERLIN = zone_info("Europe/Berlin")
WIDTHS = (60.0, 300.0, 3600.0, 6 * 3600.0, 86_400.0)


def frame_of(contact_s: np.ndarray, ended_s: np.ndarray | None = None) -> pd.DataFrame:
    frame = pd.DataFrame({name: np.full(len(contact_s), np.nan) for name in TIMES})
    frame["offered_s"], frame["contact_s"] = BEGAN_S, contact_s
    frame["ended_s"] = np.nan if ended_s is None else ended_s
    return frame


def waits(seed: int, devices: int = 60) -> np.ndarray:
    return BEGAN_S + np.sort(np.random.default_rng(seed).uniform(0.0, 4 * 86_400.0, devices)).round(3)


@given(st.integers(0, 10**6), st.sampled_from(WIDTHS), st.sampled_from([UTC, BERLIN]))
def test_what_was_cut_is_found_and_cuts_simulated_times_alike(seed: int, width_s: float, zone: object) -> None:
    cut = Step("contact_s", width_s, 0.0, zone)  # type: ignore[arg-type]
    true = waits(seed)
    logged = cut.of(true)
    assert (logged <= true).all()
    assert (true - logged < width_s).all()
    [found] = [step for step in steps_of(frame_of(logged), zone) if step.column == "contact_s"]  # type: ignore[arg-type]
    assert (found.width_s, found.cut) == (width_s, True)
    np.testing.assert_allclose(found.of(true), logged, atol=0.01)
    np.testing.assert_allclose(found.of(logged), logged, atol=0.01)
    spread = found.spread(logged, np.random.default_rng(0))
    assert ((spread >= logged) & (spread < logged + width_s)).all()


@given(st.integers(0, 10**6), st.sampled_from(WIDTHS[2:]), st.floats(0.05, 0.95))
def test_what_is_exported_now_and_then_comes_late_and_never_early(seed: int, width_s: float, phase: float) -> None:
    seen = Step("contact_s", width_s, round(phase * width_s, 3), UTC)
    true = waits(seed)
    logged = seen.of(true)
    assert (logged >= true).all()
    assert (logged - true < width_s).all()
    [found] = [step for step in steps_of(frame_of(logged), UTC) if step.column == "contact_s"]
    assert (found.width_s, found.cut) == (width_s, False)
    np.testing.assert_allclose(found.of(true), logged, atol=0.01)


@given(st.integers(0, 10**6))
def test_times_to_the_second_have_no_step(seed: int) -> None:
    assert steps_of(frame_of(waits(seed).round()), UTC) == ()


def test_what_happened_at_once_and_offers_at_whole_hours_are_none() -> None:
    at_once = np.full(60, BEGAN_S - BEGAN_S % 3600.0)
    assert steps_of(frame_of(at_once), UTC) == ()
    frame = frame_of(waits(1))
    frame["offered_s"] = BEGAN_S - BEGAN_S % 3600.0 + 3600.0 * np.arange(60)
    assert steps_of(frame, UTC) == ()


def test_days_are_those_of_the_zone_also_when_clocks_change() -> None:
    days = pd.date_range("2026-03-20", periods=20, freq="D", tz="Europe/Berlin")  # clocks change on the 29th
    logged = np.repeat(days.tz_convert("UTC").map(datetime.timestamp).to_numpy(float), 3)
    [step] = [each for each in steps_of(frame_of(logged), BERLIN) if each.column == "contact_s"]
    assert (step.width_s, step.cut) == (86_400.0, True)
    assert steps_of(frame_of(logged), UTC)[-1].width_s < 86_400.0


@given(st.integers(0, 10**6), st.sampled_from(WIDTHS))
def test_times_stay_in_their_order(seed: int, width_s: float) -> None:
    contact_s = waits(seed)
    ended_s = contact_s + np.random.default_rng(seed).uniform(0.0, 7200.0, len(contact_s))
    put = stepped(frame_of(contact_s, ended_s), [Step("contact_s", width_s, 0.0, UTC)])
    assert (put["offered_s"] <= put["contact_s"]).all()
    assert (put["contact_s"] <= put["ended_s"]).all()


@pytest.mark.parametrize("written", ["%Y-%m-%d", "%d.%m.%Y"])
def test_a_table_with_dates_keeps_its_first_day_and_says_what_it_has(tmp_path: Path, written: str) -> None:
    true = waits(2)
    rows = [
        f"m{k},success,2026-03-02T08:03:37,{datetime.fromtimestamp(at, UTC).strftime(written)}"
        for k, at in enumerate(true)
    ]
    file = tmp_path / "log.csv"
    file.write_text("device,status,offered,end\n" + "\n".join(rows) + "\n", encoding="utf-8")
    read = read_histories([file], clock=Clock(order="dmy"))
    assert len(read) == 60
    assert not read.left_out.reasons
    assert [(step.column, step.width_s) for step in read.view.steps] == [("ended_s", 86_400.0)]
    assert any("ends every day" in note for note in read.left_out.notes)


@given(st.integers(0, 10**6), st.sampled_from(WIDTHS), st.floats(0.0, 0.95))
def test_a_step_begins_at_or_before_a_time_and_is_not_over_then(seed: int, width_s: float, phase: float) -> None:
    step = Step("ended_s", width_s, round(phase * width_s, 3), UTC)
    for at_s in waits(seed, 5):
        before = step.before(at_s)
        assert before <= at_s < before + width_s + 0.01
        assert step.before(before) == pytest.approx(before, abs=0.01)


@pytest.mark.parametrize("as_of", [None, BEGAN_S + 4.2 * 86_400.0])
def test_of_a_day_that_may_not_be_over_nothing_is_known_unless_it_is_said(tmp_path: Path, as_of: float | None) -> None:
    true = waits(3)
    days = [datetime.fromtimestamp(at, UTC).date() for at in true]
    file = tmp_path / "log.csv"
    file.write_text("device,status,end\n" + "".join(f"m{k},success,{day}\n" for k, day in enumerate(days)))
    read = read_histories([file], as_of_s=as_of)
    last = datetime(*days[-1].timetuple()[:3], tzinfo=UTC).timestamp()
    counted = int((read.frame["ended"] == "succeeded").sum())
    assert counted == (60 if as_of else sum(day < days[-1] for day in days))
    assert read.until_s == (as_of or last)
    assert any("Say --as-of, to use it" in note for note in read.left_out.notes) == (as_of is None)
