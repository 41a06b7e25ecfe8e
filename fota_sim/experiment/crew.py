"""Replications side by side: who plays them is a crew of threads or of processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol

from fota_sim.engines.choice import load
from fota_sim.engines.record import RunRecord
from fota_sim.experiment.worker import EVERY_S, Job


class Crew(Protocol):
    """Plays replications, several at a time, each asked for from a thread of its own."""

    def play(self, replication: int, reached: Callable[[int], None]) -> RunRecord:
        """The record of a replication, ``reached`` called with virtual time in ms; raises what playing it raises."""
        ...

    def stop(self) -> None:
        """Everybody in ``play`` comes out of it soon, one way or another."""
        ...

    def close(self) -> None:
        """Nobody is in ``play`` any more, nor will be."""
        ...


class ThreadCrew:
    """Threads of this process, for an engine whose loop leaves Python alone; it stops where it tells its progress."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stopped = False

    def play(self, replication: int, reached: Callable[[int], None]) -> RunRecord:
        """In the thread of who asks."""

        def progress(done_ms: int, _total_ms: int) -> None:
            if self._stopped:
                raise _StoppedError
            reached(done_ms)

        return load(self._job.engine)(self._job.scenario, replication, progress, scratch=self._job.scratch)

    def stop(self) -> None:
        """At the next progress."""
        self._stopped = True

    def close(self) -> None:
        """Nothing to do."""


class _StoppedError(Exception):
    """Nobody wants the record any more."""


def play_apart(
    crew: Crew, replications: int, workers: int, progress: Callable[[int], None] | None
) -> Iterator[RunRecord]:
    """The records of all replications in order, at most ``workers`` of them waiting or in play beside the one given.

    ``progress`` hears the sum of virtual time reached, in ms. An error comes when its replication would. After
    KeyboardInterrupt, the records that are complete and next in order come before it goes on.
    """
    reached_ms = [0] * replications

    def play(replication: int) -> RunRecord:
        def reached(at_ms: int) -> None:
            reached_ms[replication] = at_ms

        record = crew.play(replication, reached)
        reached(record.horizon_ms)
        return record

    def tell() -> None:
        if progress is not None:
            progress(sum(reached_ms))

    threads = ThreadPoolExecutor(workers)
    futures = {replication: threads.submit(play, replication) for replication in range(min(workers, replications))}
    given = 0
    try:
        try:
            while given < replications:
                _await(futures[given], tell)
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
        crew.stop()
        threads.shutdown(cancel_futures=True)
        crew.close()


def _await(future: Future[RunRecord], meanwhile: Callable[[], None]) -> None:
    """Wait until ``future`` is done, calling ``meanwhile`` now and then and once after that."""
    while not future.done():
        meanwhile()
        wait([future], timeout=EVERY_S)
    meanwhile()
