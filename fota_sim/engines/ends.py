"""From the story's records of what came of each device to the columns of a device table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import NONE
from fota_sim.engines.parameters import PlanParameters
from fota_sim.engines.rollout import released_ms
from fota_sim.engines.setting.names import Names
from fota_sim.engines.table import Fates
from fota_sim.fleet.coded import Coded
from fota_sim.rules.fates import NOTED


def fates_of(
    ended: Mapping[str, NDArray[Any]],
    mcu: NDArray[np.int32],
    mcus: list[str],
    names: Names,
    wave: NDArray[np.int32],
    released: NDArray[np.int64],
) -> Fates:
    """What came of each device.

    Args:
        ended: a column of shape (devices,) for each of ``fields.ENDED``.
        mcu: the version on each MCU, shape (devices, MCUs).
        mcus: the MCU components of the fleet.
        names: what the numbers of versions stand for.
        wave: the wave of each device, shape (devices,).
        released: when the rollout released it, in ms, shape (devices,).

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
            "wave": wave,
            "released_ms": released,
        },
    )


def released(plan: PlanParameters, noted_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """When the rollout released each device; ``noted_ms``: what the story noted."""
    return released_ms(plan.rollout, noted_ms, plan.starts_ms)
