"""Versions that a run did not know before a client said them."""

from __future__ import annotations

from dataclasses import replace

from fota_sim.device.fields import NONE
from fota_sim.engines.reference.world import World

MOST = 1000
"""Of versions that clients make up; what comes after them all counts as the last one. [A] assumption."""


def version_number(w: World, version: str) -> int:
    """The number of a version, which the run learns if it is new; NONE for the empty one."""
    if not version:
        return NONE
    known = w.names.versions
    if version in known:
        return known.index(version)
    if len(known) - w.first_learnt >= MOST:
        return len(known) - 1
    _learn(w, version)
    return len(known)


def _learn(w: World, version: str) -> None:
    """One version more, and which components' packages are for it."""
    count = len(w.names.versions)
    admitted = [version in w.words.component(component).sources for component in range(w.components)]
    w.admits_at = [
        flag
        for component in range(w.components)
        for flag in (*w.admits_at[component * count : (component + 1) * count], admitted[component])
    ]
    w.versions = count + 1
    w.names = replace(w.names, versions=(*w.names.versions, version))
    w.words = replace(w.words, versions=w.names.versions)
