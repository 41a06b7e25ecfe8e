"""Memory that is kept from one replication for the next: nobody has what another still uses."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.engines.compiled.stock import LARGE_B, Block, Stock

MANY_B = 1 << 30


def second(most_B: int = MANY_B) -> Stock:
    """A stock in the second replication of its process."""
    stock = Stock(most_B)
    stock.replication_begins()
    stock.replication_begins()
    return stock


def address(block: Block) -> int:
    return int(block.__array_interface__["data"][0])


def test_a_block_is_kept_once_all_that_stand_on_it_are_gone() -> None:
    stock = second()
    block = stock.lend(2 * LARGE_B)
    at = address(block)
    view = block[64:128].view(np.int64)
    del block
    other = stock.lend(2 * LARGE_B)
    assert address(other) != at
    del view
    assert address(stock.lend(LARGE_B + 5)) == at
    del other


def test_nothing_is_kept_of_the_only_replication() -> None:
    stock = Stock(MANY_B)
    stock.replication_begins()
    del_me = stock.lend(2 * LARGE_B)
    del del_me
    assert stock.kept_B == 0


def test_no_more_is_kept_than_may_be() -> None:
    stock = second(3 * LARGE_B)
    blocks = [stock.lend(LARGE_B) for _ in range(5)]
    blocks.clear()
    assert stock.kept_B == 3 * LARGE_B


def test_small_blocks_and_those_far_too_large_are_not_taken_from_it() -> None:
    stock = second()
    large = stock.lend(9 * LARGE_B)
    del large
    taken = [stock.lend(LARGE_B - 1), stock.lend(LARGE_B)]
    assert stock.kept_B == 9 * LARGE_B
    assert [len(block) for block in taken] == [LARGE_B - 1, LARGE_B]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(LARGE_B // 2, 4 * LARGE_B)), max_size=30))
def test_no_two_arrays_share_a_byte(asked: list[tuple[int, int]]) -> None:
    stock, held = second(), dict[int, Block]()
    for place, size_B in asked:  # what was held at that place is let go, and something else is asked for
        held.pop(place, None)
        held[place] = stock.lend(size_B)
        assert len(held[place]) == size_B
        spans = sorted((address(block), address(block) + len(block)) for block in held.values())
        assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))
