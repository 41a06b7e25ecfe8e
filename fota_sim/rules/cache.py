"""Where compiled code is kept: a folder for each version of everything that is compiled.

numba looks only at the file in which a function stands, so that a change to a rule would not reach the functions that
call it. Here the folder's name is a digest of all compiled sources and of what compiles them: a change of any of them
compiles all of them anew, and nothing stale is ever used.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_SOURCES = ("rules", "engines/compiled")
_NAME = "compiled-"
_DIGITS = 16
_KEPT = 4  # versions


@cache
def digest() -> str:
    """Of the sources that are compiled, and of the versions of numba and llvmlite."""
    import llvmlite
    import numba

    found = hashlib.sha256(f"{numba.__version__} {llvmlite.__version__}".encode())
    for folder in _SOURCES:
        for path in sorted((_PACKAGE / folder).glob("*.py")):
            found.update(path.name.encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:_DIGITS]


@cache
def folder() -> Path:
    """The folder, made if need be: in the package if that can be written, else in the user's cache.

    ``NUMBA_CACHE_DIR``, where it is set, says where instead. The last few other versions are left alone, for they may
    be in use; older ones are removed.
    """
    asked = os.environ.get("NUMBA_CACHE_DIR")
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fota-sim"
    places = [Path(asked)] if asked else [_PACKAGE / "__pycache__", user]
    for place in places:
        path = place / f"{_NAME}{digest()}"
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(path, os.W_OK):
            _forget_oldest(path)
            return path
    return places[-1] / f"{_NAME}{digest()}"


def is_warm(name: str) -> bool:
    """Whether compiled code of the function called ``name`` is there."""
    return any(folder().rglob(f"*.{name}-*.nbc"))


def _forget_oldest(used: Path) -> None:
    """Remove all but the last few versions; never the one that is used now, however old it looks."""
    others = [path for path in used.parent.glob(f"{_NAME}*") if path != used]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
