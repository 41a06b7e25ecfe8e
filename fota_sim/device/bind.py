"""Binding the story to an engine: the same functions, with the engine's own in place of those of ``port.py``.

A module of the story is copied for each engine: its functions are made anew over the same code, and in what they name
outside themselves the port's functions are the engine's, and the story's own are the copies. So an engine that
compiles has the story compiled with its own records and its own queue, and another plays the very same source as plain
Python, side by side.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

from fota_sim.device import (
    accounts,
    attempts,
    body,
    download,
    exhaustion,
    faults,
    fetch,
    flashing,
    gates,
    happens,
    knowledge,
    life,
    link,
    modem,
    network,
    offers,
    operator,
    ota,
    own_software,
    platform,
    port,
    power_off,
    reports,
    rollout,
    silence,
    sleep,
    slots,
    stages,
    urcs,
)

_HOMES = (
    accounts,
    attempts,
    body,
    download,
    exhaustion,
    faults,
    fetch,
    flashing,
    gates,
    happens,
    knowledge,
    life,
    link,
    modem,
    network,
    offers,
    operator,
    ota,
    own_software,
    platform,
    power_off,
    reports,
    rollout,
    silence,
    sleep,
    slots,
    stages,
    urcs,
)
"""The story. Named in imports, for compiled code is found by what its modules import (``rules/cache.py``)."""

_HERE = "fota_sim.device"
_RULES = "fota_sim.rules"

MODULES = tuple(home.__name__.removeprefix(f"{_HERE}.") for home in _HOMES)
"""The story, by file."""

Make = Callable[[FunctionType], Any]


class Story:
    """The story's modules as one engine plays them, as attributes."""

    def __init__(self, engine: str, ports: Mapping[str, Any], make: Make, rules: Sequence[str] = ()) -> None:
        """Bind the story.

        Args:
            engine: whose story it is, for the names of the modules.
            ports: the engine's functions, by the names in ``port.py``.
            make: what becomes of each function of the story, such as compiled code of it.
            rules: modules of ``fota_sim.rules`` whose functions are made as well, from their plain Python.

        Raises:
            TypeError: a function of the port is missing, or one is given that the port does not have.

        """
        wanted = {name: value for name, value in vars(port).items() if _is_own(value, port.__name__)}
        asked = {name for name in wanted if not name.startswith("_")}
        if asked != set(ports):
            raise TypeError(f"the port of {engine}: {sorted(asked ^ set(ports))} missing, or not known")
        homes = [*_HOMES, *(importlib.import_module(f"{_RULES}.{name}") for name in rules)]
        self.modules = {home.__name__: ModuleType(f"{engine}.{home.__name__}", home.__doc__) for home in homes}
        self.rules = SimpleNamespace(**{name: self.modules[f"{_RULES}.{name}"] for name in rules})
        """Modules of rules that were made as well, as attributes."""
        stands_for = {id(wanted[name]): ports[name] for name in asked}
        stands_for |= {id(home): self.modules[home.__name__] for home in homes}
        for home in homes:
            within = vars(self.modules[home.__name__])
            for value in vars(home).values():
                if _is_own(_plain(value), home.__name__):
                    stands_for[id(value)] = make(_over(_plain(value), within))
        for home in homes:
            within = vars(self.modules[home.__name__])
            for name, value in vars(home).items():
                if not name.startswith("__") or name == "__builtins__":
                    within[name] = stands_for.get(id(value), stands_for.get(id(_plain(value)), value))
        self._stands_for = stands_for
        for home in _HOMES:  # in the object's own dictionary, where Python looks first
            setattr(self, home.__name__.removeprefix(f"{_HERE}."), self.modules[home.__name__])

    def bound(self, function: Any) -> Any:
        """What the engine was bound to in the place of a function of the story, of the port or of its rules."""
        return self._stands_for.get(id(function), function)

    def replace(self, bound: Any, other: Any) -> None:
        """Let ``other`` be called wherever ``bound`` was."""
        for module in self.modules.values():
            for name, value in list(vars(module).items()):
                if value is bound:
                    setattr(module, name, other)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the story has no module {name!r}")


def _plain(value: Any) -> Any:
    """The function that a rule was compiled of; anything else as it is."""
    return getattr(value, "py_func", value)


def _is_own(value: Any, module: str) -> bool:
    return isinstance(value, FunctionType) and value.__module__ == module


def _over(function: FunctionType, within: dict[str, Any]) -> FunctionType:
    """The same code over other names outside itself."""
    made = FunctionType(function.__code__, within, function.__name__, function.__defaults__, function.__closure__)
    made.__module__ = function.__module__
    made.__qualname__ = function.__qualname__
    made.__doc__ = function.__doc__
    made.__kwdefaults__ = function.__kwdefaults__
    return made
