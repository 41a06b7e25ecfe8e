"""What figures were measured on, and of which commit they are."""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from fota_sim.version import __version__

_PACKAGES = ("simpy", "numba", "llvmlite", "numpy")
_ROOT = Path(__file__).resolve().parents[2]
_NO_SOURCES = ":(exclude)docs"
_DIGITS = 12
CHANGED = "+changes"


def described() -> str:
    """Commit, command, machine and versions, as a Markdown list."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    command = shlex.join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]])
    now = datetime.now(UTC)
    return "\n".join(
        (
            f"* Of commit {commit()} (fota-sim {__version__}), {now:%Y-%m-%d %H:%M} UTC: `{command}`",
            f"* {_processor()}, {os.cpu_count()} cores, {_memory_GiB():.0f} GiB; load average {load} at the start",
            f"* {platform.system()} {platform.machine()}, Python {platform.python_version()}, {packages}",
        )
    )


def commit() -> str:
    """The commit that is checked out, and whether files that figures could depend on differ from it.

    Pages do not count, for the figures of one are written into a page before those of the next are measured.
    """
    head = _git("rev-parse", f"--short={_DIGITS}", "HEAD")
    if head.returncode:
        return "unknown"
    differs = _git("diff", "--quiet", "HEAD", "--", ".", _NO_SOURCES).returncode
    return head.stdout.strip() + (CHANGED if differs else "")


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=_ROOT, capture_output=True, text=True, check=False)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_GiB() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
