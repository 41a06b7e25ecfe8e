"""Rows of plain values as a Parquet table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa


def tidy(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """A table with a column for every key of ``rows``, in the order in which they come; null where a row lacks it.

    Columns with texts beside numbers are texts.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        known = [value for value in values if value is not None]
        if any(isinstance(value, str | dict | list) for value in known):
            columns[name] = pa.array([None if value is None else str(value) for value in values], pa.string())
        elif known and all(isinstance(value, bool) for value in known):
            columns[name] = pa.array(values, pa.bool_())
        elif known and all(isinstance(value, int) for value in known):
            columns[name] = pa.array(values, pa.int64())
        else:
            columns[name] = pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.table(columns)


def split_interval(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with every ``interval`` as two columns, low and high."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith("interval"):
            stem = name.removesuffix("interval")
            low, high = (None, None) if value is None else value
            flat |= {f"{stem}ci_low": low, f"{stem}ci_high": high}
        else:
            flat[name] = value
    return flat
