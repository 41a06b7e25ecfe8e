"""Keyed draws: every random number is a pure function of (seed, replication, device, stream, counter).

The generator is Threefry-2x64-20 (J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
Random123 library, whose known-answer vectors are our tests). There is no generator state: a device keeps its luck
whatever the strategy, the engine, the order of events or the number of workers.

Key words: the seed, and replication * 2**32 + stream. Counter words: the device's identity key, and the counter.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import does_as_much, part_of_rule, rule, u64

# Rotation distances and the key-schedule parity of Threefry-2x64 (Random123, threefry.h).
_PARITY = 0x1BD11BDAA9FC1A22
_WORD = 0xFFFF_FFFF_FFFF_FFFF
_TWO_POW_MINUS_53 = 1.0 / 9007199254740992.0
_BELOW_ONE = 0.9999999999999999  # 0.5 ulp below 1 would round up to 1.0
_MIDDLE = 0.425  # AS 241


# Words are masked where plain Python would let them grow: compiled, a mask of all bits is no operation.


@part_of_rule
def _four_rounds_a(x0: int, x1: int) -> tuple[int, int]:
    x0 = x0 + x1
    x1 = ((x1 << 16 | x1 >> 48) ^ x0) & _WORD
    x0 = x0 + x1
    x1 = ((x1 << 42 | x1 >> 22) ^ x0) & _WORD
    x0 = x0 + x1
    x1 = ((x1 << 12 | x1 >> 52) ^ x0) & _WORD
    x0 = x0 + x1
    x1 = ((x1 << 31 | x1 >> 33) ^ x0) & _WORD
    return x0, x1


@part_of_rule
def _four_rounds_b(x0: int, x1: int) -> tuple[int, int]:
    x0 = x0 + x1
    x1 = ((x1 << 16 | x1 >> 48) ^ x0) & _WORD
    x0 = x0 + x1
    x1 = ((x1 << 32 | x1 >> 32) ^ x0) & _WORD
    x0 = x0 + x1
    x1 = ((x1 << 24 | x1 >> 40) ^ x0) & _WORD
    x0 = x0 + x1
    x1 = ((x1 << 21 | x1 >> 43) ^ x0) & _WORD
    return x0, x1


@rule
def threefry_2x64_20(counter0: int, counter1: int, key0: int, key1: int) -> tuple[int, int]:
    """Two random 64-bit words from a 128-bit counter and a 128-bit key: 20 rounds, a key injection every four."""
    k0 = u64(key0)
    k1 = u64(key1)
    k2 = u64(_PARITY) ^ k0 ^ k1
    x0 = (u64(counter0) + k0) & _WORD
    x1 = (u64(counter1) + k1) & _WORD
    x0, x1 = _four_rounds_a(x0, x1)
    x0, x1 = (x0 + k1) & _WORD, (x1 + k2 + u64(1)) & _WORD
    x0, x1 = _four_rounds_b(x0, x1)
    x0, x1 = (x0 + k2) & _WORD, (x1 + k0 + u64(2)) & _WORD
    x0, x1 = _four_rounds_a(x0, x1)
    x0, x1 = (x0 + k0) & _WORD, (x1 + k1 + u64(3)) & _WORD
    x0, x1 = _four_rounds_b(x0, x1)
    x0, x1 = (x0 + k1) & _WORD, (x1 + k2 + u64(4)) & _WORD
    x0, x1 = _four_rounds_a(x0, x1)
    return (x0 + k2) & _WORD, (x1 + k0 + u64(5)) & _WORD


@part_of_rule
def _to_unit(word: int) -> float:
    """The upper 53 bits of a word as a float strictly between 0 and 1."""
    return min((float(word >> 11) + 0.5) * _TWO_POW_MINUS_53, _BELOW_ONE)


@part_of_rule
def _key_of(replication: int, stream: int) -> int:
    """The second word of the key."""
    return u64(replication << 32 | stream)


@rule
def uniform(seed: int, replication: int, device: int, stream: int, counter: int) -> float:
    """One draw, uniform on the open interval (0, 1)."""
    key1 = _key_of(replication, stream)
    word, _ = threefry_2x64_20(device, counter, seed, key1)
    return _to_unit(word)


@rule
def uniform_pair(seed: int, replication: int, device: int, stream: int, counter: int) -> tuple[float, float]:
    """Two independent draws from one block, each uniform on (0, 1); the first is :func:`uniform`'s."""
    key1 = _key_of(replication, stream)
    first, second = threefry_2x64_20(device, counter, seed, key1)
    return _to_unit(first), _to_unit(second)


@part_of_rule
def _middle_quantile(q: float) -> float:
    """Of AS 241 the part for probabilities within 0.425 of a half; ``q``: the probability less a half."""
    r = 0.180625 - q * q
    numerator = (
        (
            (
                (
                    ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                    + 45921.953931549871457
                )
                * r
                + 13731.693765509461125
            )
            * r
            + 1971.5909503065514427
        )
        * r
        + 133.14166789178437745
    ) * r + 3.387132872796366608
    denominator = (
        (
            (
                (
                    ((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                    + 21213.794301586595867
                )
                * r
                + 5394.1960214247511077
            )
            * r
            + 687.1870074920579083
        )
        * r
        + 42.313330701600911252
    ) * r + 1.0
    return q * numerator / denominator


@part_of_rule
def _tail_quantile(p: float) -> float:
    """The part for all others."""
    q = p - 0.5
    r = p if q < 0.0 else 1.0 - p
    r = math.sqrt(-math.log(r))
    if r <= 5.0:
        r = r - 1.6
        numerator = (
            (
                (
                    (
                        ((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                        + 1.27045825245236838258
                    )
                    * r
                    + 3.64784832476320460504
                )
                * r
                + 5.7694972214606914055
            )
            * r
            + 4.6303378461565452959
        ) * r + 1.42343711074968357734
        denominator = (
            (
                (
                    (
                        ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                        + 0.14810397642748007459
                    )
                    * r
                    + 0.68976733498510000455
                )
                * r
                + 1.6763848301838038494
            )
            * r
            + 2.05319162663775882187
        ) * r + 1.0
    else:
        r = r - 5.0
        numerator = (
            (
                (
                    (
                        ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                        + 0.026532189526576123093
                    )
                    * r
                    + 0.29656057182850489123
                )
                * r
                + 1.7848265399172913358
            )
            * r
            + 5.4637849111641143699
        ) * r + 6.6579046435011037772
        denominator = (
            (
                (
                    (
                        ((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                        + 7.868691311456132591e-4
                    )
                    * r
                    + 0.0148753612908506148525
                )
                * r
                + 0.13692988092273580531
            )
            * r
            + 0.59983220655588793769
        ) * r + 1.0
    z = numerator / denominator
    return -z if q < 0.0 else z


@rule
def normal_quantile(p: float) -> float:
    """The standard normal quantile of ``p`` in (0, 1), to about 1e-16 relative.

    Algorithm AS 241, PPND16 (M. J. Wichura, Applied Statistics 37, 1988): polynomials, one log and one sqrt, so
    that compiled and plain Python agree to the bit.
    """
    q = p - 0.5
    return _middle_quantile(q) if abs(q) <= _MIDDLE else _tail_quantile(p)


@rule
def normal(seed: int, replication: int, device: int, stream: int, counter: int) -> float:
    """One draw from the standard normal distribution."""
    return normal_quantile(uniform(seed, replication, device, stream, counter))


@rule
def normal_pair(seed: int, replication: int, device: int, stream: int, counter: int) -> tuple[float, float]:
    """Two independent standard normal draws from one block; the first is :func:`normal`'s."""
    first, second = uniform_pair(seed, replication, device, stream, counter)
    return normal_quantile(first), normal_quantile(second)


@part_of_rule
def fill_normals(
    seed: int,
    replication: int,
    device: int,
    stream: int,
    counter: int,
    count: int,
    u: NDArray[np.float64],
    z: NDArray[np.float64],
) -> None:
    """The :func:`normal` of ``count`` counters from ``counter`` on, at the beginning of ``z``; ``u`` is room for it.

    Two of three loops have no branches, so that a processor computes several at once: the same operations on each,
    and the same bits. Loops of a constant length would be unrolled instead.
    """
    key1 = _key_of(replication, stream)
    for i in range(count):
        word, _ = threefry_2x64_20(device, counter + i, seed, key1)
        u[i] = _to_unit(word)
    for i in range(count):
        z[i] = _middle_quantile(u[i] - 0.5)
    for i in range(count):
        if abs(u[i] - 0.5) > _MIDDLE:
            z[i] = _tail_quantile(u[i])


@rule
def poisson(mean: float, u: float) -> int:
    """The Poisson quantile of ``u`` for ``mean`` >= 0: by summing terms, or by a normal approximation above 60.

    The approximation's error in the mean count is below 0.5 of 60 or more (docs/model.md, Segments).
    """
    if u <= 1.0 - mean:  # below exp(-mean), the probability of none
        return 0
    if mean > 60.0:
        return max(0, math.floor(mean + math.sqrt(mean) * normal_quantile(u) + 0.5))
    term = math.exp(-mean)
    total = term
    k = 0
    while u > total and k < 1000:
        k += 1
        term = term * mean / k
        total = total + term
    return k


@rule
def _fill_uniform(
    seed: int, replication: int, keys: NDArray[np.uint64], stream: int, counter: int, out: NDArray[np.float64]
) -> None:
    for i in range(len(keys)):
        out[i] = uniform(seed, replication, keys[i], stream, counter)


def fill_uniform(
    seed: int, replication: int, keys: NDArray[np.uint64], stream: int, counter: int
) -> NDArray[np.float64]:
    """One :func:`uniform` draw per device key; ``keys`` and the result have shape (devices,)."""
    out = np.empty(len(keys), dtype=np.float64)
    does_as_much(_fill_uniform, len(keys))
    _fill_uniform(seed, replication, keys, stream, counter, out)
    return out
