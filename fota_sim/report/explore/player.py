"""Plays the newest question in a thread of its own, replication by replication; an older one makes way.

While a slider is being dragged, questions come faster than answers. A *moving* question waits until the first
replication under way is there, so that the numbers follow the drag; a *settled* one (the slider was let go) cuts off
whatever is being played. Nothing about a question is told once a newer one has settled.

Where all devices take long, a sample of them answers first. Then that is what a moving question waits for, and all
devices are cut off at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread
from time import perf_counter

from fota_sim.analysis.batch.unit import identity
from fota_sim.analysis.run.outline import Outline
from fota_sim.analysis.run.sample import Sample, Sampled, scaled_up
from fota_sim.errors import FotaSimError, Problem, ScenarioError
from fota_sim.report.explore.pace import Samples
from fota_sim.report.explore.shelf import Shelf
from fota_sim.report.explore.timeline import OFF, Timeline
from fota_sim.scenario.model import Scenario

Build = Callable[[], Scenario]
"""Makes the scenario to play; raises ScenarioError for one that cannot be."""
Progress = Callable[[int, int], None]
"""Hears how far virtual time is and how far it goes, in ms."""
Play = Callable[[Scenario, int, Progress], Outline]
"""Plays one replication; calls its last argument now and then and lets its exceptions through."""
_LAST = 2**63
LONG_LOOKS = 30
"""Looks at progress that make a replication a long one: the engines look after about a hundredth of a second."""
TELL_EVERY_S = 0.25
"""Between two words about how far a long one is: each makes work for Python and the browser, and both are wanted by the
engine's two threads. One for every 4 % was 5 % of the time of 200,000 meters."""
SOON_S = 0.015
"""Before a sample is played that is wanted only while dragging: a click on the slider moves it and lets go at once, and
what is begun for it would be in the way of all devices. That one let go was heard after 4 to 48 ms, half within 10."""
DRAWING_S = 1.0
"""The next replication waits so long at most until an answer is drawn: both are Python, and would slow each other, and
a message that is put together while another is on its way may be lost. Long enough for a busy machine."""


@dataclass(frozen=True)
class Played:
    """A scenario and the replications of it that are there, from the first on."""

    scenario: Scenario
    outlines: tuple[Outline, ...]
    sample: Sample | None = None
    """Whom they rest on, scaled up to all devices; None: all devices were played."""
    plan: str = ""
    """Of several the one that they are of."""

    @property
    def one(self) -> Scenario:
        """The scenario with this plan only."""
        return self.scenario.of_plan(self.plan)


@dataclass(frozen=True)
class Answer:
    """What is known so far."""

    question: int
    now: Played
    pinned: Played | None
    """The baseline, as far as it was played; from a sample where the answer is."""


@dataclass(frozen=True)
class Under:
    """A replication is under way, and takes so long that the numbers of before should look old."""

    question: int
    replication: int
    percent: int
    """Of its work."""


@dataclass(frozen=True)
class Waiting:
    """Something has to happen before anything is played."""

    question: int
    text: str


@dataclass(frozen=True)
class Refused:
    """The question makes no scenario, or cannot be played."""

    question: int
    problems: tuple[Problem, ...]


Told = Answer | Under | Waiting | Refused


class _SupersededError(Exception):
    """A newer question came."""


class _LeftError(Exception):
    """Nobody wants the sample any more."""


class Player:
    """One thread that plays what was asked last."""

    def __init__(
        self,
        play: Play,
        tell: Callable[[Told], None],
        shelf: Shelf,
        notice: Callable[[], str] = lambda: "",
        *,
        plan: str = "",
        samples: Samples | None = None,
        timeline: Timeline = OFF,
    ) -> None:
        """``tell`` hears everything, in the player's thread; it returns at once and calls nothing of the player.

        ``notice``: what a user should know before anything is played, or nothing. ``plan``: the one of several that
        ``play`` tells of. ``samples``: whether a sample answers
        first; None: never.
        """
        self._play = play
        self._notice = notice
        self._tell = tell
        self._shelf = shelf
        self._plan = plan
        self._samples = samples
        self._timeline = timeline
        self._changed = Condition()
        self._asked: tuple[int, Build] | None = None
        self._newest = 0
        self._settled = 0
        self._pinned: Scenario | None = None
        self._undrawn = 0
        self._thread = Thread(target=self._work, name="fota-sim explore", daemon=True)
        self._thread.start()

    def ask(self, build: Build, settled: bool = True) -> int:
        """From now on play this; the number of the question. ``settled``: what is under way is cut off."""
        with self._changed:
            self._newest += 1
            if settled:
                self._settled = self._newest
            self._asked = (self._newest, build)
            self._changed.notify()
            return self._newest

    def drawn(self) -> None:
        """What was told is on its way to the user, or will not be drawn: the next replication need not wait."""
        with self._changed:
            self._undrawn = 0
            self._changed.notify()

    def settle(self) -> None:
        """The user let go where the newest question was asked: it goes on, and whatever is older is cut off."""
        with self._changed:
            self._settled = self._newest
            self._changed.notify()

    def pin(self, scenario: Scenario | None) -> None:
        """What later questions are compared with; the next question plays what is missing of it."""
        with self._changed:
            self._pinned = scenario

    def close(self) -> None:
        """Stop as soon as possible; nothing is told any more."""
        with self._changed:
            self._newest = self._settled = _LAST
            self._asked = None
            self._changed.notify()

    def join(self) -> None:
        """Wait until a closed player has stopped."""
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                while self._asked is None and self._newest < _LAST:
                    self._changed.wait()
                if self._asked is None:
                    return
                number, build = self._asked
                self._asked = None
                pinned = self._pinned
            self._timeline.note("taken")
            try:
                self._answer(number, build(), pinned)
            except _SupersededError:
                continue
            except ScenarioError as error:
                self._say(number, Refused(number, tuple(error.problems)))
            except FotaSimError as error:
                self._say(number, Refused(number, (Problem("", 0, 0, "", str(error)),)))
            except Exception as error:
                message = f"This is a bug in fota-sim, not a mistake of yours: {type(error).__name__}: {error}"
                self._say(number, Refused(number, (Problem("", 0, 0, "", message),)))

    def _answer(self, number: int, scenario: Scenario, pinned: Scenario | None) -> None:
        """Tell what a sample says, if there is time for it, and then after every replication of all devices.

        Of the later ones the baseline's is played first.
        """
        self._timeline.note("built")
        name = identity(scenario)
        base_name = "" if pinned is None else identity(pinned)
        self._timeline.note("named")
        follows = not self._glance(number, scenario, name, pinned)
        now: list[Outline] = []
        base: list[Outline] = []
        for replication in range(scenario.replications):
            first = replication == 0
            waited_for = first and follows
            if first:
                now.append(self._one(number, scenario, name, replication, waited_for))
            if pinned is not None and replication < pinned.replications:
                base.append(self._one(number, pinned, base_name, replication, waited_for))
            if not first:
                now.append(self._one(number, scenario, name, replication, waited_for))
            compared = None if pinned is None else Played(pinned, tuple(base), plan=self._plan)
            self._timeline.note("told")
            self._say(number, Answer(number, Played(scenario, tuple(now), plan=self._plan), compared))

    def _glance(self, number: int, scenario: Scenario, name: str, pinned: Scenario | None) -> bool:
        """Tell what a sample says, if it is wanted; whether it was told.

        Like is compared with like: where there is a baseline, it has to have a sample as well. One that is wanted only
        while dragging is cut off once the user let go, for all devices would wait until it is drawn.
        """
        if self._samples is None or self._shelf.find((name, scenario.seed, 0)) is not None:
            return False
        samples, settled = self._samples, self._has_settled(number)
        if not samples.wanted(scenario, settled):
            return False
        only_moving = not settled and not samples.wanted(scenario, True)
        if only_moving and self._settles_soon(number):
            return False
        part, base_part = samples.of(scenario), None if pinned is None else samples.of(pinned)
        if part is None or (pinned is not None and base_part is None):
            return False
        self._timeline.note("sample")

        def look() -> None:
            if only_moving and self._has_settled(number):
                raise _LeftError

        try:
            look()
            now = self._of_sample(number, scenario, part, look)
            base = None if pinned is None or base_part is None else self._of_sample(number, pinned, base_part, look)
            look()
        except ScenarioError:
            return False  # a list that names nobody in the sample, for example: all devices will tell
        except _LeftError:
            self._timeline.note("sample left")
            return False
        self._timeline.note("told")
        self._say(number, Answer(number, now, base))
        return True

    def _has_settled(self, number: int) -> bool:
        """Whether the user let go at this question or at a newer one."""
        with self._changed:
            return number <= self._settled

    def _settles_soon(self, number: int) -> bool:
        """Whether the user lets go at this question within the next moment; not where a newer one comes before."""
        with self._changed:
            self._changed.wait_for(lambda: number <= self._settled or number < self._newest, SOON_S)
            return self._newest == number <= self._settled

    def _of_sample(self, number: int, scenario: Scenario, part: Sampled, look: Callable[[], None]) -> Played:
        """The first replication of a part of the scenario, scaled up; ``look`` as for ``_one``."""
        played = self._one(number, part.scenario, identity(part.scenario), 0, waited_for=True, look=look)
        return Played(scenario, (scaled_up(played, part.sample),), part.sample)

    def _one(
        self,
        number: int,
        scenario: Scenario,
        name: str,
        replication: int,
        waited_for: bool,
        look: Callable[[], None] = lambda: None,
    ) -> Outline:
        """One replication of the scenario whose identity is ``name``; ``waited_for``: moving questions wait for it.

        ``look``: is called whenever the engine looks up; what it raises ends the play.
        """
        self._let_draw(number)
        self._check(number, waited_for)
        key = (name, scenario.seed, replication)
        known = self._shelf.find(key)
        if known is not None:
            return known
        told_s, looks = -math.inf, 0

        def heard(done: int, whole: int) -> None:
            nonlocal told_s, looks
            self._check(number, waited_for)
            look()
            looks += 1
            if looks >= LONG_LOOKS and perf_counter() >= told_s + TELL_EVERY_S:
                told_s = perf_counter()
                self._say(number, Under(number, replication, 100 * done // max(1, whole)))

        if text := self._notice():
            self._say(number, Waiting(number, text))
        played = self._play(scenario, replication, heard)
        self._shelf.keep(key, played)
        return played

    def _let_draw(self, number: int) -> None:
        """Wait until an answer to the question is drawn, unless a newer question comes."""
        with self._changed:
            self._changed.wait_for(lambda: self._undrawn != number or number < self._newest, DRAWING_S)
            self._undrawn = 0

    def _check(self, number: int, waited_for: bool) -> None:
        """Raises _SupersededError where a newer question does not wait; ``waited_for``: moving ones do."""
        with self._changed:
            if number < (self._settled if waited_for else self._newest):
                raise _SupersededError

    def _say(self, number: int, told: Told) -> None:
        with self._changed:  # so that no question settles between the look and the word
            if number >= self._settled:
                if isinstance(told, Answer):
                    self._undrawn = number
                self._tell(told)
