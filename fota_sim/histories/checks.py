"""From rows as they were read to the table: times parsed, doubles merged, histories that cannot be left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from fota_sim.errors import FotaSimError
from fota_sim.histories.columns import ATTRIBUTES, MEASURED, NUMBERS, TIMES
from fota_sim.histories.ends import OPEN, End
from fota_sim.histories.far_off import YEAR_S, without_far_off
from fota_sim.histories.once import once
from fota_sim.histories.rows import Rows
from fota_sim.histories.steps import Step, steps_of, told
from fota_sim.histories.table import Histories, column_names, text_columns
from fota_sim.histories.times import parse_times, why_no_time
from fota_sim.histories.view import View
from fota_sim.quoting import listed, number_of, quoted
from fota_sim.scenario.device_rows.written import are_shares, are_volts
from fota_sim.scenario.units import SIZE

_WIDE_S = 3600.0
"""A step of times so wide holds much of what a rollout does, and where it is not over some of that is missing."""
_MOST_UNREAD = 0.5
"""Of the rows with times: where so many have one that cannot be read, the others are not the log."""
_FEWEST_UNREAD = 10
"""Rows that show that it is no accident."""
_APART_S = 1.0
"""Clocks of one platform's parts may differ by this without anything running backwards."""
_CALLED_AT = {
    "offered_s": "offers",
    "contact_s": "first contacts",
    "download_s": "beginnings of downloads",
    "downloaded_s": "ends of downloads",
    "ended_s": "ends",
}

_CALLED = {
    "attempts": "a number of attempts",
    "download_failures": "a number of failed downloads",
    "install_failures": "a number of failed installations",
    "refusals": "a number of refusals",
    "size_B": "a size",
}
_POSSIBLE = {
    "signal_dBm": (-150.0, -1.0, "no level in dBm: an index n of AT+CSQ is -113 + 2n dBm, and 99 says nothing"),
    "battery_pct": (0.0, 100.0, "no level in per cent"),
}
"""From where to where a level can be, and what is said of others."""


def checked(rows: Rows, platform: str, as_of_s: float | None) -> Histories:
    """The table of what was read. Raises FotaSimError if nothing is left, or a word is not known."""
    rows.vocabulary.require()
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in rows.columns.items()})
    if rows.offered is not None:
        frame["offered_s"] = frame["offered_s"].where(frame["offered_s"].notna(), rows.offered)
    frame = _timed(frame, rows)
    _require_some(frame, rows)
    frame = without_far_off(frame, rows)
    until_s = _until(frame, rows, as_of_s)
    frame = once(frame, rows)
    steps = _steps(frame, rows)
    frame = _forward(frame, rows, until_s, steps)
    _require_some(frame, rows)
    for name in NUMBERS:
        frame[name] = _counts(name, frame[name], rows)
    if rows.size_B is not None:
        frame["size_B"] = frame["size_B"].fillna(rows.size_B)
    _describe(frame, rows)
    _seen(frame, rows, until_s)
    frame["line"] = frame["line"].astype(np.int64)
    for name in text_columns():
        frame[name] = frame[name].fillna("").astype(str).astype(object)
    began = frame["offered_s"].min()
    if np.isnan(began):
        began = np.nanmin(frame[[*TIMES]].to_numpy(np.float64)) if frame[[*TIMES]].notna().any().any() else until_s
        rows.left_out.note("The log does not say when the update was offered; the first time in it counts as that.")
    found = Histories(
        frame[column_names()].reset_index(drop=True),
        platform,
        float(began),
        until_s,
        max(rows.targeted or 0, len(frame)),
        rows.hides_attempts,
        rows.left_out,
        replace(_narrowed(rows, frame), steps=steps),
        rows.targeted is not None,
    )
    return _known(found, rows, as_of_s is not None)


def _known(found: Histories, rows: Rows, says_export: bool) -> Histories:
    """The log up to the last step of its times that it has whole.

    Of times to the day nobody knows how much there was of the day of the export, unless it is known when that was; of
    what is exported once a day, what came after the last time.
    """
    steps, whole = found.view.steps, found.of_whole_steps()
    wide = max((step.width_s for step in steps if step.cut), default=0.0) >= _WIDE_S
    if says_export:
        return whole if any(not step.cut for step in steps) else found
    if not wide or not whole.frame[[*TIMES[1:]]].notna().any().any():
        return found
    rows.left_out.note(
        "Nobody knows how much the log has of the last step of its times, as it does not say when it was exported: "
        "what came in it is left out. Say --as-of, to use it."
    )
    return whole


def _counts(name: str, cells: pd.Series[Any], rows: Rows) -> pd.Series[float]:
    """A column of numbers that are never below 0, and whole but for sizes; what is none is told, and not used."""
    numbers = pd.to_numeric(cells, errors="coerce").astype(np.float64)
    if name == "size_B":
        numbers = numbers.fillna(cells[numbers.isna()].map(_size_B)).astype(np.float64)
    possible = np.isfinite(numbers) & (numbers >= 0.0) & ((numbers % 1.0 == 0.0) | (name == "size_B"))
    wrong = cells.notna() & (cells.astype(str) != "") & ~possible
    if wrong.any():
        first, line = cells[wrong].iat[0], rows.columns["line"][cells.index[wrong][0]]
        how_many = number_of(int(wrong.sum()), "row")
        rows.left_out.note(f"{how_many} with {_CALLED[name]} that cannot be, such as {quoted(first)} in line {line}.")
    return numbers.mask(wrong)


def _size_B(cell: object) -> float:
    """Bytes of a size with a unit, NaN where it is none."""
    try:
        return SIZE.parse(cell)
    except ValueError:
        return np.nan


def _narrowed(rows: Rows, frame: pd.DataFrame) -> View:
    """What this log shows of what such a log can: with each word that it has, and without what no device of it has."""
    used = {End(word) for word in frame["ended"].unique()}
    absent = [name for name in (*TIMES, *NUMBERS) if frame[name].isna().all()]
    view = replace(rows.view, ends=rows.view.ends | used).without(times=absent, numbers=absent)
    if End.FAILED in used:  # some failures without a stage: none is counted by stage
        view = view.without([End.FAILED_DOWNLOAD, End.FAILED_INSTALL, End.ROLLED_BACK])
    if rows.view.own_words:
        view = view.without({End.BRICKED, End.NOT_APPLICABLE} - used)
        if not {"contact_s", "download_s"} <= view.times:  # else its times tell who has come and not begun
            view = view.without({End.WAITING} - used)
    return view


def _require_some(frame: pd.DataFrame, rows: Rows) -> None:
    if frame.empty:
        said = rows.left_out.sentences()
        if not said and rows.no_status:
            name, header = rows.no_status[0]
            raise FotaSimError(
                f"{name} says what devices are, and not what became of them: none of its columns is called a status. "
                f"Say which is one: --columns status=..., of {listed([quoted(each, 30) for each in header])}"
            )
        if not said:
            raise FotaSimError(
                "The log names no device yet, so nothing can be told from it; export it again once it lists devices. "
                "Until then fota-sim run tells what the scenario expects."
            )
        raise FotaSimError("\n".join(["No history of a device is left of the log.", *said]))


def _timed(frame: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    wrong, timed = np.zeros(len(frame), bool), np.zeros(len(frame), bool)
    bare = offset = 0
    for name in TIMES:
        parsed = parse_times(frame[name].tolist(), rows.clock)
        timed |= parsed.wrong | np.isfinite(parsed.seconds)
        for place in np.flatnonzero(parsed.wrong & ~wrong)[:1]:
            file, line = str(frame["file"].iat[place]), _line(frame["line"].iat[place])
            count = int((parsed.wrong & ~wrong).sum())
            why = why_no_time(frame[name].iat[place], rows.clock)
            rows.left_out.add(f"{name.removesuffix('_s')} is {why}", file, line, count)
        wrong |= parsed.wrong
        frame[name] = parsed.seconds
        bare, offset = bare + parsed.bare, offset + parsed.offset
    if bare:
        beside = f"; {number_of(offset, 'other')} say theirs" if offset else ""
        rows.left_out.note(
            f"{number_of(bare, 'time')} without an offset from UTC {'is' if bare == 1 else 'are'} read in "
            f"{rows.clock.zone}{beside}. Another zone: --time-zone."
        )
    if wrong.sum() >= _FEWEST_UNREAD and wrong.sum() > _MOST_UNREAD * timed.sum():
        # who is left is mostly who was never reached, for that has no times
        raise FotaSimError("\n".join(["Most of the log's times cannot be read.", *rows.left_out.sentences()]))
    return frame[~wrong]


def _until(frame: pd.DataFrame, rows: Rows, as_of_s: float | None) -> float:
    """When the log was exported: as the user says, else its last time."""
    known = frame[[*TIMES]].to_numpy(np.float64)
    last = float(np.nanmax(known)) if np.isfinite(known).any() else np.nan
    if np.isfinite(last):
        last = max([last, *(heard_s for heard_s in rows.heard_s.values() if heard_s <= last + YEAR_S)])
    if as_of_s is None:
        if np.isnan(last):
            why = "no times that can be read" if rows.left_out.reasons else "no times at all"
            said = f"the log has {why}; say when it was exported: --as-of 2026-03-09T12:00Z"
            raise FotaSimError("\n".join([said, *rows.left_out.sentences(), *rows.left_out.notes]))
        rows.left_out.note("The log does not say when it was exported; its last time counts as that, or say --as-of.")
        return last
    return as_of_s


def _steps(frame: pd.DataFrame, rows: Rows) -> tuple[Step, ...]:
    """On which the times stand; told where they do."""
    steps = steps_of(frame, rows.clock.zone)
    if steps:
        rows.left_out.note(told(steps, [_CALLED_AT[step.column] for step in steps]))
    return steps


def _forward(frame: pd.DataFrame, rows: Rows, until_s: float, steps: Sequence[Step]) -> pd.DataFrame:
    """Without histories that run backwards, or go on after the export.

    A time that is cut to its day may be before another of that day which is not.
    """
    frame = frame.copy()
    cut_s = {step.column: step.width_s for step in steps if step.cut}
    left = np.zeros(len(frame), bool)
    latest = np.full(len(frame), -np.inf)
    named = np.full(len(frame), "", dtype=object)
    for name in TIMES:
        at = frame[name].to_numpy(np.float64)
        backwards = (at < latest - _APART_S - cut_s.get(name, 0.0)) & ~left
        if backwards.any():
            place = int(np.flatnonzero(backwards)[0])
            what, before = name.removesuffix("_s"), str(named[place]).removesuffix("_s")
            why = f"its times run backwards: {what} before {before}; are two time zones mixed?"
            rows.left_out.add(why, str(frame["file"].iat[place]), _line(frame["line"].iat[place]), int(backwards.sum()))
        left |= backwards
        known = np.isfinite(at)
        at = np.where(known & (at < latest), latest, at)  # within what clocks may differ
        frame[name] = at
        named[known] = name
        latest = np.where(known, np.maximum(latest, at), latest)
    after = (latest > until_s + _APART_S) & ~left
    if after.any():
        place = int(np.flatnonzero(after)[0])
        rows.left_out.add(
            "it has times after the export of the log",
            str(frame["file"].iat[place]),
            _line(frame["line"].iat[place]),
            int(after.sum()),
        )
    return frame[~(left | after)]


def _describe(frame: pd.DataFrame, rows: Rows) -> None:
    for name in ATTRIBUTES:
        said = {device: known[name] for device, known in rows.attributes.items() if name in known}
        cells = frame["device"].map(said) if said else pd.Series([None] * len(frame), index=frame.index, dtype=object)
        if name in MEASURED:
            numbers = pd.to_numeric(cells, errors="coerce").astype(np.float64)
            unread = int((cells.notna() & numbers.isna()).sum())
            if unread:
                first = next(value for value, number in zip(cells, numbers, strict=True) if value and np.isnan(number))
                rows.left_out.note(f"{number_of(unread, 'device')} with a {name} that is no number, such as {first!r}.")
            frame[name] = _possible(name, numbers, rows)
        else:
            frame[name] = cells.astype(object)


def _possible(name: str, numbers: pd.Series[float], rows: Rows) -> pd.Series[float]:
    """Without what cannot be a level in dBm or in per cent, which is in another unit: it is told, and not used."""
    low, high, meant = _POSSIBLE[name]
    outside = numbers.notna() & ~numbers.between(low, high)
    known = numbers[numbers.notna() & ~outside]
    if name == "battery_pct" and are_shares(known.tolist()):
        outside |= numbers.between(0.0, 1.0)
        meant = "a share of 1; multiply them by 100"
    elif name == "battery_pct" and are_volts(known.tolist()):
        outside |= numbers.notna()
        meant = "a voltage; write levels in per cent"
    if outside.any():
        first = f"{numbers[outside].iat[0]:g}"
        how_many = number_of(int(outside.sum()), "device")
        rows.left_out.note(f"{how_many} with a {name} that is not used, such as {first}, which is {meant}.")
    return numbers.mask(outside)


def _seen(frame: pd.DataFrame, rows: Rows, until_s: float) -> None:
    """Until when each was observed; a device heard of since it was offered the update was reached."""
    still = frame["ended"].isin([str(each) for each in OPEN])
    frame.loc[still, "ended_s"] = np.nan
    frame["seen_s"] = frame["ended_s"].fillna(until_s)
    if rows.heard_s:
        heard = frame["device"].map(rows.heard_s).astype(np.float64)
        since = (frame["ended"] == End.NEVER_REACHED) & (heard > frame["offered_s"])
        frame.loc[since, "ended"] = str(End.WAITING)
    frame["ended"] = frame["ended"].astype(str).astype(object)


def _line(cell: object) -> int:
    return int(str(cell))
