"""Texts as small integers: a column of names costs four bytes a device, not a Python string."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MISSING = -1
"""The code of a text that is not there."""


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of texts: ``names[codes[i]]``, or None where the code is ``MISSING``."""

    codes: NDArray[np.int32]
    """Shape (devices,)."""
    names: tuple[str, ...]
    """Each once; some may be used by nobody."""

    @classmethod
    def of(cls, values: Sequence[str | None] | NDArray[np.object_]) -> Coded:
        """Code a column of texts, names in order of first use; None is missing."""
        position: dict[str, int] = {}
        codes = [MISSING if text is None else position.setdefault(str(text), len(position)) for text in values]
        return cls(np.array(codes, dtype=np.int32), tuple(position))

    @property
    def texts(self) -> NDArray[np.object_]:
        """The column as an array of ``str`` and None; shape (devices,)."""
        table: NDArray[np.object_] = np.array([*self.names, None], dtype=object)
        return table[self.codes]

    def take(self, which: Any) -> Coded:
        """The rows ``which`` (a slice, indices or a mask); names stay as they are."""
        return Coded(self.codes[which], self.names)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str | None:
        code = self.codes[row]
        return None if code == MISSING else self.names[code]

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.texts)
