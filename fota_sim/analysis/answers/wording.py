"""Numbers and lists as parts of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS
from fota_sim.analysis.numbers.rounding import (
    ends_text,
    format_duration,
    format_metric,
    format_value,
    joined_ends,
)
from fota_sim.scenario.metrics import METRICS, OUTCOME_WORDS
from fota_sim.scenario.thresholds import of_all_devices

_UNITS_MS = (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000))

_FEW = 10
"""Of fewer targeted devices a mean is told with its decimal: about 0.4 is not about none."""


def span(ms: float) -> str:
    """A round duration in words, ``7 days`` or ``90 minutes``; any other in two steps."""
    for name, unit_ms in _UNITS_MS:
        if ms >= unit_ms and ms % unit_ms == 0:
            return count_of(ms // unit_ms, name)
    return format_duration(ms)


def share_text(share: float) -> str:
    """A share in a sentence, as in tables and figures; but none and all are ``0 %`` and ``100 %``."""
    text = format_value(share, "share")
    return text.replace(".00", "") if share in {0, 1} else text


def wasted_share(metrics: Mapping[str, Any], part: str) -> float:
    """The share of ``bytes`` or ``energy`` that is wasted; where a replication has nothing of it, of all together."""
    share = metrics[f"{part}_wasted_share"]["value"]
    wasted, whole = _WASTED_OF[part]
    return float(metrics[wasted]["value"] / (metrics[whole]["value"] or 1.0) if share is None else share)


def wasted_text(metrics: Mapping[str, Any], part: str) -> str:
    """``1.82 % of it wasted``, of ``bytes`` or ``energy``."""
    share = wasted_share(metrics, part)
    return f"{share_text(share)} of it wasted" if share else "none of it wasted"


_WASTED_OF = {"bytes": ("bytes_wasted", "bytes_sent"), "energy": ("energy_wasted_J", "energy_J")}


def largest_text(names: Sequence[str], share: str) -> str:
    """``loss: out of reach, 9.70 %``; of several that are equal all, ``losses: a and b, 5.00 % each``."""
    if len(names) == 1:
        return f"loss: {names[0]}, {share}"
    return f"losses: {listed(names)}, {share} each"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``; ``last`` stands before the last."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def count_of(number: float, noun: str) -> str:
    """``1 device``, ``12 devices``; means with a decimal where it tells something: ``4.5 devices``."""
    text = number_text(number)
    return f"{text} {noun}" if text == "1" else f"{text} {noun}s"


def targeted_text(targeted: float) -> str:
    """So many devices are targeted, ``about 2,851 targeted devices`` on average; of few a mean keeps its decimal."""
    if targeted == round(targeted):
        return count_of(targeted, "targeted device")
    shown = targeted if targeted < _FEW else round(targeted)
    return f"about {count_of(shown, 'targeted device')}"


def number_text(number: float) -> str:
    """``40,000``; a small mean that is not whole has a decimal, ``4.5``, and one next to none has its first figure."""
    if 0 < number < 0.05:
        return f"{number:.1g}"
    return f"{number:,.{0 if number >= 100 or number == round(number) else 1}f}"


def not_looked_at(thresholds: Sequence[str]) -> str:
    """That limits on single plans were not looked at; empty where there are none."""
    aside = [f"`{text}`" for text in thresholds if text not in of_all_devices(thresholds)]
    if not aside:
        return ""
    are = "Limits on single plans are" if len(aside) > 1 else "A limit on a single plan is"
    return f"{are} not looked at here, but by fota-sim run: {listed(aside)}."


def two_figures(number: float) -> str:
    """``0.67``, ``2.5``, ``44``, ``210``: as exact as a ratio of two estimates deserves."""
    return f"{float(f'{number:.2g}'):,.10g}"


def rate_interval_text(interval: Sequence[float], hits: int) -> str:
    """The interval of a share of devices, in percent; of none of them only its upper end says something."""
    low, high = map(rate_text, interval)
    return joined_ends(low, high) if hits else f"at most {high}"


def rate_text(share: float) -> str:
    """A share with two figures, ``2.0 %`` beside ``3.6 %``: as exact as one of few devices deserves."""
    text = f"{100 * share:#.2g}".rstrip(".")
    return f"{text if share and 'e' not in text else two_figures(100 * share)} %"


def outcome_text(outcome: str, cause: str = "") -> str:
    """``refused by the host (low battery)``."""
    text = OUTCOME_WORDS.get(outcome, outcome.replace("_", " "))
    return f"{text} ({cause})" if cause else text


def value_as_told(metric: Mapping[str, Any]) -> str:
    """A value that is there, with the digits that its interval has in ``interval_text``: so it lies within."""
    return _as_told(metric["value"], metric["unit"])


def _as_told(value: float, unit: str) -> str:
    return share_text(value) if unit == "share" else format_value(value, unit)


def interval_text(metric: Mapping[str, Any]) -> str:
    """``95 % interval 95.41 to 95.63 %``; empty where there is none."""
    if metric["interval"] is None:
        return ""
    ends, unit = metric["interval"], metric["unit"]
    low, high = map(share_text, ends) if unit == "share" else ends_text(ends, unit)
    if low == high:
        return "95 % interval narrower than that"
    if metric["unit"] == "share" and metric["interval"][0] <= 0:
        return f"at most {high} with 95 %"
    if metric["unit"] == "share" and metric["interval"][1] >= 1:
        return f"at least {low} with 95 %"
    return f"95 % interval {joined_ends(low, high)}"


def value_text(name: str, metric: Mapping[str, Any]) -> str:
    """A metric's value for a table; of a time that only some replications reach, in how many."""
    reached, runs = metric["replications_with_value"], metric["replications"]
    return reached_text(name, metric["value"], metric["unit"], reached, runs)


def reached_text(name: str, value: float | None, unit: str, reached: int, runs: int) -> str:
    """The mean of a metric; of a time that only some ``runs`` reach, and so has none, in how many."""
    if value is None and METRICS[name].may_not_be_reached and reached:
        return f"in {reached} of {runs} runs"
    return format_metric(name, value, unit)


def why_no_interval(metrics: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The mark ``(1)``, ``(2)``, ... of each reason why a value, or a mean, is not there, in the order of the metrics.

    What no replication has a value of needs no reason.
    """
    reasons = dict.fromkeys(
        metric["interval_note"] for metric in metrics if metric["replications_with_value"] and metric["interval_note"]
    )
    return {reason: f"({number})" for number, reason in enumerate(reasons, 1)}


def replications_text(count: int) -> str:
    """How often it was played, and what that is not enough for."""
    told = f"{count} replications" if count > 1 else "one replication"
    return told if count >= FEWEST_REPLICATIONS else f"{told}; an interval takes {FEWEST_REPLICATIONS}"


def own_rules_texts(summary: Mapping[str, Any]) -> list[str]:
    """A sentence for each rule that was not the shipped one."""
    return [
        f"not the shipped model: {row['rule']} is {row['function']} (digest {row['digest']}), "
        f"asked {row['asked']:,} times"
        for row in summary.get("own_rules", ())
    ]


def run_facts(summary: Mapping[str, Any]) -> list[str]:
    """What was played: strategy, size, how often, how long, with what luck."""
    return [
        *([f"strategy {summary['strategy']}"] if summary.get("strategy") else []),
        count_of(summary["devices"], "device"),
        count_of(summary["replications"], "replication"),
        f"{format_duration(summary['horizon_ms'])} simulated",
        f"seed {summary['seed']}",
        f"scenario {summary['scenario_hash'][:8]}",
    ]
