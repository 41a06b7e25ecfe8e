"""Waves that are written as if each came before, after or with others, where each comes behind the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding, duration
from fota_sim.scenario.rollout import Wave
from fota_sim.scenario.units import RATIO
from fota_sim.scenario.waves import openings

_WAVES: Key = (*ROLLOUT, "waves")


def opens_before_its_turn(facts: Facts) -> Iterator[Finding]:
    """A wave that is to open no later than the one that it follows."""
    earliest_s, of = float(facts.scenario.plan.starts), 0
    for number, wave in enumerate(facts.rollout.waves):
        at_s, after_s = wave.opens.at, wave.opens.after
        if number and at_s is not None and at_s <= earliest_s:
            how = "no later than" if at_s == earliest_s else "before"
            message = (
                f"{duration(at_s)} is {how} wave {of + 1} can open ({duration(earliest_s)}), and waves open in order: "
                f"it opens together with wave {number}. Open it later, or write waves in their order"
            )
            yield (*_WAVES, number, "opens", "at"), message
        opens_s = max(earliest_s + (after_s if number and after_s is not None else 0.0), at_s or 0.0)
        if opens_s > earliest_s:
            earliest_s, of = opens_s, number


def adds_to_those_before(facts: Facts) -> Iterator[Finding]:
    """Shares of all targets that grow up to 100 %, as if each wave included those before it."""
    waves, total = facts.rollout.waves, facts.targets
    if len(waves) < 2 or not all(_of_all(wave) for wave in waves) or waves[-1].share is None:
        return
    shares = [_share(wave, total) for wave in waves]
    known = [share for share in shares if share is not None]
    if waves[-1].share < 1.0 or known != sorted(set(known)):
        return
    ends = [f"up_to: {RATIO.format(wave.share)}" for wave in waves if wave.share is not None]
    message = (
        "each wave adds its share to those before it, and none includes them: later ones are smaller than they say. "
        f"For these shares in all write {', '.join(ends)}, which include the waves before"
    )
    yield _WAVES, message


def _of_all(wave: Wave) -> bool:
    if wave.devices is not None:
        return False
    return wave.count is not None or (wave.share is not None and wave.share_of == "targets")


def _share(wave: Wave, total: int | None) -> Fraction | None:
    """The share of all targets that a wave says; None for a number of devices of nobody knows how many."""
    if wave.share is not None:
        return Fraction(RATIO.format(wave.share).removesuffix("%")) / 100
    return Fraction(wave.count or 0, total) if total else None


def deadline_comes_first(facts: Facts) -> Iterator[Finding]:
    """A deadline that is over before what the wave waits for can hold, so that it decides whatever happens."""
    does = {"open": "opens the wave", "pause": "pauses the plan", "cancel": "cancels the rollout"}
    for number, opens in openings(facts.rollout.waves):
        waits_s = max(opens.after or 0.0, opens.holds_s)
        if opens.deadline is not None and opens.deadline < waits_s:
            what = "hold" if opens.holds_s > (opens.after or 0.0) else "after"
            message = (
                f"{duration(opens.deadline)} is over before {what} ({duration(waits_s)}) can be, so it always "
                f"{does[opens.on_deadline]}. Make it longer, or leave {what} out"
            )
            yield (*_WAVES, number, "opens", "deadline"), message


def asks_for_nothing(facts: Facts) -> Iterator[Finding]:
    """A success gate of 0 %, which holds from the start."""
    for number, opens in openings(facts.rollout.waves):
        if opens.success == 0.0 and opens.share_of == "group" and not opens.quorum:
            message = (
                "0 % of the wave before have succeeded from the start, so this wave waits for nobody. Ask for more, or "
                "write after: 0s if that is meant"
            )
            yield (*_WAVES, number, "opens", "success"), message
