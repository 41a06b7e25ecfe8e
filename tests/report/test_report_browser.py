"""Reports as a reader meets them: opened from disk in a browser, on a screen, on a phone, and on paper."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from playwright.sync_api import Browser, Locator, Page
from report_world import EVIL, KINDS

WIDTHS = (1280, 390)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context.new_page()


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_opens_from_disk_and_fetches_nothing(page: Page, pages: dict[str, Path], kind: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(pages[kind].as_uri())
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [pages[kind].as_uri()]
    assert said == []
    assert page.locator(".answer p strong").inner_text().strip()


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_is_drawn_and_says_what_it_shows(page: Page, pages: dict[str, Path], kind: str) -> None:
    page.goto(pages[kind].as_uri())
    drawn = page.eval_on_selector_all("img", "all => all.map(each => [each.naturalWidth, each.alt, each.complete])")
    assert drawn
    assert all(width > 300 and alt and complete for width, alt, complete in drawn)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(page: Page, pages: dict[str, Path], kind: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(pages[kind].as_uri())
    for details in page.locator("details").all():
        details.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def edge(frame: Locator) -> float:
    """How bright the right edge of a figure's frame is, 0 to 1, between what is drawn there: its lightest rows."""
    pixels = imread(BytesIO(frame.screenshot()))[:, :, :3].mean(axis=2)
    return float(np.percentile(pixels[:, -4], 90))


def test_a_figure_that_goes_on_beyond_a_phone_s_window_has_a_shadow_there_until_its_end(
    page: Page, pages: dict[str, Path]
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(pages["run"].as_uri())
    frame = page.locator("figure .scroll").first
    assert edge(frame) < 0.95
    frame.evaluate("each => { each.scrollLeft = each.scrollWidth }")
    assert edge(frame) > 0.99
    page.set_viewport_size({"width": 1280, "height": 800})
    assert edge(frame) > 0.99


OWN_QUESTION = ("sweep", "tuning", "sensitivity")
"""Kinds of reports that ask something else than their scenario does."""


@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_the_scenario_stay_texts(page: Page, pages: dict[str, Path], kind: str) -> None:
    page.goto(pages[kind].as_uri())
    assert page.evaluate("typeof owned") == "undefined"
    assert page.locator("script").count() == 1
    assert page.locator("style").count() == 1
    assert page.locator("img[src=x]").count() == 0
    if kind not in OWN_QUESTION:
        assert page.locator(".question").inner_text() == EVIL
    folded = page.locator("details pre").first.text_content() or ""
    assert all(evil in folded for evil in ("<script>", "onerror=", "</style>", "{{7*7}}"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_goes_on_paper(page: Page, pages: dict[str, Path], kind: str) -> None:
    page.goto(pages[kind].as_uri())
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})  # A4 less its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 680


def column(page: Page, table: str, place: int) -> list[str]:
    return page.locator(f"{table} tbody tr td:nth-child({place})").all_inner_texts()


def test_numbers_are_sorted_as_numbers_both_ways_and_what_has_none_stays_last(
    page: Page, pages: dict[str, Path]
) -> None:
    page.goto(pages["run"].as_uri())
    head = page.locator("#measures th", has_text="Value")
    for wanted, backwards in (("ascending", False), ("descending", True)):
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == wanted
        keys = page.eval_on_selector_all(
            "#measures tbody tr td:nth-child(2)", "all => all.map(each => each.dataset.key ?? null)"
        )
        known = [float(key) for key in keys if key is not None]
        assert known == sorted(known, reverse=backwards)
        assert len(known) > 20
        assert None not in keys[: len(known)]
        assert len(keys) > len(known)  # times that are not reached


def test_words_are_sorted_by_the_alphabet_with_the_keyboard(page: Page, pages: dict[str, Path]) -> None:
    page.goto(pages["run"].as_uri())
    before = column(page, "#measures", 1)
    head = page.locator("#measures th", has_text="Measure")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(page, "#measures", 1) == sorted(before, key=str.casefold) != before
    page.keyboard.press("Space")
    assert column(page, "#measures", 1) == sorted(before, key=str.casefold, reverse=True)


def test_only_one_column_is_called_sorted(page: Page, pages: dict[str, Path]) -> None:
    page.goto(pages["run"].as_uri())
    for name in ("Measure", "Value"):
        page.locator("#measures th", has_text=name).get_by_role("button").click()
    assert page.locator("#measures th[aria-sort]").count() == 1


def test_without_scripts_everything_is_there_to_read(browser: Browser, pages: dict[str, Path]) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(pages["run"].as_uri())
        assert page.locator("#measures th", has_text="Value").is_visible()
        assert page.locator("th button").count() == 0
        page.locator("details summary").first.click()
        assert page.locator("details pre").first.is_visible()


def test_links_of_the_contents_lead_to_their_sections(page: Page, pages: dict[str, Path]) -> None:
    page.goto(pages["run"].as_uri())
    for link in page.locator("nav a").all():
        assert page.locator(link.get_attribute("href") or "").count() == 1
