"""Dialogues without times, as the vendor's pages have them, and where two of them differ."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from fota_sim.protocol.bare import comparable, compare, read, render
from fota_sim.protocol.transcript import Line, render_transcript

GUIDE = """
[TX]AT+QIOTREG=1

[RX]AT+QIOTREG=1

OK\x20

[RX]+QIOTEVT: 2,10200
"""
BARE = "[TX]AT+QIOTREG=1\n[RX]AT+QIOTREG=1\n[RX]OK\n[RX]+QIOTEVT: 2,10200\n"
TERMINAL = """[2023-06-21_11:44:48:123]AT+QIOTREG=1
2023-06-21 11:44:48.200 OK
11:44:49,1 +QIOTEVT: 2,10200
"""

WORDS = st.builds(
    lambda first, rest: (first + rest).strip(), st.sampled_from("ATOK"), st.text(st.sampled_from('AT+OK:",123 []'))
)
DIALOGUES = st.lists(st.tuples(st.sampled_from(["TX", "RX"]), WORDS), max_size=8)


def test_a_line_without_a_mark_is_said_by_whom_the_line_before_it_was():
    assert render(read(GUIDE)) == BARE


@given(DIALOGUES)
def test_a_transcript_and_its_bare_form_are_the_same_dialogue(said):
    lines = [Line(k * 700_000, who, text) for k, (who, text) in enumerate(said)]
    text = render_transcript([*lines, Line(9_000_000, "--", "battery empty")], datetime(2026, 1, 5), "a, device b: c")
    assert [line[:2] for line in read(text)] == said
    assert [line[:2] for line in read(render(read(text)))] == said


def test_a_log_of_a_terminal_is_held_against_what_the_module_sent():
    found = compare(read(BARE), read(TERMINAL))
    assert (found.same, found.theirs, found.ours) == (3, None, None)


def test_a_piece_is_laid_where_it_fits_longest():
    ours = read("[RX]OK\n[RX]A\n[RX]OK\n[RX]B\n[RX]C\n")
    found = compare(ours, read("[RX]OK\n[RX]B\n[RX]D\n"))
    assert (found.begins, found.same) == (2, 2)
    assert (str(found.ours), str(found.theirs), found.theirs.number) == ("[RX]C", "[RX]D", 3)


def test_a_log_that_goes_on_differs_where_the_dialogue_is_over():
    found = compare(read("[RX]OK\n"), read("[RX]OK\n[RX]A\n"))
    assert (found.same, found.ours, str(found.theirs)) == (1, None, "[RX]A")


def test_bytes_of_a_file_look_alike_however_a_log_shows_them():
    ours = "[RX]+QIOTOTARD: 0,1024\n[RX]<1024 bytes from 0>\n[RX]OK\n"
    theirs = "[RX]+QIOTOTARD: 0,1024\n[RX]08 00 20 AF\n[RX]11 22\n\nOK\n"
    assert render(read(theirs)) == render(read(ours)) == ours


@given(st.text())
def test_whatever_a_log_holds_it_is_read_or_left_out(text):
    for line in read(text):
        assert line.text.strip() == line.text != ""
        assert text.splitlines()[line.number - 1].strip()


def test_how_often_progress_was_said_and_what_was_read_makes_no_difference():
    ours = "[RX]+CSQ: 20,99\n[RX]+QIOTEVT: 7,10702\n[RX]+QIOTEVT: 7,10702\n[RX]+QIOTEVT: 7,10703\n"
    theirs = "[RX]+CSQ: 17,99\n[RX]+QIOTEVT: 7,10702\n[RX]+QIOTEVT: 7,10703\n[RX]+QIOTEVT: 7,10704\n"
    found = compare(*comparable(read(ours), read(theirs)))
    assert (found.same, found.ours, found.theirs.number) == (3, None, 4)
    assert compare(read("[RX]+CSQ: 1,99\n"), read("[RX]+CBC: 1,99\n")).same == 0


def test_a_log_without_echoes_is_held_against_a_dialogue_without():
    ours = read("[TX]AT\n[RX]AT\n[RX]OK\n")
    assert compare(*comparable(ours, read("[TX]AT\n[RX]OK\n")))[:2] == (0, 2)
    assert compare(*comparable(ours, read("[TX]AT\n[RX]AT\n[RX]OK\n")))[:2] == (0, 3)
    assert compare(*comparable(ours, read("AT\nOK\n")))[:2] == (0, 2)  # of no direction: what the module sent
