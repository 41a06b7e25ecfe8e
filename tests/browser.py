"""A headless browser for the tests that look at pages; they skip where there is none.

``$FOTA_SIM_CHROMIUM`` names the program, else Chromium or Chrome is looked for in the path. Under
``FOTA_SIM_BROWSER=required`` the tests fail where they would skip. Nothing is ever downloaded.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # containers have none to give
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def browser_path() -> str | None:
    """The program to start, or None."""
    named = os.environ.get("FOTA_SIM_CHROMIUM")
    if named:
        return named
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window; each test makes its own page in it, and closes it.

    One for each module: while Playwright runs, so does its event loop, and ``asyncio.run`` of another module could not.
    """
    path = browser_path()
    if path is None:
        told = f"no browser: none of {', '.join(PROGRAMS)} is in the path, and FOTA_SIM_CHROMIUM names none"
        if os.environ.get("FOTA_SIM_BROWSER") == "required":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()
