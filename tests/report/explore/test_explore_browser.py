"""The page in a real browser: dragging, pinning, saving, reloading, two tabs, and nothing from elsewhere."""

import asyncio
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from explore_world import PATIENCE_S, SEVERAL, TEXT, a_source, always_samples
from playwright.sync_api import Browser, Page, expect

import fota_sim
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.engines.choice import COMPILED, REFERENCE
from fota_sim.report.explore.pace import Samples
from fota_sim.report.explore.server import explore_server
from fota_sim.report.explore.so_far import read_so_far
from fota_sim.report.explore.timeline import Timeline

PATIENCE_MS = 1000 * PATIENCE_S
UPGRADED, REFUSED = "success_of_targeted", "refused_of_targeted"
DONE = re.compile("^5 replications, means")


LONG = TEXT.replace("replications: 5", "replications: 2000")
"""So many that they are not all played while a test looks."""


class Served:
    """A server in a thread of its own, for as long as it is needed."""

    def __init__(
        self,
        folder: Path,
        text: str = TEXT,
        samples: Samples | None = None,
        log: Path | None = None,
        port: int = 0,
    ) -> None:
        self._port = port
        self._engine = REFERENCE if samples else COMPILED  # who shows a sample takes its time for all devices
        source = a_source(folder, text=text)
        self._source = source if log is None else replace(source, so_far=read_so_far([log], source.scenario()))
        self._samples = samples
        self.timeline = Timeline(on=True)
        self._ready = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE_S)

    def _run(self) -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        self.server, self.address = explore_server(
            self._source, self._engine, self._port, samples=self._samples, timeline=self.timeline
        )
        self.server.start()
        self.server.io_loop.add_callback(self._ready.set)
        self.server.io_loop.start()

    def part(self) -> None:
        """Cut off every tab, as a network does that is gone for a moment."""

        def close() -> None:
            for connection in list(self.server._tornado._clients):
                connection._socket.close()

        self.server.io_loop.add_callback(close)

    def hears(self, what: str, for_s: float = PATIENCE_S) -> bool:
        """Whether this happens on a page within the time; what was noted before is forgotten."""
        until_s = monotonic() + for_s
        while monotonic() < until_s:
            if what in (name for name, _ in self.timeline.take()):
                return True
            sleep(0.02)
        return False

    def stop(self) -> None:
        """End the server and its thread."""

        async def end() -> None:
            self.server.stop()
            await self.server._http.close_all_connections()  # as the end of a process does
            self.server.io_loop.stop()

        self.server.io_loop.add_callback(end)
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tabs, as in use: each tab has a page of its own."""
    found = Served(tmp_path_factory.mktemp("served"))
    yield found
    found.stop()


class Tab:
    """A tab of the browser with the page in it."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page: Page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address)
        self.wait()

    def wait(self) -> None:
        """Until all replications are there."""
        expect(self.page.locator(".status")).to_have_text(DONE, timeout=PATIENCE_MS)

    def settled(self) -> list[object]:
        """Where the pictures are, once they are in the same place in two looks."""
        before, now = [None], self._pictures()
        while before != now or len(now) < 4:
            self.page.wait_for_timeout(50)
            before, now = now, self._pictures()
        return now

    def _pictures(self) -> list[object]:
        return [picture.bounding_box() for picture in self.page.locator(".plot").all()]

    def number(self, metric: str, part: str = "value") -> str:
        return self.page.locator(f'.number[data-metric="{metric}"] .{part}').first.inner_text()

    def drag(self, key: str, share: float) -> None:
        """Take the handle of a slider with the mouse and let go of it at ``share`` of its way."""
        handle = self.page.locator(f".knob-{key} .noUi-handle").bounding_box()
        way = self.page.locator(f".knob-{key} .noUi-base").bounding_box()
        assert handle is not None
        assert way is not None
        y = handle["y"] + handle["height"] / 2
        mouse = self.page.mouse
        mouse.move(handle["x"] + handle["width"] / 2, y)
        mouse.down()
        mouse.move(way["x"] + share * way["width"], y, steps=8)
        mouse.up()

    def expect_query(self, query: str) -> None:
        self.page.wait_for_url(lambda url: urlsplit(url).query == query)

    def value(self, key: str) -> str:
        return self.page.locator(f".knob-{key} .label b").inner_text()

    def close(self) -> None:
        assert self.errors == []
        self.page.context.close()


@pytest.fixture
def tab(browser: Browser, served: Served) -> Iterator[Tab]:
    found = Tab(browser, served.address)
    yield found
    found.close()


@pytest.fixture(scope="module")
def before_and_dragged(browser: Browser, served: Served) -> Iterator[tuple[str, Tab]]:
    """The share that is refused, and a tab in which all are asked for a full battery since."""
    found = Tab(browser, served.address)
    before = found.number(REFUSED)
    found.drag("battery", 1.0)
    found.expect_query("battery=100%25")
    found.wait()
    yield before, found
    found.close()


@pytest.fixture
def dragged(before_and_dragged: tuple[str, Tab]) -> Tab:
    return before_and_dragged[1]


def test_a_drag_changes_the_numbers_and_the_address(before_and_dragged: tuple[str, Tab]) -> None:
    before, dragged = before_and_dragged
    assert dragged.value("battery") == "100 %"
    assert dragged.number(REFUSED) != before


def test_pinned_numbers_show_their_change_with_its_interval(tab: Tab) -> None:
    tab.page.locator(".pin button").click()
    tab.expect_query("pinned=")
    tab.wait()
    assert tab.number(REFUSED, "change") == "no change"
    tab.drag("battery", 1.0)
    tab.expect_query("battery=100%25&pinned=")
    expect(tab.page.locator(".status")).to_contain_text("paired over 5 replications", timeout=PATIENCE_MS)
    change = tab.number(REFUSED, "change")
    assert re.search(r"^\+\d", change)
    assert re.search(r"95 %: \+\d.* to \+\d", change)
    tab.page.locator(".unpin button").click()
    tab.expect_query("battery=100%25")
    expect(tab.page.locator(".change")).to_have_count(0)


def test_what_is_saved_is_played_to_the_numbers_that_are_shown(dragged: Tab, tmp_path: Path) -> None:
    with dragged.page.expect_download() as download:
        dragged.page.locator(".save a").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "small-explored.yaml"
    summary = fota_sim.run(file, engine=COMPILED, workers=1).summary
    for metric in (UPGRADED, REFUSED, "bytes_sent"):
        of = summary["metrics"][metric]
        assert dragged.number(metric) == format_value(of["value"], of["unit"])


def test_reloading_brings_back_what_was_turned_and_pinned(tab: Tab) -> None:
    tab.page.locator(".pin button").click()
    tab.drag("battery", 1.0)
    tab.expect_query("battery=100%25&pinned=")
    tab.wait()
    shown = tab.page.locator(".numbers").inner_text()
    tab.page.reload()
    tab.wait()
    expect(tab.page.locator(".status")).to_contain_text("paired over 5 replications", timeout=PATIENCE_MS)
    assert tab.value("battery") == "100 %"
    assert tab.page.locator(".numbers").inner_text() == shown


def test_two_tabs_do_not_disturb_each_other(tab: Tab, browser: Browser, served: Served) -> None:
    other = Tab(browser, served.address)
    shown = other.page.locator(".numbers").inner_text()
    tab.drag("battery", 1.0)
    tab.expect_query("battery=100%25")
    tab.wait()
    other.drag("retries", 0.0)
    other.expect_query("retries=0")
    other.wait()
    assert (tab.value("battery"), other.value("battery")) == ("100 %", "30 %")
    assert (tab.value("retries"), other.value("retries")) == ("5", "0")
    other.drag("retries", 1.0)
    other.expect_query("")
    other.wait()
    assert other.page.locator(".numbers").inner_text() == shown
    other.close()


def test_a_mistake_is_told_beside_its_control_and_the_numbers_stay(tab: Tab) -> None:
    shown = tab.page.locator(".numbers").inner_text()
    field = tab.page.locator(".knob-push input")
    field.fill("1-5")
    field.press("Enter")
    expect(tab.page.locator(".knob-push .wrong")).to_contain_text("01:00-05:00")
    expect(tab.page.locator(".numbers.stale")).to_have_count(1)
    for picture in tab.page.locator(".plot").all():
        expect(picture).to_have_css("opacity", "0.4")
    assert tab.page.locator(".numbers").inner_text() == shown
    field.fill("01:00-05:00")
    field.press("Enter")
    expect(tab.page.locator(".numbers.stale")).to_have_count(0)
    expect(tab.page.locator(".knob-push .wrong")).to_have_count(0)
    assert tab.page.locator(".plot").count() == 4
    for picture in tab.page.locator(".plot").all():
        expect(picture).to_have_css("opacity", "1")


SAY = """
() => {
  const find = (root, what) => {
    for (const each of [root, ...root.querySelectorAll('*')]) {
      const inside = each.shadowRoot || (each === root ? root : null)
      const found = inside && (inside.querySelector(what) || (each !== root && find(inside, what)))
      if (found) return found
    }
    return null
  }
  const status = find(document, '.status').parentNode
  window.said = []
  new MutationObserver(() => {
    const tiles = find(document, '.numbers')
    window.said.push([status.textContent, tiles.className, tiles.textContent.includes('sample of 40 devices')])
  }).observe(status, {childList: true, subtree: true, characterData: true})
}
"""
"""Writes down every status that the page shows, and what its tiles are marked as then."""


def test_a_drag_shows_a_sample_marked_as_one_and_then_all_devices(
    browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    served = Served(tmp_path, SEVERAL, always_samples())
    request.addfinalizer(served.stop)
    tab = Tab(browser, served.address)
    tab.page.evaluate(SAY)
    tab.drag("battery", 1.0)
    tab.expect_query("battery=100%25")
    tab.wait()
    said = tab.page.evaluate("window.said")
    of_samples = [each for each in said if each[0].startswith("A sample: 40 of 160 devices")]
    of_all = [each for each in said if each[0][:1].isdigit()]
    assert of_samples
    assert all(classes == "numbers sampled" and marked for _, classes, marked in of_samples)
    assert of_all
    assert not any("sampled" in classes or marked for _, classes, marked in of_all)
    assert said[-1] == of_all[-1]
    expect(tab.page.locator(".sample")).to_have_count(0)
    tab.close()


def test_fading_and_clearing_the_pictures_leaves_them_where_they_are(tab: Tab) -> None:
    before = tab.settled()
    assert len(before) == 4
    field = tab.page.locator(".knob-push input")
    field.fill("1-5")
    field.press("Enter")
    for picture in tab.page.locator(".plot").all():
        expect(picture).to_have_css("opacity", "0.4")
    assert tab.settled() == before


def test_a_style_sheet_is_written_only_where_its_text_changes(tab: Tab) -> None:
    """Else the browser works out all styles again in the middle of painting."""
    kept, changed = tab.page.evaluate("""() => {
      const sheet = new (Bokeh.require('core/dom').InlineStyleSheet)('a { left: 0 }')
      const before = sheet.el.firstChild
      sheet.replace('a { left: 0 }')
      const kept = sheet.el.firstChild === before
      sheet.replace('a { left: 1px }')
      return [kept, sheet.css]
    }""")
    assert kept
    assert changed == "a { left: 1px }"


def test_while_a_thumb_is_held_nothing_but_the_body_takes_its_cursor(tab: Tab) -> None:
    """What all inherit would be worked out for everything on the page; and no text is chosen all the same."""
    handle = tab.page.locator(".knob-battery .noUi-handle")
    handle.scroll_into_view_if_needed()
    handle.hover()
    tab.page.mouse.down()
    styles = "each => (({cursor, userSelect}) => [cursor, userSelect])(getComputedStyle(each))"
    assert "grab" in tab.page.locator("body").evaluate(styles)[0]
    assert tab.page.locator(".status").evaluate(styles) == ["auto", "auto"]
    tab.page.mouse.move(900, 300, steps=3)
    tab.page.mouse.move(700, 100, steps=3)
    assert tab.page.evaluate("getSelection().toString()") == ""
    tab.page.mouse.up()


def test_nothing_is_fetched_from_elsewhere(dragged: Tab, served: Served) -> None:
    assert any(url.startswith("ws:") for url in dragged.asked)
    assert {urlsplit(url).netloc for url in dragged.asked if not url.startswith(("data:", "blob:"))} == {
        urlsplit(served.address).netloc
    }


@pytest.mark.parametrize("origin", ["http://example.org", "http://localhost:1", "null"])
def test_a_page_from_elsewhere_may_not_listen(served: Served, origin: str) -> None:
    wanted = {
        "Origin": origin,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol": "bokeh, token",
    }
    connection = HTTPConnection(urlsplit(served.address).netloc, timeout=PATIENCE_S)
    connection.request("GET", "/ws", headers=wanted)
    assert connection.getresponse().status == 403
    connection.close()


def test_no_markup_of_a_scenario_or_a_link_gets_into_the_page(
    browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    evil = '<img src=x onerror=\\"window.evil=1\\"><script>window.evil=1</script>'
    text = TEXT.replace("Who gets it?", f'"{evil}"').replace("Two waves", f'"{evil}"')
    text += f'hosts: {{"{evil}": {{extends: careful}}}}\n'
    served = Served(tmp_path, text)
    request.addfinalizer(served.stop)
    tab = Tab(browser, f"{served.address}?battery=%3Cimg%20src%3Dx%20onerror%3Dwindow.evil%3D1%3E&x=%3Cscript%3E")
    assert "<img" in tab.page.locator(".told").inner_text()
    field = tab.page.locator(".knob-white input")
    field.fill("<img src=x onerror=window.evil=1>")
    field.press("Enter")
    expect(tab.page.locator(".knob-white .wrong")).to_be_visible()
    assert tab.page.evaluate("window.evil") is None
    tab.close()


def boxes(page: Page, what: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of everything that is shown, in px."""
    found = [each.bounding_box() for each in page.locator(what).all()]
    return [(b["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"]) for b in found if b is not None]


WIDTHS = (390, 768, 1440)


def test_at_every_width_nothing_overlaps_and_nothing_sticks_out(tab: Tab) -> None:
    for width in WIDTHS:
        tab.page.set_viewport_size({"width": width, "height": 900})
        everything_has_its_place(tab, width)


def test_all_buttons_are_as_high_as_each_other_and_stand_on_one_line(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 1600, "height": 900})
    tab.page.locator(".pin").click()
    expect(tab.page.locator(".unpin")).to_be_visible()
    names = (".pin", ".unpin", ".save", ".share", ".reset")
    places = [tab.page.locator(f"{name} button").first.bounding_box() for name in names]
    assert all(place is not None for place in places)
    assert {round(place["y"]) for place in places if place} == {round(places[0]["y"])}  # type: ignore[index]
    assert {round(place["height"]) for place in places if place} == {31}


def everything_has_its_place(tab: Tab, width: int) -> None:
    expect(tab.page.locator(".fold")).to_be_visible(visible=width <= 700)
    expect(tab.page.locator(".side")).to_be_visible(visible=width > 700)
    tab.page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width, timeout=PATIENCE_MS)
    parts = [*boxes(tab.page, ".plot"), *boxes(tab.page, ".tiles-pane"), *boxes(tab.page, ".buttons")]
    assert len(parts) == 6
    for number, (left, top, right, bottom) in enumerate(parts):
        assert left >= 0
        assert right <= width
        assert right - left > 200
        for other_left, other_top, other_right, other_bottom in parts[number + 1 :]:
            assert right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
    panes = boxes(tab.page, ".tiles-pane")[0]
    for _, top, _, bottom in boxes(tab.page, ".number"):
        assert panes[1] <= top
        assert bottom <= panes[3] + 1
    titles = tab.page.locator(".shows")
    assert titles.count() == 4
    for title in titles.all():
        said = title.text_content()
        assert title.evaluate("each => each.scrollWidth <= each.clientWidth"), f"{said} is cut off at {width}"


@pytest.mark.parametrize("size", [(1280, 720), (1024, 700), (500, 800)])
def test_beside_a_baseline_no_word_is_cut_off_and_no_axis_loses_its_name(
    browser: Browser, served: Served, size: tuple[int, int]
) -> None:
    tab = Tab(browser, f"{served.address}?battery=60%25&pinned=battery%3D10%2525")
    tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(tab.page.locator(".change").first).to_be_visible()
    for text in [*tab.page.locator(".number div").all(), *tab.page.locator(".shows").all()]:
        inside = "each => each.scrollWidth <= each.clientWidth && each.scrollHeight <= each.clientHeight + 1"
        assert text.evaluate(inside), f"{text.text_content()} is cut off"
    for pane, plot in zip(boxes(tab.page, ".plot-pane"), boxes(tab.page, ".plot"), strict=True):
        assert plot[3] <= pane[3] + 1
    assert max(bottom for *_, bottom in boxes(tab.page, ".plot")) <= tab.page.evaluate(
        "document.documentElement.scrollHeight"
    )
    tab.close()


def test_on_a_phone_the_knobs_unfold_and_fold_away_again(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 390, "height": 844})
    fold = tab.page.locator(".fold button")
    fold.click()
    expect(tab.page.locator(".side")).to_be_visible()
    tab.drag("battery", 1.0)
    tab.expect_query("battery=100%25")
    fold.click()
    expect(tab.page.locator(".side")).to_be_hidden()


def test_what_is_shared_plays_to_the_numbers_that_are_shown(dragged: Tab) -> None:
    dragged.page.locator(".share button").click()
    commands = dragged.page.locator(".shared pre").first.inner_text().splitlines()
    assert [line.split()[:2] for line in commands] == [["fota-sim", "explore"], ["fota-sim", "run"]]
    words = shlex.split(commands[1])
    overrides = [words[place + 1] for place, word in enumerate(words) if word == "--set"]
    summary = fota_sim.run(words[2], overrides=overrides, engine=COMPILED, workers=1).summary
    of = summary["metrics"][REFUSED]
    assert dragged.number(REFUSED) == format_value(of["value"], of["unit"])
    dragged.page.locator(".share button").click()
    expect(dragged.page.locator(".shared")).to_be_hidden()


def test_a_tab_that_is_closed_while_it_is_played_for_leaves_no_traceback(
    browser: Browser, tmp_path: Path, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    served = Served(tmp_path, SEVERAL, always_samples())
    request.addfinalizer(served.stop)
    for _ in range(3):
        page = browser.new_context().new_page()
        page.goto(served.address)
        page.context.close()
    last = Tab(browser, served.address)
    last.close()
    assert "Traceback" not in capfd.readouterr().err


def test_nothing_is_played_for_a_tab_that_is_closed(browser: Browser, tmp_path: Path) -> None:
    served = Served(tmp_path, LONG)
    try:
        page = browser.new_context().new_page()
        page.goto(served.address)
        expect(page.locator(".status")).to_have_text(re.compile("^[0-9]+ of 2000 replications"), timeout=PATIENCE_MS)
        page.context.close()
        assert served.hears("away")
        served.hears("told", 1.0)  # the answer that was under way
        assert not served.hears("told", 1.0)
    finally:
        served.stop()


def test_a_tab_that_was_cut_off_says_so_and_is_loaded_anew_with_what_was_set(browser: Browser, tmp_path: Path) -> None:
    served = Served(tmp_path, SEVERAL)
    tab = Tab(browser, served.address)
    try:
        tab.drag("battery", 1.0)
        tab.expect_query("battery=100%25")
        tab.wait()
        found = tab.number(REFUSED)
        with tab.page.expect_navigation():
            served.part()
            expect(tab.page.locator(".lost")).to_contain_text("Start fota-sim explore again", timeout=PATIENCE_MS)
        tab.wait()
        assert tab.number(REFUSED) == found
        expect(tab.page.locator(".lost")).to_have_count(0)
    finally:
        tab.close()
        served.stop()


def test_a_tab_waits_for_the_program_that_ended_to_be_there_again(browser: Browser, tmp_path: Path) -> None:
    served = Served(tmp_path, SEVERAL)
    tab = Tab(browser, served.address)
    again: Served | None = None
    try:
        served.part()
        served.stop()
        expect(tab.page.locator(".lost")).to_be_visible(timeout=PATIENCE_MS)
        with tab.page.expect_navigation():
            again = Served(tmp_path, SEVERAL, port=urlsplit(served.address).port or 0)
        tab.wait()
    finally:
        tab.close()
        if again is not None:
            again.stop()


def test_the_log_of_a_rollout_under_way_stands_beside_what_is_played(browser: Browser, tmp_path: Path) -> None:
    rows = [f"d{k},success,2026-01-05T07:00Z,2026-01-05T0{8 + k // 5}:00Z" for k in range(10)]
    rows += [f"d{k},not reached,2026-01-05T07:00Z," for k in range(10, 40)]
    log = tmp_path / "log.csv"
    log.write_text("\n".join(["device,status,offered,end", *rows]) + "\n", encoding="utf-8")
    served = Served(tmp_path, text="time_zone: UTC\nstart: 2026-01-05T07:00:00\n" + TEXT, log=log)
    tab = Tab(browser, served.address)
    try:
        title = tab.page.locator(".shows").first
        expect(title).to_contain_text("After 2 h 00 min: log 25.0 %, here ")
        tab.drag("battery", 1.0)
        tab.expect_query("battery=100%25")
        tab.wait()
        expect(title).to_contain_text("log 25.0 %")
        tab.page.locator(".share button").click()
        expect(tab.page.locator(".shared pre").first).to_contain_text(f"--so-far {log}")
    finally:
        tab.close()
        served.stop()
