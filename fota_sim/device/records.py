"""Plain objects with the fields of ``fields.py``: what an engine that does not compile keeps the story in."""

from __future__ import annotations

from dataclasses import field, make_dataclass
from typing import Any

from fota_sim.device.fields import Fields, each

_KINDS = {"f": float, "?": bool}


def plain(name: str, fields: Fields) -> type[Any]:
    """A class of objects that begin with the fields' first values; other values are given by name."""
    told = [(each_name, _KINDS.get(kind[0], int), field(default=begins)) for each_name, kind, begins in each(fields)]
    return make_dataclass(name, told, slots=True, eq=False)
