"""AT command lines."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.protocol.grammar import (
    MAX_LINE,
    Command,
    CommandError,
    CommandLine,
    format_command,
    parse_command,
)

integers = st.integers(-(10**10) + 1, 10**10 - 1)
strings = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"'), max_size=30)
names = st.from_regex(r"\+[A-Z][A-Z0-9_]{0,20}", fullmatch=True)
commands = st.one_of(
    st.builds(Command, st.sampled_from(["", *"EIVZ"]), st.just("execute"), st.just(())),
    st.builds(Command, st.sampled_from("EIVZ"), st.just("execute"), st.tuples(st.integers(0, 999))),
    st.builds(Command, names, st.sampled_from(["execute", "read", "test"]), st.just(())),
    st.builds(Command, names, st.just("write"), st.lists(integers | strings, min_size=1, max_size=8).map(tuple)),
)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("AT", Command("", "execute")),
        ("ate0", Command("E", "execute", (0,))),
        ("ATI", Command("I", "execute")),
        ("AT+QIOTREG?", Command("+QIOTREG", "read")),
        ("at+qiotreg=?", Command("+QIOTREG", "test")),
        ("AT+QIOTOTAREQ", Command("+QIOTOTAREQ", "execute")),
        ("AT+QIOTOTARD=0,1024  ", Command("+QIOTOTARD", "write", (0, 1024))),
        ('AT+QIOTMCUVER="STM32","1, 0"', Command("+QIOTMCUVER", "write", ("STM32", "1, 0"))),
        ('AT+X=-113,"",007', Command("+X", "write", (-113, "", 7))),
    ],
)
def test_a_command_is_read_with_its_form_and_typed_arguments(line, command):
    assert parse_command(line) == command


@pytest.mark.parametrize(
    "line",
    [
        "", "hello", " AT", "A", "AT+", "AT+1", "AT?", "AT=1", "AT+X=", "AT+X=1,", "AT+X=,1", "AT+X=1 ,2", "AT+X=abc",
        'AT+X="a', 'AT+X=a"', 'AT+X="a"b"', "AT+X=1.5", "AT+X=+1", "AT+X=--1", "AT+X=0x10", "AT+X=12345678901",
        "AT+X=١", "AT+X??", "AT+X?1", "ATE0E1", 'AT+X="a\tb"',
    ],
)  # fmt: skip
def test_a_malformed_line_is_a_command_error(line):
    with pytest.raises(CommandError):
        parse_command(line)


@given(commands)
def test_a_command_that_is_written_is_read_as_the_same(command):
    assert parse_command(format_command(command)) == command


@given(st.text(max_size=50))
def test_any_text_is_a_command_or_a_command_error(text):
    try:
        command = parse_command(text)
    except CommandError:
        return
    assert parse_command(format_command(command)) == command


@pytest.mark.parametrize("argument", ['a"b', "a\rb", "a\nb", 10**10, -(10**10)])
def test_an_argument_that_the_wire_cannot_carry_is_not_written(argument):
    with pytest.raises(ValueError, match=r"cannot be quoted|too long"):
        format_command(Command("+X", "write", (argument,)))


def test_a_write_without_arguments_is_not_written():
    with pytest.raises(ValueError, match="at least one argument"):
        format_command(Command("+X", "write"))


def test_each_kind_of_line_end_ends_one_line():
    assert CommandLine().feed("a\rb\nc\r\nd") == ["a", "b", "c"]
    assert CommandLine().feed("a\r\n\r\nb\r") == ["a", "", "b"]


def test_a_line_end_in_two_chunks_is_one():
    line = CommandLine()
    assert line.feed("a\r") == ["a"]
    assert line.feed("\n") == []
    assert line.feed("\n") == [""]


@given(st.text(st.sampled_from("aT+\r\n"), max_size=40), st.lists(st.integers(0, 40), max_size=6))
def test_lines_do_not_depend_on_the_chunks_they_come_in(text, cuts):
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    line = CommandLine()
    lines = []
    for start, end in itertools.pairwise(places):
        lines += line.feed(text[start:end])
        line.feed("")
    assert lines == CommandLine().feed(text)


def test_an_endless_line_does_not_fill_the_memory():
    line = CommandLine()
    for _ in range(100):
        line.feed("A" * 1000)
    (cut,) = line.feed("\r")
    assert len(cut) == MAX_LINE + 1
    with pytest.raises(CommandError, match="longer"):
        parse_command(cut)
