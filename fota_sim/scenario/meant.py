"""Which field is meant by a key or a value that the schema does not have there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from fota_sim.errors import Problem
from fota_sim.quoting import listed, quoted
from fota_sim.scenario.document import Key, Place, problem
from fota_sim.scenario.fleet import Devices, Group, TableFleet
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plan import OperatorAction, Plan, Strategy
from fota_sim.scenario.rollout import Abort, Concurrency, Rate, Retry, Wave
from fota_sim.scenario.wording import did_you_mean

_ZONE = "tz timezone zone"
_HOW_MANY = "devices size number n quantity amount device_count num_devices"
_SHARE = "percent percentage fraction"
OTHER_WORDS: dict[type[BaseModel], dict[str, str]] = {
    Scenario: {
        "time_zone": _ZONE,
        "horizon": "duration until end length",
        "start": "starts begin start_time start_date",
        "replications": "runs repetitions reps repeats",
        "seed": "random_seed",
        "name": "title",
    },
    Devices: {
        "battery_level": "charge soc state_of_charge battery_percent battery_percentage",
        "rssi": "signal signal_strength signal_level",
        "firmware": "version fw firmware_version",
        "hardware": "hw hardware_version hardware_revision",
        "module": "model module_model",
        "temperature": "temp",
        "time_zone": _ZONE,
    },
    Group: {"count": _HOW_MANY},
    TableFleet: {
        "file": "path filename",
        "delimiter": "separator sep",
        "decimal": "decimal_separator decimal_point",
        "encoding": "charset",
        "sheet": "worksheet tab",
    },
    Plan: {
        "time_zone": _ZONE,
        "starts": "start begin start_time",
        "ends": "end until end_time",
        "push_period": "push_window",
    },
    Strategy: {
        "min_battery": "battery battery_level minimum_battery minimum_battery_level battery_min min_battery_level",
        "min_signal": "signal rssi min_rssi minimum_signal minimum_rssi signal_min min_signal_strength",
        "retries": "retry max_retries retry_count retry_times",
    },
    Wave: {"share": _SHARE, "count": "size number n quantity"},
    Rate: {"devices": "count number", "every": "interval per", "cap": "max maximum limit"},
    Concurrency: {"devices": "count max maximum limit slots"},
    Retry: {"count": "retries times", "delay": "wait interval backoff"},
    Abort: {"share": f"threshold {_SHARE}", "minimum": "min"},
    OperatorAction: {"do": "action", "at": "time when"},
}
"""What people write for a field, in the part that has it and in those that are made from it. Only what can be nothing
else there: an ``rsrp`` is no ``rssi``, and so many ``attempts`` are not as many retries."""

OTHER_THINGS: dict[type[BaseModel], dict[str, str]] = {
    Devices: {
        "rsrp": "an RSRP is no rssi, which is what AT+CSQ reads: it is some 11 dB above RSRP on NB-IoT, 28 dB on "
        "10 MHz of LTE (10 log10 of the carrier's subcarriers, all of them in use)",
    }
}
"""Words that look like a field's, and mean something else."""

_BESIDE: dict[tuple[type[BaseModel], str], str] = {(Devices, "battery"): "battery_level"}
"""The field that is meant where a part is given a single value of that field's kind."""

_UNIT = re.compile(r"_(?:dBm|dB|pct|percent|ms|s|sec|seconds|min|minutes|h|hours|d|days|B|kB|MB|mAh|V|mV|mA|C)$")
_NULL = re.compile(r"\bnull: ([^.;]+)")
_NO_VALUE = "?"
"""What no field with units and no field of few words takes."""


def unknown_field(path: Key, place: Place) -> Problem:
    """There is no such field in a scenario, and what is perhaps meant; ``place``: where it was asked for."""
    word = str(path[-1])
    model = _model_at(path[:-1])
    known = [] if model is None else list(model.model_fields)
    hint = did_you_mean(word, known)
    if word[:1].isdigit():
        hint = "; a comma ends an entry in braces: decimals have a point, and thousands nothing between them"
    name, colon, value = word.partition(":")
    if colon and name in known:
        hint = f"; a colon has a blank behind it: {name}: {value}"
    elif model is not None and (other := _other_thing(word, model)):
        hint = f"; {other}"
    elif model is not None and (named := _named(word, model)):
        hint = f"; did you mean {quoted(named)}?"
    elif model is not None and _plain(word) not in map(_plain, known) and (inside := _elsewhere(word, model, path)):
        hint = f"; did you mean {inside}?" if "." in inside else f"; it stands at the top, beside {path[0]}"
    return problem(*place, path, f"unknown key {quoted(path[-1])}{hint}")


def value_for_part(path: Key, value: Any) -> str:
    """What to add to a message about a single value where a part with fields of its own is wanted: which is meant."""
    model = _model_at(path[:-1])
    part = _model_at(path)
    if model is None or part is None or not isinstance(value, str | int | float):
        return ""
    name = str(path[-1])
    beside = next((each for (of, field), each in _BESIDE.items() if field == name and issubclass(model, of)), None)
    if beside is not None and _takes(model.model_fields[beside], value):
        return f"; did you mean {beside}: {value}?"
    fitting = [field for field, info in part.model_fields.items() if _takes(info, value)]
    if len(fitting) == 1:
        return f"; did you mean {name}: {{{fitting[0]}: {value}}}?"
    return f"; it has {listed(part.model_fields)}"


def instead_of_more(path: Key) -> str:
    """What to add to a message about a number that is too large: what null means there, as the manual has it."""
    model = _model_at(path[:-1])
    field = None if model is None else model.model_fields.get(str(path[-1]))
    found = None if field is None else _NULL.search(field.description or "")
    return f"; null: {' '.join(found[1].split())}" if found else ""


def _other_thing(word: str, model: type[BaseModel]) -> str | None:
    """What the word means, where that is no field of the model though it looks like one."""
    plain = _plain(_UNIT.sub("", word))
    return next((found for of in model.__mro__ if (found := OTHER_THINGS.get(of, {}).get(plain))), None)


def _named(word: str, model: type[BaseModel]) -> str | None:
    """The field of the model that has this other name, also with a unit behind it; None if that is nobody's."""
    words = {_plain(word), _plain(_UNIT.sub("", word))}
    for of in model.__mro__:
        for field, others in OTHER_WORDS.get(of, {}).items():
            if field in model.model_fields and words & set(map(_plain, others.split())):
                return field
    return next((field for field in model.model_fields if _plain(field) in words), None)


def _elsewhere(word: str, model: type[BaseModel], path: Key) -> str | None:
    """The path of the only field of this name in the parts of the model, or else in the whole scenario."""
    for begins_at, begin in ((path[:-1], model), ((), Scenario)):
        found = list(_fields_of_name(_plain(word), begin))
        if len(found) == 1:
            return problem("", 0, 0, (*begins_at, *found[0]), "").path
    return None


def _fields_of_name(plain: str, model: type[BaseModel]) -> Iterator[Key]:
    """Paths to fields of a name, through parts that a model has once: not those of which there are lists."""
    for field, info in model.model_fields.items():
        if _plain(field) == plain:
            yield (field,)
        part = _part(info.annotation)
        if part is not None:
            yield from ((field, *below) for below in _fields_of_name(plain, part))


def _takes(field: FieldInfo, value: Any) -> bool:
    """Whether a field takes the value, and not any text whatever."""
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    return _valid(adapter, value) and not _valid(adapter, _NO_VALUE)


def _valid(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


def _model_at(path: Key) -> type[BaseModel] | None:
    """The part of the schema at ``path``; None if that is no part, or is not known."""
    kind: Any = Scenario
    for step in path:
        model = _part(kind)
        if model is not None and isinstance(step, str):
            if step not in model.model_fields:
                return None
            kind = model.model_fields[step].annotation
        else:
            kind = next((get_args(each)[-1] for each in _choices(kind) if get_args(each)), None)
    return _part(kind)


def _part(kind: Any) -> type[BaseModel] | None:
    """The part that an annotation is, null or not; None for lists and mappings of them, and for values."""
    return next((each for each in _choices(kind) if isinstance(each, type) and issubclass(each, BaseModel)), None)


def _choices(kind: Any) -> tuple[Any, ...]:
    """What an annotation may be: the members of a union, or itself alone."""
    if get_origin(kind) is Annotated:
        return _choices(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return tuple(each for member in get_args(kind) for each in _choices(member))
    return (kind,)


def _plain(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
