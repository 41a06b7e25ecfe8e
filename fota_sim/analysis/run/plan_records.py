"""The record of a run of several plans, plan by plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.plan_log import by_plan
from fota_sim.engines.record import RunRecord
from fota_sim.fleet.coded import Coded
from fota_sim.scenario.products import PLAN

_NOT_COUNTED = ("id",)


def plan_records(record: RunRecord) -> dict[str, RunRecord]:
    """What devices of each plan left, by its name, with its own log; nothing where there is one plan.

    Ids and dialogues are left out. Of a part of a fleet too: a plan may have no device there.
    """
    plan: Coded | None = record.devices.get(PLAN)
    return {} if plan is None else {name: _of(record, plan, name) for name in plan.names if name}


def record_of(record: RunRecord, plan: str) -> RunRecord:
    """What devices of this plan left, as a record of that plan alone; the record itself where there is one plan."""
    plans: Coded | None = record.devices.get(PLAN)
    if plans is None:
        return record
    own = _of(record, plans, plan)
    return replace(own, devices={name: values for name, values in own.devices.items() if name != PLAN})


def _of(record: RunRecord, plans: Coded, plan: str) -> RunRecord:
    """``plans``: of each device."""
    mask = np.asarray(plans.codes) == plans.names.index(plan)
    places = np.flatnonzero(mask)
    numbers = record.devices["device"]
    first = int(numbers[0]) if len(numbers) else 0
    return replace(
        record,
        devices={name: _taken(values, places) for name, values in record.devices.items() if name not in _NOT_COUNTED},
        downloads=record.downloads[mask[record.downloads[:, 0] - first]],
        events=None,
        transcripts={},
        platform_logs={},
        plan_log=by_plan(record.plan_log)[plan],
    )


def _taken(column: Any, places: NDArray[np.intp]) -> Any:
    return column.take(places) if isinstance(column, Coded) else column[places]
