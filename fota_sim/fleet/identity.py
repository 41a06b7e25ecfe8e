"""From a device's name to the 64-bit key that all its luck hangs on.

The key depends on the name and nothing else: not on the place in the fleet, the group's size, the process or
``PYTHONHASHSEED``. A device therefore keeps its draws when others join or leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.ids import Ids, Numbered
from fota_sim.rules.compiled import COMPILED

WORTH_COMPILING = 10_000
"""Names of a group from which on the compiled digest is loaded: fewer are done before it would be."""


WORTH_KEEPING = 100_000
"""Names of a group or a file up to which their keys are kept for the next replication, 0.8 MB; of those seen last, so
many:"""
_KEPT = 8


def device_keys(ids: Ids) -> NDArray[np.uint64]:
    """The BLAKE2b digest (8 bytes, little-endian) of each name in UTF-8; shape (devices,)."""
    keys = np.empty(len(ids), dtype=np.uint64)
    done = 0
    for part in ids.parts:
        here = keys[done : done + len(part)]
        if len(part) <= WORTH_KEEPING:
            here[:] = _kept(part if isinstance(part, Numbered) else tuple(part))
        else:
            _fill(part, here)
        done += len(part)
    return keys


def name_counter(name: str) -> int:
    """A 32-bit draw counter for a named thing (an attribute), the same wherever it stands in the scenario."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little")


def _listed(names: Iterable[str]) -> NDArray[np.uint64]:
    return np.frombuffer(b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names), dtype="<u8")


@lru_cache(maxsize=_KEPT)
def _kept(names: Numbered | tuple[str, ...]) -> NDArray[np.uint64]:
    """The keys of a group or a file: the same in each replication, under every strategy and at every turn of a knob."""
    keys = np.empty(len(names), dtype=np.uint64)
    _fill(names, keys)
    keys.flags.writeable = False
    return keys


def _fill(names: Numbered | Sequence[str], keys: NDArray[np.uint64]) -> None:
    """Fill ``keys`` with those of a group or a file."""
    counted = COMPILED and isinstance(names, Numbered) and len(names) >= WORTH_COMPILING and _counted(names, keys)
    if not counted:
        keys[:] = _listed(names)


def _counted(names: Numbered, keys: NDArray[np.uint64]) -> bool:
    """Fill ``keys`` by the compiled digest; False if the group's name is too long for it."""
    from fota_sim.rules.blake2b import BLOCK_B, MOST_DIGITS, numbered_digests  # takes a while, for some only

    beginning = f"{names.group}-".encode()
    if len(beginning) > BLOCK_B - MOST_DIGITS:
        return False
    numbered_digests(beginning, names.first, keys)
    return True
