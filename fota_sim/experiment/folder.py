"""Writing a result: into a hidden folder first, which gets its name when it is whole.

``results/<scenario>/<YYYYmmdd-HHMMSS>-<hash8>/`` is made as ``results/<scenario>/.<...>.partial/``, so a
killed run leaves either a whole folder or a hidden one whose manifest says "running".
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from fota_sim.errors import ResultError, unwritable
from fota_sim.experiment import parquet
from fota_sim.experiment.manifest import Manifest

PARTIAL = ".partial"
"""How the name of an unfinished folder ends."""
SWEEPS = "sweeps"
"""Beside a scenario's results: the folder of its sweeps."""

_MOST_COLLISIONS = 1000


class ResultFolder:
    """A result being written; in a ``with`` block, leaving it without ``commit`` removes what was written.

    ``path`` is None until ``commit``.
    """

    def __init__(self, root: Path, scenario: str, hash8: str, now: datetime) -> None:
        """Make the hidden folder; raises ResultError if ``root`` cannot be written."""
        self.path: Path | None = None
        self._home = root / slug(scenario)
        self._made = [each for each in (self._home, root) if not each.exists()]
        self._name = f"{now.strftime('%Y%m%d-%H%M%S')}-{hash8[:8]}"
        self._partial = self._make_partial(root)

    def _make_partial(self, root: Path) -> Path:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            for k in range(_MOST_COLLISIONS):
                partial = self._home / f".{self._name}-{os.getpid()}-{k}{PARTIAL}"
                try:
                    partial.mkdir()
                except FileExistsError:
                    continue
                return partial
        except OSError as error:
            raise ResultError(unwritable(root, error)) from error
        raise ResultError(f"{self._home}: is full of unfinished results; remove those called .*{PARTIAL}")

    def write_text(self, name: str, text: str) -> None:
        """Write a UTF-8 text file with Unix line ends; ``name`` may have folders."""
        self.write_bytes(name, text.encode())

    def write_json(self, name: str, value: Mapping[str, Any]) -> None:
        """Write a JSON object; numbers in full precision, None as null, no NaN."""
        self.write_text(name, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")

    def write_manifest(self, manifest: Manifest) -> None:
        """Write ``manifest.json``."""
        self.write_json("manifest.json", manifest)

    def table(self, name: str) -> FolderSink:
        """A Parquet file to be written piece by piece."""
        return FolderSink(self._partial / name)

    @property
    def scratch(self) -> Path:
        """Where files may stand that are of no result: on the same disk, and removed with what was not committed."""
        return self._partial

    def write_bytes(self, name: str, content: bytes) -> None:
        """Write a file; raises ResultError if the disk does not take it."""
        path = self._partial / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise _unwritable(path, error) from error

    def identify(self, hash8: str) -> None:
        """The scenario that was run has this hash, which was not known before."""
        self._name = f"{self._name.rpartition('-')[0]}-{hash8[:8]}"

    def commit(self) -> Path:
        """Give the folder its name, with ``-2``, ``-3`` ... behind it if that name is taken."""
        for k in range(1, _MOST_COLLISIONS):
            path = self._home / (self._name if k == 1 else f"{self._name}-{k}")
            if path.exists():
                continue
            try:
                self._partial.rename(path)
            except OSError as error:
                if path.exists():  # another run was faster
                    continue
                raise ResultError(f"{path}: cannot be made ({error.strerror or error})") from error
            self.path = path
            return path
        raise ResultError(f"{self._home}: has {_MOST_COLLISIONS} results of this second; remove some")

    def discard(self) -> None:
        """Remove what was written, and the folders made for it if nothing else is in them."""
        if self.path is None:
            shutil.rmtree(self._partial, ignore_errors=True)
            for each in self._made:
                try:
                    each.rmdir()
                except OSError:
                    return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


class FolderSink:
    """A Parquet file of a result; raises ResultError if the disk does not take it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sink = parquet.ParquetSink(path)

    def add(self, table: pa.Table) -> None:
        """The next rows."""
        try:
            self._sink.add(table)
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def cut(self, rows: int) -> None:
        """Take out again what came after so many rows."""
        try:
            self._sink.cut(rows)
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def close(self) -> None:
        """No more rows come."""
        try:
            self._sink.close()
        except OSError as error:
            raise _unwritable(self._path, error) from error


def _unwritable(path: Path, error: OSError) -> ResultError:
    return ResultError(f"{unwritable(path, error)}. Nothing was kept of this result")


def slug(scenario: str) -> str:
    """The scenario's name as that of a folder: no spaces, no separators, no leading dots, never empty."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", scenario).strip(".-") or "scenario"
