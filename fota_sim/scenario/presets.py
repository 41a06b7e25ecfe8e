"""Built-in presets of a plan: the defaults of well-known rollout systems, laid under what a scenario says.

A preset is a file ``builtin/presets/<name>.yaml`` with some of the fields of ``plan``.
"""

from __future__ import annotations

from importlib.resources import files

from fota_sim.scenario.document import Document, Key, parse_text


def preset_names() -> list[str]:
    """All presets, in alphabetical order."""
    found = (files("fota_sim.scenario") / "builtin" / "presets").iterdir()
    return sorted(entry.name.removesuffix(".yaml") for entry in found if entry.name.endswith(".yaml"))


def preset_plan(name: str) -> Document:
    """The preset of this name as ``{plan: {...}}``; ``name`` is one of ``preset_names``."""
    text = (files("fota_sim.scenario") / "builtin" / "presets" / f"{name}.yaml").read_text(encoding="utf-8")
    return under("plan", parse_text(text, f"preset {name}"), ())


def under(key: str, document: Document, at: Key) -> Document:
    """What stands at ``at`` in ``document`` as the value of ``key``, with its places."""
    size = len(at)
    places = {(key, *path[size:]): place for path, place in document.places.items() if path[:size] == at}
    return Document({key: document.value(at)}, places, texts=document.texts)
