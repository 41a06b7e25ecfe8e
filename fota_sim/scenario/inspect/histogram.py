"""Numbers in steps that people count in, for the terminal and the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fota_sim.scenario.inspect.distributions import Distribution

_FEW = 6  # different values, each of which has a bar of its own
_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Bar:
    """Devices from ``low`` up to ``high``, which is excluded but in the last bar; or with one value."""

    low: float
    high: float
    count: int

    @property
    def text(self) -> str:
        """The bar's values in words."""
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"


def bars(shown: Distribution, most: int) -> list[Bar]:
    """At most ``most`` bars of one round width; empty for a column of names."""
    if not shown.numbers:
        return []
    if len(shown.numbers) <= _FEW:
        return [Bar(value, value, shown.numbers[value]) for value in sorted(shown.numbers)]
    low, high = min(shown.numbers), max(shown.numbers)
    width = _width((high - low) / max(1, most - 1)) if high > low else 1.0
    first = math.floor(low / width)
    counts = [0] * (math.floor(high / width) - first + 1)
    for value, times in shown.numbers.items():
        counts[math.floor(value / width) - first] += times
    if (
        len(counts) > 1
        and shown.numbers.get(high) == counts[-1]
        and math.isclose(high, (first + len(counts) - 1) * width)
    ):
        alone = counts.pop()  # the highest value, on a border: 100 % belongs to 90 to 100
        counts[-1] += alone
    return [Bar((first + k) * width, (first + k + 1) * width, count) for k, count in enumerate(counts)]


def _width(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in _STEPS if step * power >= least * (1 - 1e-9))
