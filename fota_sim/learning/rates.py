"""Shares by class, partly pooled: a class of few devices leans on the others, one of many speaks for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln
from scipy.stats import beta

from fota_sim.histories.ends import FAILURES, REACHED, End
from fota_sim.histories.table import Histories
from fota_sim.learning.classes import MEASURED, UNKNOWN, class_labels, in_order

_MEANS = 120
_CONCENTRATIONS = np.geomspace(1.0, 1e5, 41)
"""How alike classes may be: a class's share is one of Beta(mean * c, (1 - mean) * c)."""


@dataclass(frozen=True)
class Rate:
    """How many of how many, and what that says of the share."""

    label: str
    k: int
    n: int
    mean: float
    low: float
    high: float
    """95 %; none of n gives an upper end, near 3 / n, and ``low`` is 0."""


def share(label: str, k: int, n: int) -> Rate:
    """A single share: Jeffreys' prior; none, or all, of n is one-sided."""
    a, b = k + 0.5, n - k + 0.5
    low = 0.0 if k == 0 else float(beta.ppf(0.025, a, b))
    high = 1.0 if k == n else float(beta.ppf(0.95 if k == 0 else 0.975, a, b))
    return Rate(label, k, n, a / (a + b), low, high)


def pooled(labels: Sequence[str], k: NDArray[np.int64], n: NDArray[np.int64]) -> list[Rate]:
    """The shares of classes together; ``k`` of ``n`` with shape (classes,)."""
    if len(labels) == 1:
        return [share(labels[0], int(k[0]), int(n[0]))]
    draws = pooled_draws(k, n, 4000, np.random.default_rng(len(labels)))
    rates = []
    for number, label in enumerate(labels):
        low, high = np.quantile(draws[:, number], [0.025, 0.975])
        if k[number] == 0:
            low, high = 0.0, np.quantile(draws[:, number], 0.95)
        rates.append(
            Rate(label, int(k[number]), int(n[number]), float(draws[:, number].mean()), float(low), float(high))
        )
    return rates


def pooled_draws(
    k: NDArray[np.int64], n: NDArray[np.int64], count: int, luck: np.random.Generator
) -> NDArray[np.float64]:
    """Draws of the shares of classes from a beta-binomial with unknown mean and concentration; (count, classes).

    The mean has Jeffreys' prior for a share, the concentration a flat one over its logarithm; both are summed over a
    grid, so nothing has to converge.
    """
    means = beta.ppf((np.arange(_MEANS) + 0.5) / _MEANS, k.sum() / 4 + 0.5, (n - k).sum() / 4 + 0.5)
    means = np.clip(means, 1e-9, 1 - 1e-9)
    proposed = beta.logpdf(means, k.sum() / 4 + 0.5, (n - k).sum() / 4 + 0.5)
    prior = beta.logpdf(means, 0.5, 0.5) - proposed  # the grid is dense where the proposal is
    a = means[:, None] * _CONCENTRATIONS
    b = (1.0 - means[:, None]) * _CONCENTRATIONS
    weight = prior[:, None] + sum(
        betaln(a + int(hits), b + int(of - hits)) - betaln(a, b) for hits, of in zip(k, n, strict=True)
    )
    flat = np.exp(weight - weight.max()).ravel()
    cells = luck.choice(flat.size, count, p=flat / flat.sum())
    chosen_a, chosen_b = a.ravel()[cells], b.ravel()[cells]
    found: NDArray[np.float64] = luck.beta(chosen_a[:, None] + k, chosen_b[:, None] + (n - k))
    return found


def rates_of(histories: Histories) -> dict[str, dict[str, list[Rate]]]:
    """What became of devices, by class: failures of those that were reached, refusals, rollbacks."""
    frame = histories.frame
    ended = frame["ended"].to_numpy(object)
    began = np.isin(ended, [str(each) for each in (*FAILURES, End.SUCCEEDED)])
    reached = np.isin(ended, [str(each) for each in REACHED if each is not End.NOT_APPLICABLE])
    asked = {
        "failed, of those with a result": (np.isin(ended, [str(each) for each in FAILURES]), began),
        "refused, of those reached": (ended == str(End.REFUSED), reached),
        "rolled back, of those with a result": (ended == str(End.ROLLED_BACK), began),
        "bricked, of those with a result": (ended == str(End.BRICKED), began),
    }
    found: dict[str, dict[str, list[Rate]]] = {}
    labels = {"all": np.full(len(ended), "all devices", dtype=object), **class_labels(histories)}
    for what, (hit, among) in asked.items():
        if not hit.any() and what not in tuple(asked)[:1]:
            continue
        for by, of in labels.items():
            there = {str(label) for label in of[among] if label}
            names = [name for name in in_order(by) if name in there] or sorted(there)
            if not names:
                continue
            k = np.array([int((hit & among & (of == name)).sum()) for name in names])
            n = np.array([int((among & (of == name)).sum()) for name in names])
            rates = pooled(names, k, n)
            if by in MEASURED and (without := among & (of == "")).any():  # else the parts do not add up to the whole
                rates += pooled([UNKNOWN], np.array([int((hit & without).sum())]), np.array([int(without.sum())]))
            found.setdefault(what, {})[by] = rates
    return found
