"""What the command line asks of those who allocate memory and start threads."""

from __future__ import annotations

import ctypes
import gc
import os
import sys

_M_MMAP_THRESHOLD = -3  # mallopt(3) of glibc
_APART_B = 1 << 20
_OBJECTS = 50_000
"""More of them than before, and Python looks for garbage; by itself it does so at 700."""


def look_for_garbage_seldom() -> None:
    """Have Python look less often for objects that hold each other.

    A start makes some hundred thousand objects that all stay, and a reference engine as many events that go by
    themselves: 408 looks became 12, and 849 became 15, and found nothing worth their time (docs/performance.md).
    """
    gc.set_threshold(_OBJECTS)


def leave_garbage() -> None:
    """Have Python not look for it when it ends: the system takes all memory at once."""
    gc.freeze()


def give_arrays_back() -> None:
    """Have memory of large arrays go back to the system as soon as they are gone.

    glibc keeps freed blocks for later, up to a size that grows to 32 MB with what is freed: after a fleet of a million
    devices is drawn, that is most of its columns, and the most memory of a run was measured to be 40 MB more. Nothing
    happens under another C library. Arrow is asked to take what it needs from there, and to keep nothing either; it
    listens only before it is imported, so this comes before a command's imports.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _APART_B)


def start_no_idle_threads() -> None:
    """Have the linear algebra that NumPy and SciPy bring along start no threads, unless the user asked for some.

    A run multiplies no matrices; threads of two libraries spun for a while when they were loaded, a tenth of a second
    of CPU time. To be called before they are imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
