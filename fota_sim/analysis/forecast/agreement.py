"""How well a simulated rollout agrees with what was seen so far, and where the two part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.forecast.states import WORDS, Seen, State
from fota_sim.analysis.numbers.rounding import format_duration

Floats = NDArray[np.float64]

MOST_BINS = 6
IN_A_BIN = 25
"""Successes that a stretch of time is to have, at least."""
DOUBT = 0.05
"""The model is taken to be wrong by this share of any count: a closer agreement is not looked for. Assumption."""
PARTED = 4.0
"""Standard deviations, luck and doubt together, that no count of a rollout that is explained is away from its own."""


@dataclass(frozen=True)
class Cell:
    """A count that is compared: devices of a group in a state, come to it within a time."""

    group: str
    state: State
    from_ms: float | None
    until_ms: float | None

    def __str__(self) -> str:
        """For people."""
        where = f" in {self.group}" if self.group else ""
        when = ""
        if self.from_ms is not None and self.until_ms is not None:
            when = f" between {format_duration(self.from_ms)} and {format_duration(self.until_ms)}"
        return f"devices {WORDS[self.state]}{when}{where}"


@dataclass(frozen=True)
class Parting:
    """A count in which no member comes near what was seen."""

    cell: Cell
    seen: int
    lowest: float
    highest: float
    """What the members that agree best elsewhere have, of as many devices."""

    def __str__(self) -> str:
        """For people."""
        low, high = f"{self.lowest:,.0f}", f"{self.highest:,.0f}"
        return f"{self.cell}: {self.seen:,} seen, {low if low == high else f'{low} to {high}'} simulated"


class Comparison:
    """What was seen, cut into counts, and simulated rollouts cut the same way."""

    def __init__(self, seen: Seen, group: NDArray[np.int32], names: Sequence[str], now_ms: float) -> None:
        """``group``: shape (devices,), places in ``names``."""
        self._groups = len(names)
        self._now_ms = now_ms
        self._edges = {
            State.SUCCEEDED: _edges(seen, State.SUCCEEDED, now_ms, MOST_BINS),
            State.FAILED: _edges(seen, State.FAILED, now_ms, 2),
        }
        called = [*names] if len(names) > 1 else [""]
        self.cells = [cell for name in called for cell in self._cells_of(name)]
        self._size = dict(zip(called, np.bincount(group, minlength=self._groups).tolist(), strict=True))
        self.seen = self.counts(seen, group)

    def _cells_of(self, group: str) -> list[Cell]:
        cells = []
        for state in State:
            edges = self._edges.get(state)
            if edges is None:
                cells.append(Cell(group, state, None, None))
            else:
                cells += [Cell(group, state, low, high) for low, high in pairwise(edges.tolist())]
        return cells

    def counts(self, seen: Seen, group: NDArray[np.int32]) -> NDArray[np.int64]:
        """Devices in each of ``cells``; shape (cells,)."""
        found = []
        for number in range(self._groups):
            here = group == number
            for state in State:
                of_it = here & (seen.state == state)
                edges = self._edges.get(state)
                if edges is None:
                    found.append(int(of_it.sum()))
                else:
                    at_ms = np.nan_to_num(seen.at_ms[of_it], nan=self._now_ms)
                    found += np.histogram(np.clip(at_ms, edges[0], edges[-1]), edges)[0].tolist()
        return np.array(found, dtype=np.int64)

    def apart(self, simulated: NDArray[np.int64], spread: float) -> Floats:
        """How far counts are from what was seen, in standard deviations; shapes (members, cells).

        Both are counts of as many devices, each with its own luck: twice the variance of one, ``spread`` times as much
        where devices share things. ``DOUBT`` is added.
        """
        return self._apart(self.cells, self.seen, simulated, spread)

    def evened(self, counts: NDArray[np.int64]) -> Floats:
        """Counts on a scale on which the luck of independent devices has variance 1 everywhere; shape as ``counts``.

        The arcsine of the root of a share (F. J. Anscombe, Biometrika 35, 1948).
        """
        whole = np.array([self._size[cell.group] for cell in self.cells], dtype=np.float64)
        shares = np.clip((counts + 0.375) / (whole + 0.75), 0.0, 1.0)
        found: Floats = 2.0 * np.sqrt(whole + 0.5) * np.arcsin(np.sqrt(shares))
        return found

    def doubt(self) -> Floats:
        """The variance that ``DOUBT`` makes of what was seen, on the scale of ``evened``; shape (cells,).

        By it the odds of a device to be in a cell are wrong.
        """
        whole = np.array([self._size[cell.group] for cell in self.cells], dtype=np.float64)
        found: Floats = DOUBT**2 * self.seen * (1.0 - self.seen / np.maximum(1.0, whole))
        return found

    def partings(self, simulated: NDArray[np.int64], spread: float) -> list[Parting]:
        """Where no member that is near elsewhere comes near; empty if one explains all. Shape (members, cells).

        Looked at are counts, and what came to a state at any time: many small differences may be a large one.
        """
        cells, seen, simulated, apart = self._of_all(simulated, spread)
        if (np.abs(apart).max(axis=1) <= PARTED).any():
            return []
        near = np.argsort((apart**2).sum(axis=1))[: max(1, len(apart) // 10)]
        away = np.abs(apart[near]).min(axis=0)
        order = np.argsort(-away)
        places = [place for place in order if away[place] > PARTED]
        best = simulated[near]
        return [Parting(cells[k], int(seen[k]), float(best[:, k].min()), float(best[:, k].max())) for k in places]

    def nearest(self, simulated: NDArray[np.int64], spread: float) -> float:
        """How far the member that comes nearest is away at most, in standard deviations; shape (members, cells)."""
        return float(np.abs(self._of_all(simulated, spread)[-1]).max(axis=1).min())

    def _of_all(
        self, simulated: NDArray[np.int64], spread: float
    ) -> tuple[list[Cell], NDArray[np.int64], NDArray[np.int64], Floats]:
        """Counts and those of whole states: the cells, what was seen, what was simulated, and how far apart."""
        cells, sums = self._with_sums()
        seen, counts = self.seen @ sums, simulated @ sums
        return cells, seen, counts, self._apart(cells, seen, counts, spread)

    def _with_sums(self) -> tuple[list[Cell], NDArray[np.int64]]:
        """The cells and those of whole states, and what makes counts of both from those of the cells."""
        wholes = {Cell(cell.group, cell.state, None, None) for cell in self.cells} - set(self.cells)
        several = sorted(wholes, key=lambda cell: (cell.group, cell.state))
        sums = np.zeros((len(self.cells), len(several)), dtype=np.int64)
        for k, whole in enumerate(several):
            sums[:, k] = [(cell.group, cell.state) == (whole.group, whole.state) for cell in self.cells]
        return [*self.cells, *several], np.hstack([np.eye(len(self.cells), dtype=np.int64), sums])

    def _apart(
        self, cells: Sequence[Cell], seen: NDArray[np.int64], simulated: NDArray[np.int64], spread: float
    ) -> Floats:
        whole = np.array([self._size[cell.group] for cell in cells])
        mean = (seen + simulated) / 2
        luck = 2 * spread * (mean + 0.5) * np.clip(1 - mean / np.maximum(1, whole), 0.02, 1)
        found: Floats = (seen - simulated) / np.sqrt(luck + (DOUBT * mean) ** 2)
        return found


def _edges(seen: Seen, state: State, now_ms: float, most: int) -> Floats:
    """Stretches of time with about as many devices each; shape (stretches + 1,)."""
    at_ms = seen.at_ms[(seen.state == state) & ~np.isnan(seen.at_ms)]
    count = int(np.clip(len(at_ms) // IN_A_BIN, 1, most))
    inner = np.quantile(at_ms, np.arange(1, count) / count) if count > 1 else []
    return np.unique(np.concatenate([[0.0], np.clip(inner, 1.0, now_ms - 1.0), [max(2.0, now_ms)]]))


def spread_of(counts: NDArray[np.int64]) -> float:
    """How many times as much counts of replications vary as those of independent devices do, at least 1.

    ``counts``: shape (replications, cells), all with the same parameters.
    """
    mean, variance = counts.mean(axis=0), counts.var(axis=0, ddof=1)
    told = mean >= 5
    if not told.any():
        return 1.0
    return max(1.0, float(np.median(variance[told] / mean[told])))
