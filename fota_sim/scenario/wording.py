"""What pydantic finds, said to somebody who never heard of pydantic: with units, and with what would do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any

from fota_sim.quoting import MOST_NAMES, listed, quoted, shortened
from fota_sim.scenario import units
from fota_sim.scenario.units import DURATION, Unit

_UNITS = [unit for unit in vars(units).values() if isinstance(unit, Unit) and unit is not units.NUMBER]
_BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}
TOO_MUCH = ("less_than", "less_than_equal")
"""Above the greatest value that a field takes."""
NO_PART = ("model_type", "dict_type", "model_attributes_type")
"""Something else where a part with keys of its own is wanted."""
_NEAR = 0.65  # of difflib: below, a word is rather another one than misspelt
_MOST_COMPARED = 1000  # characters of a word that is not known, and names it is compared with
_PART = re.compile(r"[_.\- ]")
"""Between the parts of a name."""
A_QUESTION = r"^$|^\S.*[?？؟]$"
"""With the question mark of any script."""
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_PATTERNS = {
    r"^[A-Za-z0-9_.\-]+$": "letters, digits, dots, hyphens and underscores",
    r"^[A-Za-z0-9_.\- ]*$": "letters, digits, dots, hyphens, underscores and spaces",
    r"^[A-Za-z0-9_\-]+$": "letters, digits, hyphens and underscores",
    r"^[A-Za-z0-9_]+$": "letters, digits and underscores",
    r'^[^"\r\n]$': "one character that is no quote and no line break",
    r"^[0-9a-f]{32}$": "exactly 32 of the digits 0-9 and a-f",
    r"^[0-9a-f]{64}$": "exactly 64 of the digits 0-9 and a-f",
}


def wording(kind: str, given: Any, context: dict[str, Any], message: str) -> str:
    """One error of type ``kind`` about the value ``given`` in a sentence; ``message`` is pydantic's.

    ``context`` is pydantic's, and has the ``text`` of a number that YAML reads as another than is written.
    """
    said = "it is empty" if given is None else f"{quoted(given)}"
    if kind in _BOUNDS:
        key, word = _BOUNDS[kind]
        if isinstance(given, datetime):  # as so long after the activation
            limit = f"{DURATION.format(float(context[key]))} after the activation"
            return f"{given.isoformat()} is out of range; it must be {word} {limit}"
        return f"{shortened(str(given))} is out of range; it must be {word} {_limit(context[key], given)}"
    if kind == "string_type":
        if isinstance(given, int | float) and not isinstance(given, bool):
            text = shortened(context.get("text") or str(given))
            return f'YAML reads this as the number {shortened(str(given))}; write it in quotes: "{text}"'
        quotes = "" if isinstance(given, list | dict) else "; write it in quotes"
        return f"must be text, but {said}" if given is None else f"must be text, not {said}{quotes}"
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        if pattern == A_QUESTION:
            return f"{said} must end with a question mark"
        latin = "" if given.isascii() or "A-Z" not in pattern else "; letters are those from a to z"
        return f"{said} may have only {_PATTERNS.get(pattern, pattern)}{latin}"
    if kind in ("string_too_long", "string_too_short"):
        word, key = ("at most", "max_length") if kind == "string_too_long" else ("at least", "min_length")
        return f"{said} has {len(given)} characters; it must have {word} {context[key]}"
    if kind in ("too_long", "too_short"):
        word, key = ("at most", "max_length") if kind == "too_long" else ("at least", "min_length")
        return f"has {context['actual_length']} entries; it must have {word} {context[key]}"
    if kind == "literal_error":
        return f"{said} is not one of {context['expected']}"
    must = _must_be(kind)
    if must:
        instead = "; begin each entry with a hyphen" if must == "a list" and isinstance(given, dict) else ""
        if must == "a whole number" and isinstance(given, str) and _THOUSANDS.fullmatch(given.strip()):
            instead = f"; write {given.strip().replace(',', '')}"
        return f"must be {must}, but it is empty" if given is None else f"must be {must}, not {quoted(given)}{instead}"
    return message


def _must_be(kind: str) -> str:
    if kind in NO_PART:
        return "a mapping of keys"
    if kind in ("list_type", "tuple_type"):
        return "a list"
    if kind.startswith("int_"):
        return "a whole number"
    if kind.startswith(("float_", "finite_")):
        return "a plain number"
    if kind.startswith("bool_"):
        return "true or false"
    if kind.startswith(("datetime", "date_")):
        return "a date and time such as 2026-01-05T08:00:00"
    return ""


def _limit(limit: float, given: Any) -> str:
    """``limit`` in the kind of unit that ``given`` is written in."""
    for unit in _UNITS:
        try:
            unit.parse(given)
        except ValueError:
            continue
        return unit.format(limit)
    return f"{limit}"


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """What to add to a message about a word that is not among ``known``: the nearest one, or all of them.

    Where there are more than a message has room for, those that are most like the word stand first.
    """
    same = [name for name in known[:_MOST_COMPARED] if name.casefold() == word.casefold()]
    close = same or difflib.get_close_matches(word[:_MOST_COMPARED], known[:_MOST_COMPARED], n=1, cutoff=_NEAR)
    if close:
        return f"; did you mean {quoted(close[0])}?"
    return f"; there are {listed(_in_order(word[:_MOST_COMPARED], set(known)))}" if known else ""


def _in_order(word: str, known: Set[str]) -> list[str]:
    """By the alphabet where all are told, else first those that are most like the word, whole or in a part."""
    names = sorted(known)
    if len(names) <= MOST_NAMES or len(names) > _MOST_COMPARED:
        return names
    alike = difflib.SequenceMatcher(b=word.casefold(), autojunk=False)

    def likeness(text: str) -> float:
        alike.set_seq1(text)
        return alike.ratio()

    def unlike(name: str) -> tuple[float, float]:
        whole = name.casefold()
        return -max(map(likeness, (whole, *_PART.split(whole)))), -likeness(whole)

    return sorted(names, key=unlike)
