"""How long the explorer takes from the release of a slider to the new numbers, in a real browser, and where that goes.

``python benchmarks/explore.py [DEVICES ...] [--scenario FILE] [--rounds N] [--runs N] [--where] [--smallest]``

For each fleet size: from the release to the frame in which the first new numbers stand (those of a sample where there
is one), to the frame with those of all devices, and how much of that the engine took. The slider is moved in two ways:
*at one go*, and let go in the same moment; and *by hand*, as a person drags it (``comparisons/hand.py``), when all
devices begin before it is let go. ``--where`` says how much time each step takes, at the median and in the slowest
release. ``--smallest`` runs in seconds and only shows that it works.
Needs Chromium (``$FOTA_SIM_CHROMIUM`` names it).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from threading import Event, Thread
from typing import Any, NamedTuple

from comparisons import script
from comparisons.hand import moves
from comparisons.measure import Table, plain, spread
from playwright.sync_api import Page, sync_playwright

from fota_sim.engines.choice import COMPILED
from fota_sim.report.explore.server import explore_server
from fota_sim.report.explore.source import Source, open_source
from fota_sim.report.explore.timeline import Moment, Timeline

SIZES = (20_000, 200_000)
ROUNDS = 30
SMALLEST_SIZES, SMALLEST_ROUNDS = (2_000,), 3
WAIT_MS = 600_000
REST_MS = 300
"""Between an answer and the next release: the numbers are looked at, and later replications are under way."""
PERCENT = (5, 10, 15, 20, 25, 35, 40, 45, 50, 55)
"""Where the minimum battery is taken to; the scenario's own 30 % would leave the address bare. Then the seed is
another, for what was played once is kept."""
BETWEEN = 60
SEEDS = 20
"""On the slider."""
STEP = 0.05
"""Of the way of the minimum battery's slider, from one value to the next."""
AT_ONE_GO, BY_HAND = "at one go", "by hand"
WAYS = (AT_ONE_GO, BY_HAND)

STEPS = {
    "taken": "to the player",
    "built": "scenario built",
    "named": "and named",
    "sample told": "sample played",
    "sample left": "sample begun and left",
    "compile": "engine loaded",
    "fleet": "fleet drawn",
    "arrivals": "arrivals",
    "loop": "loop",
    "tables": "tables",
    "outline": "counted and measured",
    "told": "told",
    "drawn from": "to the page's thread",
    "drawn": "columns for the figures",
    "painted": "to the browser, painted",
}
"""What is over at each moment, in order."""
HEADER = (
    "devices",
    "moved",
    "to first numbers, ms",
    "to those of all devices, ms",
    "slowest / median",
    "with a sample",
    "engine, ms",
)
ENGINE = ("compile", "fleet", "arrivals", "loop", "tables")

CLOCK = """
() => {
  const find = (root) => {
    const found = root.querySelector('.status')
    if (found) return found
    for (const each of root.querySelectorAll('*')) {
      const inside = each.shadowRoot && find(each.shadowRoot)
      if (inside) return inside
    }
    return null
  }
  const status = find(document).parentNode
  let released = 0
  const look = () => {
    if (!released) return
    const text = location.search.includes(window.wanted) ? status.textContent : ''
    const took = performance.now() - released
    if (window.first == null && /^(\\d|A sample)/.test(text)) window.first = took
    if (/^\\d/.test(text)) {
      window.whole = took
      window.answered()
    }
  }
  new MutationObserver(() => {
    if (window.whole == null) requestAnimationFrame(look)
  }).observe(status, {subtree: true, childList: true, characterData: true})
  window.addEventListener('mouseup', () => {
    released = performance.now()
    window.released = performance.timeOrigin + released
    window.first = window.whole = null
  }, {capture: true})
  const push = history.pushState
  history.pushState = (...all) => {
    push.apply(history, all)
    if (window.whole == null) requestAnimationFrame(look)  // what came before the release stands there already
  }
  window.addEventListener('mousedown', () => { released = 0 }, {capture: true})
}
"""
"""From the release of the mouse to the frames in which the page says that the numbers are those of the new value.

Whose numbers stand there is known when the address says what was asked, which the page has it say after the status
says whether that is answered. The page is looked at when one of them has changed. To look in every frame was a tenth of
a core, which the engine's second thread wants meanwhile.
"""


class Release(NamedTuple):
    """One release, in ms since then."""

    first: float
    whole: float
    steps: dict[str, float]
    """How long each step took; the first is negative where it was over before the release."""

    @property
    def engine(self) -> float:
        """What of it the engine took for all devices."""
        return sum(self.steps.get(name, 0.0) for name in ENGINE)  # in parts, the loop is all of it


def main() -> None:
    """Measure and print."""
    parser = script.parser(__doc__)
    parser.add_argument("devices", nargs="*", type=int, default=SIZES)
    parser.add_argument("--scenario", default="meters")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--runs", type=int, default=10, help="replications; those after the first go on meanwhile")
    parser.add_argument("--where", action="store_true", help="also how much time each step takes")
    asked = parser.parse_args()
    sizes, rounds = (SMALLEST_SIZES, SMALLEST_ROUNDS) if asked.smallest else (asked.devices, asked.rounds)
    script.begin(asked.smallest)
    measured = dict(sessions(open_source(asked.scenario), sizes, rounds, asked.runs))
    title = f"The explorer on {asked.scenario}, {rounds} releases each, {asked.runs} replications"
    rows = [row(devices, moved, found) for (devices, moved), found in measured.items()]
    script.show(Table(title, HEADER, rows, ["by hand: all devices begin before the slider is let go"]))
    if asked.where or asked.smallest:
        for (devices, moved), found in measured.items():
            script.show(where(f"{devices:,} devices, moved {moved}", found))


Session = tuple[int, str]
"""How many devices, and how the slider is moved."""


def sessions(source: Source, sizes: Sequence[int], rounds: int, runs: int) -> Iterator[tuple[Session, list[Release]]]:
    """For each size and way of moving, what a page of its own measures."""
    program = os.environ.get("FOTA_SIM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for devices, moved in product(sizes, WAYS):
            timeline = Timeline(on=True)
            address = serve(source, timeline)
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            page.set_default_timeout(WAIT_MS)
            page.goto(f"{address}?size={devices}&runs={runs}")
            yield (devices, moved), releases(page, moved, timeline, rounds)
            page.context.close()
        browser.close()


def serve(source: Source, timeline: Timeline) -> str:
    """Start a server in a thread; its address."""
    ready, found = Event(), []

    def run() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        server, address = explore_server(source, COMPILED, timeline=timeline)
        found.append(address)
        server.start()
        server.io_loop.add_callback(ready.set)
        server.io_loop.start()

    Thread(target=run, daemon=True).start()
    ready.wait()
    return found[0]


def releases(page: Page, moved: str, timeline: Timeline, rounds: int) -> list[Release]:
    """So many releases, each of a value that was not played before."""
    page.locator(".status", has_text="replication").wait_for()
    page.evaluate(CLOCK)
    found: list[Release] = []
    while len(found) < rounds:
        seed = 1 + len(found) // len(PERCENT)
        if seed > 1:  # from a battery that is measured with no seed, for what was played is kept
            drag(page, "battery", BETWEEN / 100, f"battery={BETWEEN}%25")
            drag(page, "seed", (seed - 1) / (SEEDS - 1), f"seed={seed}")
        for percent in PERCENT[: rounds - len(found)]:
            page.wait_for_timeout(REST_MS)
            timeline.take()
            drag(page, "battery", percent / 100, f"battery={percent}%25", moved)
            first, whole, at_ms = page.evaluate("[window.first, window.whole, window.released]")
            found.append(Release(first, whole, steps_of(timeline.take(), at_ms / 1000, whole)))
    return found


def drag(page: Page, key: str, share: float, wanted: str, moved: str = AT_ONE_GO) -> None:
    """Take a slider to ``share`` of its way, let go of it, and wait for what all devices say."""
    page.evaluate(
        "wanted => { window.wanted = wanted; window.answer = new Promise(done => { window.answered = done }) }", wanted
    )
    handle: Any = page.locator(f".knob-{key} .noUi-handle")
    handle.scroll_into_view_if_needed()
    handle = handle.bounding_box()
    track: Any = page.locator(f".knob-{key} .noUi-base").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    way = track["x"] + share * track["width"] - x
    page.mouse.move(x, y)
    page.mouse.down()
    began_s = time.perf_counter()
    for at_s, part in moves(abs(way), STEP * track["width"]) if moved == BY_HAND else [(0.0, 1.0)]:
        time.sleep(max(0.0, began_s + at_s - time.perf_counter()))
        page.mouse.move(x + part * way, y)
    page.mouse.up()
    page.evaluate("() => window.answer")


def steps_of(moments: Sequence[Moment], released_s: float, whole_ms: float) -> dict[str, float]:
    """How long each step took on the way to the numbers of all devices, in ms."""
    begun = max(place for place, (what, _) in enumerate(moments) if what == "taken")
    ended: dict[str, float] = {}
    sampled = False
    for what, at_s in moments[begun:]:
        at_ms = 1000 * (at_s - released_s)
        if what == "sample":
            sampled = True
        elif sampled:
            if what in ("told", "sample left"):
                sampled, ended["sample told" if what == "told" else what] = False, at_ms
        elif what in STEPS and what not in ended and not (what.startswith("drawn") and "told" not in ended):
            ended[what] = at_ms
    ended["painted"] = whole_ms
    order = [(name, ended[name]) for name in STEPS if name in ended]
    return {name: later - sooner for (_, sooner), (name, later) in pairwise([("released", 0.0), *order])}


def row(devices: int, moved: str, found: Sequence[Release]) -> tuple[str, ...]:
    """One line of the table."""
    whole = [each.whole for each in found]
    return (
        f"{devices:,}",
        moved,
        spread([each.first for each in found]),
        spread(whole),
        plain(max(whole) / statistics.median(whole)),
        f"{sum('sample told' in each.steps for each in found)} of {len(found)}",
        spread([each.engine for each in found]),
    )


def where(what: str, found: Sequence[Release]) -> Table:
    """How long each step takes."""
    slowest = max(found, key=lambda each: each.whole)
    rows = []
    for name, label in STEPS.items():
        took = [each.steps[name] for each in found if name in each.steps]
        if took:
            there = f"{slowest.steps[name]:,.1f}" if name in slowest.steps else "–"
            rows.append((label, f"{statistics.median(took):,.1f}", there))
    rows.append(("together", f"{statistics.median(each.whole for each in found):,.1f}", f"{slowest.whole:,.1f}"))
    return Table(f"Where the time goes, {what}", ("step", "median, ms", "in the slowest release, ms"), rows)


if __name__ == "__main__":
    main()
