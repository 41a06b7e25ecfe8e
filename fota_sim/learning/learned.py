"""One thing that was learnt from a log, with its draws, and one that could not be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.scenario.learnt import Fitted, Kept

Values = Mapping[str, Any]
"""Values by the path of their field, as a scenario writes them."""


@dataclass(frozen=True)
class Learned:
    """One parameter; its draws belong to those of the others by their place."""

    key: str
    """What names it for programs: ``gone/meters``."""
    name: str
    """What it is, for people."""
    draws: NDArray[np.float64]
    """Plausible values in the parameter's own unit; shape (draws,)."""
    values: Callable[[float], Values]
    """What a value of it is in a scenario."""
    shown: Callable[[float], str]
    """A value for people, with its unit."""
    n: int
    """Devices or attempts that say it."""
    default: str
    """What the scenario said."""
    how: str
    laws: tuple[Values, ...] = ()
    """What each draw is in a scenario, where that is more than a number; in the order of ``draws``."""
    upper_end: bool = False
    """Whether nothing of the kind was seen, so that only the upper end of the interval says something."""

    def at(self, place: int) -> Values:
        """What a draw is in a scenario."""
        return self.laws[place] if self.laws else self.values(float(self.draws[place]))

    @property
    def mean(self) -> float:
        """Of the draws."""
        return float(self.draws.mean())

    @property
    def interval(self) -> tuple[float, float]:
        """95 %; from 0 where nothing of the kind was seen."""
        low, high = np.quantile(self.draws, [0.025, 0.975])
        return (0.0, float(np.quantile(self.draws, 0.95))) if self.upper_end else (float(low), float(high))

    def told(self) -> Fitted:
        """As a scenario tells it."""
        low, high = self.interval
        return Fitted(
            name=self.name,
            paths=list(self.values(self.mean)),
            mean=self.shown(self.mean),
            interval=(self.shown(low), self.shown(high)),
            n=self.n,
            default=self.default,
            how=self.how,
        )


__all__ = ["Kept", "Learned", "Values"]
