"""From the story's records of what came of each device to the columns of a device table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import NONE
from fota_sim.engines.parameters import Parameters
from fota_sim.engines.rollout import released_ms
from fota_sim.engines.setting.names import Names
from fota_sim.engines.table import Fates
from fota_sim.fleet.alike import once
from fota_sim.fleet.coded import Coded
from fota_sim.rules.fates import NOTED


def fates_of(
    ended: Mapping[str, NDArray[Any]],
    mcu: NDArray[np.int32],
    mcus: list[str],
    names: Names,
    planned: Planned,
) -> Fates:
    """What came of each device.

    Args:
        ended: a column of shape (devices,) for each of ``fields.ENDED``.
        mcu: the version on each MCU, shape (devices, MCUs).
        mcus: the MCU components of the fleet.
        names: what the numbers of versions stand for.
        planned: what the plan made of each device.

    """
    said = (*names.versions, "")  # NONE, -1, is the last

    def versions(numbers: NDArray[np.int32]) -> Coded:
        return Coded(np.where(numbers == NONE, np.int32(len(names.versions)), numbers), said)

    return Fates(
        outcome=ended["outcome"],
        cause=ended["cause"],
        belief=ended["belief"],
        component_status=ended["status"],
        firmware_end=versions(ended["firmware"]),
        mcu_end={name: versions(mcu[:, j]) for j, name in enumerate(mcus)},
        charge_end=ended["charge"],
        others={
            **{each.name: ended[each.name] for each in NOTED},
            "reported_version": versions(ended["reported"]),
            "drained_mAh": ended["drained_mAh"],
            "self_discharged_mAh": ended["self_discharged_mAh"],
            "wave": planned.wave,
            "released_ms": planned.released_ms,
        },
        plan=planned.plan,
    )


class Planned(NamedTuple):
    """What each device's plan made of it before its story: every column of shape (devices,)."""

    wave: NDArray[np.int32]
    released_ms: NDArray[np.int64]
    """When the rollout released it."""
    plan: Coded | None
    """Name of the plan that it is of, "" if of none; None where there is one plan."""

    @classmethod
    def of(cls, parameters: Parameters, noted_ms: NDArray[np.int64], targets: NDArray[np.bool_]) -> Planned:
        """``noted_ms``: the releases that the story noted; ``targets``: whom lists let take part."""
        plans = parameters.plans
        at_ms = [released_ms(plan.rollout, noted_ms, plan.starts_ms) for plan in plans]
        names = (*(plan.name for plan in plans), "")
        said = None if len(plans) == 1 else Coded(np.where(targets, parameters.plan_of, len(plans)), names)
        wave = parameters.by_plan([plan.rollout.wave for plan in plans])
        return cls(once(wave), once(parameters.by_plan(at_ms)), said)
