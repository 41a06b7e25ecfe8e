"""Programs run from beginning to end: how long, how much processor time, how much memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

_TOLD = 2000  # characters of what a failing program said


@dataclass(frozen=True)
class Spent:
    """What a program and all that it started and waited for took."""

    wall_s: float
    cpu_s: float
    """User and system time."""
    peak_B: int
    """Most memory of any one of them; at least what the process that starts it has, so that should be small."""
    printed: str
    """What it said on standard output."""


def run(command: Sequence[str], cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Spent:
    """Run a program to its end. Needs Linux, where ``ru_maxrss`` counts KiB.

    Raises:
        SystemExit: it failed; with the end of what it said.

    """
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as wrong:
        began_s = perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=said, stderr=wrong)
        _, status, used = os.wait4(process.pid, 0)
        wall_s = perf_counter() - began_s
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        wrong.seek(0)
        if process.returncode:
            told = (said.read() + wrong.read())[-_TOLD:]
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{told}")
        return Spent(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, said.read())
