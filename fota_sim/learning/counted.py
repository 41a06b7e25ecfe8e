"""From counts to fields: how a counted share follows the field that makes it, as trials show it.

What a log counts is not the field itself. Some of it the simulator makes without it (a), and not all that the field
makes is counted (b < 1): who would be rolled back four times has ended by the export more seldom than who succeeds at
once. Trials without the fields say a; trials with the fields as they are counted, the same in which other things are
turned, say what is counted then:

    counted = a + b * field
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fota_sim.histories.table import Histories
from fota_sim.learning.classes import Classes
from fota_sim.learning.learned import Kept, Learned
from fota_sim.learning.rates import pooled_draws
from fota_sim.learning.regression import plane
from fota_sim.learning.shares import Count, drowned, learned_share

Floats = NDArray[np.float64]
_FOLLOWS = (0.5, 1.5)
"""Times what a field would add if all of it were counted, between which trials may have it: a few events in a log make
steep and flat slopes by luck."""


class Counted:
    """The shares that a log counts; a column is a count's share of one class of devices."""

    def __init__(
        self, counts: Sequence[Count], histories: Histories, classes: Classes, draws: int, luck: np.random.Generator
    ) -> None:
        """``draws``: of each share's posterior, which is Jeffreys', or pooled where a count has several classes."""
        self._counts = counts
        self._columns = [(each, label) for each in counts for label in each.labels]
        k, n, totals = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros((draws, 0))]
        for each in counts:
            hits, of = each.count(histories, classes)
            several = len(each.labels) > 1
            k.append(hits)
            n.append(of)
            alone = luck.beta(hits + 0.5, of - hits + 0.5, size=(draws, len(hits)))
            totals.append(pooled_draws(hits, of, draws, luck) if several else alone)
        self._k, self._n, self._totals = np.concatenate(k), np.concatenate(n), np.hstack(totals)
        self._known = np.array([each.known is not None for each, _ in self._columns], np.bool_)

    @property
    def off(self) -> dict[str, Any]:
        """Values with which nothing of it is the fields' doing."""
        return {path: value for each in self._counts for path, value in each.off.items()}

    def first(self) -> dict[str, Any]:
        """The shares as they are counted, for trials that find out the rest."""
        return self.values((self._k + 0.5) / (self._n + 1.0))

    def look(self, histories: Histories, classes: Classes, truth: pa.Table) -> Floats:
        """What a trial shows: the counted share, or the simulator's part where a trial tells it; shape (columns,)."""
        found = [np.zeros(0)]
        for each in self._counts:
            if each.known is not None:
                found.append(np.full(len(each.labels), each.known(truth)))
            else:
                k, n = each.count(histories, classes)
                found.append(k / np.maximum(1, n))
        return np.concatenate(found)

    def plausible(self, count: int, aside: Floats) -> Floats:
        """Fields that could have made the counts, shape (count, columns), for trials in which other things are turned.

        ``aside``: what trials without the fields show; shape (columns,). They differ from trial to trial, so what is
        learnt beside them is as wide as not knowing them makes it.
        """
        totals = np.resize(self._totals, (count, len(self._columns)))
        return np.maximum(0.0, (totals - aside) / np.maximum(1e-9, 1.0 - aside))

    def values(self, fields: Floats) -> dict[str, Any]:
        """Values of a scenario; shape (columns,)."""
        found: dict[str, Any] = {}
        for (each, label), value in zip(self._columns, fields.tolist(), strict=True):
            found |= each.carry(label, min(1.0, max(0.0, value)))
        return found

    def learned(self, aside: Floats, fields: Floats, shown: Floats, parameters: Floats) -> Iterator[Learned | Kept]:
        """What the counts teach; nothing where trials without the field show so much that too few devices are left.

        ``aside``: what trials without the fields show, on the average; shape (columns,). ``shown``: what trials with
        ``fields`` do; both shape (trials, columns). ``parameters``: what else differed between these; (trials, others).
        """
        aside = np.where(self._known, shown.mean(axis=0), aside)
        whole = np.maximum(1e-9, 1.0 - aside)
        with np.errstate(divide="ignore", invalid="ignore"):
            follows = (shown.mean(axis=0) - aside) / fields.mean(axis=0)
        told = ~self._known & np.isfinite(follows)
        follows = np.where(told, np.clip(follows, _FOLLOWS[0] * whole, _FOLLOWS[1] * whole), whole)
        middle = self._totals.mean(axis=0)
        totals = middle + (self._totals - middle) * self._unevenness(shown - follows * fields, shown, parameters)
        own = np.clip((totals - aside) / follows, 0.0, 1.0)
        for place, (each, label) in enumerate(self._columns):
            k, n = int(self._k[place]), int(self._n[place])
            anyway = float(aside[place])
            yield drowned(each, label, n, anyway) or learned_share(each, label, own[:, place], k, n, anyway)

    def _unevenness(self, left: Floats, shown: Floats, parameters: Floats) -> Floats:
        """Times a binomial's standard deviation that counts have in trials, at least 1; shape (columns,).

        What the simulator makes of a count comes in bunches: who is out of reach for an hour fails several times.
        ``left``: what trials show less what their fields make of it; shape (trials, columns).
        """
        trials, others = parameters.shape
        if trials <= 2 * (1 + others):
            return np.ones(len(self._columns))
        _, unexplained, freedom = plane(parameters, left)
        variance = (unexplained**2).sum(axis=0) / freedom
        share = shown.mean(axis=0)
        binomial = share * (1.0 - share) / np.maximum(1, self._n)
        with np.errstate(divide="ignore", invalid="ignore"):
            times = np.sqrt(variance / binomial)
        return np.where(self._known | ~np.isfinite(times), 1.0, np.maximum(1.0, times))
