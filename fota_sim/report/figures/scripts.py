"""Letters of any script: drawn by a font that has them if one is installed, else told in a note and not as boxes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

FIRST = "DejaVu Sans"
"""Comes with matplotlib; has Latin, Greek and Cyrillic letters."""
OTHERS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans Ethiopic",
    "Nirmala UI",
    "Leelawadee UI",
    "Arial Unicode MS",
    "Unifont",
)
"""Fonts of Linux, macOS and Windows for other scripts, the first that has a letter draws it."""
IN_PLACE = "?"
NOTE = f"A name is in letters that no installed font has: {IN_PLACE} stands for each (Noto Sans CJK has most)."


@lru_cache
def families() -> tuple[str, ...]:
    """The fonts that are there, in the order in which they are asked for a letter."""
    installed = {entry.name for entry in fontManager.ttflist}
    return (FIRST, *(name for name in OTHERS if name in installed))


@lru_cache(maxsize=4096)
def is_drawn(letter: str) -> bool:
    """Whether one of these fonts has the letter."""
    return letter.isspace() or any(
        get_font(findfont(FontProperties(family=name))).get_char_index(ord(letter)) for name in families()
    )


def drawable(text: str) -> str:
    """The text with what no font has replaced."""
    return text if text.isascii() else "".join(letter if is_drawn(letter) else IN_PLACE for letter in text)


def make_drawable(figure: Figure) -> bool:
    """Replace in a figure what no font has; whether there was any."""
    found = False
    for labels in _labels(figure):
        for place, label in labels.items():
            labels[place] = drawable(label)
            found = found or labels[place] != label
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        told_one = drawable(text.get_text())
        if told_one != text.get_text():
            found = True
            text.set_text(told_one)
    return found


def _labels(figure: Figure) -> Iterator[dict[float, str]]:
    """Labels that were set for ticks, by place: ticks take their texts anew from here whenever a figure is drawn.

    matplotlib keeps them in the first argument of its formatter's function.
    """
    for axis in figure.findobj(Axis):
        assert isinstance(axis, Axis)
        for formatter in (axis.get_major_formatter(), axis.get_minor_formatter()):
            if isinstance(formatter, FuncFormatter) and isinstance(formatter.func, partial):
                yield from (each for each in formatter.func.args if isinstance(each, dict))
