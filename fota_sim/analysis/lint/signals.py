"""Findings about the mean signals of a drawn fleet: those without a link, and those for which a cell has no slot."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.lint.drawn import Drawn
from fota_sim.engines.hardware import radio_row
from fota_sim.rules import share
from fota_sim.rules.radio import coverage_level
from fota_sim.scenario.document import Key
from fota_sim.scenario.fleet import TableFleet
from fota_sim.scenario.lint.facts import ROLLOUT, Finding, some_devices

_FEW = 0.05
"""No more devices than this share without a link, or without a slot, are not told. Assumption."""


def _levels(drawn: Drawn) -> NDArray[np.int64]:
    """Each device's coverage level at its mean signal, asked once for each radio and signal; shape (devices,)."""
    scenario, fleet = drawn.scenario, drawn.fleet
    rows = [radio_row(name, scenario.radios[name]) for name in fleet.radio_names]
    columns = np.stack([fleet.radio.astype(np.float64), fleet.rssi_mean_dBm], axis=1)
    different, place = np.unique(columns, axis=0, return_inverse=True)
    levels = [coverage_level(rows[int(number)], float(signal_dBm)) for number, signal_dBm in different.tolist()]
    return np.array(levels, dtype=np.int64)[place.reshape(-1)]


def no_link(drawn: Drawn) -> Iterator[Finding]:
    """Sources of which many devices have a mean signal at which their radio has no link."""
    without = drawn.reached & ~drawn.linked
    for path, devices in drawn.scenario.fleet.placed():
        of_source = np.array([name == devices.name for name in drawn.fleet.group_names], dtype=np.bool_)
        mine = drawn.reached & of_source[drawn.fleet.group]
        count, of = int((without & mine).sum()), int(mine.sum())
        if count <= share.rounded_down(_FEW, of):
            continue
        strongest_dBm = float(drawn.fleet.rssi_mean_dBm[without & mine].max())
        radios = sorted({drawn.fleet.radio_names[radio] for radio in drawn.fleet.radio[without & mine].tolist()})
        have = "has" if count == 1 else "have"
        message = (
            f"{count:,} of {some_devices(of)} in reach {have} a mean signal of {strongest_dBm:.4g} dBm or less, at "
            f"which {' and '.join(radios)} {'has' if len(radios) == 1 else 'have'} no link: they hardly ever connect"
        )
        where: Key = (*path, "rssi")
        if isinstance(devices, TableFleet) and "rssi" in devices.columns:
            where = (*path, "columns", "rssi")
            if devices.units.rssi == "dBm":
                message += ". Is it RSRP? Write units: {rssi: rsrp}"
        yield where, message


def no_slot(drawn: Drawn) -> Iterator[Finding]:
    """Coverage levels without a slot in their cell, at which nearly all devices are."""
    cells = drawn.scenario.plan.rollout.cell_concurrency
    if cells is None or all(cells.devices) or not any(cells.devices):
        return  # without any it is told of the plan
    levels = _levels(drawn)[drawn.reached]
    closed = [level for level, slots in enumerate(cells.devices) if not slots]
    kept, of = int(np.isin(levels, closed).sum()), len(levels)
    if of and of - kept <= share.rounded_down(_FEW, of):
        named = " and ".join(map(str, closed))
        message = (
            f"gives no slot at coverage level {named}, where {kept:,} of the {some_devices(of)} in reach are by their "
            "mean signal: they are never offered the plan. Give it some"
        )
        yield (*ROLLOUT, "cell_concurrency", "devices"), message
