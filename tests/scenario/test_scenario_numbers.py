"""A number that may be meant in two ways, or is none, is refused with what to write; no flag is taken for a 1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from scenario_world import changed, problems

from fota_sim.quoting import quoted
from fota_sim.scenario import units, window
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.schema_export import json_schema
from fota_sim.scenario.signs import DASHES
from fota_sim.scenario.thresholds import parse_threshold
from fota_sim.scenario.types import MOST_DEVICES, Size
from fota_sim.scenario.units import Unit

UNITS = [unit for unit in vars(units).values() if isinstance(unit, Unit) and unit is not units.NUMBER]


def _parts(kind: Any, seen: set[Any]) -> Iterator[type[BaseModel]]:
    """Every part of the schema below an annotation."""
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in seen:
        seen.add(kind)
        yield kind
        for field in kind.model_fields.values():
            yield from _parts(field.annotation, seen)
    for each in get_args(kind):
        yield from _parts(each, seen)


def _takes_flags(kind: Any) -> bool:
    if get_origin(kind) is Annotated:
        return _takes_flags(get_args(kind)[0])
    return kind is bool or kind is Any or (get_origin(kind) is Union and any(map(_takes_flags, get_args(kind))))


def _is_taken(field: FieldInfo, value: object) -> bool:
    try:
        TypeAdapter(field.rebuild_annotation()).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("flag", [True, False])
def test_true_and_false_are_no_numbers_in_any_field(flag: bool) -> None:
    fields = {
        f"{part.__name__}.{name}": field
        for part in _parts(Scenario, set())
        for name, field in part.model_fields.items()
        if not _takes_flags(field.annotation)
    }
    assert len(fields) > 200
    assert {"Group.count", "Learnt.devices", "Radio.efficiency"} <= fields.keys()
    assert not [name for name, field in fields.items() if _is_taken(field, flag)]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
@given(thousands=st.integers(1, 999))
def test_three_zeros_behind_a_point_are_said_to_be_two_numbers(unit: Unit, thousands: int) -> None:
    for symbol, factor in unit.factors.items():
        text = f"{thousands}.000{symbol}"
        if thousands * 1000.0 * factor > unit.most:  # nobody means so much
            assert unit.parse(text) == unit.parse(f"{thousands}{symbol}")
            continue
        with pytest.raises(ValueError, match="may be") as error:
            unit.parse(text)
        assert f"{thousands}{symbol} or {thousands}000{symbol}" in str(error.value)
    for symbol in unit.factors:
        assert unit.parse(f"{thousands}.0{symbol}") == unit.parse(f"{thousands}{symbol}")


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        (units.SIGNAL, "-95.000dBm", -95.0),
        (units.RATIO, "30.000%", 0.3),
        (units.TEMPERATURE, "-5.000°C", -5.0),
        (units.VOLTAGE, "3.000V", 3.0),
        (units.CHARGE, "19.000Ah", 19_000.0),
    ],
)
def test_three_zeros_of_what_cannot_be_a_thousand_times_as_much_are_three_zeros(
    unit: Unit, text: str, value: float
) -> None:
    assert unit.parse(text) == value


@pytest.mark.parametrize("dash", DASHES)
@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u202f"])
def test_dashes_and_blanks_of_word_processors_are_those_of_a_keyboard(dash: str, blank: str) -> None:
    assert units.SIGNAL.parse(f"{dash}95{blank}dBm") == -95.0
    assert units.DURATION.parse(f"{dash}1h{blank}30min") == -5400.0
    assert window.parse(f"01:00{blank}{dash}{blank}05:00") == window.parse("01:00-05:00")


@given(thousands=st.integers(1, 999))
def test_so_they_are_without_a_unit(thousands: int) -> None:
    (problem,) = problems(changed("count: 10", f"count: {thousands}.000"))
    assert problem.line
    assert f"{thousands} or {thousands}000" in problem.message


@pytest.mark.parametrize(
    ("unit", "text", "meant"),
    [
        (units.DURATION, "5 m", "5min"),
        (units.DURATION, "3 days", "3d"),
        (units.DURATION, "1 Std. 30 Min.", ""),
        (units.DURATION, "12:30", "12h30min"),
        (units.DURATION, "PT3H", "3h"),
        (units.DURATION, "1,5d", "1.5d"),
        (units.DURATION, "1M", ""),  # months as well
        (units.SIZE, "100 KB", "100kB"),
        (units.SIZE, "698,000B", "698000B"),
        (units.SIZE, "1Mb", ""),  # megabits
        (units.BIT_RATE, "250kbps", "250kbit/s"),
        (units.BIT_RATE, "250kB/s", ""),  # bytes
        (units.BYTE_RATE, "99kb/s", ""),  # bits
        (units.SIGNAL, "-95 dbm", "-95dBm"),
        (units.RATIO, "30 percent", "30%"),
        (units.RATIO, "30,5%", "30.5%"),
        (units.CHARGE, "2450 mah", "2450mAh"),
    ],
)
def test_a_unit_as_others_write_it_is_told_as_it_is_written_here(unit: Unit, text: str, meant: str) -> None:
    with pytest.raises(ValueError, match=r".+") as error:
        unit.parse(text)
    assert (f"write {meant};" in str(error.value)) == bool(meant)
    if meant:
        unit.parse(meant)
    else:
        assert "write 1" not in str(error.value)


@pytest.mark.parametrize("text", ["3d3d", "1min1h", "1h30min30min"])
def test_a_duration_has_each_unit_once_and_the_larger_first(text: str) -> None:
    with pytest.raises(ValueError, match="in no order"):
        units.DURATION.parse(text)


@pytest.mark.parametrize("text", ["+-3d", "++3d", "--3d", "-+3d"])
def test_one_sign_is_enough(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        units.DURATION.parse(text)


def test_the_minus_of_typesetters_is_one() -> None:
    assert units.SIGNAL.parse("\u221295dBm") == -95.0
    assert units.DURATION.parse("\u22125min") == -300.0


def test_a_byte_is_not_divided() -> None:
    size = TypeAdapter(Size)
    assert size.validate_python("144564B") == 144_564
    assert size.validate_python("0.1MiB") == 104_858  # the nearest
    with pytest.raises(ValidationError, match="part of a byte"):
        size.validate_python("144.564B")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("success > 101%", "from 0% to 100%"),
        ("bricked < -1%", "from 0% to 100%"),
        ("success > 100%", "no run keeps"),
        ("bricked < 0%", "no run keeps"),
        ("time_to_95 < -1h", "never below 0"),
    ],
)
def test_a_threshold_beyond_what_can_be_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_threshold(text)
    assert parse_threshold("success >= 100%").limit == 1.0
    assert parse_threshold("bricked <= 0%").limit == 0.0


@given(
    st.recursive(
        st.none() | st.booleans() | st.dates() | st.datetimes() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
        max_leaves=8,
    )
)
def test_no_message_shows_how_python_writes_a_value(value: object) -> None:
    said = quoted(value)
    assert len(said) <= 80
    if not isinstance(value, str):
        assert "datetime" not in said
        assert not {"None", "True", "False"} & set(said.replace("[", " ").replace("]", " ").replace(",", " ").split())


def test_a_number_of_per_cent_without_a_unit_says_which() -> None:
    (problem,) = problems(changed("  strategy:", "  blacklist: {where: battery < 0.3}\n  strategy:"))
    assert "30% or 0.3%" in problem.message
    assert not problems(changed("  strategy:", "  blacklist: {where: battery < 30}\n  strategy:"))


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [("  strategy:", "  horizon: 3d\n  strategy:", "plan"), ("fleet:", "fleet:\n  seed: 3", "fleet")],
)
def test_a_field_of_the_top_in_a_part_is_told_to_stand_there(old: str, new: str, path: str) -> None:
    assert any(f"it stands at the top, beside {path}" in each.message for each in problems(changed(old, new)))


def test_bounds_of_numbers_stand_in_the_schema_for_editors() -> None:
    group = json_schema()["$defs"]["Group"]["properties"]
    assert (group["count"]["minimum"], group["count"]["maximum"], group["count"]["type"]) == (
        0,
        MOST_DEVICES,
        "integer",
    )
    text = json.dumps(json_schema())
    assert not [name for name in ("ge", "gt", "le", "lt") if f'"{name}": ' in text]
