"""A page from its parts: escaped, small enough, and told in numbers that sort."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from report_world import EVIL, EVILS

from fota_sim.analysis.sensitivity.assumptions import Assumed, assumed_by
from fota_sim.analysis.sensitivity.in_use import in_use
from fota_sim.report.page import cells, parts
from fota_sim.report.page.content import Cell, Column, KeyNumber, Listing, Page, Picture, Section, Table, Text, Verdict
from fota_sim.report.page.picture import MOST_BYTES, images
from fota_sim.report.page.render import render
from fota_sim.report.page.run import FIGURES
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

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


def assumed(scenario: Scenario) -> list[Assumed]:
    return assumed_by(scenario, in_use(scenario))


def test_an_assumption_is_the_scenarios_own_only_where_it_says_something_else() -> None:
    found = {each.path: each for each in assumed(parse_scenario(SCENARIO))}
    assert found["modules.board.free_flash"].own
    assert found["modules.board.free_flash"].value == "9MB"
    assert not found["modules.other.free_flash"].own
    assert not found["modules.board.i_flash"].own  # taken over from the built-in one
    assert not any(path.startswith("radios.nb-iot") for path in found)  # nobody has one


def test_what_several_modules_have_in_common_is_one_row() -> None:
    scenario = parse_scenario(SCENARIO)
    rows = [[cell.text for cell in row] for row in parts.assumptions_table(scenario, in_use(scenario)).rows]
    flash = [row for row in rows if row[0].endswith("free_flash")]
    assert [row[:3] for row in flash] == [
        ["modules.board.free_flash", "9MB", "this scenario"],
        ["modules.EC200U, other.free_flash", "4MB", "built in"],
    ]


FROM_A_FILE = """\
horizon: 1d
product: {model: {device_model: M, components: [{identifier: app, type: firmware}]}}
packages: [{name: p, component: app, target_version: "2_0", files: [{name: p.bin, size: 50kB}]}]
plan: {packages: [p]}
fleet: {csv: [{name: f, file: fleet.csv, columns: {id: id, module: model, rssi: rssi}%s}]}
"""


def test_assumptions_are_those_of_the_radios_that_rows_of_a_file_have(tmp_path: Path) -> None:
    (tmp_path / "fleet.csv").write_text("id,model,rssi\n" + "".join(f"{k},EC200U,-70\n" for k in range(3)))
    scenario = parse_scenario(FROM_A_FILE % ", module: BC66", tmp_path / "my.yaml")
    paths = {each.path for each in assumed(scenario)}
    assert "radios.lte-cat1.p_floor" in paths  # BC66 is of rows without a module, and there are none
    assert not any(path.startswith(("radios.nb-iot", "modules.BC66")) for path in paths)
    assert "radios.lte-cat1.rssi" not in paths  # each row gives its own
    (tmp_path / "fleet.csv").write_text("id,model,rssi\n1,,-100\n2,EC200U,\n")
    paths = {each.path for each in assumed(scenario)}
    assert {"radios.nb-iot.p_floor", "modules.BC66.free_flash", "radios.lte-cat1.rssi"} <= paths
    assert "radios.nb-iot.rssi" not in paths


def test_an_assumption_of_what_nobody_does_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "fleet.csv").write_text("id,model,rssi\n1,EC200U,-90\n2,BC66,-100\n")
    plain = {each.path for each in assumed(parse_scenario(FROM_A_FILE % ", mains: 0%", tmp_path / "my.yaml"))}
    rsrp = FROM_A_FILE % ", units: {rssi: rsrp}, mains: 100%"
    other = {each.path for each in assumed(parse_scenario(rsrp, tmp_path / "my.yaml"))}
    assert {path for path in other - plain if "power_cuts" not in path} == {"fleet.csv.f.rsrp_offset"}
    assert "modules.BC66.power_cuts_mains" in other - plain
    assert {"modules.BC66.power_cuts_battery", "modules.BC66.battery.level"} <= plain - other
    # LTE Cat 1 has the truncated Shannon law, NB-IoT one of its own, neither a step table
    assert {"radios.lte-cat1.share"} == {path for path in plain if path.endswith((".share", ".efficiency", ".margin"))}
    assert not any(path.endswith((".i_edrx", ".mcu_flash_rate")) for path in plain)


def test_a_file_that_is_gone_leaves_everything_that_its_devices_may_have_had(tmp_path: Path) -> None:
    (tmp_path / "fleet.csv").write_text("id,model,rssi\n1,EC200U,-90\n")
    scenario = parse_scenario(FROM_A_FILE % "", tmp_path / "my.yaml")
    (tmp_path / "fleet.csv").unlink()
    assert {"radios.wifi.efficiency", "radios.nb-iot.p_floor"} <= {each.path for each in assumed(scenario)}
    told = parts.assumptions_section(scenario).blocks[0]
    assert isinstance(told, Text)
    assert any("fleet.csv cannot be read any more" in line for line in told.paragraphs)


def test_no_caption_tells_of_an_interval_that_one_replication_has_not() -> None:
    assert [caption for _, caption in FIGURES if "interval" in caption] == []
