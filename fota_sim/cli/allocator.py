"""What the command line asks of those who allocate memory."""

from __future__ import annotations

import ctypes
import os
import sys

_M_MMAP_THRESHOLD = -3  # mallopt(3) of glibc
_APART_B = 1 << 20


def give_arrays_back() -> None:
    """Have memory of large arrays go back to the system as soon as they are gone.

    glibc keeps freed blocks for later, up to a size that grows to 32 MB with what is freed: after a fleet of a million
    devices is drawn, that is most of its columns, and the most memory of a run was measured to be 40 MB more. Nothing
    happens under another C library. Arrow is asked to take what it needs from there, and to keep nothing either; it
    listens only before it is imported.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _APART_B)
