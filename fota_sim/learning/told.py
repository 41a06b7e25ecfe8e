"""A fit as a plain dictionary, for JSON, texts and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.analysis.numbers.rounding import joined_ends
from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.learning.fitted import Fit
from fota_sim.learning.incidence import ends_at_last
from fota_sim.scenario.plain_names import plain_value


def uncensored(histories: Histories) -> dict[End, float]:
    """The shares that would have ended so, had nobody been taken out; none where nobody was."""
    taken_out = histories.ended(End.CANCELLED, End.TIMED_OUT).any()
    return ends_at_last(histories) if taken_out else {}


def told(fit: Fit) -> dict[str, Any]:
    """What was read, learnt, and not learnt."""
    histories = fit.histories
    return {
        "scenario": fit.scenario.name,
        **({"plan": fit.plan} if fit.plan else {}),
        "log": {
            "platform": histories.platform,
            "devices": len(histories),
            "targeted": histories.targeted,
            "began_s": histories.began_s,
            "until_s": histories.until_s,
            "ended": {str(end): count for end, count in histories.counts().items() if count},
            "without_cancelling": {str(end): share for end, share in uncensored(histories).items()},
            "left_out": [
                {"why": why, "rows": each.count, "first": each.first}
                for why, each in histories.left_out.reasons.items()
            ],
            "notes": [*histories.left_out.notes, *fit.doubts],
        },
        "learnt": [
            {
                "key": each.key,
                "name": each.name,
                "value": each.shown(each.mean),
                "interval": [each.shown(end) for end in each.interval],
                "upper_end": each.upper_end,
                "n": each.n,
                "default": each.default,
                "how": each.how,
                "paths": list(each.values(each.mean)),
                **({"plans_too": list(fit.others[each.key])} if each.key in fit.others else {}),
            }
            for each in fit.learned
        ],
        "kept": [each.model_dump() for each in fit.kept],
        "rates": {
            what: {
                by: [
                    {
                        "class": each.label,
                        "k": each.k,
                        "n": each.n,
                        "mean": each.mean,
                        "interval": [each.low, each.high],
                    }
                    for each in rates
                ]
                for by, rates in found.items()
            }
            for what, found in fit.rates.items()
        },
        "trials": fit.trials,
        "engine": fit.engine,
    }


def interval_text(learnt: Mapping[str, Any]) -> str:
    """The 95 % of one thing that was learnt, as ``told`` has it: ``6.38 to 11.3 %``, ``at most 0.77 %``."""
    low, high = map(plain_value, learnt["interval"])
    return f"at most {high}" if learnt["upper_end"] else joined_ends(low, high)
