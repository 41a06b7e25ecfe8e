"""Finished units on disk, one SQLite transaction each: a killed batch loses those in flight and no other.

SQLite, because a unit is a small row that must be safe when it is written, found by key, and replaced rather than
doubled; a folder of small Parquet files would need a compaction of its own. One process writes; workers never do.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from fota_sim.analysis.batch.unit import Outcome
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.run.stops import Stop
from fota_sim.errors import ResultError, unwritable
from fota_sim.scenario.metrics import METRICS, PRICED, told_with
from fota_sim.version import MODEL_VERSION

SCHEMA_VERSION = 2
_STOPS = "stops"
"""Stands behind the metrics of a form: where the rollout was stopped."""
_TABLES = """
CREATE TABLE IF NOT EXISTS forms (id INTEGER PRIMARY KEY, text TEXT UNIQUE NOT NULL);
CREATE TABLE IF NOT EXISTS units (
    identity TEXT, model TEXT, seed INTEGER, replication INTEGER,
    form INTEGER NOT NULL REFERENCES forms(id), numbers TEXT NOT NULL, seconds REAL NOT NULL,
    PRIMARY KEY (identity, model, seed, replication)
) WITHOUT ROWID;
"""


class Key(NamedTuple):
    """What makes a unit the same unit, beside the model version."""

    identity: str
    seed: int
    replication: int


class UnitStore:
    """A file of finished units. A form holds what units have in common: names, labels, units and denominators."""

    def __init__(self, path: Path) -> None:
        """Open or make it; raises ResultError if that cannot be."""
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, isolation_level=None)
            self._base.execute("PRAGMA journal_mode=WAL")
            version = self._base.execute("PRAGMA user_version").fetchone()[0]
            self._base.executescript(_TABLES)
            self._base.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        except OSError as error:
            raise ResultError(unwritable(path, error)) from error
        except sqlite3.Error as error:
            raise ResultError(
                f"{path}: cannot be used as a store of runs ({error}); make room, or remove it, or name another"
            ) from error
        if version not in (0, SCHEMA_VERSION):
            raise ResultError(f"{path}: was written by another fota-sim (store {version}); remove it or name another")

    def find(self, keys: Sequence[Key]) -> dict[Key, Outcome]:
        """Those of ``keys`` that are stored, under this model version and with the metrics that there are now."""
        forms = dict(self._base.execute("SELECT id, text FROM forms"))
        current = {number: names for number, text in forms.items() if _is_current(names := json.loads(text))}
        found = {}
        for key in keys:
            row = self._base.execute(
                "SELECT form, numbers, seconds FROM units WHERE identity=? AND model=? AND seed=? AND replication=?",
                (key.identity, MODEL_VERSION, key.seed, key.replication),
            ).fetchone()
            if row is not None and row[0] in current:
                *told, stops = json.loads(row[1])
                measures = _measures(current[row[0]][:-1], told)
                found[key] = Outcome(measures, "", row[2], None, [Stop(*each) for each in stops])
        return found

    def add(self, key: Key, outcome: Outcome) -> None:
        """Keep a unit that has its metrics; one of the same key is replaced. Raises ResultError if it cannot be."""
        measures = outcome.measures or {}
        form = json.dumps([*measures, _STOPS])
        told = [
            *(one.stored for one in measures.values()),
            [list(stop) for stop in outcome.stops],
        ]
        numbers = json.dumps(told)
        try:
            self._base.execute("BEGIN")
            self._base.execute("INSERT OR IGNORE INTO forms (text) VALUES (?)", (form,))
            self._base.execute(
                "INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?, (SELECT id FROM forms WHERE text=?), ?, ?)",
                (key.identity, MODEL_VERSION, key.seed, key.replication, form, numbers, outcome.seconds),
            )
            self._base.execute("COMMIT")
        except sqlite3.Error as error:
            raise ResultError(
                f"{self._path}: a run could not be stored ({error}); make room. Runs before it are kept"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()


def _is_current(names: Sequence[str]) -> bool:
    """Whether these are all metrics that there are now, of costs those that a scenario may have priced, and stops."""
    priced = {METRICS[name].price for name in names if name in METRICS}
    return list(names) == [*told_with(priced & set(PRICED)), _STOPS]


def _measures(names: Sequence[str], numbers: Sequence[Sequence[Any]]) -> dict[str, Measurement]:
    """JSON writes floats so that they read back to the same bits."""
    return {name: Measurement(name, *each) for name, each in zip(names, numbers, strict=True)}
