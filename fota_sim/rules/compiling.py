"""What goes on while rules are compiled, for those who wait: what is compiled, and how far it is.

No numba is imported here before something is compiled: those who listen may never need it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from time import perf_counter
from typing import Protocol

_TYPING_SHARE = 0.65  # of the time, measured; the rest is LLVM's


class Listener(Protocol):
    """Who hears of compiling, such as a terminal."""

    def begins(self, what: str, expected_s: float) -> None:
        """Something is compiled that will take about so long; nothing is known to be ready before ``ends``."""
        ...

    def reaches(self, share: float, doing: str) -> None:
        """How far it is, from 0 to 1, and at what."""
        ...

    def ends(self, what: str, took_s: float) -> None:
        """It is compiled."""
        ...

    def waits(self, what: str) -> None:
        """Another process compiles the same; this one waits for it."""
        ...

    def complains(self, sentence: str) -> None:
        """Compiled code cannot be kept; told once, and all goes on."""
        ...


class Compiling:
    """The compiler's state as others see it. One function is compiled at a time, with those that it leads to."""

    def __init__(self) -> None:
        self.listener: Listener | None = None
        self._lock = RLock()
        self._what = ""
        self._depth = 0
        self._typed = 0
        self._expected = 0
        self._complained = False

    @contextmanager
    def of(self, what: str, functions: int, expected_s: float) -> Iterator[None]:
        """Compile in this block what is told as ``what``: about so many functions, in about so long."""
        with self._lock:
            self._depth += 1
            if self._depth > 1:
                try:
                    yield
                finally:
                    self._depth -= 1
                return
            self._what, self._typed, self._expected = what, 0, max(1, functions)
            began = perf_counter()
            if self.listener is not None:
                self.listener.begins(what, expected_s)
            try:
                yield
            finally:
                self._depth -= 1
                if self.listener is not None:
                    self.listener.ends(what, perf_counter() - began)

    def typed(self, name: str) -> None:
        """One more function has been typed and lowered."""
        self._typed += 1
        if self.listener is not None and self._depth:
            self.listener.reaches(_TYPING_SHARE * min(1.0, self._typed / self._expected), name)

    def optimises(self, functions: int) -> None:
        """So many functions are optimised as one."""
        if self.listener is not None and self._depth:
            self.listener.reaches(_TYPING_SHARE, f"optimising {functions} functions")

    def waits(self) -> None:
        """Another process compiles the same."""
        if self.listener is not None and self._depth:
            self.listener.waits(self._what)

    def complain(self, sentence: str) -> None:
        """Say once that compiled code cannot be kept."""
        if not self._complained and self.listener is not None:
            self._complained = True
            self.listener.complains(sentence)


compiling = Compiling()
"""Of this process."""
