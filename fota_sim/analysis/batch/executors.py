"""Who plays the units of a batch: this thread, threads, fresh processes, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Protocol

from fota_sim.analysis.batch.unit import Outcome, Unit, play_unit
from fota_sim.analysis.batch.worker import UnitWorkers
from fota_sim.engines.choice import COMPILED
from fota_sim.experiment.cluster import Cluster


class Executor(Protocol):
    """Takes units and promises outcomes. Leaving its ``with`` block ends it, whatever is still in play."""

    width: int
    """Units that it plays at once."""

    def submit(self, unit: Unit) -> Future[Outcome]:
        """Play ``unit`` when there is room."""
        ...


def executor(engines: Collection[str], workers: int, cluster: str | None) -> AbstractContextManager[Executor]:
    """Who plays units on these engines (docs/sweeps.md, Who plays); raises FotaSimError if a cluster is not to be had.

    The compiled loop leaves Python alone, so threads suffice; SimPy needs processes.
    """
    if cluster is not None:
        return DaskExecutor(cluster)
    if workers == 1:
        return HereExecutor()
    return ThreadExecutor(workers) if set(engines) <= {COMPILED} else ProcessExecutor(workers)


class HereExecutor(AbstractContextManager["HereExecutor"]):
    """Plays each unit where it is submitted."""

    width = 1

    def submit(self, unit: Unit) -> Future[Outcome]:
        """It is done when this returns."""
        future: Future[Outcome] = Future()
        future.set_result(play_unit(unit))
        return future

    def __exit__(self, *_: object) -> None:
        """Nothing is in play."""


class ThreadExecutor(AbstractContextManager["ThreadExecutor"]):
    """Threads of this process. At the end, units in play are waited for: each is short."""

    def __init__(self, workers: int) -> None:
        self.width = workers
        self._threads = ThreadPoolExecutor(workers)

    def submit(self, unit: Unit) -> Future[Outcome]:
        """In the next thread that is free."""
        return self._threads.submit(play_unit, unit)

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)


class ProcessExecutor(AbstractContextManager["ProcessExecutor"]):
    """Fresh processes, each spoken to by a thread. At the end they are ended, whatever they do."""

    def __init__(self, workers: int) -> None:
        self.width = workers
        self._workers = UnitWorkers(workers)
        self._threads = ThreadPoolExecutor(workers)

    def submit(self, unit: Unit) -> Future[Outcome]:
        """In the next process that is free."""
        return self._threads.submit(self._workers.play, unit)

    def __exit__(self, *_: object) -> None:
        self._workers.stop()
        self._threads.shutdown(cancel_futures=True)
        self._workers.close()


class DaskExecutor(AbstractContextManager["DaskExecutor"]):
    """An existing Dask cluster."""

    def __init__(self, address: str) -> None:
        """Connect; raises FotaSimError as ``Cluster`` does."""
        self._cluster = Cluster(address)
        self.width = self._cluster.width

    def submit(self, unit: Unit) -> Future[Outcome]:
        """On the worker that the scheduler chooses."""
        return self._cluster.submit(play_unit, unit)

    def __exit__(self, *_: object) -> None:
        self._cluster.close()
