"""How a number varies over a fleet or from time to time, in base units (s, B, dBm, 0..1, mAh, ...)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["constant", "uniform", "normal", "lognormal", "beta", "table", "mixture"]

KINDS: tuple[Kind, ...] = ("constant", "uniform", "normal", "lognormal", "beta", "table", "mixture")

DELAY_KINDS: tuple[Kind, ...] = ("constant", "uniform", "normal", "lognormal")
"""What a duration that is drawn again and again during a run may be: the forms that the rules can draw."""


@dataclass(frozen=True)
class Distribution:
    """A distribution of one number. Which parameters count depends on ``kind``; the others keep their defaults.

    ============  ==========================================================================================
    constant      ``value``
    uniform       ``low`` .. ``high``
    normal        ``mean``, ``sd``
    lognormal     ``median``, ``sigma`` (standard deviation of the logarithm)
    beta          ``a``, ``b``, stretched over ``low`` .. ``high``
    table         ``values`` with ``weights``: each value occurs in proportion to its weight
    mixture       ``parts`` with ``weights`` (shares that sum to 1)
    ============  ==========================================================================================

    ``min`` and ``max`` truncate: what lies outside is drawn anew, not moved to the bound.
    """

    kind: Kind
    value: float = 0.0
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    sd: float = 0.0
    median: float = 0.0
    sigma: float = 0.0
    a: float = 0.0
    b: float = 0.0
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    parts: tuple[Distribution, ...] = ()
    min: float | None = None
    max: float | None = None
    file: str | None = None
    """The CSV file that a table was read from, as written in the scenario."""
    column: str | None = None
    """Header of the values' column in that file."""
    weights_column: str | None = None
    """Header of the weights' column, if there is one."""

    @classmethod
    def constant(cls, value: float) -> Distribution:
        """Always the same value."""
        return cls("constant", value=value)

    def files(self) -> list[str]:
        """Files that tables were read from, those of mixed parts included."""
        own = [self.file] if self.file is not None else []
        return own + [name for part in self.parts for name in part.files()]
