"""The cores of this machine, and whether a replication may use one besides its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

VARIABLE = "FOTA_SIM_CORES"
"""The environment variable that says how many there are for this process."""

_lock = Lock()
_crowds = 0


def cores() -> int:
    """How many this process may use: what ``FOTA_SIM_CORES`` says, or those that the system gives it."""
    said = os.environ.get(VARIABLE, "")
    if said.isdecimal() and int(said) > 0:
        return int(said)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def one_is_spare() -> bool:
    """Whether there is one that nobody here keeps busy."""
    return cores() > 1 and _crowds == 0


@contextmanager
def all_busy() -> Iterator[None]:
    """While turns are played side by side, or in a worker, there is none to spare."""
    global _crowds  # noqa: PLW0603
    with _lock:
        _crowds += 1
    try:
        yield
    finally:
        with _lock:
            _crowds -= 1
