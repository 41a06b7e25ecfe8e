"""An empirical distribution from a column of a CSV file."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.faults import Fault, Faults
from fota_sim.scenario.text_file import read_text


def read_table(body: Mapping[Any, Any], base_dir: Path) -> Distribution:
    """The table that ``{file: x.csv, column: name, weights: name}`` describes; numbers are in base units.

    Raises Faults if the file or a column is not there or holds something that is no number, each with its line.
    """
    name, column, weights = (body.get(key) for key in ("file", "column", "weights"))
    if not isinstance(name, str) or not isinstance(column, str):
        raise Faults(Fault((), "needs file and column, for example {file: rssi.csv, column: rssi_dBm}"))
    try:
        rows = list(csv.reader(read_text(base_dir / name, name).splitlines()))
    except ValueError as error:
        raise Faults(Fault(("file",), str(error))) from None
    if len(rows) < 2:
        raise Faults(Fault(("file",), f"{name} has no rows below its header"))
    values = _numbers(rows, column, ("column",), name)
    shares = [1.0] * len(values) if weights is None else _numbers(rows, str(weights), ("weights",), name)
    if min(shares) < 0 or not sum(shares) > 0:
        raise Faults(Fault(("weights",), f"weights in {name} must not be negative or all zero"))
    return Distribution(
        "table",
        values=tuple(values),
        weights=tuple(shares),
        file=name,
        column=column,
        weights_column=None if weights is None else str(weights),
    )


def _numbers(rows: list[list[str]], column: str, at: tuple[str, ...], name: str) -> list[float]:
    header = [cell.strip() for cell in rows[0]]
    if column not in header:
        close = get_close_matches(column, header, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(header)}"
        raise Faults(Fault(at, f"{name} has no column {column!r}; {hint}"))
    index, numbers, faults = header.index(column), [], []
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cell = row[index] if index < len(row) else ""
        try:
            numbers.append(_finite(cell))
        except ValueError:
            faults.append(Fault(at, f"{name} line {line}: needs a number in column {column!r}, got {cell!r}"))
    if faults:
        raise Faults(*faults)
    return numbers


def _finite(cell: str) -> float:
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError(cell)
    return number
