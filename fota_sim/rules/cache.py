"""Where compiled code is kept: one folder for the user, whatever checkout or environment compiled it.

An entry is found by what was compiled: the bytecode of the function's module and of all modules that lead into it,
without docstrings and line numbers; and by numba, llvmlite, Python and the processor. So a second clone, a
re-installation or an unrelated edit compiles nothing, and a changed rule compiles all that calls it.
"""

from __future__ import annotations

import dis
import hashlib
import json
import os
import pickle
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import CodeType
from typing import Any

import filelock
import platformdirs

from fota_sim.rules.bounds import BOUNDS
from fota_sim.rules.compiling import compiling

_PACKAGE = "fota_sim."
_BESIDE = {"fota_sim.rules.cache", "fota_sim.rules.compiling"}
"""Modules that have no part in what is compiled, though those that have one import them."""
_DIGITS = 16
_SEAL_B = 32
_KEPT = 6
"""Versions of a module's code that are left alone, those used last."""
_HAS_DOCSTRING = 0x4000000  # CO_HAS_DOCSTRING of Python 3.14; before, a function's first constant is its docstring
_LOOK_S = 0.2


def place() -> Path:
    """The folder: ``FOTA_SIM_CACHE`` where it is set, else the one that the platform has for caches."""
    asked = os.environ.get("FOTA_SIM_CACHE")
    return Path(asked).expanduser() if asked else Path(platformdirs.user_cache_dir("fota-sim", appauthor=False))


def can_keep() -> bool:
    """Whether something can be kept there."""
    above = place()
    while not above.exists() and above != above.parent:
        above = above.parent
    return above.is_dir() and os.access(above, os.W_OK)


# What was compiled


@cache
def key(module: str) -> str:
    """The name of the entry for compiled functions of ``module``, which must be imported."""
    import llvmlite
    import numba
    from numba.core.registry import cpu_target

    config: Any = numba.config

    found = hashlib.sha256()
    for said in (
        *(numba.__version__, llvmlite.__version__, sys.implementation.cache_tag, platform.python_version()),
        *cpu_target.target_context.codegen().magic_tuple(),
        *(config.OPT, config.LOOP_VECTORIZE, config.SLP_VECTORIZE, BOUNDS),
    ):
        found.update(f"{said}\n".encode())
    for name in sorted(closure(module)):
        found.update(name.encode())
        found.update(_module_digest(name))
    return f"{module}-{found.hexdigest()[:_DIGITS]}"


def closure(module: str) -> set[str]:
    """The module and all of this package that lead into it, by name."""
    found, waiting = set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name not in found and name not in _BESIDE:
            found.add(name)
            waiting.extend(_imports(name))
    return found


@cache
def _code(module: str) -> CodeType:
    spec = find_spec(module)
    loader: Any = spec.loader if spec is not None else None
    code = loader.get_code(module)
    assert isinstance(code, CodeType)
    return code


def _imports(module: str) -> Iterator[str]:
    """Modules of this package that the module's own code imports, and that are there."""
    home = ""
    for step in dis.get_instructions(_code(module)):
        if step.opname == "IMPORT_NAME" and str(step.argval).startswith(_PACKAGE):
            home = str(step.argval)
        elif step.opname == "IMPORT_NAME":
            home = ""
        elif step.opname == "IMPORT_FROM" and home:
            inside = f"{home}.{step.argval}"
            yield inside if inside in sys.modules else home


@cache
def _module_digest(module: str) -> bytes:
    found = hashlib.sha256()
    for said in _said(_code(module), "__doc__" in _code(module).co_names):
        found.update(said.encode())
    return found.digest()


def _said(code: CodeType, documented: bool) -> Iterator[str]:
    """What code does, in words that do not depend on docstrings and places in a file."""
    yield code.co_code.hex()
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    yield repr((code.co_argcount, code.co_kwonlyargcount, names))
    for place_, constant in enumerate(code.co_consts):
        if isinstance(constant, CodeType):
            flag = sys.version_info < (3, 14) or bool(constant.co_flags & _HAS_DOCSTRING)
            yield from _said(constant, flag)
        elif not (place_ == 0 and documented and isinstance(constant, str)):
            yield _constant(constant)


def _constant(value: Any) -> str:
    if isinstance(value, frozenset):
        return f"frozenset({sorted(map(_constant, value))})"
    return f"({', '.join(map(_constant, value))})" if isinstance(value, tuple) else repr(value)


# Keeping it


class Kept:
    """The compiled versions of one function on disk, one for each signature."""

    def __init__(self, function: Any) -> None:
        self._module, self._name = function.__module__, function.__qualname__
        self._kept = self._module != "__main__"  # which has no bytecode to be known by

    def has(self, signature: Any) -> bool:
        """Whether the version for these types of arguments is there."""
        return self._kept and self._path(signature).is_file()

    def load(self, signature: Any, context: Any) -> Any:
        """The compile result, ready to be called; None if there is none, or none that is whole."""
        from numba.core.compiler import CompileResult

        if not self._kept:
            return None
        path = self._path(signature)
        try:
            sealed = path.read_bytes()
            os.utime(path.parent)
        except OSError:
            return None
        data = sealed[_SEAL_B:]
        if hashlib.sha256(data).digest() != sealed[:_SEAL_B]:
            return None
        return CompileResult._rebuild(context, *pickle.loads(data))

    def save(self, signature: Any, result: Any) -> None:
        """Keep a compile result; if that cannot be, complain and go on."""
        from numba.core import serialize

        if not self._kept or result.library.has_dynamic_globals:  # addresses of this process
            return
        data = serialize.dumps(result._reduce())
        path = self._path(signature)
        if write(path, hashlib.sha256(data).digest() + data):
            _forget_old(path.parent)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only process that compiles functions of this module, for as long as the block takes."""
        if not self._kept:
            yield
            return
        lock = filelock.FileLock(self._lock(), is_singleton=True)
        try:
            Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                compiling.waits()
                lock.acquire(poll_interval=_LOOK_S)
        except OSError:  # a folder that cannot be written, or a disk that knows no locks
            yield
            return
        try:
            yield
        finally:
            lock.release()

    def _lock(self) -> Path:
        return place() / "compiled" / f"{key(self._module)}.lock"

    def _path(self, signature: Any) -> Path:
        types = hashlib.sha256(str(tuple(signature)).encode()).hexdigest()[:_DIGITS]
        return place() / "compiled" / key(self._module) / f"{self._name}-{types}"


def write(path: Path, data: bytes) -> bool:
    """Put a file there, whole or not at all; if that cannot be, complain, and False."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(data)
            os.replace(name, path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        compiling.complain(
            f"compiled code cannot be kept in {place()} ({error.strerror or error}), so each start compiles anew; "
            "FOTA_SIM_CACHE names another folder"
        )
        return False
    return True


def _forget_old(used: Path) -> None:
    """Remove all but the last few versions of a module's code; never the one that is used now."""
    module = used.name.rpartition("-")[0]
    others = [path for path in used.parent.glob(f"{module}-*") if path.is_dir() and path != used]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
        path.with_name(f"{path.name}.lock").unlink(missing_ok=True)


@cache
def sources() -> str:
    """The bytes of all sources that are compiled, and how they are, as digits; for numba's own way of keeping code."""
    found = hashlib.sha256(str(BOUNDS).encode())
    for folder in ("rules", "device", "engines/compiled"):
        for path in sorted((Path(__file__).resolve().parents[1] / folder).glob("*.py")):
            found.update(path.name.encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:_DIGITS]


# What was measured on this machine

_MEASURED = "measured.json"


def measured(what: str, otherwise: float) -> float:
    """What was measured here last under this name; ``otherwise`` if nothing was."""
    try:
        found = json.loads((place() / _MEASURED).read_text())[what]
    except (OSError, ValueError, KeyError, TypeError):
        return otherwise
    return float(found) if isinstance(found, int | float) and found > 0 else otherwise


def measure(what: str, value: float) -> None:
    """Remember what was measured."""
    try:
        known = json.loads((place() / _MEASURED).read_text())
    except (OSError, ValueError):
        known = {}
    if not isinstance(known, dict):
        known = {}
    write(place() / _MEASURED, json.dumps({**known, what: value}, indent=1).encode())
