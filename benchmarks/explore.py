"""How long the explorer takes from the release of a slider to the new numbers, in a real browser.

``python benchmarks/explore.py [DEVICES ...] [--scenario FILE] [--rounds N]`` prints, for each fleet size, the median
and the range of release -> numbers, of the bare engine run of the same scenario in the same process (in turn, one after
the other), and of their ratio. Needs Chromium (``$FOTA_SIM_CHROMIUM`` names it).
"""

from __future__ import annotations

import asyncio
import os
import shutil
from threading import Event, Thread
from time import perf_counter
from typing import Any

from comparisons import script
from comparisons.measure import Table, ratios, spread
from playwright.sync_api import Page, sync_playwright

from fota_sim.engines.choice import COMPILED, load
from fota_sim.report.explore.knobs import knobs_of
from fota_sim.report.explore.server import explore_server
from fota_sim.report.explore.source import Source, open_source
from fota_sim.report.explore.state import scenario_of
from fota_sim.scenario.model import Keep

SIZES = (20_000, 200_000)
WAIT_MS = 600_000

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
  window.addEventListener('mouseup', () => {
    const released = performance.now()
    window.took = null
    const look = () => {
      const here = location.search.includes(window.wanted) && /^\\d/.test(status.textContent)
      if (here) window.took = performance.now() - released
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }, {capture: true})
}
"""
"""From the release of the mouse to the frame in which the page says that the numbers are those of the new value."""


def main() -> None:
    """Measure and print."""
    parser = script.parser(__doc__)
    parser.add_argument("devices", nargs="*", type=int, default=SIZES)
    parser.add_argument("--scenario", default="meters")
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    sizes, rounds = ([600], 1) if asked.smallest else (asked.devices, asked.rounds)
    script.begin(asked.smallest)
    program = os.environ.get("FOTA_SIM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for devices in sizes:
            source = open_source(asked.scenario)
            address = serve(source)
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            rows.append(row(page, source, address, devices, rounds))
            page.context.close()
        browser.close()
    header = ("devices", "release to numbers, ms", "bare engine run, ms", "times as long")
    script.show(Table(f"The explorer on {asked.scenario}, {rounds} releases each, in turn", header, rows))


def serve(source: Source) -> str:
    """Start a server in a thread; its address."""
    ready, found = Event(), []

    def run() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        server, address = explore_server(source, COMPILED)
        found.append(address)
        server.start()
        server.io_loop.add_callback(ready.set)
        server.io_loop.start()

    Thread(target=run, daemon=True).start()
    ready.wait()
    return found[0]


def row(page: Page, source: Source, address: str, devices: int, rounds: int) -> tuple[str, ...]:
    """One line of the table. The last replication of a question is not waited for: the next release cuts it off."""
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{address}?size={devices}&runs=1")
    page.locator(".status", has_text="1 replication").wait_for()
    page.wait_for_timeout(500)
    page.evaluate(CLOCK)
    took, bare = [], []
    for k in range(rounds):
        percent = 35 + 5 * k  # the scenario's own 30 % would leave the address bare
        took.append(released(page, percent))
        bare.append(bare_run(source, {"size": str(devices), "runs": "1", "battery": f"{percent}%"}))
    return f"{devices:,}", spread(took), spread(bare), ratios(took, bare)


def released(page: Page, percent: int) -> float:
    """Take the minimum battery there at one go and let go of it; ms until its numbers are there."""
    page.evaluate("percent => { window.took = null; window.wanted = `battery=${percent}%25` }", percent)
    handle: Any = page.locator(".knob-battery .noUi-handle").bounding_box()
    way: Any = page.locator(".knob-battery .noUi-base").bounding_box()
    y = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(way["x"] + percent / 100 * way["width"], y)
    page.mouse.up()
    page.wait_for_function("window.took != null", polling=20)
    return float(page.evaluate("window.took"))


def bare_run(source: Source, state: dict[str, str]) -> float:
    """Ms that the engine takes for the first replication of the same scenario, loaded already."""
    scenario = scenario_of(source, knobs_of(source, source.scenario()), state).model_copy(update={"keep": Keep()})
    began_s = perf_counter()
    load(COMPILED)(scenario, 0)
    return 1000 * (perf_counter() - began_s)


if __name__ == "__main__":
    main()
