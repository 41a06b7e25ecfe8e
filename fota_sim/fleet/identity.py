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

_BLOCK = 1000
"""Names that differ in their last three digits only share the digest of what comes before."""


def device_keys(ids: Ids) -> NDArray[np.uint64]:
    """The BLAKE2b digest (8 bytes, little-endian) of each name in UTF-8; shape (devices,)."""
    digests = b"".join(_counted(part) if isinstance(part, Numbered) else _listed(part) for part in ids.parts)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def name_counter(name: str) -> int:
    """A 32-bit draw counter for a named thing (an attribute), the same wherever it stands in the scenario."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little")


def _listed(names: Iterable[str]) -> bytes:
    return b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)


def _counted(names: Numbered) -> bytearray:
    """The digests of a group's names; copying a state that has read the beginning is quicker than a new one."""
    digests = bytearray()
    tails = [b"%d" % k for k in range(_BLOCK)]
    for block in range(-(-names.count // _BLOCK)):
        begun = blake2b(f"{names.group}-{block or ''}".encode(), digest_size=8)
        for tail in tails[: names.count - block * _BLOCK]:
            state = begun.copy()
            state.update(tail)
            digests += state.digest()
        if block == 0:
            tails = [b"%03d" % k for k in range(_BLOCK)]
    return digests
