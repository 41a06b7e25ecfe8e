"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from fota_sim.version import __version__

_PACKAGES = ("simpy", "numba", "llvmlite", "numpy")
_HERE = Path(__file__).parent


def described() -> str:
    """Machine, versions, commit and command, as a Markdown list."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return "\n".join(
        (
            f"* {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.system()} {platform.machine()}",
            f"* {_processor()}, {os.cpu_count()} cores, {_memory_GiB():.0f} GiB; load average {load} at the start",
            f"* fota-sim {__version__}, commit {_commit()}; Python {platform.python_version()}, {packages}",
            f"* `python {' '.join(['benchmarks/engines.py', *sys.argv[1:]])}`",
        )
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_GiB() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def _commit() -> str:
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=_HERE, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"
