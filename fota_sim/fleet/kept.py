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


class Piece(NamedTuple):
    """Which devices they are."""

    group: str
    replication: int
    first: int
    end: int


class Kept:
    """What was drawn last. It may be used from several threads.

    What there is room for stays until its group is another: replications come round again in the same order, so what
    would have to go for the next is what is asked for next.
    """

    def __init__(self, most_B: int = 0) -> None:
        """``most_B``: bytes of columns that are kept at most."""
        self.most_B = most_B
        self._causes: dict[str, Cause] = {}
        self._fleets: dict[Piece, Fleet] = {}
        self._lock = Lock()

    def fleet(self, piece: Piece, cause: Cause, draw: Callable[[], Fleet]) -> Fleet:
        """The devices, drawn or from before; raises what ``draw`` raises."""
        if self.most_B == 0:
            return draw()
        with self._lock:
            if self._causes.get(piece.group) != cause:
                self._causes[piece.group] = cause
                self._fleets = {other: fleet for other, fleet in self._fleets.items() if other.group != piece.group}
            found = self._fleets.get(piece)
        return found if found is not None else self._keep(piece, cause, _not_to_be_written(standing_once(draw())))

    def _keep(self, piece: Piece, cause: Cause, fleet: Fleet) -> Fleet:
        with self._lock:
            there_B = sum(map(_size_B, self._fleets.values()))
            if self._causes.get(piece.group) == cause and there_B + _size_B(fleet) <= self.most_B:
                self._fleets[piece] = fleet
        return fleet


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
