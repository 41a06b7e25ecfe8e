import math

import numpy as np
import pytest
from scipy import special, stats

from fota_sim.rules import draws

LARGEST = 1.0 - 2.0**-53
"""The largest draw there is."""

# Random123 1.14, kat_vectors: "threefry2x64 20 ctr0 ctr1 key0 key1 expected0 expected1".
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0xC2B6E3A8C2C69865, 0x6F81ED42F350084D)),
    ((2**64 - 1, 2**64 - 1, 2**64 - 1, 2**64 - 1), (0xE02CB7C4D95D277A, 0xD06633D0893B8B68)),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x263C7D30BB0F0AF1, 0x56BE8361D3311526),
    ),
]


@pytest.mark.parametrize(("words", "expected"), KNOWN_ANSWERS)
def test_threefry_gives_the_published_known_answers(words, expected):
    assert draws.threefry_2x64_20(*(np.uint64(w) for w in words)) == expected


# Draws are fixed by their keys, so a p-value here is a constant, not a matter of luck.


def test_draws_are_uniform_over_devices():
    u = draws.fill_uniform(1, 0, np.arange(20_000, dtype=np.uint64), 5, 0)
    assert stats.kstest(u, "uniform").pvalue > 0.01


@pytest.mark.parametrize("varied", ["seed", "replication", "stream", "counter"])
def test_draws_are_uniform_and_unrelated_along_every_part_of_the_key(varied):
    part = {"seed": 1, "replication": 0, "device": np.uint64(12345), "stream": 5, "counter": 0}
    names = ("seed", "replication", "device", "stream", "counter")
    u = np.array([draws.uniform(*({**part, varied: i}[name] for name in names)) for i in range(10_000)])
    assert stats.kstest(u, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 4.0 / np.sqrt(len(u))


def test_the_two_draws_of_a_pair_are_unrelated_and_the_first_is_the_single_draw():
    pairs = np.array([draws.uniform_pair(1, 0, np.uint64(device), 5, 0) for device in range(10_000)])
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4.0 / np.sqrt(len(pairs))
    assert (pairs[:, 0] == draws.fill_uniform(1, 0, np.arange(10_000, dtype=np.uint64), 5, 0)).all()


def test_the_normal_quantile_is_scipys():
    tail = 10.0 ** np.linspace(-300.0, -1.0, 2000)
    p = np.concatenate([tail, np.linspace(0.001, 0.999, 1999), 1.0 - 10.0 ** np.linspace(-15.0, -1.0, 500)])
    ours = np.array([draws.normal_quantile(x) for x in p])
    np.testing.assert_allclose(ours, special.ndtri(p), rtol=2e-14, atol=2e-15)


@pytest.mark.parametrize("mean", [0.001, 0.1, 1.0, 7.5, 59.9, 60.0])
def test_the_poisson_quantile_is_scipys_up_to_a_mean_of_60(mean):
    u = (np.arange(2000) + 0.5) / 2000.0
    assert [draws.poisson(mean, x) for x in u] == stats.poisson.ppf(u, mean).astype(int).tolist()


@pytest.mark.parametrize("mean", [60.1, 200.0, 5000.0])
def test_the_poisson_quantile_above_60_keeps_mean_and_spread(mean):
    u = (np.arange(20_000) + 0.5) / 20_000.0
    counts = np.array([draws.poisson(mean, x) for x in u])
    assert counts.mean() == pytest.approx(mean, abs=0.1)
    assert counts.std() == pytest.approx(np.sqrt(mean), rel=0.01)


@pytest.mark.parametrize("u", [1e-300, 0.1, 0.5, 0.9])
def test_above_60_it_is_the_normal_quantile_rounded(u):
    assert draws.poisson(100.0, u) == max(0, math.floor(100.0 + 10.0 * special.ndtri(u) + 0.5))


@pytest.mark.parametrize("mean", [0.0, 1e-12, 0.25])
def test_nothing_is_counted_up_to_the_chance_of_nothing(mean):
    assert draws.poisson(mean, 1.0 - mean if mean else 0.999) == 0
    assert draws.poisson(mean, math.exp(-mean) * (1.0 - 1e-15)) == 0


def test_a_sum_that_rounding_keeps_below_the_largest_draw_ends_after_1000_terms():
    assert draws.poisson(0.1, LARGEST) == 1000


# Key 1 and 2 * 2**32 + 5, run backwards from two words to the counter words that give them.
BACKWARDS = [
    ((2**64 - 1, 2**64 - 1), (4839130646757354070, 10479302666168416548)),
    ((0, 0), (10510225792168417895, 15366653233415386006)),
    ((2**63, 2**62), (4002796090456671489, 11423078218533885038)),
]
SEED, REPLICATION, STREAM = 1, 2, 5


@pytest.mark.parametrize(("words", "counters"), BACKWARDS)
def test_a_draw_is_the_upper_53_bits_of_a_word_and_a_half_and_lies_between_0_and_1(words, counters):
    device, counter = (np.uint64(word) for word in counters)
    key = np.uint64(REPLICATION * 2**32 + STREAM)
    assert draws.threefry_2x64_20(device, counter, np.uint64(SEED), key) == words
    expected = tuple(min(((word >> 11) + 0.5) / 2.0**53, LARGEST) for word in words)
    assert draws.uniform_pair(SEED, REPLICATION, device, STREAM, counter) == expected
    assert draws.uniform(SEED, REPLICATION, device, STREAM, counter) == expected[0]
    assert 0.0 < expected[0] < 1.0


def test_normal_draws_are_the_quantiles_of_the_uniform_ones():
    key = (SEED, REPLICATION, np.uint64(7), STREAM, 3)
    assert draws.normal(*key) == draws.normal_quantile(draws.uniform(*key))
    assert draws.normal_pair(*key) == tuple(map(draws.normal_quantile, draws.uniform_pair(*key)))


def test_one_draw_per_device_is_each_devices_own():
    keys = np.array([0, 1, 2**64 - 1], dtype=np.uint64)
    many = draws.fill_uniform(SEED, REPLICATION, keys, STREAM, 3)
    assert many.tolist() == [draws.uniform(SEED, REPLICATION, key, STREAM, 3) for key in keys]
