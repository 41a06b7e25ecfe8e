"""What is known of devices beforehand: the cells of a table. Nothing, for a group."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Attribute
from fota_sim.fleet.laws import Floats


@dataclass(frozen=True)
class Given:
    """Columns that a file gives, by attribute; what is missing in a column is drawn."""

    numbers: dict[str, Floats] = field(default_factory=dict)
    """rssi (dBm), rssi_sd (dB), battery (0..1), battery_least (0..1, of a level that a voltage does not tell), capacity
    (mAh), temperature (C), mains, gone (1, 0), contact_every, t3412, t3324, edrx (s); NaN: missing."""
    texts: dict[str, Coded] = field(default_factory=dict)
    """chemistry, hardware, firmware, cell, time_zone, host, mcu:<component>, attributes with a mix to
    fall back on."""
    extras: dict[str, Attribute] = field(default_factory=dict)
    """Columns that mean nothing to the simulation, kept as attributes."""

    def take(self, rows: NDArray[np.intp]) -> Given:
        """The same for these rows only."""
        return Given(
            {name: column[rows] for name, column in self.numbers.items()},
            {name: column.take(rows) for name, column in self.texts.items()},
            {name: column.take(rows) for name, column in self.extras.items()},
        )

    def number(self, name: str, drawn: Floats) -> Floats:
        """The given column, with ``drawn`` where it is missing."""
        column = self.numbers.get(name)
        return drawn if column is None else np.where(np.isnan(column), drawn, column)

    def known(self, name: str) -> NDArray[np.bool_] | None:
        """Where a number is given, or the least that it is; None if there is no such column."""
        column = self.numbers.get(name)
        if column is None:
            return None
        least = self.numbers.get(f"{name}_least")
        return ~np.isnan(column) if least is None else ~(np.isnan(column) & np.isnan(least))

    def at_least(self, name: str, drawn: Floats) -> Floats:
        """``drawn``, or what is given as the least where that is more."""
        least = self.numbers.get(f"{name}_least")
        return drawn if least is None else np.fmax(drawn, least)

    def text(self, name: str, drawn: Coded) -> Coded:
        """The given column, with ``drawn`` where it is missing."""
        column = self.texts.get(name)
        return drawn if column is None else column.filled(drawn)
