"""Arrays in frames, for a build with bounds checks: before an array's rows stands how long it is.

Compiled code knows an array by the address of its first row, so that is where it finds what belongs to it: a frame is
a line of memory before the rows and one behind them. The line before holds the number of the array's name, its size in
bytes, and the address of the report, where the first index that is outside is written down.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.compiled.layout import ARRAYS, LINE_B

NAME, SIZE_B, REPORT = range(3)
"""Words of the line before an array."""
FOUND, WHICH, ROW, ROW_B, ARRAY_B = range(5)
"""Words of the report: whether there is something, which array by its name's number, the row asked for, bytes of one
row and of all."""

report: NDArray[np.int64] = np.zeros(5, dtype=np.int64)
"""Of this process."""


def framed(array: NDArray[Any]) -> NDArray[Any]:
    """The same rows in a frame."""
    room = np.zeros(array.nbytes + 3 * LINE_B, dtype=np.uint8)
    begin = -room.ctypes.data % LINE_B + LINE_B
    found = np.ndarray(array.shape, array.dtype, buffer=room, offset=begin)
    found[...] = array
    return found


def say(name: str, array: NDArray[Any]) -> None:
    """Write before a framed array how it is called and how long it is."""
    words = (ctypes.c_int64 * 3).from_address(array.ctypes.data - LINE_B)
    words[NAME], words[SIZE_B], words[REPORT] = ARRAYS.index(name), array.nbytes, report.ctypes.data
