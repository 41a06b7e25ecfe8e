"""What becomes of a rollout from now on in one member: what the log knows, and what is simulated of the rest."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.forecast.states import DONE, Seen, State, not_meant
from fota_sim.engines.record import RunRecord
from fota_sim.rules import codes
from fota_sim.rules.labels import CAUSES, OUTCOMES

Floats = NDArray[np.float64]

SHARES = (0.5, 0.9, 0.99)
"""Of the reachable, for which it is told when they are done."""
SO_FAR = "so far"
"""Stands for the cause of a failure that has happened already."""
_FIRED = re.compile(r"fired at ")


@dataclass(frozen=True)
class Ahead:
    """One member under one branch, to the end of the run."""

    upgraded: int
    failed: int
    """Rolled back ones among them, bricks not."""
    bricked: int
    refused: int
    open: int
    """Meant for it, and neither done nor refused in the end."""
    meant: int
    """Devices that the plan is for, and that nobody took out."""
    reachable: int
    """Devices that were heard of by the end, and are meant for it."""
    causes: Counter[str]
    """Failed and bricked devices by cause; what happened before now under ``SO_FAR``."""
    done_ms: tuple[float, ...]
    """When ``SHARES`` of the reachable are done, since activation; NaN: not by the end."""
    adopted: NDArray[np.int64]
    """Upgraded devices at each time of the grid."""
    fired: bool
    """Whether an abort rule stops the rollout from now on."""

    @property
    def lost(self) -> int:
        """Failed and bricked."""
        return self.failed + self.bricked


def ahead(record: RunRecord, seen: Seen, now_ms: int, grid_ms: NDArray[np.int64]) -> Ahead:
    """Count a member. What the log says to be done stays so; nothing of the rest is done before now."""
    devices = record.devices
    outcome, cause = devices["outcome"].codes, devices["cause"].codes
    known = np.isin(seen.state, DONE)
    taken_out = (seen.state == State.OTHER) | (~known & not_meant(outcome, cause))
    still = ~known & ~taken_out

    upgraded = (seen.state == State.SUCCEEDED) | (still & (outcome == codes.UPGRADED))
    bricked = (seen.state == State.BRICKED) | (still & (outcome == codes.BRICKED))
    fails = ((outcome == codes.FAILED) & (cause != codes.PLAN_OVER)) | (outcome == codes.ROLLED_BACK)
    failed = (seen.state == State.FAILED) | (still & fails)
    refused = still & (outcome == codes.REFUSED)

    done = upgraded | failed | bricked
    simulated_ms = _first_of(devices["finished_ms"], devices["upgraded_ms"])
    at_ms = np.where(known, np.nan_to_num(seen.at_ms, nan=now_ms), np.maximum(simulated_ms, now_ms))
    reached = ((seen.state != State.NEVER) | (devices["first_contact_ms"] >= 0)) & ~taken_out
    return Ahead(
        int(upgraded.sum()),
        int(failed.sum()),
        int(bricked.sum()),
        int(refused.sum()),
        int((still & ~done & ~refused).sum()),
        int((~taken_out).sum()),
        int(reached.sum()),
        _causes(outcome, cause, failed | bricked, known),
        _times(np.sort(at_ms[done & reached]), int(reached.sum())),
        np.searchsorted(np.sort(at_ms[upgraded]), grid_ms, side="right"),
        any(at >= now_ms and _FIRED.search(text) for at, text in record.plan_log),
    )


def _first_of(finished_ms: NDArray[Any], upgraded_ms: NDArray[Any]) -> Floats:
    return np.where(finished_ms >= 0, finished_ms, upgraded_ms).astype(np.float64)


def _causes(
    outcome: NDArray[Any], cause: NDArray[Any], lost: NDArray[np.bool_], known: NDArray[np.bool_]
) -> Counter[str]:
    found: Counter[str] = Counter()
    if before := int((lost & known).sum()):
        found[SO_FAR] = before
    pairs, counts = np.unique(np.stack([outcome, cause])[:, lost & ~known], axis=1, return_counts=True)
    for (ended, why), count in zip(pairs.T.tolist(), counts.tolist(), strict=True):
        found[CAUSES[why] or OUTCOMES[ended]] += count
    return found


def _times(done_ms: Floats, reachable: int) -> tuple[float, ...]:
    """When shares of the reachable are done; ``done_ms`` ascending."""
    wanted = [int(np.ceil(share * reachable)) for share in SHARES]
    return tuple(float(done_ms[count - 1]) if 0 < count <= len(done_ms) else np.nan for count in wanted)
