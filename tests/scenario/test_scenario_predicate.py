"""Conditions over attributes: read as a person reads them, and a missing value meets no comparison."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.scenario.predicate import Predicate, PredicateError, parse_predicate

COLUMNS = {
    "rssi": np.array([-120.0, -100.0, np.nan, -80.0]),
    "hardware": np.array(["A", "B", None, ""], dtype=object),
    "mains": np.array([True, False, True, False]),
    "floor": np.array([1, 2, 3, 4]),
}

WORDS = ["a", "==", "<", "(", ")", "[", "]", ",", "not", "and", "or", "in", "1", "'x'", "known", "true"]


def picked(text: str) -> list[int]:
    return [int(i) for i in np.flatnonzero(parse_predicate(text).evaluate(COLUMNS))]


@pytest.mark.parametrize(
    ("text", "devices"),
    [
        ("rssi < -95dBm", [0, 1]),
        ("rssi < -95 dBm", [0, 1]),
        ("rssi<=-100", [0, 1]),
        ("rssi > -100dBm", [3]),
        ("rssi != -100dBm", [0, 3]),
        ('hardware == "A"', [0]),
        ("hardware != 'A'", [1]),
        ('hardware in ["A", "B"]', [0, 1]),
        ("floor in [1, 4]", [0, 3]),
        ("known(rssi)", [0, 1, 3]),
        ("known(hardware)", [0, 1]),
        ("not known(hardware)", [2, 3]),
        ("mains == true", [0, 2]),
        ("mains == false and floor > 2", [3]),
        ('hardware == "A" or hardware == "B" and mains == true', [0]),
        ('(hardware == "A" or hardware == "B") and mains == false', [1]),
        ("not mains == true or floor == 1", [0, 1, 3]),
        ("not (mains == true or floor == 2)", [3]),
    ],
)
def test_a_condition_picks_whom_it_says(text: str, devices: list[int]) -> None:
    assert picked(text) == devices


@pytest.mark.parametrize("op", ["==", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("value", [-100, 0, -120])
def test_a_missing_number_meets_no_comparison(op: str, value: int) -> None:
    assert 2 not in picked(f"rssi {op} {value}dBm")


@pytest.mark.parametrize("op", ["==", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("value", ["", "A", "None"])
def test_a_missing_text_meets_no_comparison(op: str, value: str) -> None:
    assert not {2, 3} & set(picked(f'hardware {op} "{value}"'))


def test_names_and_units_are_what_a_check_needs() -> None:
    condition = parse_predicate('known(a) and rssi < -9dBm or not (b in ["x"] and temperature > 20°C) or c == 1')
    assert condition.names == {"a", "rssi", "b", "temperature", "c"}
    assert condition.units == {("rssi", "dBm"), ("temperature", "C")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "ends too early"),
        ("rssi <", "ends too early"),
        ("rssi <= <", "column 9"),
        ("rssi = 3", "write == to compare"),
        ("a == 1 && b == 2", "write and"),
        ("a == 1 | b == 2", "write or"),
        ('a == "b', "close the quotes"),
        ("a == 1_0", "in quotes"),
        ("a == 1 b", "expected the end, 'and' or 'or', found 'b'"),
        ("a in 3", r"expected '\['"),
        ("a in [1", r"expected '\]'"),
        ("a in []", "a number or a text"),
        ("known a", r"expected '\('"),
        ("and", "the name of an attribute"),
        ("a == b", "a text in quotes"),
        ("3 < a", "the name of an attribute"),
    ],
)
def test_an_error_says_where_and_what_would_do(text: str, words: str) -> None:
    with pytest.raises(PredicateError, match=words):
        parse_predicate(text)


@given(st.text(max_size=40))
def test_any_text_is_a_condition_or_an_error(text: str) -> None:
    with suppress(PredicateError):
        assert isinstance(parse_predicate(text), Predicate)


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_any_words_of_the_grammar_are_a_condition_or_an_error(words: list[str]) -> None:
    with suppress(PredicateError):
        condition = parse_predicate(" ".join(words))
        assert condition.evaluate(dict.fromkeys(condition.names, COLUMNS["floor"])).shape == (4,)


@given(st.lists(st.floats(-200, 50) | st.just(float("nan")), min_size=1, max_size=20), st.integers(-150, 0))
def test_below_above_and_equal_share_out_those_that_are_known(values: list[float], limit: int) -> None:
    columns = {"rssi": np.array(values)}
    below, equal, above, known = (
        parse_predicate(text).evaluate(columns)
        for text in (f"rssi < {limit}dBm", f"rssi == {limit}", f"rssi > {limit}dBm", "known(rssi)")
    )
    assert np.array_equal(below.astype(int) + equal + above, known.astype(int))
    assert np.array_equal(parse_predicate(f"not rssi < {limit}").evaluate(columns), ~below)


@given(st.lists(st.sampled_from(["A", "B", "", None]), min_size=1, max_size=20))
def test_in_is_or(values: list[str | None]) -> None:
    columns = {"x": np.array([*values, "A"], dtype=object)}
    listed = parse_predicate('x in ["A", "B"]').evaluate(columns)
    assert np.array_equal(listed, parse_predicate('x == "A" or x == "B"').evaluate(columns))


@given(
    st.lists(st.integers(-1, 3), min_size=1, max_size=20),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    st.sampled_from(['"A"', '"10"', "10", "true", '""']),
)
def test_a_coded_column_is_judged_like_the_texts_it_stands_for(codes: list[int], op: str, value: str) -> None:
    table = np.array(["A", "", "10", "b", None], dtype=object)
    codes = [*codes, 0]
    coded = SimpleNamespace(codes=np.array(codes, dtype=np.int32), table=table)
    plain = table[coded.codes]
    for text in (f"x {op} {value}", f"not x in [{value}, 'b']", "known(x)"):
        assert _judged(text, coded) == _judged(text, plain)


def _judged(text: str, column: Any) -> list[bool] | str:
    try:
        return parse_predicate(text).evaluate({"x": column}).tolist()
    except PredicateError:
        return "refused"
