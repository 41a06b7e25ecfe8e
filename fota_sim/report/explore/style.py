"""The page's style sheet, and the colours of its frame."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def style_sheet() -> str:
    """The style sheet that every part of the page takes; parts do not see each other's."""
    return (files("fota_sim.report.explore") / "style.css").read_text(encoding="utf-8")
