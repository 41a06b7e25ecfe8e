"""Conditions over device attributes: ``firmware == "1_0" and rssi < -105dBm``. Parsed, never evaluated as Python.

Grammar: ``or``, ``and``, ``not``, parentheses, ``== != < <= > >=``, ``in ["a", "b"]``, ``known(name)``. A name that is
more than letters, digits and underscores stands in quotes: ``"Installation site" == "north"``. A missing value compares
false with everything; a number compares with numbers only, a text with texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from fota_sim.quoting import quoted, shortened
from fota_sim.scenario.device_rows.written import may_be_grouped
from fota_sim.scenario.judging import Column, Columns, Kind, Mask, Node, judge, kind_of, odd_one
from fota_sim.scenario.signs import DASHES

__all__ = ["Column", "Comparison", "Kind", "Predicate", "PredicateError", "as_name", "parse_predicate"]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[-+]?\d+\.?\d*)\s*(?P<unit>dBm|dB|mAh|%|°?C\b)?|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<name>[^\W\d]\w*)|(?P<op>==|!=|<=|>=|<|>|\(|\)|\[|\]|,))"
)
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_WORDS = ("and", "or", "not", "in", "true", "false", "known")
_FLAGS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_MAX_DEPTH = 50
_OTHER_WORDS = {
    "is": '{0} == "A", or != for is not',
    "not": 'not {0} in ["A", "B"]',
    "between": "{0} >= -100 and {0} <= -80",
    **dict.fromkeys(
        ("like", "contains", "matches", "starts", "startswith", "ends", "endswith", "ilike", "regexp"),
        'out all that is meant, {0} in ["A1", "A2"]: there are no patterns',
    ),
}
"""What people write of other languages, and what would do; ``{0}`` is the name."""


class PredicateError(ValueError):
    """A condition that cannot be read; the text says where and what would do."""


class Said(NamedTuple):
    """A number, a text, or true or false, and how it was written."""

    value: float | str | bool
    written: str


class Comparison(NamedTuple):
    """An attribute and what it is compared with."""

    name: str
    op: str
    said: Said


@dataclass(frozen=True)
class Predicate:
    """A parsed condition."""

    text: str
    root: Node
    names: frozenset[str]
    units: frozenset[tuple[str, str]] = frozenset()
    """Which attribute is compared with a number in which unit."""
    comparisons: tuple[Comparison, ...] = ()
    """Every comparison, those of lists one by one."""

    def mismatches(self, kind_of: Callable[[str], Kind | None], odd_one: Callable[[str], str]) -> Iterator[str]:
        """Comparisons of numbers with texts, each in words with what would do.

        ``kind_of`` a name: None where nobody knows; ``odd_one``: a text in a column of texts that is no number.
        """
        for each in self.comparisons:
            kind = kind_of(each.name)
            if kind is not None and (kind == "text") != isinstance(each.said.value, str):
                yield _mismatch(each, kind, odd_one(each.name) if kind == "text" else "")

    def evaluate(self, columns: Columns) -> Mask:
        """Which devices meet the condition; columns of shape (devices,), NaN, None or '' where unknown.

        Raises PredicateError where a number is compared with texts, or a text with numbers.
        """
        wrong = next(self.mismatches(lambda name: kind_of(columns[name]), lambda name: odd_one(columns[name])), None)
        if wrong is not None:
            raise PredicateError(f"in {quoted(self.text)}: {wrong}")
        return judge(self.root, columns)


def parse_predicate(text: str) -> Predicate:
    """Read a condition; raises PredicateError."""
    parser = _Parser(text)
    root = parser.either()
    if parser.here < len(parser.tokens):
        kind, value = parser.peek()
        small = f" (in small letters, {value.lower()})" if kind == "name" and value.lower() in ("and", "or") else ""
        parser.fail(f"the end, 'and' or 'or'{small}")
    return Predicate(text, root, frozenset(parser.names), frozenset(parser.compared), tuple(parser.comparisons))


def as_name(name: str) -> str:
    """A name as conditions have it: in quotes where it is more than letters, digits and underscores."""
    if re.fullmatch(r"[^\W\d]\w*", name) and name not in _WORDS:
        return name
    return f"'{name}'" if '"' in name else f'"{name}"'


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, Any, int]] = []
        self.written: list[str] = []
        self.units: dict[int, str] = {}
        self.names: set[str] = set()
        self.compared: set[tuple[str, str]] = set()
        self.comparisons: list[Comparison] = []
        self.here = 0
        self.depth = 0
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                column = at + len(text[at:]) - len(text[at:].lstrip()) + 1
                stray = text[column - 1]
                raise PredicateError(f"column {column} of {quoted(text)}: {quoted(stray)} {_stray(stray)}")
            kind = str(match.lastgroup) if match["number"] is None else "number"
            value: Any = match[kind]
            if kind == "number":
                self.whole_number(match)
                value = float(value)
                if match["unit"]:
                    self.units[len(self.tokens)] = match["unit"].removeprefix("°")
            elif kind == "text":
                value = value[1:-1]
            self.tokens.append((kind, value, match.start(kind) + 1))
            self.written.append(match[0].strip())
            at = match.end()

    def whole_number(self, match: re.Match[str]) -> None:
        """Refuse ``1_0`` and ``90kB``: a number with something stuck to it that is no unit."""
        end = match.end("unit" if match["unit"] else "number")
        stuck = re.match(r"[\w.]+", self.text[end:])
        if stuck and match["unit"] != "%":
            start = match.start("number")
            word = self.text[start:end] + stuck[0]
            raise PredicateError(
                f"column {start + 1} of {quoted(self.text)}: {quoted(word)} is no number with dBm, %, mAh or C; "
                "put versions and other texts in quotes"
            )

    def peek(self) -> tuple[str, Any]:
        return self.tokens[self.here][:2] if self.here < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, Any]:
        token = self.peek()
        self.here += 1
        return token

    def fail(self, wanted: str, would_do: str = "") -> None:
        if self.here < len(self.tokens):
            _, value, column = self.tokens[self.here]
            found = f"expected {wanted}, found {quoted(value)}{would_do}"
            raise PredicateError(f"column {column} of {quoted(self.text)}: {found}")
        raise PredicateError(f"{quoted(self.text)} ends too early: expected {wanted}{would_do}")

    def word(self, word: str) -> bool:
        if self.peek() in (("name", word), ("op", word)):
            self.here += 1
            return True
        return False

    def either(self) -> Node:
        parts = [self.both()]
        while self.word("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Node("or", tuple(parts))

    def both(self) -> Node:
        parts = [self.one()]
        while self.word("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Node("and", tuple(parts))

    def one(self) -> Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise PredicateError(f"{quoted(self.text)} is nested more than {_MAX_DEPTH} deep; write it flatter")
        node = self.part()
        self.depth -= 1
        return node

    def part(self) -> Node:
        if self.word("not"):
            return Node("not", (self.one(),))
        if self.word("("):
            node = self.either()
            if not self.word(")"):
                self.fail("')'")
            return node
        if self.word("known"):
            if not self.word("("):
                self.fail("'(' and a name")
            name = self.name()
            if not self.word(")"):
                self.fail("')'")
            return Node("known", (name,))
        name = self.name()
        if self.word("in"):
            return Node("in", (name, self.list(name)))
        kind, op = self.peek()
        if kind != "op" or op not in _COMPARISONS:
            wanted = "a comparison such as == or < (a name with blanks or hyphens stands in quotes)"
            self.fail(wanted, self.meant(name))
        self.here += 1
        return Node(str(op), (name, self.literal(name, str(op))))

    def meant(self, name: str) -> str:
        """What to write for a word of another language in place of a comparison, to be said behind."""
        kind, word = self.peek()
        if kind == "end" or (kind == "name" and word in ("and", "or")) or (kind, word) == ("op", ")"):
            return f"; of true and false write {as_name(name)} == true"
        meant = _OTHER_WORDS.get(str(word).lower(), "") if kind == "name" else ""
        return f"; write {meant.format(as_name(name))}" if meant else ""

    def name(self) -> str:
        kind, value = self.peek()
        if kind not in ("name", "text") or (kind == "name" and value in _WORDS) or value == "":
            both = "; a range is two comparisons: rssi > -100 and rssi < -80" if kind == "number" else ""
            self.fail("the name of an attribute", both)
        self.here += 1
        self.names.add(value)
        return str(value)

    def literal(self, name: str, op: str) -> float | str | bool:
        kind, value = self.peek()
        if (kind, value) in (("name", "true"), ("name", "false")):
            found: float | str | bool = value == "true"
        elif kind in ("number", "text"):
            found = value
            if self.here in self.units:
                self.compared.add((name, self.units[self.here]))
        else:
            meant = "; write != for not equal" if (op, value) == ("<", ">") else ""
            if kind == "name":
                meant = f"; write {_FLAGS.get(str(value).lower(), quoted(value))}"
            self.fail('a number or a text in quotes, such as -105dBm or "A"', meant)
        self.comparisons.append(Comparison(name, op, Said(found, self.written[self.here])))
        self.here += 1
        return found

    def list(self, name: str) -> tuple[float | str | bool, ...]:
        if not self.word("["):
            self.fail("'['", f'; write {as_name(name)} in ["A", "B"]')
        values = [self.literal(name, "in")]
        while self.word(","):
            values.append(self.literal(name, "in"))
        if not self.word("]"):
            self.fail("']' or ','")
        return tuple(values)


def _mismatch(each: Comparison, kind: Kind, odd: str) -> str:
    name, written = as_name(each.name), shortened(each.said.written, 40)
    if kind == "number":
        return f"{name} is a number; write it without quotes, such as {name} == 2"
    if kind == "flag":
        return f"{name} is true or false; write {name} == true"
    if may_be_grouped(odd):
        what = f"{name} is text, for {quoted(odd, 40)} has a comma of thousands or of decimals"
        return f"{what}; write {odd.replace(',', '')} or {odd.replace(',', '.').rstrip('0')} in the file"
    if re.fullmatch(r"[-+]?\d+,\d+\s*\S{0,4}", odd):
        return f"{name} is text, for {quoted(odd, 40)} has a decimal comma; write {odd.replace(',', '.')} in the file"
    if re.fullmatch(r"[-+]?\d+\.\d+", odd):
        what = f'{name} is text, for {quoted(odd, 40)} has a point, and decimal: "," says that the file has commas'
        return f"{what}; write numbers without points in the file"
    if re.fullmatch(r"\d+", odd):
        what = f"{name} is text, for {quoted(odd, 40)} is a code of digits, which a number would change"
        return f'{what}; write texts, {name} in ["{odd}", ...]'
    if odd:
        what = f"{name} is text, for some devices have no number there but {quoted(odd, 40)}"
        return f'{what}; write texts, {name} in ["{written}", ...], or leave those cells of the file empty'
    if each.op in ("==", "!=", "in"):
        listed = f'in ["{written}", ...]' if each.op == "in" else f'{each.op} "{written}"'
        return f"{name} is text; write the value in quotes, {name} {listed}"
    return f'{name} is text, which has no order of numbers; list what is meant, {name} in ["{written}", ...]'


def _stray(character: str) -> str:
    if character in "\"'":
        return "begins a text that never ends; close the quotes"
    hints = {
        "-": 'a name with hyphens or blanks stands in quotes, as in "site-id" == "north"',
        "=": "write == to compare",
        "&": "write and",
        "|": "write or",
        "!": "write not or !=",
        **dict.fromkeys("“”„‘’«»", "texts stand in straight quotes"),
        **dict.fromkeys(DASHES, "write the minus that the keyboard has, -"),
    }
    hint = hints.get(character)
    return f"means nothing here; {hint}" if hint else "means nothing here"
