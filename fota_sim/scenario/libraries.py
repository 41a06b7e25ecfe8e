"""Built-in radios, modules and hosts, as their YAML has them."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

LIBRARIES = ("radios", "modules", "hosts")
"""Sections of a scenario that have built-in entries beside its own."""


def builtin(kind: str) -> dict[str, Any]:
    """The built-in radios, modules or hosts."""
    return deepcopy(_builtin(kind))


@cache
def _builtin(kind: str) -> dict[str, Any]:
    """Read once: a sweep loads hundreds of scenarios."""
    text = (files("fota_sim.scenario") / "builtin" / f"{kind}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(text)
    return found
