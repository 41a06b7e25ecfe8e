"""What stays of a replication when its record is gone: metrics, counts, and the small tables that figures draw.

Its size does not grow with the fleet, so it may travel from a worker, and a page may hold many. It is made of
**briefs**: what is counted of one record, of a whole fleet or of a part of it. Briefs add up exactly, so it does not
matter how a fleet was dealt out (docs/design.md, Parts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa

from fota_sim.analysis.numbers.counters import Counters, Counts, count, read_upgrades, upgrades
from fota_sim.analysis.numbers.metrics import Measurement, measured
from fota_sim.analysis.numbers.quantities import needed
from fota_sim.analysis.numbers.terms import Terms
from fota_sim.analysis.run.battery_signal import battery_signal, battery_signal_cells
from fota_sim.analysis.run.group_times import group_cells, group_times
from fota_sim.analysis.run.plan_records import plan_records
from fota_sim.analysis.run.tally import Tally, add_groups, groups, tally_of
from fota_sim.engines import cores
from fota_sim.engines.operation import PlanLog
from fota_sim.engines.plan_log import together_logged
from fota_sim.engines.record import RunRecord
from fota_sim.experiment.arrow import counts, strings
from fota_sim.experiment.concurrency import END, START, changes, concurrency
from fota_sim.experiment.histogram import Histogram, HistogramStore, together
from fota_sim.experiment.timeseries import Progress, grid_ms, progress, time_series
from fota_sim.fleet.coded import Coded
from fota_sim.interrupt import beside
from fota_sim.scenario.products import PLAN

TIMESERIES, GROUP_TIMES, BATTERY_SIGNAL, PLAN_LOG = (
    "timeseries.parquet",
    "group_times.parquet",
    "battery_signal.parquet",
    "plan_log.parquet",
)
OF_PLANS = {TIMESERIES: "plan_timeseries.parquet", GROUP_TIMES: "plan_group_times.parquet"}
"""Tables that are kept of each of several plans too, with its name in a column, and their files."""


_BLOCK = 1 << 14
"""Devices that are counted together: what is made of their columns on the way fits the nearest caches."""


_MANY = 1 << 16
"""Downloads of a record that a second core helps to count, if there is one: fewer are counted before it has begun."""


class Outline(NamedTuple):
    """One replication in short."""

    replication: int
    measured: Mapping[str, Measurement]
    counted: Tally
    tables: Mapping[str, pa.Table]
    """By the names of their files: those above."""
    plans: Mapping[str, Outline] = {}
    """Of several plans the outline of each, by name, without tables; nothing where there is one plan."""


@dataclass(frozen=True)
class Sums:
    """What is counted of devices and takes little room; that of some and of others adds up to that of all."""

    counters: Counters
    groups: dict[str, Counts]
    progress: Progress
    group_cells: Histogram
    battery_signal: Histogram

    @classmethod
    def of(cls, record: RunRecord, terms: Terms) -> Self:
        """Of all devices of a record."""
        devices = record.devices
        return cls(
            count(devices, terms),
            groups(devices),
            progress(record),
            group_cells(record),
            battery_signal_cells(devices),
        )

    def __add__(self, other: Self) -> Self:
        """That of both; ``other`` is of later devices."""
        by_group = dict(self.groups)
        add_groups(by_group, other.groups)
        return type(self)(
            self.counters + other.counters,
            by_group,
            self.progress + other.progress,
            together([self.group_cells, other.group_cells]),
            together([self.battery_signal, other.battery_signal]),
        )


class Brief(NamedTuple):
    """What is counted of a record."""

    replication: int
    horizon_ms: int
    sums: Sums
    group_names: tuple[str, ...]
    upgrades: Histogram
    """Upgrades by time."""
    downloads: Histogram
    """By how much the number of running downloads changes, by time."""
    plan_log: PlanLog
    terms: Terms
    """Of the scenario."""
    plans: Mapping[str, Brief] = {}
    """Of several plans what is counted of the devices of each."""


def brief(record: RunRecord, terms: Terms, heard: Callable[[], None] = lambda: None) -> Brief:
    """What is counted of a record, of a whole fleet or of a part of one; ``terms``: those of its scenario.

    ``heard`` is called now and then; what it raises goes through.
    """
    found = _brief(record, terms, heard)
    return found._replace(plans={name: _brief(own, terms, heard) for name, own in plan_records(record).items()})


def _brief(record: RunRecord, terms: Terms, heard: Callable[[], None]) -> Brief:
    devices, downloads = record.devices, record.downloads
    blocks = list(_blocks(record))
    to_come, summed = iter(enumerate(blocks)), dict[int, Sums]()
    found: list[Histogram] = []

    def sum_up(goes_on: Callable[[], bool]) -> None:
        for number, block in to_come:  # each goes to one of the threads
            if not goes_on():
                return
            summed[number] = Sums.of(block, terms)

    def help_out(wanted: Callable[[], bool]) -> None:
        found.extend((upgrades(devices), changes(downloads[:, START], downloads[:, END])))
        sum_up(wanted)

    def is_heard() -> bool:
        heard()
        return True

    with beside(help_out) if len(downloads) >= _MANY and cores.one_is_spare() else nullcontext():
        sum_up(is_heard)
    if not found:
        help_out(lambda: True)
    upgraded, running = found
    return Brief(
        record.replication,
        record.horizon_ms,
        reduce(add, (summed[number] for number in range(len(blocks)))),
        tuple(devices["group"].names),
        upgraded,
        running,
        record.plan_log,
        terms,
    )


def _blocks(record: RunRecord) -> Iterator[RunRecord]:
    """The record in blocks of devices, each with as large a share of the downloads, whosesoever they are."""
    devices = {name: column for name, column in record.devices.items() if name != "id"}
    size, loads = len(devices["outcome"]), len(record.downloads)
    blocks = max(1, -(-size // _BLOCK))
    for k in range(blocks):
        rows, of_downloads = (slice(n * k // blocks, n * (k + 1) // blocks) for n in (size, loads))
        cut = {name: _cut(column, rows) for name, column in devices.items()}
        yield replace(record, devices=cut, downloads=record.downloads[of_downloads])


def _cut(column: Any, rows: slice) -> Any:
    return column.take(rows) if isinstance(column, Coded) else column[rows]


class Outlining:
    """Briefs of all parts of one replication, in the order of the fleet, until they are an outline.

    Of the two long histograms, what is too large for memory goes to disk.
    """

    def __init__(self, first: Brief, scratch: Path | None = None) -> None:
        """``scratch``: the folder for that; None: the system's for temporary files."""
        self._first = first
        self._sums = first.sums
        self._plan_logs = [first.plan_log]
        self._upgrades = HistogramStore(scratch, "the times of upgrades")
        self._downloads = HistogramStore(scratch, "the times of downloads")
        self._keep_times(first)
        self._plans = {name: Outlining(own, scratch) for name, own in first.plans.items()}

    def add(self, more: Brief) -> None:
        """The next part."""
        self._sums += more.sums
        self._plan_logs = [together_logged([*self._plan_logs, more.plan_log])]
        self._keep_times(more)
        for name, own in more.plans.items():
            self._plans[name].add(own)

    def _keep_times(self, part: Brief) -> None:
        self._upgrades.add(part.upgrades)
        self._downloads.add(part.downloads)

    def outline(self) -> Outline:
        """That of the replication; no part is missing."""
        replication, horizon_ms, sums = self._first.replication, self._first.horizon_ms, self._sums
        load = concurrency(self._downloads.pieces(), grid_ms(horizon_ms))
        times = read_upgrades(self._upgrades.pieces(), needed(sums.counters))
        tables: dict[str, pa.Table] = {
            TIMESERIES: time_series(replication, horizon_ms, sums.progress, load),
            GROUP_TIMES: group_times(replication, horizon_ms, self._first.group_names, sums.group_cells),
            BATTERY_SIGNAL: battery_signal(replication, sums.battery_signal),
            PLAN_LOG: _plan_log(replication, self._plan_logs[0]),
        }
        metrics = measured(sums.counters, times, load, self._first.terms)
        plans = {name: own.outline() for name, own in self._plans.items()}
        for name, of_plans in OF_PLANS.items() if plans else ():
            tables[of_plans] = pa.concat_tables(_said_plan(plan, own.tables[name]) for plan, own in plans.items())
        plans = {name: own._replace(tables={}) for name, own in plans.items()}
        return Outline(replication, metrics, tally_of(sums.counters, sums.groups), tables, plans)


def _said_plan(name: str, table: pa.Table) -> pa.Table:
    """The table with the plan's name in a column."""
    return table.append_column(PLAN, strings([name] * len(table)))


def outline(record: RunRecord, terms: Terms) -> Outline:
    """The outline of a replication that was played in one piece; ``terms``: those of its scenario."""
    return Outlining(brief(record, terms)).outline()


def _plan_log(replication: int, log: Sequence[tuple[int, str]]) -> pa.Table:
    """Rows of replication, at_ms, text: what happened to the plan."""
    return pa.table(
        {
            "replication": counts(np.full(len(log), replication)),
            "at_ms": counts([at_ms for at_ms, _ in log]),
            "text": strings(text for _, text in log),
        }
    )
