"""A page from its parts: escaped, small enough, and told in numbers that sort."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.figure import Figure
from report_world import EVIL, EVILS

from fota_sim.analysis.sensitivity.assumptions import assumed_by
from fota_sim.report.page import cells, parts
from fota_sim.report.page.content import Cell, Column, KeyNumber, Listing, Page, Picture, Section, Table, Text, Verdict
from fota_sim.report.page.picture import MOST_BYTES, images
from fota_sim.report.page.render import render
from fota_sim.scenario.loader import parse_scenario

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)


class Tags(HTMLParser):
    """Counts the tags of a page, and keeps its texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def plain_figure() -> Figure:
    return Figure(figsize=(4, 3))


def page_of(text: str) -> Page:
    """A page with the text in every place that takes one."""
    table = Table(text, [Column(text), Column(text, True)], [[Cell(text, text, text), Cell(text, 1.0)]], text)
    blocks = [Text([text]), table, Picture(plain_figure, text), Listing(text, text), Listing(text)]
    numbers, verdicts = [KeyNumber(text, text, text)], [Verdict(text, "pass", text)]
    sections = [Section("Everything", blocks)]
    return Page(text, text, text, [text], [text, text], [text], numbers, verdicts, sections)


@pytest.mark.parametrize("evil", [*EVILS, EVIL])
def test_no_text_becomes_markup_anywhere(evil: str) -> None:
    honest, tried = Tags(render(page_of("word"), NOW)), Tags(render(page_of(evil), NOW))
    assert tried.tags == honest.tags
    assert tried.handlers == []


def test_templates_in_texts_are_not_run() -> None:
    texts = Tags(render(page_of("{{7*7}}"), NOW)).texts
    assert not any("49" in text for text in texts if "{{7*7}}" in text)
    assert sum("{{7*7}}" in text for text in texts) > 10


def test_backticks_are_code_and_units_stay_with_their_numbers() -> None:
    html = render(page_of("`a<b` takes 5 % of 3 d"), NOW)
    assert "<code>a&lt;b</code> takes 5\u00a0% of 3\u00a0d" in html


def test_the_same_content_is_the_same_page() -> None:
    assert render(page_of("word"), NOW) == render(page_of("word"), NOW)


def test_the_page_allows_nothing_from_elsewhere_and_only_its_own_script() -> None:
    html = render(page_of("word"), NOW)
    assert "default-src &#39;none&#39;" in html
    assert "script-src &#39;sha256-" in html
    assert "unsafe" not in html
    assert "http://" not in html
    assert "https://" not in html


def test_sections_without_blocks_are_left_out() -> None:
    page = page_of("word")
    html = render(Page(*[*vars(page).values()][:-1], [Section("Nothing here", []), *page.sections]), NOW)
    assert "Nothing here" not in html


def noise(inches: float) -> Figure:
    """The worst to press together."""
    figure = Figure(figsize=(inches, inches))
    axes = figure.subplots()
    axes.imshow(np.random.default_rng(1).random((400, 400)), cmap="cividis")
    return figure


@pytest.mark.long
def test_many_large_figures_together_stay_within_the_bytes_of_a_page() -> None:
    found = images([noise(9) for _ in range(12)])
    assert sum(len(image.data) for image in found) <= MOST_BYTES
    assert all(image.width == 864 for image in found)


def test_a_long_table_is_cut_and_says_so() -> None:
    rows = [[cells.number(float(k))] for k in range(cells.MOST_ROWS + 7)]
    table = cells.table("many", [Column("number", True)], rows)
    assert len(table.rows) == cells.MOST_ROWS
    assert "7 more rows" in table.note


def test_a_long_listing_is_cut_at_a_line_and_says_so() -> None:
    listing = parts.listing("a line\n" * 50_000, "long")
    assert len(listing.text) < parts.MOST_CHARACTERS + 100
    assert listing.text.splitlines()[-2] == "a line"
    assert "more lines" in listing.text


@pytest.mark.parametrize(
    ("cell", "text", "key"),
    [
        (cells.number(None, "ms"), "–", None),
        (cells.number(0.5, "share"), "50.00 %", 0.5),
        (cells.interval((0.1, 0.2), "share"), "10.00 to 20.00 %", 0.1),
        (cells.mean_count(12.5), "12.5", 12.5),
        (cells.mean_count(1200.0), "1,200", 1200.0),
        (cells.text("Word"), "Word", "word"),
    ],
)
def test_a_cell_shows_text_and_sorts_by_its_value(cell: Cell, text: str, key: float | str | None) -> None:
    assert (cell.text, cell.key) == (text, key)


SCENARIO = """\
horizon: 2d
product: {model: {components: [{identifier: app, type: firmware}]}}
packages:
  - {name: app-2, component: app, kind: full, target_version: "2_0", files: [{name: a.bin, size: 100kB}]}
plan: {packages: [app-2]}
modules: {board: {extends: EC200U, free_flash: 9MB}, other: {extends: EC200U}}
fleet:
  groups:
    - {name: a, count: 2, module: board}
    - {name: b, count: 2, module: other}
    - {name: c, count: 2, module: EC200U}
"""


def test_an_assumption_is_the_scenarios_own_only_where_it_says_something_else() -> None:
    found = {each.path: each for each in assumed_by(parse_scenario(SCENARIO))}
    assert found["modules.board.free_flash"].own
    assert found["modules.board.free_flash"].value == "9MB"
    assert not found["modules.other.free_flash"].own
    assert not found["modules.board.i_flash"].own  # taken over from the built-in one
    assert not any(path.startswith("radios.nb-iot") for path in found)  # nobody has one


def test_what_several_modules_have_in_common_is_one_row() -> None:
    rows = [[cell.text for cell in row] for row in parts.assumptions_table(parse_scenario(SCENARIO)).rows]
    flash = [row for row in rows if row[0].endswith("free_flash")]
    assert [row[:3] for row in flash] == [
        ["modules.board.free_flash", "9MB", "this scenario"],
        ["modules.EC200U, other.free_flash", "4MB", "built in"],
    ]
