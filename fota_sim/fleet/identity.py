"""From a device's name to the 64-bit key that all its luck hangs on.

The key depends on the name and nothing else: not on the place in the fleet, the group's size, the process or
``PYTHONHASHSEED``. A device therefore keeps its draws when others join or leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.ids import Ids, Numbered
from fota_sim.rules.compiled import COMPILED

WORTH_COMPILING = 10_000
"""Names of a group from which on the compiled digest is loaded: fewer are done before it would be."""


def device_keys(ids: Ids) -> NDArray[np.uint64]:
    """The BLAKE2b digest (8 bytes, little-endian) of each name in UTF-8; shape (devices,)."""
    keys = np.empty(len(ids), dtype=np.uint64)
    done = 0
    for part in ids.parts:
        here = keys[done : done + len(part)]
        if not (isinstance(part, Numbered) and COMPILED and len(part) >= WORTH_COMPILING and _counted(part, here)):
            here[:] = np.frombuffer(_listed(part), dtype="<u8")
        done += len(part)
    return keys


def name_counter(name: str) -> int:
    """A 32-bit draw counter for a named thing (an attribute), the same wherever it stands in the scenario."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little")


def _listed(names: Iterable[str]) -> bytes:
    return b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)


def _counted(names: Numbered, keys: NDArray[np.uint64]) -> bool:
    """Fill ``keys`` by the compiled digest; False if the group's name is too long for it."""
    from fota_sim.rules.blake2b import BLOCK_B, MOST_DIGITS, numbered_digests  # takes a while, for some only

    beginning = f"{names.group}-".encode()
    if len(beginning) > BLOCK_B - MOST_DIGITS:
        return False
    numbered_digests(beginning, names.first, keys)
    return True
