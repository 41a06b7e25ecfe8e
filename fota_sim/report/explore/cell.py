"""The page in a notebook's cell."""

from __future__ import annotations

from collections.abc import Callable
from queue import Queue
from threading import Lock
from typing import Any

import panel as pn

from fota_sim.report.explore.pace import Pace, Samples
from fota_sim.report.explore.page import Page
from fota_sim.report.explore.playing import notice_of, play_on
from fota_sim.report.explore.shelf import Shelf
from fota_sim.report.explore.source import Source

HEIGHT_PX = 900


class Cell:
    """The page, with its first numbers in it; its scripts are put into the notebook, so that nothing is fetched.

    Without a kernel, as on a page made of the notebook, it stays at what it shows.
    """

    def __init__(self, source: Source, engine: str) -> None:
        self._first: Queue[Callable[[], None]] = Queue()
        self._live = False
        self._lock = Lock()
        pace = Pace()
        self._page = Page(
            source,
            play_on(engine, plan=source.plan, pace=pace),
            Shelf(),
            notice=lambda: notice_of(engine),
            later=self._later,
            samples=Samples(pace),
        )
        self._page.begin()
        while not self._page.answered:
            self._first.get()()
        self._view = pn.Column(self._page.view, height=HEIGHT_PX, sizing_mode="stretch_width", margin=0)
        with self._lock:
            self._live = True
            while not self._first.empty():
                self._first.get()()

    def close(self) -> None:
        """Stop playing; what is shown stays."""
        self._page.close()

    def _later(self, do: Callable[[], None]) -> None:
        """Until the cell is shown its thread draws, afterwards the player's does."""
        with self._lock:
            if not self._live:
                self._first.put(do)
                return
            do()
            pn.io.push_notebook(self._view)
            self._page.sent()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        pn.extension(inline=True)
        return self._view._repr_mimebundle_(include, exclude)
