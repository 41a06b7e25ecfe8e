"""A second thread of one replication: it plays devices that the loop puts off, at the same time as the loop goes on.

It has a world of its own for each plan, which differs from the loop's in what both would write: free rows, who waits
for a turn, counts. The loop takes over what came of it (together.py), and Python what it counted.
"""

from __future__ import annotations

from statistics import median
from threading import Thread
from time import perf_counter
from types import TracebackType

import numpy as np

from fota_sim.device.fields import NONE
from fota_sim.engines import cores
from fota_sim.engines.compiled import layout, loop, put_off, queue
from fota_sim.engines.compiled.arrays import Memory, on_lines_of_its_own
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.bounds import BOUNDS
from fota_sim.rules.compiled import COMPILED

NAME = "fota-sim helper"
"""Of the thread."""
LEAST = 10_000
"""Devices of a run that has help: with fewer the loop is over in some hundredths of a second."""
_ROWS = (3, 30)
"""Looks at progress with help after which the loop plays one alone, to see whether help is any: at first, and then."""
_GAIN = 1.1
"""So many times as fast it has to be with help."""
_LOGGED = 0.01
"""Of more devices than this share the story is not kept where there is help: the loop plays those by itself."""
_LEAST_EVENTS = 20_000
"""Between two looks, to say how fast the loop is."""
_SERVES = {"serves": True, "look_ms": 0, "pause_at": layout.NO_KEY, "bound": layout.NO_KEY}
"""What its loop is told each time: names of columns, for attributes of records take ten times as long."""
_RESTS = (8, 256)
"""If it is not, the other core is not free: the helper stays away for so many looks, twice as many each time."""


def have_helper(memory: Memory) -> None:
    """Make the arrays over which loop and helper agree."""
    memory.keep(
        put_off=on_lines_of_its_own(put_off.WORDS * put_off.MOST, np.int64),
        agreed=on_lines_of_its_own(put_off.AGREED_B // 8, np.int64),
        bag=on_lines_of_its_own(2 * (put_off.MOST + layout.RESERVE), np.int64),
        near=on_lines_of_its_own(queue.NEAR_ROOM, np.int64),
    )


class Helper:
    """The second thread of a run, which is there while a core is free for it; a context that it is gone after."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._thread: Thread | None = None
        self._uniforms = on_lines_of_its_own(layout.STEPS, np.float64)
        counts = [on_lines_of_its_own((int(w.waves) + 1) * rr.COUNTS, np.int64) for w in memory.worlds]
        self._counts = [each.reshape(-1, rr.COUNTS) for each in counts]
        self._can_help = _can_help(memory)
        self._pace = _Pace()

    def __enter__(self) -> Helper:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.goes()

    def comes(self) -> None:
        """Let it know how things stand, and start it if it is not there and there is a core for it."""
        if not self._can_help:
            return
        if not self._pace.wants_help() or not cores.one_is_spare():
            self.goes()
            return
        self._is_told()
        if self._thread is not None:
            return
        memory = self._memory
        memory["agreed"][:] = 0
        memory.loop.ever_put_off = memory.loop.played = 0
        thread = Thread(target=_help, args=(memory,), name=NAME, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system gives no more threads: the loop does it all
            self._can_help = False
            return
        self._thread = thread
        memory.loop.helpers = 1

    def goes(self) -> None:
        """Send it away: it has nothing in hand while the loop stands. It comes again when it is called."""
        if self._thread is None:
            return
        self._memory["agreed"][put_off.GOES // 8] = 1
        self._thread.join()
        self._thread = None
        self._memory.loop.helpers = 0

    def tells(self) -> None:
        """Take over what it has counted."""
        if not self._can_help:
            return
        memory = self._memory
        self._pace.heard(int(memory.loop["handled"]))
        if self._thread is None:
            return
        for number, (mine, its) in enumerate(zip(memory.worlds, memory.worlds_of_helper, strict=True)):
            mine["first_confirm"] = min(mine["first_confirm"], its["first_confirm"])
            memory.of_plan(number)["rollout_counts"] += self._counts[number]
            self._counts[number][:] = 0

    def _is_told(self) -> None:
        memory, own = self._memory, self._memory.loop_of_helper
        for name in ("until_ms", "plans", "steps", "ordered"):
            own[name] = memory.loop[name]
        for name, value in _SERVES.items():
            own[name] = value
        if own["events_end"] == 0:
            own["free_event"] = own["free_live"] = NONE
        for number, world in enumerate(memory.worlds):
            memory.tell_helper(
                number,
                loop_at=world["loop_at"] + layout.LOOP.itemsize,
                worlds_at=world["worlds_at"] + len(memory.worlds) * layout.WORLD.itemsize,
                uniforms_at=self._uniforms.ctypes.data,
                heap_at=memory["bag"].ctypes.data,
                heap_room=len(memory["bag"]),
                events_room=own["events_end"],
                rollout_counts_at=self._counts[number].ctypes.data,
            )


class _Pace:
    """How fast the loop is with help and without, and so whether it wants any.

    A run begins by what the one before it in this process found: in the explorer, while it begins, the page draws the
    answer from a sample, and what is found then would not be true a moment later.
    """

    _found = _ROWS[0]

    def __init__(self) -> None:
        self._row = 0  # looks with help since the last without
        self._longest = _Pace._found
        self._rests = 0
        self._next_rest = _RESTS[0]
        self._helped = False
        self._began_s = 0.0
        self._events = 0
        self._paces: list[float] = []  # with help, events a second

    def wants_help(self) -> bool:
        """Whether to play with help up to the next look, which begins now."""
        self._helped = self._rests == 0 and self._row < self._longest
        self._began_s = perf_counter()
        return self._helped

    def heard(self, events: int) -> None:
        """The loop has played so many events by now."""
        played, self._events = events - self._events, events
        if played < _LEAST_EVENTS:  # it stopped for an array to grow
            return
        pace = played / max(1e-9, perf_counter() - self._began_s)
        if self._helped:
            self._row += 1
            self._paces.append(pace)
        elif self._rests > 0:
            self._rests -= 1
        else:
            self._judge(pace)

    def _judge(self, alone: float) -> None:
        is_help = median(self._paces) > _GAIN * alone
        self._longest = _Pace._found = _ROWS[1] if is_help else _ROWS[0]
        if is_help:
            self._next_rest = _RESTS[0]
        else:
            self._rests = self._next_rest
            self._next_rest = min(_RESTS[1], 2 * self._next_rest)
        self._row = 0
        self._paces = []


def _can_help(memory: Memory) -> bool:
    """Whether there are devices enough, and what they do alone is theirs alone.

    A rollout that looks at the fleet makes nearly all of a device's events everybody's business. Where a download need
    not ask for a connection, devices begin downloads by themselves, and those are numbered in the order of the loop.
    """
    if not COMPILED or BOUNDS or len(memory["slots"]) < LEAST or memory.loop.ordered:
        return False
    if memory["logged"].mean() > _LOGGED:
        return False
    return all(bool(np.isfinite(w.connections) or np.isfinite(w.egress_bps)) for w in memory.worlds)


def _help(memory: Memory) -> None:
    loop.advance(memory.worlds_of_helper[0], 0)
