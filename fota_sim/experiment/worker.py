"""A process that plays turns for another: orders come on standard input, answers leave on standard output.

``experiment/processes.py`` starts it and speaks with it, in pickles: first a :class:`Job`, then turns; each is answered
by any number of times (ms of virtual time reached) and then by what the job makes of the record, or what was raised.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from time import monotonic
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from fota_sim.engines import cores
from fota_sim.engines.choice import load
from fota_sim.errors import EngineError
from fota_sim.experiment.turns import Turn
from fota_sim.fleet.roster import Part, Roster

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fota_sim.engines.record import RunRecord
    from fota_sim.scenario.model import Scenario

EVERY_S = 0.2
"""At least so long between two times told."""
_KEPT = 2  # replications that are played at a time, if their fleets are dealt out


class Job:
    """What all turns have in common. It can be pickled, to go to other processes, if ``make`` can."""

    def __init__(
        self,
        scenario: Scenario,
        engine: str,
        make: Callable[[RunRecord], Any] | None = None,
        scratch: Path | None = None,
    ) -> None:
        """``make``: what is wanted of a record, made where it is played; None: the record itself.

        ``scratch``: a folder for what is more than memory should hold; None: the system's for temporary files.
        """
        self.scenario = scenario
        self.engine = engine
        self._make = make
        self._scratch = scratch
        self._rosters: dict[int, Roster] = {}

    def play(self, turn: Turn, progress: Callable[[int, int], None] | None = None) -> Any:
        """Play a turn; what is made of its record."""
        engine = load(self.engine)
        if turn.devices is None:
            record = engine(self.scenario, turn.replication, progress, scratch=self._scratch)
        else:
            roster = self.roster(turn.replication)
            part = Part(roster, *turn.devices)
            if part.start == 0:
                roster.check_lists(part.n)
            record = engine(self.scenario, turn.replication, progress, scratch=self._scratch, part=part)
        return record if self._make is None else self._make(record)

    def roster(self, replication: int) -> Roster:
        """Who is in the fleet, for all parts of a replication; that of few replications is kept, for files are read."""
        roster = self._rosters.get(replication)
        if roster is None:
            roster = self._rosters[replication] = Roster(self.scenario, replication)
            for old in sorted(self._rosters)[:-_KEPT]:
                self._rosters.pop(old, None)
        return roster

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_rosters": {}}


class Made(NamedTuple):
    """An answer that is no time and no error."""

    of_record: Any


def main() -> None:
    """Play turns until there are no more orders."""
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
        turn: Turn = pickle.load(orders)
        try:
            with cores.all_busy():
                answer: Any = Made(job.play(turn, _now_and_then(tell)))
        except Exception as error:
            answer = _portable(error)
        tell(answer)


def _now_and_then(tell: Callable[[int], None]) -> Callable[[int, int], None]:
    told_s = monotonic()

    def progress(done: int, _whole: int) -> None:
        nonlocal told_s
        if monotonic() - told_s >= EVERY_S:
            told_s = monotonic()
            tell(done)

    return progress


def _portable(error: Exception) -> Exception:
    """The error with its traceback in words, or its words alone if it cannot be sent."""
    error.add_note("".join(traceback.format_exception(error)).rstrip())
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # whatever an exception's own pickling may raise
        return EngineError(f"{type(error).__name__}: {error}")
    return error
