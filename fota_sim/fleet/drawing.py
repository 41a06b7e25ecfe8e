"""Sources of devices drawn one after the other, or by two threads in shorter runs: the same devices, to the bit."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.sources import Source
from fota_sim.interrupt import beside

RUN = 200_000
"""Devices that are drawn apart, at least. Columns of fewer are so small that the C library keeps their memory when
they are put together and gone: 100 MB of a million devices in runs of 50,000, 4 MB in these."""


class Cut(NamedTuple):
    """Devices of a source, from number ``first`` up to ``end``, which is excluded."""

    source: Source
    first: int
    end: int

    @property
    def runs(self) -> list[Cut]:
        """The same in runs, long enough for their names to be numbered as all together would have them."""
        n = self.end - self.first
        count = max(1, n // max(RUN, self.source.least))
        edges = [self.first + n * k // count for k in range(count + 1)]
        return [Cut(self.source, *edge) for edge in pairwise(edges)]

    def fleet(self) -> Fleet:
        """They, drawn; raises ScenarioError if a distribution cannot be drawn from."""
        return self.source.cut(self.first, self.end)


def drawn(cuts: Sequence[Cut]) -> list[Fleet]:
    """The devices of each; raises ScenarioError with what is wrong with all of them."""
    pieces: list[Fleet] = []
    problems: list[Problem] = []
    for cut in cuts:
        try:
            pieces.append(cut.fleet())
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return pieces


def drawn_by_two(cuts: Sequence[Cut]) -> list[Fleet]:
    """The same devices in the same order, in as many pieces as there were to deal out; raises as ``drawn`` does."""
    runs = [run for cut in cuts for run in cut.runs]
    if len(runs) == len(cuts):
        return drawn(cuts)
    pieces: dict[int, Fleet] = {}
    waiting = deque(enumerate(runs))

    def draw(wanted: Callable[[], bool]) -> None:
        while waiting and wanted():
            try:
                place, run = waiting.popleft()
            except IndexError:  # the other thread was faster
                return
            pieces[place] = run.fleet()

    try:
        with beside(draw) as heard:
            draw(lambda: heard() is None)
    except ScenarioError:
        return drawn(cuts)  # which says what is wrong of each source once
    return [pieces[place] for place in range(len(runs))]
