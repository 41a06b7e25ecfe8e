"""Flash, reboot and what can go wrong: apply time, power cuts, boot schemes, rollback and brick."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import rule
from fota_sim.rules.rows import APPLY_BPS, APPLY_FIXED_S, BOOT_ATTEMPTS, BOOT_SCHEME, DELTA_EXPANSION, P_BRICK, P_VERIFY

# Positions in labels.BOOT_SCHEMES
IN_PLACE, STAGED, BACKUP, AB = 0, 1, 2, 3

# Positions in labels.DEFECT_EFFECTS
NO_DEFECT = -1
VERIFY_FAILURE, BOOT_FAILURE, WRONG_VERSION, NEVER_RECONNECTS, DIES_LATER = 0, 1, 2, 3, 4

# What flashing came to
APPLIED, VERIFY_FAILED, OLD_KEPT, RESTORED, BRICKED, RESUMED = 0, 1, 2, 3, 4, 5

_MONTH_S = 30.0 * 86400.0


@rule
def apply_s(module: NDArray[np.float64], size_B: int, delta: bool) -> float:
    """Seconds to apply a package of ``size_B`` bytes: a fixed part, and its bytes over the rate.

    The rate was measured per byte of a delta (docs/sources.md, Upgrade), so what a delta expands to is in it already;
    a module whose rate is that of the flash has its own ``DELTA_EXPANSION``.
    """
    counted_B = size_B * module[DELTA_EXPANSION] if delta else float(size_B)
    return float(module[APPLY_FIXED_S] + counted_B / module[APPLY_BPS])


@rule
def verify_fails(module: NDArray[np.float64], u: float) -> bool:
    """Whether the stored image fails the check before it is written."""
    return bool(u < module[P_VERIFY])


@rule
def after_power_loss(module: NDArray[np.float64], u_brick: float, attempt: int) -> int:
    """What a power loss while flashing leaves: BRICKED, OLD_KEPT, RESTORED or RESUMED (flash again at power-up).

    A/B never touches the running slot, so the old firmware stays. The others brick with the module's probability;
    else in place and staged resume until they succeed, and a backup partition is restored after the last attempt
    (Quectel DFOTA guides; docs/sources.md, Upgrade).
    """
    scheme = module[BOOT_SCHEME]
    if scheme == AB:
        return OLD_KEPT
    if u_brick < module[P_BRICK]:
        return BRICKED
    if scheme == BACKUP and attempt >= module[BOOT_ATTEMPTS]:
        return RESTORED
    return RESUMED


@rule
def after_boot_failure(module: NDArray[np.float64]) -> int:
    """What firmware that does not boot leaves: a brick, or the old firmware where the scheme kept it."""
    scheme = module[BOOT_SCHEME]
    if scheme in (BACKUP, AB):
        return RESTORED
    return BRICKED


@rule
def next_power_cut_ms(after_ms: int, per_30_days: float, u: float) -> int:
    """When the supply fails next after ``after_ms``: a Poisson process that does not care what the device does."""
    if per_30_days <= 0.0:
        return 1 << 60
    return after_ms + int(min(-math.log(u) / per_30_days * _MONTH_S * 1000.0, 1e17)) + 1
