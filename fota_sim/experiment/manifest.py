"""Which versions, machine, seed and command made a result, and whether it is whole."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, TypedDict

from fota_sim.scenario.held import Held
from fota_sim.version import MODEL_VERSION, __version__

SCHEMA_VERSION = 1
"""Of the manifest; grows when a field changes its meaning."""

Status = Literal["running", "complete", "interrupted", "failed"]

_LIBRARIES = ("numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy", "simpy", "tzdata")


class Git(TypedDict):
    """The checkout that fota-sim ran from."""

    commit: str
    changed: bool
    """Whether tracked files differed from the commit."""


class Machine(TypedDict):
    """Where it ran."""

    system: str
    processor: str
    cores: int


class _Needed(TypedDict):
    """What every manifest has, also that of a run that goes on."""

    schema_version: int
    status: Status
    """running: not ended, or killed; interrupted: by Ctrl-C, with the replications that were complete."""
    scenario: str
    hash: str
    """Of the resolved scenario, the files it names and the model version: same question, same hash."""
    seed: int
    engine: str
    replications: int
    """Asked for."""
    replications_done: int
    argv: list[str]
    base_dir: str
    """Where files that the scenario names are looked for."""
    files: dict[str, str]
    """SHA-256 of each file that the scenario names."""
    fota_sim: str
    model_version: str
    python: str
    libraries: dict[str, str]
    git: Git | None
    """None when fota-sim did not run from a checkout."""
    machine: Machine
    started: str
    """UTC, ISO 8601."""
    finished: str | None
    duration_s: float | None


class Manifest(_Needed, total=False):
    """``manifest.json``."""

    workers: int
    """Processes that played replications side by side; 1: none but ours."""
    parts: int
    """In how many parts each replication was played; 1: in one piece."""
    phases_s: dict[str, float]
    """Seconds by what they were spent on, summed over the replications, also where those ran side by side."""
    kept: dict[str, str]
    """Of ``files``, those that no disk had and that the result keeps in its folder ``fleet``: what each was made of."""
    own_rules: dict[str, str]
    """Rules that were not the shipped ones, by name: digests of their sources (docs/own_rules.md)."""


def new_manifest(
    scenario: str,
    scenario_hash: str,
    seed: int,
    engine: str,
    replications: int,
    argv: Iterable[str],
    base_dir: Path,
    files: Iterable[str],
    now: datetime,
    held: Mapping[str, Held] | None = None,
) -> Manifest:
    """The manifest of a run that starts ``now``; ``held``: what stands for files that no disk has, by their names."""
    held = held or {}
    manifest: Manifest = {
        "schema_version": SCHEMA_VERSION,
        "status": "running",
        "scenario": scenario,
        "hash": scenario_hash,
        "seed": seed,
        "engine": engine,
        "replications": replications,
        "replications_done": 0,
        "argv": list(argv),
        "base_dir": str(base_dir.resolve()),
        "files": {
            name: hashlib.sha256(held[name].content).hexdigest() if name in held else _sha256(base_dir / name)
            for name in sorted(set(files))
        },
        "fota_sim": __version__,
        "model_version": MODEL_VERSION,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "libraries": {name: found for name in _LIBRARIES if (found := _version(name))},
        "git": git_state(Path(__file__).resolve().parents[2]),
        "machine": {
            "system": platform.platform(),
            "processor": platform.machine(),
            "cores": os.cpu_count() or 0,
        },
        "started": now.astimezone(UTC).isoformat(timespec="milliseconds"),
        "finished": None,
        "duration_s": None,
    }
    if held:
        manifest["kept"] = {name: each.origin for name, each in held.items()}
    return manifest


def ended(
    manifest: Manifest,
    status: Status,
    replications_done: int,
    now: datetime,
    workers: int = 1,
    phases_s: Mapping[str, float] | None = None,
    parts: int = 1,
) -> Manifest:
    """The manifest of the same run when it ends ``now``."""
    seconds = (now - datetime.fromisoformat(manifest["started"])).total_seconds()
    return {
        **manifest,
        "status": status,
        "replications_done": replications_done,
        "finished": now.astimezone(UTC).isoformat(timespec="milliseconds"),
        "duration_s": round(max(0.0, seconds), 3),
        "workers": workers,
        "parts": parts,
        "phases_s": {phase: round(spent_s, 3) for phase, spent_s in (phases_s or {}).items()},
    }


def made(argv: Iterable[str], started: datetime) -> dict[str, Any]:
    """What a result of many runs says of its making, now that it is made."""
    now = datetime.now(UTC)
    return {
        "argv": list(argv),
        "fota_sim": __version__,
        "model_version": MODEL_VERSION,
        "started": started.astimezone(UTC).isoformat(timespec="milliseconds"),
        "finished": now.isoformat(timespec="milliseconds"),
        "duration_s": round((now - started).total_seconds(), 3),
    }


_AS_MODULE = ("python", "-m", "fota_sim")


def command_line() -> list[str]:
    """The command of this process, without the folder of the program."""
    if not sys.argv or not sys.argv[0]:
        return []
    program = Path(sys.argv[0]).name
    return [*(_AS_MODULE if program == "__main__.py" else [program]), *sys.argv[1:]]


def git_state(root: Path) -> Git | None:
    """The commit of the checkout at ``root``, or None where that is none or git is silent. Never fails."""
    if not (root / ".git").exists():
        return None
    commit = _git(root, "rev-parse", "HEAD")
    changes = _git(root, "status", "--porcelain", "--untracked-files=no")
    if not commit or changes is None:
        return None
    return {"commit": commit, "changed": bool(changes)}


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", "-C", str(root), *words],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return None
    return done.stdout.strip()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
