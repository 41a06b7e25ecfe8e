"""The command line: one file per command, thin; heavy libraries are imported when a command needs them."""

from __future__ import annotations

from time import perf_counter

BEGAN_S = perf_counter()
"""When the command began, but for the start of Python itself."""
