"""The device tables of two records: where their values differ, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.record import RunRecord
from fota_sim.engines.twins.differences import ColumnDifference
from fota_sim.engines.twins.vocabulary import Vocabulary
from fota_sim.rules.fates import NEVER

Mask = NDArray[np.bool_]

_TEXT = "texts"


class Columns:
    """The columns that both records have."""

    def __init__(self, first: RunRecord, second: RunRecord) -> None:
        self._first, self._second = first.devices, second.devices
        self._names = [name for name in self._first if name in self._second]
        self.forms = list(_forms(self._first, self._second))
        """What keeps the tables from being the same table, each as a sentence."""
        comparable = rows_of(self._first) == rows_of(self._second)
        self._unlike = {name: self._differs(name) for name in self._names} if comparable else {}

    @property
    def count(self) -> int:
        """How many columns were compared."""
        return len(self._unlike)

    def times(self, otherwise_ms: int) -> dict[int, int]:
        """The earliest of the times that differ, of each device with a difference; ``otherwise_ms`` where none is."""
        differs = np.zeros(rows_of(self._first), dtype=np.bool_)
        at_ms = np.full(len(differs), otherwise_ms, dtype=np.int64)
        for name, unlike in self._unlike.items():
            differs |= unlike
            if name.endswith("_ms"):
                for column in (self._first[name], self._second[name]):
                    happened = unlike & (np.asarray(column) != NEVER)
                    at_ms[happened] = np.minimum(at_ms[happened], np.asarray(column)[happened])
        found = np.flatnonzero(differs)
        return dict(zip(found.tolist(), at_ms[found].tolist(), strict=True))

    def of(self, device: int) -> tuple[ColumnDifference, ...]:
        """What differs of one device."""
        return tuple(
            ColumnDifference(name, _plain(self._first[name][device]), _plain(self._second[name][device]))
            for name, unlike in self._unlike.items()
            if device < len(unlike) and unlike[device]
        )

    def _differs(self, name: str) -> Mask:
        first, second = self._first[name], self._second[name]
        kind = _type(first)
        if kind == _TEXT or kind != _type(second):
            words = Vocabulary()
            return np.asarray(words.code(first) != words.code(second))
        if first.dtype.kind != "f":
            return np.asarray(first != second)
        as_bits = f"i{first.dtype.itemsize}"
        both_nan = np.isnan(first) & np.isnan(second)
        bits = np.ascontiguousarray(first).view(as_bits) != np.ascontiguousarray(second).view(as_bits)
        return np.asarray(bits & ~both_nan)


def rows_of(devices: dict[str, Any]) -> int:
    """How many devices a table has."""
    return len(devices["device"])


def _forms(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    found = []
    if rows_of(first) != rows_of(second):
        found.append(f"the first has {rows_of(first)} devices, the second {rows_of(second)}")
    for one, other, which in ((first, second, "second"), (second, first, "first")):
        lacking = [name for name in one if name not in other]
        if lacking:
            found.append(f"the {which} has no column {', '.join(lacking)}")
    if set(first) == set(second) and list(first) != list(second):
        found.append("the columns come in another order")
    types = [(name, _type(column), _type(second[name])) for name, column in first.items() if name in second]
    found += [
        f"column {name} holds {one} in the first, {other} in the second" for name, one, other in types if one != other
    ]
    return found


def _type(column: Any) -> str:
    """What a column holds. Whole numbers count as the same whatever their width: results store them alike."""
    if not isinstance(column, np.ndarray) or column.dtype.kind not in "biuf":
        return _TEXT
    return {"b": "truth values", "f": str(column.dtype)}.get(column.dtype.kind, "whole numbers")


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
