"""What of a log was not used, and why: a count and the first place of each reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from fota_sim.quoting import number_of


@dataclass
class Omission:
    """One reason."""

    count: int
    first: str
    """Where it was met first: ``file:line``, or an entry's number."""


@dataclass
class LeftOut:
    """Reasons with their counts, in the order in which they were met."""

    reasons: dict[str, Omission] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """What was used, and how it was taken."""

    def add(self, why: str, file: str, line: int, count: int = 1) -> None:
        """Count ``count`` rows, the first of them in ``line`` (0: not known)."""
        known = self.reasons.get(why)
        if known is None:
            self.reasons[why] = Omission(count, f"{file}:{line}" if line else file)
        else:
            known.count += count

    def note(self, text: str) -> None:
        """Say something once."""
        if text not in self.notes:
            self.notes.append(text)

    @property
    def rows(self) -> int:
        """How many rows were left out."""
        return sum(each.count for each in self.reasons.values())

    def sentences(self) -> list[str]:
        """One for each reason: how many rows, why, and where the first stands."""
        return [
            f"{number_of(each.count, 'row')} left out: {why} (first in {each.first})"
            for why, each in self.reasons.items()
        ]
