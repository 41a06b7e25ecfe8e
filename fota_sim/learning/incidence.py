"""Who ends how, and when, where some were taken out before their end: competing risks.

A device that the operator cancelled, or whose story goes on after the export, is censored: what would have become of it
is not known, but that nothing had until then is. Shares of those that ended would count the quick ones too often, and
1 - Kaplan-Meier of one cause would count devices that another cause took already; Aalen and Johansen's estimator does
neither.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.histories.ends import CENSORED, End
from fota_sim.histories.table import Histories

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Survival:
    """Kaplan and Meier's estimate of the share that has not been met by an event."""

    times: Array
    """When events were; ascending, shape (events,)."""
    share: Array
    """Behind each; shape (events,)."""
    at_end: float
    """Behind the last."""
    error: float
    """Its standard error, by Greenwood; 0 where all or none had the event."""


def survival(times: Array, happened: NDArray[np.bool_]) -> Survival:
    """Of devices that were watched for ``times``, and of which ``happened`` had the event then; shape (devices,)."""
    at, events, leaving = _steps(times, happened[:, np.newaxis])
    risk = len(times) - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    hits = events[:, 0]
    share = np.cumprod(1.0 - hits / risk)
    some = hits > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.where(risk > hits, hits / (risk * (risk - hits)), 0.0).sum()
    end = float(share[-1]) if len(share) else 1.0
    return Survival(at[some], share[some], end, end * float(np.sqrt(greenwood)))


def incidence(times: Array, causes: NDArray[np.int64], count: int) -> tuple[Array, Array]:
    """Aalen and Johansen's cumulative incidence: times, and of each cause the share that it has met by then.

    ``causes``: from 0 to ``count`` - 1, and -1 for who was censored; shape (devices,). The second result has shape
    (times, count).
    """
    at, events, leaving = _steps(times, causes[:, np.newaxis] == np.arange(count))
    risk = len(times) - np.concatenate([[0], np.cumsum(leaving)[:-1]])
    left = np.cumprod(1.0 - events.sum(axis=1) / risk)
    before = np.concatenate([[1.0], left[:-1]])
    return at, np.cumsum(before[:, np.newaxis] * events / risk[:, np.newaxis], axis=0)


def _steps(times: Array, happened: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Different times in order; of each the events by kind, and all who leave with it."""
    at, place = np.unique(times, return_inverse=True)
    events = np.zeros((len(at), happened.shape[1]))
    np.add.at(events, place, happened.astype(np.float64))
    return at, events, np.bincount(place, minlength=len(at)).astype(np.float64)


def contacts(histories: Histories, which: NDArray[np.bool_]) -> Survival:
    """Who has not been reached, over the time since the offer; who was cancelled first is censored.

    Of a device that was reached at a time that the log does not say, the last time counts until which it was observed.
    """
    frame = histories.frame[which]
    offered = frame["offered_s"].fillna(histories.began_s).to_numpy(np.float64)
    contact = frame["contact_s"].to_numpy(np.float64)
    reached = histories.reached[which]
    until = np.where(np.isfinite(contact), contact, frame["seen_s"].to_numpy(np.float64))
    return survival(np.maximum(0.0, until - offered), reached)


def ends_at_last(histories: Histories) -> dict[End, float]:
    """The share that would have ended so by the end of the log, had nobody been taken out before."""
    frame = histories.frame[~histories.ended(End.NOT_APPLICABLE) & histories.offered]
    ended = frame["ended"].to_numpy(object)
    kinds = [end for end in End if end not in CENSORED and end is not End.NOT_APPLICABLE and (ended == str(end)).any()]
    if not kinds:
        return {}
    causes = np.full(len(frame), -1, np.int64)
    for number, end in enumerate(kinds):
        causes[ended == str(end)] = number
    offered = frame["offered_s"].fillna(histories.began_s).to_numpy(np.float64)
    watched = np.maximum(0.0, frame["seen_s"].to_numpy(np.float64) - offered)
    _, shares = incidence(watched, causes, len(kinds))
    return {end: float(shares[-1, number]) for number, end in enumerate(kinds)}
