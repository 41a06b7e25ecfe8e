"""Progress for people: a bar in a terminal, a bar in a notebook, plain lines elsewhere; always on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from fota_sim.cli.console import cells_of, say
from fota_sim.cli.pace import RUNS, Lines, Look, Pace, Unit
from fota_sim.rules.compiling import compiling

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

REDRAWS_PER_S = 5
"""More than that nobody reads."""
SHOWN_AFTER_S = 2.0
"""What is over sooner needs no bar."""
_LINES_ONLY = ("dumb", "unknown")
"""Terminals in which nothing is redrawn: Rich shows nothing there."""
_BAR, _SHORTEST_BAR = 20, 6
"""Of a bar, in characters; a shorter one shows nothing."""


class View(Protocol):
    """Where progress is seen."""

    def show(self, look: Look) -> None:
        """Called ``REDRAWS_PER_S`` times a second, from a thread of its own."""
        ...

    def close(self) -> None:
        """It is over, well or not; bars go away."""
        ...


@contextmanager
def progress_bar(wanted: bool | None, what: str, unit: Unit) -> Iterator[Callable[[int, int], None] | None]:
    """Show how far ``what`` is: what to call with (done, total), or None where nothing is shown.

    ``wanted``: True shows lines where there is neither terminal nor notebook; None shows nothing there; False never.
    """
    view = _view(wanted, what)
    if view is None:
        yield None
        return
    with _watched(Pace(unit, monotonic), view) as pace:
        yield pace.hear


@contextmanager
def phase(wanted: bool | None, what: str, doing: str) -> Iterator[None]:
    """Show that ``doing`` goes on, which is not simulation and of which nobody knows how far it is: drawing, say.

    ``what`` and ``wanted`` as in :func:`progress_bar`.
    """
    view = _view(wanted, what)
    if view is None:
        yield
        return
    pace = Pace(RUNS, monotonic)
    pace.enter(doing, None)
    with _watched(pace, view):
        yield


@contextmanager
def _watched(pace: Pace, view: View) -> Iterator[Pace]:
    heard_before, compiling.listener = compiling.listener, Compiled(pace)
    over = Event()
    watching = Thread(target=_watch, args=(pace, view, over), daemon=True)
    watching.start()
    try:
        yield pace
    finally:
        compiling.listener = heard_before
        over.set()
        watching.join()
        view.close()


class Compiled:
    """Hears of compiling while something is awaited (rules/compiling.py)."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def begins(self, what: str, expected_s: float) -> None:
        """It is what goes on now."""
        self._pace.enter(f"compiling {what}", expected_s)

    def reaches(self, share: float, doing: str) -> None:
        """So far; ``doing`` is too fine for people."""
        self._pace.reach(share)

    def ends(self, what: str, took_s: float) -> None:
        """What is counted begins."""
        self._pace.leave()

    def waits(self, what: str) -> None:
        """As good as compiling, but nobody knows how far it is."""
        self._pace.enter(f"waiting for another fota-sim that compiles {what}", None)

    def complains(self, sentence: str) -> None:
        """Told once."""
        say(f"{sentence[:1].upper()}{sentence[1:]}.")


def _watch(pace: Pace, view: View, over: Event) -> None:
    while not over.wait(1 / REDRAWS_PER_S):
        view.show(pace.look())


def _view(wanted: bool | None, what: str) -> View | None:
    if wanted is False:
        return None
    if _in_notebook():
        return NotebookBar(what)
    if sys.stderr.isatty():
        return PlainLines(what) if os.environ.get("TERM") in _LINES_ONLY else TerminalBar(what)
    return PlainLines(what) if wanted else None


def _in_notebook() -> bool:
    """Whether a Jupyter kernel shows what this process displays."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return type(shell).__name__ == "ZMQInteractiveShell"


class PlainLines:
    """A line now and then."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lines = Lines()

    def show(self, look: Look) -> None:
        """If a line is due."""
        if self._lines.due(look):
            say(f"{self._what}: {look.words()}")

    def close(self) -> None:
        """Lines stay."""


class TerminalBar:
    """A bar of Rich, which keeps what else is printed above it."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._bar: Progress | None = None

    def show(self, look: Look) -> None:
        """Drawn once."""
        if look.elapsed_s < SHOWN_AFTER_S:
            return
        if self._bar is None:
            self._bar = _rich_bar(self._what)
        (task,) = self._bar.task_ids
        share, known = look.share, look.done is not None
        if look.phase is not None:
            share, known = look.phase.share, look.phase.left_s is not None
        words = look.words()
        self._bar.columns = _columns_for(self._bar.console.width, self._what, words)
        self._bar.update(task, completed=100 * share, total=100 if known else None, words=words)
        if self._bar.live.is_started:
            self._bar.refresh()
        else:
            self._bar.start()

    def close(self) -> None:
        """Erased."""
        if self._bar is not None:
            self._bar.stop()


def _rich_bar(what: str) -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        auto_refresh=False,
    )
    bar.add_task(what, total=None, words="")
    return bar


def _columns_for(width: int, what: str, words: str) -> tuple[ProgressColumn, ...]:
    """What a line of ``width`` has room for: how far it is and how long it takes, then what it is, then a bar."""
    from rich.progress import BarColumn, TextColumn

    named, told = cells_of(what) + 1, cells_of(words)
    columns: list[ProgressColumn] = [TextColumn("{task.fields[words]}", markup=False)]
    if (bar := min(_BAR, width - named - told - 1)) >= _SHORTEST_BAR:
        columns.insert(0, BarColumn(bar_width=bar))
    if named + told <= width:
        columns.insert(0, TextColumn("{task.description}", markup=False))
    return tuple(columns)


class NotebookBar:
    """HTML that replaces itself: no widgets, so nothing to install and nothing left in a notebook that is saved."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._handle: Any = None

    def show(self, look: Look) -> None:
        """In the output of the cell that runs."""
        if look.elapsed_s < SHOWN_AFTER_S:
            return
        text = f"{self._what}: {look.words()}"
        share = look.share if look.phase is None else look.phase.share
        bar = f'<progress max="1" value="{share:.3f}"></progress> {escape(text)}'
        self._display({"text/plain": text, "text/html": bar})

    def close(self) -> None:
        """Emptied."""
        if self._handle is not None:
            self._display({"text/plain": ""})

    def _display(self, data: dict[str, str]) -> None:
        from IPython import display

        if self._handle is None:
            show: Any = display.display
            self._handle = show(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)
