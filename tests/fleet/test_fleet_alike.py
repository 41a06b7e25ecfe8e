"""Columns that say the same of all devices stand once, and say what they said."""

from typing import Any

import numpy as np
import pytest

from fota_sim.fleet.alike import is_alike, once


@pytest.mark.parametrize("kind", [np.float64, np.int32, np.int8, np.bool_])
def test_a_column_is_alike_only_if_every_entry_is_the_same(kind: Any) -> None:
    column = np.full(1000, 1, dtype=kind)
    assert is_alike(column)
    for place in (0, 500, 999):
        column[place] = 0
        assert not is_alike(column)
        column[place] = 1


def test_a_column_of_nothing_but_no_number_is_alike_and_an_empty_one_is_not() -> None:
    assert is_alike(np.full(3, np.nan))
    assert not is_alike(np.array([np.nan, 1.0, np.nan]))
    assert not is_alike(np.zeros(0))
    assert is_alike(np.ones((2, 3)))


@pytest.mark.parametrize("column", [np.full(1000, 7), np.full(1000, np.nan), np.arange(1000), np.zeros(0), np.ones(1)])
def test_a_column_that_stands_once_says_what_it_said(column: Any) -> None:
    found = once(column)
    assert np.array_equal(found, column, equal_nan=column.dtype == np.float64)
    assert found.dtype == column.dtype
    assert not any(found.strides) or not is_alike(column) or len(column) == 1


def test_where_all_are_the_same_one_entry_is_kept() -> None:
    kept = once(np.full(1_000_000, 1.5))
    assert kept.strides == (0,)
    assert kept.base is not None
    assert kept.base.nbytes == 8
