"""Turns side by side: who plays them is a crew of threads or of processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, Protocol

from fota_sim.engines import cores
from fota_sim.engines.work import WHOLE
from fota_sim.experiment.turns import Turn
from fota_sim.experiment.worker import EVERY_S, Job
from fota_sim.interrupt import await_done, held


class Crew(Protocol):
    """Plays turns, several at a time, each asked for from a thread of its own."""

    def play(self, turn: Turn, reached: Callable[[int], None]) -> Any:
        """What is made of the record; ``reached`` hears how much of ``WHOLE`` is done. Raises what playing raises."""
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

    def play(self, turn: Turn, reached: Callable[[int], None]) -> Any:
        """In the thread of who asks."""

        def progress(done: int, _whole: int) -> None:
            if self._stopped:
                raise _StoppedError
            reached(done)

        with cores.all_busy():
            return self._job.play(turn, progress)

    def stop(self) -> None:
        """At the next progress."""
        self._stopped = True

    def close(self) -> None:
        """Nothing to do."""


class _StoppedError(Exception):
    """Nobody wants the record any more."""


def play_apart(
    crew: Crew, turns: Iterator[Turn], workers: int, progress: Callable[[int], None] | None, every_s: float = EVERY_S
) -> Iterator[tuple[Turn, Any]]:
    """What is made of all turns, in order, at most ``workers`` of them waiting or in play beside the one given.

    ``progress`` hears every ``every_s`` how much is done of all, each turn's share of ``WHOLE``; what it raises ends
    the play. An error comes when its turn would. After KeyboardInterrupt, what is complete and next in order comes
    before it goes on.
    """
    given = 0.0
    reached_by: dict[Turn, float] = {}

    def play(turn: Turn) -> Any:
        def reached(done: int) -> None:
            reached_by[turn] = turn.share * done

        found = crew.play(turn, reached)
        reached(WHOLE)
        return found

    def tell() -> None:
        if progress is not None:
            progress(round(given + sum(list(reached_by.values()))))

    with held() as heard:
        threads = ThreadPoolExecutor(workers)
        futures = {turn: threads.submit(play, turn) for turn in islice(turns, workers)}
        try:
            while futures:
                turn = next(iter(futures))
                await_done(futures[turn], heard, every_s, tell)
                if (ahead := next(turns, None)) is not None:
                    futures[ahead] = threads.submit(play, ahead)
                yield turn, futures.pop(turn).result()
                given += reached_by.pop(turn)
        except KeyboardInterrupt:
            for turn, future in list(futures.items()):
                if not future.done() or future.exception() is not None:
                    break
                yield turn, futures.pop(turn).result()
            raise
        finally:
            crew.stop()
            threads.shutdown(cancel_futures=True)
            crew.close()
