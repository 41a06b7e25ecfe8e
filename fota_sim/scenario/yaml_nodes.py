"""YAML text as a tree of nodes with places, within limits; what a scenario has no use for is refused where it stands.

Aliases (``*name``) are shared in the tree, and multiply when they stand in each other; so what they unfold to is
counted before anybody unfolds it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from threading import local
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from fota_sim.quoting import quoted, shortened
from fota_sim.scenario.written_units import may_be_thousands

__all__ = [
    "MAX_RESOLVED",
    "MAX_SIZE_B",
    "MAX_VALUES",
    "MappingNode",
    "Node",
    "NotYamlError",
    "ScalarNode",
    "SequenceNode",
    "compose",
    "scalar",
]

MAX_SIZE_B = 256_000
"""Size of a file; ten times the longest scenario that is shipped, and a second or two to read."""
MAX_DEPTH = 40
"""Lists and mappings in each other, aliases unfolded; a scenario has about ten."""
MAX_VALUES = 10_000
"""Names and values, aliases unfolded; the parser takes half a second for so many."""
MAX_RESOLVED = 4 * MAX_VALUES
"""The same in a resolved scenario, which has all that is built in beside what was written."""
MAX_NAMES = 1_000
"""Names in one mapping; the longest that a scenario has is a list of versions with their shares."""
_KEPT_TEXT = 32_000
"""Characters of a text whose tree is kept; the longest scenario that is shipped has 27,000, a template three."""
_MAX_TEXT = 20_000
_MAX_NAME = 200
_MAX_DIGITS = 40
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")

_ENDS_IN = re.compile(r"(?:[:,{]\s+)([^:,{}]*?)\s+in\s*$")
"""The beginning of a condition before a bracket that YAML takes for one of its own."""

_GLUED = re.compile(r"(?:^|[{,])\s*([\w-]+):$")
"""The beginning of an entry in braces whose colon has no blank behind it, before another bracket."""

_HINTS = {
    "mapping values are not allowed": "; put a text with a colon in quotes, or check the indentation",
    "'\\t'": "; indent with spaces, not with tabs",
    "another document": "; one file holds one scenario, remove the line ---",
    "expected <block end>": "; check the indentation",
    "expected ',' or": "; put a text with brackets or commas in quotes, or close the bracket that is open",
}
"""What would do, by a part of what the YAML parser says."""

_NO_KEY = (
    (re.compile(r"(\s*[\w-]+):[\u00a0\u2007\u202f]"), "behind its colon stands no plain blank; write one"),
    (re.compile(r"(\s*[\w-]+):[^\s/\\:]"), "write a blank behind the colon"),
    (re.compile(r"(\s*[\w-]+)\s*=[^=]"), "write a colon and a blank in place of ="),
)
"""Lines that look like a name with a value, and what would make them one."""

_OTHER_YAML = re.compile(r"\ufeff?(?:[ \t]*(?:#[^\n]*)?\r?\n)*%YAML[ \t]+(?!1\.2\b)(\d+\.\d+)")
"""A first line that says which YAML a text is, and that it is another one."""

_GIVES_UP = (ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, TypeError, ValueError)
"""What ruamel.yaml lets through from some texts that are no YAML, beside its own errors."""


class NotYamlError(Exception):
    """A text that is no YAML, or more than is read; ``line`` and ``column`` count from 1, 0 where nothing is known."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


def compose(text: str, most: int = MAX_VALUES) -> Node | None:
    """The tree of one document of at most so many values, None for an empty one; raises NotYamlError.

    Who reads it changes nothing in it: a text that is read again has the same tree, for parsing is most of the work.
    """
    other = _OTHER_YAML.match(text)
    if other is not None:
        why = ", in which yes is true and 12:30 a number" if other[1] == "1.1" else ""
        message = f"is YAML {other[1]}{why}; a scenario is YAML 1.2: remove this line"
        raise NotYamlError(message, text[: other.end()].count("\n") + 1, 1)
    return _kept(text, most) if len(text) <= _KEPT_TEXT else _composed(text, most)


def _composed(text: str, most: int) -> Node | None:
    yaml = YAML(typ="safe", pure=True)

    class Bounded(_Composer):
        most_values = most

    yaml.Composer = Bounded
    try:
        node: Node | None = yaml.compose(text)
    except ReaderError as error:
        before, code = text[: error.position], ord(text[error.position])
        message = f"holds the character U+{code:04X}, which no text file has; remove it"
        raise NotYamlError(message, before.count("\n") + 1, error.position - before.rfind("\n")) from None
    except MarkedYAMLError as error:
        raise _told(error, text) from None
    except YAMLError as error:
        raise NotYamlError(f"not valid YAML: {_words(str(error))}") from None
    except _GIVES_UP as error:
        raise NotYamlError(f"not valid YAML: the parser gives up ({_words(str(error))})") from None
    if node is not None:
        _Measure(most).of(node)
    return node


_kept = lru_cache(maxsize=32)(_composed)


def scalar(node: ScalarNode) -> Any:
    """The number, text, date, flag or None that a node says; raises NotYamlError."""
    if _kind(node) == "number" and may_be_thousands(node.value):
        less, more = node.value.removesuffix(".000").replace(".", ""), node.value.replace(".", "")
        raise _at(node, f"{node.value} may be {less} or {more}; write one of these, or in quotes if it is text")
    constructor = _own.constructor
    try:
        return constructor.construct_object(node, deep=True)
    except MarkedYAMLError as error:
        raise _told(error) from None
    except _GIVES_UP as error:
        raise _at(node, f"{quoted(node.value)} is no {_kind(node)}: {_words(str(error))}") from None
    finally:  # it remembers nodes: for good, with all of their text, and as None those that it gave up on
        constructor.constructed_objects.clear()
        constructor.recursive_objects.clear()


class _Own(local):
    """What makes values of scalars, for each thread its own: it remembers what it is at."""

    def __init__(self) -> None:
        self.constructor = YAML(typ="safe", pure=True).constructor


_own = _Own()


def _kind(node: ScalarNode) -> str:
    name = str(node.tag).rpartition(":")[2]
    return {"timestamp": "date", "int": "number", "float": "number"}.get(name, "value")


def _at(node: Node, message: str) -> NotYamlError:
    return NotYamlError(message, node.start_mark.line + 1, node.start_mark.column + 1)


def _told(error: MarkedYAMLError, text: str = "") -> NotYamlError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    what = _words(error.problem or "cannot be read")
    begun = _ENDS_IN.search(text.splitlines()[mark.line][: mark.column]) if mark and "got '['" in what else None
    if begun is not None:
        condition = f"'{shortened(begun[1], 40)} in [...]'"
        return NotYamlError(f"a condition with a list stands in quotes, as in where: {condition}", line, column)
    there = text.splitlines()[mark.line : mark.line + 1] if mark and "expected ',' or" in what else []
    glued = _GLUED.search(there[0][: mark.column]) if mark and there else None  # at the end of a text there is no line
    if mark and glued is not None:
        bracket = there[0][mark.column : mark.column + 1]
        message = f"a colon has a blank behind it: {glued[1]}: {bracket}"
        return NotYamlError(f"not valid YAML: {what}; {message}", line, column)
    unread = "mapping values are not allowed" in what or "expected '<document start>'" in what
    if mark and unread and (wrong := _line_before(text, mark.line)):
        return NotYamlError(*wrong)
    hint = next((hint for part, hint in _HINTS.items() if part in what), "")
    return NotYamlError(f"not valid YAML: {what}{hint}", line, column)


def _line_before(text: str, line: int) -> tuple[str, int, int] | None:
    """What is wrong with the line that the parser still reads as one text, with its place; None if that is not seen."""
    lines = enumerate(text.splitlines()[: line + 1])
    before = [(k, each) for k, each in lines if each.strip() and not each.lstrip().startswith("#")]
    for k, each in before[::-1][:2]:
        for wrong, message in _NO_KEY:
            found = wrong.match(each)
            if found is not None:
                return f"{quoted(each.strip())} is no name with a value; {message}", k + 1, found.end(1) + 1
    return None


def _words(text: str) -> str:
    return shortened(" ".join(text.split()), 200)


class _Composer(Composer):
    """Stops at what is nested too deeply before the parser's own recursion ends, and at tags."""

    most_values = MAX_VALUES

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False
        self._depth = 0
        self._count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """One node with all that is in it."""
        event = self.parser.peek_event()
        mark = event.start_mark
        self._count += 1
        if self._count > self.most_values:
            message = (
                f"more than {self.most_values:,} names and values; put long lists of devices into files of their own"
            )
            raise NotYamlError(f"{message} (file: ids.txt)", mark.line + 1, mark.column + 1)
        if isinstance(parent, MappingNode) and len(parent.value) >= MAX_NAMES:
            message = f"more than {MAX_NAMES:,} names in one mapping, and no part of a scenario has so many"
            raise NotYamlError(message, mark.line + 1, mark.column + 1)
        if self._depth > MAX_DEPTH:
            raise NotYamlError(f"is nested more than {MAX_DEPTH} deep here", mark.line + 1, mark.column + 1)
        if not isinstance(event, AliasEvent) and event.ctag is not None:
            tag = str(event.ctag).replace("tag:yaml.org,2002:", "!!")
            message = f"the YAML tag {shortened(tag)} means nothing here; write the value alone"
            raise NotYamlError(f"{message}, in quotes if it is text", mark.line + 1, mark.column + 1)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


class _Measure:
    """How many values a node unfolds to, and how deep; each node is looked at once however often it is named."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[int, tuple[int, int]] = {}
        self._open: set[int] = set()

    def of(self, node: Node) -> tuple[int, int]:
        """Values and depth; raises NotYamlError."""
        if isinstance(node, ScalarNode):
            _check_scalar(node)
            return 1, 1
        if id(node) in self._open:
            raise _at(node, "this anchor (&name) contains itself by an alias (*name); write it out")
        if id(node) not in self._known:
            self._open.add(id(node))
            self._known[id(node)] = self._inside(node)
            self._open.remove(id(node))
        return self._known[id(node)]

    def _inside(self, node: Node) -> tuple[int, int]:
        values, deepest = 1, 0
        for part in node.value:
            for each in part if isinstance(node, MappingNode) else (part,):
                more, deep = self.of(each)
                values, deepest = values + more, max(deepest, deep)
            if isinstance(node, MappingNode) and isinstance(part[0], ScalarNode) and len(part[0].value) > _MAX_NAME:
                raise _at(part[0], f"{quoted(part[0].value)} is longer than a name may be ({_MAX_NAME} characters)")
            if values > self._most:
                message = f"aliases (*name) multiply what stands here to more than {self._most:,} values"
                raise _at(node, f"{message}; write out what is meant")
        if deepest >= MAX_DEPTH:
            raise _at(node, f"is nested more than {MAX_DEPTH} deep with its aliases (*name) written out")
        return values, deepest + 1


def _check_scalar(node: ScalarNode) -> None:
    text: str = node.value
    if len(text) > _MAX_TEXT:
        raise _at(node, f"{quoted(text)} has {len(text):,} characters; a value has at most {_MAX_TEXT:,}")
    if len(text) > _MAX_DIGITS and _kind(node) == "number":
        raise _at(node, f"{quoted(text)} is a number of more than {_MAX_DIGITS} digits; write it shorter")
    found = _CONTROL.search(text) or _HALF_CHARACTER.search(text)
    if found:
        what = "a control character" if ord(found[0]) < 0x80 else "half a character"
        raise _at(node, f"{quoted(text)} holds {what} (U+{ord(found[0]):04X}); remove it")
