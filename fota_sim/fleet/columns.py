"""What a condition may ask about a device: its attributes as columns, unknown readings missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import INDEXED, Fleet, names_of
from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.scenario.predicate import Column


def columns_for_predicates(fleet: Fleet) -> Mapping[str, Column]:
    """Columns of shape (devices,) by the name that conditions use, each made when it is first asked for.

    ``rssi`` is the mean in dBm, ``battery`` the level in percent, both NaN where the device cannot read them.
    ``mcu_<component>`` is '' where a device has no such component.
    """
    makers: dict[str, Callable[[], Column]] = {
        "id": lambda: fleet.ids.texts(0, fleet.n),
        **{name: partial(names_of, fleet, name) for name in INDEXED},
        "hardware": lambda: fleet.hardware,
        "firmware": lambda: fleet.firmware,
        "rssi": lambda: np.where(fleet.rssi_known, fleet.rssi_mean_dBm, np.nan),
        "battery": lambda: np.where(fleet.battery_known, 100.0 * fleet.charge, np.nan),
        "capacity": lambda: fleet.capacity_mAh,
        "temperature": lambda: fleet.temperature_C,
        "mains": lambda: fleet.mains,
        "chemistry": lambda: Coded(fleet.chemistry, CHEMISTRIES),
        **{f"mcu_{component}": partial(fleet.mcu.__getitem__, component) for component in fleet.mcu},
    }
    return _Made({**{name: partial(fleet.attributes.__getitem__, name) for name in fleet.attributes}, **makers})


class _Made(Mapping[str, Column]):
    """Columns by how they are made; what is made is kept."""

    def __init__(self, makers: Mapping[str, Callable[[], Column]]) -> None:
        self._makers = makers
        self._made: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
