"""AT command lines: parse one, format one, and cut a stream of characters into them.

Grammar (letters in any case; ITU-T V.250, 5.2 to 5.4)::

    line     = "AT" { basic } [ extended { ";" ( basic | extended ) } ]
    basic    = [ "&" ] letter digits?             ATE0, ATI, AT&C1, ATE0V1
             | "S" digits ( "?" | "=" digits )    ATS3?, ATS0=0
    extended = prefix name [ "?" | "=?" | "=" arguments ]
    prefix   = "+" | "^" | "*" | "$" | "%"
    argument = integer | '"' characters '"'

Integers stand bare, strings in quotes; the type is part of the argument. There is no escape, so a string
holds neither a quote nor a control character. Spaces are not allowed, but for some at the end of the line.
``A/`` repeats the last line and needs no end.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from fota_sim.quoting import quoted

Form = Literal["execute", "read", "test", "write"]
Argument = int | str

MAX_LINE = 1024
"""Longest command line, in characters. [A] assumption: the documents give none; the longest setting fits."""

_INTEGER = r"-?[0-9]{1,10}"
_STRING = r'"[^"\x00-\x1f\x7f]*"'
_ARGUMENT = re.compile(f"({_INTEGER})|({_STRING})")
ARGUMENTS = rf"(?:{_INTEGER}|{_STRING})(?:,(?:{_INTEGER}|{_STRING}))*"
"""Pattern of a list of arguments; URC data has the same shape."""
_NAMED = r"[+^*$%][A-Z][A-Z0-9_]*"
_REGISTER = r"S[0-9]{1,3}"
_LINE = re.compile(
    rf"AT(?:(?P<name>{_NAMED})(?:(?P<test>=\?)|(?P<read>\?)|=(?P<write>{ARGUMENTS}))?"
    rf"|(?P<register>{_REGISTER})(?:(?P<asks>\?)|=(?P<value>[0-9]{{1,3}}))"
    rf"|(?P<basic>&?[A-Z])(?P<number>[0-9]{{1,3}})?)?[ \t]*",
    re.IGNORECASE | re.ASCII,
)
_PIECE = re.compile(
    rf"(?P<named>{_NAMED}(?:[?]|=(?:[?]|(?:\"[^\"]*\"|[^\";])*))?)(?:;|$)"
    rf"|(?P<basic>{_REGISTER}(?:[?]|=[0-9]{{1,3}})|&?[A-Z](?:[0-9]{{1,3}})?);?",
    re.IGNORECASE | re.ASCII,
)
_NOT_IN_STRING = re.compile(r'["\x00-\x1f\x7f]')
_CR = 13
REPEATS = ("A/", "a/")
"""The line that repeats the one before it."""


class CommandError(ValueError):
    """A line that is no AT command; its text says why. On the wire all of them are ERROR."""


class Command(NamedTuple):
    """One AT command, understood as far as its form."""

    name: str
    """Upper case with its prefix (``+QIOTREG``); a letter, perhaps with an ampersand, for a basic command; ``S3`` for a
    register; empty for a bare AT."""
    form: Form
    args: tuple[Argument, ...] = ()
    """Arguments of a write, or the number after a basic command."""


def not_in_string(text: str) -> str:
    """What in ``text`` keeps it from standing in quotes on the wire, in words; empty if nothing does."""
    found = _NOT_IN_STRING.search(text)
    if found is None:
        return ""
    return "a quote" if found[0] == '"' else f"a control character (U+{ord(found[0]):04X})"


def parse_arguments(text: str) -> tuple[Argument, ...]:
    """Read ``1,"a",-3`` as ``(1, "a", -3)``; ``text`` must match ``ARGUMENTS``."""
    return tuple(int(integer) if integer else string[1:-1] for integer, string in _ARGUMENT.findall(text))


def format_arguments(args: tuple[Argument, ...]) -> str:
    """Write ``(1, "a", -3)`` as ``1,"a",-3``.

    Raises:
        ValueError: a string holds a quote or a control character, or an integer more than ten digits.

    """
    return ",".join([format_argument(arg) for arg in args])


def format_argument(arg: Argument) -> str:
    """One argument as the wire has it; raises ValueError as ``format_arguments`` does."""
    if isinstance(arg, str):
        found = not_in_string(arg)
        if found:
            raise ValueError(f"{quoted(arg)} cannot be quoted: it holds {found}")
        return f'"{arg}"'
    if not -(10**10) < arg < 10**10:
        raise ValueError(f"{arg} is too long: ten digits at most")
    return str(int(arg))


def parse_command(line: str) -> Command:
    """Read one line, without its end.

    Raises:
        CommandError: the line is not of the grammar above.

    """
    if len(line) > MAX_LINE:
        raise CommandError(f"line longer than {MAX_LINE} characters")
    match = _LINE.fullmatch(line)
    if match is None:
        raise CommandError(f"not an AT command: {quoted(line)}")
    name, test, read, write, register, asks, value, basic, number = match.groups()
    if register is not None:
        return Command(register.upper(), "read") if asks else Command(register.upper(), "write", (int(value),))
    if name is None:
        return Command((basic or "").upper(), "execute", () if number is None else (int(number),))
    name = name.upper()
    if write is not None:
        return Command(name, "write", parse_arguments(write))
    return Command(name, "test" if test else "read" if read else "execute")


def parse_line(line: str) -> list[Command]:
    """Read a line of one or several commands, without its end.

    Raises:
        CommandError: a part of it is not of the grammar above.

    """
    try:
        return [parse_command(line)]
    except CommandError:
        if len(line) > MAX_LINE or line[:2].upper() != "AT":
            raise
    commands: list[Command] = []
    rest = line.rstrip(" \t")
    at = 2
    while at < len(rest):
        piece = _PIECE.match(rest, at)
        if piece is None:
            raise CommandError(f"not an AT command: {quoted(rest[at:])}")
        commands.append(parse_command(f"AT{piece['named'] or piece['basic']}"))
        at = piece.end()
    return commands


def format_command(command: Command) -> str:
    """Write a command as a line without its end; the inverse of ``parse_command``.

    Raises:
        ValueError: an argument cannot be written, or a write has none.

    """
    name, form, args = command
    if form == "read":
        return f"AT{name}?"
    if form == "test":
        return f"AT{name}=?"
    if form == "execute":
        return f"AT{name}{args[0]}" if args else f"AT{name}"
    if not args:
        raise ValueError(f"{name}: a write needs at least one argument")
    return f"AT{name}={format_arguments(args)}"


class CommandLine:
    """Cuts what the host sends into lines. CR, LF and CRLF end one; CRLF is one end, even in two chunks.

    ``A/`` at the beginning of a line is one, without an end. The erasing character takes the last one back.
    """

    __slots__ = ("_after_cr", "end", "erase", "pending")

    def __init__(self) -> None:
        self.pending = ""
        """What of a line is there."""
        self.end = 13
        """Register S3. With another value than CR, this character alone ends a line."""
        self.erase = 8
        """Register S5."""
        self._after_cr = False

    def feed(self, text: str) -> list[str]:
        """Take in some characters; return the lines that are complete now, without their ends.

        Of a line longer than ``MAX_LINE`` the rest is dropped, but for the one character that shows it.
        """
        ends = "\r\n" if self.end == _CR else chr(self.end)
        erase = chr(self.erase)
        lines: list[str] = []
        for character in text:
            after_cr, self._after_cr = self._after_cr, character == "\r"
            if character in ends:
                if not (after_cr and character == "\n"):
                    lines.append(self.pending)
                self.pending = ""
            elif character == erase:
                self.pending = self.pending[:-1]
            elif len(self.pending) <= MAX_LINE:
                self.pending += character
                if self.pending in REPEATS:
                    lines.append(self.pending)
                    self.pending = ""
        return lines

    def clear(self) -> None:
        """Forget a line that has begun."""
        self.pending = ""
        self._after_cr = False
