"""Make the pictures of the README and of this folder's pages: ``python docs/pictures.py``, from anywhere.

Pages are pictured in Chromium; ``$FOTA_SIM_CHROMIUM`` names it where it is not in the path.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from matplotlib.figure import Figure
from playwright.sync_api import Browser, expect, sync_playwright

import fota_sim as fs
from fota_sim.report.figures.style import WIDTH_IN, footnote, headline, legend_above, new_figure, styled
from fota_sim.report.palette import OUTCOME_COLOURS

HERE = Path(__file__).parent
MIXED = HERE.parent / "scenarios" / "mixed_40000.yaml"
PATIENCE_MS = 600_000
"""For the compiler, should it have to begin anew."""


def overview() -> None:
    """Adoption and causes: the mixed fleet, five times."""
    found = fs.run(MIXED, overrides=["horizon=3d"], replications=5, progress=False)
    found.plot().savefig(HERE / "mixed.png", dpi=110)


AGED = HERE.parent / "scenarios" / "aged_batteries.yaml"
GATES = "0%,5%,10%,15%,20%,25%,30%,40%,50%"
SHARES = {"upgraded": "success_of_targeted", "refused": "refused_of_targeted", "failed": "failed_of_targeted"}


def aged_batteries() -> None:
    """What a minimum battery level spares and what it costs, of old devices in winter."""
    path = "plan.strategy.min_battery"
    found = fs.sweep(AGED, {path: GATES}, replications=10, progress=False).surface
    shares_over_the_gate(found, path, WIDTH_IN).savefig(HERE / "aged_batteries.png", dpi=110)


@styled
def shares_over_the_gate(surface: pd.DataFrame, path: str, width_in: float) -> Figure:
    """Shares of targeted devices, mean and interval, over the minimum battery level in percent."""
    figure = new_figure(4.6, width_in)
    axes = figure.subplots()
    means = {}
    for outcome, metric in SHARES.items():
        rows = surface[surface["metric"] == metric].sort_values(path)
        means[outcome] = dict(zip(rows[path], 100 * rows["mean"], strict=True))
        colour = OUTCOME_COLOURS[outcome]
        axes.plot(rows[path], 100 * rows["mean"], color=colour, marker="o", lw=1.8, label=outcome)
        axes.fill_between(rows[path], 100 * rows["low"], 100 * rows["high"], color=colour, alpha=0.25, lw=0)
    axes.set(xlabel="minimum battery level (%)", ylabel="of targeted devices (%)", ylim=(0, None), xlim=(0, None))
    legend_above(axes)
    failed, upgraded = means["failed"], means["upgraded"]
    headline(
        figure,
        f"A gate of 10 % spares {failed[0] - failed[10]:.0f} points of failures and costs "
        f"{upgraded[0] - upgraded[10]:.0f} of upgrades; one of 30 % spares {failed[0] - failed[30]:.0f} "
        f"and costs {upgraded[0] - upgraded[30]:.0f}",
    )
    footnote(figure, "Of scenarios/aged_batteries.yaml; failed: or rolled back or bricked. Mean of 10 replications.")
    return figure


def report(browser: Browser, folder: Path) -> None:
    """The head of a run's report, down to its first figure."""
    fota_sim("run", str(MIXED), "--replications", "5", "--report", "--quiet", "--out", str(folder))
    (path,) = folder.glob("*/*/report.html")
    page = browser.new_page(viewport={"width": 1000, "height": 1740})
    page.goto(path.as_uri())
    page.screenshot(path=HERE / "report.png")


def explorer(browser: Browser) -> None:
    """The explorer: the template as baseline, and a stricter gate with fewer retries against it."""
    with served() as address:
        page = browser.new_page(viewport={"width": 1280, "height": 920})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        done = page.locator(".status")
        expect(done).to_have_text(re.compile("^10 replications"), timeout=PATIENCE_MS)
        page.get_by_role("button", name="Pin as baseline").click()
        handle = page.locator(".knob-battery .noUi-handle")
        handle.focus()
        for _ in range(6):
            handle.press("ArrowRight")
        expect(page.locator(".number .change").first).to_be_visible(timeout=PATIENCE_MS)
        expect(done).to_have_text(re.compile("^10 replications"), timeout=PATIENCE_MS)
        page.wait_for_timeout(1000)  # figures fade in
        page.screenshot(path=HERE / "explorer.png")


@contextmanager
def served() -> Iterator[str]:
    """The address of an explorer, for as long as it is needed."""
    command = [sys.executable, "-m", "fota_sim", "explore", "--no-open"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def fota_sim(*words: str) -> None:
    """Run a command and stop if it fails."""
    subprocess.run([sys.executable, "-m", "fota_sim", *words], check=True)


def main() -> None:
    """All of them."""
    program = os.environ.get("FOTA_SIM_CHROMIUM") or shutil.which("chromium")
    if program is None:
        sys.exit("Chromium is not in the path; FOTA_SIM_CHROMIUM may name one")
    overview()
    aged_batteries()
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        report(browser, Path(folder))
        explorer(browser)
        browser.close()


if __name__ == "__main__":
    main()
