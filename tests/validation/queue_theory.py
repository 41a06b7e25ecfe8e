"""What queueing theory says of a server's connections and its egress. Nothing of the simulator is used here.

``load`` is the offered load in erlangs, arrival rate times mean service time; ``servers`` the connections.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import pdtr, pdtrc, stdtrit
from scipy.stats import poisson


class Waiting(NamedTuple):
    """``waits``: probability of waiting at all. ``mean``: mean waiting time of all, in service times."""

    waits: float
    mean: float


def m_d_c(load: float, servers: int) -> Waiting:
    """Poisson arrivals, constant service, first come first served, by Crommelin's equations (1932).

    Whoever is in service at t has left at t + D, and nobody who came in between has; so for the number in the system,
    p_j = sum_(i <= c) p_i a_j + sum_(c < i <= j + c) p_i a_(j + c - i), with a the Poisson law of mean ``load``. The
    mean number in line gives the mean wait by Little's law (H. C. Tijms, A First Course in Stochastic Models, 9.6.2).
    """
    tail = 40.0 / (1.0 - load / servers)  # the number in line falls off geometrically, by about 2 (1 - rho) a step
    states = int(servers + load + 10.0 * np.sqrt(load) + tail)
    arrivals = poisson.pmf(np.arange(states + servers), load)
    matrix = np.zeros((states, states))  # from column to row
    for state in range(states):
        left = max(state - servers, 0)
        matrix[left:, state] = arrivals[: states - left]
    matrix -= np.eye(states)
    matrix[-1] = 1.0  # one equation follows from the others; the probabilities sum to 1
    ones = np.zeros(states)
    ones[-1] = 1.0
    p = np.linalg.solve(matrix, ones)
    in_line = np.maximum(np.arange(states) - servers, 0)
    return Waiting(float(p[servers:].sum()), float(p @ in_line) / load)


def m_d_c_by_sums(load: float, servers: int, terms: int = 20_000) -> Waiting:
    """The same by another way: the series of Pollaczek and Crommelin (1934), an instance of Spitzer's identity.

    First come first served with equal service times deals arrivals out in turn, so each connection is a queue with
    gamma distributed gaps; the k-th partial sum of service less gap is k D less a gamma of shape k c.
    """
    k = np.arange(1, terms + 1)
    positive = pdtrc(k * servers - 1, k * load)  # P(Poisson(k load) >= k c)
    excess = k * positive - k * servers / load * pdtrc(k * servers, k * load)
    return Waiting(float(1.0 - np.exp(-np.sum(positive / k))), float(np.sum(excess / k)))


def erlang_b(load: float, servers: int) -> float:
    """The share that is turned away, whatever the law of the service time (A. K. Erlang, 1917)."""
    return float(poisson.pmf(servers, load) / pdtr(servers, load))


class Sharing(NamedTuple):
    """``alone``: probability of finding nobody. ``mean`` and ``sd`` of the time in the system, in service times."""

    alone: float
    mean: float
    sd: float


def m_d_1_shared(load: float) -> Sharing:
    """One server that all present share equally, Poisson arrivals, constant work.

    Number present and mean time do not depend on the law of the work (L. Kleinrock, Queueing Systems II, 4.4). The
    variance is 2 / (1 - rho)^2 times the integral of (1 - v) (1 - R(v)) over 0..1, with R(v) = (1 - rho) exp(rho v) the
    waiting time law of M/D/1 first come first served (T. J. Ott, J. Appl. Prob. 21, 1984).
    """
    below = 2.0 * (1.0 - load) * (np.exp(load) - 1.0 - load) / (load * load)
    return Sharing(1.0 - load, 1.0 / (1.0 - load), float(np.sqrt(1.0 - below) / (1.0 - load)))


def interval(values: list[float], confidence: float = 0.95) -> tuple[float, float, float]:
    """Mean of independent values and the ends of its Student interval."""
    mean = float(np.mean(values))
    half = float(stdtrit(len(values) - 1, 0.5 + confidence / 2) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return mean, mean - half, mean + half
