"""A number that is told in several places is told alike: in the answer, the tables of text and page, and figures."""

from __future__ import annotations

from functools import cache

import pytest
from figure_world import SHAPES, played, source

from fota_sim.analysis.answers.run import study_answer
from fota_sim.analysis.answers.wording import value_text
from fota_sim.analysis.numbers.rounding import format_interval
from fota_sim.analysis.run.study import Study
from fota_sim.cli.summary_text import summary_text
from fota_sim.report.figures.adoption import adoption_finding
from fota_sim.report.figures.cost import cost_finding
from fota_sim.report.figures.funnel import funnel
from fota_sim.report.figures.throughput import throughput_finding
from fota_sim.report.page.run import key_numbers, measures_table
from fota_sim.scenario.metrics import OUTCOME_WORDS

IN_ANSWER = (
    "success_of_targeted",
    "bytes_sent",
    "energy_J",
    "bytes_wasted_share",
    "energy_wasted_share",
    "battery_mAh",
)
SEVERAL = ("five devices", "ten replications", "waves", "priced")


@cache
def study_of(shape: str) -> Study:
    groups, overrides = SHAPES[shape]
    return played(source(groups), overrides)


@pytest.mark.parametrize("shape", SEVERAL)
def test_the_answer_tells_numbers_as_tables_do(shape: str) -> None:
    study = study_of(shape)
    answer, metrics = " ".join(study_answer(study)), study.summary["metrics"]
    rows = {row[0].text: row[1].text for row in measures_table(study.summary).rows}
    text = summary_text(study.summary)
    for name in IN_ANSWER:
        told = value_text(name, metrics[name])
        all_or_none = metrics[name]["value"] in {0, 1} and ("none of it wasted" in answer or answer.startswith("All "))
        assert told in answer or all_or_none
        assert rows[metrics[name]["label"]] == told
        assert f"  {told}  " in text
    peak = value_text("downloads_peak", metrics["downloads_peak"])
    assert f"{peak} run" in answer
    assert rows[metrics["downloads_peak"]["label"]] == peak


@pytest.mark.parametrize("shape", SEVERAL)
def test_titles_of_figures_tell_numbers_as_tables_do(shape: str) -> None:
    study = study_of(shape)
    metrics = study.summary["metrics"]
    share, peak, sent = (
        value_text(name, metrics[name]) for name in ("success_of_targeted", "downloads_peak", "bytes_sent")
    )
    assert adoption_finding(study).startswith(f"{share} of ")
    assert peak in throughput_finding(study)
    assert shape == "priced" or cost_finding(study).startswith(f"{sent} sent")


def test_the_interval_of_the_answer_is_that_of_tables_and_figures() -> None:
    study = study_of("ten replications")
    ends = format_interval(study.summary["metrics"]["success_of_targeted"]["interval"], "share")
    assert f"95 % interval {ends}" in study_answer(study)[0]
    assert f"95 %: {ends}" in adoption_finding(study)
    assert f"95 %: {ends}" in [each.more for each in key_numbers(study.summary)]


def test_what_is_upgraded_and_what_is_not_add_up_as_they_are_told() -> None:
    study = study_of("ten replications")
    share = study.summary["metrics"]["success_of_targeted"]["value"]
    assert f"The other {100 * (1 - round(share, 4)):.2f} % of the targeted" in " ".join(study_answer(study))


def test_the_funnel_calls_outcomes_by_their_own_words() -> None:
    for shape in SEVERAL:
        for step in funnel(study_of(shape)):
            assert step.label == OUTCOME_WORDS.get(step.name, step.label)
