"""What the event loop's building blocks cost on this machine, measured by themselves under numba."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comparisons.compiled import compiled
from fota_sim.engines.compiled import layout
from fota_sim.engines.compiled.arrays import Memory
from fota_sim.engines.compiled.layout import RESERVE
from fota_sim.engines.compiled.memory import event_at, live_at
from fota_sim.engines.compiled.queue import DEVICE_BITS, NO_KEY, TOP, await_turn, free_event, pop, schedule
from fota_sim.rules.draws import normal_quantile, uniform

_TIMES = 1_000_000
_SPREAD = 10_000
"""Different arguments of a function: enough that no branch is always right, few enough to stay in cache."""
_LINE_B = 64  # of a cache
_WAITING = 3  # events in a device's own list


def _draws(count: int) -> float:
    u = 0.0
    for i in range(count):
        # the next draw has to wait for this one, as the loop's do: what comes next depends on it
        u = uniform(1, 0, np.uint64(i), 41, int(u))
    return u


_compiled_draws: Any = compiled(_draws)


def draw_s() -> float:
    """One Threefry block and the uniform made of it."""
    return _each_s(_compiled_draws, _TIMES)


def _of(function: Callable[[float], float]) -> Any:
    def apply(arguments: NDArray[np.float64], count: int) -> float:
        value = 0.0
        for i in range(count):
            value = function(arguments[i % _SPREAD] + 0.0 * value)  # waits for the one before
        return value

    return compiled(apply)


@compiled
def _exp(x: float) -> float:
    return math.exp(x)


@compiled
def _log(x: float) -> float:
    return math.log(x)


@compiled
def _log1p(x: float) -> float:
    return math.log1p(-x)


@compiled
def _log2(x: float) -> float:
    return math.log2(1.0 + x)


@compiled
def _pow(x: float) -> float:
    return math.pow(10.0, x)


@compiled
def _sqrt(x: float) -> float:
    return math.sqrt(x)


_FUNCTIONS = {"exp": _exp, "log": _log, "log1p": _log1p, "log2": _log2, "pow": _pow, "sqrt": _sqrt}


def function_s(name: str) -> float:
    """One call of ``normal_quantile``, or of a function of ``math``, on arguments in (0, 1)."""
    function = normal_quantile if name == "normal_quantile" else _FUNCTIONS[name]
    arguments = np.random.default_rng(1).random(_SPREAD)
    return _each_s(_of(function), arguments, _TIMES)


# The queues


def _turns(w: Any, lasts: NDArray[np.int64], count: int) -> None:
    live = live_at(w, 0)  # one for all, so that it costs nothing: rows of devices are a part of their own
    for i in range(count):
        live.heap_key = NO_KEY
        await_turn(w, live, pop(w) + (lasts[i % _SPREAD] << DEVICE_BITS))


_compiled_turns: Any = compiled(_turns)


def turn_s(waiting: int) -> float:
    """A device taken from the heap of ``waiting`` devices and put back."""
    random = np.random.default_rng(2)
    memory = Memory()
    memory.make("heap", waiting + RESERVE, np.int64)
    memory.keep(lives=np.zeros(1, dtype=layout.LIVE), slots=np.zeros(1, dtype=layout.SLOT))
    keys = np.sort(random.integers(0, 1 << 20, waiting)) << DEVICE_BITS | np.arange(waiting)
    memory["heap"][TOP : TOP + waiting] = keys
    memory.set(heap_size=waiting)
    return _each_s(_compiled_turns, memory.world, random.integers(1, 1 << 20, _SPREAD), _TIMES)


def _events(w: Any, lasts: NDArray[np.int64], count: int) -> None:
    live = live_at(w, 0)
    for _ in range(_WAITING):
        schedule(w, live, 1 << 40, 0, 0, 0)
    for i in range(count):
        schedule(w, live, i + lasts[i % _SPREAD], 0, 0, 0)
        row = live.head
        live.head = event_at(w, row).next
        free_event(w, row)


_compiled_events: Any = compiled(_events)


def event_s() -> float:
    """An event put into a device's own list of a few, and one taken out."""
    memory = Memory()
    memory.keep(events=np.zeros(RESERVE, dtype=layout.EVENT), lives=np.zeros(1, dtype=layout.LIVE))
    memory.set(free_event=layout.NONE)
    memory["lives"]["head"] = layout.NONE
    lasts = np.random.default_rng(3).integers(0, 1 << 20, _SPREAD)
    return _each_s(_compiled_events, memory.world, lasts, _TIMES)


# Memory


def _visits(words: NDArray[np.int64], order: NDArray[np.int64]) -> int:
    total = 0
    for i in range(order.shape[0]):
        for line in range(words.shape[1]):
            total += words[order[i], line, 0]
            words[order[i], line, 1] = total
    return total


_compiled_visits: Any = compiled(_visits)


def visit_s(rows: int, row_B: int) -> float:
    """All cache lines of a row read and written, rows in random order among so many."""
    lines = max(1, row_B // _LINE_B)
    words = np.zeros((rows, lines, _LINE_B // 8), dtype=np.int64)
    order = np.random.default_rng(4).integers(0, rows, min(rows, _TIMES))
    return _each_s(_compiled_visits, words, order) / len(order) if rows else 0.0


def _each_s(play: Callable[..., object], *arguments: Any) -> float:
    """Seconds of the fastest of three calls after one that compiles, divided by a count that is the last argument."""
    play(*arguments)
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        play(*arguments)
        spent.append(time.perf_counter() - began)
    count = arguments[-1]
    return min(spent) / (count if isinstance(count, int) else 1)
