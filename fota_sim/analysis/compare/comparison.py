"""Variants of a scenario against a baseline, replication by replication with the same luck: what differs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.compare.leading import exposed, leading
from fota_sim.analysis.compare.limbo import moved, still_at_it
from fota_sim.analysis.compare.metrics import compared_metrics, priced_alike
from fota_sim.analysis.compare.sentences import sentence
from fota_sim.analysis.compare.unserved import OF_TARGETED, UPGRADED, asks_about_reach, unserved
from fota_sim.analysis.compare.variants import Variant, says_the_same
from fota_sim.analysis.numbers.best import targets
from fota_sim.analysis.numbers.break_even import break_evens
from fota_sim.analysis.numbers.enough import replications_to_show
from fota_sim.analysis.numbers.intervals import CONFIDENCE
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.one_upgrade import taken, upgraded
from fota_sim.analysis.numbers.paired import Difference, holm, measured_difference, simultaneous_confidence
from fota_sim.analysis.numbers.thresholds import judge
from fota_sim.analysis.run.study import Study
from fota_sim.engines.own_rules import SHIPPED, OwnRules
from fota_sim.scenario.metrics import METRICS, OF_DEVICES

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 2
MOST_FIELDS = 3
"""Of the fleet in which variants differ, that are named."""

Runs = dict[int, Mapping[str, Measurement]]
"""Measurements by the number of the replication."""
_Pairs = tuple[list[Mapping[str, Measurement]], list[Mapping[str, Measurement]], bool]
"""Runs of the baseline and of a candidate, and whether they are pairs."""


@dataclass(frozen=True)
class Comparison:
    """What the comparison found; ``report`` is ready for JSON, ``studies`` are those of its variants.

    ``report["differences"]`` has a row per candidate and metric: difference is candidate minus baseline in ``unit``,
    low and high its 95 % interval, low_simultaneous and high_simultaneous the interval that holds together with all
    others, p_value and p_adjusted (Holm), shown (p_adjusted below 5 %, or the same difference in every replication),
    to_show (how many replications would show it: numbers/enough.py), note, moved (a harm whose devices only end
    otherwise: limbo.py), sentence. ``report["still_at_it"]`` has the fields
    of ``StillAtIt`` by variant, each of ``report["variants"]`` that was played here the ``Stopped`` (run/stops.py) in
    ``stopped``, ``report["break_even"]`` a row per candidate and price where the difference in cost
    changes its sign. ``report["best"]`` has a row per leading measure: see analysis/compare/leading.py.
    ``report["unasked"]`` has rows like those of differences, of upgrades of the whole fleet, for candidates of which no
    compared metric tells them; ``report["unserved"]`` the fields of ``Unserved`` by candidate that leaves devices out.
    """

    report: dict[str, Any]
    studies: Sequence[Study] = ()

    @property
    def sentences(self) -> list[str]:
        """One per candidate and metric."""
        return [row["sentence"] for row in self.report["differences"]]

    @property
    def table(self) -> pd.DataFrame:
        """The differences as a frame, one row each."""
        import pandas as pd

        return pd.DataFrame(self.report["differences"])


def compare(
    variants: Sequence[Variant], runs: Sequence[Runs], metrics: Sequence[str] = (), own: OwnRules = SHIPPED
) -> Comparison:
    """Every other variant against the first; ``runs[k]`` are the replications of ``variants[k]``. Without studies.

    ``metrics``: none for the usual ones; raises FotaSimError for one that not all variants have.
    ``own``: functions in place of shipped rules, by which those were played that are no stored results.
    """
    baseline, metrics = variants[0], compared_metrics(variants, metrics)
    found: list[tuple[Variant, str, Difference, dict[str, Any]]] = []
    pairs: dict[str, _Pairs] = {}
    notes = [note for variant in variants if (note := _own_rules_note(variant, own))]
    for candidate, played in zip(variants[1:], runs[1:], strict=True):
        paired, numbers, why = _pairing(baseline, candidate, runs[0], played)
        if why:
            notes.append(why)
        both = [[each[number] for number in (numbers if paired else sorted(each))] for each in (runs[0], played)]
        pairs[candidate.name] = (both[0], both[1], paired)
        for metric in metrics:
            first, second = ([run[metric] for run in each] for each in both)
            difference = measured_difference(metric, first, second, paired)
            found.append((candidate, metric, difference, _facts(metric, first, second, paired)))
    adjusted = holm([difference.p_value for _, _, difference, _ in found])
    confidence = simultaneous_confidence(len(found))
    rows = []
    for (candidate, metric, difference, facts), p_adjusted in zip(found, adjusted, strict=True):
        low, high = difference.interval() or (None, None)
        low_all, high_all = difference.interval(confidence) or (None, None)
        row = {
            "baseline": baseline.name,
            "candidate": candidate.name,
            "metric": metric,
            **facts,
            "difference": difference.value,
            "low": low,
            "high": high,
            "low_simultaneous": low_all,
            "high_simultaneous": high_all,
            "p_value": difference.p_value,
            "p_adjusted": p_adjusted,
            "shown": difference.always or (p_adjusted is not None and p_adjusted < 0.05),
            "to_show": replications_to_show(difference, min(facts["baseline_n"], facts["n"]), len(found)),
            "note": difference.note,
            "moved": moved(metric, difference, *pairs[candidate.name], len(found)),
        }
        rows.append(row | {"sentence": sentence(row)})
    return Comparison(
        {
            "schema_version": SCHEMA_VERSION,
            "baseline": baseline.name,
            "variants": [_about(*pair) for pair in zip(variants, runs, strict=True)],
            "comparisons": len(found),
            "simultaneous_confidence": confidence,
            "notes": list(dict.fromkeys(notes)),
            "says_the_same": [each.name for each in variants[1:] if says_the_same(baseline.scenario, each.scenario)],
            "same_devices": not any(_unlike(baseline, each) for each in variants[1:]),
            "differences": rows,
            "best": leading(variants, runs, metrics),
            "unasked": _unasked(variants, runs, metrics, pairs, len(found)),
            "unserved": _unserved(pairs, len(found)),
            "exposures": exposed(variants, runs),
            "targets": targets({each.name: list(played.values()) for each, played in zip(variants, runs, strict=True)}),
            "key_metrics": list(dict.fromkeys(metric for each in variants for metric in each.scenario.key_metrics)),
            "one_upgrade": _one_upgrade(runs[0]),
            "still_at_it": {each.name: _still_at_it(played) for each, played in zip(variants, runs, strict=True)},
            "currency": baseline.scenario.currency if priced_alike(variants) else "",
            "break_even": _break_evens(variants, runs),
        }
        | ({"own_rules": own.digests()} if own else {})
    )


def _unasked(
    variants: Sequence[Variant],
    runs: Sequence[Runs],
    metrics: Sequence[str],
    pairs: Mapping[str, _Pairs],
    comparisons: int,
) -> list[dict[str, Any]]:
    """Upgrades of the whole fleet, of each candidate whose compared metrics do not tell them.

    Where they are only fewer: that nobody asked about them is no reason to take it. In both directions where shares of
    the targeted were asked for, of which there are not equally many.
    """
    if asks_about_reach(metrics, *(list(played.values()) for played in runs)):
        return []
    rows, together = [], comparisons + len(pairs)
    for name, (*both, paired) in pairs.items():
        first, second = ([run[UPGRADED] for run in each] for each in both)
        change = measured_difference(UPGRADED, first, second, paired)
        fewer = change.shown(together) and (change.value or 0.0) < 0
        if not fewer and OF_TARGETED not in metrics:
            continue
        (low, high), (low_all, high_all) = (
            change.interval(level) or (None, None) for level in (CONFIDENCE, simultaneous_confidence(together))
        )
        rows.append(
            {
                "baseline": variants[0].name,
                "candidate": name,
                "metric": UPGRADED,
                **_facts(UPGRADED, first, second, paired),
                "difference": change.value,
                "low": low,
                "high": high,
                "low_simultaneous": low_all,
                "high_simultaneous": high_all,
                "p_value": change.p_value,
                "shown": change.shown(together),
                "note": change.note,
                "moved": False,
            }
        )
    return rows


def _unserved(pairs: Mapping[str, _Pairs], comparisons: int) -> dict[str, Any]:
    found = {name: unserved(*each, comparisons + len(pairs)) for name, each in pairs.items()}
    return {name: each._asdict() for name, each in found.items() if each is not None}


def _one_upgrade(runs: Runs) -> dict[str, float]:
    """What the baseline takes for an upgraded device, by the unit that it is measured in; empty without upgrades."""
    played = list(runs.values())
    if not upgraded(played):
        return {}
    return {METRICS[metric].unit: taken(played, metric) for metric in ("bytes_sent", "energy_J")}


def _still_at_it(runs: Runs) -> dict[str, float]:
    return still_at_it(list(runs.values()))._asdict()


def _break_evens(variants: Sequence[Variant], runs: Sequence[Runs]) -> list[dict[str, Any]]:
    """A row for each candidate and price at which one of it and the baseline ceases to be the cheaper (break_even.py).

    Only of those that are paired and have the same prices; the fields of the row are those of ``BreakEven``.
    """
    baseline, *candidates = variants
    prices, rows = baseline.scenario.prices, []
    for candidate, played in zip(candidates, runs[1:], strict=True):
        paired, numbers, _ = _pairing(baseline, candidate, runs[0], played)
        if prices is None or candidate.scenario.prices != prices or not paired:
            continue
        first, second = ([each[number] for number in numbers] for each in (runs[0], played))
        found = break_evens(prices, first, second, len(candidates))
        rows += [{"baseline": baseline.name, "candidate": candidate.name, **each._asdict()} for each in found]
    return rows


def _pairing(baseline: Variant, candidate: Variant, first: Runs, second: Runs) -> tuple[bool, list[int], str]:
    """Whether replications are pairs, which ones, and what the user should know about it."""
    names = f"{candidate.name} and {baseline.name}"
    numbers = sorted(first.keys() & second.keys())
    if baseline.luck != candidate.luck:
        seeds = (candidate.scenario.seed, baseline.scenario.seed)
        what = f"seeds {seeds[0]} and {seeds[1]}" if seeds[0] != seeds[1] else "different devices"
        return False, [], f"{names}: not paired ({what}); intervals are those of independent runs (Welch)"
    if not numbers:
        return False, [], f"{names}: not paired (no replication in common); intervals are those of independent runs"
    notes = []
    if unlike := _unlike(baseline, candidate):
        more = f" and {len(unlike) - MOST_FIELDS} more" if len(unlike) > MOST_FIELDS else ""
        what = f"{', '.join(unlike[:MOST_FIELDS])}{more}"
        notes.append(f"{names}: paired, with the same luck of each device; the devices differ in {what}")
    if len(numbers) < max(len(first), len(second)):
        notes.append(f"{names}: paired over the {len(numbers)} replications that both have")
    if baseline.scenario.horizon != candidate.scenario.horizon:
        notes.append(f"{names}: simulated for different times, so counts at the end are not of the same moment")
    return True, numbers, "; ".join(notes)


def _unlike(baseline: Variant, candidate: Variant) -> list[str]:
    """The fields of the fleet in which two variants with the same devices differ."""
    one, other = baseline.described, candidate.described
    return [path for path in dict.fromkeys((*one, *other)) if one.get(path) != other.get(path)]


def _own_rules_note(variant: Variant, own: OwnRules) -> str:
    """That it was played by rules which are not the shipped ones; empty otherwise."""
    if variant.result is None:
        names = list(own.digests())
    else:
        manifest = variant.result.manifest
        names = [] if manifest is None else list(manifest.get("own_rules", {}))
    return f"{variant.name}: played with its author's own rules ({', '.join(names)})" if names else ""


def _facts(metric: str, first: Sequence[Measurement], second: Sequence[Measurement], paired: bool) -> dict[str, Any]:
    reached = [sum(run.value is not None for run in runs) for runs in (first, second)]
    whole = {run.denominator for run in (*first, *second)}
    of = next(iter(whole)) if metric in OF_DEVICES and len(whole) == 1 else None
    return {
        "label": first[0].label,
        "unit": first[0].unit,
        "of": of,
        "of_text": first[0].denominator_text if of is not None else "",
        "baseline_value": _mean(first),
        "candidate_value": _mean(second),
        "baseline_reached": reached[0],
        "candidate_reached": reached[1],
        "baseline_n": len(first),
        "n": len(second),
        "paired": paired,
    }


def _mean(runs: Sequence[Measurement]) -> float | None:
    """Never that of the lucky."""
    values = [run.value for run in runs if run.value is not None]
    return math.fsum(values) / len(values) if values and len(values) == len(runs) else None


def _about(variant: Variant, runs: Runs) -> dict[str, Any]:
    scenario = variant.scenario
    ordered = [runs[number] for number in sorted(runs)]
    return {
        "name": variant.name,
        "given": variant.given,
        "scenario": scenario.name,
        "question": scenario.asks,
        "horizon_ms": scenario.horizon_ms,
        "strategy": scenario.strategy,
        "seed": scenario.seed,
        "replications": len(runs),
        "thresholds": judge(scenario.thresholds, ordered, scenario.horizon_ms),
    }
