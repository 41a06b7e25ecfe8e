"""The one switch between compiled rules and the same rules as plain Python.

``@rule`` makes a function one that numba compiles, or leaves it alone when the environment variable ``FOTA_SIM_RULES``
is ``python`` (for debugging and coverage). Both give the same bits: no fastmath, scalar ``math`` functions only,
``x * x`` instead of small integer powers, sums in a fixed order (docs/design.md, Same bits).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter
from typing import Any, ParamSpec, TypeVar, cast

from fota_sim.rules import cache, parts
from fota_sim.rules.bounds import BOUNDS
from fota_sim.rules.compiling import compiling

P = ParamSpec("P")
R = TypeVar("R")

_ASKED = os.environ.get("FOTA_SIM_RULES", "compiled")

COMPILED = _ASKED != "python"
"""Whether rules can be compiled; read once, when rules are first imported."""

TROUBLE = "FOTA_SIM_RULES=numba" if _ASKED == "numba" else parts.trouble() if COMPILED else ""
"""Why numba compiles alone, in its own way and several times as long; empty if it does not."""

HOT = 25_000
"""Calls from Python before a rule is compiled that is not kept: in plain Python they take about as long as compiling.
Draws take 8 µs each; the first compiled in a process takes 0.46 s, two others 0.16 and 0.05 s."""

_USUAL_S = 0.3  # of one rule with those it leads to

_MASK_64 = 0xFFFF_FFFF_FFFF_FFFF

functions = 0
"""Rules and parts that there are: how many are compiled for the largest of them, at the most."""


def rule(function: Callable[P, R]) -> Callable[P, R]:
    """Make a pure function of numbers a rule: compiled where compiled code calls it, and for Python when that pays.

    Until then it is plain Python: compiling takes a tenth of a second or more, and many a run calls it a few times.
    """
    return _made(function, HOT)


def rule_at_once(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function with a long loop in it: compiled at its first call."""
    return _made(function, 0)


def does_as_much(function: Callable[..., Any], calls: int) -> None:
    """The next call of this rule, which has a loop in it, takes as long as so many usual ones: it is hot the sooner."""
    if isinstance(function, Rule):
        function.warm(calls)


def part_of_rule(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that only compiled code calls."""
    global functions  # noqa: PLW0603
    if not COMPILED:
        return function
    functions += 1
    return cast("Callable[P, R]", _alone(function) if TROUBLE else parts.Part(function))


def _made(function: Callable[P, R], hot: int) -> Callable[P, R]:
    global functions  # noqa: PLW0603
    if not COMPILED:
        return function
    functions += 1
    return cast("Callable[P, R]", _alone(function) if TROUBLE else Rule(function, hot))


class Rule(parts.Whole):
    """A rule as Python calls it: loaded if it is kept, else plain Python until it has been called often."""

    def __init__(self, function: Callable[..., Any], hot: int) -> None:
        super().__init__(function)
        self._hot = hot
        self._calls = 0
        self._looks_at = 1  # whether what is asked for is kept: at this call, and then less and less often
        self._kept = cache.Kept(function)

    def warm(self, calls: int) -> None:
        """Count so many calls, all but the one to come."""
        self._calls += max(0, calls - 1)

    def is_ready(self, signature: Any) -> bool:
        """Whether it need not be compiled for these types of arguments: it is, or it is kept."""
        return tuple(signature) in self.overloads or self._kept.has(signature)

    def compile(self, sig: Any) -> Any:
        """Load it, or compile and keep it; another process that compiles the same is waited for."""
        signature = tuple(sig)
        if signature not in self.overloads and not self._load(signature):
            with compiling.of(f"the rule {self.py_func.__name__!r}", 1, _USUAL_S), self._kept.alone():
                if not self._load(signature):
                    super().compile(sig)
                    self._kept.save(signature, self.overloads[signature])
        result: Any = self.overloads[signature]
        return result.entry_point

    def _compile_for_args(self, *args: Any, **kws: Any) -> Any:
        """What to call for these arguments, for which nothing is compiled yet: numba calls what is given here."""
        self._calls += 1
        if self._calls < self._hot:
            if self._calls >= self._looks_at:
                self._looks_at = 2 * self._calls
                if self._load(tuple(map(self.typeof_pyval, args))):
                    return super()._compile_for_args(*args, **kws)  # type: ignore[misc]  # numba's types leave it out
            return self.py_func
        return super()._compile_for_args(*args, **kws)  # type: ignore[misc]  # numba's types leave it out

    def _load(self, signature: tuple[Any, ...]) -> bool:
        """Whether it is there now. Two threads may ask at once, and numba calls none of two that are alike."""
        from numba.core.compiler_lock import global_compiler_lock

        with global_compiler_lock:
            if signature in self.overloads:
                return True
            found = self._kept.load(signature, self.targetctx)
            if found is None:
                return False
            self.targetctx.insert_user_function(found.entry_point, found.fndesc, [found.library])
            self.add_overload(found)
            return True


Wholes = list[tuple[Any, tuple[Any, ...]]]
"""Rules that Python calls, each with the types of its arguments."""


def are_ready(wholes: Wholes) -> bool:
    """Whether none of these need be compiled: they are, or they are kept."""
    return all(function.is_ready(types) for function, types in wholes if isinstance(function, Rule))


def load(what: str, wholes: Wholes, usual_s: float) -> None:
    """Have rules ready, compiled in one go if need be; it is told as ``what`` and takes ``usual_s`` until measured."""
    if are_ready(wholes):
        for function, types in wholes:
            function.compile(types)
        return
    name = measured_as(what)
    with compiling.of(what, functions, cache.measured(name, usual_s)), parts.quick():
        began = perf_counter()
        for function, types in wholes:
            function.compile(types)
    cache.measure(name, perf_counter() - began)


def measured_as(what: str) -> str:
    """The name under which it is remembered how long compiling took."""
    return f"compiling {what}{' with bounds checks' * BOUNDS}, s"


def _alone(function: Callable[P, R]) -> Any:
    """Compiled by numba alone, and kept by it in a folder for this version of all sources."""
    import numba

    config: Any = numba.config
    kept_in, config.CACHE_DIR = config.CACHE_DIR, str(cache.place() / f"numba-{cache.sources()}")
    try:
        made: Any = numba.njit(cache=True, fastmath=False, nogil=True, boundscheck=BOUNDS)(function)
    finally:
        config.CACHE_DIR = kept_in
    template = made.get_call_template
    made.get_call_template = lambda args, kws: template(
        tuple(map(parts.wide, args)), {name: parts.wide(kind) for name, kind in kws.items()}
    )
    return made


def u64(x: int) -> int:
    """``x`` modulo 2**64: plain Python's integer of that value, or the word that compiled code computes with."""
    return int(x) & _MASK_64


if COMPILED:
    parts.word(u64)
