"""Waves as they are played: an entry of ``plan.rollout.waves`` may be several groups, each a wave of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fota_sim.rules import share
from fota_sim.scenario.rollout import MOST_WAVES, Opening, Rounding, Wave


@dataclass(frozen=True)
class PlayedWave:
    """One wave as the platform plays it."""

    entry: int
    """Which entry of ``waves`` it is of, from 0."""
    opens: Opening
    name: str
    """For people; empty if the scenario gives none."""


class TooManyWavesError(ValueError):
    """Groups of so few devices that they are more than a rollout can have."""


def wanted(wave: Wave, total: int, left: int, rounding: Rounding) -> int:
    """How many targets an entry takes, all its groups together.

    ``total``: those that meet its ``devices``, or all; ``left``: those of them that earlier waves left.
    """
    rounded = share.rounded_up if rounding == "up" else share.nearest
    if wave.share is not None:
        return min(left, rounded(wave.share, total if wave.share_of == "targets" else left))
    if wave.up_to is not None:
        return min(left, max(0, rounded(wave.up_to, total) - (total - left)))
    return left if wave.count is None else min(left, wave.count)


def groups(wave: Wave, size: int, rounding: Rounding) -> list[int]:
    """The sizes of an entry's groups, together ``size``; raises TooManyWavesError.

    Groups of one size differ by one device at most, each its part of who is left, rounded: up, larger ones are first.
    Of those of a given size the last is smaller.
    """
    if wave.groups is not None:
        return list(_parts(size, wave.groups, rounding))
    if wave.groups_of is None or size <= wave.groups_of:
        return [size]
    full, rest = divmod(size, wave.groups_of)
    if full + (rest > 0) > MOST_WAVES:
        least = -(-size // MOST_WAVES)
        message = f"{size:,} devices in groups of {wave.groups_of:,} are {full + (rest > 0):,} waves, and a rollout has"
        raise TooManyWavesError(f"{message} at most {MOST_WAVES:,}; write groups_of: {least} or more")
    return [wave.groups_of] * full + [rest] * (rest > 0)


def _parts(size: int, parts: int, rounding: Rounding) -> Iterator[int]:
    for others in range(parts, 0, -1):
        part = -(-size // others) if rounding == "up" else (2 * size + others) // (2 * others)
        size -= part
        yield part


def played(waves: Sequence[Wave], counts: Sequence[int]) -> Iterator[PlayedWave]:
    """Every wave in order; ``counts``: of how many groups each entry is."""
    for entry, (wave, count) in enumerate(zip(waves, counts, strict=True)):
        for number in range(count):
            name = f"{wave.name} {number + 1}" if wave.name and count > 1 else wave.name
            yield PlayedWave(entry, wave.opens if number == 0 else between_groups(wave), name)


def between_groups(wave: Wave) -> Opening:
    """When a group opens that follows another one of the same entry: ``at`` is for the first alone."""
    return wave.opens.model_copy(update={"at": None})


def in_groups(wave: Wave) -> bool:
    """Whether an entry may be several waves."""
    return wave.groups_of is not None or (wave.groups or 1) > 1


def openings(waves: Sequence[Wave]) -> Iterator[tuple[int, Opening]]:
    """Every different opening of a wave that follows another one, with its entry."""
    for entry, wave in enumerate(waves):
        if entry:
            yield entry, wave.opens
        if in_groups(wave) and (entry == 0 or wave.opens.at is not None):
            yield entry, between_groups(wave)


def by_entry(entries: int, waves: Sequence[PlayedWave], sizes: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The sizes of the waves that are played, those of each of so many entries together."""
    of = [wave.entry for wave in waves]
    return tuple(
        tuple(size for entry, size in zip(of, sizes, strict=False) if entry == number) for number in range(entries)
    )


def counted(waves: Sequence[Wave], total: int) -> list[int] | None:
    """Of how many groups each entry is where all are ``total`` waves; None where that does not tell."""
    known = [None if wave.groups_of is not None else wave.groups or 1 for wave in waves]
    others = sum(count for count in known if count is not None)
    if known.count(None) > 1:
        return None
    found = [total - others if count is None else count for count in known]
    return found if sum(found) == total else None
