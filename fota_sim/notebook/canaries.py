"""The questions of ``fota-sim canary`` from Python."""

from __future__ import annotations

from numbers import Real
from typing import Any

from fota_sim.errors import FotaSimError
from fota_sim.notebook.counts import check_counts
from fota_sim.quoting import quoted


def canary(
    rate: float,
    confidence: float = 0.95,
    *,
    failures: int = 1,
    fleet: int | None = None,
    background: float = 0.0,
    alpha: float = 0.05,
    delay: str | None = None,
    hold_s: float | None = None,
    abort: str | None = None,
    after: int = 1,
    group: int | None = None,
    in_flight: int = 0,
) -> dict[str, Any]:
    """How many devices show a defect, for how long, and what an abort rule costs: what ``fota-sim canary`` answers.

    Shares are numbers between 0 and 1; ``delay`` and ``abort`` are texts as on the command line. Raises FotaSimError.

    >>> import fota_sim as fs
    >>> fs.canary(0.005)["size"]["devices"]
    598
    """
    from fota_sim.analysis.canary.abort_rule import parse_rule
    from fota_sim.analysis.canary.answer import Question, answer
    from fota_sim.analysis.canary.delay import parse_delay

    _check_shares(rate=rate, confidence=confidence, alpha=alpha, background=background)
    check_counts(failures=failures, fleet=fleet, after=after, group=group)
    check_counts(0, in_flight=in_flight)
    return answer(
        Question(
            rate,
            confidence,
            failures,
            fleet,
            background=background,
            alpha=alpha,
            delay=None if delay is None else parse_delay(delay),
            hold_s=hold_s,
            rule=None if abort is None else parse_rule(abort, after),
            group=group,
            in_flight=in_flight,
        )
    )


def _check_shares(**shares: float) -> None:
    """Refuse what the command refuses; only the background may be 0."""
    for name, value in shares.items():
        number = isinstance(value, Real)  # and no text, such as the command's 5%
        if not number or not 0 <= value < 1 or (value == 0 and name != "background"):
            least = "at least" if name == "background" else "above"
            said = f"{value:g}" if number else quoted(value)
            raise FotaSimError(f"{name} is {said}; it must be {least} 0 and below 1, for example 0.05 for 5 %")
