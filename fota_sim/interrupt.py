"""Ctrl-C and threads: where stopping at once would leave something half done, or a lock held."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import FrameType
from typing import Any

_LOOK_S = 0.2


@contextmanager
def held() -> Iterator[Callable[[], None]]:
    """Within the block Ctrl-C is heard where what is given is called, and at the end; a second one is heard at once.

    For who waits on threads. KeyboardInterrupt may come between any two steps of Python: after the lock of a future was
    taken and before anybody is bound to give it back, so that the thread whose future it is never ends, or while an
    object is taken apart, where it is lost.
    """
    heard = signal.getsignal(signal.SIGINT)
    if not callable(heard) or threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    pressed = False

    def press(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed:
            heard(number, frame)
        pressed = True

    def hear() -> None:
        nonlocal pressed
        if pressed:
            pressed = False
            heard(signal.SIGINT, None)

    signal.signal(signal.SIGINT, press)
    try:
        yield hear
    finally:
        signal.signal(signal.SIGINT, heard)
        hear()


@contextmanager
def deferred() -> Iterator[None]:
    """Let the block end before Ctrl-C is heard; a second one is heard at once."""
    with held():
        yield


def await_done(
    future: Future[Any], heard: Callable[[], None], every_s: float, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Wait until ``future`` is done, calling ``heard`` and ``meanwhile`` every so often and once after that."""
    while not future.done():
        heard()
        meanwhile()
        wait([future], timeout=every_s)
    heard()
    meanwhile()


@contextmanager
def beside(work: Callable[[Callable[[], bool]], None]) -> Iterator[Callable[[], None]]:
    """Have ``work`` done by a second thread while the block runs here; when that is left, both are over.

    ``work`` is given what says whether it is still wanted, to ask now and then: it is not any more once the block has
    failed. What ``work`` raises comes at the end of the block. The block is given where Ctrl-C is heard, to call now
    and then, for it is held as :func:`held` has it.
    """
    wanted = True
    with held() as heard:
        thread = ThreadPoolExecutor(1)
        try:
            done = thread.submit(work, lambda: wanted)
            yield heard
            await_done(done, heard, _LOOK_S)
            done.result()
        finally:
            wanted = False
            thread.shutdown()
