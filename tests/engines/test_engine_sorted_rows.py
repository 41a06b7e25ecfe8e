import resource
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.engines.sorted_rows import Rows, SortedRows
from fota_sim.engines.spill import Spill
from fota_sim.errors import ResultError

KEYS = st.lists(st.lists(st.integers(0, 30) | st.integers(0, 2**64 - 1), max_size=30), max_size=8)


def rows_of(keys, first=0):
    return Rows(np.array(keys, dtype=np.uint64), np.arange(first, first + len(keys), dtype=np.uint32))


def filled(parts, run=16, block=2, piece=8, folder=None):
    rows, count = SortedRows(Spill(folder, "the rows"), run, block, piece), 0
    for keys in parts:
        rows.add(rows_of(keys, count))
        count += len(keys)
    return rows


def told(rows):
    return [pair for keys, codes in rows.pieces() for pair in zip(keys.tolist(), codes.tolist(), strict=True)]


@given(KEYS, st.sampled_from([(4, 1, 1), (16, 2, 8), (1000, 4, 8)]))
def test_rows_come_back_by_key_and_in_their_order_where_keys_are_the_same(parts, sizes) -> None:
    everything = [(key, code) for code, key in enumerate(key for keys in parts for key in keys)]
    rows = filled(parts, *sizes)
    assert told(rows) == sorted(everything)
    assert told(rows) == sorted(everything), "a second time"


@given(KEYS)
def test_a_piece_is_no_larger_than_it_should_be(parts) -> None:
    run, block, piece = 8, 2, 6
    count = sum(map(len, parts))
    distinct = filled([[2**32 * key % 2**64 + place for place, key in enumerate(keys)] for keys in parts], run, block)
    runs = count // run + 1
    assert all(len(keys) <= piece + 2 * runs * block for keys, _ in distinct.pieces())


def test_there_is_a_piece_even_of_nothing() -> None:
    assert [len(keys) for keys, _ in filled([]).pieces()] == [0]


def test_what_is_on_disk_has_no_name_that_could_be_left_behind(tmp_path: Path) -> None:
    rows = filled([list(range(100))], folder=tmp_path)
    assert told(rows) == [(key, key) for key in range(100)]
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_with_its_place(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(ResultError, match=r"the rows cannot be put there, 0 MB so far \(File too large\)"):
            filled([list(range(100))], folder=tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="absent: the rows cannot be put there"):
        filled([list(range(100))], folder=tmp_path / "absent")
