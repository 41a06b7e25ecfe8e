"""Conditions over attributes: read as a person reads them, and a missing value meets no comparison."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.scenario.predicate import Predicate, PredicateError, as_name, parse_predicate

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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hardware == 2", 'hardware is text; write the value in quotes, hardware == "2"'),
        ("hardware in [2, 3]", 'hardware is text; write the value in quotes, hardware in \\["2", ...]'),
        ("hardware > 2", "hardware is text, which has no order of numbers"),
        ("hardware == true", 'write the value in quotes, hardware == "true"'),
        ('floor == "2"', "floor is a number; write it without quotes"),
        ('mains == "yes"', "mains is true or false; write mains == true"),
        ('rssi == -100 or hardware == 2 and mains == "x"', "hardware is text"),
    ],
)
def test_a_number_compared_with_texts_says_how_to_write_it(text: str, words: str) -> None:
    with pytest.raises(PredicateError, match=words):
        parse_predicate(text).evaluate(COLUMNS)


def test_a_text_among_numbers_is_named() -> None:
    with pytest.raises(PredicateError, match="have no number there but 'EG'; write texts"):
        parse_predicate("floor >= 2").evaluate({"floor": np.array(["1", "EG", "10"], dtype=object)})


def test_a_column_of_which_nothing_is_known_may_be_compared_with_anything() -> None:
    columns = {"x": np.array([np.nan, np.nan]), "y": np.array([None, ""], dtype=object)}
    for text in ("x == 2", 'x == "2"', "y == 2", 'y == "2"'):
        assert not parse_predicate(text).evaluate(columns).any()


@pytest.mark.parametrize("name", ["Installation site", "site-id", "Battery (%)", "and", "2nd", "Übergabe", "a'b"])
def test_a_name_in_quotes_may_be_any_text(name: str) -> None:
    condition = parse_predicate(f'known("{name}") and "{name}" in ["a"] and {as_name(name)} == \'a\'')
    assert condition.names == {name}
    assert condition.evaluate({name: np.array(["a", "b", None], dtype=object)}).tolist() == [True, False, False]


def test_a_name_of_letters_of_any_alphabet_needs_no_quotes() -> None:
    assert parse_predicate("Übergabe == 'a' and ort_2 != 'b' and 場所 == 'c'").names == {"Übergabe", "ort_2", "場所"}


def test_thousands_of_alternatives_are_one_condition() -> None:
    text = " or ".join(f'hardware == "{k}"' for k in range(5000)) + ' or hardware == "B"'
    assert picked(text) == [1]


@pytest.mark.parametrize("text", ["(" * 2000 + "a == 1" + ")" * 2000, "not " * 2000 + "a == 1"])
def test_a_condition_that_is_nested_without_end_is_refused(text: str) -> None:
    with pytest.raises(PredicateError, match="nested more than 50 deep"):
        parse_predicate(text)


@pytest.mark.parametrize("op", ["==", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("value", ["1", '"north"'])
@pytest.mark.parametrize("column", [np.array([None, ""], dtype=object), np.array([np.nan, np.nan])], ids=["o", "f"])
def test_a_column_of_which_nothing_is_known_meets_no_comparison(op: str, value: str, column: Any) -> None:
    assert not parse_predicate(f"shelf {op} {value}").evaluate({"shelf": column}).any()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('hardware is "B"', "found 'is'; write hardware == \"A\""),
        ('hardware not in ["A"]', "write not hardware in"),
        ("rssi between -100 and -50", "write rssi >= -100 and rssi <= -80"),
        ('"fw name" like "B%"', 'write out all that is meant, "fw name" in'),
        ("-70 < rssi < -50", "a range is two comparisons"),
        ("mains", "of true and false write mains == true"),
        ('(mains) and hardware == "A"', "of true and false write mains == true"),
        ('hardware in ("A", "B")', 'write hardware in ["A", "B"]'),
        ("hardware == B", "found 'B'; write 'B'"),
        ("mains == True", "write true"),
        ("mains == yes", "write true"),
    ],
)
def test_what_other_languages_write_is_answered_with_what_would_do(text, words):
    with pytest.raises(PredicateError) as told:
        parse_predicate(text)
    assert words in str(told.value)
