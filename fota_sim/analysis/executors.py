"""Who plays the units of a batch: this thread, threads, fresh processes, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from importlib import import_module
from types import TracebackType
from typing import Any, Protocol, Self

from fota_sim.analysis.unit import Outcome, Unit, play_unit
from fota_sim.analysis.unit_worker import UnitWorkers
from fota_sim.engines.choice import COMPILED
from fota_sim.errors import FotaSimError
from fota_sim.version import MODEL_VERSION

CONNECT_S = "10s"
"""How long a scheduler may take to answer."""


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
    """An existing Dask cluster, whose workers have the same fota-sim and see the same files."""

    def __init__(self, address: str) -> None:
        """Connect; raises FotaSimError if Dask is missing, nobody answers, or workers compute another model."""
        try:
            distributed: Any = import_module("distributed")
        except ImportError as error:
            raise FotaSimError(
                "--cluster needs Dask, which is not installed; pip install 'fota-sim[cluster]' brings it"
            ) from error
        try:
            self._client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise FotaSimError(
                f"no Dask scheduler answers at {address}; start one with 'dask scheduler', "
                "and give the address that it prints, such as tcp://127.0.0.1:8786"
            ) from error
        try:
            self.width = self._checked_width(address)
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor(pure=False, retries=0)

    def _checked_width(self, address: str) -> int:
        threads: dict[str, int] = self._client.nthreads()
        if not threads:
            raise FotaSimError(f"the cluster at {address} has no worker; start some with 'dask worker {address}'")
        try:
            models: dict[str, str] = self._client.run(_model_version)
        except Exception as error:  # whatever a worker without fota-sim raises
            raise FotaSimError(f"the workers at {address} cannot load fota-sim ({error}); install it there") from error
        for worker, model in models.items():
            if model != MODEL_VERSION:
                raise FotaSimError(
                    f"worker {worker} computes model {model} and this is model {MODEL_VERSION}; "
                    "install the same fota-sim on both"
                )
        return sum(threads.values())

    def submit(self, unit: Unit) -> Future[Outcome]:
        """On the worker that the scheduler chooses."""
        future: Future[Outcome] = self._executor.submit(play_unit, unit)
        return future

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()


def _model_version() -> str:
    return MODEL_VERSION
