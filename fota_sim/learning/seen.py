"""The statistics that knobs are learnt by: the same numbers of a real log and of a simulated one.

Each is a plain estimate that somebody could make by hand: a quantile of waiting times, the time of quick downloads, a
share of failures. That they are not the parameters themselves does not matter; trials say how they follow from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import fisher_exact

from fota_sim.histories.columns import TIMES
from fota_sim.histories.ends import FAILURES, End
from fota_sim.histories.table import Histories

FEWEST = 20
"""Devices or attempts that a statistic needs."""
FEWEST_BROKEN = 5
"""Failed downloads that say at which signal they fail."""
_NOT_BY_LUCK = 0.001
"""Chance that devices without a signal fare so unlike the others by luck, below which it is not taken for luck."""
_SOFTNESS_dB = 2.0
_STRONG = 0.6
_MOST = 0.6
_QUICK = 0.1
"""Low, since slow downloads are slow for many reasons: a weak signal, a slow connection, an attempt before that the log
hides. In 800 simulated NB-IoT devices it tells the speed twice as closely as the median does."""
_CONTACT_QUANTILE = 0.8
"""High, since an even spread shows at its end; below the end, where stragglers are."""
_CONTACTS_BESIDE = (0.25, 0.5)
"""Others, which have to follow from what is learnt by the first; else waits are of another shape, and teach nothing."""


@dataclass(frozen=True)
class Seen:
    """Of each device what statistics need; all arrays have shape (devices,)."""

    of: NDArray[np.int64]
    """Its class."""
    ended: NDArray[np.object_]
    waited_s: NDArray[np.float64]
    """From the offer to the first contact."""
    began_after_s: NDArray[np.float64]
    """From the contact to the first byte."""
    took_s: NDArray[np.float64]
    """The download, of devices that needed one attempt; or contact to success where the log has no more."""
    attempts: NDArray[np.float64]
    broken: NDArray[np.float64]
    """Downloads that failed."""
    signal_dBm: NDArray[np.float64]

    def take(self, which: NDArray[np.intp]) -> Seen:
        """Some devices, or some of them more than once."""
        return Seen(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


Statistic = Callable[[Seen], float]
"""A number of devices' histories; NaN where they are too few."""


def seen(histories: Histories, classes: NDArray[np.int64]) -> Seen:
    """What a log shows of each device."""
    frame = histories.frame
    at = _spread(histories)
    ended = frame["ended"].to_numpy(object)
    attempts = frame["attempts"].to_numpy(np.float64)
    broken = frame["download_failures"].to_numpy(np.float64)
    success = ended == str(End.SUCCEEDED)
    if {"download_s", "downloaded_s"} <= histories.view.times:
        took = at["downloaded_s"] - at["download_s"]
        once = success & ~(attempts > 1) & ~(broken > 0)
    else:
        took = at["ended_s"] - at["contact_s"]
        once = success & ~(attempts > 1)
    offered = np.where(np.isfinite(at["offered_s"]), at["offered_s"], histories.began_s)
    return Seen(
        classes,
        ended,
        at["contact_s"] - offered,
        at["download_s"] - at["contact_s"],
        np.where(once & (took > 0), took, np.nan),
        attempts,
        broken,
        frame["signal_dBm"].to_numpy(np.float64),
    )


def _spread(histories: Histories) -> dict[str, NDArray[np.float64]]:
    """Times by column; where they stand on steps, anywhere within these, of a log and of trials alike."""
    luck = np.random.default_rng(len(histories))
    at = {name: histories.frame[name].to_numpy(np.float64) for name in TIMES}
    for step in histories.view.steps:
        at[step.column] = step.spread(at[step.column], luck)
    return at


def waiting(classes: frozenset[int]) -> Statistic:
    """Logarithm of a high quantile of the wait for the first contact, of those that came."""

    def statistic(found: Seen) -> float:
        return _quantile(found.waited_s[_among(found, classes)], _CONTACT_QUANTILE)

    return statistic


def waiting_beside(classes: frozenset[int]) -> tuple[Statistic, ...]:
    """Logarithms of lower quantiles of the same waits."""

    def of(share: float) -> Statistic:
        return lambda found: _quantile(found.waited_s[_among(found, classes)], share)

    return tuple(map(of, _CONTACTS_BESIDE))


def beginning(classes: frozenset[int]) -> Statistic:
    """Logarithm of the median time from contact to the first byte."""
    return lambda found: _quantile(found.began_after_s[_among(found, classes)], 0.5)


def taking(classes: frozenset[int]) -> Statistic:
    """Logarithm of the time of a quick download, of which one in ten is quicker."""
    return lambda found: _quantile(found.took_s[_among(found, classes)], _QUICK)


def breaking(classes: frozenset[int], counted: bool) -> Statistic:
    """Log odds of a download's failure: per attempt where attempts are ``counted``, else of devices at their end."""

    def statistic(found: Seen) -> float:
        among = _among(found, classes)
        k, n = broken_downloads(found, among, counted)
        return float(np.log((k + 0.5) / (n - k + 0.5))) if n >= FEWEST and k >= FEWEST_BROKEN else np.nan

    return statistic


def breaking_at(classes: frozenset[int], counted: bool) -> Statistic:
    """The signal at which half of the downloads would fail, in dBm, were the odds to double every 1.4 dB.

    Where the log has signals this says much more than how many failed, which hangs on how many weak devices there are.
    """

    def statistic(found: Seen) -> float:
        among = _among(found, classes) & np.isfinite(found.signal_dBm)
        if counted:
            of = np.where(among, np.nan_to_num(found.attempts), 0.0)
            k = np.where(among, np.minimum(np.nan_to_num(found.broken), of), 0.0)
        else:
            failed = np.isin(found.ended, [str(End.FAILED_DOWNLOAD), str(End.FAILED)])
            of = (among & (failed | (found.ended == str(End.SUCCEEDED)))).astype(np.float64)
            k = (among & failed).astype(np.float64)
        total = float(k.sum())
        if total < FEWEST_BROKEN or float(of.sum()) < FEWEST:
            return np.nan
        tried = of > 0
        signal, of, k = found.signal_dBm[tried], of[tried], k[tried]
        strong = signal >= np.quantile(signal, _STRONG)  # what fails there fails for another reason, at any signal
        always = min(0.9, float(k[strong].sum() / of[strong].sum()))
        low, high = -160.0, -30.0
        for _ in range(40):
            middle = 0.5 * (low + high)
            expected = float((of * (always + (1.0 - always) * expit((middle - signal) / _SOFTNESS_dB))).sum())
            low, high = (middle, high) if expected < total else (low, middle)
        return 0.5 * (low + high)

    return statistic


def says_signal(found: Seen) -> bool:
    """Whether the log has the signal of most devices, and those without are no others by how they fare."""
    return float(np.isfinite(found.signal_dBm).mean()) > _MOST and not lacks_signal_of_some(found)


def lacks_signal_of_some(found: Seen) -> bool:
    """Whether devices without a signal fail more, or less, often than those with one.

    As where a platform has no reading of a device that is hardly reached: then those that have one do not show at which
    signal downloads fail.
    """
    failed = np.isin(found.ended, [str(each) for each in FAILURES]) | (found.broken > 0)
    done = failed | (found.ended == str(End.SUCCEEDED))
    known = np.isfinite(found.signal_dBm)
    table = np.array([[(done & which & fate).sum() for fate in (failed, ~failed)] for which in (known, ~known)])
    return bool(table.sum(axis=1).min() > 0) and float(fisher_exact(table).pvalue) < _NOT_BY_LUCK


def broken_downloads(found: Seen, among: NDArray[np.bool_], counted: bool) -> tuple[int, int]:
    """How many downloads failed, and of how many."""
    if counted:
        began = among & (found.attempts > 0)
        k = int(np.nansum(found.broken[began]))
        return k, max(k, int(np.nansum(found.attempts[began])))
    failed = np.isin(found.ended, [str(End.FAILED_DOWNLOAD), str(End.FAILED)])
    tried = failed | np.isin(found.ended, [str(each) for each in (End.SUCCEEDED, *FAILURES, End.INSTALLING)])
    return int((among & failed).sum()), int((among & tried).sum())


def _among(found: Seen, classes: frozenset[int]) -> NDArray[np.bool_]:
    return np.isin(found.of, [*classes])


def _quantile(values: NDArray[np.float64], share: float) -> float:
    known = values[np.isfinite(values)]
    return float(np.log(max(1.0, np.quantile(known, share)))) if len(known) >= FEWEST else np.nan
