"""What a figure says, where each word stands, and what covers what."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any
from unittest import mock

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

_TOUCHING_PX = 1.0
"""Boxes that overlap by no more are side by side: they have a margin of their own."""


def drawn_texts(figure: Figure) -> dict[Text, Bbox]:
    """Every text that would really be drawn, with its box in pixels: not tick labels beyond the ends of an axis."""
    canvas = FigureCanvasAgg(figure)
    drawn: dict[Text, None] = {}
    draw = Text.draw

    def recorded(self: Text, renderer: Any) -> None:
        if self.get_visible() and self.get_text().strip():
            drawn[self] = None
        draw(self, renderer)

    with mock.patch.object(Text, "draw", recorded):
        figure.draw_without_rendering()  # half of the time would go into pixels
    renderer = canvas.get_renderer()
    return {text: text.get_window_extent(renderer) for text in drawn}


def faults(figure: Figure) -> list[str]:
    """Texts that cover each other or leave the picture, in words."""
    boxes = drawn_texts(figure)
    return [*_covered(boxes), *_outside(boxes, figure.bbox)]


def said(figure: Figure) -> str:
    """All that is written, in one text."""
    return "\n".join(text.get_text() for text in drawn_texts(figure))


def _covered(boxes: dict[Text, Bbox]) -> Iterator[str]:
    for (first, one), (second, other) in combinations(boxes.items(), 2):
        common = Bbox.intersection(one, other)
        if common is not None and min(common.width, common.height) > _TOUCHING_PX:
            yield f"{first.get_text()!r} and {second.get_text()!r} overlap"


def _outside(boxes: dict[Text, Bbox], page: Bbox) -> Iterator[str]:
    for text, box in boxes.items():
        beyond = max(page.x0 - box.x0, page.y0 - box.y0, box.x1 - page.x1, box.y1 - page.y1)
        if beyond > _TOUCHING_PX:
            yield f"{text.get_text()!r} leaves the picture by {beyond:.0f} pixels"
