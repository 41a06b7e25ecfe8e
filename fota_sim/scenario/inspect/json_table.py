"""JSON of a platform as a table of devices: pages, lists and lines of objects, with what is nested in columns."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fota_sim.errors import Problem, ScenarioError
from fota_sim.quoting import listed, number_of, quoted, shortened
from fota_sim.scenario.inspect.encoding import encoding_of_beginning
from fota_sim.scenario.tables.csv_file import csv_text
from fota_sim.scenario.text_file import UnreadableFileError, decoded, read_bytes

_MOST_B = 500_000_000
_DEEPEST = 8
_SAMPLE_B = 1_000_000
_NOT_OF_DEVICES = ("_links", "$metadata", "$version")
"""Addresses and bookkeeping of platforms."""


@dataclass
class JsonTable:
    """Objects as rows."""

    rows: list[dict[str, str]] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)
    """Names of columns, in the order in which they were met."""
    lists: dict[str, int] = field(default_factory=dict)
    """Names under which lists of objects stand, which are no cells, with how often."""
    encodings: dict[str, str] = field(default_factory=dict)
    """Files that are no UTF-8, with what they are read as."""

    def text(self) -> str:
        """The table as a CSV file."""
        rows = ([row.get(name, "") for name in self.columns] for row in self.rows)
        return csv_text([[*self.columns], *rows])

    def remarks(self) -> Iterator[str]:
        """How it was read, and what was left out."""
        for name, encoding in self.encodings.items():
            yield f"{name} is read as {encoding}."
        if self.lists:
            names = listed(quoted(name, 40) for name in [*self.lists][:5])
            yield f"Lists of objects are no cells and are left out: {names}."


def read_json_table(paths: Sequence[Path]) -> JsonTable:
    """The objects of all files; raises ScenarioError."""
    table = JsonTable()
    for path in paths:
        text, encoding = _text_of(path)
        if encoding != "utf-8":
            table.encodings[str(path)] = encoding
        for each in _entries(_parsed(path, text), path):
            row: dict[str, str] = {}
            _flat(each, "", row, table, 0)
            table.columns |= dict.fromkeys(row)
            table.rows.append(row)
    if not table.rows:
        raise _wrong(paths[0], "holds no objects of devices")
    return table


def _text_of(path: Path) -> tuple[str, str]:
    """What a file says, and in which encoding, as its first lines show."""
    try:
        data = read_bytes(path, _MOST_B, "Split it")
        encoding = encoding_of_beginning(data[:_SAMPLE_B])
        return decoded(data, encoding), encoding
    except UnreadableFileError as error:
        raise _wrong(path, str(error), error.line, error.column) from None


def _parsed(path: Path, text: str) -> list[Any]:
    """The documents of a file: one, or one a line."""
    try:
        return [json.loads(text)]
    except RecursionError:
        raise _wrong(path, "is nested too deeply") from None
    except json.JSONDecodeError as error:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2 or (error.lineno == 1 and error.msg != "Extra data"):
            raise _wrong(path, f"is no JSON here ({shortened(error.msg)})", error.lineno, error.colno) from None
    documents = []
    for number, line in lines:
        try:
            documents.append(json.loads(line))
        except (json.JSONDecodeError, RecursionError) as error:
            raise _wrong(path, f"is no JSON in this line ({shortened(str(error))})", number) from None
    return documents


def _entries(documents: list[Any], path: Path) -> Iterator[dict[str, Any]]:
    """The objects of documents: themselves, those of a list, or those of the one list of objects in a page."""
    for number, document in enumerate(documents, 1):
        found = document if isinstance(document, list) else [document]
        if isinstance(document, dict):
            pages = [each for each in document.values() if _is_list_of_objects(each)]
            scalars = {key for key, each in document.items() if isinstance(each, str)}
            if len(pages) == 1 and not scalars & {"id", "deviceId", "thingName", "imei", "name"}:
                found = pages[0]
        wrong = next((each for each in found if not isinstance(each, dict)), None)
        if wrong is not None:
            raise _wrong(path, f"entry {number} is {quoted(wrong)} and no object of fields")
        yield from found


def _flat(value: Any, name: str, row: dict[str, str], table: JsonTable, depth: int) -> None:
    if isinstance(value, str) and value[:1] == "{" and depth < _DEEPEST:  # a shadow within the fleet index of AWS
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(value)
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, each in value.items():
            if str(key) not in _NOT_OF_DEVICES:
                _flat(each, f"{name}.{key}" if name else str(key), row, table, depth + 1)
    elif _is_list_of_objects(value) and all({"name", "value"} <= each.keys() for each in value):  # as Mender has them
        for each in value:
            _flat(each["value"], f"{name}.{each['name']}", row, table, depth + 1)
    elif _is_list_of_objects(value) or isinstance(value, dict):
        table.lists[name] = table.lists.get(name, 0) + 1
    else:
        row[name] = _text(value)


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(_text(each) for each in value)
    return str(value)


def _wrong(path: Path, message: str, line: int = 0, column: int = 0) -> ScenarioError:
    return ScenarioError([Problem(str(path), line, column, "", message)])


def rows_and_columns(table: JsonTable) -> str:
    """How much it is, in words."""
    return f"{number_of(len(table.rows), 'row')}, {number_of(len(table.columns), 'column')}"
