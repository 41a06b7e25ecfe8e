"""Devices of a simulated rollout given luck with which they stand now where the log says that they do.

Devices of one group are alike beforehand: what sets them apart is their luck, which hangs on a device's key. So a
device that the log calls under way gets the luck of a simulated one that is, with what that luck had drawn for it; the
simulated rollout is played once more, and stands where the real one does, device by device.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.forecast.states import Seen
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Fleet, array_columns
from fota_sim.fleet.lists import with_lists
from fota_sim.scenario.model import Scenario

LUCK = ("keys", "gone", "dies_at_ms", "joins_ms")
"""Of a device from a table, which is what its row says, only these are exchanged."""


def donors(
    seen: Seen, simulated: Seen, group: NDArray[np.int32], wave: NDArray[np.int32], luck: np.random.Generator
) -> tuple[NDArray[np.intp], int]:
    """For each device the one whose luck it gets, and how many found none, and keep their own.

    Within a group, wave and state donors are taken in the order of their times, each as often as it has to be to be
    enough: so they are spread in time as the simulated ones are, and the earliest goes to the earliest.
    """
    chosen: NDArray[np.intp] = np.arange(len(seen.state))
    without = 0
    classes = _classes(group, wave, seen.state)
    offered = _classes(group, wave, simulated.state)
    for one in np.unique(classes):
        wanted = np.flatnonzero(classes == one)
        there = np.flatnonzero(offered == one)
        if not len(there):
            without += len(wanted)
            continue
        there = there[_by_time(simulated.at_ms[there], luck)]
        places = np.floor((np.arange(len(wanted)) + luck.random()) * len(there) / len(wanted)).astype(np.intp)
        chosen[wanted[_by_time(seen.at_ms[wanted], luck)]] = there[np.minimum(places, len(there) - 1)]
    return chosen, without


def _classes(group: NDArray[np.int32], wave: NDArray[np.int32], state: NDArray[np.int8]) -> NDArray[np.int64]:
    return (group.astype(np.int64) * (int(wave.max(initial=0)) + 2) + wave + 1) * 16 + state


def _by_time(at_ms: NDArray[np.float64], luck: np.random.Generator) -> NDArray[np.intp]:
    """The order of times; those without one, or with the same, in any order."""
    return np.lexsort((luck.random(len(at_ms)), np.nan_to_num(at_ms, nan=np.inf)))


def placed(fleet: Fleet, chosen: NDArray[np.intp], scenario: Scenario) -> Fleet:
    """The fleet in which each device has the luck of another, and its own name."""
    taken = fleet.take(chosen, fleet.ids)
    tables = {source.name for source in scenario.fleet.tables}
    given = np.isin(fleet.group, [k for k, name in enumerate(fleet.group_names) if name in tables])
    changes: dict[str, Any] = {"whole": fleet.whole, "first": fleet.first}
    if given.any():

        def own(mine: Coded, other: Coded) -> Coded:
            return Coded(np.where(given, mine.codes, other.codes).astype(np.int32), mine.names)

        for name in array_columns(fleet):
            if name not in LUCK:
                changes[name] = np.where(given, getattr(fleet, name), getattr(taken, name))
        changes["hardware"] = own(fleet.hardware, taken.hardware)
        changes["firmware"] = own(fleet.firmware, taken.firmware)
        changes["mcu"] = {name: own(column, taken.mcu[name]) for name, column in fleet.mcu.items()}
        changes["attributes"] = {
            name: own(column, taken.attributes[name])  # type: ignore[arg-type]
            if isinstance(column, Coded)
            else np.where(given, column, taken.attributes[name])  # type: ignore[arg-type]
            for name, column in fleet.attributes.items()
        }
    return with_lists(replace(taken, **changes), scenario)
