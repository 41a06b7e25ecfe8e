"""A rule of the user's own, for one that fota-sim ships: which there are, whether it fits, and what it is known by."""

from __future__ import annotations

import dis
import hashlib
import inspect
import math
import operator
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from numbers import Real
from textwrap import dedent
from types import CodeType, FunctionType, ModuleType
from typing import Any, get_args, get_type_hints

import numpy as np

from fota_sim.errors import FotaSimError
from fota_sim.scenario.wording import did_you_mean

Rule = Callable[..., Any]

MODULES = (
    "battery",
    "connection",
    "contact",
    "host",
    "link",
    "network",
    "plan",
    "radio",
    "retry",
    "segment",
    "sleep",
    "upgrade",
)
"""Of ``fota_sim.rules``: those whose rules may be replaced. The others keep luck, time, the rollout and the books."""
BOOKS = frozenset(
    {
        "plan.answered_ms",
        "plan.failed_by",
        "plan.first_open_ms",
        "plan.is_over",
        "plan.last_reason",
        "plan.missed_push",
        "plan.settled",
        "plan.takes_status",
        "plan.until_push",
        "retry.kind_of",
        "retry.once_more",
        "retry.times",
    }
)
"""Of these modules, what decides nothing: it counts, and says what a result is called."""

_DIGITS = 16


@dataclass(frozen=True)
class OwnRule:
    """One replacement."""

    name: str
    """Of the shipped rule, with its module: "link.chunk_failure"."""
    shipped: Rule
    function: FunctionType
    source: str
    digest: str
    """Sixteen hex digits of the source, and of the values and functions that it uses from outside."""

    def answer(self, given: Any) -> Any:
        """``given`` by the function, as the type that the shipped rule gives; raises FotaSimError if it is none."""
        return self._as(given, get_type_hints(plain(self.shipped)).get("return"), given)

    def _as(self, part: Any, kind: Any, whole: Any) -> Any:
        if kind is bool and isinstance(part, bool | np.bool_):
            return bool(part)
        if kind is int and isinstance(part, int | np.integer) and not isinstance(part, bool):
            return operator.index(part)
        if kind is float and isinstance(part, Real) and not math.isnan(part):
            return float(part)
        kinds = get_args(kind)
        if kinds and isinstance(part, tuple) and len(part) == len(kinds):
            return tuple(self._as(each, of, whole) for each, of in zip(part, kinds, strict=True))
        if part is None and kind is type(None):
            return None
        needed = kind.__name__ if isinstance(kind, type) and not kinds else str(kind)
        raise FotaSimError(f"{self.name}: {self.function.__name__} gave {whole!r}; it must give {needed}, and not nan")


def own_rule(name: str, function: Any) -> OwnRule:
    """``function`` in place of the rule ``name``.

    Raises:
        FotaSimError: there is no such rule, or the function cannot stand in for it.

    """
    known = known_rules()
    if name not in known:
        raise FotaSimError(f"rules: there is no rule {name!r}{did_you_mean(name, list(known))}")
    function = plain(function)
    if not isinstance(function, FunctionType):
        raise FotaSimError(f"rules: {name}: must be a function, not {function!r}")
    wanted = list(inspect.signature(plain(known[name])).parameters)
    _check_parameters(name, function, wanted)
    return OwnRule(name, known[name], function, _source(name, function), _digest(name, function))


def known_rules() -> dict[str, Rule]:
    """Every rule that may be replaced, by its name."""
    found = {}
    for home in MODULES:
        module = import_module(f"fota_sim.rules.{home}")
        for name, value in vars(module).items():
            if is_of(value, module.__name__) and not name.startswith("_") and _answers(value):
                found[f"{home}.{name}"] = value
    return {name: value for name, value in found.items() if name not in BOOKS}


def _answers(function: Rule) -> bool:
    return inspect.signature(plain(function)).return_annotation not in (None, "None")


def plain(function: Any) -> Any:
    """The Python function that a compiled rule was made of; anything else as it is."""
    return getattr(function, "py_func", function)


def is_of(value: Any, module: str) -> bool:
    """Whether ``value`` is a function, compiled or not, that ``module`` defines."""
    found = plain(value)
    return isinstance(found, FunctionType) and found.__module__ == module


def outside(function: FunctionType) -> dict[str, Any]:
    """What the function uses that is neither its parameter nor built in: values by name."""
    names = set(_global_names(function.__code__))
    found = {name: value for name, value in function.__globals__.items() if name in names}
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return found | {name: cell.cell_contents for name, cell in cells}


def _global_names(code: CodeType) -> Iterator[str]:
    """Every global name in the code, and in the code of what it defines."""
    yield from (step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _global_names(constant)


def _check_parameters(name: str, function: FunctionType, wanted: list[str]) -> None:
    given = inspect.signature(function).parameters.values()
    needed = [each.name for each in given if each.default is each.empty]
    takes = [each.name for each in given][: len(wanted)]
    by_place = all(each.kind is each.POSITIONAL_OR_KEYWORD for each in list(given)[: len(wanted)])
    if takes != wanted or not by_place or not set(needed) <= set(wanted):
        raise FotaSimError(
            f"rules: {name} takes ({', '.join(wanted)}), but {function.__name__} takes "
            f"({', '.join(map(str, given))}); give it the same parameters in the same order"
        )


def _source(name: str, function: FunctionType) -> str:
    try:
        return dedent(inspect.getsource(function))
    except OSError as error:
        raise FotaSimError(
            f"rules: {name}: the source of {function.__name__} cannot be read, so no result could say what it was made "
            "with; write it in a file or in a notebook's cell"
        ) from error


def _digest(name: str, function: FunctionType) -> str:
    found = hashlib.sha256(name.encode())
    for part in _parts(name, function, {function}):
        found.update(part)
    return found.hexdigest()[:_DIGITS]


def _parts(name: str, function: FunctionType, seen: set[FunctionType]) -> Iterator[bytes]:
    """Source and values of the function; of others of its module that it uses, the same; of the rest, the name."""
    yield _source(name, function).encode()
    defaults = {"defaults": function.__defaults__, "keywords": function.__kwdefaults__}
    for word, value in sorted((outside(function) | defaults).items()):
        yield word.encode()
        if isinstance(value, FunctionType) and value.__module__ == function.__module__:
            if value not in seen:
                seen.add(value)
                yield from _parts(name, value, seen)
        elif isinstance(value, ModuleType):
            yield value.__name__.encode()
        elif callable(value) and hasattr(value, "__qualname__"):
            yield f"{value.__module__}.{value.__qualname__}".encode()
        else:
            yield _pickled(name, function, word, value)


def _pickled(name: str, function: FunctionType, word: str, value: Any) -> bytes:
    try:
        return pickle.dumps(value, protocol=5)
    except Exception as error:  # whatever the object's own code raises
        raise FotaSimError(
            f"rules: {name}: {function.__name__} uses {word}, of which no result could say what it was "
            f"({error}); give it numbers, texts, lists, dictionaries or arrays"
        ) from error
