"""A limit on a metric, such as ``outcome_bricked < 0.01%``, and whether what was played keeps it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from fota_sim.analysis.intervals import CONFIDENCE, FEWEST_REPLICATIONS
from fota_sim.analysis.metric_names import metrics_of_nobody
from fota_sim.analysis.metrics import SHARE
from fota_sim.analysis.playing import Measures, mean_of, values
from fota_sim.errors import FotaSimError
from fota_sim.scenario import units

Verdict = Literal["pass", "fail", "undecided"]
ALIASES = {
    "bricked": "outcome_bricked",
    "failed": "failed_of_targeted",
    "rolled_back": "outcome_rolled_back",
    "upgraded": "success_of_targeted",
    "time_to_50": "time_to_50_pct_ms",
    "time_to_90": "time_to_90_pct_ms",
    "time_to_95": "time_to_95_pct_ms",
    "time_to_99": "time_to_99_pct_ms",
    "energy_wasted": "energy_wasted_J",
}
"""Shorter names that people may use."""
_TEXT = re.compile(r"\s*([A-Za-z0-9_]+)\s*(<=|>=|<|>)\s*(\S.*?)\s*$")


@dataclass(frozen=True)
class Constraint:
    """``metric sign limit``, the limit in the metric's own unit."""

    text: str
    metric: str
    sign: str
    limit: float

    def excess(self, value: float | None) -> float:
        """How far ``value`` is on the wrong side, 0 or less on the right one; a missing value is infinitely wrong."""
        if value is None:
            return math.inf
        return value - self.limit if self.sign.startswith("<") else self.limit - value

    def verdict(self, runs: Sequence[Measures]) -> Verdict:
        """Pass with the whole 95 % interval on the right side, fail with all of it on the wrong one.

        A metric that some replication lacks (a share that was not reached) fails. Without an interval for want of
        replications it is undecided. A value that is the same in all replications is taken as it is; but no event
        in any of them is no proof of none, so a share of 0 is judged by Clopper and Pearson's upper bound
        over all devices together, taken as independent.
        """
        if any(value is None for value in values(runs, self.metric)):
            return "fail"
        found = mean_of(runs, self.metric)
        if len(runs) < FEWEST_REPLICATIONS or found.value is None:
            return "undecided"
        low, high = found.interval or (found.value, found.value)
        if found.value == 0 and runs[0][self.metric].unit == SHARE:
            high = _upper_bound(sum(run[self.metric].denominator or 0 for run in runs))
        wrong = [self._wrong(end) for end in (low, high)]
        return "fail" if all(wrong) else "undecided" if any(wrong) else "pass"

    def _wrong(self, value: float) -> bool:
        excess = self.excess(value)
        return excess > 0 or (excess == 0 and len(self.sign) == 1)


def _upper_bound(devices: float) -> float:
    """The largest share with which none of ``devices`` is still as likely as the interval's tail."""
    return 1.0 - float(((1 - CONFIDENCE) / 2) ** (1 / devices)) if devices else 1.0


def metric_called(name: str, where: str) -> str:
    """The metric's full name; raises FotaSimError with what was perhaps meant."""
    known = metrics_of_nobody()
    if ALIASES.get(name, name) in known:
        return ALIASES.get(name, name)
    close = get_close_matches(name, [*ALIASES, *known], n=1, cutoff=0.4)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join([*ALIASES, *known])}"
    raise FotaSimError(f"{where}: there is no metric {name!r}; {hint}")


def parse_constraint(text: str, where: str = "--constraint") -> Constraint:
    """Read ``bricked < 0.01%``; raises FotaSimError that says what would do."""
    match = _TEXT.match(text)
    if match is None:
        raise FotaSimError(f'{where} "{text}": write metric, sign and limit, for example "bricked < 0.01%"')
    metric = metric_called(match[1], f'{where} "{text}"')
    unit = metrics_of_nobody()[metric].unit
    try:
        limit = _limit(match[3], unit)
    except ValueError as error:
        raise FotaSimError(f'{where} "{text}": {error}') from error
    return Constraint(text.strip(), metric, match[2], limit)


def _limit(text: str, unit: str) -> float:
    match unit:
        case "share":
            return units.RATIO.parse(text)
        case "ms":
            return 1000 * units.DURATION.parse(text)
        case "B":
            return units.SIZE.parse(text.replace("GB", "000MB"))
        case _:
            return units.NUMBER.parse(text.removesuffix(unit).strip())
