"""A part of a large fleet that answers for all of it, where playing all of it takes long.

All that devices share is made smaller with them: radio cells, connections, egress, slots, the pace of the release. What
comes out is scaled up again. Some questions no part can answer, and then there is no sample: see ``sampled``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.run.outline import Outline
from fota_sim.experiment.arrow import counts
from fota_sim.scenario.fleet import Group
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.network import Server
from fota_sim.scenario.plan import device_lists
from fota_sim.scenario.rollout import Concurrency, Rate, Rollout, Wave
from fota_sim.scenario.waves import openings

DEVICES = 2_000
"""In a sample: as many meters as are played in some hundredths of a second; a share of them is known to 2 points."""
LEAST_PART = 4
"""A fleet that is not so many times as large as its sample is played at once instead."""
NEAR = 0.05
"""How far a whole number that is made smaller may be from what it should be, as a part of that."""
_PLACES = {"replication", "at_ms", "group", "battery_pct", "rssi_dBm", "text"}
"""Columns of an outline's tables that say where or when; all others count something that grows with the fleet."""


class Sample(NamedTuple):
    """How many devices answer, and for how many."""

    devices: int
    of: int

    @property
    def factor(self) -> float:
        """By which counts are scaled up."""
        return self.of / self.devices


class Sampled(NamedTuple):
    """A scenario that is a part of another."""

    scenario: Scenario
    sample: Sample


class _UnlikeError(Exception):
    """A part would not be like the whole."""


def sampled(scenario: Scenario, devices: int = DEVICES) -> Sampled | None:
    """A part of the scenario with about so many ``devices``, or a few times as many if that makes it more like.

    None where no part answers for the whole: see ``part_of``.
    """
    return next((found for size in sizes(devices) if (found := part_of(scenario, size)) is not None), None)


def sizes(devices: int) -> tuple[int, ...]:
    """How large a sample may be that is to have about so many devices: one a few times as large may be more like."""
    return tuple(more * devices for more in (1, 2, 4))


def part_of(scenario: Scenario, devices: int) -> Sampled | None:
    """A part of the scenario with so many ``devices``.

    They are the first of each group, so they have the luck that they have in the whole fleet; their values are
    drawn, so the first are as good as any. None where no such part answers for the whole: the fleet is small; it is
    ``unlike_any_part``; or something shared, made smaller, is no whole number any more.
    """
    whole = scenario.fleet.drawn
    if devices * LEAST_PART > whole or unlike_any_part(scenario):
        return None
    try:
        return _part(scenario, devices, whole)
    except _UnlikeError:
        return None


def unlike_any_part(scenario: Scenario) -> str:
    """Why no part of the fleet answers for all of it, however large both are; empty where nothing forbids one."""
    if scenario.fleet.tables:
        return "rows of a file may stand in an order that means something"
    if scenario.plans:
        return "there are several plans"
    if _watches_shares(scenario.plan.rollout):
        return "the rollout stops or goes on by shares of devices, which chance moves sooner where they are few"
    if any(listed.file or listed.ids for _, listed in device_lists(scenario.plan)):
        return "devices are listed by id"
    return ""


def _watches_shares(rollout: Rollout) -> bool:
    waits = any(
        opens.watches or opens.says_nothing  # for the last of those before
        for _, opens in openings(rollout.waves)
    )
    return bool(rollout.abort) or rollout.sequential is not None or waits


def _part(scenario: Scenario, devices: int, whole: int) -> Sampled:
    groups = _groups(scenario, devices, whole)
    count = sum(group.count for group in groups)
    part = count / whole
    network, plan = scenario.network, scenario.plan
    changed = {
        "fleet": scenario.fleet.model_copy(update={"groups": groups}),
        "network": network.model_copy(update={"server": _server(network.server, part)}),
        "plan": plan.model_copy(
            update={
                "rollout": _rollout(plan.rollout, part, whole),
                "operator": [each.model_copy(update={"rate": _rate(each.rate, part)}) for each in plan.operator],
            }
        ),
    }
    return Sampled(scenario.model_copy(update=changed), Sample(count, whole))


def _groups(scenario: Scenario, devices: int, whole: int) -> list[Group]:
    """They keep their proportions, none is left out, and each has as many devices to a cell where cells are limited."""
    found, given, counted = [], 0, 0
    for group in scenario.fleet.groups:
        counted += group.count
        count = devices * counted // whole - given
        given += count
        count = max(count, min(1, group.count))
        cells = max(1, round(group.cells * count / group.count)) if group.count else group.cells
        if _cells_matter(scenario, group):
            _near(cells, group.cells * count / group.count)
        found.append(group.model_copy(update={"count": count, "cells": cells}))
    return found


def _cells_matter(scenario: Scenario, group: Group) -> bool:
    if not group.count:
        return False
    radio = scenario.radios[group.radio or scenario.modules[group.module].radio]
    limited = scenario.network.cells.enforce and radio.cell_concurrency is not None
    return limited or scenario.plan.rollout.cell_concurrency is not None


def _server(server: Server, part: float) -> Server:
    egress = None if server.egress is None else server.egress * part
    connections = None if server.connections is None else _whole(server.connections, part)
    return server.model_copy(update={"connections": connections, "egress": egress})


def _rollout(rollout: Rollout, part: float, whole: int) -> Rollout:
    return rollout.model_copy(
        update={
            "waves": [_wave(wave, part, whole) for wave in rollout.waves],
            "rate": _rate(rollout.rate, part),
            "concurrency": _slots(rollout.concurrency, part),
        }
    )


def _wave(wave: Wave, part: float, whole: int) -> Wave:
    if wave.share is not None:
        _whole(max(1, round(wave.share * whole)), part)  # it has to be of some devices
    if wave.groups is not None:
        _whole(max(1, whole // wave.groups), part)
    counts = {"count": wave.count, "groups_of": wave.groups_of}
    return wave.model_copy(update={name: _whole(count, part) for name, count in counts.items() if count is not None})


def _rate(rate: Rate | None, part: float) -> Rate | None:
    if rate is None:
        return None
    step = None if rate.step is None else _whole(rate.step, part)
    limits = {"cap": rate.cap, "most_per_minute": rate.most_per_minute}
    scaled = {name: None if limit is None else limit * part for name, limit in limits.items()}
    return rate.model_copy(update={"devices": rate.devices * part, "step": step, **scaled})


def _slots(slots: Concurrency | None, part: float) -> Concurrency | None:
    if slots is None:
        return None
    reserved = _whole(slots.reserved, part) if slots.reserved else 0
    return slots.model_copy(update={"devices": _whole(slots.devices, part), "reserved": reserved})


def _whole(number: int, part: float) -> int:
    """The part of a whole number, a whole number; raises _UnlikeError where that is not near enough."""
    found = max(1, round(number * part))
    _near(found, number * part)
    return found


def _near(found: int, wanted: float) -> None:
    if abs(found - wanted) > NEAR * wanted:
        raise _UnlikeError


def scaled_up(played: Outline, sample: Sample) -> Outline:
    """What the whole fleet would show if it were like its sample."""
    factor = sample.factor
    counted = replace(
        played.counted,
        devices=sample.of,
        causes=_counts(played.counted.causes, factor),
        beliefs=_counts(played.counted.beliefs, factor),
        groups={name: _counts(those, factor) for name, those in played.counted.groups.items()},
    )
    measured = scaled_measures(played.measured, sample)
    tables = {name: _scaled_table(table, factor) for name, table in played.tables.items()}
    return Outline(played.replication, measured, counted, tables)


def scaled_measures(measured: Mapping[str, Measurement], sample: Sample) -> dict[str, Measurement]:
    """The metrics of a sample as those of the whole fleet.

    Numerators and denominators stay what was counted: how sure a share is depends on them.
    """
    return {name: _scaled(each, sample.factor) for name, each in measured.items()}


def _scaled(each: Measurement, factor: float) -> Measurement:
    if each.value is None or not each.metric.grows:
        return each
    most = None if each.most is None else each.most * factor
    return replace(each, value=each.value * factor, most=most)


def _counts(those: Any, factor: float) -> NDArray[np.int64]:
    found: NDArray[np.int64] = np.rint(np.asarray(those) * factor).astype(np.int64)
    return found


def _scaled_table(table: pa.Table, factor: float) -> pa.Table:
    return pa.table(
        {
            name: table[name] if name in _PLACES else counts(_counts(table[name].to_numpy(), factor))
            for name in table.column_names
        }
    )
