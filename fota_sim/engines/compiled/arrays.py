"""The run's arrays as Python makes them, lets them grow, and looks after them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.compiled import frames, layout
from fota_sim.engines.compiled.stock import stock
from fota_sim.errors import EngineError
from fota_sim.rules.bounds import BOUNDS

_GUARD = 0xA5
_IN_RESERVE = 4
_BEYOND = 1.5
"""So many times as many rows has an array that grew, within its reserve and beyond."""
_OF_BOTH = ("ordered", "look_ms")
"""Numbers that the loop has for all plans together and each world for its own."""


def _on_a_line(count: int, kind: Any) -> NDArray[Any]:
    """So many rows with anything in them, the first of them at the beginning of a line of memory."""
    size_B = count * np.dtype(kind).itemsize
    room = stock.lend(size_B + 2 * layout.LINE_B)  # a line before it, for frames
    begin = -room.ctypes.data % layout.LINE_B + layout.LINE_B
    return room[begin : begin + size_B].view(kind)


def on_lines_of_its_own(count: int, kind: Any) -> NDArray[Any]:
    """So many rows of zeros on lines of memory with nothing else on them.

    Two threads that write to one line, each its own part, wait for each other at every write: a loop took three times
    as long, in some runs and not in others, as small arrays happened to lie.
    """
    size_B = count * np.dtype(kind).itemsize
    whole = _on_a_line(-(-size_B // layout.LINE_B) * layout.LINE_B, np.uint8)
    whole[:] = 0
    return whole[:size_B].view(kind)


class Memory:
    """The worlds: a record for each plan, the loop's counters, and the arrays that their addresses are of."""

    def __init__(self, plans: int = 1) -> None:
        own = {"worlds": on_lines_of_its_own(2 * plans, layout.WORLD), "loop": on_lines_of_its_own(2, layout.LOOP)}
        if BOUNDS:
            own = {name: frames.framed(array) for name, array in own.items()}
            for name, array in own.items():
                frames.say(name, array)
        self._own = own
        worlds, loops = (list(own[name].view(np.recarray)) for name in ("worlds", "loop"))
        self.worlds, self.worlds_of_helper = worlds[:plans], worlds[plans:]
        """The run as each plan has it, for the loop and for the thread that helps it (helper.py)."""
        self.loop, self.loop_of_helper = loops
        for each in loops:
            each.bound = each.far_begin = layout.NO_KEY
        self._arrays: dict[str, NDArray[Any]] = {}
        self._of_plan: list[dict[str, NDArray[Any]]] = [{} for _ in range(plans)]
        self._reserved: dict[str, NDArray[Any]] = {}
        self._guards: dict[str, NDArray[np.uint8]] = {}
        for world in self.worlds:
            for name, array in own.items():
                world[f"{name}_at"] = array.ctypes.data
        self.loop.plans = plans

    @property
    def world(self) -> Any:
        """The run as the first plan has it: with it the loop is called."""
        return self.worlds[0]

    def set(self, **values: float) -> None:
        """Numbers of the loop, or of all worlds; a name that is none of their fields is an error."""
        for name, value in values.items():
            for record in [self.loop] if name in (layout.LOOP.names or ()) and name not in _OF_BOTH else self.worlds:
                record[name] = value

    def tell_helper(self, plan: int, **others: int) -> None:
        """Let the helper's world of a plan be the loop's, but for some numbers of its own."""
        worlds = self._own["worlds"].view(np.uint8).reshape(2 * len(self.worlds), -1)  # records copy field by field
        told = np.empty(1, layout.WORLD)
        raw = told.view(np.uint8)
        raw[:] = worlds[plan]
        for name, value in others.items():
            told[name] = value
        worlds[len(self.worlds) + plan] = raw

    def keep(self, **arrays: NDArray[Any]) -> None:
        """Put arrays where all worlds' addresses ``<name>_at`` point; ``<name>_room`` is the length, if it counts."""
        for name, given in arrays.items():
            self._arrays[name] = array = self._placed(name, given)
            for world in self.worlds:
                world[f"{name}_at"] = array.ctypes.data
                if f"{name}_room" in (layout.WORLD.names or ()):
                    world[f"{name}_room"] = len(array)

    def keep_of(self, plan: int, **arrays: NDArray[Any]) -> None:
        """Put arrays where the addresses of one plan's world point."""
        for name, given in arrays.items():
            self._of_plan[plan][name] = array = self._placed(name, given)
            self.worlds[plan][f"{name}_at"] = array.ctypes.data

    def of_plan(self, plan: int) -> dict[str, NDArray[Any]]:
        """The arrays of one plan, by name."""
        return self._of_plan[plan]

    def _placed(self, name: str, given: NDArray[Any]) -> NDArray[Any]:
        """The array as compiled code may be given it."""
        if not given.flags.c_contiguous:
            raise ValueError(f"{name} is not in one piece")
        if not BOUNDS:
            return given
        array = given if name in self._reserved else frames.framed(given)
        frames.say(name, array)
        return array

    def make(self, name: str, count: int, kind: Any, most: int = 0) -> None:
        """Keep an array that can grow, of so many rows, with a guard behind them (:meth:`check`).

        There is anything in a row until the loop has written it. To clear rows that it would write anyway was a
        fortieth of the time of 20,000 meters.

        ``most``: rows that it will hardly ever exceed. They are reserved: a large array is given memory where it is
        written first, so the reserve takes none, and growing into it copies nothing. Copying was a seventh of the loop
        of 200,000 devices.
        """
        self._reserved[name] = _rows(max(count, most), count, kind)
        self._open(name, count)

    def _open(self, name: str, count: int) -> None:
        """Let so many of the reserved rows be used; the guard stands behind them."""
        rows = self._reserved[name]
        guard: NDArray[np.uint8] = rows[count : count + 1].view(np.uint8)
        guard[:] = _GUARD
        self._guards[name] = guard
        self.keep(**{name: rows[:count]})

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def grow(self, name: str, count: int) -> None:
        """Give an array more rows, with anything in them."""
        if count >= len(self._reserved[name]):
            old = self._arrays[name]
            self._reserved[name] = _on_a_line(count + 1, old.dtype)
            self._reserved[name][: len(old)] = old
        self._open(name, count)

    def more_rows(self, name: str) -> int:
        """How many rows an array is to have next that has to grow.

        Within its reserve that takes neither memory nor time, but sends the helper away: there the steps are long.
        """
        rows, reserved = len(self._arrays[name]), len(self._reserved[name]) - 1
        if rows < reserved:
            return min(reserved, _IN_RESERVE * rows)
        return int(_BEYOND * rows) + layout.RESERVE

    def copy(self) -> Memory:
        """The same worlds in memory of their own: what goes on in one is not seen in the other."""
        other = Memory(len(self.worlds))
        loops = ((self.loop, other.loop), (self.loop_of_helper, other.loop_of_helper))
        for mine, its in (*loops, *zip(self.worlds, other.worlds, strict=True)):
            for name in mine.dtype.names:
                if name not in ("worlds_at", "loop_at"):
                    its[name] = mine[name]
        for name, array in self._arrays.items():
            if name in self._reserved:
                other.make(name, len(array), array.dtype, most=len(self._reserved[name]) - 1)
                other[name][:] = array
            else:
                other.keep(**{name: array.copy()})
        for plan, arrays in enumerate(self._of_plan):
            other.keep_of(plan, **{name: array.copy() for name, array in arrays.items()})
        return other

    def keep_only(self, *names: str) -> None:
        """Let go of all other arrays when the loop is over; their addresses lead nowhere."""
        for name in self._arrays.keys() - set(names):
            for world in self.worlds:
                world[f"{name}_at"] = 0
        self._of_plan = [{} for _ in self.worlds]
        self._arrays = {name: self._arrays[name] for name in names}
        self._reserved = {name: rows for name, rows in self._reserved.items() if name in names}
        self._guards = {}

    def drop(self, name: str) -> None:
        """Let go of an array as well that was kept so far."""
        self.keep_only(*(self._arrays.keys() - {name}))

    def check(self) -> None:
        """Raises EngineError if the loop wrote behind the end of an array that can grow."""
        hurt = [name for name, guard in self._guards.items() if (guard != _GUARD).any()]
        if hurt:
            raise EngineError(f"the compiled engine wrote behind its {', '.join(hurt)}; the reference engine does not")


def _rows(wanted: int, needed: int, kind: Any) -> NDArray[Any]:
    """So many rows as are wanted, or as are needed where the system does not give so many, and one for the guard."""
    try:
        return _on_a_line(wanted + 1, kind)
    except MemoryError:
        return _on_a_line(needed + 1, kind)


@contextmanager
def watched() -> Iterator[None]:
    """Raise EngineError with array and row if code in the block asks for one that is not there."""
    if not BOUNDS:
        yield
        return
    frames.report[:] = 0
    try:
        yield
    except IndexError as error:
        raise EngineError(f"the compiled engine asks for {_asked(str(error))}") from None


def _asked(otherwise: str) -> str:
    """What was asked for, in words."""
    if not frames.report[frames.FOUND]:
        return f"a row that is not there: {otherwise}"
    row_B = int(frames.report[frames.ROW_B])
    name, row, rows = (
        layout.ARRAYS[frames.report[frames.WHICH]],
        frames.report[frames.ROW],
        frames.report[frames.ARRAY_B] // row_B,
    )
    return f"row {row:,} of {name}, which has {rows:,}: {otherwise}"
