"""Knobs and counted shares by trials: brought near the log, then varied around there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.histories.table import Histories
from fota_sim.learning import regression
from fota_sim.learning.classes import Classes
from fota_sim.learning.counted import Counted
from fota_sim.learning.fitted import DRAWS
from fota_sim.learning.installs import hidden_installs
from fota_sim.learning.knobs import Knob, base_values
from fota_sim.learning.learned import Kept, Learned
from fota_sim.learning.seen import Seen, seen
from fota_sim.learning.shares import with_defects
from fota_sim.learning.silence import Silence, longest_silence
from fota_sim.learning.trials import Trials

_SEARCHES = 5
"""Rounds in which knobs are brought near the log, two trials each."""
_ASIDE = 4
"""Trials that say what the simulator makes of a share by itself."""
_WIDTH = 3.0
"""Trials are drawn within so many standard deviations of what luck in the log makes of a knob."""
_BEFORE = 3
"""One trial in so many is played before the others, to see where they are to be drawn: what a few searches make of
slopes is often twice too steep, and a statistic that luck moves more than the whole range of trials has no slope."""
_CLEAR = 5.0
"""A slope is taken from two points that lie so many times the luck apart: closer ones make slopes steep by luck, and
then trials are drawn in too narrow a range to follow anything."""
_RESAMPLED = 40
_AGREES = 5.0
"""Standard deviations by which the log may be off in what a knob says beside its own statistic."""


def played_beside(trials: int) -> int:
    """How many are played of so many that knobs are varied in, with those that bring them near and say the rest."""
    return 2 * _SEARCHES + trials + _ASIDE


class Turning:
    """What knobs and counted shares teach, with the trials for it."""

    def __init__(
        self,
        knobs: Sequence[Knob],
        counted: Counted,
        trials: Trials,
        classes: Classes,
        histories: Histories,
        luck: np.random.Generator,
        count: int,
    ) -> None:
        """``count``: trials in which knobs are varied; ``histories``: the log, by ``classes`` of its devices."""
        self._knobs, self._counted, self._trials, self._count = [*knobs], counted, trials, count
        self._classes, self._histories, self._luck = classes, histories, luck
        self.kept: list[Kept] = []
        """What the log does not teach, and why."""
        self.silences: list[Silence] = []
        """The longest of each trial."""
        self._beside: list[list[float]] = []
        """Of each trial what knobs say beside their own statistic."""

    def learned(self) -> list[Learned]:
        """What they teach; what they do not is put to ``kept``."""
        log = seen(self._histories, self._classes.of)
        observed = np.array([knob.statistic(log) for knob in self._knobs])
        noise = self._noise(observed)
        first = with_defects(self._trials.scenario, {**self._hidden(0.5), **self._counted.first()})
        centre, slopes = self._search(first, observed, noise)
        aside = self._aside(centre)
        longest = np.array([knob.longest for knob in self._knobs])
        least = 0.5 * np.array([knob.step for knob in self._knobs])
        width = np.clip(_WIDTH * noise / np.abs(slopes), least, longest)
        count = self._count if self._knobs else _ASIDE
        fields = self._counted.plausible(count, aside)
        parameters, statistics, shown = self._around(centre, width, fields[: count // _BEFORE])
        if self._knobs:
            centre, width = regression.nearer(parameters, statistics, observed, centre, width, _WIDTH)
        more = self._around(centre, np.clip(width, least, longest), fields[len(parameters) :])
        parameters, statistics, shown = (
            np.concatenate(each) for each in zip((parameters, statistics, shown), more, strict=True)
        )
        told = [*self._counted.learned(aside, fields, shown, parameters)]
        self.kept += [each for each in told if isinstance(each, Kept)]
        learned = [each for each in told if isinstance(each, Learned)]
        if not self._knobs:
            return learned
        whole = np.isfinite(statistics).all(axis=1)
        parameters, statistics, beside = parameters[whole], statistics[whole], np.array(self._beside)[whole]
        if len(parameters) < 3 * (len(self._knobs) + 1):
            for knob in self._knobs:
                self.kept.append(Kept(name=knob.name, why="too few simulated rollouts show it as the log does"))
            return learned
        return [*learned, *self._regressed(parameters, statistics, observed, beside)]

    def _around(
        self,
        centre: NDArray[np.float64],
        width: NDArray[np.float64],
        fields: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Trials with knobs around a centre, each with fields of its own: their knobs, their statistics, their counts.

        The centre and its width have shape (knobs,), all else a row for each trial.
        """
        drawn = centre + width * self._luck.uniform(-1.0, 1.0, (len(fields), len(self._knobs)))
        parameters = np.array(
            [[knob.within(value) for knob, value in zip(self._knobs, row, strict=True)] for row in drawn]
        )
        parameters = parameters.reshape(drawn.shape)
        others = [
            with_defects(self._trials.scenario, {**self._hidden(self._luck.random()), **self._counted.values(row)})
            for row in fields
        ]
        statistics, shown = np.empty(drawn.shape), np.empty(fields.shape)
        for place, (histories, truth) in enumerate(self._trials.play(self._asked(parameters, others))):
            found = seen(histories, self._of_trial(histories))
            statistics[place] = [knob.statistic(found) for knob in self._knobs]
            self._beside.append(self._said_beside(found))
            self.silences.append(longest_silence(histories))
            shown[place] = self._counted.look(histories, self._classes_of_trial(histories), truth)
        return parameters, statistics, shown

    def _aside(self, centre: NDArray[np.float64]) -> NDArray[np.float64]:
        """What trials show of the counted shares without the fields that make them, on the average."""
        off = {**self._hidden(0.5), **self._counted.off}
        played = self._trials.play(self._asked(np.array([centre] * _ASIDE), [off] * _ASIDE))
        found = [self._counted.look(each, self._classes_of_trial(each), truth) for each, truth in played]
        return np.asarray(np.mean(found, axis=0), np.float64)

    def _regressed(
        self,
        parameters: NDArray[np.float64],
        statistics: NDArray[np.float64],
        observed: NDArray[np.float64],
        beside: NDArray[np.float64],
    ) -> list[Learned]:
        follows = regression.followed(parameters, statistics)
        for knob, moves in zip(self._knobs, follows, strict=True):
            if not moves:
                why = f"{knob.what} hardly follow it with this plan and fleet, so the log does not tell it"
                self.kept.append(Kept(name=knob.name, why=why))
        if not follows.any():
            return []
        agrees = self._agrees(parameters, statistics, observed, beside, follows)
        for knob in (knob for knob, fits in zip(self._knobs, agrees, strict=True) if not fits):
            why = (
                f"{knob.what} are of another shape than the scenario makes them whatever it is; no value explains them"
            )
            self.kept.append(Kept(name=knob.name, why=why))
        follows &= agrees
        left = [knob for knob, moves in zip(self._knobs, follows, strict=True) if moves]
        if not left:
            return []
        draws = regression.posterior(
            parameters[:, follows], statistics[:, follows], observed[follows], DRAWS, self._luck
        )
        by = f"beside {len(parameters)} simulated rollouts"
        return [
            Learned(
                knob.key,
                knob.name,
                np.array([knob.within(value) for value in draws[:, place]]),
                knob.values,
                knob.shown,
                int(np.isin(self._classes.of, [*knob.classes]).sum()),
                knob.shown(knob.base),
                "; ".join(filter(None, (f"by {knob.what}, {by}", knob.beyond(draws[:, place])))),
            )
            for place, knob in enumerate(left)
        ]

    def _agrees(
        self,
        parameters: NDArray[np.float64],
        statistics: NDArray[np.float64],
        observed: NDArray[np.float64],
        beside: NDArray[np.float64],
        follows: NDArray[np.bool_],
    ) -> NDArray[np.bool_]:
        """Which knobs the log agrees with in what they say beside their own statistic; shape (knobs,)."""
        agrees = np.ones(len(self._knobs), np.bool_)
        log = np.array(self._said_beside(seen(self._histories, self._classes.of)))
        told = np.isfinite(log) & np.isfinite(beside).all(axis=0)
        if not told.any():
            return agrees
        coefficients, *_ = regression.plane(parameters[:, follows], statistics[:, follows])
        at = (observed[follows] - coefficients[0]) @ np.linalg.pinv(coefficients[1:])
        apart = np.zeros(len(log))
        apart[told] = regression.deviations(parameters[:, follows], beside[:, told], log[told], at)
        whose = [place for place, knob in enumerate(self._knobs) for _ in knob.beside]
        agrees[[place for place, off in zip(whose, apart, strict=True) if off > _AGREES]] = False
        return agrees

    def _said_beside(self, found: Seen) -> list[float]:
        return [statistic(found) for knob in self._knobs for statistic in knob.beside]

    def _noise(self, observed: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far luck in who is in the log moves each statistic: devices drawn again."""
        log = seen(self._histories, self._classes.of)
        size = len(log.of)
        again = []
        for _ in range(_RESAMPLED):
            some = log.take(self._luck.integers(0, size, size))
            again.append([knob.statistic(some) for knob in self._knobs])
        spread = np.nanstd(np.array(again), axis=0)
        return np.where(np.isfinite(spread) & (spread > 0), spread, 0.01 * np.maximum(1.0, np.abs(observed)))

    def _search(
        self,
        middle: Mapping[str, Any],
        observed: NDArray[np.float64],
        noise: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where statistics come near the log's, and how they follow there; each knob by its own statistic."""
        at = np.array([knob.base for knob in self._knobs])
        slopes = np.array([knob.slope for knob in self._knobs])
        before: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        best, least = at, np.full(len(self._knobs), np.inf)
        for _ in range(_SEARCHES):
            played = self._trials.play(self._asked(np.array([at, at]), [middle, middle]))
            found = np.array([self._statistics(histories) for histories, _ in played])
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
            longest = np.array([knob.longest for knob in self._knobs])
            at = at + np.clip((observed - now) / slopes, -longest, longest)
            at = np.array([knob.within(value) for knob, value in zip(self._knobs, at, strict=True)])
        return best, slopes

    def _asked(self, rows: NDArray[np.float64], others: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The values of trials: of knobs, shape (trials, knobs), and beside them."""
        keys = [knob.key for knob in self._knobs]
        turned = [base_values(self._knobs, dict(zip(keys, row, strict=True))) for row in rows.tolist()]
        return [{**other, **values} for other, values in zip(others, turned, strict=True)]

    def _statistics(self, histories: Histories) -> list[float]:
        found = seen(histories, self._of_trial(histories))
        return [knob.statistic(found) for knob in self._knobs]

    def _hidden(self, place: float) -> dict[str, Any]:
        """What the log hides, from nothing of it (0) to as much as may be (1)."""
        return hidden_installs(self._trials.one, self._classes, self._histories.view, place)

    def _of_trial(self, histories: Histories) -> NDArray[np.int64]:
        """The class of each device of a simulated log, where the group is known."""
        place = {source.name: number for number, members in enumerate(self._classes.members) for source in members}
        return np.asarray(histories.frame["group"].map(place).fillna(-1), np.int64)

    def _classes_of_trial(self, histories: Histories) -> Classes:
        return Classes(self._classes.members, self._of_trial(histories))
