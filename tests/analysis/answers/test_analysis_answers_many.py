"""What comparisons, sweeps, searches and studies of assumptions say first."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from answers_world import SCENARIO
from hypothesis import given, settings
from hypothesis import strategies as st

from fota_sim.analysis.answers.comparison import candidate_answer, candidates_answer, comparison_answer, leads
from fota_sim.analysis.answers.sensitivity import sensitivity_answer
from fota_sim.analysis.answers.sweep import point_text, sweep_answer
from fota_sim.analysis.answers.tuning import tuning_answer
from fota_sim.analysis.answers.wording import count_of, listed, two_figures
from fota_sim.analysis.batch.gathering import mean_of
from fota_sim.analysis.batch.points import Played, Point
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.sweep.axes import Axis, axis
from fota_sim.analysis.sweep.choice import choose_point, lead_metric, runs_by_point
from fota_sim.analysis.sweep.plan import SweepPlan, SweepSpec, plan_sweep
from fota_sim.analysis.sweep.recommended import recommended
from fota_sim.analysis.sweep.sweep import Sweep, run_sweep
from fota_sim.report.page.comparison import differences
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.metrics import BETTER, METRICS, spoken


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


@pytest.mark.parametrize(
    ("number", "text"), [(0.6666, "0.67"), (2.5, "2.5"), (43.5, "44"), (212.0, "210"), (4321, "4,300")]
)
def test_a_ratio_has_two_figures_and_no_exponent(number: float, text: str) -> None:
    assert two_figures(number) == text


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
    unit, label = units.get(metric, ("share", METRICS[metric].label))
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
        "to_show": 20,
        "low_simultaneous": change - abs(change) / 5 - 0.002 if known else None,
        "high_simultaneous": change + abs(change) / 5 + 0.002 if known else None,
        "n": 10,
        "paired": True,
        "shown": shown,
        "note": "",
    }


def report(
    rows: list[dict[str, Any]], verdicts: dict[str, str] | None = None, best: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    names = list(dict.fromkeys(["plan", *(row["candidate"] for row in rows)]))
    limits = {name: [{"verdict": verdict}] for name, verdict in (verdicts or {}).items()}
    facts = {"replications": 10, "horizon_ms": 7 * 86_400_000}
    variants = [{"name": name, "thresholds": limits.get(name, []), **facts} for name in names]
    told = {"baseline": "plan", "variants": variants, "differences": rows, "comparisons": len(rows)}
    return told | {"best": list(best), "exposures": {}}


def lead(metric: str, means: dict[str, float], best: list[str], instead_of: str | None = None) -> dict[str, Any]:
    """A row of the leading measures as compare makes it."""
    about = {"metric": metric, "instead_of": instead_of, "label": METRICS[metric].label, "unit": METRICS[metric].unit}
    return about | {"means": means, "best": best, "told_apart": len(best) < len(means), "without": []}


def test_a_comparison_names_who_is_best_in_what_counts() -> None:
    best = [
        lead("outcome_bricked", {"plan": 0.05, "slow": 0.01}, ["slow"]),
        lead("time_to_90_pct_ms", {"plan": 3.6e6, "slow": 7.2e6}, ["plan"]),
    ]
    found = report([difference("slow", "outcome_bricked", (0.05, 0.01), True)], best=best)
    first = " ".join(comparison_answer(found))
    assert "fewest bricked of all devices: `slow` (1.00 %)" in first
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
    assert comparison_answer(found)[0] == "`plan` and `other` cannot be told apart."


def test_variants_that_do_the_same_and_never_get_there_are_not_promised_that_a_longer_run_tells() -> None:
    found = report(
        [
            difference("other", "outcome_bricked", (0.0, 0.0), False) | {"note": "the same in all 5 replications"},
            difference("other", "time_to_90_pct_ms", (None, None), False),
        ]
    )
    told = " ".join(comparison_answer(found))
    assert "They do the same in everything that was compared" in told
    assert "or another fleet, in which it is." in told


def test_one_replication_claims_nothing() -> None:
    rows = [difference("other", "outcome_bricked", (0.01, 0.0), False)]
    found = report(rows, best=[lead("outcome_bricked", {"plan": 0.01, "other": 0.0}, ["other", "plan"])])
    for variant in found["variants"]:
        variant["replications"] = 1
    told = comparison_answer(found)
    assert told[0] == "`plan` and `other` cannot be told apart."
    assert "Nothing is claimed about the 2 variants: that takes 5 replications of each." in told


def test_those_that_nobody_is_shown_to_beat_are_named_together() -> None:
    rows = [difference(name, "outcome_bricked", (0.05, 0.01), True) for name in ("one", "two")]
    found = report(rows, best=[lead("outcome_bricked", {"plan": 0.05, "one": 0.01, "two": 0.011}, ["one", "two"])])
    assert leads(found) == {"outcome_bricked": ["one", "two"]}
    assert "`one` (1.00 %), not told apart from `two`" in " ".join(comparison_answer(found))


def test_failures_of_variants_that_began_with_unequal_numbers_are_told_among_those_that_began() -> None:
    row = lead("failed_of_started", {"plan": 0.05, "stops": 0.08}, ["plan"], "failed_of_targeted")
    rows = [
        difference("stops", "failed_of_targeted", (0.05, 0.01), True),
        difference("stops", "failed_of_started", (0.05, 0.08), True),
    ]
    found = report(rows, best=[row]) | {"exposures": {"plan": 0.9, "stops": 0.1}}
    told = comparison_answer(found)
    assert not told[0].startswith("Take `stops`")
    text = " ".join(told)
    assert "fewest failed, rolled back or bricked of those that began: `plan` (5.00 %)" in text
    assert "among devices that began an upgrade" in text
    assert "`plan` 90.00 %; `stops` 10.00 %" in text


def test_who_keeps_all_thresholds_is_said() -> None:
    rows = [difference(name, "outcome_bricked", (0.05, 0.01), True) for name in ("a", "b")]
    text = " ".join(comparison_answer(report(rows, {"plan": "fail", "a": "pass", "b": "undecided"})))
    assert "All thresholds are kept by `a`; broken by `plan`; undecided for `b`." in text


def test_the_variant_that_harms_fewer_and_reaches_no_fewer_is_taken_with_its_price() -> None:
    rows = [
        difference("slow", "outcome_bricked", (0.05, 0.01), True),
        difference("slow", "outcome_upgraded", (0.9, 0.89), False),
        difference("slow", "time_to_90_pct_ms", (3.6e6, 10.8e6), True),
    ]
    first = comparison_answer(report(rows))[0]
    assert first.startswith("Take `slow`: compared with `plan` it bricks 40 fewer devices (95 % interval 35 to 45).")
    assert "The price: it takes 2.0 hours longer to upgrade 90 % of the targeted devices" in first


def test_harm_against_reach_is_a_trade_and_says_how_many_for_each() -> None:
    rows = [
        difference("slow", "outcome_bricked", (0.05, 0.01), True),
        difference("slow", "outcome_upgraded", (0.9, 0.8), True),
    ]
    first = comparison_answer(report(rows))[0]
    assert first.startswith("`slow` instead of `plan` is a trade: ")
    assert "That is 2.5 devices not upgraded for each that is spared." in first


def test_harm_spared_by_upgrading_fewer_is_a_trade_and_the_cheapest_is_told_first() -> None:
    rows = [
        difference("stops", "outcome_bricked", (0.02, 0.00), True),
        difference("stops", "outcome_upgraded", (0.97, 0.10), True),
        difference("skips", "outcome_bricked", (0.02, 0.00), True),
        difference("skips", "outcome_upgraded", (0.97, 0.94), True),
    ]
    means = {"plan": 0.02, "stops": 0.03, "skips": 0.001}
    found = report(rows, best=[lead("bricked_of_started", means, ["skips"], "outcome_bricked")])
    told = comparison_answer(found | {"exposures": {"plan": 1.0, "stops": 0.1, "skips": 0.95}})
    assert told[0].startswith("`skips` instead of `plan` is a trade: it bricks 20 fewer devices")
    assert "That is 1.5 devices not upgraded for each that is spared." in told[0]
    assert told[1] == "Other trades: `stops` (44 for each)."


def test_harm_that_comes_of_beginning_with_more_is_a_price_and_no_reason_to_stay() -> None:
    rows = [
        difference("all", "outcome_failed", (0.001, 0.005), True),
        difference("all", "outcome_upgraded", (0.04, 0.92), True),
    ]
    means = {"plan": 0.01, "all": 0.005}
    alike = lead("failed_of_started", means, ["all", "plan"], "failed_of_targeted") | {"told_apart": False}
    first = comparison_answer(report(rows, best=[alike]))[0]
    assert first.startswith("Take `all`: compared with `plan` it upgrades 880 more devices")
    assert "The price: it leaves 4 more devices failed" in first
    beaten = lead("failed_of_started", means, ["plan"], "failed_of_targeted")
    fewer = [rows[0], difference("all", "outcome_upgraded", (0.04, 0.11), True)]
    told = comparison_answer(report(fewer, best=[beaten]))[0]
    assert "is a trade" in told
    assert "That is 18 devices more upgraded for each that is harmed." in told


def test_a_failure_is_not_spared_at_the_price_of_many_upgrades_but_a_brick_may_be() -> None:
    upgraded = difference("stops", "outcome_upgraded", (0.93, 0.02), True)
    told = comparison_answer(report([difference("stops", "outcome_failed", (0.004, 0.0), True), upgraded]))[0]
    assert told.startswith("Keep `plan`: `stops` upgrades 910 fewer devices")
    assert "That it leaves 4 fewer devices failed" in told
    assert "does not outweigh that. That is 230 devices not upgraded for each that is spared." in told
    told = comparison_answer(report([difference("stops", "outcome_bricked", (0.004, 0.0), True), upgraded]))[0]
    assert told.startswith("`stops` instead of `plan` is a trade: it bricks 4 fewer devices")
    more = [difference("all", "outcome_failed", (0.0, 0.004), True)]
    gained = [*more, difference("all", "outcome_upgraded", (0.02, 0.93), True)]
    assert comparison_answer(report(gained))[0].startswith("Take `all`: compared with `plan` it upgrades 910 more")


def test_failures_that_only_went_elsewhere_are_neither_a_gain_nor_a_loss() -> None:
    spared = difference("loops", "outcome_failed", (0.012, 0.0), True) | {"moved": True}
    wasted = difference("loops", "bytes_wasted", (10e6, 50e6), True) | {"unit": "B", "of": None}
    at_it = {"plan": {"devices": 0.0, "attempts": 0.0}, "loops": {"devices": 11.6, "attempts": 146.0}}
    told = comparison_answer(report([spared, wasted]) | {"still_at_it": at_it})
    assert told[0].startswith("Keep `plan`: `loops`")
    assert told[1].startswith("That it leaves 12 fewer devices failed")
    assert told[1].endswith("is no gain: 12 are still at it at the end, after 146 attempts each.")
    given_up = difference("gives-up", "outcome_failed", (0.0, 0.012), True) | {"moved": True}
    saved = difference("gives-up", "bytes_wasted", (50e6, 10e6), True) | {"unit": "B", "of": None}
    told = comparison_answer(report([given_up, saved]))
    assert told[0].startswith("Take `gives-up`: compared with `plan`")
    assert "That it leaves 12 more devices failed" in told[0]
    assert "is not held against it: no fewer of those that began get there." in told[0]


def test_of_the_devices_that_are_spared_a_failure_it_is_said_how_many_are_still_at_it() -> None:
    rows = [
        difference("patient", "outcome_failed", (0.05, 0.01), True),
        difference("patient", "outcome_upgraded", (0.9, 0.92), True),
    ]
    at_it = {"plan": {"devices": 0.0, "attempts": 0.0}, "patient": {"devices": 20.0, "attempts": 9.1}}
    told = comparison_answer(report(rows) | {"still_at_it": at_it})[0]
    assert told.startswith("Take `patient`: compared with `plan` it ")
    assert told.endswith("Of the 40 fewer failed, 20 are still at it at the end, after 9 attempts each.")


def test_what_a_device_gains_may_take_as_much_as_twenty_upgrades_and_no_more() -> None:
    def told(wasted_B: float) -> str:
        rows = [
            difference("stubborn", "outcome_upgraded", (0.9, 0.91), True),
            difference("stubborn", "bytes_wasted", (0.0, wasted_B), True) | {"unit": "B", "of": None},
        ]
        return comparison_answer(report(rows) | {"one_upgrade": {"B": 1e6}})[0]

    assert told(199e6).startswith("Take `stubborn`")  # ten devices
    assert told(201e6).startswith("`stubborn` instead of `plan` is a trade: it upgrades 10 more devices")
    assert "That is 20.10 MB for each device gained, as much as 20 upgrades take." in told(201e6)


def test_what_the_question_is_about_is_told_first_and_is_no_mere_price() -> None:
    rows = [
        difference("delta", "outcome_failed", (0.05, 0.01), True),
        difference("delta", "bytes_sent", (500e6, 100e6), True) | {"unit": "B", "of": None},
    ]
    assert "it leaves 40 fewer devices failed" in comparison_answer(report(rows))[0]
    asked = comparison_answer(report(rows) | {"key_metrics": ["bytes_sent"]})[0]
    assert asked.startswith("Take `delta`: compared with `plan` it sends 400 MB less")
    dearer = [rows[0], difference("delta", "bytes_sent", (500e6, 600e6), True) | {"unit": "B", "of": None}]
    assert comparison_answer(report(dearer))[0].startswith("Take `delta`")
    asked = comparison_answer(report(dearer) | {"key_metrics": ["bytes_sent"]})[0]
    assert asked.startswith("`delta` instead of `plan` is a trade: ")
    assert "The price: it sends 100 MB more" in asked


def test_variants_that_are_worse_in_something_and_better_in_nothing_are_not_taken() -> None:
    first = comparison_answer(report([difference("odd", "outcome_bricked", (0.01, 0.05), True)]))[0]
    assert first.startswith("Keep `plan`: `odd` bricks 40 more devices")


def test_what_is_not_shown_says_how_many_replications_would_show_it() -> None:
    row = difference("other", "outcome_bricked", (0.010, 0.012), False) | {
        "low_simultaneous": -0.004,
        "high_simultaneous": 0.008,
        "to_show": 96,
    }
    told = comparison_answer(report([row]))
    assert told[0] == "`plan` and `other` cannot be told apart."
    assert "about 100 replications would show a difference of this size (--replications 100)" in told[1]


def test_one_replication_of_a_comparison_claims_nothing() -> None:
    told = comparison_answer(report([difference("other", "outcome_bricked", (0.01, 0.02), False) | {"n": 1}]))
    assert "1 replication can show nothing" in told[1]


def test_every_candidate_is_told() -> None:
    rows = [difference(name, "outcome_bricked", (0.05, 0.01), True) for name in ("a", "b", "c")]
    assert [text[:3] for text in candidates_answer(report(rows))] == ["`a`", "`b`", "`c`"]


def test_many_candidates_are_told_side_by_side_those_that_are_alike_together() -> None:
    rows = [difference(name, "outcome_bricked", (0.05, 0.01), True) for name in ("a", "b", "c")]
    rows += [difference(name, "outcome_bricked", (0.05, 0.05), False) for name in ("d", "e")]
    assert candidates_answer(report(rows)) == [
        "`a`, `b` and `c` against `plan`: better in bricked (−40 devices).",
        "`d` and `e` are not shown to differ from `plan` in anything.",
        "Whatever is not named is not shown to differ.",
    ]
    unadjusted = [row | {"p_adjusted": None, "low_simultaneous": None} for row in rows]
    many = {**report(unadjusted), "comparisons": 5, "notes": []}
    small, every = differences(many)
    assert [row[0].text for row in small.rows] == ["a", "b", "c", "d", "e"]
    assert [row[1].text for row in small.rows] == [*["−40 devices"] * 3, *["not shown"] * 2]
    assert (small.folded, every.folded) == (False, True)
    assert len(every.rows) == 5


def swept(tmp_path: Path, limits: str, replications: int = 5) -> Sweep:
    """A sweep of the minimum battery for twelve devices whose batteries are anywhere."""
    path = tmp_path / "my.yaml"
    fleet = "{groups: [{name: m, count: 12, module: EC200U, mains: 0%, battery_level: {uniform: [3%, 100%]}}]}"
    text = SCENARIO.replace("{groups: [{name: m, count: 12, module: EC200U}]}", fleet)
    path.write_text(f"{text}thresholds: {limits}\n", encoding="utf-8")
    spec = SweepSpec(path, (axis("plan.strategy.min_battery", "10%,50%,90%"),), replications=replications)
    return run_sweep(plan_sweep(spec), engine="compiled", workers=1)


def test_a_sweep_without_thresholds_says_which_to_take_and_that_nothing_ruled_points_out(tmp_path: Path) -> None:
    told = sweep_answer(swept(tmp_path, "[]"))
    assert told[0].startswith("Take minimum battery 10 %: ")
    assert "the most of all 3 points" in told[0]
    assert told[1].startswith("Against the next best, minimum battery 50 %, it is +")
    assert told[-1] == "The scenario sets no limits that could rule a point out."


def made(
    shares: Mapping[tuple[str, str], tuple[float, float]],
    as_it_is: str | None = None,
    begun: Mapping[tuple[str, str], float] | None = None,
) -> Sweep:
    """A sweep whose points, by minimum battery and signal, have these shares upgraded and failed in ten runs.

    ``begun``: of all devices; else all of them began.
    """
    points, played = [], []
    for (battery, signal), (upgraded, failed) in shares.items():
        labels = {"plan.strategy.min_battery": battery, "plan.strategy.min_signal": signal}
        points.append(Point(f"{battery} {signal}", labels, parse_scenario(SCENARIO)))
        for replication in range(10):
            luck = 0.001 * (replication % 3 - 1) * (1 + upgraded)
            started = 1.0 if begun is None else begun[battery, signal]
            found = {
                "success_of_targeted": (upgraded + luck, 1000),
                "failed_of_targeted": (failed + luck, 1000),
                "failed_of_started": ((failed + luck) / started, 1000 * started),
                "not_upgraded_of_started": ((failed + luck) / started, 1000 * started),
                "unfinished_of_started": (0.0, 1000 * started),
                "success_of_fleet": (upgraded + luck, 1000),
                "started_of_fleet": (started, 1000),
            }
            measures = {name: Measurement(name, share, of * share, of) for name, (share, of) in found.items()}
            amounts = {"bytes_sent": 1e8, "bytes_wasted": 0, "energy_J": 1000, "energy_wasted_J": 0}
            amounts |= {"devices": 1000, "targeted": 1000}
            measures |= {name: Measurement(name, amount) for name, amount in amounts.items()}
            measures["attempts_per_unfinished"] = Measurement("attempts_per_unfinished", None)
            played.append(Played(points[-1].id, replication, measures, ""))
    axes = tuple(Axis(path, ()) for path in points[0].labels)
    spec = SweepSpec(Path("my.yaml"), axes, metrics=("success_of_targeted", "failed_of_targeted"))
    return Sweep(SweepPlan(spec, "my", tuple(points), 10, 0, {}, as_it_is), tuple(played))


def test_a_sweep_holds_its_recommendation_against_the_scenario_as_it_is() -> None:
    shares = {("10%", "-113dBm"): (0.9, 0.0), ("30%", "-113dBm"): (0.8, 0.0)}
    assert "That is the scenario as it is." in sweep_answer(made(shares, "10% -113dBm"))
    told = sweep_answer(made(shares, "30% -113dBm"))
    begins = "Against the scenario as it is, minimum battery 30 %, minimum signal −113 dBm, that is +10.0 pp upgraded"
    assert told[1].startswith(begins)


HELD_AGAINST = re.compile(
    r"(?=(?:: |; )(?P<label>[a-z ,]*?) (?P<own>[\d.<>]+ %)(?: \([^)]*\))?, "
    r"at best (?P<best>[\d.<>]+ %)(?: \([^)]*\))? at "
    r"(?P<where>minimum battery .*?dBm))"
)


@given(
    st.lists(
        st.tuples(st.floats(0.2, 1.0), st.floats(0.02, 0.5), st.floats(0.05, 0.9)), min_size=2, max_size=5, unique=True
    )
)
@settings(max_examples=40, deadline=None)
def test_two_values_that_are_held_against_each_other_are_shares_of_the_same_devices(
    points: list[tuple[float, float, float]],
) -> None:
    """Each point: the share that begins, and of those the shares that fail and are upgraded."""
    places = [(f"{10 * number}%", "-113dBm") for number in range(len(points))]
    shares = {place: (begun * good, begun * bad) for place, (begun, bad, good) in zip(places, points, strict=True)}
    sweep = made(shares, begun={place: begun for place, (begun, *_) in zip(places, points, strict=True)})
    labels = {spoken(METRICS[name].label): name for name in next(iter(sweep.played)).measures or ()}
    runs = runs_by_point(sweep)
    found = recommended(sweep)
    for sentence in sweep_answer(sweep):
        for label, own, at_best, where in HELD_AGAINST.findall(sentence):
            metric = labels[label]  # a label that names its base, or none
            [there] = [point for point in sweep.plan.points if point_text(point) == where]
            assert found is not None
            assert found.point is not None
            assert own == format_value(mean_of(runs[found.point.id], metric).value, "share")
            assert at_best == format_value(mean_of(runs[there.id], metric).value, "share")


def test_a_failure_is_held_against_one_of_the_same_devices() -> None:
    """A strict gate has fewer failures of all devices because it lets fewer begin; of those that begin it has more."""
    shares = {("0%", "-113dBm"): (0.9, 0.05), ("50%", "-113dBm"): (0.2, 0.02)}
    text = " ".join(sweep_answer(made(shares, begun={("0%", "-113dBm"): 1.0, ("50%", "-113dBm"): 0.25})))
    other = {**shares, ("90%", "-113dBm"): (0.1, 0.003)}
    begun = {("0%", "-113dBm"): 1.0, ("50%", "-113dBm"): 0.25, ("90%", "-113dBm"): 0.11}
    told = " ".join(sweep_answer(made(other, begun=begun)))
    [held] = HELD_AGAINST.findall(told)
    assert held[0] == "failed, rolled back or bricked of those that began"
    assert held[-1] == "minimum battery 90 %, minimum signal −113 dBm"
    assert (
        "failed, rolled back or bricked of those that began 4.98 % (95 % interval 4.86 to 5.10 %), which is the best"
        in text
    )


def test_every_share_says_of_which_devices_it_is() -> None:
    for metric in METRICS.values():
        if metric.counts_devices:
            named = r"\bof (the fleet|targeted|started|all devices)|believed|right about|shows it"
            assert re.search(named, metric.label), metric.label


def test_points_as_good_that_differ_in_one_axis_are_told_by_its_values() -> None:
    as_good = {("10%", f"-{level}dBm"): (0.9, 0.1) for level in (113, 109, 105)}
    text = " ".join(sweep_answer(made({**as_good, ("50%", "-113dBm"): (0.5, 0.1)})))
    assert "Not shown to be worse: minimum signal −109 dBm or −105 dBm in its place (" in text


def test_a_sweep_says_what_it_takes_to_spare_devices() -> None:
    shares = {("0%", "-113dBm"): (0.9, 0.08), ("10%", "-113dBm"): (0.86, 0.02), ("50%", "-113dBm"): (0.4, 0.0)}
    text = " ".join(sweep_answer(made(shares)))
    assert text.startswith("Take minimum battery 0 %")
    assert "at the cheapest minimum battery 10 %, minimum signal −113 dBm: 6.00 pp fewer" in text
    assert "0.67 devices given up for each that is spared" in text


BEYOND = " is the {} that was swept: what lies beyond may be better still."


def test_a_point_at_the_end_of_what_was_swept_is_told_to_be_that_where_there_is_more() -> None:
    shares = {(f"{level}%", "-113dBm"): (0.9 - level / 100, 0.1) for level in (10, 30, 50)}
    assert f"Minimum battery 10 %{BEYOND.format('lowest')}" in " ".join(sweep_answer(made(shares)))
    shares = {(f"{level}%", "-113dBm"): (level / 100, 0.1) for level in (10, 30, 50)}
    assert f"Minimum battery 50 %{BEYOND.format('highest')}" in " ".join(sweep_answer(made(shares)))
    middle = {("10%", "-113dBm"): (0.5, 0.1), ("30%", "-113dBm"): (0.8, 0.1), ("50%", "-113dBm"): (0.6, 0.1)}
    assert "that was swept" not in " ".join(sweep_answer(made(middle)))


def test_the_end_of_what_there_is_lies_beyond_nothing() -> None:
    none_below = {("0%", "-113dBm"): (0.9, 0.1), ("30%", "-113dBm"): (0.5, 0.1)}
    assert "that was swept" not in " ".join(sweep_answer(made(none_below)))
    as_good = {("10%", "-113dBm"): (0.9, 0.1), ("30%", "-113dBm"): (0.9, 0.1), ("50%", "-113dBm"): (0.5, 0.1)}
    assert "that was swept" not in " ".join(sweep_answer(made(as_good)))


def test_a_sweep_of_one_point_compares_nothing(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    spec = SweepSpec(path, (axis("plan.strategy.min_battery", "10%"),), replications=5)
    told = sweep_answer(run_sweep(plan_sweep(spec), engine="compiled", workers=1))
    assert told[0].startswith("There is one point alone, minimum battery 10 %, and nothing was varied: ")


def test_a_sweep_of_one_replication_says_that_it_can_show_nothing(tmp_path: Path) -> None:
    told = sweep_answer(swept(tmp_path, "[]", 1))
    assert told[0].startswith("The 3 points cannot be told apart: 1 replication can show nothing")
    assert "--replications 10" in told[0]


def test_a_sweep_of_what_changes_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    spec = SweepSpec(path, (axis("plan.strategy.retry_delay", "30s,31s"),), replications=5)
    told = sweep_answer(run_sweep(plan_sweep(spec), engine="compiled", workers=1))
    assert told[0].startswith("The 2 points cannot be told apart: ")
    assert "is the same at all of them" in told[0]


def test_a_sweep_recommends_among_the_points_that_keep_every_threshold(tmp_path: Path) -> None:
    sweep = swept(tmp_path, "['refused_of_targeted > 30%']")
    choice = choose_point(sweep, "success_of_targeted")
    assert choice.point is not None
    assert choice.point.labels != {"plan.strategy.min_battery": "10%"}  # which refuses too few
    assert choice.kept < 3
    first = sweep_answer(sweep)[0]
    assert first.startswith("Take minimum battery ")
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
        "not_told_apart": [],
        "objectives": [{"metric": "success_of_targeted"}],
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


def test_a_search_does_not_call_an_interval_clear_of_zero_a_reason_for_no_difference() -> None:
    found = search(7)
    found["front"][0]["difference"]["success_of_targeted"]["interval"] = [0.001, 0.039]
    text = " ".join(tuning_answer(found))
    assert "+3.9 pp, clear of 0 by itself but not with all comparisons of the front allowed for, so not shown" in text


def test_a_search_says_what_its_recommendation_changes_and_what_is_not_shown() -> None:
    text = " ".join(tuning_answer(search(7)))
    assert text.startswith(
        "Trial 7 is it. Against the scenario as it is: upgraded of the targeted 80.00 % instead of 78.00 %"
    )
    assert "−1 to +5 pp, so not shown to differ" in text
    assert "The scenario as it is breaks `bricked < 1%`." in text
    found = search(7)
    found["baseline"]["fresh_verdicts"] = {"bricked < 1%": "undecided", "success > 1%": "pass"}
    assert "The scenario as it is leaves `bricked < 1%` undecided." in tuning_answer(found)
    assert "replications 1000 to 1019, which no trial has seen" in text


def test_a_search_says_how_many_devices_of_its_recommendation_are_still_at_it() -> None:
    found = search(7) | {"still_at_it": {"devices": 12.0, "attempts": 146.2}}
    assert "12 devices are still at it at the end, after 146 attempts each." in " ".join(tuning_answer(found))
    late = search(7) | {"still_at_it": {"devices": 12.0, "attempts": 1.0}}
    assert "still at it" not in " ".join(tuning_answer(late))


def test_points_whose_last_upgrades_waste_what_many_take_are_left_out_of_a_sweep() -> None:
    shares = {("10%", "-113dBm"): (0.91, 0.05), ("30%", "-113dBm"): (0.9, 0.05)}

    def sweep(wasted_B: float) -> Sweep:
        found = made(shares)
        for each in found.played:
            if each.point.startswith("10%") and each.measures is not None:
                lucky = wasted_B * (1 + 0.01 * (each.replication % 3))
                each.measures["bytes_wasted"] = Measurement("bytes_wasted", lucky)
        return found

    one_B = 1e8 / 900  # what an upgrade of the other point takes; ten devices are gained
    assert sweep_answer(sweep(19 * 10 * one_B))[0].startswith("Take minimum battery 10 %")
    told = sweep_answer(sweep(25 * 10 * one_B))
    assert told[0].startswith("Take minimum battery 30 %")
    assert "Left out as too dear: minimum battery 10 %, minimum signal −113 dBm, which upgrades 10 more devices" in (
        " ".join(told)
    )
    assert "as much as 25 upgrades take." in " ".join(told)


def test_a_search_names_what_is_as_good_and_what_would_tell_it_apart() -> None:
    found = search(7)
    other = found["front"][0] | {"trial": 9, "values": {"plan.strategy.retries": 5}}
    tied = {"trial": 9, "difference": -0.01, "half_width": 0.02, "to_show": 88}
    text = " ".join(tuning_answer(found | {"front": [*found["front"], other], "not_told_apart": [tied]}))
    assert "Not told apart from it in upgraded of the targeted: retries 5; about 90 replications would" in text
    assert "(--fresh 90)" in text
    rare = [tied | {"half_width": None}]
    text = " ".join(tuning_answer(found | {"front": [*found["front"], other], "not_told_apart": rare}))
    assert "happens too rarely in this fleet, and a larger one would tell" in text


def test_a_search_that_found_nothing_says_why_and_compares_nothing() -> None:
    text = " ".join(tuning_answer(search(None)))
    assert text.startswith("None of the 9 trials keeps every constraint.")
    assert "Against the scenario" not in text


def effects(rows: list[dict[str, Any]], note: str = "") -> dict[str, Any]:
    metric = {
        "label": "bricked, of all devices",
        "unit": "share",
        "base": {"value": 0.01, "interval": None, "note": ""},
        "note": note,
        "rows": rows,
    }
    return {"method": "oat", "metrics": {"outcome_bricked": metric}, "parameters": [{}, {}]}


def effect(path: str, change: float, interval: list[float] | None) -> dict[str, Any]:
    ends = {"low": "1", "low_effect": 0.0, "low_interval": None, "low_shown": False, "high": "3"}
    shown = interval is not None and interval[0] > 0
    high = {"high_effect": change, "high_interval": interval, "high_shown": shown, "high_to_show": 44}
    return {"path": path, **ends, **high}


def test_only_parameters_that_are_shown_to_matter_are_named() -> None:
    rows = [effect("a.b", 0.02, [0.01, 0.03]), effect("c.d", 0.05, [-0.01, 0.11])]
    told = sensitivity_answer(effects(rows))
    assert told[0] == "Measure this first, for bricked hangs on it: b."
    assert told[1] == "Bricked (1.00 % as it is) depends most on b (+2 pp at 3)."


def test_what_moves_another_measure_is_not_said_to_decide_the_first() -> None:
    found = effects([effect("a.b", 0.02, [-0.01, 0.05])])
    found["metrics"]["bytes_wasted"] = {
        "label": "bytes wasted",
        "unit": "B",
        "base": {"value": 1e6, "interval": None, "note": ""},
        "note": "",
        "rows": [effect("c.d", 500.0, [400.0, 600.0])],
    }
    told = sensitivity_answer(found)
    assert told[0] == "Nothing that was varied is shown to move bricked; what moves bytes wasted most is d."


def test_a_measure_that_nothing_is_shown_to_move_says_so() -> None:
    found = effects([effect("a.b", 0.02, [-0.01, 0.05])]) | {"replications": 10}
    told = sensitivity_answer(found)[1]
    assert "is not shown to depend on any" in told
    assert "the nearest is b (+2 pp at 3): about 50 replications would show" in told
    assert (
        "none of the parameters changes it" in sensitivity_answer(effects([], "none of the parameters changes it"))[1]
    )
