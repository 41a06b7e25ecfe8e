"""A result in a notebook's cell: what the head of its page says, and its tables folded away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fota_sim.analysis.answers.comparison import candidates_answer, comparison_answer
from fota_sim.analysis.answers.run import plan_answers, study_answer
from fota_sim.analysis.answers.sensitivity import sensitivity_answer
from fota_sim.analysis.answers.sweep import sweep_answer, sweep_question
from fota_sim.analysis.answers.tuning import recommended_row, tuning_answer
from fota_sim.analysis.answers.wording import count_of, own_rules_texts, run_facts
from fota_sim.analysis.compare.comparison import Comparison
from fota_sim.analysis.run.study import Study
from fota_sim.analysis.sweep.recommended import recommended_choice
from fota_sim.analysis.sweep.sweep import Sweep
from fota_sim.report.page import comparison, parts, run, sensitivity, sweep, tuning
from fota_sim.report.page.content import KeyNumber, Table, Verdict
from fota_sim.scenario.model import Scenario


@dataclass(frozen=True)
class Card:
    """What a cell shows."""

    title: str
    question: str
    """In the scenario's words; may be empty."""
    answer: Sequence[str]
    """Sentences of one paragraph, the finding first."""
    points: Sequence[str]
    """What the answer goes on with, each for itself; may be empty."""
    numbers: Sequence[KeyNumber]
    verdicts: Sequence[Verdict]
    tables: Sequence[Table]
    """Folded away."""
    fold: str
    """What they are."""
    facts: Sequence[str]
    """Size, luck and length of what was played."""


def run_card(study: Study) -> Card:
    """Of a run, in a folder or in memory."""
    summary = study.summary
    return Card(
        summary["scenario"],
        study.scenario.asks,
        study_answer(study),
        plan_answers(study.summary),
        run.key_numbers(summary),
        parts.verdicts(summary["thresholds"]),
        [
            run.measures_table(summary),
            run.outcomes_table(summary),
            *run.groups_tables(summary),
            *run.precision_tables(summary),
        ],
        "All measures, and how devices ended and why",
        [*run_facts(summary), *own_rules_texts(summary)],
    )


def comparison_card(found: Comparison) -> Card:
    """Of a comparison."""
    report = found.report
    names = [variant["name"] for variant in report["variants"]]
    return Card(
        count_of(len(names), "variant"),
        found.studies[0].scenario.asks,
        comparison_answer(report),
        candidates_answer(report),
        comparison.best_numbers(report),
        comparison.verdicts(report),
        [comparison.means_table(report), comparison.differences_table(report)],
        "All means, and all differences",
        comparison.facts(found),
    )


def sweep_card(found: Sweep) -> Card:
    """Of a sweep."""
    choice = recommended_choice(found)
    return Card(
        found.plan.name,
        sweep_question(found),
        sweep_answer(found),
        [],
        sweep.key_numbers(found, choice),
        sweep.verdicts(found, choice),
        [sweep.points_table(found)],
        "Every point",
        sweep.facts(found),
    )


def tuning_card(found: Mapping[str, Any], scenario: Scenario) -> Card:
    """Of a search; ``scenario``: as it was before."""
    chosen = recommended_row(found)
    return Card(
        scenario.name,
        found["question"],
        tuning_answer(found),
        [],
        tuning.key_numbers(found, chosen),
        tuning.verdicts(chosen),
        [tuning.front_table(found)],
        "The front, as tuned and on fresh luck",
        tuning.facts(found),
    )


def sensitivity_card(found: Mapping[str, Any], scenario: Scenario) -> Card:
    """Of a study of assumptions; ``scenario``: as it was before."""
    tables = [sensitivity.effects(found["method"], metric) for metric in found["metrics"].values()]
    return Card(
        scenario.name,
        found["question"],
        sensitivity_answer(found),
        [],
        sensitivity.key_numbers(found),
        [],
        [each for each in tables if isinstance(each, Table)],
        "Every effect",
        sensitivity.facts(found),
    )
