"""A result as a notebook's cell shows it: the answer, a few numbers with intervals, and a fold with all the others."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

import fota_sim as fs
from fota_sim.analysis.answers.run import run_answer

PATH = "plan.strategy.min_battery"
EVIL = "<script>alert(1)</script> & `code`"
MADE: dict[str, Callable[[fs.Scenario, Path], Any]] = {
    "run": lambda scenario, _: fs.run(scenario),
    "comparison": lambda scenario, _: fs.compare(scenario),
    "sweep": lambda scenario, _: fs.sweep(scenario, {PATH: ["10%", "60%"]}, workers=1),
    "sensitivity": lambda scenario, _: fs.sensitivity(scenario, [f"{PATH}=10%..60%"], workers=1),
    "search": lambda scenario, folder: fs.tune(
        scenario, [f"{PATH}=10%..60%"], out=folder, minimise=["failed"], trials=2, replications=2, fresh=5, workers=1
    ),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One of each kind, of a scenario whose question is hostile."""
    scenario = fs.template("meters")
    scenario.update(
        {"question": f"{EVIL}?", "fleet.groups.meters.count": 40, "replications": 5, "thresholds": ["bricked < 50%"]}
    )
    return {kind: make(scenario, tmp_path_factory.mktemp(kind)) for kind, make in MADE.items()}


def shown(result: Any) -> tuple[str, str]:
    """What is seen at once, and what is folded away, as texts."""
    html: str = result._repr_html_()
    found = re.fullmatch(r"(.*)<details.*?>(.*)</details>(.*)", html, re.DOTALL)
    assert found is not None
    return text(found[1] + found[3]), text(found[2])


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").split())


def test_a_run_is_answered_at_once_and_has_every_measure_in_its_fold(results: dict[str, Any]) -> None:
    seen, folded = shown(results["run"])
    summary = results["run"].summary
    for sentence in run_answer(summary):
        assert " ".join(sentence.replace("`", "").split()) in seen
    assert "95 %:" in seen
    assert "pass bricked < 50%" in seen
    labels = [metric["label"] for name, metric in summary["metrics"].items() if not name.startswith("outcome_")]
    assert len(labels) > 20
    assert [label for label in labels if label not in folded] == []


@pytest.mark.parametrize("kind", MADE)
def test_every_kind_has_an_answer_and_a_fold(kind: str, results: dict[str, Any]) -> None:
    seen, folded = shown(results[kind])
    assert seen.count(". ") >= 1
    assert len(re.findall(r"\d", folded)) > 5


@pytest.mark.parametrize("kind", MADE)
def test_nothing_of_a_scenario_is_taken_for_markup(kind: str, results: dict[str, Any]) -> None:
    html = results[kind]._repr_html_()
    assert "<script" not in html
    asks_its_own = kind in ("sweep", "sensitivity", "search")
    assert asks_its_own or "&lt;script&gt;alert(1)" in html
    assert not re.search(r"\b(src|href|on\w+)=", html)


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("width_px", [390, 1100])
def test_a_card_fits_its_page_folded_and_open(
    kind: str, width_px: int, results: dict[str, Any], browser: Browser
) -> None:
    with browser.new_context(viewport={"width": width_px, "height": 900}) as context:
        page = context.new_page()
        page.set_content(f"<!DOCTYPE html><body style='font-family: sans-serif'>{results[kind]._repr_html_()}</body>")
        for opened in (False, True):
            page.eval_on_selector_all("details", f"all => all.forEach(each => each.open = {str(opened).lower()})")
            assert page.evaluate("document.documentElement.scrollWidth") <= width_px
            assert page.locator("table").first.is_visible() == opened


@pytest.mark.parametrize("kind", MADE)
def test_its_text_is_that_of_the_command_line(kind: str, results: dict[str, Any]) -> None:
    assert len(repr(results[kind]).splitlines()) >= 3
    assert "<" not in repr(results[kind]).replace(EVIL, "").replace("bricked < 50%", "").replace("<0.001", "")
