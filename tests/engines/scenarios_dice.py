"""How random scenarios draw, from hypothesis or from a seed, and the troubles that a scenario has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

TROUBLES = (
    "batteries",
    "calendar",
    "currents",
    "defects",
    "files",
    "flash",
    "late joiners",
    "lists",
    "losses",
    "names",
    "network",
    "operator",
    "power cuts",
    "preset",
    "radio",
    "rollout",
    "signal",
    "timers",
    "ties",
    "unknown readings",
    "versions",
)
"""What can make a scenario interesting; without one of them its part of the scenario is mild."""

Value = TypeVar("Value")


class Dice:
    """Draws in words; all become simplest when every number is its lowest: first option, no, no trouble."""

    def __init__(self, number: Callable[[int, int], int], without: Sequence[str] = ()) -> None:
        """``number`` draws a whole number from its first argument to its second, both included.

        ``without``: troubles that a scenario shall not have.
        """
        self.number = number
        self.atoms: list[str] = []
        """Conditions that make sense for the devices of this scenario, once they are drawn."""
        self.files: dict[str, str] = {}
        """Files beside the scenario that it names, and what they say."""
        self.without = without
        self._troubles = [trouble for trouble in TROUBLES if self.once_in(4) and trouble not in without]

    def has(self, *troubles: str) -> bool:
        """Whether the scenario has one of these troubles."""
        return not set(troubles).isdisjoint(self._troubles)

    def pick(self, *options: Value) -> Value:
        """One of the options."""
        return options[self.number(0, len(options) - 1)]

    def once_in(self, times: int) -> bool:
        """Yes, once in so many times."""
        return self.number(0, times - 1) == times - 1

    def some(self, options: Sequence[Value], low: int = 1, high: int | None = None) -> list[Value]:
        """So many different options, in any order."""
        left = list(options)
        most = len(left) if high is None else min(high, len(left))
        count = self.number(min(low, most), most)
        return [left.pop(self.number(0, len(left) - 1)) for _ in range(count)]

    def condition(self) -> str:
        """A condition over devices."""
        first, second = self.pick(*self.atoms), self.pick(*self.atoms)
        return self.pick(
            first,
            first,
            f"not {first}",
            f"{first} and {second}",
            f"{first} or not {second}",
            f"not ({first} or {second})",
        )

    def sometimes(self, entry: dict[str, Any], key: str, *options: Any, once_in: int = 2) -> None:
        """Set a key of ``entry`` to one of the options, once in so many times."""
        if self.once_in(once_in):
            entry[key] = self.pick(*options)


def seconds(number: float) -> str:
    """A duration as a scenario holds it."""
    return f"{round(number * 1000)}ms" if number % 1 else f"{int(number)}s"
