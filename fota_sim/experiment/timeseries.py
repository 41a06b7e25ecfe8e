"""How far the rollout was at each time of a grid over the horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fota_sim.engines.record import RunRecord
from fota_sim.experiment.concurrency import END, SENT, START, Concurrency
from fota_sim.experiment.tables import typed_table
from fota_sim.rules.fates import NEVER, Kind

Counts = NDArray[np.int64]

MOST_BINS = 400
"""Fine enough for a figure, small enough to mail."""
MOST_DAYS = 1000
"""Steps of a day, by which long rollouts are told, there may be more: so many."""

_S, _MIN, _H, _D = 1000, 60_000, 3_600_000, 86_400_000
ROUND_STEPS_MS = (
    *(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    *(n * _S for n in (1, 2, 5, 10, 15, 30)),
    *(n * _MIN for n in (1, 2, 5, 10, 15, 30)),
    *(n * _H for n in (1, 2, 3, 6, 12)),
    *(n * _D for n in (1, 5, 10)),
)
"""Widths of a bin that people read without calculating."""

MILESTONES = {
    "contacted": "first_contact_ms",
    "offered": "first_offer_ms",
    "confirmed": "confirmed_ms",
    "downloaded": "downloaded_ms",
    "upgraded": "upgraded_ms",
    "finished": "finished_ms",
}
"""Cumulative counts of the time series, and the column of the device table that each counts.

Of the upgraded, those that are so in the end, as everywhere: firmware that dies later is no success.
"""

COLUMNS: dict[str, Kind] = {
    "replication": "count",
    "at_ms": "count",
    **dict.fromkeys(MILESTONES, "count"),
    "downloading": "count",
    "downloading_peak": "count",
    "bytes_sent": "count",
}
"""``downloading`` at ``at_ms``; ``downloading_peak`` since the row before; ``bytes_sent`` cumulative."""


_ROWS_AT_ONCE = 1 << 20
"""Times of running downloads worked out together: ten million long downloads would have billions."""


def grid_ms(horizon_ms: int) -> NDArray[np.int64]:
    """0, then every so often up to the horizon; the last step may be shorter.

    There are at most ``MOST_BINS`` steps, or ``MOST_DAYS`` where they are of a day.
    """
    whole_days = -(-horizon_ms // (MOST_BINS * _D)) * _D
    most = {_D: MOST_DAYS}
    step_ms = next((step for step in ROUND_STEPS_MS if step * most.get(step, MOST_BINS) >= horizon_ms), whole_days)
    return np.append(np.arange(0, horizon_ms, step_ms, dtype=np.int64), np.int64(horizon_ms))


@dataclass(frozen=True)
class Progress:
    """What happened between the times of the grid, over a replication's devices or a part of them; it adds up."""

    reached: Counts
    """Devices that passed a milestone after the time before and up to this one; shape (MILESTONES, times)."""
    ended_B: Counts
    """Bytes of downloads that ended in that time; shape (times,)."""
    running_B: Counts
    """Bytes that downloads under way had sent by each time; shape (times,)."""

    def __add__(self, other: Progress) -> Progress:
        """That of both."""
        return Progress(self.reached + other.reached, self.ended_B + other.ended_B, self.running_B + other.running_B)


def progress(record: RunRecord) -> Progress:
    """That of one replication, or of the part that the record is of."""
    at_ms = grid_ms(record.horizon_ms)
    reached = np.zeros((len(MILESTONES), len(at_ms) + 1), dtype=np.int64)
    for row, (name, source) in zip(reached, MILESTONES.items(), strict=True):
        times = np.asarray(record.devices[source], dtype=np.int64)
        there = times != NEVER
        if name == "upgraded":
            there &= record.devices["outcome"].is_one_of("upgraded")
        row[:] = np.bincount(places(at_ms, times[there]), minlength=len(row))
    downloads = np.asarray(record.downloads, dtype=np.int64).reshape(-1, 5)
    return Progress(reached[:, :-1], *_bytes_sent(downloads, at_ms))


def time_series(replication: int, horizon_ms: int, whole: Progress, load: Concurrency) -> pa.Table:
    """The time series of one replication; columns are ``COLUMNS``. ``load`` is that at the times of the grid."""
    at_ms = grid_ms(horizon_ms)
    return typed_table(
        {
            "replication": np.full(len(at_ms), replication),
            "at_ms": at_ms,
            **dict(zip(MILESTONES, np.cumsum(whole.reached, axis=1), strict=True)),
            "downloading": load.at_edges,
            "downloading_peak": load.most_in_bins,
            "bytes_sent": np.cumsum(whole.ended_B) + whole.running_B,
        },
        COLUMNS,
    )


def _bytes_sent(downloads: NDArray[np.int64], at_ms: NDArray[np.int64]) -> tuple[Counts, Counts]:
    """Bytes of downloads that ended up to each time, and of running ones the share of their time passed."""
    starts, ends, sent = downloads[:, START], downloads[:, END], downloads[:, SENT]
    ended = np.zeros(len(at_ms) + 1, np.int64)  # the last is for what ends after the horizon
    np.add.at(ended, places(at_ms, ends), sent)
    first = places(at_ms, starts)
    runs_at = places(at_ms, ends) - first  # grid times in [start, end)
    running = np.zeros(len(at_ms), np.int64)
    crossing = np.flatnonzero(runs_at)
    rows = np.cumsum(runs_at[crossing])
    parts = np.searchsorted(rows, np.arange(_ROWS_AT_ONCE, rows[-1] if len(rows) else 0, _ROWS_AT_ONCE))
    for which in np.split(crossing, parts):
        times = runs_at[which]
        download = np.repeat(which, times)
        row = np.arange(len(download)) - np.repeat(np.cumsum(times) - times, times) + first[download]
        passed = (at_ms[row] - starts[download]) / np.maximum(1, ends[download] - starts[download])
        np.add.at(running, row, np.floor(sent[download] * passed).astype(np.int64))
    return ended[:-1], running


def places(at_ms: NDArray[np.int64], times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each time the first row of the grid that is not before it; ``len(at_ms)`` after the horizon."""
    last = len(at_ms) - 1
    rows = np.minimum(-(-times // at_ms[1]), last)  # all steps but the last are of one width
    return np.where(times > at_ms[last], last + 1, rows)
