"""Ids of devices as an Arrow array: those of a group are written letter by letter for all devices at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fota_sim.experiment.arrow import coded, strings_of
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.ids import Ids, Numbered

Ints = NDArray[np.int64]
Rows = slice | NDArray[np.intp]


def id_texts(ids: Ids, places: NDArray[np.integer[Any]]) -> pa.Array:
    """The ids of the devices at these places in the fleet, shape (rows,)."""
    sizes = np.zeros(len(places), dtype=np.int64)
    found = []
    for part, rows, within in _by_part(ids, places):
        words = _counted(part, within) if isinstance(part, Numbered) else _Listed(part, within)
        sizes[rows] = words.sizes
        found.append((rows, words))
    ends = np.zeros(len(places) + 1, dtype=np.int64)
    np.cumsum(sizes, out=ends[1:])
    letters = np.empty(int(ends[-1]), dtype=np.uint8)
    for rows, words in found:
        words.write(letters, ends[:-1][rows])
    return strings_of(ends, letters)


class IdTexts:
    """The rows of a column of ids piece by piece, of which one device may have many."""

    def __init__(self, column: Coded) -> None:
        self._places = column.codes
        self._ids: Any = column.names

    def rows(self, first: int, end: int) -> pa.DictionaryArray:
        """Rows ``first`` to ``end``; only the ids that are used are made."""
        used, codes = np.unique(self._places[first:end], return_inverse=True)
        return coded(codes, id_texts(self._ids, used))


def _by_part(ids: Ids, places: NDArray[np.integer[Any]]) -> Iterator[tuple[Numbered | Sequence[str], Rows, Ints]]:
    """Each part of the ids with some of these devices: which rows have them, and their places within the part."""
    begin = 0
    for part in ids.parts:
        here = (places >= begin) & (places < begin + len(part))
        if here.any():
            rows: Rows = slice(None) if here.all() else np.flatnonzero(here)
            yield part, rows, places[rows].astype(np.int64) - begin
        begin += len(part)


class _Counted(NamedTuple):
    """Ids that are a beginning and a number."""

    beginning: bytes
    numbers: Ints
    digits: Ints

    @property
    def sizes(self) -> Ints:
        return self.digits + len(self.beginning)

    def write(self, letters: NDArray[np.uint8], at: Ints) -> None:
        """Put each id where it begins."""
        for place, letter in enumerate(self.beginning):
            letters[at + place] = letter
        last, rest = at + self.sizes - 1, self.numbers
        for place in range(int(self.digits.max())):
            if place:  # only numbers that have so many digits
                longer = rest > 0
                last, rest = last[longer], rest[longer]
            rest, digit = np.divmod(rest, 10)
            letters[last - place] = digit + ord("0")


def _counted(part: Numbered, places: Ints) -> _Counted:
    beginning, _, number = part[0].rpartition("-")
    numbers = places + int(number)
    digits = np.ones(len(numbers), dtype=np.int64)
    for power in range(1, len(str(numbers.max()))):
        digits += numbers >= 10**power
    return _Counted(f"{beginning}-".encode(), numbers, digits)


class _Listed:
    """Ids as somebody wrote them."""

    def __init__(self, part: Sequence[str], places: Ints) -> None:
        self._texts = [part[place].encode() for place in places.tolist()]
        self.sizes = np.fromiter(map(len, self._texts), dtype=np.int64, count=len(self._texts))

    def write(self, letters: NDArray[np.uint8], at: Ints) -> None:
        """Put each id where it begins."""
        ends = np.cumsum(self.sizes)
        written = np.frombuffer(b"".join(self._texts), dtype=np.uint8)
        letters[np.repeat(at - (ends - self.sizes), self.sizes) + np.arange(len(written))] = written
