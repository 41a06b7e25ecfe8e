"""Fresh processes that play units: pickled units on standard input, pickled outcomes on standard output.

As in ``experiment/processes.py``: no forks, and the caller's script needs no guard.
"""

from __future__ import annotations

import pickle
import subprocess
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock
from typing import Any, BinaryIO

from fota_sim.analysis.batch.unit import Outcome, Unit, failure, play_unit
from fota_sim.errors import FotaSimError
from fota_sim.experiment.processes import fresh_python
from fota_sim.experiment.worker import serve_orders


class UnitWorkers:
    """Processes that share out units among them."""

    def __init__(self, workers: int) -> None:
        self._crew = [_start() for _ in range(workers)]
        self._stopped = False
        self._changing = Lock()
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for process in self._crew:
            self._idle.put(process)

    def play(self, unit: Unit) -> Outcome:
        """In the next process that is free; raises FotaSimError if that process is gone."""
        process = self._idle.get()
        try:
            return _ask(process, unit)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            code = process.wait()
            process = self._instead(process)
            raise FotaSimError(
                f"a worker ended with code {code}; if memory was short, --workers 1 needs least"
            ) from error
        finally:
            self._idle.put(process)

    def _instead(self, gone: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        """A new process, for the units after this one need somebody; none where they were all ended."""
        with self._changing:
            if self._stopped:
                return gone
            self._crew.append(_start())
            return self._crew[-1]

    def stop(self) -> None:
        """End the processes, whatever they do."""
        with self._changing:
            self._stopped = True
        for process in self._crew:
            process.kill()
            process.wait()

    def close(self) -> None:
        """Close what led to them; nobody is in ``play`` any more."""
        for process in self._crew:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # an order may not have left yet
                        pipe.close()


def _start() -> subprocess.Popen[bytes]:
    return fresh_python("fota_sim.analysis.batch.worker")


def _ask(process: subprocess.Popen[bytes], unit: Unit) -> Outcome:
    orders: Any = process.stdin
    order = pickle.dumps(unit, pickle.HIGHEST_PROTOCOL)
    pickle.dump(order, orders, pickle.HIGHEST_PROTOCOL)  # in an envelope: what cannot be opened there is an outcome too
    orders.flush()
    answers: Any = process.stdout
    outcome: Outcome = pickle.load(answers)
    return outcome


def main() -> None:
    """Play units until there are no more."""
    serve_orders(_serve)


def _serve(orders: BinaryIO, answers: BinaryIO) -> None:
    while True:
        order: bytes = pickle.load(orders)
        try:
            unit: Unit = pickle.loads(order)
        except Exception as error:  # a function of the user's that this process has not, or has another
            outcome = Outcome(None, failure(error), 0.0)
        else:
            outcome = play_unit(unit)
        pickle.dump(outcome, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
