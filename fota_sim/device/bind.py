"""Binding the story to an engine: the same functions, with the engine's own in place of those of ``port.py``.

A module of the story is copied for each engine: its functions are made anew over the same code, and in what they name
outside themselves the port's functions are the engine's, and the story's own are the copies. So an engine that
compiles has the story compiled with its own records and its own queue, and another plays the very same source as plain
Python, side by side.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType, ModuleType
from typing import Any

from fota_sim.device import port

MODULES = (
    "accounts",
    "attempts",
    "body",
    "download",
    "exhaustion",
    "faults",
    "fetch",
    "flashing",
    "gates",
    "happens",
    "knowledge",
    "life",
    "link",
    "modem",
    "network",
    "offers",
    "operator",
    "ota",
    "own_software",
    "platform",
    "power_off",
    "reports",
    "rollout",
    "silence",
    "slots",
    "stages",
    "urcs",
)
"""The story, by file."""

_HERE = "fota_sim.device"

Make = Callable[[FunctionType], Any]


class Story:
    """The story's modules as one engine plays them, as attributes."""

    def __init__(self, engine: str, ports: Mapping[str, Any], make: Make, rules: Iterable[str] = ()) -> None:
        """Bind the story.

        Args:
            engine: whose story it is, for the names of the modules.
            ports: the engine's functions, by the names in ``port.py``.
            make: what becomes of each function of the story, such as compiled code of it.
            rules: modules of ``fota_sim.rules`` whose plain functions are made as well.

        Raises:
            TypeError: a function of the port is missing, or one is given that the port does not have.

        """
        wanted = {name: value for name, value in vars(port).items() if _is_own(value, port.__name__)}
        asked = {name for name in wanted if not name.startswith("_")}
        if asked != set(ports):
            raise TypeError(f"the port of {engine}: {sorted(asked ^ set(ports))} missing, or not known")
        homes = [importlib.import_module(f"{_HERE}.{name}") for name in MODULES]
        homes += [importlib.import_module(name) for name in rules]
        self.modules = {home.__name__: ModuleType(f"{engine}.{home.__name__}", home.__doc__) for home in homes}
        stands_for = {id(wanted[name]): ports[name] for name in asked}
        stands_for |= {id(home): self.modules[home.__name__] for home in homes}
        for home in homes:
            within = vars(self.modules[home.__name__])
            for value in vars(home).values():
                if _is_own(value, home.__name__):
                    stands_for[id(value)] = make(_over(value, within))
        for home in homes:
            within = vars(self.modules[home.__name__])
            for name, value in vars(home).items():
                if not name.startswith("__") or name == "__builtins__":
                    within[name] = stands_for.get(id(value), value)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.modules[f"{_HERE}.{name}"]
        except KeyError:
            raise AttributeError(f"the story has no module {name!r}") from None


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
