import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.fleet.coded import Coded

TEXTS = st.lists(st.sampled_from(["A", "B", "", None]), max_size=12)


def in_order_of_first_use(texts):
    return tuple(dict.fromkeys(text for text in texts if text is not None))


@given(TEXTS)
def test_a_column_gives_back_what_it_was_made_of(texts):
    column = Coded.of(texts)
    assert column.codes.dtype == np.int32
    assert column.names == in_order_of_first_use(texts)
    assert list(column) == column.texts.tolist() == [column[i] for i in range(len(column))] == texts


def test_what_is_no_text_is_written_as_one():
    assert list(Coded.of([1.5, None, "1.5"])) == ["1.5", None, "1.5"]


def test_the_same_text_for_all():
    assert list(Coded.same("A", 3)) == ["A"] * 3
    assert list(Coded.same(None, 2)) == [None] * 2


@given(TEXTS, TEXTS)
def test_joined_columns_share_their_names(first, second):
    joined = Coded.joined([Coded.of(first), Coded.of(second)])
    assert list(joined) == first + second
    assert joined.names == in_order_of_first_use(first + second)


@given(st.lists(st.tuples(*[st.sampled_from(["A", "B", "", None])] * 2), max_size=12))
def test_a_column_is_filled_where_a_text_is_missing_and_names_that_nobody_uses_fall_away(pairs):
    column, other = (Coded.of([pair[k] for pair in pairs]) for k in (0, 1))
    expected = [second if first is None else first for first, second in pairs]
    filled = column.filled(other)
    assert list(filled) == expected
    assert filled.names == in_order_of_first_use(expected)
    assert filled.codes.dtype == np.int32


def test_rows_are_taken_by_index_and_by_mask():
    column = Coded.of(["A", None, "B"])
    assert list(column.take(np.array([2, 0]))) == ["B", "A"]
    assert list(column.take(np.array([False, True, True]))) == [None, "B"]
