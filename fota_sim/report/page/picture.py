"""Figures as PNG files inside a page. All of a page's figures together stay within a number of bytes."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from matplotlib.figure import Figure
from PIL import Image

MOST_BYTES = 1_200_000
"""Of all figures of a page as base64: with texts and tables a page then stays below 2 MB."""
DOTS_PER_INCH = (160, 130, 100, 75, 50, 35)
"""Tried from the sharpest; 160 is sharp in print at the width of a page."""
COLOURS = 128
"""Of a figure: flat colours and one ramp; pictures of so many are a third as large."""


@dataclass(frozen=True)
class Image64:
    """A PNG and its size in CSS pixels, for the page to leave room before it is decoded."""

    data: str
    """Base64."""
    width: int
    height: int


def images(figures: Sequence[Figure]) -> list[Image64]:
    """Every figure at the best sharpness at which its part of ``MOST_BYTES`` is enough."""
    return [_image(figure, MOST_BYTES // len(figures)) for figure in figures]


def _image(figure: Figure, most_bytes: int) -> Image64:
    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    content = b""
    for dpi in DOTS_PER_INCH:
        content = base64.b64encode(_png(figure, dpi))
        if len(content) <= most_bytes:
            break
    return Image64(content.decode("ascii"), width, height)


def _png(figure: Figure, dpi: int) -> bytes:
    """The same bytes for the same figure."""
    drawn, out = BytesIO(), BytesIO()
    plain = {"compress_level": 0}  # it is read again at once
    figure.savefig(drawn, format="png", dpi=dpi, facecolor="white", pil_kwargs=plain)
    with Image.open(drawn) as picture:
        picture.convert("RGB").quantize(COLOURS).save(out, format="png", optimize=True)
    return out.getvalue()
