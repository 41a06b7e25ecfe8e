"""Text that fits: lines broken where they have to be, long names shortened in the middle."""

from __future__ import annotations

import warnings
from io import BytesIO

import pytest
from figure_text import faults, said
from figure_world import LONG_NAME
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from fota_sim.report.figures.scripts import NOTE, drawable
from fota_sim.report.figures.style import (
    SMALL_PT,
    TITLE_PT,
    broken,
    footnote,
    headline,
    new_figure,
    shortened,
    styled,
    text_width_in,
)
from fota_sim.report.palette import ink_on


@pytest.mark.parametrize("text", ["Busiest hour: 107,921 upgrades", "iiiiiiii", "WWWWWWWW", LONG_NAME])
def test_a_line_is_measured_a_little_wider_than_its_outlines(text: str) -> None:
    outline_in = TextPath((0, 0), text, size=TITLE_PT).get_extents().x1 / 72
    assert outline_in <= text_width_in(text, TITLE_PT) < 1.15 * outline_in


def test_letters_that_the_font_lacks_have_a_width_too() -> None:
    assert text_width_in("日本", 72) == pytest.approx(2 * text_width_in("日", 72))


def test_lines_are_broken_between_words_and_hold_the_width() -> None:
    text = "54.27 % of 40,000 targeted devices upgraded within 7 days, 50 % of them after 4 h 05 min"
    lines = broken(text, 2.0, TITLE_PT).split("\n")
    assert " ".join(lines) == text
    assert max(text_width_in(line, TITLE_PT) for line in lines) <= 2.0


def test_no_line_begins_within_a_number_and_its_unit() -> None:
    text = "12 % 34 % 5 h 06 min 7 s 8 d 9 h 10 GB 11 mAh 13 dBm 14 Mbit/s 15 days"
    widths = [0.05 * step for step in range(15, 60)]
    starts = {line.split(" ")[0] for width in widths for line in broken(text, width, SMALL_PT).split("\n")}
    assert starts <= {"12", "34", "5", "7", "8", "10", "11", "13", "14", "15"}


def test_a_word_that_is_wider_than_the_line_is_broken_in_itself() -> None:
    lines = broken(f"of {LONG_NAME}", 1.5, SMALL_PT).split("\n")
    assert lines[0] == "of"
    assert "".join(lines[1:]) == LONG_NAME
    assert max(text_width_in(line, SMALL_PT) for line in lines) <= 1.5


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    short = shortened(LONG_NAME, 2.0, SMALL_PT)
    begin, end = short.split("…")
    assert LONG_NAME.startswith(begin)
    assert LONG_NAME.endswith(end)
    assert text_width_in(short, SMALL_PT) <= 2.0
    assert shortened("meters", 2.0, SMALL_PT) == "meters"


def test_a_dollar_is_a_dollar_and_nothing_leaves_the_picture() -> None:
    @styled
    def figure() -> Figure:
        made = new_figure(3.0)
        made.subplots().set_xlabel("from $5 to $6_{")
        headline(made, f"{LONG_NAME} " * 4)
        footnote(made, f"{LONG_NAME} " * 4)
        return made

    assert faults(figure()) == []
    assert "from $5 to $6_{" in said(figure())


def test_letters_that_no_font_has_are_told_in_a_note_and_not_drawn_as_boxes() -> None:
    @styled
    def named() -> Figure:
        figure = new_figure(3.0)
        axes = figure.subplots()
        axes.set_yticks([0, 1], ["智能水表", "Zähler №1"])
        headline(figure, "\U0001fae8 is no letter of any of these fonts")
        footnote(figure, "Of 5 devices.")
        return figure

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        figure = named()
        figure.savefig(BytesIO())
    assert not [str(each.message) for each in warned if "missing from" in str(each.message)]
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels[1] == "Zähler №1"
    assert labels[0] == drawable("智能水表")
    assert figure.get_supxlabel().replace("\n", " ") == f"Of 5 devices. {NOTE}"


def test_a_figure_whose_letters_are_all_drawn_has_no_note() -> None:
    @styled
    def plain() -> Figure:
        figure = new_figure(3.0)
        headline(figure, "Größe in Ω, температура")
        return figure

    assert NOTE not in plain().get_supxlabel()


@given(parts=st.tuples(*[st.floats(0.0, 1.0)] * 3))
def test_letters_on_any_colour_can_be_read(parts: tuple[float, float, float]) -> None:
    """4.5 to 1, as WCAG 2.2 asks of text of this size; white letters on the green of upgrades had 3.4 to 1."""

    def light(rgb: tuple[float, float, float]) -> float:
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(to_rgb(ink_on((*parts, 1.0)))), light(parts)))
    assert (high + 0.05) / (low + 0.05) >= 4.5
