"""Columns of a record as Arrow arrays, from their memory as it is.

Not through ``pyarrow.array``, which imports pandas (half a second) to ask whether its argument is a series.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fota_sim.errors import EngineError
from fota_sim.fleet.coded import MISSING, Coded
from fota_sim.rules.fates import NEVER

DICTIONARY = pa.dictionary(pa.int32(), pa.string())
"""Type of a coded text."""
_MOST_BYTES = 2**31 - 1  # Arrow's string type counts them in 32 bits


def counts(values: Any) -> pa.Array:
    """Whole numbers, int64."""
    return _plain(np.asarray(values, dtype=np.int64), pa.int64(), None)


def counted(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """What ``counts`` made, read back: ``to_numpy`` would load pandas, which a run does without."""
    whole: Any = column.combine_chunks()
    return np.asarray(np.from_dlpack(whole), dtype=np.int64)


def times(values: Any) -> pa.Array:
    """Milliseconds, int64; null where ``NEVER``."""
    at_ms = np.asarray(values, dtype=np.int64)
    return _plain(at_ms, pa.int64(), at_ms != NEVER)


def numbers(values: Any) -> pa.Array:
    """Floats; null where NaN."""
    floats = np.asarray(values, dtype=np.float64)
    return _plain(floats, pa.float64(), ~np.isnan(floats))


def flags(values: Any) -> pa.Array:
    """Booleans."""
    flags = np.asarray(values, dtype=np.bool_)
    return pa.Array.from_buffers(pa.bool_(), len(flags), [None, pa.py_buffer(_bits(flags))])


def strings(texts: Iterable[str]) -> pa.Array:
    """Texts of their own, one each, none missing."""
    found = list(texts)
    encoded = "".join(found).encode()
    sizes = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    if len(encoded) != sizes.sum():
        sizes = np.fromiter((len(text.encode()) for text in found), dtype=np.int64, count=len(found))
    ends = np.zeros(len(found) + 1, dtype=np.int64)
    np.cumsum(sizes, out=ends[1:])
    return strings_of(ends, encoded)


def strings_of(ends: NDArray[np.int64], letters: Any) -> pa.Array:
    """Texts that stand one behind the other in a buffer of UTF-8; ``ends``: 0, and where each ends, in bytes."""
    texts = len(ends) - 1
    if ends[-1] > _MOST_BYTES:
        raise EngineError(f"{texts} texts of {ends[-1]} bytes are too long for one column")
    buffers = [None, pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.string(), texts, buffers)


class Texts:
    """The rows of a coded column piece by piece, its names converted once."""

    def __init__(self, column: Coded) -> None:
        self._codes = column.codes
        self._names = strings(column.names)

    def rows(self, first: int, end: int) -> pa.DictionaryArray:
        """Rows ``first`` to ``end``, null where missing."""
        codes, names = self._codes[first:end], self._names
        if len(names) > len(codes):  # say cells: only those that are used
            used, places = np.unique(codes, return_inverse=True)
            missing = int(len(used) and used[0] == MISSING)
            return coded(places - missing, names.take(counts(used[missing:])))
        return coded(codes, names)


def coded(codes: NDArray[np.integer[Any]], names: pa.Array) -> pa.DictionaryArray:
    """Texts by their places in ``names``, null where ``MISSING``."""
    places = codes.astype(np.int32, copy=False)
    known = places != MISSING
    if not known.all():
        places = np.where(known, places, np.int32(0))
    return pa.DictionaryArray.from_arrays(_plain(places, pa.int32(), known), names)


def by_first_use(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same texts, names in the order of their first use and none unused: one way to say one thing."""
    codes: Any = column.indices.dictionary_encode()  # which has them in that order
    return pa.DictionaryArray.from_arrays(codes.indices, column.dictionary.take(codes.dictionary))


def _plain(values: NDArray[Any], kind: pa.DataType, known: NDArray[np.bool_] | None) -> pa.Array:
    validity = None if known is None or known.all() else pa.py_buffer(_bits(known))
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(np.ascontiguousarray(values))])


def _bits(values: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.packbits(values, bitorder="little")
