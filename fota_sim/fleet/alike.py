"""Columns that say the same of all devices: they stand once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.devices import Fleet, array_columns


def is_alike(column: NDArray[Any]) -> bool:
    """Whether there are entries, and all are the same, NaN too."""
    if column.size == 0:
        return False
    if not any(column.strides):
        return True
    words = column.reshape(-1).view(f"u{column.itemsize}")
    return bool(words[0] == words[-1] and (words == words[0]).all())


def once(column: NDArray[Any]) -> NDArray[Any]:
    """The column, in the room of one entry if all are the same; such a column cannot be written to."""
    return np.broadcast_to(column[:1].copy(), column.shape) if is_alike(column) else column


def standing_once(fleet: Fleet) -> Fleet:
    """The same fleet, each of its columns as :func:`once` leaves it."""
    columns: dict[str, Any] = {name: once(getattr(fleet, name)) for name in array_columns(fleet)}
    return replace(fleet, **columns)
