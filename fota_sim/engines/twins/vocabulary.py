"""The values of two records as the same small integers, so that texts compare as numbers do."""

from __future__ import annotations

from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.coded import Coded

_NOT_A_TEXT = -1


class Vocabulary:
    """Gives equal values equal codes; texts are equal whatever type of text they are, and NaN equals NaN."""

    def __init__(self) -> None:
        self._codes: dict[object, int] = {}
        self._values: list[Any] = []

    def code(self, column: Any) -> NDArray[np.int64]:
        """The codes of a column: an array, a sequence, or :class:`~fota_sim.fleet.coded.Coded`; shape (rows,)."""
        if isinstance(column, Coded):
            table = self.code([*column.names, None])  # the last one is where MISSING, -1, points
            return table[column.codes]
        values = column.tolist() if isinstance(column, np.ndarray) else column
        for value in dict.fromkeys(values):
            self._code_of(value)
        codes = np.fromiter(map(self._codes.get, values, repeat(_NOT_A_TEXT)), dtype=np.int64, count=len(column))
        for row in np.flatnonzero(codes == _NOT_A_TEXT).tolist():
            codes[row] = self._code_of(values[row])
        return codes

    def value(self, code: int) -> Any:
        """What ``code`` stands for."""
        return self._values[code]

    def _code_of(self, value: Any) -> int:
        key = str(value) if isinstance(value, str) else (type(value).__name__, repr(value))
        code = self._codes.setdefault(key, len(self._values))
        if code == len(self._values):
            self._values.append(value)
        return code
