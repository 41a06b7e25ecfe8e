"""When a defect shows: the time from the update to the failure, as a law that people write in one line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fota_sim.errors import FotaSimError
from fota_sim.scenario.units import DURATION

_CALL = re.compile(r"\s*([a-z]+)\s*\(([^()]*)\)\s*$")
_LAWS = (
    "6h, uniform(1h, 24h), exponential(12h) with its mean, lognormal(12h, 0.8) with median and sigma, weibull(12h, 2)"
)


@dataclass(frozen=True)
class Delay:
    """A law of the time from the update to the visible failure, in seconds."""

    law: str
    """constant, uniform, exponential, lognormal or weibull."""
    first: float
    """Seconds: the constant, the lower end, the mean, the median, the scale."""
    second: float = 0.0
    """The upper end in seconds, sigma, or the shape."""

    def share_by(self, time_s: float) -> float:
        """The share of the defects that have shown after ``time_s``."""
        if self.law == "constant":
            return 1.0 if time_s >= self.first else 0.0
        return float(self._distribution().cdf(time_s))

    def time_of(self, share: float) -> float:
        """The seconds after which ``share`` of the defects have shown; infinite for 1 where the law has no end."""
        if self.law == "constant":
            return self.first
        return float(self._distribution().ppf(share))

    def __str__(self) -> str:
        """As people write it."""
        first = DURATION.format(self.first)
        match self.law:
            case "constant":
                return first
            case "uniform":
                return f"uniform({first}, {DURATION.format(self.second)})"
            case "exponential":
                return f"exponential({first})"
            case _:
                return f"{self.law}({first}, {self.second:g})"

    def _distribution(self) -> Any:
        from scipy import stats

        match self.law:
            case "uniform":
                return stats.uniform(self.first, self.second - self.first)
            case "exponential":
                return stats.expon(scale=self.first)
            case "lognormal":
                return stats.lognorm(self.second, scale=self.first)
            case _:
                return stats.weibull_min(self.second, scale=self.first)


def parse_delay(text: str) -> Delay:
    """Read a law such as ``lognormal(12h, 0.8)``; raises FotaSimError that says what would do."""
    call = _CALL.match(text)
    try:
        if call is None:
            return Delay("constant", _positive(text))
        law, arguments = call[1], [part.strip() for part in call[2].split(",")]
        if law == "exponential" and len(arguments) == 1:
            return Delay(law, _positive(arguments[0]))
        if law == "uniform" and len(arguments) == 2:
            low, high = (DURATION.parse(each) for each in arguments)
            if not 0 <= low < high:
                raise ValueError("uniform's first time must be below its second")
            return Delay(law, low, high)
        if law in ("lognormal", "weibull") and len(arguments) == 2:
            shape = float(arguments[1])
            if not 0 < shape < 100:
                raise ValueError(f"{law}'s second value must be above 0 and below 100")
            return Delay(law, _positive(arguments[0]), shape)
    except ValueError as error:
        raise FotaSimError(f"--delay {text}: {error}") from error
    raise FotaSimError(f"--delay {text}: is no law of a delay; write {_LAWS}")


def _positive(text: str) -> float:
    value = DURATION.parse(text)
    if value <= 0:
        raise ValueError("the time must be above 0s")
    return value
