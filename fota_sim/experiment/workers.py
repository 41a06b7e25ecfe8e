"""Replications side by side, in processes of their own.

A worker is a fresh Python, not a fork: it inherits no locks and no threads, it is the same on every system, and the
caller's script needs no ``if __name__ == "__main__"``. That costs about a second each (docs/design.md, Workers).
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

from fota_sim.engines.record import RunRecord
from fota_sim.errors import FotaSimError
from fota_sim.experiment.worker import EVERY_S, Job

_PROGRAM = "import sys; sys.path[:] = {path!r}; from fota_sim.experiment.worker import main; main()"


class Worker:
    """One process; it plays one replication at a time."""

    def __init__(self, job: Job) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a terminal's Ctrl-C goes to the caller alone
        )
        self._orders: Any = self._process.stdin
        self._answers: Any = self._process.stdout
        self._job: Job | None = job

    def play(self, replication: int, reached: Callable[[int], None]) -> RunRecord:
        """The record of a replication; raises what playing it raised, and FotaSimError if the process is gone."""
        try:
            if self._job is not None:
                pickle.dump(self._job, self._orders)
                self._job = None
            pickle.dump(replication, self._orders)
            self._orders.flush()
            while isinstance(answer := pickle.load(self._answers), int):
                reached(answer)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            code = self._process.wait()
            raise FotaSimError(
                f"a worker ended with code {code} in replication {replication}; if memory was short, "
                "--workers 1 needs least"
            ) from error
        if isinstance(answer, Exception):
            raise answer
        record: RunRecord = answer
        return record

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Close what led to and from the process; nobody may be in ``play`` any more."""
        for pipe in (self._orders, self._answers):
            with suppress(OSError):  # an order may not have left yet
                pipe.close()


def play_apart(
    job: Job, replications: int, workers: int, progress: Callable[[int], None] | None
) -> Iterator[RunRecord]:
    """The records of all replications in order, at most ``workers`` of them waiting or in play beside the one given.

    ``progress`` hears the sum of virtual time reached, in ms. An error comes when its replication would. After
    KeyboardInterrupt, the records that are complete and next in order come before it goes on.
    """
    idle: SimpleQueue[Worker] = SimpleQueue()
    crew = [Worker(job) for _ in range(workers)]
    for worker in crew:
        idle.put(worker)
    reached_ms = [0] * replications

    def play(replication: int) -> RunRecord:
        def reached(at_ms: int) -> None:
            reached_ms[replication] = at_ms

        worker = idle.get()
        try:
            record = worker.play(replication, reached)
        finally:
            idle.put(worker)
        reached(record.horizon_ms)
        return record

    threads = ThreadPoolExecutor(workers)
    futures = {replication: threads.submit(play, replication) for replication in range(min(workers, replications))}
    given = 0
    try:
        try:
            while given < replications:
                _await(futures[given], lambda: progress(sum(reached_ms)) if progress is not None else None)
                if given + workers < replications:
                    futures[given + workers] = threads.submit(play, given + workers)
                yield futures.pop(given).result()
                given += 1
        except KeyboardInterrupt:
            while (next_ := futures.pop(given, None)) is not None and next_.done() and next_.exception() is None:
                yield next_.result()
                given += 1
            raise
    finally:
        for worker in crew:
            worker.kill()
        threads.shutdown(cancel_futures=True)
        for worker in crew:
            worker.close()


def _await(future: Future[RunRecord], meanwhile: Callable[[], None]) -> None:
    """Wait until ``future`` is done, calling ``meanwhile`` now and then and once after that."""
    while not future.done():
        meanwhile()
        wait([future], timeout=EVERY_S)
    meanwhile()
