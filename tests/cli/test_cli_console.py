"""What a terminal of few columns shows, and that a file or a pipe gets lines as they are."""

from __future__ import annotations

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


def test_without_a_terminal_tables_are_as_wide_as_they_are_and_sentences_as_ever() -> None:
    assert columns(ROWS, frozenset({1})).split("\n")[1].endswith("devices that the plan is for")
    assert max(map(len, paragraph("", SENTENCES).split("\n"))) > 100


def test_columns_stand_below_each_other_whatever_the_script() -> None:
    names = ["Süd-West", "東京都", "المدينة", "Нижний", "e\u0301te\u0301", "ｗｉｄｅ"]
    lines = columns([(name, "|") for name in names]).split("\n")
    assert len({cells_of(line.partition("|")[0]) for line in lines}) == 1
    assert [cells_of(name) for name in names] == [8, 6, 7, 6, 3, 8]
