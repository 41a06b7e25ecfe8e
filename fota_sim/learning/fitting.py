"""A log and the scenario of its rollout in; what the log teaches, with its uncertainty, out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from fota_sim.engines.choice import AUTO, choose, device_count
from fota_sim.errors import FotaSimError
from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.learning.classes import classes_of
from fota_sim.learning.counted import Counted
from fota_sim.learning.fitted import DRAWS, Fit
from fota_sim.learning.installs import installs_of
from fota_sim.learning.knobs import Knob, knobs_of
from fota_sim.learning.learned import Kept, Learned
from fota_sim.learning.listing import listing_of, strangers
from fota_sim.learning.offers import Offers, offers_of
from fota_sim.learning.others import others_with
from fota_sim.learning.rates import rates_of
from fota_sim.learning.refusals import batteries_of, refusals_of
from fota_sim.learning.seen import FEWEST, lacks_signal_of_some, says_signal, seen
from fota_sim.learning.shares import LATER, Count, endings_of, gone_of, late_contacts, too_few
from fota_sim.learning.silence import unexplained
from fota_sim.learning.trials import Trials, as_long_as, laid_under, on_another_clock, on_the_clock
from fota_sim.learning.turning import Turning, played_beside
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.one_plan import plan_asked
from fota_sim.scenario.plain_names import plain_value
from fota_sim.scenario.variation import varied

_TRIALS_OF = ((5_000, 240), (20_000, 160), (10**9, 80))
"""Trials by the size of a fleet: up to so many devices, so many; a large log leaves less to luck."""
Progress = Callable[[int, int], None]


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
    count = trials or usual_trials(scenario)
    name = choose(under.model_copy(update={"replications": count}), engine).name
    offers = offers_of(histories, under, plan, name)
    histories = on_the_clock(offers.histories, scenario, plan)
    return _Fitting(replace(offers, histories=histories), scenario, plan, under, name, workers, count, progress).fit()


def usual_trials(scenario: Scenario) -> int:
    """How many simulated rollouts teach, if nobody says so."""
    return next(number for most, number in _TRIALS_OF if device_count(scenario) <= most)


class _Fitting:
    """One fit, from step to step."""

    def __init__(
        self,
        offers: Offers,
        scenario: Scenario,
        plan: str,
        under: Scenario,
        engine: str,
        workers: int,
        trials: int,
        progress: Progress | None,
    ) -> None:
        histories = offers.histories
        self._offers = offers
        self._histories, self._scenario, self._plan, self._under = histories, scenario, plan, under
        self._count = trials
        self._luck = np.random.default_rng([under.seed, trials, len(histories)])
        self._classes = classes_of(histories, scenario, plan)
        self._kept: list[Kept] = []
        whole, done = played_beside(trials), 0

        def played() -> None:
            nonlocal done
            done += 1
            if progress is not None:
                progress(min(done, whole), whole)

        lasts_s = as_long_as(histories, scenario, plan)
        self._trials = Trials(under, engine, histories.view, workers, played, plan, lasts_s)
        self._engine = engine
        self._listing, self._strangers = listing_of(histories, self._trials), strangers(histories, self._trials)

    def fit(self) -> Fit:
        """All of it."""
        batteries = self._batteries()
        counts = self._counts()
        counted = Counted(counts, self._histories, self._classes, DRAWS, self._luck)
        log = seen(self._histories, self._classes.of)
        apart = End.FAILED_DOWNLOAD in self._histories.view.ends or "lasting" in {each.key for each in counts}
        knobs = self._usable(knobs_of(self._trials.one, self._classes, self._histories.view, says_signal(log)), apart)
        turning = Turning(knobs, counted, self._trials, self._classes, self._histories, self._luck, self._count)
        learned = [*batteries, *turning.learned()]
        self._kept += turning.kept
        silence = unexplained(self._histories, turning.silences)
        signals = _OF_SOME if lacks_signal_of_some(log) else ""
        clock = on_another_clock(self._histories, self._scenario, self._plan)
        listing = self._listing.note if self._listing else ""
        said = (clock, self._offers.note, listing, self._strangers, signals, silence)
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
            self._trials.number,
            self._plan,
            others_with(self._scenario, self._plan, learned),
            tuple(filter(None, said)),
        )

    def _batteries(self) -> list[Learned]:
        """How full batteries are, which trials then have: nothing else has to be known for it."""
        luck = np.random.default_rng([self._under.seed, len(self._histories), DRAWS])
        asked = [*batteries_of(self._trials.one, self._classes, self._histories, DRAWS, luck)]
        found = [each for each in asked if isinstance(each, Learned)]
        self._kept += [each for each in asked if isinstance(each, Kept)]
        if found:
            laws = {path: law for each in found for path, law in each.values(each.mean).items()}
            self._trials.scenario = varied(self._trials.scenario, laws)
        return found

    def _counts(self) -> list[Count]:
        """What is counted, of enough devices."""
        given = (self._trials.one, self._classes, self._histories)
        found = []
        for each in (*gone_of(*given), *installs_of(*given), *endings_of(*given), *refusals_of(*given)):
            kept = each if isinstance(each, Kept) else self._unlisted(each.key, each.name)
            if kept is None and isinstance(each, Count):
                kept = too_few(each, self._histories, self._classes)
            if kept is not None:
                self._kept.append(kept)
            elif isinstance(each, Count):
                found.append(each)
        return found

    def _usable(self, knobs: Sequence[Knob], apart: bool) -> list[Knob]:
        """Knobs whose statistic the log has; ``apart``: whether it tells failed downloads from failed installations."""
        found = seen(self._histories, self._classes.of)
        usable = []
        for knob in knobs:
            if (unlisted := self._unlisted(knob.key, knob.name)) is not None:
                self._kept.append(unlisted)
            elif (still := self._still_coming(knob)) is not None:
                self._kept.append(still)
            elif knob.key.startswith("s50/") and not apart:
                self._kept.append(Kept(name=knob.name, why=_NO_STAGES))
            elif np.isnan(knob.statistic(found)):
                self._kept.append(Kept(name=knob.name, why=f"fewer than {FEWEST} devices or attempts show {knob.what}"))
            else:
                usable.append(knob)
        return usable

    def _still_coming(self, knob: Knob) -> Kept | None:
        """Why a time between contacts is not learnt of a log that is shorter."""
        if not knob.key.startswith("contact/"):
            return None
        late = late_contacts(self._histories, np.isin(self._classes.of, [*knob.classes]))
        if late <= _AS_FAST_AS_EVER:
            return None
        share = plain_value(f"{late:.0%}")
        why = f"{share} of the first contacts came in the last fifth of the log, about as fast as before, so it may be"
        return Kept(name=knob.name, why=f"{why} any that is longer than the log; {LATER}")

    def _unlisted(self, key: str, name: str) -> Kept | None:
        """Why a share is not learnt of a log in which devices are missing by how they fared."""
        what = key.partition("/")[0]
        if what == "gone" and self._offers.why_not_gone:
            return Kept(name=name, why=self._offers.why_not_gone)
        if self._listing is None or (what in _NO_SHARES and not self._listing.none_succeeded):
            return None
        why = self._listing.why_not_gone if what == "gone" else self._listing.why_no_failures
        return Kept(name=name, why=why) if why else None

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
_OF_SOME = (
    "Devices of which the log has no signal fare otherwise than those of which it has one, so signals are not used to "
    "tell at which level downloads fail."
)
_NO_STAGES = "the log does not say at which stage attempts failed, nor, of most devices, at which signal"
_AS_FAST_AS_EVER = 0.15
"""With more than this share of all contacts in the last fifth of the window, where devices that come evenly have a
fifth, no end of their period is in sight."""
_NO_SHARES = ("contact", "confirm", "speed")
"""What is learnt by times and not by how many fare so."""
_NEVER = (
    ("spread of download times at one signal", "the simulator makes it of fading, failed chunks and retries"),
    ("battery drain", "the log has no battery from before and after"),
    ("power lost while flashing against firmware that does not boot", "both end in the same status"),
    ("churn", "a device that is lost later looks like one that waits"),
)
