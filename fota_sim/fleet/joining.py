"""Fleets one after the other as one fleet: names are numbered anew, missing extras are filled in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import INDEXED, Attribute, Fleet, array_columns, names_of
from fota_sim.fleet.ids import Ids
from fota_sim.fleet.laws import Floats


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
        "ids": Ids([names for part in parts for names in part.ids.parts]),
        "hardware": Coded.joined([part.hardware for part in parts]),
        "firmware": Coded.joined([part.firmware for part in parts]),
        "mcu": _joined_mcu(parts),
        "attributes": _joined_attributes(parts),
    }
    for column in INDEXED:
        joined = Coded.joined([names_of(part, column) for part in parts])
        columns[column], columns[f"{column}_names"] = joined.codes, joined.names
    there = [part for part in parts if part.n] or [parts[0]]
    for column in array_columns(parts[0]):
        if column not in INDEXED:
            arrays = [getattr(part, column) for part in there]
            columns[column] = arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
    return Fleet(**columns)


def _joined_mcu(parts: Sequence[Fleet]) -> dict[str, Coded]:
    components = dict.fromkeys(name for part in parts for name in part.mcu)
    return {name: Coded.joined([part.mcu.get(name, Coded.same("", part.n)) for part in parts]) for name in components}


def _joined_attributes(parts: Sequence[Fleet]) -> dict[str, Attribute]:
    names = dict.fromkeys(name for part in parts for name in part.attributes)
    return {name: _joined_attribute(parts, name) for name in names}


def _joined_attribute(parts: Sequence[Fleet], name: str) -> Attribute:
    said = [part.attributes.get(name) for part in parts]
    if any(
        isinstance(column, np.ndarray) for column in said
    ):  # where all cells of a file are empty, it fits numbers too
        said = [None if isinstance(column, Coded) and not column.names else column for column in said]
    columns = [np.full(part.n, np.nan) if each is None else each for part, each in zip(parts, said, strict=True)]
    numbers = [column for column in columns if not isinstance(column, Coded)]
    if len(numbers) == len(parts):
        return np.concatenate(numbers)
    return Coded.joined([column if isinstance(column, Coded) else _spelled(column) for column in columns])


def _spelled(numbers: Floats) -> Coded:
    return Coded.of(None if math.isnan(number) else f"{number:.15g}" for number in numbers.tolist())
