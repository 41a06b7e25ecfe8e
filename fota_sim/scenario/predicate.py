"""Conditions over device attributes: ``firmware == "1_0" and rssi < -105dBm``. Parsed, never evaluated as Python.

Grammar: ``or``, ``and``, ``not``, parentheses, ``== != < <= > >=``, ``in ["a", "b"]``, ``known(name)``. A missing
value compares false with everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[-+]?\d+\.?\d*)\s*(?P<unit>dBm|dB|mAh|%|°?C\b)?|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<op>==|!=|<=|>=|<|>|\(|\)|\[|\]|,))"
)
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_WORDS = ("and", "or", "not", "in", "true", "false", "known")

Mask = NDArray[np.bool_]


class CodedColumn(Protocol):
    """A column of few different values: that of row i is ``table[codes[i]]``."""

    @property
    def codes(self) -> NDArray[np.int32]: ...
    @property
    def table(self) -> NDArray[np.object_]: ...


Column = NDArray[Any] | CodedColumn
Columns = Mapping[str, Column]


class PredicateError(ValueError):
    """A condition that cannot be read; the text says where and what would do."""


@dataclass(frozen=True)
class Node:
    """One step of a condition: an operator and its operands (nodes, names or literals)."""

    op: str
    operands: tuple[Any, ...]


@dataclass(frozen=True)
class Predicate:
    """A parsed condition."""

    text: str
    root: Node
    names: frozenset[str]
    units: frozenset[tuple[str, str]] = frozenset()
    """Which attribute is compared with a number in which unit."""

    def evaluate(self, columns: Columns) -> Mask:
        """Which devices meet the condition; columns of shape (devices,), NaN, None or '' where unknown."""
        return _evaluate(self.root, columns)


def parse_predicate(text: str) -> Predicate:
    """Read a condition; raises PredicateError."""
    parser = _Parser(text)
    root = parser.either()
    if parser.here < len(parser.tokens):
        parser.fail("the end, 'and' or 'or'")
    return Predicate(text, root, frozenset(parser.names), frozenset(parser.compared))


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, Any, int]] = []
        self.units: dict[int, str] = {}
        self.names: set[str] = set()
        self.compared: set[tuple[str, str]] = set()
        self.here = 0
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                column = at + len(text[at:]) - len(text[at:].lstrip()) + 1
                raise PredicateError(f"column {column} of {text!r}: {text[column - 1]!r} {_stray(text[column - 1])}")
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
            at = match.end()

    def whole_number(self, match: re.Match[str]) -> None:
        """Refuse ``1_0`` and ``90kB``: a number with something stuck to it that is no unit."""
        end = match.end("unit" if match["unit"] else "number")
        stuck = re.match(r"[\w.]+", self.text[end:])
        if stuck and match["unit"] != "%":
            start = match.start("number")
            word = self.text[start:end] + stuck[0]
            raise PredicateError(
                f"column {start + 1} of {self.text!r}: {word!r} is no number with dBm, %, mAh or C; "
                "put versions and other texts in quotes"
            )

    def peek(self) -> tuple[str, Any]:
        return self.tokens[self.here][:2] if self.here < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, Any]:
        token = self.peek()
        self.here += 1
        return token

    def fail(self, wanted: str) -> None:
        if self.here < len(self.tokens):
            _, value, column = self.tokens[self.here]
            raise PredicateError(f"column {column} of {self.text!r}: expected {wanted}, found {value!r}")
        raise PredicateError(f"{self.text!r} ends too early: expected {wanted}")

    def word(self, word: str) -> bool:
        if self.peek() in (("name", word), ("op", word)):
            self.here += 1
            return True
        return False

    def either(self) -> Node:
        node = self.both()
        while self.word("or"):
            node = Node("or", (node, self.both()))
        return node

    def both(self) -> Node:
        node = self.one()
        while self.word("and"):
            node = Node("and", (node, self.one()))
        return node

    def one(self) -> Node:
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
            self.fail("a comparison such as == or <")
        self.here += 1
        return Node(str(op), (name, self.literal(name)))

    def name(self) -> str:
        kind, value = self.peek()
        if kind != "name" or value in _WORDS:
            self.fail("the name of an attribute")
        self.here += 1
        self.names.add(value)
        return str(value)

    def literal(self, name: str) -> float | str | bool:
        kind, value = self.peek()
        if (kind, value) in (("name", "true"), ("name", "false")):
            self.here += 1
            return bool(value == "true")
        if kind not in ("number", "text"):
            self.fail('a number or a text in quotes, such as -105dBm or "A"')
        if self.here in self.units:
            self.compared.add((name, self.units[self.here]))
        self.here += 1
        return value  # type: ignore[no-any-return]  # a float or a str by the token's kind

    def list(self, name: str) -> tuple[float | str | bool, ...]:
        if not self.word("["):
            self.fail("'['")
        values = [self.literal(name)]
        while self.word(","):
            values.append(self.literal(name))
        if not self.word("]"):
            self.fail("']' or ','")
        return tuple(values)


def _stray(character: str) -> str:
    if character in "\"'":
        return "begins a text that never ends; close the quotes"
    hints = {"=": "write == to compare", "&": "write and", "|": "write or", "!": "write not or !="}
    hint = hints.get(character)
    return f"means nothing here; {hint}" if hint else "means nothing here"


def _known(column: NDArray[Any]) -> Mask:
    if column.dtype == object:
        return np.array([value is not None and value != "" for value in column], dtype=bool)
    if column.dtype.kind == "f":
        return np.asarray(~np.isnan(column), dtype=bool)
    return np.ones(len(column), dtype=bool)


def _compare(op: str, column: NDArray[Any], value: float | str | bool) -> Mask:
    known = _known(column)
    numeric = column.dtype.kind in "fiub"
    if numeric != isinstance(value, float | bool):
        column = np.array([str(entry) for entry in column], dtype=object)
        value = str(value)
    if op == "==":
        found = column == value
    elif op == "!=":
        found = column != value
    else:
        if isinstance(value, str):
            column = np.array(["" if entry is None else str(entry) for entry in column])
        found = {"<": column < value, "<=": column <= value, ">": column > value, ">=": column >= value}[op]
    return np.asarray(known & found, dtype=bool)


def _among(column: NDArray[Any], values: tuple[float | str | bool, ...]) -> Mask:
    found = np.zeros(len(column), dtype=bool)
    for value in values:
        found |= _compare("==", column, value)
    return found


def _evaluate(node: Node, columns: Columns) -> Mask:
    match node.op:
        case "or":
            return _evaluate(node.operands[0], columns) | _evaluate(node.operands[1], columns)
        case "and":
            return _evaluate(node.operands[0], columns) & _evaluate(node.operands[1], columns)
        case "not":
            return ~_evaluate(node.operands[0], columns)
        case "known":
            return _by_value(columns[node.operands[0]], _known)
        case "in":
            return _by_value(columns[node.operands[0]], lambda column: _among(column, node.operands[1]))
        case op:
            return _by_value(columns[node.operands[0]], lambda column: _compare(op, column, node.operands[1]))


def _by_value(column: Column, test: Callable[[NDArray[Any]], Mask]) -> Mask:
    """A test of each value on its own, made once per different value where the column is coded."""
    return test(column) if isinstance(column, np.ndarray) else test(column.table)[column.codes]
