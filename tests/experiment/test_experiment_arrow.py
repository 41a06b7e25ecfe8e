import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.experiment import arrow
from fota_sim.fleet.coded import Coded
from fota_sim.rules.fates import NEVER

TEXTS = st.lists(st.none() | st.text(max_size=4), max_size=40)


@given(TEXTS, st.integers(1, 50))
def test_coded_texts_come_out_as_they_went_in_however_they_are_cut(texts: list[str | None], size: int) -> None:
    rows = arrow.Texts(Coded.of(texts))
    pieces = [rows.rows(first, min(first + size, len(texts))) for first in range(0, len(texts), size)]
    assert [text for piece in pieces for text in piece.to_pylist()] == texts


@given(TEXTS)
def test_names_in_order_of_first_use_say_the_same(texts: list[str | None]) -> None:
    coded = Coded.of(texts)
    shuffled = Coded(np.where(coded.codes < 0, -1, len(coded.names) - coded.codes), ("nobody", *coded.names[::-1]))
    plain, other = (arrow.by_first_use(arrow.Texts(each).rows(0, len(texts))) for each in (coded, shuffled))
    assert plain.to_pylist() == other.to_pylist() == texts
    assert plain.dictionary.to_pylist() == other.dictionary.to_pylist() == list(coded.names)


def test_a_part_of_an_array_keeps_its_place() -> None:
    whole = arrow.Texts(Coded.of(["a", None, "b", "a", None, "c"])).rows(0, 6)
    assert arrow.by_first_use(whole.slice(2, 3)).to_pylist() == ["b", "a", None]


def test_names_that_nobody_in_a_piece_uses_stay_out_of_it_where_there_are_many() -> None:
    ids = Coded(np.array([7, 3, -1], dtype=np.int32), tuple(f"meter-{k}" for k in range(1000)))
    piece = arrow.Texts(ids).rows(0, 3)
    assert piece.to_pylist() == ["meter-7", "meter-3", None]
    assert len(piece.dictionary) == 2


@given(st.lists(st.text()))
def test_any_texts_become_strings(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    found = arrow.strings(texts)
    found.validate(full=True)
    assert found.to_pylist() == texts


def test_what_never_happened_and_what_is_unknown_is_null() -> None:
    assert arrow.times(np.array([5, NEVER, 0], dtype=np.int32)).to_pylist() == [5, None, 0]
    assert arrow.numbers([1.5, float("nan")]).to_pylist() == [1.5, None]
    assert arrow.flags([True, False, True]).to_pylist() == [True, False, True]
    assert arrow.counts(np.array([1, 2], dtype=np.int8)).type == pa.int64()
