"""Different things that lines of the log say, numbered: a log says few things often."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import NONE
from fota_sim.engines.compiled.layout import LINE, Records
from fota_sim.rules.compiled import rule_at_once

Ints = NDArray[Any]

_SAID = ("what", "a", "b")
_SLOTS = 1 << 14
_LOAD = 2  # slots to a kind, at least


@rule_at_once
def number_lines(
    what: Ints, a: Ints, b: Ints, kinds: Ints, slots: Ints, codes: Ints, begin: int, count: int
) -> tuple[int, int]:
    """Write the number of each line's kind into ``codes``, from line ``begin`` on; new kinds go behind the ``count``.

    Returns how far it came, and how many kinds there are: it stops where ``kinds`` is full. ``slots`` is a hash table
    of places in ``kinds``, with a power of two of slots.
    """
    mask = len(slots) - 1
    for i in range(begin, len(codes)):
        low, high = b[i] & 0xFFFFFFFF, b[i] >> 32
        mixed = what[i] + 131 * a[i] + 8191 * low + 524287 * high
        slot = (mixed ^ (mixed >> 16)) & mask
        while slots[slot] != NONE:
            code = slots[slot]
            if kinds[code, 0] == what[i] and kinds[code, 1] == a[i] and kinds[code, 2] == b[i]:
                break
            slot = (slot + 1) & mask
        if slots[slot] == NONE:
            if count == len(kinds):
                return i, count
            kinds[count, 0] = what[i]
            kinds[count, 1] = a[i]
            kinds[count, 2] = b[i]
            slots[slot] = count
            count += 1
        codes[i] = slots[slot]
    return len(codes), count


class Kinds:
    """What lines say, (what, a, b), by number in order of first use: as many as a scenario has, not as a fleet."""

    def __init__(self) -> None:
        self._count = 0
        self._make_room(_SLOTS)

    def codes(self, lines: Records) -> NDArray[np.uint32]:
        """The number of what each line says; shape (lines,)."""
        codes = np.empty(len(lines), dtype=np.uint32)
        done = 0
        while done < len(lines):
            what, a, b = (lines[name] for name in _SAID)
            done, self._count = number_lines(what, a, b, self._kinds, self._slots, codes, done, self._count)
            if done < len(lines):
                self._grow()
        return codes

    def copy(self) -> Kinds:
        """The same kinds with the same numbers; new ones get numbers in each by itself."""
        other = copy(self)
        other._kinds, other._slots = self._kinds.copy(), self._slots.copy()
        return other

    @property
    def table(self) -> NDArray[np.int64]:
        """The numbers of each kind; shape (kinds, 3)."""
        return self._kinds[: self._count]

    def _make_room(self, slots: int) -> None:
        self._kinds = np.zeros((slots // _LOAD, 3), dtype=np.int64)
        self._slots = np.full(slots, NONE, dtype=np.int64)

    def _grow(self) -> None:
        """Four times the room; the kinds keep their numbers, for they are numbered again in the same order."""
        known = np.zeros(self._count, dtype=LINE)
        for column, name in enumerate(_SAID):
            known[name] = self._kinds[: self._count, column]
        self._make_room(4 * len(self._slots))
        self._count = 0
        self.codes(known)
