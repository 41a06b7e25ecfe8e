"""Variants of a scenario, played: units of different points side by side, answers in the order of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from fota_sim.analysis.batch.executors import Executor, executor
from fota_sim.analysis.batch.store import Key, UnitStore
from fota_sim.analysis.batch.unit import Outcome, Unit, failure, identity
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.run.outline import Outline
from fota_sim.analysis.run.sample import Sample
from fota_sim.analysis.run.stops import Stop
from fota_sim.engines import cores
from fota_sim.engines.choice import AUTO, COMPILED, NAMES, REFERENCE, by_size, device_count, refusal
from fota_sim.engines.own_rules import SHIPPED, OwnRules
from fota_sim.errors import FotaSimError
from fota_sim.experiment.worker import EVERY_S
from fota_sim.interrupt import held
from fota_sim.scenario.model import Scenario

WAITING_PER_WORKER = 2
"""Units that are handed out beyond those in play, so that no worker waits for the next one."""


@dataclass(frozen=True)
class Point:
    """One variant of a scenario."""

    id: str
    """Short, and unique in a plan."""
    labels: Mapping[str, Any]
    """What varies, for tables: {"plan.strategy.min_battery": "30%"}."""
    scenario: Scenario
    """Loaded and checked."""
    sample: Sample | None = None
    """Of which fleet its devices are a part, and what is measured is scaled up to; None: they are all."""


@dataclass(frozen=True)
class Played:
    """What came of one replication of a point."""

    point: str
    replication: int
    measures: Mapping[str, Measurement] | None
    """None if it failed."""
    error: str
    """Empty, or what went wrong."""
    seconds: float = 0.0
    """How long it took when it was played."""
    outline: Outline | None = None
    """If the batch asks for it."""
    stops: Sequence[Stop] = ()
    """Where the rollout was stopped first, of several plans each."""
    stored: bool = False
    """Whether it was not played now, but found in the store."""


class _Task(NamedTuple):
    point: Point
    replication: int
    key: Key | None
    error: str


def play_points(
    points: Sequence[Point],
    replications: Sequence[int],
    *,
    engine: str = AUTO,
    workers: int | None = None,
    cluster: str | None = None,
    store: Path | None = None,
    fail_fast: bool = False,
    progress: Callable[[int, int], None] | None = None,
    reuse: bool = True,
    failed: Callable[[Played], None] | None = None,
    outlined: bool = False,
    own: OwnRules = SHIPPED,
) -> Iterator[Played]:
    """Play every replication (numbers, from 0) of every point; results in the order of the plan, whatever is first.

    ``store`` is a file that keeps every unit as soon as it is finished; what it holds is not played again unless
    ``reuse`` is false. ``cluster`` is the address of a Dask scheduler. ``progress`` hears (units finished, units),
    first of all what was stored; ``failed`` hears of a failure at once, which is before its turn in the results. With
    ``fail_fast`` the first failure ends the batch after the results before it. With ``outlined`` every result has its
    outline; a store keeps none, so there must be no store. ``own`` are functions in place of shipped rules.

    Raises FotaSimError if the engine, the cluster or the store is not to be had, two points have one id, or own rules
    cannot be played so.
    """
    ids = [point.id for point in points]
    if doubled := {id_ for id_ in ids if ids.count(id_) > 1}:
        raise FotaSimError(f"two points have the id {min(doubled)}; every point of a plan needs its own")
    engines = engines_for(points, len(replications), engine, own)
    workers = own.units_workers(workers)
    if own and cluster is not None:
        raise FotaSimError("rules of your own are played on this machine only; leave the cluster out")
    tasks = [task for point in points for task in _tasks(point, replications, own)]
    with ExitStack() as stack:
        kept = stack.enter_context(UnitStore(store)) if store is not None else None
        found = kept.find([task.key for task in tasks if task.key is not None]) if kept and reuse else {}
        missing = [k for k, task in enumerate(tasks) if not task.error and (task.key is None or task.key not in found)]
        names = {engines[tasks[k].point.id] for k in missing}
        wanted = min(workers or cores.cores(), max(1, len(missing)))
        apart = cluster is not None or wanted > 1
        heard = stack.enter_context(held()) if apart else _at_once
        crew = stack.enter_context(executor(names, wanted, cluster))
        units = [Unit(task.point.scenario, engines[task.point.id], task.replication, outlined, own) for task in tasks]
        yield from _in_order(tasks, units, found, missing, crew, kept, heard, fail_fast, progress, failed)


def engines_for(points: Sequence[Point], replications: int, wanted: str, own: OwnRules = SHIPPED) -> dict[str, str]:
    """The engine of each point: with ``auto``, small batches go without compiled rules, which take time to load.

    Raises FotaSimError for an engine that does not exist, or that cannot play rules of the user's ``own``.
    """
    if own:
        return {point.id: own.engine(point.scenario, wanted) for point in points}
    if wanted not in NAMES:
        raise FotaSimError(f"there is no engine {wanted!r}; there are {', '.join(NAMES)}")
    if wanted != AUTO:
        return {point.id: wanted for point in points}
    devices = sum(device_count(point.scenario) for point in points) * replications
    chosen, _ = by_size(devices)
    other = REFERENCE if chosen == COMPILED else COMPILED
    return {point.id: other if refusal(point.scenario, chosen) else chosen for point in points}


def _tasks(point: Point, replications: Sequence[int], own: OwnRules) -> Iterator[_Task]:
    """The units of a point; one that names a file which is not there has failed before it is played."""
    try:
        name, error = own.marked(identity(point.scenario)), ""
    except OSError as problem:
        name, error = "", f"{problem.filename}: cannot be read ({problem.strerror})"
    for replication in replications:
        key = None if error else Key(name, point.scenario.seed, replication)
        yield _Task(point, replication, key, error)


def _in_order(
    tasks: Sequence[_Task],
    units: Sequence[Unit],
    found: Mapping[Key, Outcome],
    missing: Sequence[int],
    crew: Executor,
    kept: UnitStore | None,
    heard: Callable[[], None],
    fail_fast: bool,
    progress: Callable[[int, int], None] | None,
    failed: Callable[[Played], None] | None,
) -> Iterator[Played]:
    """Hand units out, keep each as it comes, and give them in order."""
    ready: dict[int, Played] = {}
    running: dict[Future[Outcome], int] = {}
    ahead = iter(missing)
    ending = False

    def arrived(place: int, outcome: Outcome, stored: bool = False) -> None:
        nonlocal ending
        task = tasks[place]
        played = Played(task.point.id, task.replication, *outcome, stored)
        ready[place] = played
        if outcome.error:
            ending = ending or fail_fast
            if failed is not None:
                failed(played)
        elif kept is not None and task.key is not None and not stored:
            kept.add(task.key, outcome)
        if progress is not None and not stored:
            progress(len(ready), len(tasks))

    def hand_out() -> None:
        while not ending and len(running) < crew.width * WAITING_PER_WORKER:
            place = next(ahead, None)
            if place is None:
                return
            running[crew.submit(units[place])] = place

    for place, task in enumerate(tasks):
        if task.error:
            arrived(place, Outcome(None, task.error, 0.0))
        elif task.key is not None and task.key in found:
            arrived(place, found[task.key], stored=True)
    if progress is not None:
        progress(len(ready), len(tasks))
    for place in range(len(tasks)):
        while place not in ready:
            hand_out()
            if not running:
                return  # fail_fast: nobody plays what comes here
            heard()
            for future in wait(running, timeout=EVERY_S, return_when=FIRST_COMPLETED).done:
                arrived(running.pop(future), _outcome(future))
        yield ready[place]
        if fail_fast and ready[place].error:
            return


def _at_once() -> None:
    """Ctrl-C is heard wherever it comes."""


def _outcome(future: Future[Outcome]) -> Outcome:
    """What came of it; a worker that died is a failure of the unit it played."""
    error = future.exception()
    return future.result() if error is None else Outcome(None, failure(error), 0.0)
