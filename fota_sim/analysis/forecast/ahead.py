"""What becomes of a rollout from now on in one member: what the log knows, and what is simulated of the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.forecast.states import DONE, Seen, State, elsewhere, not_meant
from fota_sim.engines.plan_log import by_plan
from fota_sim.engines.record import RunRecord
from fota_sim.rules import codes
from fota_sim.rules.labels import CAUSES, OUTCOMES

Floats = NDArray[np.float64]

SHARES = (0.5, 0.9, 0.99)
"""Of the reachable, for which it is told when they are done."""
TENTH = 0.1
"""Of the reachable: when so many are done, there is something to learn from."""
SO_FAR = "so far"
"""Stands for the cause of a failure that has happened already."""
_FIRED = re.compile(r"fired at ")


@dataclass(frozen=True)
class Coming:
    """When something first happens from now on, since activation; NaN: not by the end."""

    heard_ms: float
    """A device is heard of that was not."""
    begun_ms: float
    """One begins."""
    done_ms: float
    """One is done, well or not."""
    tenth_ms: float
    """``TENTH`` of the reachable are done."""


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
    fired_before: bool
    """Whether one had stopped it before now, which a log does not say."""
    coming: Coming

    @property
    def lost(self) -> int:
        """Failed and bricked."""
        return self.failed + self.bricked


@dataclass(frozen=True)
class Asked:
    """What is counted of a rollout that goes on."""

    seen: Seen
    """Of the devices that the plan may take."""
    places: NDArray[np.intp]
    """Of these in the fleet."""
    now_ms: int
    grid_ms: NDArray[np.int64]
    """Times at which upgraded devices are counted."""
    plan: str = ""
    """Of several the one that is forecast."""
    unnamed: NDArray[np.bool_] | None = None
    """Which of them the log does not name though it would: what is simulated of them may have been before now."""


def ahead(record: RunRecord, asked: Asked) -> Ahead:
    """Count a member. What the log says to be done stays so; nothing of the rest is done before now."""
    seen, places, now_ms, grid_ms = asked.seen, asked.places, asked.now_ms, asked.grid_ms
    outcome, cause = (record.devices[name].codes[places] for name in ("outcome", "cause"))
    known = np.isin(seen.state, DONE)
    apart = not_meant(outcome, cause) | elsewhere(record, asked.plan)[places]
    taken_out = (seen.state == State.OTHER) | (~known & apart)
    still = ~known & ~taken_out

    upgraded = (seen.state == State.SUCCEEDED) | (still & (outcome == codes.UPGRADED))
    bricked = (seen.state == State.BRICKED) | (still & (outcome == codes.BRICKED))
    fails = ((outcome == codes.FAILED) & (cause != codes.PLAN_OVER)) | (outcome == codes.ROLLED_BACK)
    failed = (seen.state == State.FAILED) | (still & fails)
    refused = still & (outcome == codes.REFUSED)

    done = upgraded | failed | bricked
    finished_ms, upgraded_ms, contact_ms = (
        record.devices[name][places] for name in ("finished_ms", "upgraded_ms", "first_contact_ms")
    )
    simulated_ms = _first_of(finished_ms, upgraded_ms)
    at_ms = np.where(known, np.nan_to_num(seen.at_ms, nan=now_ms), np.maximum(simulated_ms, now_ms))
    if asked.unnamed is not None:
        at_ms = np.where(asked.unnamed, simulated_ms, at_ms)
    reached = ((seen.state != State.NEVER) | (contact_ms >= 0)) & ~taken_out
    done_ms = np.sort(at_ms[done & reached])
    reachable = int(reached.sum())
    heard, begun = still & (seen.state == State.NEVER), still & np.isnan(seen.begun_ms)
    released_ms, begun_ms = (record.devices[name][places] for name in ("released_ms", "download_start_ms"))
    coming = Coming(
        _first(np.maximum(contact_ms, released_ms)[heard & (contact_ms >= 0)], now_ms),
        _first(begun_ms[begun], now_ms),
        _first(simulated_ms[still & done], now_ms),
        *_times(done_ms, reachable, (TENTH,)),
    )
    fired_ms = [at_ms for at_ms, text in by_plan(record.plan_log)[asked.plan] if _FIRED.search(text)]
    return Ahead(
        int(upgraded.sum()),
        int(failed.sum()),
        int(bricked.sum()),
        int(refused.sum()),
        int((still & ~done & ~refused).sum()),
        int((~taken_out).sum()),
        reachable,
        _causes(outcome, cause, failed | bricked, known),
        _times(done_ms, reachable, SHARES),
        np.searchsorted(np.sort(at_ms[upgraded]), grid_ms, side="right"),
        any(each >= now_ms for each in fired_ms),
        any(each < now_ms for each in fired_ms),
        coming,
    )


def _first(at_ms: NDArray[Any], now_ms: int) -> float:
    """The first of these times that is not before now; NaN: none is."""
    to_come = at_ms[at_ms >= now_ms]
    return float(to_come.min()) if len(to_come) else np.nan


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


def _times(done_ms: Floats, reachable: int, shares: Sequence[float]) -> tuple[float, ...]:
    """When shares of the reachable are done; ``done_ms`` ascending."""
    wanted = [int(np.ceil(share * reachable)) for share in shares]
    return tuple(float(done_ms[count - 1]) if 0 < count <= len(done_ms) else np.nan for count in wanted)
