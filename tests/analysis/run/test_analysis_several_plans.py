"""What a run of several plans shows of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from fota_sim.analysis.answers.run import plan_answers, study_answer
from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.study import Study, load_study
from fota_sim.cli.summary_text import summary_text
from fota_sim.report.figures import adoption_figure, timeline_figure
from fota_sim.report.page.run import run_page
from fota_sim.scenario.loader import load_scenario

OVERRIDES = ("fleet.groups.meters.count=40", "fleet.groups.gateways.count=20", "replications=2", "horizon=60h")
PLANS = ["pilot", "meters", "gateways"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    scenario = load_scenario("scenarios/two_products.yaml", OVERRIDES)
    return run_study(scenario, "", tmp_path_factory.mktemp("plans"), engine="compiled")


def test_the_plans_devices_and_outcomes_add_up_to_the_fleet(study: Study) -> None:
    summary = study.summary
    assert [row["plan"] for row in summary["plans"]] == PLANS
    for outcome in (row["outcome"] for row in summary["outcomes"]):
        counts = [
            next(row["count"] for row in each["outcomes"] if row["outcome"] == outcome)
            for each in (summary, *summary["plans"])
        ]
        assert counts[0] == sum(counts[1:])
    targeted = [each["metrics"]["success_of_targeted"]["denominator"] for each in (summary, *summary["plans"])]
    assert targeted[0] == sum(targeted[1:]) == 120
    assert targeted[3] == 40


def test_a_metric_of_a_plan_is_that_of_its_devices_in_the_table(study: Study) -> None:
    for row in study.summary["plans"]:
        own = study.devices[study.devices["plan"] == row["plan"]]
        assert row["metrics"]["bytes_sent"]["value"] == own["bytes_sent"].sum() / 2
        assert row["metrics"]["success_of_targeted"]["numerator"] == (own["outcome"] == "upgraded").sum()


def test_a_threshold_of_a_plan_is_judged_on_its_devices() -> None:
    texts = ["meters: success_of_targeted > 1%", "success_of_targeted > 1%", "gateways: bytes_sent < 1B"]
    scenario = load_scenario("scenarios/two_products.yaml", [*OVERRIDES, f"thresholds={texts}", "replications=5"])
    played = run_study(scenario, "", None, engine="compiled")
    rows = {row["threshold"]: row for row in played.summary["thresholds"]}
    by_plan = {row["plan"]: row["metrics"] for row in played.summary["plans"]}
    assert rows[texts[0]]["value"] == by_plan["meters"]["success_of_targeted"]["value"]
    assert rows[texts[1]]["value"] == played.summary["metrics"]["success_of_targeted"]["value"]
    assert rows[texts[2]]["value"] == by_plan["gateways"]["bytes_sent"]["value"]
    assert [row["verdict"] for row in rows.values()] == ["pass", "pass", "fail"]


def test_each_plan_has_its_sentences_in_the_order_in_which_they_take_devices(study: Study) -> None:
    told = plan_answers(study.summary)
    assert [text.partition(":")[0] for text in told] == [f"Plan {name}" for name in PLANS]
    assert all("targeted device" in text for text in told)
    shown = " ".join(summary_text(study.summary, study_answer(study)).split())
    assert all(text in shown for text in told)


def test_a_stored_run_is_read_back_plan_by_plan_and_drawn(study: Study) -> None:
    assert study.folder is not None
    again = load_study(study.folder)
    for name, row in zip(PLANS, study.summary["plans"], strict=True):
        own = again.of_plan(name)
        assert own.scenario.plan_name == name
        assert (
            own.timeseries.groupby("replication")["upgraded"].max().sum()
            == row["metrics"]["success_of_targeted"]["numerator"]
        )
        assert adoption_figure(own).axes
    assert timeline_figure(again).axes
    with pytest.raises(KeyError):
        again.of_plan("others")


def test_the_page_has_a_section_and_a_point_for_each_plan(study: Study) -> None:
    page = run_page(study)
    assert len(page.points) == len(PLANS)
    [section] = [each for each in page.sections if each.title == "Plans"]
    assert len(section.blocks) == 1 + len(PLANS)


def test_a_run_of_one_plan_says_nothing_of_plans(tmp_path: Path) -> None:
    played = run_study(load_scenario("scenarios/vendor_page.yaml"), "", tmp_path, engine="compiled")
    assert "plans" not in played.summary
    assert played.folder is not None
    assert not list(played.folder.glob("plan_[rtg]*"))
    assert "Plans" not in [each.title for each in run_page(played).sections]
