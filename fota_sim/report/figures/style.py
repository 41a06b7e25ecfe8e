"""How every figure looks: sizes, fonts, what is left out, and text that never runs out of the picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, cast

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from fota_sim.report.figures.scripts import NOTE, families, make_drawable
from fota_sim.report.palette import DARK_GREY
from fota_sim.scenario.gaps import words

Given = ParamSpec("Given")
Sheet = Figure | SubFigure

TITLE_PT, LABEL_PT, SMALL_PT = 12.0, 10.0, 9.0
WIDTH_IN = 9.0
"""Of a figure with one panel; it fits a page and a laptop's screen."""
_PT_PER_IN = 72.0
_MEASURED_PT = 100.0
_UNITS = 65536.0
"""FreeType's linearHoriAdvance counts in these parts of a point."""
_HINTING = 1.06
"""Text is so much wider on a coarse screen than its outlines are; seen at 75 dots per inch."""
_MARGIN_IN = 0.25
"""Kept free to the right of a line of text."""

STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": LABEL_PT,
    "axes.labelsize": LABEL_PT,
    "axes.titlesize": LABEL_PT,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "legend.fontsize": SMALL_PT,
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
    "text.parse_math": False,  # names of groups and strategies are free text, and a $ in them is a dollar
}
"""matplotlib's settings while a figure is made."""


def styled(make: Callable[Given, Figure]) -> Callable[Given, Figure]:
    """A function that makes a figure, in the house's style, with a note if it names what no font can draw."""

    @wraps(make)
    def made(*args: Given.args, **kwargs: Given.kwargs) -> Figure:
        with rc_context(rc=cast(Any, {**STYLE, "font.sans-serif": list(families())})):
            figure = make(*args, **kwargs)
            if make_drawable(figure):
                footnote(figure, f"{figure.get_supxlabel()} {NOTE}".strip())
            return figure

    return made


def new_figure(height_in: float, width_in: float = WIDTH_IN) -> Figure:
    """An empty figure that arranges itself."""
    return Figure(figsize=(width_in, height_in), layout=ConstrainedLayoutEngine(w_pad=0.09, h_pad=0.07))


def headline(sheet: Sheet, finding: str) -> None:
    """What the figure shows, on top of it and from its left edge; lines are broken where they have to be."""
    text = broken(finding, width_in(sheet) - _MARGIN_IN, TITLE_PT)
    sheet.suptitle(text, x=_left(sheet), ha="left", fontsize=TITLE_PT)


def footnote(sheet: Sheet, text: str) -> None:
    """What the numbers are of, small and below everything."""
    lines = broken(text, width_in(sheet) - _MARGIN_IN, SMALL_PT)
    sheet.supxlabel(lines, x=_left(sheet), ha="left", fontsize=SMALL_PT, color=DARK_GREY)


def legend_above(axes: Axes, columns: int = 3) -> None:
    """The legend between headline and panel, where it covers nothing; for panels without a title."""
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=columns, borderaxespad=0.2, columnspacing=1.4)


def count_axis(axis: Axis, most_ticks: int = 6) -> None:
    """Whole numbers with a comma every three digits."""
    axis.set_major_locator(MaxNLocator(integer=True, nbins=most_ticks, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def broken(text: str, width_in: float, size_pt: float) -> str:
    """``text`` with line breaks between words, so that no line is wider; a longer word is broken in itself."""
    return "\n".join(line for part in text.split("\n") for line in _lines(part, width_in, size_pt))


def shortened(text: str, width_in: float, size_pt: float) -> str:
    """``text``, or its beginning and its end with an ellipsis between, so that it is no wider."""
    kept = len(text)
    short = text
    while text_width_in(short, size_pt) > width_in and kept > 2:
        kept -= 1
        short = f"{text[: -(-kept // 2)]}…{text[len(text) - kept // 2 :]}"
    return short


def text_width_in(text: str, size_pt: float) -> float:
    """How wide a line of text is."""
    return _HINTING * size_pt * sum(map(_advance_em, text)) / _PT_PER_IN


@lru_cache
def _advance_em(letter: str) -> float:
    """How much room a letter takes, in ems: no kerning, which makes pairs only narrower."""
    font = get_font(findfont(FontProperties(family=STYLE["font.sans-serif"])))
    if not font.get_char_index(ord(letter)):
        return 1.0  # drawn by another font, or as a box
    font.set_size(_MEASURED_PT, _PT_PER_IN)
    return float(font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / _UNITS / _MEASURED_PT


def _lines(text: str, width_in: float, size_pt: float) -> list[str]:
    lines = [""]
    for word in words(text):
        longer = f"{lines[-1]} {word}".strip()
        if text_width_in(longer, size_pt) <= width_in:
            lines[-1] = longer
            continue
        rest = word
        lines = lines if lines != [""] else []
        while text_width_in(rest, size_pt) > width_in:
            sizes = range(len(rest) - 1, 0, -1)
            fits = next((n for n in sizes if text_width_in(rest[:n], size_pt) <= width_in), 1)
            lines.append(rest[:fits])
            rest = rest[fits:]
        lines.append(rest)
    return lines


def width_in(sheet: Sheet) -> float:
    """How wide the figure, or this part of it, is."""
    return float(sheet.bbox.width / sheet.get_figure(root=True).dpi)


def height_in(sheet: Sheet) -> float:
    """How high it is."""
    return float(sheet.bbox.height / sheet.get_figure(root=True).dpi)


def _left(sheet: Sheet) -> float:
    return 0.08 / width_in(sheet)
