"""A log and the scenario of its rollout in; what the log teaches, with its uncertainty, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.choice import AUTO, choose, device_count
from fota_sim.errors import FotaSimError
from fota_sim.histories.ends import FAILURES, REACHED, End
from fota_sim.histories.table import Histories
from fota_sim.learning import regression
from fota_sim.learning.classes import MEASURED, UNKNOWN, Classes, class_labels, classes_of, in_order
from fota_sim.learning.counted import Counted
from fota_sim.learning.installs import hidden_installs, installs_of
from fota_sim.learning.knobs import Knob, base_values, knobs_of
from fota_sim.learning.learned import Kept, Learned
from fota_sim.learning.others import others_with
from fota_sim.learning.rates import Rate, pooled
from fota_sim.learning.refusals import batteries_of, refusals_of
from fota_sim.learning.seen import FEWEST, says_signal, seen
from fota_sim.learning.shares import Count, endings_of, gone_of, too_few, with_defects
from fota_sim.learning.trials import Trials, as_long_as, laid_under
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.one_plan import plan_asked
from fota_sim.scenario.variation import varied

DRAWS = 200
"""Sets of parameters that a fitted scenario carries."""
_SEARCHES = 5
"""Rounds in which knobs are brought near the log, two trials each."""
_ASIDE = 4
"""Trials that say what the simulator makes of a share by itself."""
_TRIALS_OF = ((5_000, 240), (20_000, 160), (10**9, 80))
"""Trials by the size of a fleet: up to so many devices, so many; a large log leaves less to luck."""
_WIDTH = 3.0
"""Trials are drawn within so many standard deviations of what luck in the log makes of a knob."""
_BEFORE = 3
"""One trial in so many is played before the others, to see where they are to be drawn: what a few searches make of
slopes is often twice too steep, and a statistic that luck moves more than the whole range of trials has no slope."""
_CLEAR = 5.0
"""A slope is taken from two points that lie so many times the luck apart: closer ones make slopes steep by luck, and
then trials are drawn in too narrow a range to follow anything."""
_RESAMPLED = 40

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fit:
    """What a log taught a scenario."""

    scenario: Scenario
    """As it was before."""
    histories: Histories
    learned: tuple[Learned, ...]
    kept: tuple[Kept, ...]
    """What was not learnt, and why."""
    rates: Mapping[str, Mapping[str, list[Rate]]]
    """What was counted by class: of failures, refusals and rollbacks, by what devices are classed by."""
    classes: Classes
    engine: str
    trials: int
    """Simulated rollouts that were looked at."""
    plan: str = ""
    """Of several the one that the log is of."""
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Of what was learnt, by its key, the other plans that it holds for too."""

    @property
    def one(self) -> Scenario:
        """The scenario with this plan only."""
        return self.scenario.of_plan(self.plan)

    @property
    def draws(self) -> dict[str, list[Any]]:
        """Values by path, as a scenario carries them."""
        found: dict[str, list[Any]] = {}
        for place in range(DRAWS):
            for each in self.learned:
                for path, value in each.at(place).items():
                    drawn = (path, value) if ".defects." not in path else (f"{path}.probability", value["probability"])
                    found.setdefault(drawn[0], []).append(drawn[1])
        return found

    def values(self) -> dict[str, Any]:
        """Values by path, in the middle of what is plausible."""
        said = {path: value for each in self.learned for path, value in each.values(each.mean).items()}
        return with_defects(self.scenario, said)


def fit(
    histories: Histories,
    scenario: Scenario,
    *,
    plan: str | None = None,
    engine: str = AUTO,
    workers: int = 2,
    trials: int | None = None,
    progress: Progress | None = None,
) -> Fit:
    """What the log of a rollout teaches the scenario of its fleet and plan.

    ``plan``: of several the one that the log is of; the others are played beside it. ``trials``: simulated rollouts,
    None for as many as the fleet's size asks for; the same log, scenario and number of trials give the same draws.
    Raises FotaSimError where nothing can be learnt, ScenarioError for what only the fleet shows.
    """
    plan = plan_asked(scenario, plan, "a log is of")
    if (histories.frame["ended"] == str(End.NOT_APPLICABLE)).all():
        raise FotaSimError("the update was not applicable to any device of the log; there is nothing to learn from")
    under = laid_under(scenario)
    count = trials or next(number for most, number in _TRIALS_OF if device_count(scenario) <= most)
    name = choose(under.model_copy(update={"replications": count}), engine).name
    return _Fitting(histories, scenario, plan, under, name, workers, count, progress).fit()


class _Fitting:
    """One fit, from step to step."""

    def __init__(
        self,
        histories: Histories,
        scenario: Scenario,
        plan: str,
        under: Scenario,
        engine: str,
        workers: int,
        trials: int,
        progress: Progress | None,
    ) -> None:
        self._histories, self._scenario, self._plan, self._under = histories, scenario, plan, under
        self._count = trials
        self._luck = np.random.default_rng([under.seed, trials, len(histories)])
        self._classes = classes_of(histories, scenario, plan)
        self._kept: list[Kept] = []
        whole, done = 2 * _SEARCHES + trials + _ASIDE, 0

        def played() -> None:
            nonlocal done
            done += 1
            if progress is not None:
                progress(min(done, whole), whole)

        lasts_s = as_long_as(histories, scenario, plan)
        self._trials = Trials(under, engine, histories.view, workers, played, plan, lasts_s)
        self._engine = engine

    def fit(self) -> Fit:
        """All of it."""
        batteries = self._batteries()
        counted = Counted(self._counts(), self._histories, self._classes, DRAWS, self._luck)
        log = seen(self._histories, self._classes.of)
        knobs = self._usable(knobs_of(self._one, self._classes, self._histories.view, says_signal(log)))
        learned = [*batteries, *self._turned(knobs, counted)]
        learned.sort(key=lambda each: _ORDER.index(each.key.partition("/")[0]))
        self._keep_the_rest()
        return Fit(
            self._scenario,
            self._histories,
            tuple(learned),
            tuple(self._kept),
            rates_of(self._histories),
            self._classes,
            self._engine,
            self._trials._next,
            self._plan,
            others_with(self._scenario, self._plan, learned),
        )

    @property
    def _one(self) -> Scenario:
        """What trials play, with the log's plan only."""
        return self._under.of_plan(self._plan)

    def _batteries(self) -> list[Learned]:
        """How full batteries are, which trials then have: nothing else has to be known for it."""
        luck = np.random.default_rng([self._under.seed, len(self._histories), DRAWS])
        asked = [*batteries_of(self._one, self._classes, self._histories, DRAWS, luck)]
        found = [each for each in asked if isinstance(each, Learned)]
        self._kept += [each for each in asked if isinstance(each, Kept)]
        if found:
            laws = {path: law for each in found for path, law in each.values(each.mean).items()}
            self._under = self._trials.scenario = varied(self._under, laws)
        return found

    def _counts(self) -> list[Count]:
        """What is counted, of enough devices."""
        given = (self._one, self._classes, self._histories)
        found = []
        for each in (*gone_of(*given), *installs_of(*given), *endings_of(*given), *refusals_of(*given)):
            kept = each if isinstance(each, Kept) else too_few(each, self._histories, self._classes)
            if kept is not None:
                self._kept.append(kept)
            elif isinstance(each, Count):
                found.append(each)
        return found

    def _hidden(self, place: float) -> dict[str, Any]:
        """What the log hides, from nothing of it (0) to as much as may be (1)."""
        return hidden_installs(self._one, self._classes, self._histories.view, place)

    def _usable(self, knobs: Sequence[Knob]) -> list[Knob]:
        """Knobs whose statistic the log has."""
        found = seen(self._histories, self._classes.of)
        usable = []
        for knob in knobs:
            if np.isnan(knob.statistic(found)):
                self._kept.append(Kept(name=knob.name, why=f"fewer than {FEWEST} devices or attempts show {knob.what}"))
            else:
                usable.append(knob)
        return usable

    def _turned(self, knobs: list[Knob], counted: Counted) -> list[Learned]:
        """Knobs and counted shares by trials: brought near, then varied around there."""
        log = seen(self._histories, self._classes.of)
        observed = np.array([knob.statistic(log) for knob in knobs])
        noise = self._noise(knobs, observed)
        first = with_defects(self._under, {**self._hidden(0.5), **counted.first()})
        centre, slopes = self._search(knobs, first, observed, noise)
        aside = self._aside(knobs, centre, counted)
        longest = np.array([knob.longest for knob in knobs])
        least = 0.5 * np.array([knob.step for knob in knobs])
        width = np.clip(_WIDTH * noise / np.abs(slopes), least, longest)
        count = self._count if knobs else _ASIDE
        fields = counted.plausible(count, aside)
        parameters, statistics, shown = self._around(knobs, centre, width, counted, fields[: count // _BEFORE])
        if knobs:
            centre, width = regression.nearer(parameters, statistics, observed, centre, width, _WIDTH)
        more = self._around(knobs, centre, np.clip(width, least, longest), counted, fields[len(parameters) :])
        parameters, statistics, shown = (
            np.concatenate(each) for each in zip((parameters, statistics, shown), more, strict=True)
        )
        told = [*counted.learned(aside, fields, shown, parameters)]
        self._kept += [each for each in told if isinstance(each, Kept)]
        learned = [each for each in told if isinstance(each, Learned)]
        if not knobs:
            return learned
        whole = np.isfinite(statistics).all(axis=1)
        parameters, statistics = parameters[whole], statistics[whole]
        if len(parameters) < 3 * (len(knobs) + 1):
            for knob in knobs:
                self._kept.append(Kept(name=knob.name, why="too few simulated rollouts show it as the log does"))
            return learned
        return [*learned, *self._regressed(knobs, parameters, statistics, observed)]

    def _around(
        self,
        knobs: list[Knob],
        centre: NDArray[np.float64],
        width: NDArray[np.float64],
        counted: Counted,
        fields: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Trials with knobs around a centre, each with fields of its own: their knobs, their statistics, their counts.

        The centre and its width have shape (knobs,), all else a row for each trial.
        """
        drawn = centre + width * self._luck.uniform(-1.0, 1.0, (len(fields), len(knobs)))
        parameters = np.array([[knob.within(value) for knob, value in zip(knobs, row, strict=True)] for row in drawn])
        parameters = parameters.reshape(drawn.shape)
        others = [
            with_defects(self._under, {**self._hidden(self._luck.random()), **counted.values(row)}) for row in fields
        ]
        statistics, shown = np.empty(drawn.shape), np.empty(fields.shape)
        for place, (histories, truth) in enumerate(self._trials.play(self._asked(knobs, parameters, others))):
            statistics[place] = self._statistics(knobs, histories)
            shown[place] = counted.look(histories, self._classes_of_trial(histories), truth)
        return parameters, statistics, shown

    def _aside(self, knobs: list[Knob], centre: NDArray[np.float64], counted: Counted) -> NDArray[np.float64]:
        """What trials show of the counted shares without the fields that make them, on the average."""
        off = {**self._hidden(0.5), **counted.off}
        played = self._trials.play(self._asked(knobs, np.array([centre] * _ASIDE), [off] * _ASIDE))
        found = [counted.look(each, self._classes_of_trial(each), truth) for each, truth in played]
        return np.asarray(np.mean(found, axis=0), np.float64)

    def _regressed(
        self,
        knobs: list[Knob],
        parameters: NDArray[np.float64],
        statistics: NDArray[np.float64],
        observed: NDArray[np.float64],
    ) -> list[Learned]:
        follows = regression.followed(parameters, statistics)
        for knob, moves in zip(knobs, follows, strict=True):
            if not moves:
                why = f"{knob.what} hardly follow it with this plan and fleet, so the log does not tell it"
                self._kept.append(Kept(name=knob.name, why=why))
        left = [knob for knob, moves in zip(knobs, follows, strict=True) if moves]
        if not left:
            return []
        draws = regression.posterior(
            parameters[:, follows], statistics[:, follows], observed[follows], DRAWS, self._luck
        )
        beside = f"beside {len(parameters)} simulated rollouts"
        return [
            Learned(
                knob.key,
                knob.name,
                np.array([knob.within(value) for value in draws[:, place]]),
                knob.values,
                knob.shown,
                int(np.isin(self._classes.of, [*knob.classes]).sum()),
                knob.shown(knob.base),
                "; ".join(filter(None, (f"by {knob.what}, {beside}", knob.beyond(draws[:, place])))),
            )
            for place, knob in enumerate(left)
        ]

    def _noise(self, knobs: list[Knob], observed: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far luck in who is in the log moves each statistic: devices drawn again."""
        log = seen(self._histories, self._classes.of)
        size = len(log.of)
        again = []
        for _ in range(_RESAMPLED):
            some = log.take(self._luck.integers(0, size, size))
            again.append([knob.statistic(some) for knob in knobs])
        spread = np.nanstd(np.array(again), axis=0)
        return np.where(np.isfinite(spread) & (spread > 0), spread, 0.01 * np.maximum(1.0, np.abs(observed)))

    def _search(
        self,
        knobs: list[Knob],
        middle: Mapping[str, Any],
        observed: NDArray[np.float64],
        noise: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where statistics come near the log's, and how they follow there; each knob by its own statistic."""
        at = np.array([knob.base for knob in knobs])
        slopes = np.array([knob.slope for knob in knobs])
        before: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        best, least = at, np.full(len(knobs), np.inf)
        for _ in range(_SEARCHES):
            played = self._trials.play(self._asked(knobs, np.array([at, at]), [middle, middle]))
            found = np.array([self._statistics(knobs, histories) for histories, _ in played])
            told = np.isfinite(found)
            now = np.where(told, found, 0.0).sum(axis=0) / np.maximum(1, told.sum(axis=0))
            now = np.where(told.any(axis=0), now, observed)  # no trial shows it here: stay
            if before is not None:
                turned = at - before[0]
                with np.errstate(divide="ignore", invalid="ignore"):
                    secant = (now - before[1]) / turned
                clear = (np.abs(turned) > 1e-9) & (np.abs(now - before[1]) > _CLEAR * noise)
                fits = clear & (np.sign(secant) == np.sign(slopes)) & np.isfinite(secant)
                bounded = np.clip(np.abs(secant), 0.2 * np.abs(slopes), 5.0 * np.abs(slopes))
                slopes = np.where(fits, np.sign(slopes) * bounded, slopes)
            miss = np.abs(now - observed)
            best = np.where(miss < least, at, best)
            least = np.minimum(miss, least)
            before = (at.copy(), now)
            longest = np.array([knob.longest for knob in knobs])
            at = at + np.clip((observed - now) / slopes, -longest, longest)
            at = np.array([knob.within(value) for knob, value in zip(knobs, at, strict=True)])
        return best, slopes

    def _asked(
        self, knobs: list[Knob], rows: NDArray[np.float64], others: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """The values of trials: of knobs, shape (trials, knobs), and beside them."""
        keys = [knob.key for knob in knobs]
        turned = [base_values(knobs, dict(zip(keys, row, strict=True))) for row in rows.tolist()]
        return [{**other, **values} for other, values in zip(others, turned, strict=True)]

    def _statistics(self, knobs: list[Knob], histories: Histories) -> list[float]:
        found = seen(histories, self._of_trial(histories))
        return [knob.statistic(found) for knob in knobs]

    def _of_trial(self, histories: Histories) -> NDArray[np.int64]:
        """The class of each device of a simulated log, where the group is known."""
        place = {source.name: number for number, members in enumerate(self._classes.members) for source in members}
        return np.asarray(histories.frame["group"].map(place).fillna(-1), np.int64)

    def _classes_of_trial(self, histories: Histories) -> Classes:
        return Classes(self._classes.members, self._of_trial(histories))

    def _keep_the_rest(self) -> None:
        """What no log of this kind teaches."""
        ended = self._histories.counts()
        if self._classes.note:
            self._kept.append(Kept(name="sources of the fleet, apart", why=self._classes.note))
        if ended[End.TIMED_OUT]:
            why = f"the simulator's own make them ({ended[End.TIMED_OUT]:,} in the log); what devices did is not in it"
            self._kept.append(Kept(name="timeouts of the platform", why=why))
        for name, why in _NEVER:
            self._kept.append(Kept(name=name, why=why))


_ORDER = (
    "gone",
    "battery",
    "refuses",
    "contact",
    "confirm",
    "speed",
    "s50",
    "verify",
    "lasting",
    "rolled_back",
    "silent",
)
_NEVER = (
    ("spread of download times at one signal", "the simulator makes it of fading, failed chunks and retries"),
    ("battery drain", "the log has no battery from before and after"),
    ("power lost while flashing against firmware that does not boot", "both end in the same status"),
    ("churn", "a device that is lost later looks like one that waits"),
)


def rates_of(histories: Histories) -> dict[str, dict[str, list[Rate]]]:
    """What became of devices, by class: failures of those that were reached, refusals, rollbacks."""
    frame = histories.frame
    ended = frame["ended"].to_numpy(object)
    began = np.isin(ended, [str(each) for each in (*FAILURES, End.SUCCEEDED)])
    reached = np.isin(ended, [str(each) for each in REACHED if each is not End.NOT_APPLICABLE])
    asked = {
        "failed, of those with a result": (np.isin(ended, [str(each) for each in FAILURES]), began),
        "refused, of those reached": (ended == str(End.REFUSED), reached),
        "rolled back, of those with a result": (ended == str(End.ROLLED_BACK), began),
        "bricked, of those with a result": (ended == str(End.BRICKED), began),
    }
    found: dict[str, dict[str, list[Rate]]] = {}
    labels = {"all": np.full(len(ended), "all devices", dtype=object), **class_labels(histories)}
    for what, (hit, among) in asked.items():
        if not hit.any() and what not in tuple(asked)[:1]:
            continue
        for by, of in labels.items():
            there = {str(label) for label in of[among] if label}
            names = [name for name in in_order(by) if name in there] or sorted(there)
            if not names:
                continue
            k = np.array([int((hit & among & (of == name)).sum()) for name in names])
            n = np.array([int((among & (of == name)).sum()) for name in names])
            rates = pooled(names, k, n)
            if by in MEASURED and (without := among & (of == "")).any():  # else the parts do not add up to the whole
                rates += pooled([UNKNOWN], np.array([int((hit & without).sum())]), np.array([int(without.sum())]))
            found.setdefault(what, {})[by] = rates
    return found
