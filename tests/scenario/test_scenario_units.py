"""Quantities are read and written without loss, and never guessed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.scenario import units
from fota_sim.scenario.units import Unit

UNITS = [unit for unit in vars(units).values() if isinstance(unit, Unit) and unit is not units.NUMBER]
by_name = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)


@by_name
@given(value=st.floats(min_value=-1e12, max_value=1e12, allow_subnormal=False))
def test_what_is_written_reads_back_as_exactly_the_same_number(unit: Unit, value: float) -> None:
    assert unit.parse(unit.format(value)) == value


@by_name
@given(number=st.integers(-(10**6), 10**6))
def test_each_symbol_is_worth_its_factor(unit: Unit, number: int) -> None:
    for symbol, factor in unit.factors.items():
        assert unit.parse(f"{number}{symbol}") == pytest.approx(number * factor)
        if unit is not units.DURATION:
            assert unit.parse(f" {number} {symbol} ") == unit.parse(f"{number}{symbol}")


@by_name
@given(text=st.text(max_size=12))
def test_any_text_is_a_finite_number_or_an_error_with_an_example(unit: Unit, text: str) -> None:
    told = unit.example
    try:
        assert math.isfinite(unit.parse(text))
    except ValueError as error:
        told = str(error)
    assert unit.example in told


@by_name
@pytest.mark.parametrize("value", [5, 0.3, "5", "", "x", True, None, [1], float("nan"), float("inf"), "1e999"])
def test_a_value_without_a_unit_is_an_error_that_says_what_would_do(unit: Unit, value: object) -> None:
    with pytest.raises(ValueError, match=r"for example"):
        unit.parse(value)


@given(st.integers(0, 99), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_a_duration_may_be_a_sum(days: int, hours: int, minutes: int, seconds: int) -> None:
    expected = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    assert units.DURATION.parse(f"{days}d{hours}h {minutes}min{seconds}s") == expected


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        (units.DURATION, "1h30min", 5400.0),
        (units.DURATION, "-5min", -300.0),
        (units.SIZE, "1KiB", 1024.0),
        (units.RATIO, "30%", 0.3),
        (units.RATIO, "35%", 0.35),
        (units.TEMPERATURE, "20°C", 20.0),
        (units.TEMPERATURE, "-5 degC", -5.0),
        (units.BIT_RATE, "250kbit/s", 250_000.0),
        (units.SIGNAL, "-95dBm", -95.0),
        (units.CURRENT, "5uA", 0.005),
        (units.CURRENT, "5 \u00b5A", 0.005),
        (units.CURRENT, "3.5\u03bcA", 0.0035),
    ],
)
def test_values_of_the_manual_mean_what_it_says(unit: Unit, text: str, value: float) -> None:
    assert unit.parse(text) == value


@pytest.mark.parametrize(("value", "text"), [(604800.0, "1w"), (5400.0, "90min"), (0.25, "250ms"), (0.0, "0s")])
def test_a_duration_is_written_in_the_shortest_way(value: float, text: str) -> None:
    assert len(units.DURATION.format(value)) <= len(text)
    assert units.DURATION.parse(units.DURATION.format(value)) == value
