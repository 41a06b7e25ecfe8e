"""What is known of devices beforehand: the cells of a CSV file. Nothing, for a group."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.devices import Texts
from fota_sim.fleet.laws import Floats


@dataclass(frozen=True)
class Given:
    """Columns that a file gives, by attribute; what is missing in a column is drawn."""

    numbers: dict[str, Floats] = field(default_factory=dict)
    """rssi (dBm), rssi_sd (dB), battery (%), capacity (mAh), temperature (C), mains (1, 0); NaN: missing."""
    texts: dict[str, Texts] = field(default_factory=dict)
    """chemistry, hardware, firmware, cell, time_zone, host, mcu:<component>, attributes with a mix to
    fall back on; None: missing."""
    extras: dict[str, NDArray[Any]] = field(default_factory=dict)
    """Columns that mean nothing to the simulation, kept as attributes."""

    def take(self, rows: NDArray[np.intp]) -> Given:
        """The same for these rows only."""
        return Given(
            {name: column[rows] for name, column in self.numbers.items()},
            {name: column[rows] for name, column in self.texts.items()},
            {name: column[rows] for name, column in self.extras.items()},
        )

    def number(self, name: str, drawn: Floats) -> Floats:
        """The given column, with ``drawn`` where it is missing."""
        column = self.numbers.get(name)
        return drawn if column is None else np.where(np.isnan(column), drawn, column)

    def known(self, name: str) -> NDArray[np.bool_] | None:
        """Where a number is given; None if there is no such column."""
        column = self.numbers.get(name)
        return None if column is None else ~np.isnan(column)

    def text(self, name: str, drawn: Texts) -> Texts:
        """The given column, with ``drawn`` where it is missing."""
        column = self.texts.get(name)
        if column is None:
            return drawn
        missing = np.array([text is None for text in column.tolist()], dtype=np.bool_)
        filled: Texts = np.where(missing, drawn, column)
        return filled

    def named(
        self, name: str, drawn: NDArray[np.int32], names: tuple[str, ...]
    ) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        """Indices and names: the given texts, with ``drawn`` (indices into ``names``) where missing.

        With a given column, names are in order of first use and unused ones fall away.
        """
        column = self.texts.get(name)
        if column is None:
            return drawn, names
        spelled = self.text(name, np.array(names, dtype=object)[drawn])
        position: dict[str, int] = {}
        indices = [position.setdefault(text, len(position)) for text in spelled.tolist()]
        return np.array(indices, dtype=np.int32), tuple(position)
