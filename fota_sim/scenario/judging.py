"""Conditions judged: which devices meet one, over columns of numbers, texts and flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

_DIGITS = re.compile(r"[-+]?\d+(\.\d*)?")

Kind = Literal["text", "number", "flag"]
"""What a column holds."""

Mask = NDArray[np.bool_]


class CodedColumn(Protocol):
    """A column of few different values: that of row i is ``table[codes[i]]``."""

    @property
    def codes(self) -> NDArray[np.int32]: ...
    @property
    def table(self) -> NDArray[np.object_]: ...


Column = NDArray[Any] | CodedColumn
Columns = Mapping[str, Column]


@dataclass(frozen=True)
class Node:
    """One step of a condition: an operator and its operands (nodes, names or literals)."""

    op: str
    operands: tuple[Any, ...]


def kind_of(column: Column) -> Kind | None:
    """What a column holds; None if nothing is known of any device."""
    values = column if isinstance(column, np.ndarray) else column.table
    if values.dtype.kind in "OU":
        return "text" if any(value is not None and value != "" for value in values) else None
    if values.dtype.kind == "b":
        return "flag"
    return None if values.dtype.kind == "f" and np.isnan(values).all() else "number"


def odd_one(column: Column) -> str:
    """A text of a column, some of whose texts are numbers, that is none; '' otherwise."""
    texts = [str(value) for value in (column if isinstance(column, np.ndarray) else column.table) if value]
    others = [text for text in texts if not _DIGITS.fullmatch(text)]
    return others[0] if others and len(others) < len(texts) else ""


def _known(column: NDArray[Any]) -> Mask:
    if column.dtype == object:
        return np.array([value is not None and value != "" for value in column], dtype=bool)
    if column.dtype.kind == "f":
        return np.asarray(~np.isnan(column), dtype=bool)
    return np.ones(len(column), dtype=bool)


def _compare(op: str, column: NDArray[Any], value: float | str | bool) -> Mask:
    known = _known(column)
    if not known.any():
        return known  # a column of nothing has no kind, and cannot be compared with anything
    if op == "==":
        found = column == value
    elif op == "!=":
        found = column != value
    else:
        if isinstance(value, str):
            column = np.array(["" if entry is None else str(entry) for entry in column])
        found = {"<": column < value, "<=": column <= value, ">": column > value, ">=": column >= value}[op]
    return np.asarray(known & found, dtype=bool)


def _among(column: NDArray[Any], values: tuple[float | str | bool, ...]) -> Mask:
    found = np.zeros(len(column), dtype=bool)
    for value in values:
        found |= _compare("==", column, value)
    return found


def judge(node: Node, columns: Columns) -> Mask:
    """Which devices meet the condition whose first step is ``node``; shape (devices,)."""
    match node.op:
        case "or":
            return reduce(np.logical_or, (judge(part, columns) for part in node.operands))
        case "and":
            return reduce(np.logical_and, (judge(part, columns) for part in node.operands))
        case "not":
            return ~judge(node.operands[0], columns)
        case "known":
            return _by_value(columns[node.operands[0]], _known)
        case "in":
            return _by_value(columns[node.operands[0]], lambda column: _among(column, node.operands[1]))
        case op:
            return _by_value(columns[node.operands[0]], lambda column: _compare(op, column, node.operands[1]))


def _by_value(column: Column, test: Callable[[NDArray[Any]], Mask]) -> Mask:
    """A test of each value on its own, made once per different value where the column is coded."""
    return test(column) if isinstance(column, np.ndarray) else test(column.table)[column.codes]
