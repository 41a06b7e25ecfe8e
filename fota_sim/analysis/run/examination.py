"""Records in, one after the other: their tables go on to sinks, and what the summary needs is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.terms import Terms
from fota_sim.analysis.run.outline import Brief, Outline, Outlining, brief
from fota_sim.analysis.run.summary import build_summary, plan_runs_table, runs_table
from fota_sim.engines.phases import add, timed
from fota_sim.engines.record import RunRecord
from fota_sim.experiment.parquet import Sink
from fota_sim.experiment.tables import device_tables, event_tables
from fota_sim.interrupt import beside
from fota_sim.scenario.model import Scenario

DEVICES, RUNS, PLAN_RUNS, EVENTS = ("devices.parquet", "runs.parquet", "plan_runs.parquet", "events.parquet")


class Examined(NamedTuple):
    """A record, of a replication or a part of one, and what is counted of it."""

    record: RunRecord
    terms: Terms
    """Of its scenario."""
    brief: Brief | None = None
    """None: nobody has counted yet."""


def examined(record: RunRecord, terms: Terms) -> Examined:
    """Count, where the record was played; ``terms``: those of its scenario."""
    with timed(record.phases_s, "measure"):
        return Examined(record, terms, brief(record, terms))


def examined_only(record: RunRecord, terms: Terms) -> Examined:
    """Count, and leave the device table behind: nobody wants it."""
    found = examined(record, terms)
    return found._replace(record=replace(record, devices={}, downloads=np.zeros((0, 5), dtype=np.int64), events=None))


class Examination:
    """A run as it comes in. Of a replication only its outline stays, without tables: they go to their sinks.

    ``phases_s`` has the seconds of all replications by what they were spent on.
    """

    def __init__(
        self,
        sink: Callable[[str], Sink],
        spent_s: Mapping[str, float] | None = None,
        scratch: Path | None = None,
    ) -> None:
        """``sink`` makes the place for the table of a name, when the first piece of it comes.

        ``spent_s``: phases that are over already. ``scratch``: a folder for what is more than memory should hold; None:
        the system's for temporary files.
        """
        self._scratch = scratch
        self.phases_s: dict[str, float] = dict(spent_s or {})
        self._make_sink = sink
        self._sinks: dict[str, Sink] = {}
        self._kept: list[Outline] = []
        self._under_way: Outlining | None = None
        self._rows: dict[str, int] = {}
        self._whole_rows: dict[str, int] = {}

    @property
    def replications(self) -> int:
        """How many were added."""
        return len(self._kept)

    def add(self, found: Examined, last: bool = True) -> Outline | None:
        """The next replication, or the next part of one; its outline, when it is whole with this one.

        Large tables are written by a second thread while this one counts (docs/design.md, Beside the writing).
        """
        record = found.record
        add(self.phases_s, record.phases_s)
        with beside(partial(self._write_large, record)) as heard, timed(self.phases_s, "measure"):
            outline = self._outline(found, last, heard)
        if outline is None:
            return None
        for name, table in outline.tables.items():
            self._write(name, iter([table]))
        self._kept.append(outline._replace(tables={}))
        self._whole_rows = dict(self._rows)
        return outline

    def _outline(self, found: Examined, last: bool, heard: Callable[[], None]) -> Outline | None:
        counted = brief(found.record, found.terms, heard) if found.brief is None else found.brief
        if self._under_way is None:
            self._under_way = Outlining(counted, self._scratch)
        else:
            self._under_way.add(counted)
        if not last:
            return None
        outline, self._under_way = self._under_way.outline(), None
        return outline

    def _write_large(self, record: RunRecord, wanted: Callable[[], bool]) -> None:
        """The tables with a row for each device or event."""
        if record.devices:
            self._write(DEVICES, device_tables(record), wanted)
        self._write(EVENTS, event_tables(record), wanted)

    def close(self) -> None:
        """No more replications come; there was at least one. What came of one that is not whole is taken out."""
        for name, rows in self._rows.items():
            if rows > self._whole_rows.get(name, 0):
                self._sinks[name].cut(self._whole_rows.get(name, 0))
        runs = runs_table([kept.measured for kept in self._kept], [kept.replication for kept in self._kept])
        self._write(RUNS, iter([runs]))
        plan_runs = plan_runs_table(self._kept)
        if plan_runs is not None:
            self._write(PLAN_RUNS, iter([plan_runs]))
        with timed(self.phases_s, "write"):
            for sink in self._sinks.values():
                sink.close()

    @property
    def measured(self) -> list[Mapping[str, Measurement]]:
        """The metrics of all replications, in order."""
        return [kept.measured for kept in self._kept]

    @property
    def latest(self) -> Mapping[str, Measurement]:
        """The metrics of the replication that came last; there was at least one."""
        return self._kept[-1].measured

    def summary(
        self, scenario: Scenario, identity: str, engine: str, precision: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The summary of the replications so far; ``identity`` is the scenario's hash."""
        return build_summary(scenario, identity, engine, self._kept, precision)

    def _write(self, name: str, pieces: Iterator[pa.Table], wanted: Callable[[], bool] = lambda: True) -> None:
        while wanted():
            with timed(self.phases_s, "tables"):
                piece = next(pieces, None)
            if piece is None:
                return
            if name not in self._sinks:
                self._sinks[name] = self._make_sink(name)
            with timed(self.phases_s, "write"):
                self._sinks[name].add(piece)
            self._rows[name] = self._rows.get(name, 0) + piece.num_rows
