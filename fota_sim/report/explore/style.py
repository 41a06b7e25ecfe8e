"""The page's style sheet, and what spares the browser work with those of Bokeh."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from bokeh.events import DocumentReady
from bokeh.models import CustomJS

_SPARED = """
const sheet = Bokeh.require?.("core/dom")?.InlineStyleSheet?.prototype
if (sheet?._update) {
  const update = sheet._update
  sheet._update = function (css) {
    if (css !== this.css) update.call(this, css)
  }
}
"""


@cache
def style_sheet() -> str:
    """The style sheet that every part of the page takes; parts do not see each other's."""
    return (files("fota_sim.report.explore") / "style.css").read_text(encoding="utf-8")


def spare_sheets(document: Any) -> None:
    """Have the browser write a style sheet of ``document`` only where its text changes.

    Bokeh writes the place of every axis and region anew whenever a figure is painted, and asks for a colour next: the
    browser works out all styles of the figure in between, a third of the time of painting it. Where Bokeh has no such
    method any more, nothing is spared.
    """
    document.js_on_event(DocumentReady, CustomJS(code=_SPARED))
