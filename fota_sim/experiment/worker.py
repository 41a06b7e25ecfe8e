"""A process that plays replications for another: orders come on standard input, answers leave on standard output.

``experiment/processes.py`` starts it and speaks with it, in pickles: first a :class:`Job`, then numbers of
replications; each is answered by any number of times (ms of virtual time reached) and then a record, or what was
raised.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from time import monotonic
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from fota_sim.engines.choice import load
from fota_sim.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fota_sim.scenario.model import Scenario

EVERY_S = 0.2
"""At least so long between two times told."""


class Job(NamedTuple):
    """What all replications have in common."""

    scenario: Scenario
    engine: str
    scratch: Path | None = None
    """A folder for what is more than memory should hold."""


def main() -> None:
    """Play replications until there are no more orders."""
    serve_orders(serve)


def serve_orders(serving: Callable[[BinaryIO, BinaryIO], None]) -> None:
    """Have ``serving`` read orders and write answers until there are no more orders."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who gives the orders
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    try:
        serving(orders, answers)
    except (EOFError, BrokenPipeError):
        os._exit(0)  # who gave the orders is gone, and so is the way to tell


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Answer every order; raises EOFError after the last."""
    job: Job = pickle.load(orders)

    def tell(answer: Any) -> None:
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()

    while True:
        replication: int = pickle.load(orders)
        try:
            answer: Any = load(job.engine)(job.scenario, replication, _now_and_then(tell), scratch=job.scratch)
        except Exception as error:
            answer = _portable(error)
        tell(answer)


def _now_and_then(tell: Callable[[int], None]) -> Callable[[int, int], None]:
    told_s = monotonic()

    def progress(done_ms: int, _total_ms: int) -> None:
        nonlocal told_s
        if monotonic() - told_s >= EVERY_S:
            told_s = monotonic()
            tell(done_ms)

    return progress


def _portable(error: Exception) -> Exception:
    """The error with its traceback in words, or its words alone if it cannot be sent."""
    error.add_note("".join(traceback.format_exception(error)).rstrip())
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # whatever an exception's own pickling may raise
        return EngineError(f"{type(error).__name__}: {error}")
    return error
