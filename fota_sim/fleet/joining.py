"""Fleets one after the other as one fleet: names are numbered anew, missing extras are filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.devices import INDEXED, Fleet, Texts, array_columns, texts


def concat(parts: Sequence[Fleet]) -> Fleet:
    """One fleet of all devices of ``parts``, in their order.

    Names (modules, cells, ...) are numbered in order of first use, so what comes first keeps its numbers. An
    attribute that a part does not have is missing there (NaN or None); one that is numbers in a part and text
    in another becomes text. Ids are not checked.

    Raises ValueError if there are no parts.
    """
    if not parts:
        raise ValueError("concat needs at least one fleet")
    if len(parts) == 1:
        return parts[0]
    columns: dict[str, Any] = {
        "n": sum(part.n for part in parts),
        "ids": [name for part in parts for name in part.ids],
        "mcu": _joined_mcu(parts),
        "attributes": _joined_attributes(parts),
    }
    for column in INDEXED:
        columns[column], columns[f"{column}_names"] = _joined_index(parts, column)
    for column in array_columns(parts[0]):
        if column not in INDEXED:
            columns[column] = np.concatenate([getattr(part, column) for part in parts])
    return Fleet(**columns)


def _joined_index(parts: Sequence[Fleet], column: str) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    position: dict[str, int] = {}
    arrays = []
    for part in parts:
        names: tuple[str, ...] = getattr(part, f"{column}_names")
        renumbered = np.array([position.setdefault(name, len(position)) for name in names], dtype=np.int32)
        arrays.append(renumbered[getattr(part, column)])
    return np.concatenate(arrays), tuple(position)


def _joined_mcu(parts: Sequence[Fleet]) -> dict[str, Texts]:
    components = dict.fromkeys(name for part in parts for name in part.mcu)
    return {
        name: np.concatenate([part.mcu[name] if name in part.mcu else texts("", part.n) for part in parts])
        for name in components
    }


def _joined_attributes(parts: Sequence[Fleet]) -> dict[str, NDArray[Any]]:
    names = dict.fromkeys(name for part in parts for name in part.attributes)
    joined: dict[str, NDArray[Any]] = {}
    for name in names:
        present = [part.attributes[name] for part in parts if name in part.attributes]
        numeric = all(column.dtype == np.float64 for column in present)
        joined[name] = np.concatenate([_attribute(part, name, numeric) for part in parts])
    return joined


def _attribute(part: Fleet, name: str, numeric: bool) -> NDArray[Any]:
    column = part.attributes.get(name)
    if column is None:
        return np.full(part.n, np.nan) if numeric else texts(None, part.n)
    if numeric or column.dtype != np.float64:
        return column
    spelled = [None if np.isnan(number) else f"{number:.15g}" for number in column.tolist()]
    return np.array(spelled, dtype=object)
