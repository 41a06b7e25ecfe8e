"""Records in, one after the other: their tables go on to sinks, and what the summary needs is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from fota_sim.analysis.metrics import Measurement
from fota_sim.analysis.outline import Outline, outline
from fota_sim.analysis.summary import build_summary, runs_table
from fota_sim.engines.phases import add, timed
from fota_sim.engines.record import RunRecord
from fota_sim.experiment.parquet import Sink
from fota_sim.experiment.tables import device_tables, event_tables
from fota_sim.scenario.model import Scenario

DEVICES, RUNS, EVENTS = ("devices.parquet", "runs.parquet", "events.parquet")


class Examination:
    """A run as it comes in. Of a replication only its outline stays, without tables: they go to their sinks.

    ``phases_s`` has the seconds of all replications by what they were spent on.
    """

    def __init__(self, sink: Callable[[str], Sink], spent_s: Mapping[str, float] | None = None) -> None:
        """``sink`` makes the place for the table of a name, when the first piece of it comes.

        ``spent_s``: phases that are over already.
        """
        self.phases_s: dict[str, float] = dict(spent_s or {})
        self._make_sink = sink
        self._sinks: dict[str, Sink] = {}
        self._kept: list[Outline] = []

    @property
    def replications(self) -> int:
        """How many were added."""
        return len(self._kept)

    def add(self, record: RunRecord) -> None:
        """The next replication."""
        add(self.phases_s, record.phases_s)
        with timed(self.phases_s, "measure"):
            found = outline(record)
        self._write(DEVICES, device_tables(record))
        for name, table in found.tables.items():
            self._write(name, iter([table]))
        self._write(EVENTS, event_tables(record))
        self._kept.append(found._replace(tables={}))

    def close(self) -> None:
        """No more replications come; there was at least one."""
        runs = runs_table([kept.measured for kept in self._kept], [kept.replication for kept in self._kept])
        self._write(RUNS, iter([runs]))
        with timed(self.phases_s, "write"):
            for sink in self._sinks.values():
                sink.close()

    @property
    def latest(self) -> Mapping[str, Measurement]:
        """The metrics of the replication that came last; there was at least one."""
        return self._kept[-1].measured

    def summary(
        self, scenario: Scenario, identity: str, engine: str, precision: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The summary of the replications so far; ``identity`` is the scenario's hash."""
        tallies = [kept.counted for kept in self._kept]
        measured = [kept.measured for kept in self._kept]
        return build_summary(scenario, identity, engine, tallies, measured, precision)

    def _write(self, name: str, pieces: Iterator[pa.Table]) -> None:
        while True:
            with timed(self.phases_s, "tables"):
                piece = next(pieces, None)
            if piece is None:
                return
            if name not in self._sinks:
                self._sinks[name] = self._make_sink(name)
            with timed(self.phases_s, "write"):
                self._sinks[name].add(piece)
