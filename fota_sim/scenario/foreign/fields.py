"""The fields of another system's file: each is taken once, and what nobody takes is told."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from fota_sim.errors import Problem
from fota_sim.quoting import quoted, shortened
from fota_sim.scenario.foreign.draft import Draft, Note

_SHOWN = 60
_MILLISECONDS = 1e11  # a number of seconds as large as this would be the year 5138


_EARLIEST, _LATEST = 1971, 2199  # as a scenario's start, in any zone
_YES_NO = {"true": True, "yes": True, "on": True, "false": False, "no": False, "none": False, "off": False}


class Fields:
    """A mapping of the file. Names are found in any case and with or without ``_`` and blanks.

    What is null or empty counts as not there. A value that cannot be is put down as a problem, with its place.
    """

    def __init__(self, file: str, data: dict[str, Any], path: str = "", above: Fields | None = None) -> None:
        self._file = file
        self._path = path
        self._data: dict[str, tuple[str, Any]] = {}
        self._taken: set[str] = set()
        self._told: set[str] = set()
        self._parts: list[Fields] = []
        self.notes: list[Note] = above.notes if above is not None else []
        self.problems: list[Problem] = above.problems if above is not None else []
        for name, value in data.items():
            if not _is_empty(value):
                before = self._data.setdefault(_plain(name), (name, value))
                if before[0] != name:
                    at = f"{path}.{name}" if path else name
                    message = f"is {quoted(before[0])} again, in other letters; keep one of the two"
                    self.problems.append(Problem(file, 0, 0, at, message))

    def any_of(self, *names: str) -> bool:
        """Whether one of these is there."""
        return any(name in self for name in names)

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._data

    def __bool__(self) -> bool:
        return bool(self._data)

    def at(self, name: str) -> str:
        """The path of a field as the file has it."""
        written = self._data.get(_plain(name), (name, None))[0]
        return f"{self._path}.{written}" if self._path else written

    # What is there

    def part(self, *names: str) -> Fields:
        """The mapping under the first of these names that is there; an empty one if none is."""
        for name in names:
            if name in self:
                value = self._take(name)
                if isinstance(value, dict):
                    return self._below(value, self.at(name))
                self._wrong(name, "is a mapping of fields")
        return self._below({}, self.at(names[0]))

    def parts(self, *names: str) -> list[Fields]:
        """The mappings of the list under the first of these names that is there."""
        for name in names:
            if name not in self:
                continue
            value = self._take(name)
            if isinstance(value, list) and all(isinstance(each, dict) for each in value):
                return [self._below(each, f"{self.at(name)}[{k}]") for k, each in enumerate(value)]
            self._wrong(name, "is a list of mappings")
        return []

    def number(self, name: str, low: float, high: float, unit: str = "") -> float | None:
        """A number, also one written as text or with its ``unit`` behind it, within what the system takes."""
        value = self._take(name)
        if value is None:
            return None
        if unit and isinstance(value, str) and value.casefold().rstrip(" .").endswith(unit.casefold()):
            value = value.rstrip(" .")[: -len(unit)]
        try:
            number = float(value) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError):
            number = math.nan
        if not low <= number <= high:
            self._wrong(name, f"is a number from {low:.10g} to {high:.10g}{f', in {unit}' if unit else ''}")
            return None
        return number

    def whole(self, name: str, low: int, high: int, unit: str = "") -> int | None:
        """A whole number within what the system takes."""
        number = self.number(name, low, high, unit)
        if number is None:
            return None
        if number != int(number):
            self._wrong(name, "is a whole number")
            return None
        return int(number)

    def text(self, name: str) -> str | None:
        """A text."""
        value = self._take(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self._wrong(name, "is a text")
        return None

    def word(self, name: str, words: tuple[str, ...]) -> str | None:
        """One of these words, in any case."""
        value = self._take(name)
        if value is None:
            return None
        for word in words:
            if isinstance(value, str) and value.strip().lower() == word.lower():
                return word
        self._wrong(name, f"is {' or '.join([', '.join(words[:-1]), words[-1]] if words[1:] else words)}")
        return None

    def flag(self, name: str) -> bool | None:
        """True or false, also written as yes or no."""
        said = self.says(name)
        if said is None and name in self:
            self._wrong(name, "is true or false")
        return said

    def says(self, name: str) -> bool | None:
        """What a field says that holds true or false, or a word for it; None if it holds anything else."""
        value = self._take(name)
        if isinstance(value, str):
            value = _YES_NO.get(value.strip().lower())
        return value if isinstance(value, bool) else None

    def time(self, name: str, zone: tzinfo = UTC) -> datetime | None:
        """A moment in UTC: ISO 8601, without an offset taken as of ``zone``, or seconds or milliseconds since 1970."""
        value = self._take(name)
        if value is None:
            return None
        try:
            found = _moment(value, zone)
        except (ValueError, TypeError, OverflowError, OSError):
            self._wrong(name, "is a time, for example 2026-02-02T08:00:00Z")
            return None
        if not _EARLIEST <= found.year <= _LATEST:
            self._wrong(name, f"is a time of the years {_EARLIEST} to {_LATEST}")
            return None
        return found

    def strings(self, name: str) -> list[str]:
        """A list of texts, or one text with commas in it."""
        value = self._take(name)
        if isinstance(value, str):
            value = [each.strip() for each in value.split(",")]
        if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
            return [str(each) for each in value if str(each)]
        if value is not None:
            self._wrong(name, "is a list of texts")
        return []

    # What becomes of it

    def carried(self, name: str, into: str, why: str = "") -> None:
        """Put down which field of the scenario carries this one; nothing if it is not there."""
        if name in self:
            self._tell(name, into, why)

    def name(self, label: str, draft: Draft) -> None:
        """The plan's name."""
        said = self.text(label)
        if said:
            draft.put("name", said)
            self.carried(label, "plan.name")

    def left(self, why: str, *names: str) -> None:
        """Put down why these are not carried; nothing of those that are, or are not there."""
        for name in names:
            if name in self and _plain(name) not in self._told:
                self._tell(name, "", why)

    def _tell(self, name: str, into: str, why: str) -> None:
        self._taken.add(_plain(name))
        self._told.add(_plain(name))
        self.notes.append(Note(self.at(name), self._shown(name), into, why))

    def finish(self) -> None:
        """Put down of every field that nobody took that it is not known, here and below."""
        for plain, (written, _) in self._data.items():
            if plain not in self._taken:
                self.notes.append(Note(self.at(written), self._shown(written), "", "is not known here"))
        for part in self._parts:
            part.finish()

    def wrong(self, name: str, message: str) -> None:
        """Put down a problem with a field."""
        self.problems.append(Problem(self._file, 0, 0, self.at(name), message))

    def missing(self, message: str, *names: str) -> None:
        """Put down a problem with each of these that is not there."""
        for name in names:
            if name not in self:
                self.wrong(name, f"is missing; {message}")

    def _wrong(self, name: str, what: str) -> None:
        self.wrong(name, f"{quoted(self._data[_plain(name)][1])} cannot be: it {what}")

    def _take(self, name: str) -> Any:
        self._taken.add(_plain(name))
        return self._data.get(_plain(name), (name, None))[1]

    def _below(self, data: dict[str, Any], path: str) -> Fields:
        part = Fields(self._file, {str(name): value for name, value in data.items()}, path, self)
        self._parts.append(part)
        return part

    def _shown(self, name: str) -> str:
        value = self._data[_plain(name)][1]
        return shortened(" ".join(_leaves(value)), _SHOWN)


def _plain(name: str) -> str:
    return "".join(letter for letter in str(name).lower() if letter.isalnum())


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def _leaves(value: Any) -> Iterator[str]:
    """A value as few words: what is inside mappings and lists, one after the other."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield f"{name}:"
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    else:
        yield str(value)


def _moment(value: Any, zone: tzinfo) -> datetime:
    if isinstance(value, bool):
        raise ValueError
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, str) and not value.replace(".", "", 1).isdigit():
        found = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    else:
        seconds = float(value)
        found = datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)
    return (found.replace(tzinfo=zone) if found.tzinfo is None else found).astimezone(UTC)
