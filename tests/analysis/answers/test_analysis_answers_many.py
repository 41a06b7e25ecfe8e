"""What comparisons, sweeps, searches and studies of assumptions say first."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from answers_world import SCENARIO

from fota_sim.analysis.answers.comparison import candidate_answer, candidates_answer, comparison_answer, leads
from fota_sim.analysis.answers.sensitivity import sensitivity_answer
from fota_sim.analysis.answers.sweep import sweep_answer
from fota_sim.analysis.answers.tuning import tuning_answer
from fota_sim.analysis.answers.wording import count_of, listed
from fota_sim.analysis.sweep.axes import axis
from fota_sim.analysis.sweep.choice import choose_point, lead_metric
from fota_sim.analysis.sweep.plan import SweepSpec, plan_sweep
from fota_sim.analysis.sweep.sweep import Sweep, run_sweep
from fota_sim.scenario.metrics import BETTER, METRICS


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")]
)
def test_a_list_reads_as_a_sentence(parts: list[str], text: str) -> None:
    assert listed(parts) == text


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 device"), (0, "0 devices"), (1.5, "1.5 devices"), (1234.4, "1,234 devices")]
)
def test_a_count_agrees_with_its_noun(number: float, text: str) -> None:
    assert count_of(number, "device") == text


def test_every_metric_with_a_better_side_is_a_metric() -> None:
    assert set(BETTER) < set(METRICS)
    assert BETTER["success_of_targeted"] == "more"
    assert BETTER["outcome_bricked"] == BETTER["time_to_90_pct_ms"] == "less"


def difference(candidate: str, metric: str, values: tuple[float | None, float | None], shown: bool) -> dict[str, Any]:
    """A row as compare makes it: baseline and candidate value, and whether their difference is shown."""
    first, second = values
    change = None if first is None or second is None else second - first
    known = change is not None
    units = {"time_to_90_pct_ms": ("ms", "time to 90 % of targeted upgraded")}
    unit, label = units.get(metric, ("share", metric.replace("_", " ")))
    return {
        "baseline": "plan",
        "candidate": candidate,
        "metric": metric,
        "label": label,
        "unit": unit,
        "of": 1000.0 if unit == "share" else None,
        "baseline_value": first,
        "candidate_value": second,
        "difference": change,
        "low": change - abs(change) / 10 - 0.001 if known else None,
        "high": change + abs(change) / 10 + 0.001 if known else None,
        "shown": shown,
        "note": "",
    }


def report(
    rows: list[dict[str, Any]], verdicts: dict[str, str] | None = None, best: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    names = list(dict.fromkeys(["plan", *(row["candidate"] for row in rows)]))
    limits = {name: [{"verdict": verdict}] for name, verdict in (verdicts or {}).items()}
    variants = [{"name": name, "thresholds": limits.get(name, []), "replications": 10} for name in names]
    return {"baseline": "plan", "variants": variants, "differences": rows, "best": list(best), "exposures": {}}


def lead(metric: str, means: dict[str, float], best: list[str], instead_of: str | None = None) -> dict[str, Any]:
    """A row of the leading measures as compare makes it."""
    about = {"metric": metric, "instead_of": instead_of, "label": METRICS[metric].label, "unit": METRICS[metric].unit}
    return about | {"means": means, "best": best, "told_apart": len(best) < len(means), "without": []}


def test_a_comparison_names_who_is_best_in_what_counts() -> None:
    best = [
        lead("outcome_bricked", {"plan": 0.05, "slow": 0.01}, ["slow"]),
        lead("time_to_90_pct_ms", {"plan": 3.6e6, "slow": 7.2e6}, ["plan"]),
    ]
    first = comparison_answer(report([difference("slow", "outcome_bricked", (0.05, 0.01), True)], best=best))[0]
    assert "fewest bricked, of all devices: `slow` (1.00 %)" in first
    assert "fastest to 90 % of the targeted devices: `plan` (1 h 00 min)" in first


def test_a_candidate_is_better_worse_or_not_shown_by_the_side_of_the_metric() -> None:
    found = report(
        [
            difference("slow", "outcome_bricked", (0.05, 0.01), True),
            difference("slow", "outcome_upgraded", (0.9, 0.8), True),
            difference("slow", "outcome_failed", (0.010, 0.011), False),
            difference("slow", "time_to_90_pct_ms", (3.6e6, None), False),
        ]
    )
    text = candidate_answer(found, "slow")
    assert text.startswith("`slow` against `plan` is better in bricked (−40 devices)")
    assert "worse in upgraded (−100 devices)" in text
    assert "not shown to differ in failed" in text
    assert "without a difference in time to 90 % of targeted upgraded" in text


def test_what_is_not_shown_is_never_called_better() -> None:
    text = candidate_answer(report([difference("other", "outcome_bricked", (0.05, 0.01), False)]), "other")
    assert text == "`other` is not shown to differ from `plan`."


def test_variants_that_are_not_told_apart_have_no_best() -> None:
    rows = [difference("other", "outcome_bricked", (0.01, 0.0), False)]
    found = report(rows, best=[lead("outcome_bricked", {"plan": 0.01, "other": 0.0}, ["other", "plan"])])
    assert leads(found) == {}
    assert comparison_answer(found) == ["The 2 variants cannot be told apart in any leading measure."]


def test_one_replication_claims_nothing() -> None:
    found = report([], best=[lead("outcome_bricked", {"plan": 0.01, "other": 0.0}, ["other", "plan"])])
    found["variants"] = [{"name": name, "thresholds": [], "replications": 1} for name in ("plan", "other")]
    assert comparison_answer(found) == ["Nothing is claimed about the 2 variants: that takes 5 replications of each."]


def test_those_that_nobody_is_shown_to_beat_are_named_together() -> None:
    found = report([], best=[lead("outcome_bricked", {"plan": 0.05, "one": 0.01, "two": 0.011}, ["one", "two"])])
    assert leads(found) == {"outcome_bricked": ["one", "two"]}
    assert "`one` (1.00 %), not told apart from `two`" in comparison_answer(found)[0]


def test_failures_of_variants_that_began_with_unequal_numbers_are_told_among_those_that_began() -> None:
    row = lead("failed_of_started", {"plan": 0.05, "stops": 0.08}, ["plan"], "failed_of_targeted")
    found = report([], best=[row]) | {"exposures": {"plan": 0.9, "stops": 0.1}}
    first, second = comparison_answer(found)
    assert "fewest failed, rolled back or bricked, of started: `plan` (5.00 %)" in first
    assert "among devices that began an upgrade" in second
    assert "`plan` 90.00 %, `stops` 10.00 %" in second


def test_who_keeps_all_thresholds_is_said() -> None:
    rows = [difference(name, "outcome_bricked", (0.05, 0.01), True) for name in ("a", "b")]
    text = " ".join(comparison_answer(report(rows, {"plan": "fail", "a": "pass", "b": "undecided"})))
    assert "All thresholds are kept by `a`; broken by `plan`; undecided for `b`." in text


def test_every_candidate_is_told() -> None:
    rows = [difference(name, "outcome_bricked", (0.05, 0.01), True) for name in ("a", "b", "c")]
    assert [text[:3] for text in candidates_answer(report(rows))] == ["`a`", "`b`", "`c`"]


def swept(tmp_path: Path, limits: str, replications: int = 5) -> Sweep:
    """A sweep of the minimum battery for twelve devices whose batteries are anywhere."""
    path = tmp_path / "my.yaml"
    fleet = "{groups: [{name: m, count: 12, module: EC200U, mains: 0%, battery_level: {uniform: [3%, 100%]}}]}"
    text = SCENARIO.replace("{groups: [{name: m, count: 12, module: EC200U}]}", fleet)
    path.write_text(f"{text}thresholds: {limits}\n", encoding="utf-8")
    spec = SweepSpec(path, (axis("plan.strategy.min_battery", "10%,50%,90%"),), replications=replications)
    return run_sweep(plan_sweep(spec), engine="reference", workers=1)


def test_a_sweep_without_thresholds_says_the_best_and_does_not_tell_to_take_it(tmp_path: Path) -> None:
    first = sweep_answer(swept(tmp_path, "[]"))[0]
    assert first.startswith("The highest mean of upgraded, of targeted of all 3 points is at `min_battery 10%`")
    assert "not which to take" in first


def test_a_sweep_recommends_among_the_points_that_keep_every_threshold(tmp_path: Path) -> None:
    sweep = swept(tmp_path, "['refused_of_targeted > 30%']")
    choice = choose_point(sweep, "success_of_targeted")
    assert choice.point is not None
    assert choice.point.labels != {"plan.strategy.min_battery": "10%"}  # which refuses too few
    assert choice.kept < 3
    first = sweep_answer(sweep)[0]
    assert first.startswith("Take `min_battery ")
    assert f"of the {choice.kept} of 3 points that keep every threshold" in first


def test_a_sweep_in_which_nothing_keeps_the_thresholds_recommends_nothing(tmp_path: Path) -> None:
    sweep = swept(tmp_path, "['success > 99.9%']")
    assert choose_point(sweep, "success_of_targeted").point is None
    assert sweep_answer(sweep)[0].startswith("No point is recommended: none of the 3 keeps every threshold")


def test_one_replication_keeps_no_threshold(tmp_path: Path) -> None:
    assert choose_point(swept(tmp_path, "['success > 1%']", 1), "success_of_targeted").point is None


def test_a_sweep_is_read_by_success_else_by_its_first_metric_with_a_better_side() -> None:
    assert lead_metric(["failed_of_targeted", "success_of_targeted"]) == "success_of_targeted"
    assert lead_metric(["devices", "bytes_wasted", "outcome_bricked"]) == "bytes_wasted"
    assert lead_metric(["devices"]) is None


def search(recommended: int | None) -> dict[str, Any]:
    figure = {"value": 0.8, "interval": [0.79, 0.81], "note": ""}
    row = {
        "trial": 7,
        "values": {"plan.strategy.retries": 3},
        "tuned": {"success_of_targeted": figure},
        "fresh": {"success_of_targeted": figure},
        "difference": {"success_of_targeted": {"value": 0.02, "interval": [-0.01, 0.05], "note": "", "shown": False}},
        "fresh_verdicts": {"bricked < 1%": "pass"},
    }
    return {
        "reason": "Trial 7 is it." if recommended else "None of the 9 trials keeps every constraint.",
        "recommended": recommended,
        "front": [row] if recommended else [],
        "metrics": {"success_of_targeted": {"label": "upgraded, of targeted", "unit": "share"}},
        "baseline": {
            "fresh": {"success_of_targeted": {"value": 0.78, "interval": None, "note": ""}},
            "fresh_verdicts": {"bricked < 1%": "fail"},
        },
        "trials": 9,
        "replications": 5,
        "fresh_from": 1000,
        "fresh_replications": 20,
    }


def test_a_search_says_what_its_recommendation_changes_and_what_is_not_shown() -> None:
    text = " ".join(tuning_answer(search(7)))
    assert text.startswith(
        "Trial 7 is it. Against the scenario as it is: upgraded, of targeted 80.00 % instead of 78.00 %"
    )
    assert "−1 pp to +5 pp, so not shown to differ" in text
    assert "The scenario as it is does not pass `bricked < 1%`." in text
    assert "replications 1000 to 1019, which no trial has seen" in text


def test_a_search_that_found_nothing_says_why_and_compares_nothing() -> None:
    text = " ".join(tuning_answer(search(None)))
    assert text.startswith("None of the 9 trials keeps every constraint.")
    assert "Against the scenario" not in text


def effects(rows: list[dict[str, Any]], note: str = "") -> dict[str, Any]:
    metric = {
        "label": "outcome bricked",
        "unit": "share",
        "base": {"value": 0.01, "interval": None, "note": ""},
        "note": note,
        "rows": rows,
    }
    return {"method": "oat", "metrics": {"outcome_bricked": metric}, "parameters": [{}, {}]}


def effect(path: str, change: float, interval: list[float] | None) -> dict[str, Any]:
    ends = {"low": "1", "low_effect": 0.0, "low_interval": None, "low_shown": False, "high": "3"}
    shown = interval is not None and interval[0] > 0
    return {"path": path, **ends, "high_effect": change, "high_interval": interval, "high_shown": shown}


def test_only_parameters_that_are_shown_to_matter_are_named() -> None:
    rows = [effect("a.b", 0.02, [0.01, 0.03]), effect("c.d", 0.05, [-0.01, 0.11])]
    text = sensitivity_answer(effects(rows))[0]
    assert text == "Bricked (1.00 % as it is) depends most on `a.b` (+2 pp at 3)."


def test_a_measure_that_nothing_is_shown_to_move_says_so() -> None:
    assert "is not shown to depend on any" in sensitivity_answer(effects([effect("a.b", 0.02, [-0.01, 0.05])]))[0]
    assert (
        "none of the parameters changes it" in sensitivity_answer(effects([], "none of the parameters changes it"))[0]
    )
