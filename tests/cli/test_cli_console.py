"""What a terminal of few columns shows, and that a file or a pipe gets lines as they are."""

from __future__ import annotations

import re

import pytest

from fota_sim.cli import console
from fota_sim.cli.console import cells_of, columns, paragraph

ROWS = [
    ("Measure", "value", "95 % interval", "of"),
    ("upgraded, of targeted", "81.40 %", "80.91 to 81.88 %", "devices that the plan is for"),
    ("  low battery", "1,654 downloads", "–", "devices"),
]
SENTENCES = ["Half of the targeted devices are upgraded after four hours and four minutes."] * 4


@pytest.fixture(params=[44, 60, 80])
def narrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(console, "terminal_width", lambda stream: request.param)
    return int(request.param)


def test_a_table_keeps_to_the_width_of_the_terminal_and_every_word(narrow: int) -> None:
    text = columns(ROWS, frozenset({1}))
    assert max(map(len, text.split("\n"))) <= narrow
    assert sorted(text.split()) == sorted(" ".join(" ".join(row) for row in ROWS).split())


def test_what_does_not_fit_by_words_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "terminal_width", lambda stream: 40)
    names = [("a-strategy-of-more-than-forty-letters-in-one-word", "x")]
    assert names[0][0] in columns(names)


def test_what_is_set_in_stays_set_in_where_it_is_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "terminal_width", lambda stream: 40)
    text = columns([("  battery brown-out during a download that was the last", "1")])
    assert all(line.startswith("  ") for line in text.split("\n"))


def test_sentences_keep_to_the_width_of_the_terminal(narrow: int) -> None:
    assert (
        max(map(len, paragraph("How fast does it go, and what becomes of the rest of them?", SENTENCES).split("\n")))
        <= narrow
    )


MEASURES = [
    ("Measure", "value", "95 % interval", "of"),
    ("energy for each upgraded device", "62.99 J", "60.96 to 65.07 J", "upgraded devices, 100 % of them"),
    ("time to 50 % of targeted", "17 h 05 min", "17 h 05 min to 17 h 06 min", "targeted devices"),
    ("shift", "−30 dBm", "−35 to −25 dBm", "of 1,378 kbit/s"),
]
STARTS_IN_A_VALUE = re.compile(r"(?:%|h|min|J|kbit/s|dBm|\d+ min)\b|%")


@pytest.mark.parametrize("width", range(60, 111, 5))
def test_no_line_begins_within_a_number_and_its_unit(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "terminal_width", lambda stream: width)
    told = " ".join(" ".join(row) for row in MEASURES)
    for text in (paragraph(told, [told] * 3), columns(MEASURES, frozenset({1}))):
        cells = [cell for line in text.split("\n") for cell in re.split(r"  +", line.strip())]
        assert [cell for cell in cells if STARTS_IN_A_VALUE.match(cell)] == []
        assert max(map(len, text.split("\n"))) <= width


def test_where_numbers_and_units_have_no_room_together_the_table_still_keeps_to_the_width(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(console, "terminal_width", lambda stream: 44)
    text = columns(MEASURES, frozenset({1}))
    assert max(map(len, text.split("\n"))) <= 44
    assert sorted(text.split()) == sorted(" ".join(" ".join(row) for row in MEASURES).split())


def test_without_a_terminal_tables_are_as_wide_as_they_are_and_sentences_as_ever() -> None:
    assert columns(ROWS, frozenset({1})).split("\n")[1].endswith("devices that the plan is for")
    assert max(map(len, paragraph("", SENTENCES).split("\n"))) > 100


def test_columns_stand_below_each_other_whatever_the_script() -> None:
    names = ["Süd-West", "東京都", "المدينة", "Нижний", "e\u0301te\u0301", "ｗｉｄｅ"]
    lines = columns([(name, "|") for name in names]).split("\n")
    assert len({cells_of(line.partition("|")[0]) for line in lines}) == 1
    assert [cells_of(name) for name in names] == [8, 6, 7, 6, 3, 8]
