"""From a device's name to the 64-bit key that all its luck hangs on.

The key depends on the name and nothing else: not on the place in the fleet, the group's size, the process or
``PYTHONHASHSEED``. A device therefore keeps its draws when others join or leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray


def group_ids(group: str, count: int) -> list[str]:
    """Names of a group's devices: ``<group>-0``, ``<group>-1``, ...; no padding, so growth renames nobody."""
    return [f"{group}-{k}" for k in range(count)]


def device_keys(ids: Iterable[str]) -> NDArray[np.uint64]:
    """The BLAKE2b digest (8 bytes, little-endian) of each name in UTF-8; shape (devices,)."""
    digests = b"".join([blake2b(name.encode(), digest_size=8).digest() for name in ids])
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def name_counter(name: str) -> int:
    """A 32-bit draw counter for a named thing (an attribute), the same wherever it stands in the scenario."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little")
