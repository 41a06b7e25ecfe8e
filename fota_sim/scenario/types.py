"""Pydantic types for values with units: they parse text to base units and write themselves back with units."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticKnownError

from fota_sim.protocol.grammar import not_in_string
from fota_sim.quoting import quoted
from fota_sim.scenario import units
from fota_sim.scenario.units import Unit
from fota_sim.scenario.zones import known_zone


class Block(BaseModel):
    """Base of every part of a scenario: frozen, no unknown keys, docstrings of attributes are the manual."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def no_flag(value: Any) -> Any:
    """The value as it is; raises PydanticKnownError for true and false, which pydantic takes for 1 and 0."""
    if isinstance(value, bool):
        raise PydanticKnownError("int_type")
    return value


def _no_flag_either(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticKnownError("float_type")
    return value


Whole = Annotated[int, BeforeValidator(no_flag)]
"""A whole number without a unit."""
Plain = Annotated[float, Field(allow_inf_nan=False), BeforeValidator(_no_flag_either)]
"""A number without a unit that is finite."""

Zone = Annotated[str, AfterValidator(known_zone)]
"""Name of an IANA time zone, or a fixed offset from UTC."""


def known_encoding(name: str) -> str:
    """The name of a text encoding as it is; raises ValueError if Python knows no such."""
    try:
        "".encode(name)  # refuses what is no encoding of text
    except Exception as error:
        raise ValueError(f"{quoted(name)} is no encoding of text; write for example latin-1 or utf-16") from error
    return name


Encoding = Annotated[str, AfterValidator(known_encoding)]
"""Name of a text encoding that Python knows."""


def one_line(text: str) -> str:
    """A name as it is; raises ValueError if it is long or holds what cannot be seen, a line break among it."""
    if len(text) > MAX_NAME:
        raise ValueError(f"{quoted(text)} has {len(text):,} characters; a name has at most {MAX_NAME}")
    if not text.isprintable():
        wrong = f"{quoted(text)} holds a character that cannot be seen"
        if _PATH_IN_QUOTES.match(text):
            instead = "write \\ in single quotes, or / in place of it"
            raise ValueError(f"{wrong}: in double quotes \\ begins a sign; {instead}")
        raise ValueError(f"{wrong}; write one line of text")
    return text


def at_text(text: str) -> str:
    """A version or an identifier as it is; raises ValueError if an AT command could not carry it.

    It stands between quotes there, and the grammar has no escape (:mod:`fota_sim.protocol.grammar`).
    """
    if len(text) > MAX_VERSION:
        raise ValueError(f"{quoted(text)} has {len(text):,} characters; a version has at most {MAX_VERSION}")
    found = not_in_string(text)
    if found:
        raise ValueError(f"{quoted(text)} holds {found}; it stands in quotes in AT commands, which cannot carry that")
    return one_line(text)


_PATH_IN_QUOTES = re.compile(r"[A-Za-z]:[^ ]|[^\s]*[\a\b\t\n\v\f\r][^\s]*\.[A-Za-z0-9]{2,5}$")
"""A path of Windows in which YAML has taken ``\\t`` for a tab."""
MAX_NAME = 200
MAX_VERSION = 64
"""As long as the Developer Center takes."""

MOST_DEVICES = 1_000_000_000
"""Devices of a group, and so whatever is counted in devices, in places for them or in cells that they are in."""
MOST_TIMES = 32_767
"""How often anything is tried or may fail: what a retry rule's counter has room for (rules/retry.py)."""
_Places = Annotated[Whole, Field(ge=0, le=MOST_DEVICES)]
PlacesByCoverage = tuple[_Places, _Places, _Places]
"""So many at coverage level 0, 1 and 2."""

Line = Annotated[str, AfterValidator(one_line)]
"""A name: one line of text."""
AtText = Annotated[str, AfterValidator(at_text)]
"""What AT commands carry in quotes: versions, identifiers of components, keys of a product."""


_IN_BYTES = re.compile(r"[^A-Za-z]*B\s*")


def _quantity(unit: Unit, whole: bool = False) -> Any:
    def parse(value: object) -> float | int:
        number = unit.parse(value)
        if not whole:
            return number
        if _IN_BYTES.fullmatch(str(value)) and not number.is_integer():
            raise ValueError(f"{quoted(value)} is a part of a byte; write it without a point, or in kB or MB")
        return round(number)

    schema = {"type": "string", "description": f"{unit.name}, for example {unit.example}"}
    return Annotated[
        int if whole else float,
        BeforeValidator(parse),
        PlainSerializer(unit.format, return_type=str),
        WithJsonSchema(schema),
    ]


def _in_milliseconds(duration: Any) -> Any:
    def check(seconds: float) -> float:
        if 0.0 < seconds < 0.0005:
            said = units.DURATION.format(seconds)
            raise ValueError(f"{said} is shorter than a millisecond, in which time is counted; write 1ms or longer")
        return seconds

    return Annotated[duration, AfterValidator(check)]


# To a type checker each is the number it holds; to pydantic a text with a unit.
Duration = _quantity(units.DURATION)

Wait = _in_milliseconds(Duration)
"""A duration of the plan, which counts time in milliseconds: 0, or at least one."""
Life = _quantity(units.LIFE)
Size = _quantity(units.SIZE, whole=True)
Signal = _quantity(units.SIGNAL)
Decibel = _quantity(units.DECIBEL)
Ratio = _quantity(units.RATIO)
Charge = _quantity(units.CHARGE)
BitRate = _quantity(units.BIT_RATE)
ByteRate = _quantity(units.BYTE_RATE)
Voltage = _quantity(units.VOLTAGE)
Current = _quantity(units.CURRENT)
Resistance = _quantity(units.RESISTANCE)
Temperature = _quantity(units.TEMPERATURE)
Frequency = _quantity(units.FREQUENCY)
