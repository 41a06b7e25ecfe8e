"""Worker processes: fresh Pythons that play one turn at a time.

Not forks: they inherit no locks and no threads, they are the same on every system, and the caller's script needs no
``if __name__ == "__main__"``. That costs about a second each (docs/design.md, Workers).
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

from fota_sim.errors import FotaSimError
from fota_sim.experiment.turns import Turn
from fota_sim.experiment.worker import Job, Made

_PROGRAM = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"


def fresh_python(module: str) -> subprocess.Popen[bytes]:
    """A new Python that runs ``main`` of a module, with pipes to and from it."""
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM.format(path=sys.path, module=module)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # a terminal's Ctrl-C goes to the caller alone
    )


class ProcessCrew:
    """Processes that share out turns among them."""

    def __init__(self, job: Job, workers: int) -> None:
        self._crew = [_Worker(job) for _ in range(workers)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._crew:
            self._idle.put(worker)

    def play(self, turn: Turn, reached: Callable[[int], None]) -> Any:
        """In the next process that is free; raises what it raises, and FotaSimError if the process is gone."""
        worker = self._idle.get()
        try:
            return worker.play(turn, reached)
        finally:
            self._idle.put(worker)

    def stop(self) -> None:
        """End the processes, whatever they do."""
        for worker in self._crew:
            worker.kill()

    def close(self) -> None:
        """Close what led to them."""
        for worker in self._crew:
            worker.close()


class _Worker:
    def __init__(self, job: Job) -> None:
        self._process = fresh_python("fota_sim.experiment.worker")
        self._orders: Any = self._process.stdin
        self._answers: Any = self._process.stdout
        self._job: Job | None = job

    def play(self, turn: Turn, reached: Callable[[int], None]) -> Any:
        try:
            if self._job is not None:
                pickle.dump(self._job, self._orders)
                self._job = None
            pickle.dump(turn, self._orders)
            self._orders.flush()
            while isinstance(answer := pickle.load(self._answers), int):
                reached(answer)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            code = self._process.wait()
            raise FotaSimError(
                f"a worker ended with code {code} in replication {turn.replication}; if memory was short, "
                "--workers 1 needs least"
            ) from error
        if isinstance(answer, Exception):
            raise answer
        made: Made = answer
        return made.of_record

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        for pipe in (self._orders, self._answers):
            with suppress(OSError):  # an order may not have left yet
                pipe.close()
