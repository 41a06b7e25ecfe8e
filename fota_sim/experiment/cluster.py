"""A Dask cluster that is there already, whose workers have the same fota-sim and see the same files."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from threading import Event
from typing import Any

from fota_sim.engines import cores
from fota_sim.errors import FotaSimError
from fota_sim.experiment.turns import Turn
from fota_sim.experiment.worker import EVERY_S, Job
from fota_sim.version import MODEL_VERSION

CONNECT_S = "10s"
"""How long a scheduler may take to answer."""


class Cluster:
    """A connection to a scheduler."""

    width: int
    """What its workers play at once."""

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

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have a worker call a function; the scheduler chooses which."""
        future: Future[Any] = self._executor.submit(function, *arguments)
        return future

    def close(self) -> None:
        """Whatever is still in play is given up."""
        self._executor.shutdown(wait=False)
        self._client.close()


class ClusterCrew:
    """Turns of a run, played on a cluster: a crew as in experiment/crew.py. Progress is told turn by turn."""

    def __init__(self, cluster: Cluster, job: Job) -> None:
        self._cluster = cluster
        self._job = job
        self._stopped = Event()

    def play(self, turn: Turn, reached: Callable[[int], None]) -> Any:
        """On the worker that the scheduler chooses."""
        del reached  # the worker is far away; that the turn has ended is told by who asks for it
        future = self._cluster.submit(_play, self._job, turn)
        while not self._stopped.is_set():
            try:
                return future.result(EVERY_S)
            except TimeoutError:
                if future.done():  # it is what the turn raised
                    raise
        future.cancel()
        raise _StoppedError

    def stop(self) -> None:
        """What is in play is given up."""
        self._stopped.set()

    def close(self) -> None:
        """Leave the cluster as it was."""
        self._cluster.close()


class _StoppedError(Exception):
    """Nobody wants the turn any more."""


def _play(job: Job, turn: Turn) -> Any:
    with cores.all_busy():  # whoever deals out turns keeps all of them busy
        return job.play(turn)


def _model_version() -> str:
    return MODEL_VERSION
