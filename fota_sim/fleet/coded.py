"""Texts as small integers: a column of names costs four bytes a device, not a Python string."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    def of(cls, values: Iterable[Any]) -> Coded:
        """Code a column of texts (or of what is written as one), names in order of first use; None is missing."""
        position: dict[str, int] = {}
        codes = [MISSING if text is None else position.setdefault(str(text), len(position)) for text in values]
        return cls(np.array(codes, dtype=np.int32), tuple(position))

    @classmethod
    def same(cls, text: str | None, count: int) -> Coded:
        """The same text ``count`` times."""
        if text is None:
            return cls(np.full(count, MISSING, dtype=np.int32), ())
        return cls(np.zeros(count, dtype=np.int32), (text,))

    @classmethod
    def joined(cls, parts: Sequence[Coded]) -> Coded:
        """Columns one after the other; names in order of the parts, those that nobody uses as well."""
        position: dict[str, int] = {}
        arrays = []
        for part in parts:
            renumbered = [position.setdefault(name, len(position)) for name in part.names]
            if not len(part):
                continue
            same = renumbered == list(range(len(renumbered)))
            arrays.append(part.codes if same else np.array([*renumbered, MISSING], dtype=np.int32)[part.codes])
        return cls(_one_array(arrays) if arrays else np.zeros(0, dtype=np.int32), tuple(position))

    @property
    def table(self) -> NDArray[np.object_]:
        """What a code stands for: the names, and None at the end, where ``MISSING`` points."""
        return np.array([*self.names, None], dtype=object)

    @property
    def texts(self) -> NDArray[np.object_]:
        """The column as an array of ``str`` and None; shape (devices,)."""
        return self.table[self.codes]

    def take(self, which: Any) -> Coded:
        """The rows ``which`` (a slice, indices or a mask); names stay as they are."""
        return Coded(self.codes[which], self.names)

    def is_one_of(self, *texts: str) -> NDArray[np.bool_]:
        """Which rows have one of ``texts``; shape (devices,)."""
        return np.array([*(name in texts for name in self.names), False], dtype=np.bool_)[self.codes]

    def used(self) -> set[str]:
        """The names that rows have."""
        return {self.names[code] for code in np.unique(self.codes).tolist() if code != MISSING}

    def filled(self, other: Coded) -> Coded:
        """The column with the row of ``other`` where a text is missing; names in order of first use."""
        both = Coded.joined([self, other])
        own, others = np.split(both.codes, 2)
        codes = np.where(own == MISSING, others, own)
        used, first = np.unique(codes, return_index=True)
        order = [code for code in used[np.argsort(first)].tolist() if code != MISSING]
        renumbered = np.full(len(both.names) + 1, MISSING, dtype=np.int32)
        renumbered[order] = np.arange(len(order))
        return Coded(renumbered[codes], tuple(both.names[code] for code in order))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str | None:
        code = self.codes[row]
        return None if code == MISSING else self.names[code]

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.texts)


def _one_array(arrays: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    """One after the other; without a copy if there is only one."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
