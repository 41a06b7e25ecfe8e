"""The search: trials on common luck, asked for and told in batches of one size, kept so that it can be gone on with.

A trial is the scenario with its knobs turned, played with replications 0, 1, ... like every other. Optuna says what
to try next. Its sampler is seeded anew for each trial from the seed and the trial's number, and hears of results a
batch at a time; so the trials do not depend on workers, nor on whether the search was interrupted.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.batch.gathering import HowToPlay, Measures, gather, mean_of
from fota_sim.analysis.batch.points import Point, engines_for
from fota_sim.analysis.batch.sampling import on_a_sample
from fota_sim.analysis.compare.limbo import LIMBO_OF, with_limbo
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.tune.constraint import excess
from fota_sim.analysis.tune.knobs import STRATEGY, Knob, suggest
from fota_sim.engines.own_rules import SHIPPED, OwnRules
from fota_sim.errors import FotaSimError, ScenarioError, is_unwritable, unwritable
from fota_sim.scenario.metrics import METRICS
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.thresholds import Threshold
from fota_sim.scenario.variation import varied

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.samplers import BaseSampler
    from optuna.trial import FrozenTrial

SAMPLERS = ("tpe", "nsga2")
POPULATION = 20
"""Of NSGA-II: small, since a trial costs seconds and there are rarely more than some hundreds. Assumption."""
_HOPELESS = 1e9
"""Stands for an infinite excess, which JSON does not have."""
_VALUES, _RUNS, _REFUSED = "values", "runs", "refused"


@dataclass(frozen=True)
class Objective:
    """A metric to make small or large."""

    metric: str
    maximise: bool

    @property
    def counts_limbo(self) -> bool:
        """Whether devices that began and neither got there nor failed are counted with those that it is to make few."""
        return not self.maximise and bool(METRICS[self.metric].counted_in)

    def counted(self, runs: Sequence[Measures]) -> Sequence[Measures]:
        """The runs as trials are held against each other in it."""
        return with_limbo(self.metric, runs) if self.counts_limbo else runs

    def mean(self, runs: Sequence[Measures]) -> float | None:
        """What is made small or large."""
        return mean_of(self.counted(runs), self.metric).value

    def cost(self, value: float) -> float:
        """The smaller the better."""
        return -value if self.maximise else value


@dataclass(frozen=True)
class Search:
    """What is looked for, and how."""

    scenario: Scenario
    knobs: Sequence[Knob]
    objectives: Sequence[Objective]
    constraints: Sequence[Threshold]
    replications: int = 5
    trials: int = 60
    batch: int = 4
    """Trials asked for before their results are told; it belongs to the search, unlike the workers."""
    sampler: str = "tpe"
    seed: int = 1
    timeout_s: float | None = None
    sample: int | None = None
    """Devices of a large fleet that answer for all in trials; None: all are played. The front is confirmed with all."""
    strategies: Mapping[str, Scenario] = field(default_factory=dict)
    """The scenario's named strategies that the knob ``strategy`` may choose."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric that objectives and constraints speak of, once."""
        names = [each.metric for each in self.objectives] + [each.metric for each in self.constraints]
        return tuple(dict.fromkeys(names))

    @property
    def kept(self) -> tuple[str, ...]:
        """Metrics that are kept of a trial: ``metrics``, and those that say how many neither got there nor failed."""
        limbo = LIMBO_OF if any(each.counts_limbo for each in self.objectives) else ()
        return tuple(dict.fromkeys([*self.metrics, *limbo]))


@dataclass(frozen=True)
class Tried:
    """A trial that was played."""

    number: int
    values: Mapping[str, Any]
    """Knobs by path, as written."""
    runs: Sequence[Measures]
    """The search's metrics, by replication."""


def search(what: Search, file: Path, how: HowToPlay) -> list[Tried]:
    """Play trials until there are ``what.trials`` of them or the time is over; those in ``file`` count.

    Trials that the scenario refuses (a knob's value that does not go with another's) are told to Optuna as failed and
    left out. Progress is told in trials.

    Raises:
        FotaSimError: a replication failed, or ``file`` holds another search or cannot be written.

    """
    how = settled(what, how)
    with _quiet(), _kept_in(file):
        study = _open(what, file, how.own)
        started = time.monotonic()
        _tell_progress(what, study, how)
        while len(study.trials) < what.trials or _running(study):
            if what.timeout_s is not None and time.monotonic() - started > what.timeout_s:
                break
            _play_batch(what, study, how)
            _tell_progress(what, study, how)
        return [tried for each in study.trials if (tried := _tried(each)) is not None]


@contextmanager
def _kept_in(file: Path) -> Iterator[None]:
    """A disk that takes no more of ``file`` is told as one."""
    try:
        yield
    except OSError as error:
        if not is_unwritable(error):
            raise
        raise FotaSimError(unwritable(file, error)) from error


def settled(what: Search, how: HowToPlay) -> HowToPlay:
    """With the engine chosen by the size of the whole search, and not of each small batch."""
    whole = engines_for([Point("whole", {}, what.scenario)], what.replications * what.trials, how.engine, how.own)
    return replace(how, engine=whole["whole"])


def tried_before(file: Path) -> int:
    """How many trials ``file`` holds."""
    with _quiet(), suppress(KeyError):  # it ended before it had a name
        return len(_load(file).trials)
    return 0


def variant(what: Search, number: int, values: Mapping[str, Any]) -> Point:
    """A trial as a point; raises ScenarioError if the scenario refuses the values."""
    return Point(f"trial-{number}", values, turned(what, values))


def in_search(what: Search, point: Point) -> Point:
    """A point as trials play it: of a large fleet on the devices that answer for all."""
    if what.sample is None:
        return point
    parts = on_a_sample([point], what.sample, exactly=True)
    if parts is None:
        raise FotaSimError(f"{point.id}: so few devices do not answer for all of them there; give --devices all")
    return parts[0]


def turned(what: Search, values: Mapping[str, Any]) -> Scenario:
    """The scenario, or the strategy of it that is chosen, with its knobs at ``values``; raises ScenarioError."""
    rest = {path: value for path, value in values.items() if path != STRATEGY}
    return varied(what.strategies[values[STRATEGY]] if STRATEGY in values else what.scenario, rest)


def _open(what: Search, file: Path, own: OwnRules) -> Study:
    import optuna

    file.parent.mkdir(parents=True, exist_ok=True)
    _cut_half_line(file)
    study = optuna.create_study(
        storage=_storage(file),
        study_name="tune",
        directions=["maximize" if each.maximise else "minimize" for each in what.objectives],
        load_if_exists=True,
    )
    question = identity(what, own)
    if study.user_attrs.get("question", question) != question:
        raise FotaSimError(f"{file}: holds another search; choose another folder with --out")
    study.set_user_attr("question", question)
    return study


def _cut_half_line(file: Path) -> None:
    """Take away what a full disk or a power cut left of a line: Optuna would write its next line behind it."""
    if not file.exists():
        return
    with file.open("rb+") as lines:
        content = lines.read()
        if not content.endswith(b"\n"):
            lines.truncate(content.rfind(b"\n") + 1)


def identity(what: Search, own: OwnRules = SHIPPED) -> str:
    """What makes two searches the same, all but how long they go on. ``own``: functions in place of shipped rules."""
    from fota_sim.scenario.dump import scenario_hash

    parts = [what.knobs, what.objectives, what.constraints, what.replications, what.batch, what.sampler, what.seed]
    parts += [] if what.sample is None else [what.sample]
    parts += [LIMBO_OF] if any(each.counts_limbo for each in what.objectives) else []
    scenarios = [scenario_hash(each) for each in (what.scenario, *what.strategies.values())]
    return f"{scenarios} {parts} {own.digests()}" if own else f"{scenarios} {parts}"


def _load(file: Path) -> Study:
    import optuna

    return optuna.load_study(storage=_storage(file), study_name="tune")


def _storage(file: Path) -> Any:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    return JournalStorage(JournalFileBackend(str(file)))


def _tell_progress(what: Search, study: Study, how: HowToPlay) -> None:
    if how.progress is not None:
        how.progress(min(len(study.trials) - len(_running(study)), what.trials), what.trials)


def _running(study: Study) -> list[FrozenTrial]:
    return [each for each in study.trials if not each.state.is_finished()]


def _play_batch(what: Search, study: Study, how: HowToPlay) -> None:
    """Fill the batch that was begun, play it, tell it."""
    known = {json.dumps(tried.values): tried.runs for each in study.trials if (tried := _tried(each)) is not None}
    end = min(what.trials, (len(study.trials) - len(_running(study))) // what.batch * what.batch + what.batch)
    while len(study.trials) < end:
        study.sampler = _sampler(what, len(study.trials))
        trial = study.ask()
        trial.set_user_attr(_VALUES, suggest(trial, what.knobs))
    points: dict[int, Point] = {}
    for each in _running(study):
        values = each.user_attrs.get(_VALUES)
        if values is None:  # killed between asking and writing down what was asked
            _refuse(study, each.number, "interrupted")
        elif json.dumps(values) not in known:
            try:
                points[each.number] = in_search(what, variant(what, each.number, values))
            except ScenarioError as error:
                _refuse(study, each.number, str(error))
    unlike = {json.dumps(point.labels): point for point in points.values()}
    played = gather(list(unlike.values()), range(what.replications), replace(how, progress=None))
    known |= {key: played[point.id] for key, point in unlike.items()}
    for each in _running(study):
        _tell(what, study, each.number, known[json.dumps(each.user_attrs[_VALUES])])


def _trial(study: Study, number: int) -> Trial:
    """A trial that is running, perhaps since an earlier session."""
    from optuna.trial import Trial

    return Trial(study, study.trials[number]._trial_id)


def _refuse(study: Study, number: int, why: str) -> None:
    import optuna

    _trial(study, number).set_user_attr(_REFUSED, why)
    study.tell(number, state=optuna.trial.TrialState.FAIL)


def _tell(what: Search, study: Study, number: int, runs: Sequence[Measures]) -> None:
    stored = [{name: run[name].stored for name in what.kept} for run in runs]
    trial = _trial(study, number)
    trial.set_user_attr(_RUNS, stored)
    costs = [each.mean(runs) for each in what.objectives]
    for each in what.constraints:
        relative = excess(each, runs) / (abs(each.limit) or 1.0)
        trial.set_constraint(each.text, min(_HOPELESS, relative))
    if any(cost is None for cost in costs):  # a time that was not reached has no size: kept out, not guessed
        _refuse(study, number, "an objective has no value in some replication")
    else:
        study.tell(number, [cost for cost in costs if cost is not None])


def _tried(trial: FrozenTrial) -> Tried | None:
    stored = trial.user_attrs.get(_RUNS)
    if stored is None or not trial.state.is_finished():
        return None
    runs = [{name: Measurement(name, *numbers) for name, numbers in run.items()} for run in stored]
    return Tried(trial.number, trial.user_attrs[_VALUES], runs)


def _sampler(what: Search, number: int) -> BaseSampler:
    """The sampler for trial ``number``; its luck is that of the seed and the number."""
    import numpy as np
    from optuna.samplers import NSGAIISampler, TPESampler

    seed = int(np.random.SeedSequence([what.seed, number]).generate_state(1)[0])
    if what.sampler == "nsga2":
        return NSGAIISampler(seed=seed, population_size=POPULATION)
    return TPESampler(seed=seed)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Optuna's log, and its word that some of it is experimental."""
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(before)
