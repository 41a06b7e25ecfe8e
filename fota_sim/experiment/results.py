"""Finding, listing and reading result folders."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from fota_sim.errors import ResultError
from fota_sim.experiment import parquet
from fota_sim.experiment.folder import PARTIAL, SWEEPS, slug
from fota_sim.experiment.manifest import SCHEMA_VERSION, Manifest

LATEST = "latest"
_NEEDED = ("scenario.resolved.yaml", "summary.json", "runs.parquet", "timeseries.parquet", "devices.parquet")


@dataclass(frozen=True)
class Result:
    """A folder that is, or pretends to be, a result."""

    path: Path
    manifest: Manifest | None
    """None if there is none that can be read."""
    problem: str
    """What is wrong with it, in a sentence; empty for a whole result, also of an interrupted run."""

    @property
    def name(self) -> str:
        """``<scenario>/<time>-<hash8>``."""
        return f"{self.path.parent.name}/{self.path.name}"

    @property
    def status(self) -> str:
        """complete, interrupted or failed as in the manifest; or unfinished, damaged, foreign."""
        if self.manifest is None:
            return "foreign"
        if self.manifest["status"] == "running":
            return "unfinished"
        return "damaged" if self.problem else self.manifest["status"]

    @property
    def started(self) -> str:
        """UTC, ISO 8601; empty if not known."""
        return self.manifest["started"] if self.manifest else ""

    def require(self) -> Manifest:
        """The manifest of a whole result; raises ResultError for any other."""
        if self.manifest is None or self.problem:
            raise ResultError(f"{self.path}: {self.problem}")
        return self.manifest

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The Parquet file ``name``, or some columns of it; raises ResultError."""
        return parquet.read(self.path / name, columns)

    def json(self, name: str) -> dict[str, Any]:
        """The JSON object in ``name``; raises ResultError."""
        return _read_json(self.path / name)

    def content(self, name: str) -> bytes:
        """What the file ``name`` holds; raises ResultError."""
        try:
            return (self.path / name).read_bytes()
        except OSError as error:
            raise ResultError(f"{self.path / name}: cannot be read ({_reason(error)})") from error

    def text(self, name: str) -> str:
        """The UTF-8 text in ``name``; raises ResultError."""
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ResultError(f"{self.path / name}: cannot be read ({_reason(error)})") from error


def list_results(root: Path) -> list[Result]:
    """Everything under ``root`` that is a result or looks like one, oldest first; none if there is no ``root``.

    Unfinished, damaged and foreign folders are in the list, with what is wrong with them in ``problem``.
    """
    found = []
    for home in _folders(root):
        if (home / "manifest.json").is_file():
            found.append(_look_at(home))
            continue
        found.extend(_look_at(path) for path in _folders(home))
    return sorted(found, key=lambda result: (result.started, str(result.path)))


def open_result(which: str | Path, root: Path = Path("results")) -> Result:
    """The result that ``which`` names; raises ResultError if there is none, or several.

    ``which`` is a path to the folder or a file in it, "latest", a scenario's name (its latest result), or the
    beginning of ``<scenario>/<time>-<hash8>``, of ``<time>-<hash8>`` or of the hash.
    """
    path = Path(which)
    if path.is_file() and (path.parent / "manifest.json").is_file():
        path = path.parent
    if path.is_dir():
        result = _look_at(path.resolve())
        if result.manifest is not None:
            return result
    results = [result for result in list_results(root) if result.manifest is not None]
    whole = [result for result in results if not result.problem]
    if str(which) == LATEST:
        if not whole:
            raise ResultError(f"{root}: has no results yet; make one with fota-sim run SCENARIO")
        return whole[-1]
    text = str(which).strip("/")
    of_scenario = [result for result in whole if result.path.parent.name == slug(text)]
    if of_scenario and text:
        return of_scenario[-1]
    matches = [result for result in results if text and _matches(result, text)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise ResultError(f"{which!s} could be any of {_few(matches)}; write more of the name")
    if path.is_dir():
        raise ResultError(f"{path}: {_look_at(path).problem}")
    if path.exists():
        raise ResultError(f"{path}: is no result of fota-sim, which is a folder; name that, or a file in it")
    raise ResultError(f"{which!s}: no such result in {root}; {_hint(text, results)}")


def _folders(parent: Path) -> list[Path]:
    try:
        return sorted(
            path
            for path in parent.iterdir()
            if path.is_dir()
            and (not path.name.startswith(".") or path.name.endswith(PARTIAL))
            and path.name != SWEEPS  # tables of many runs, with files of their own
        )
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ResultError(f"{parent}: cannot be listed ({_reason(error)})") from error


def _look_at(path: Path) -> Result:
    try:
        manifest = cast(Manifest, _read_json(path / "manifest.json"))
    except ResultError as error:
        if not (path / "manifest.json").exists():
            return Result(path, None, "has no manifest.json, so it is no result of fota-sim")
        return Result(path, None, f"its manifest cannot be used ({str(error).removeprefix(f'{path}/')})")
    if manifest.get("schema_version") != SCHEMA_VERSION or not manifest.keys() >= Manifest.__required_keys__:
        return Result(path, None, "its manifest is of another version of fota-sim; run the scenario again")
    if manifest["status"] == "running":
        return Result(path, manifest, "is unfinished: the run goes on or was killed; run the scenario again")
    missing = [name for name in _NEEDED if not (path / name).is_file()]
    if missing:
        return Result(path, manifest, f"lacks {', '.join(missing)}; run the scenario again")
    return Result(path, manifest, "")


def _matches(result: Result, text: str) -> bool:
    hash_ = result.manifest["hash"] if result.manifest else ""
    return result.name.startswith(text) or result.path.name.startswith(text) or hash_.startswith(text)


def _few(results: list[Result], most: int = 5) -> str:
    names = [result.name for result in results[-most:]]
    return ", ".join(names) + (f" and {len(results) - most} more" if len(results) > most else "")


def _hint(text: str, results: list[Result]) -> str:
    if not results:
        return "it is empty; make a result with fota-sim run SCENARIO"
    names = [result.name for result in results]
    known = sorted({*names, *(result.path.parent.name for result in results)})
    close = difflib.get_close_matches(text, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else f"the latest is {names[-1]}"


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultError(f"{path}: cannot be read ({_reason(error)})") from error
    if not isinstance(value, dict):
        raise ResultError(f"{path}: is not a JSON object")
    return value


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
