"""The fleet as the engines take it: one array per device attribute, all of shape (devices,)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.coded import Coded
from fota_sim.fleet.ids import Ids

Attribute = NDArray[np.float64] | Coded
"""Numbers (NaN: missing) or texts."""


@dataclass(frozen=True, eq=False)
class Everybody:
    """The whole fleet that a part of it belongs to, by name: what a list has to know that names devices."""

    ids: Ids
    listed: dict[str, NDArray[np.intp]] = field(default_factory=dict)
    """Places of the devices that a list names, by where the list stands: looked up once for all parts."""


@dataclass(frozen=True, eq=False)
class Fleet:
    """Simulated devices before the plan starts: what each is, and what it or the platform can know of it.

    A column that says "index" points into the tuple of names beside it; names stand in order of first use.
    """

    n: int
    """Number of devices."""
    ids: Ids
    """Name of each device, unique in the fleet."""
    keys: NDArray[np.uint64]
    """Identity for keyed draws, from the name alone (:mod:`fota_sim.fleet.identity`)."""

    group: NDArray[np.int32]
    """Index of the source the device comes from."""
    module: NDArray[np.int32]
    """Index of the module."""
    radio: NDArray[np.int32]
    """Index of the radio."""
    host: NDArray[np.int32]
    """Index of the host."""
    cell: NDArray[np.int32]
    """Index of the radio cell, over the whole fleet."""
    time_zone: NDArray[np.int32]
    """Index of the IANA time zone the device lives in."""

    rssi_mean_dBm: NDArray[np.float64]
    """Mean signal strength, true whether or not the device can read it."""
    rssi_sd_dB: NDArray[np.float64]
    """Standard deviation over time around that mean."""
    rssi_known: NDArray[np.bool_]
    """Whether the device can read its signal; False means that AT+CSQ always answers 99."""
    temperature_C: NDArray[np.float64]
    """Ambient temperature."""
    mains: NDArray[np.bool_]
    """Whether the device is powered from the mains."""
    chemistry: NDArray[np.int32]
    """Battery chemistry: index into :data:`fota_sim.rules.labels.CHEMISTRIES`."""
    capacity_mAh: NDArray[np.float64]
    """Battery capacity."""
    resistance_ohm: NDArray[np.float64]
    """Internal resistance of the battery at room temperature."""
    self_discharge: NDArray[np.float64]
    """Share of the battery's capacity lost per year."""
    charge: NDArray[np.float64]
    """Charge of the battery at the start, 0..1, true whether or not it can be read; 1 on mains unless a table says."""
    battery_known: NDArray[np.bool_]
    """Whether the device can read and report the charge of its battery."""

    hardware: Coded
    """Hardware version."""
    firmware: Coded
    """Version of the module firmware running at the start."""
    mcu: dict[str, Coded]
    """Per MCU component: the version running at the start, '' where the device has no such component."""
    gone: NDArray[np.bool_]
    """Whether the device is off or out of reach for the whole simulation."""
    dies_at_ms: NDArray[np.int64]
    """When the device leaves for good (churn), in ms from plan activation; -1: not before the horizon."""
    joins_ms: NDArray[np.int64]
    """When the device is put into service, in ms from plan activation; 0: it is there already."""
    contact_every_s: NDArray[np.float64]
    """Its own time between contacts; 0: that of its group."""
    own_timers: NDArray[np.int32]
    """Its own timers of PSM and eDRX, as a number of ``own_timers``; 0: those of its group."""
    attributes: dict[str, Attribute]
    """What the scenario or a table says beyond the above."""

    white: NDArray[np.bool_]
    """Whether the whitelist, if there is one, lets the device take part."""
    black: NDArray[np.bool_]
    """Whether the device is on the blacklist."""

    group_names: tuple[str, ...]
    module_names: tuple[str, ...]
    radio_names: tuple[str, ...]
    host_names: tuple[str, ...]
    cell_names: tuple[str, ...]
    time_zone_names: tuple[str, ...]

    first: int = 0
    """The number of the first device in the whole fleet, of which these may be a part."""
    whole: Everybody | None = None
    """The whole fleet; None: these are all."""
    plan: NDArray[np.int8] | None = None
    """Number of the plan of each device, whose lists ``white`` and ``black`` speak of; None: there is one plan."""

    def of_plan(self, number: int) -> NDArray[np.bool_]:
        """Which devices are of the plan of this number, on its lists or not; shape (devices,)."""
        return np.ones(self.n, dtype=np.bool_) if self.plan is None else self.plan == number

    @property
    def everybody(self) -> Everybody:
        """The whole fleet by name, which these may be a part of."""
        return Everybody(self.ids) if self.whole is None else self.whole

    def cut(self, start: int, stop: int) -> Fleet:
        """The devices at places from ``start`` up to ``stop``; columns are views, name tuples stay whole."""
        if (start, stop) == (0, self.n):
            return self
        return self._rows(slice(start, stop), stop - start, self.ids.cut(start, stop))

    def take(self, indices: NDArray[np.intp] | NDArray[np.bool_], ids: Ids | None = None) -> Fleet:
        """The devices at these positions, in that order, or where a mask is True; name tuples stay whole.

        ``ids``: how they are called from then on, if not as they are.
        """
        positions: NDArray[np.intp] = np.arange(self.n)[indices]
        return self._rows(positions, len(positions), self.ids.take(positions) if ids is None else ids)

    def _rows(self, which: NDArray[np.intp] | slice, n: int, ids: Ids) -> Fleet:
        changes: dict[str, Any] = {
            "n": n,
            "ids": ids,
            "hardware": self.hardware.take(which),
            "firmware": self.firmware.take(which),
            "mcu": {name: column.take(which) for name, column in self.mcu.items()},
            "attributes": {name: _taken(column, which) for name, column in self.attributes.items()},
        }
        for name in array_columns(self):
            changes[name] = getattr(self, name)[which]
        return replace(self, **changes)


def _taken(column: Attribute, which: NDArray[np.intp] | slice) -> Attribute:
    return column.take(which) if isinstance(column, Coded) else column[which]


INDEXED = ("group", "module", "radio", "host", "cell", "time_zone")
"""Columns that hold an index into ``<column>_names``."""


def array_columns(fleet: Fleet) -> list[str]:
    """Names of the plain array columns, those of shape (devices,) that stand for themselves."""
    return [field.name for field in fields(fleet) if isinstance(getattr(fleet, field.name), np.ndarray)]


def names_of(fleet: Fleet, column: str) -> Coded:
    """An indexed column with its names, e.g. the module name of each device; shape (devices,)."""
    return Coded(getattr(fleet, column), getattr(fleet, f"{column}_names"))
