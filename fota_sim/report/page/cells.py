"""Cells of tables: what is shown, and what is sorted by."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fota_sim.analysis.answers.wording import number_text
from fota_sim.analysis.numbers.rounding import format_interval, format_metric, format_value
from fota_sim.report.page.content import Cell, Column, Table

MOST_ROWS = 250
"""Of a table in a page; files beside it have all."""


def text(value: object) -> Cell:
    """A word, sorted by the alphabet."""
    return Cell(str(value), str(value).casefold())


def number(value: float | None, unit: str = "", metric: str = "") -> Cell:
    """A number as everywhere, sorted by its size; what has no value comes last. ``metric``: of which it is the mean."""
    if value is None or math.isnan(value):
        return Cell(format_metric(metric, None, unit) if metric else "–", None)
    return Cell(format_value(value, unit), float(value))


def mean_count(value: float) -> Cell:
    """A number of devices, with a decimal where a mean has one."""
    return Cell(number_text(value), float(value))


def with_interval(value: float | None, ends: Sequence[float] | None, unit: str, metric: str = "") -> Cell:
    """A number with its 95 % interval below it."""
    return number(value, unit, metric)._replace(more=interval(ends, unit).text if ends is not None else "")


def share(value: float | None) -> Cell:
    """A share of 1 as per cent."""
    return number(value, "share")


def interval(ends: Sequence[float] | None, unit: str, mark: str = "") -> Cell:
    """Both ends, sorted by the lower; ``mark``: that of the note which says why there is none."""
    if ends is None:
        return Cell(f"– {mark}".rstrip(), None)
    return Cell(format_interval(ends, unit), float(ends[0]))


def table(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], note: str = "") -> Table:
    """A table, cut where nobody would read on; the note then says so."""
    left_out = len(rows) - MOST_ROWS
    if left_out > 0:
        note = f"{note} {left_out:,} more rows are in the files of the result.".strip()
    return Table(caption, columns, rows[:MOST_ROWS], note)
