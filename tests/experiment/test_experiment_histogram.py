import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fota_sim.experiment import histogram as counted
from fota_sim.experiment.exact_sum import as_float, exact_sum
from fota_sim.experiment.histogram import HistogramStore, histogram, summed, together

KEYS = st.lists(st.integers(-(2**40), 2**40) | st.integers(0, 40), max_size=60)


def ints(values):
    return np.array(values, dtype=np.int64)


@given(st.lists(KEYS, min_size=1, max_size=5))
def test_histograms_of_parts_are_together_that_of_the_whole(parts):
    whole = histogram(ints([key for part in parts for key in part]))
    both = together([histogram(ints(part)) for part in parts])
    assert both.keys.tolist() == whole.keys.tolist()
    assert both.counts.tolist() == whole.counts.tolist()


def test_keys_of_a_narrow_column_are_counted_like_any_others():
    narrow = np.array([2**31 - 1, -(2**31), 5, 5], dtype=np.int32)
    found = together([histogram(narrow), histogram(ints([2**40]))])
    assert (found.keys.tolist(), found.counts.tolist()) == ([-(2**31), 5, 2**31 - 1, 2**40], [1, 2, 1, 1])


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-3, 3), st.integers(0, 3)), max_size=30))
def test_rows_of_counts_add_up_for_each_key(rows):
    found = summed(ints([key for key, *_ in rows]), ints([counts for _, *counts in rows]).reshape(-1, 2))
    wanted = {key: [sum(row[k] for row in rows if row[0] == key) for k in (1, 2)] for key, *_ in rows}
    assert dict(zip(found.keys.tolist(), found.counts.tolist(), strict=True)) == wanted
    assert found.keys.tolist() == sorted(wanted)


@settings(deadline=None)
@given(st.lists(KEYS, max_size=8), st.integers(1, 40), st.integers(1, 7))
def test_what_is_put_aside_comes_back_merged_and_in_order(parts, kept, block):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counted, "MOST_IN_MEMORY", kept)
        patch.setattr(counted, "_BLOCK", block)
        store = HistogramStore(None, "keys")
        for part in parts:
            store.add(histogram(ints(part)))
        for _ in range(2):
            pieces = list(store.pieces())
            keys = [key for piece in pieces for key in piece.keys.tolist()]
            counts = [count for piece in pieces for count in piece.counts.tolist()]
            assert keys == sorted(set(keys))
            assert dict(zip(keys, counts, strict=True)) == Counter(key for part in parts for key in part)
            assert all(len(piece.keys) for piece in pieces) or not any(parts)


def test_memory_of_a_store_does_not_grow_with_what_is_counted(monkeypatch):
    monkeypatch.setattr(counted, "MOST_IN_MEMORY", 1000)
    monkeypatch.setattr(counted, "_BLOCK", 8)
    store = HistogramStore(None, "keys")
    for start in range(50):
        store.add(histogram(np.arange(start, 50 * 400, 50)))
    pieces = [len(piece.keys) for piece in store.pieces()]
    assert sum(pieces) == 20_000
    assert max(pieces) <= 8 * 20  # a block of each of 17 runs


FLOATS = st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64, min_value=-1e300, max_value=1e300))


@given(FLOATS, st.integers(0, 30))
def test_a_sum_is_exact_and_the_same_however_it_is_cut(values, cut):
    array = np.array(values, dtype=np.float64)
    whole = exact_sum(array)
    assert as_float(whole) == math.fsum(values)
    assert exact_sum(array[:cut]) + exact_sum(array[cut:]) == whole
    assert exact_sum(array[::-1]) == whole


@given(st.lists(st.floats(min_value=-1e-300, max_value=1e-300)))
def test_the_smallest_numbers_are_summed_exactly_too(values):
    assert as_float(exact_sum(np.array(values, dtype=np.float64))) == math.fsum(values)


def test_what_is_not_finite_has_no_sum():
    with pytest.raises(ValueError, match="not finite"):
        exact_sum(np.array([1.0, np.nan]))
