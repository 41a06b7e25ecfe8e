"""The questions of ``fota-sim canary`` from Python."""

from __future__ import annotations

from typing import Any


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
