"""What an answer costs besides the engine, in calls and in what is sent, for these are the same on every machine."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from bokeh.document import Document
from bokeh.document.events import ColumnDataChangedEvent, DocumentChangedEvent
from explore_world import a_source

from fota_sim.analysis.batch.unit import identity
from fota_sim.engines.choice import REFERENCE
from fota_sim.report.explore.knobs import knobs_of
from fota_sim.report.explore.page import Page
from fota_sim.report.explore.player import Answer, Played
from fota_sim.report.explore.playing import play_on
from fota_sim.report.explore.shelf import Shelf
from fota_sim.report.explore.source import Source
from fota_sim.report.explore.state import scenario_of
from fota_sim.scenario.dump import dump_yaml


def calls(do: Callable[[], object]) -> int:
    """How many Python functions are called."""
    found = 0

    def heard(frame: FrameType, event: str, _: object) -> None:
        nonlocal found
        found += event == "call"

    sys.setprofile(heard)
    try:
        do()
    finally:
        sys.setprofile(None)
    return found


def an_answer(source: Source, runs: int) -> Answer:
    scenario, play = source.scenario(), play_on(REFERENCE)
    return Answer(
        1, Played(scenario, tuple(play(scenario, number, lambda _, __: None) for number in range(runs))), None
    )


def drawn_with(source: Source, answer: Answer) -> Page:
    """A page that shows the answer, and whose player does nothing."""
    page = Page(source, play_on(REFERENCE), Shelf(), later=lambda _: None)
    page.close()
    page._show(answer)
    return page


def sent(page: Page, answer: Answer) -> list[set[str]]:
    """The names of the columns that go to the browser when the answer is drawn, by source."""
    found: list[set[str]] = []

    def heard(event: DocumentChangedEvent) -> None:
        if isinstance(event, ColumnDataChangedEvent):
            found.append(set(event.model.data))

    document = Document()
    for plot in page._plots:
        document.add_root(plot.figure)
    document.on_change(heard)
    page._show(answer)
    return found


ENOUGH = 20_000
"""Calls. It takes 6,000 to draw an answer and 5,000 to make a scenario; to write a small one as YAML, 125,000."""


@pytest.mark.parametrize("runs", [1, 5])
def test_to_draw_an_answer_takes_few_calls(tmp_path: Path, runs: int) -> None:
    answer = an_answer(a_source(tmp_path), runs)
    page = drawn_with(a_source(tmp_path), answer)
    assert calls(lambda: page._show(answer)) < ENOUGH < calls(lambda: dump_yaml(answer.now.scenario))


def test_to_make_and_name_a_scenario_takes_few_calls(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    knobs = knobs_of(source, source.scenario())
    state = {"battery": "40%", "connections": "100"}
    assert calls(lambda: identity(scenario_of(source, knobs, state))) < ENOUGH


def test_only_columns_that_changed_are_sent(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    one = an_answer(source, 1)
    assert sent(drawn_with(source, one), one) == []
    stricter = an_answer(a_source(tmp_path, "plan.strategy.min_battery=60%"), 1)
    found = sent(drawn_with(source, one), stricter)
    assert {"battery", "signal"} in found  # the gates
    assert {"time", "upgraded"} not in found  # a baseline, and there is none
    assert {"time", "low", "high"} not in found  # the band, which one replication has not
