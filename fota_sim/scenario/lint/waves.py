"""Waves that are empty, that never open, or that leave somebody out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from fota_sim.quoting import number_of
from fota_sim.rules.share import exact
from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding, duration, percent, some_devices
from fota_sim.scenario.lint.wave_order import adds_to_those_before
from fota_sim.scenario.rollout import Wave
from fota_sim.scenario.waves import TooManyWavesError, counted, groups, openings, played, wanted

_WAVES: Key = (*ROLLOUT, "waves")
_MOST_LINES = 20
EMPTY = "has no device of this fleet; widen its list or share, or leave it out"
"""Of a wave that a drawn fleet leaves empty."""


def sizes(facts: Facts) -> list[list[int]] | None:
    """Devices of each group of each entry of waves, late joiners apart; None where only a draw can tell."""
    total = facts.targets
    waves = facts.rollout.waves
    if total is None or any(wave.devices is not None for wave in waves):
        return None
    left, found = total, []
    for wave in waves:
        taken = wanted(wave, total, left, facts.rollout.rounding)
        try:
            found.append(groups(wave, taken, facts.rollout.rounding))
        except TooManyWavesError:
            return None
        left -= taken
    return found


def as_lines(facts: Facts, known: list[int], targets: int) -> list[str]:
    """The waves as they come out, ``wave 1 of 4 (canary): 400 devices (1 % of the targets)``; ``known``: of each.

    Many are not told one by one.
    """
    counts = counted(facts.rollout.waves, len(known))
    names = [""] * len(known) if counts is None else [wave.name for wave in played(facts.rollout.waves, counts)]
    lines = [
        f"wave {n + 1} of {len(known)}{f' ({name})' if name else ''}: "
        f"{some_devices(size)} ({percent(size / max(1, targets))} of the targets)"
        for n, (name, size) in enumerate(zip(names, known, strict=True))
    ]
    if len(lines) <= _MOST_LINES:
        return lines
    left_out = len(lines) - _MOST_LINES
    return [*lines[: _MOST_LINES - 1], f"... and {left_out:,} more waves like these ...", lines[-1]]


def too_many(facts: Facts) -> Iterator[Finding]:
    """Groups so small that a run refuses them."""
    total, waves = facts.targets, facts.rollout.waves
    if total is None or any(wave.devices is not None for wave in waves):
        return
    left = total
    for number, wave in enumerate(waves):
        taken = wanted(wave, total, left, facts.rollout.rounding)
        left -= taken
        try:
            groups(wave, taken, facts.rollout.rounding)
        except TooManyWavesError as error:
            yield (*_WAVES, number, "groups_of"), f"{error}. A run refuses it"


def _takes_the_rest(wave: Wave) -> bool:
    if wave.devices is not None:
        return False
    if wave.share is None and wave.count is None and wave.up_to is None:
        return True
    return wave.up_to == 1.0 or (wave.share_of == "rest" and wave.share == 1.0)


def _of_targets(facts: Facts) -> Fraction | None:
    """What the shares of the targets add up to, if all waves but a last one for the rest have one."""
    total = Fraction(0)
    for wave in facts.rollout.waves:
        if _takes_the_rest(wave):
            break
        if wave.devices is not None:
            return None
        if wave.up_to is not None:
            total = max(total, exact(wave.up_to))
        elif wave.share is None or wave.share_of != "targets":
            return None
        else:
            total += exact(wave.share)
    return total


def more_than_everybody(facts: Facts) -> Iterator[Finding]:
    """Shares of the targets that add up to more than all of them."""
    total = _of_targets(facts)
    if total is not None and total > 1 and not any(adds_to_those_before(facts)):
        message = (
            f"the waves' shares add up to {100.0 * float(total):.10g} % of the targets; who is in an early wave is in "
            "no later one, so later waves are smaller than they say. For shares of who is left write share_of: rest"
        )
        yield _WAVES, message


def somebody_in_none(facts: Facts) -> Iterator[Finding]:
    """Targets that no wave has."""
    waves = facts.rollout.waves
    if not waves or any(_takes_the_rest(wave) for wave in waves):
        return
    known, total = sizes(facts), _of_targets(facts)
    message = (
        "who is in no wave is never offered the plan; end with a wave for the rest: '- {}', which opens when the wave "
        "before it is over, or '- {opens: {after: 1d}}'"
    )
    in_waves = 0 if known is None else sum(map(sum, known))
    if known is not None and facts.targets and in_waves < facts.targets:
        left = facts.targets - in_waves
        yield (
            _WAVES,
            f"{left:,} of {number_of(facts.targets, 'target')} {'is' if left == 1 else 'are'} in no wave: {message}",
        )
    elif known is None and total is not None and total < 1:
        yield _WAVES, f"{percent(1 - total)} of the targets are in no wave: {message}"


def nobody_left(facts: Facts) -> Iterator[Finding]:
    """A wave for which those before it leave nobody."""
    waves, known = facts.rollout.waves, sizes(facts)
    for number, wave in enumerate(waves):
        before = next((n for n, other in enumerate(waves[:number]) if _takes_the_rest(other)), None)
        if before is not None and wave.devices is None:
            message = f"has no targets: wave {before + 1} takes everybody who is left; put it last"
            yield (*_WAVES, number), message
        elif known is not None and sum(known[number]) == 0:
            message = "has no targets: the waves before it take them all; make them smaller or leave this one out"
            if wave.up_to is not None:
                message = (
                    f"has no targets: up_to counts those of the waves before it, which are {percent(wave.up_to)} or "
                    "more already; make it larger or leave this one out"
                )
            yield (*_WAVES, number), message
        elif known is not None and 0 in known[number]:
            message = (
                f"is more groups than the {some_devices(sum(known[number]))} that are left for them: "
                f"{known[number].count(0):,} of them have none. Write fewer"
            )
            yield (*_WAVES, number, "groups"), message


def never_opens(facts: Facts) -> Iterator[Finding]:
    """A wave whose time comes after the end."""
    earliest_s = float(facts.scenario.plan.starts)
    known = sizes(facts)
    for number, wave in enumerate(facts.rollout.waves):
        opens = wave.opens
        waits_s = max(opens.after or 0.0, opens.holds_s)
        if number:
            earliest_s += waits_s
        if opens.at is not None:
            earliest_s = max(earliest_s, opens.at)
        what = "opens"
        if waits_s:
            more = (wave.groups or 1 if known is None else len(known[number])) - 1
            earliest_s += more * waits_s
            what = "opens its last group" if more else what
        if earliest_s >= facts.ends_s:
            message = (
                f"{what} {duration(earliest_s)} after activation at the earliest, and the plan or the horizon ends at "
                f"{duration(facts.ends_s)}; it never opens. Open it earlier, or set a longer horizon"
            )
            yield (*_WAVES, number, "opens"), message
            return  # nor do those behind it, for the same reason


def _nobody_waits(facts: Facts, number: int) -> bool:
    """Whether an entry has nobody who would wait, or nobody before to wait for; False where only a draw can tell."""
    known = sizes(facts) if facts.drawn_waves is None else facts.drawn_waves
    if known is None:
        return False
    before = known[number - 1][-1] if number and known[number - 1] else 0
    own = known[number]
    return not any(one and other for one, other in zip((before, *own), own, strict=False))


def waits_for_the_gone(facts: Facts) -> Iterator[Finding]:
    """A wave that waits for more than will be there, for an expected share is gone for good, and no deadline."""
    gone = facts.share(lambda devices, _, radio: float(radio.gone if devices.gone is None else devices.gone))
    for number, opens in openings(facts.rollout.waves):
        if opens.deadline is not None or opens.by_operator or not gone or _nobody_waits(facts, number):
            continue
        seen = facts.rollout.timeouts.online is not None
        if opens.says_nothing and not seen:
            message = (
                f"says nothing, so it opens when the wave before it is over, and about {percent(gone)} of the fleet is "
                "gone for good: offline devices may keep it closed for ever. Give it a deadline, after, or "
                "success with share_of: finished; or set timeouts.online"
            )
            yield (*_WAVES, number, "opens"), message
        if not seen and exact(opens.quorum) + exact(gone) > 1:
            message = (
                f"waits until {percent(opens.quorum)} of the wave before it have finished, and about {percent(gone)} "
                "of the fleet is gone for good: offline devices may keep this wave closed for ever. Give it a "
                "deadline, ask for less, or set timeouts.online"
            )
            yield (*_WAVES, number, "opens", "quorum"), message
        if opens.success is None or (opens.when_all_finished == "open" and seen):
            continue
        if opens.share_of in ("group", "targeted") and exact(opens.success) + exact(gone) > 1:
            message = (
                f"waits for {percent(opens.success)} of the wave before it, and about {percent(gone)} of the fleet is "
                "gone for good: offline devices may keep this wave closed for ever. Give it a deadline, or "
                "share_of: finished with a quorum"
            )
            yield (*_WAVES, number, "opens", "success"), message


def holds_nothing(facts: Facts) -> Iterator[Finding]:
    """A hold beside conditions that come true once and for all."""
    for number, wave in enumerate(facts.rollout.waves):
        opens = wave.opens
        if opens.hold > 0 and not opens.watches and (number == 0 or not opens.says_nothing):
            message = (
                "is for how long success and quorum have held, and neither is given: it does nothing. Write after, or "
                "give one of them"
            )
            yield (*_WAVES, number, "opens", "hold"), message


def nobody_opens(facts: Facts) -> Iterator[Finding]:
    """More waves for the operator to open than the operator opens."""
    opened = sum(action.do == "open_wave" for action in facts.scenario.plan.operator)
    first = [(0, wave.opens.model_copy(update={"deadline": None})) for wave in facts.rollout.waves[:1]]
    for number, opens in (*first, *openings(facts.rollout.waves)):
        if not opens.by_operator or opens.deadline is not None:
            continue
        if opened == 0:
            message = (
                "only the operator opens it, and does not: it stays closed, and so do those behind it. Write "
                "plan.operator: [{at: 1d, do: open_wave}]"
            )
            yield (*_WAVES, number, "opens", "by_operator"), message
            return
        opened -= 1
