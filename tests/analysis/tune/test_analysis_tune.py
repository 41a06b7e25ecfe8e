"""The search: its front, what constraints do to it, that it can be gone on with, and that fresh luck decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lab_world import LAB, lab

from fota_sim.analysis.answers.tuning import tuning_answer
from fota_sim.analysis.batch.gathering import HowToPlay, gather
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.numbers.metrics import Measurement
from fota_sim.analysis.tune.at_the_end import at_the_end
from fota_sim.analysis.tune.choice import narrowed_front
from fota_sim.analysis.tune.constraint import excess, verdicts
from fota_sim.analysis.tune.front import pareto_front
from fota_sim.analysis.tune.knobs import parse_knob
from fota_sim.analysis.tune.left_out import left_out
from fota_sim.analysis.tune.question import question
from fota_sim.analysis.tune.reason import NOT_BETTER, SAME
from fota_sim.analysis.tune.rows import front_rows, trial_rows, tuned_values
from fota_sim.analysis.tune.trials import Objective, Search, Tried, search, variant
from fota_sim.analysis.tune.verdict import verdict_of_search
from fota_sim.cli.tune_text import tune_text
from fota_sim.errors import FotaSimError
from fota_sim.report.figures.pareto import pareto_figure, tuning_finding
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.thresholds import parse_threshold

LIBRARY = Path(__file__).parents[3] / "scenarios/library"
HOW = HowToPlay(engine="compiled", workers=1)
BRICKED, REFUSED = "outcome_bricked", "outcome_refused"


def a_search(**more: Any) -> Search:
    scenario = lab()
    knobs = [parse_knob("plan.strategy.min_battery=10%..90%", scenario), parse_knob("plan.push=true,false", scenario)]
    objectives = [Objective(BRICKED, False), Objective(REFUSED, False)]
    return replace(Search(scenario, knobs, objectives, [], replications=5, trials=8), **more)


def measured(bricked: float, refused: float, count: int = 5, spread: float = 0.0) -> list[dict[str, Measurement]]:
    def share(value: float) -> Measurement:
        return Measurement("outcome_bricked", value, 100_000 * value, 100_000.0)

    return [{BRICKED: share(bricked + spread * (k - (count - 1) / 2)), REFUSED: share(refused)} for k in range(count)]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> list[Tried]:
    return search(a_search(), tmp_path_factory.mktemp("tune") / "study.log", HOW)


def test_the_same_seed_tries_the_same_in_other_places_and_another_seed_others(
    tried: list[Tried], tmp_path: Path
) -> None:
    again = search(a_search(), tmp_path / "again.log", HOW)
    assert [each.values for each in again] == [each.values for each in tried]
    other = search(a_search(seed=2, trials=2), tmp_path / "other.log", HOW)
    assert [each.values for each in other] != [each.values for each in tried[:2]]


def test_a_search_that_is_gone_on_with_is_the_same_as_one_in_one_go(tried: list[Tried], tmp_path: Path) -> None:
    file = tmp_path / "study.log"
    assert len(search(a_search(trials=4), file, HOW)) == 4
    assert search(a_search(), file, HOW) == tried


def test_trials_that_were_asked_for_and_not_played_are_played_first(tried: list[Tried], tmp_path: Path) -> None:
    file = tmp_path / "study.log"
    search(a_search(trials=4), file, HOW)

    with pytest.raises(FotaSimError, match="store"):  # it comes between asking and telling, as a kill may
        search(a_search(), file, replace(HOW, store=tmp_path))
    assert search(a_search(), file, HOW) == tried


def test_a_search_of_a_large_fleet_tries_on_a_part_and_confirms_with_all(tmp_path: Path) -> None:
    what = a_search(scenario=lab("fleet.groups.boards.count=160"), sample=40, trials=2)
    tried = search(what, tmp_path / "study.log", HOW)
    assert {runs[BRICKED].denominator for each in tried for runs in each.runs} == {40}
    found = verdict_of_search(what, tried, 5, HOW)
    assert found["sample"] == {"played": 40, "of": 160}
    told = " ".join(tuning_answer({**found, "question": ""}))
    assert "with 40 of the 160 devices that answered for all" in told
    assert "replications 1000 to 1004 of all devices" in told
    with pytest.raises(FotaSimError, match="another search"):
        search(replace(what, sample=80), tmp_path / "study.log", HOW)


def test_only_knobs_that_turn_what_devices_do_not_share_are_tried_on_a_part(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_text(LAB.replace("count: 40", "count: 40000"))

    def asked(knob: str, devices: Any = None) -> Search:
        return question((file, [], None), [knob], (["failed"], []), [], (None, None, 4), "tpe", 1, None, devices)

    assert (asked("plan.strategy.min_battery=10%..90%").sample, asked("plan.strategy.retries=0..5").trials) == (
        3333,
        60,
    )
    assert (asked("network.server.connections=10..20").sample, asked("network.server.connections=10..20").trials) == (
        None,
        32,
    )
    assert asked("plan.strategy.retries=0..5", "all").sample is None
    with pytest.raises(FotaSimError, match="which they share"):
        asked("network.server.connections=10..20", 100)


def test_another_search_in_the_same_file_is_refused(tmp_path: Path) -> None:
    search(a_search(trials=1), tmp_path / "study.log", HOW)
    with pytest.raises(FotaSimError, match="another search"):
        search(a_search(seed=9), tmp_path / "study.log", HOW)


def test_no_point_of_the_front_is_beaten_and_every_other_is() -> None:
    what = a_search()
    cases = [(0.1, 0.5), (0.2, 0.2), (0.2, 0.3), (0.1, 0.5), (0.3, 0.1), (0.4, 0.4)]
    tried = [Tried(k, {}, measured(*case)) for k, case in enumerate(cases)]
    assert [each.number for each in pareto_front(what, tried)] == [0, 1, 4]


def test_points_that_ask_for_no_trade_against_the_scenario_as_it_is_come_first() -> None:
    cases = [(0.0, 0.9), (0.1, 0.5), (0.2, 0.2), (0.4, 0.1)]
    tried = [Tried(k, {}, measured(*case)) for k, case in enumerate(cases)]
    assert [each.number for each in pareto_front(a_search(), tried, measured(0.3, 0.5))] == [1, 2, 0, 3]


def test_points_that_fresh_luck_does_not_tell_from_the_recommended_one_are_named(tried: list[Tried]) -> None:
    twins = [replace(tried[0], number=k, runs=measured(0.1 * k, 0.9 - 0.1 * k)) for k in range(2)]  # same knobs
    found = verdict_of_search(a_search(), twins, 5, HOW)
    assert [row["trial"] for row in found["not_told_apart"]] == [1]
    assert found["not_told_apart"][0]["difference"] == 0


def point(number: int, improves: bool = False, verdict: str = "pass") -> dict[str, Any]:
    return {"trial": number, "values": {}, "tuned_verdicts": {"limit": verdict}, "improves": improves}


@pytest.mark.parametrize(
    ("spread", "taken", "decided"),
    [(0.04, 1, [REFUSED]), (0.0001, 0, [BRICKED])],
    ids=["luck", "shown"],
)
def test_what_the_first_objective_leaves_open_the_second_decides(spread: float, taken: int, decided: list[str]) -> None:
    """Trial 0 has fewer bricks by luck, or surely; trial 1 surely fewer refusals."""
    tried = [Tried(k, {}, measured(0.10 + 0.01 * k, 0.5 - 0.2 * k)) for k in range(2)]
    again = {
        "trial-0": measured(0.10, 0.5, spread=spread),
        "trial-1": measured(0.11, 0.3, spread=-spread),
    }
    found = narrowed_front(a_search(), [point(0), point(1)], {f"trial-{each.number}": each for each in tried}, again)
    assert found.best == f"trial-{taken}"
    assert found.decided_by == decided


def test_points_that_are_preferred_are_not_held_against_others() -> None:
    tried = {f"trial-{k}": Tried(k, {}, measured(0.1, 0.5 - 0.2 * k)) for k in range(2)}
    again = {id_: each.runs for id_, each in tried.items()}
    found = narrowed_front(a_search(), [point(0, improves=True), point(1)], tried, again)
    assert (found.best, found.left) == ("trial-0", ["trial-0"])
    assert narrowed_front(a_search(), [], {}, {}).best is None


FAILED, BEGAN, GOT_NOWHERE = "failed_of_targeted", "failed_of_started", "not_upgraded_of_started"


def ended(failed: int, still_at_it: int) -> list[dict[str, Measurement]]:
    """Of 1000 targeted devices 800 began; so many of these failed, and so many are still at it."""

    def share(name: str, devices: int, of: int) -> Measurement:
        return Measurement(name, devices / of, float(devices), float(of))

    return [
        {
            FAILED: share(FAILED, failed, 1000),
            BEGAN: share(BEGAN, failed, 800),
            GOT_NOWHERE: share(GOT_NOWHERE, failed + still_at_it, 800),
        }
    ] * 5


def test_a_trial_is_not_better_for_devices_that_are_still_at_it_in_place_of_failed() -> None:
    what = a_search(objectives=[Objective(FAILED, False)])
    tried = [Tried(0, {}, ended(0, 60)), Tried(1, {}, ended(50, 0)), Tried(2, {}, ended(20, 31))]
    assert [each.number for each in pareto_front(what, tried)] == [1]
    assert what.objectives[0].mean(tried[0].runs) == pytest.approx(0.06)
    assert what.objectives[0].mean(tried[2].runs) == pytest.approx(0.051)


def test_what_is_made_small_and_hides_nobody_is_taken_as_it_is() -> None:
    assert Objective(GOT_NOWHERE, False).mean(ended(20, 31)) == pytest.approx(51 / 800)
    assert not Objective(BRICKED, False).counts_limbo
    assert not Objective("success_of_targeted", True).counts_limbo
    assert a_search().kept == (BRICKED, REFUSED)
    assert a_search(objectives=[Objective(FAILED, False)]).kept == (FAILED, GOT_NOWHERE, BEGAN)


LOOP = [
    "packages[0].defects=[{name: reports the old version, effect: wrong_version, probability: 20%}]",
    "plan.strategy.retries=1",
    "replications=10",
]


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Search, list[Tried], dict[str, Any]]:
    """A search in which one choice lets every fifth device install the same firmware until the horizon."""
    scenario = lab(*LOOP)
    knobs = [parse_knob("plan.rollout.retry=[{count: null, delay: 10min}],[{count: 0, delay: 10min}]", scenario)]
    aims = [Objective(FAILED, False), Objective("success_of_targeted", True)]
    what = replace(Search(scenario, knobs, aims, [], replications=10, trials=6), batch=2)
    tried = search(what, tmp_path_factory.mktemp("loop") / "study.log", HOW)
    return what, tried, verdict_of_search(what, tried, 10, HOW)


def test_a_search_gone_on_with_knows_who_was_still_at_it(
    loop: tuple[Search, list[Tried], dict[str, Any]], tmp_path: Path
) -> None:
    what, tried, _ = loop
    file = tmp_path / "study.log"
    search(replace(what, trials=4), file, HOW)
    assert search(what, file, HOW) == tried


def test_devices_that_try_until_the_end_are_told_and_not_praised(
    loop: tuple[Search, list[Tried], dict[str, Any]],
) -> None:
    _, tried, found = loop
    endless = {each.number for each in tried if "None" in str(each.values)}
    assert endless
    assert {row["trial"] for row in found["front"]} & endless
    assert found["recommended"] not in endless
    assert found["objectives"][0]["counts_limbo"]
    assert GOT_NOWHERE in found["metrics"]
    told = " ".join(tuning_answer(found))
    assert "no more of those that began get there" in told
    assert "Take" not in told


def test_what_nobody_would_pay_for_a_device_is_left_out_and_told() -> None:
    file = LIBRARY / "reinstall_loop.yaml"
    scenario = load_scenario(file)
    knobs = [parse_knob("strategy=until-it-works,two-retries", scenario)]
    aims = [Objective(FAILED, False), Objective("success_of_targeted", True)]
    named = {name: load_scenario(file, (), name) for name in ("until-it-works", "two-retries")}
    what = Search(scenario, knobs, aims, [], replications=10, trials=4, strategies=named)
    runs = gather(
        [Point("trial-0", {}, named["until-it-works"]), Point("baseline", {}, scenario)], range(1000, 1010), HOW
    )
    found = left_out(what, runs, "baseline", 2)
    assert [each.id for each in found.dear] == ["trial-0"]
    assert "trial-0" in found
    assert "baseline" not in found


def test_a_trial_that_breaks_a_constraint_is_not_on_the_front() -> None:
    what = a_search(constraints=[parse_threshold("bricked < 15%")])
    tried = [Tried(0, {}, measured(0.1, 0.5)), Tried(1, {}, measured(0.2, 0.2))]
    assert [each.number for each in pareto_front(what, tried)] == [0]


def test_trials_that_keep_a_constraint_with_their_whole_interval_are_preferred() -> None:
    what = a_search(constraints=[parse_threshold("bricked < 15%")])
    tried = [Tried(0, {}, measured(0.14, 0.2, spread=0.05)), Tried(1, {}, measured(0.12, 0.4, spread=0.001))]
    tried.append(Tried(2, {}, measured(0.145, 0.1, spread=0.001)))
    assert [each.number for each in pareto_front(what, tried)] == [1, 2, 0]


@pytest.mark.parametrize(
    ("runs", "text", "expected"),
    [
        (measured(0.1, 0.0), "bricked < 15%", "pass"),
        (measured(0.1, 0.0), "bricked < 5%", "fail"),
        (measured(0.1, 0.0, spread=0.1), "bricked < 15%", "undecided"),
        (measured(0.1, 0.0, count=3), "bricked < 15%", "undecided"),
        (measured(0.1, 0.0), "bricked >= 5%", "pass"),
        (measured(0.0, 0.0), "bricked < 1%", "pass"),
        (measured(0.0, 0.0), "bricked < 0.0001%", "undecided"),  # none in 500,000 is not yet below 1 in a million
    ],
)
def test_a_constraint_is_judged_by_the_whole_interval(runs: Any, text: str, expected: str) -> None:
    assert verdicts([parse_threshold(text)], runs, 1) == {text: expected}


def test_a_time_that_was_not_reached_keeps_no_limit() -> None:
    runs = [{"time_to_95_pct_ms": Measurement("time_to_95_pct_ms", None)} for _ in range(5)]
    limit = parse_threshold("time_to_95 <= 7d")
    assert verdicts([limit], runs, 14 * 86_400_000) == {limit.text: "fail"}
    assert excess(limit, runs) == float("inf")
    assert excess(limit, [{"time_to_95_pct_ms": Measurement("time_to_95_pct_ms", 8 * 86_400_000.0)}]) == 86_400_000.0


def test_a_mean_share_at_the_limit_keeps_it_exactly() -> None:
    """Floats make 0.07 and a little of (6 + 7 + 8) / 300."""
    shares = [measured(0.06, 0.0)[0], measured(0.07, 0.0)[0], measured(0.08, 0.0)[0]]
    assert excess(parse_threshold("bricked <= 7%"), shares) == 0.0
    assert excess(parse_threshold("bricked >= 7%"), shares) == 0.0


def test_fresh_luck_decides_and_the_baseline_stands_beside(tried: list[Tried]) -> None:
    what = a_search(constraints=[parse_threshold("bricked < 90%")])
    found = verdict_of_search(what, tried, 5, HOW)
    chosen = next(row for row in found["front"] if row["trial"] == found["recommended"])
    assert chosen["fresh_verdicts"] == {"bricked < 90%": "pass"}
    assert chosen["fresh"] != chosen["tuned"]
    both = (chosen["fresh"][REFUSED]["value"], found["baseline"]["fresh"][REFUSED]["value"])
    assert chosen["difference"][REFUSED]["value"] == pytest.approx(both[0] - both[1])
    assert tuned_values(found) == chosen["values"]
    assert len(front_rows(found)) == 2 * len(found["front"])
    axes = pareto_figure(found, trial_rows(what, tried)).axes[0]
    assert f"recommended: trial {found['recommended']}" in axes.get_legend_handles_labels()[1]


def test_no_point_is_recommended_that_fresh_luck_does_not_confirm(tried: list[Tried]) -> None:
    what = a_search(constraints=[parse_threshold("bricked < 0.0001%")])
    nobody = [replace(each, runs=measured(0.0, 0.5)) for each in tried[:1]]
    found = verdict_of_search(what, nobody, 5, HOW)
    assert found["recommended"] is None
    assert "no point of the front" in found["reason"]


def test_a_search_that_finds_nothing_says_so(tried: list[Tried]) -> None:
    found = verdict_of_search(a_search(constraints=[parse_threshold("devices > 41")]), [], 5, HOW)
    assert found["front"] == []
    assert "none of the 0 trials" in found["reason"]


@pytest.mark.parametrize("text", ["plan.push", "plan.push=true", "plan.preset=a,b", "plan.strategy.retries=5..1"])
def test_a_knob_that_is_none_says_what_would_do(text: str) -> None:
    with pytest.raises(FotaSimError, match="--knob"):
        parse_knob(text, lab())


def test_nsga2_searches_too(tmp_path: Path) -> None:
    what = a_search(sampler="nsga2", trials=4, constraints=[parse_threshold("bricked < 90%")])
    assert len(search(what, tmp_path / "study.log", HOW)) == 4


def test_what_gives_up_one_aim_for_the_other_is_told_as_a_trade(tried: list[Tried], tmp_path: Path) -> None:
    what = a_search()
    found = verdict_of_search(what, tried, 5, HOW)
    [chosen] = [row for row in found["front"] if row["trial"] == found["recommended"]]
    assert found["reason"].startswith("Take " if chosen["improves"] else "Nothing that was tried is as good as ")
    traded = [replace(tried[0], number=0, runs=measured(0.0, 0.9))]
    lost = verdict_of_search(what, traded, 5, HOW)  # refuses nine of ten, which the scenario as it is does not
    assert lost["reason"].startswith("Nothing that was tried is as good as the scenario as it is in both bricked")
    assert "a trade for its owner to make" in lost["reason"]


@pytest.mark.parametrize("share", [30, 60])
def test_what_is_found_at_a_limit_is_the_edge_of_what_keeps_it(tmp_path: Path, share: int) -> None:
    """Levels are spread evenly from 5 to 100 %, so a gate refuses about (gate - 5) / 95 of the boards."""
    scenario = lab("fleet.groups.boards.count=200", "plan.strategy.min_battery=0%")
    knob = parse_knob("plan.strategy.min_battery=0%..90%", scenario)
    limit = parse_threshold(f"refused < {share}%")
    what = Search(scenario, [knob], [Objective(REFUSED, True)], [limit], replications=5, trials=30)
    found = verdict_of_search(what, search(what, tmp_path / "study.log", HOW), 10, HOW)
    assert found["recommended"] is not None
    gate = float(
        next(
            row["values"]["plan.strategy.min_battery"] for row in found["front"] if row["trial"] == found["recommended"]
        ).rstrip("%")
    )
    edge = 5 + 95 * share / 100
    assert edge - 8 < gate < edge
    stricter = variant(what, 0, {"plan.strategy.min_battery": f"{edge + 3:g}%"})
    [runs] = gather([stricter], range(1000, 1010), HOW).values()
    assert verdicts([limit], runs, scenario.horizon_ms)[limit.text] != "pass"


def one_aim(metric: str, knob: str, limits: Sequence[str] = (), *overrides: str) -> Search:
    scenario = lab(*overrides)
    constraints = [parse_threshold(text) for text in limits]
    return Search(
        scenario, [parse_knob(knob, scenario)], [Objective(metric, False)], constraints, replications=5, trials=4
    )


def test_what_is_not_shown_to_be_better_is_no_reason_to_change(tmp_path: Path) -> None:
    """Retries of an update that nothing interrupts change nothing but by luck."""
    what = one_aim("bytes_wasted", "plan.strategy.retries=0..5")
    tried = search(what, tmp_path / "study.log", HOW)
    found = verdict_of_search(what, tried, 5, HOW)
    chosen = next(row for row in found["front"] if row["trial"] == found["recommended"])
    assert not chosen["difference"]["bytes_wasted"]["shown"]
    assert found["reason"].startswith("Leave the scenario as it is: ")
    left = found["left_as_it_is"]
    assert left in (SAME, NOT_BETTER)
    figure = pareto_figure(found, trial_rows(what, tried))
    assert f"{left}: trial {chosen['trial']}" in figure.axes[0].get_legend_handles_labels()[1]
    assert tuning_finding(found).startswith("The scenario as it is")
    assert left in tune_text(found)
    assert "recommended" not in tune_text(found).replace(found["reason"], "")


def test_why_nothing_is_on_the_front_is_told(tmp_path: Path) -> None:
    timed = one_aim("time_to_99_pct_ms", "plan.strategy.min_battery=10%..90%", (), "horizon=1min")
    told = verdict_of_search(timed, search(timed, tmp_path / "timed.log", HOW), 5, HOW)["reason"]
    assert told.startswith("Nothing is recommended: none of the 4 trials has a value of time to 99 % of targeted")
    assert "constraint" not in told
    kept = one_aim(BRICKED, "plan.strategy.min_battery=10%..90%", ["refused > 99.9%"])
    told = verdict_of_search(kept, search(kept, tmp_path / "kept.log", HOW), 5, HOW)["reason"]
    assert told.startswith("Nothing is recommended: none of the 4 trials keeps every constraint")


@pytest.mark.parametrize(
    ("value", "others", "lower"),
    [
        ("10%", [], [True]),
        ("13.9%", [], [True]),
        ("14.1%", [], []),
        ("86%", [], [False]),
        ("10%", ["50%"], []),  # as good, and away from the end
        ("10%", ["11%"], [True]),
    ],
)
def test_a_point_at_the_end_of_what_was_searched_is_told(value: str, others: list[str], lower: list[bool]) -> None:
    path, what = "plan.strategy.min_battery", a_search()
    rest = {"plan.push": True}
    found = at_the_end(what, {path: value} | rest, [{path: each} | rest for each in others])
    assert [(each["path"], each["lower"]) for each in found] == [(path, each) for each in lower]


def test_beyond_the_end_of_what_there_is_nothing_is_looked_for() -> None:
    scenario = lab()
    what = a_search(knobs=[parse_knob("plan.strategy.min_battery=0%..50%", scenario)])
    assert at_the_end(what, {"plan.strategy.min_battery": "0%"}, []) == []
