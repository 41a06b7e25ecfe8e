"""Devices that were drawn before and are asked for again: by the explorer, in which the plan changes and they do not.

A process keeps none unless it is told to (``kept.most_B``), for a run draws those of each replication once.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, NamedTuple

from fota_sim.fleet.alike import standing_once
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Fleet, array_columns

Cause = tuple[Any, ...]
"""All that the devices of a group hang on, but for which of them they are; compared by value."""


MOST_GROUPS = 1000
"""Of devices that are kept at most: each is compared with what is asked for."""


class Piece(NamedTuple):
    """Which of its devices they are."""

    replication: int
    first: int
    end: int


class _Group(NamedTuple):
    cause: Cause
    fleets: dict[Piece, Fleet]


class Kept:
    """What was drawn last. It may be used from several threads.

    Where there is no more room, devices of the group that was asked for longest ago go. Those of the same group stay:
    replications come round again in the same order, so what would go for the next is what is asked for next.
    """

    def __init__(self, most_B: int = 0) -> None:
        """``most_B``: bytes of columns that are kept at most."""
        self.most_B = most_B
        self._groups: list[_Group] = []  # the one that was asked for last is last
        self._size_B = 0
        self._lock = Lock()

    def fleet(self, cause: Cause, piece: Piece, draw: Callable[[], Fleet]) -> Fleet:
        """The devices, drawn or from before; raises what ``draw`` raises."""
        if self.most_B == 0:
            return draw()
        with self._lock:
            found = self._asked(cause).fleets.get(piece)
        return found if found is not None else self._keep(cause, piece, _not_to_be_written(standing_once(draw())))

    def _keep(self, cause: Cause, piece: Piece, fleet: Fleet) -> Fleet:
        size_B = _size_B(fleet)
        with self._lock:
            group = self._asked(cause)
            while len(self._groups) > 1 and (self._size_B + size_B > self.most_B or len(self._groups) > MOST_GROUPS):
                self._size_B -= sum(map(_size_B, self._groups.pop(0).fleets.values()))
            if piece not in group.fleets and self._size_B + size_B <= self.most_B:
                group.fleets[piece] = fleet
                self._size_B += size_B
        return fleet

    def _asked(self, cause: Cause) -> _Group:
        for place in reversed(range(len(self._groups))):
            if self._groups[place].cause == cause:
                self._groups.append(self._groups.pop(place))
                return self._groups[-1]
        self._groups = [group for group in self._groups if group.fleets]
        self._groups.append(_Group(cause, {}))
        return self._groups[-1]


kept = Kept()
"""This process's."""


def _columns(fleet: Fleet) -> list[Any]:
    coded = [*fleet.attributes.values(), *fleet.mcu.values(), fleet.hardware, fleet.firmware]
    plain = [getattr(fleet, name) for name in array_columns(fleet)]
    return plain + [each.codes if isinstance(each, Coded) else each for each in coded]


def _size_B(fleet: Fleet) -> int:
    """Of its columns; one that says the same of all stands once."""
    return sum(column.nbytes if any(column.strides) else column.itemsize for column in _columns(fleet))


def _not_to_be_written(fleet: Fleet) -> Fleet:
    for column in _columns(fleet):
        column.flags.writeable = False
    return fleet
