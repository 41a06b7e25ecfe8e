"""Which devices of a log are of which sources of the fleet, and classes of signal and battery."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fota_sim.errors import FotaSimError
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.membership import Membership, membership
from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.quoting import listed, number_of, quoted
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.model import Scenario

SIGNAL_EDGES_dBm = (-115.0, -105.0, -95.0, -85.0)
"""Of classes of signal: from hardly any to good, ten decibels each."""
BATTERY_EDGES_PCT = (20.0, 40.0, 60.0, 80.0)
MEASURED, UNKNOWN = ("signal", "battery"), "not known"
"""What devices are classed by that is a reading, and the class of those of which the log has none."""
MOST_OF_OTHERS = 0.1
"""Of the log's devices, that may be of other plans than it is said to be of."""


@dataclass(frozen=True)
class Classes:
    """Devices by the sources that they can be told to be of."""

    members: tuple[tuple[Devices, ...], ...]
    """The sources of each class: one, or all where the log does not tell them apart."""
    of: NDArray[np.int64]
    """The class of each device of the log; shape (devices,)."""
    note: str = ""
    """What could not be told apart; empty if everything could."""

    def name(self, number: int) -> str:
        """What a class is called."""
        return ", ".join(source.name for source in self.members[number])


def classes_of(histories: Histories, scenario: Scenario, plan: str = "") -> Classes:
    """By group, by device names, by model; all together where none of these tells.

    ``plan``: of several the one that the log is of; only sources of which it takes devices are told apart. Raises
    FotaSimError where most of the log's devices are those of other plans, ScenarioError for what only the fleet shows.
    """
    sources = scenario.fleet.sources
    if len(scenario.plans) > 1:
        taken = membership(scenario, plan)
        _check_plan(histories, scenario, plan, taken)
        sources = [source for source in sources if source.name in taken.groups]
    frame = histories.frame
    if len(sources) == 1:
        return Classes((tuple(sources),), np.zeros(len(frame), np.int64))
    for of in (_by_group(frame, sources), _by_name(frame, scenario, sources), _by_model(frame, sources)):
        if of is not None:
            return Classes(tuple((source,) for source in sources), of)
    note = (
        f"The log does not say which device is of {listed(source.name for source in sources)}; they are learnt as one."
    )
    return Classes((tuple(sources),), np.zeros(len(frame), np.int64), note)


def _check_plan(histories: Histories, scenario: Scenario, plan: str, taken: Membership) -> None:
    """Raise FotaSimError where the log is of devices that another plan takes, for certain."""
    if not taken.fixed:
        return
    others = {name for name, mine in zip(build_fleet(scenario, 0).ids, taken.always.tolist(), strict=True) if not mine}
    named = histories.frame["device"][~histories.ended(End.NOT_APPLICABLE)]
    wrong = named[named.isin(others)]
    if len(wrong) > MOST_OF_OTHERS * max(1, len(named)):
        raise FotaSimError(
            f"{len(wrong):,} of {number_of(len(named), 'device')} in the log are none that plan {plan} takes, such as "
            f"{quoted(str(wrong.iloc[0]))}; give the log of {plan}, or the plan of this log by --plan"
        )


def _by_group(frame: pd.DataFrame, sources: list[Devices]) -> NDArray[np.int64] | None:
    return _placed(frame["group"].map({source.name: number for number, source in enumerate(sources)}))


def _by_name(frame: pd.DataFrame, scenario: Scenario, sources: list[Devices]) -> NDArray[np.int64] | None:
    """A group's devices are called after it; a table's have the names in it."""
    begins = frame["device"].str.rpartition("-")[0]
    found = begins.map({source.name: number for number, source in enumerate(sources)})
    if scenario.fleet.tables and not found.notna().all():
        number = {source.name: number for number, source in enumerate(sources)}
        fleet = build_fleet(scenario, 0)
        of = [number.get(name, -1) for name in fleet.group_names]
        places = {name: of[group] for name, group in zip(fleet.ids, fleet.group.tolist(), strict=True)}
        found = frame["device"].map(places)
        found = found.where(found >= 0)
    return _placed(found)


def _by_model(frame: pd.DataFrame, sources: list[Devices]) -> NDArray[np.int64] | None:
    models = [source.module for source in sources]
    if len(set(models)) < len(models):
        return None
    return _placed(frame["model"].map({model: number for number, model in enumerate(models)}))


def _placed(found: pd.Series) -> NDArray[np.int64] | None:
    return None if found.isna().any() else found.to_numpy(np.int64)


def class_labels(histories: Histories) -> dict[str, NDArray[np.object_]]:
    """Labels of devices by what they are classed by: signal, battery, model, hardware, where the log says it.

    '' for a device of which it does not; each array has shape (devices,).
    """
    frame = histories.frame
    found = {
        "signal": _cut(frame["signal_dBm"], SIGNAL_EDGES_dBm, "dBm"),
        "battery": _cut(frame["battery_pct"], BATTERY_EDGES_PCT, "%"),
        **{name: frame[name].to_numpy(object) for name in ("model", "hardware", "group")},
    }
    return {name: labels for name, labels in found.items() if len(set(labels) - {""}) > (name != "signal")}


def in_order(by: str) -> list[str]:
    """The labels of classes that are cut from numbers, from low to high; none for what is a name."""
    cuts = {"signal": (SIGNAL_EDGES_dBm, "dBm"), "battery": (BATTERY_EDGES_PCT, "%")}
    return _names(*cuts[by]) if by in cuts else []


def _names(edges: tuple[float, ...], unit: str) -> list[str]:
    between = [f"{low:g} to {high:g} {unit}" for low, high in pairwise(edges)]
    return [f"below {edges[0]:g} {unit}", *between, f"above {edges[-1]:g} {unit}"]


def _cut(values: pd.Series, edges: tuple[float, ...], unit: str) -> NDArray[np.object_]:
    names = [*_names(edges, unit), ""]
    numbers = values.to_numpy(np.float64)
    place = np.where(np.isnan(numbers), len(edges) + 1, np.searchsorted(edges, np.nan_to_num(numbers), side="right"))
    labels: NDArray[np.object_] = np.array(names, dtype=object)[place]
    return labels
