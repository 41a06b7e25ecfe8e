"""A file of a log, opened: JSON, lines of JSON, or a table of texts, each with its places for messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fota_sim.errors import FotaSimError, Problem, ScenarioError
from fota_sim.quoting import quoted, shortened
from fota_sim.scenario.inspect.encoding import encoding_of_beginning
from fota_sim.scenario.inspect.headers import squeezed
from fota_sim.scenario.inspect.layout import guess_layout
from fota_sim.scenario.tables.csv_file import CsvTable
from fota_sim.scenario.tables.excel_file import ExcelTable
from fota_sim.scenario.tables.table import Table
from fota_sim.scenario.text_file import UnreadableFileError, decoded, read_bytes

_MOST_B = 2_000_000_000
"""Some ten million rows."""
_DELIMITERS = (",", ";", "\t", "|")
_SAYS_DELIMITER = re.compile(r"sep=(.)", re.I)
"""A first line that says it to spreadsheets."""
_LOOKED_AT_B = 200_000
_WORKBOOKS = (".xlsx", ".xlsm")
_ZIP = b"PK\x03\x04"
"""What archives begin with, of which workbooks are."""
_ENDS = "\ufeff\r\n"


@dataclass(frozen=True)
class Opened:
    """One file; what it holds is read when it is asked for."""

    path: Path

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.path)

    def wrong(self, message: str, line: int = 0, column: int = 0) -> ScenarioError:
        """An error at a place of the file."""
        return ScenarioError([Problem(self.name, line, column, "", message)])

    @cached_property
    def is_json(self) -> bool:
        """Whether it begins like JSON."""
        return self._begin(4096).lstrip(_ENDS + " \t")[:1] in ("{", "[")

    @cached_property
    def encoding(self) -> str:
        """What its text is in, by its first bytes: UTF-8, UTF-16 as PowerShell writes it, or what spreadsheets save."""
        return encoding_of_beginning(self._first_bytes)

    def remarks(self) -> Iterator[str]:
        """What was seen in it and is said nowhere."""
        if self._is_workbook:
            return
        if self.encoding != "utf-8":
            yield f"{self.name} is read as {self.encoding}."
        if not self.is_json and self._names_at > 1:
            yield f"{self.name}: line {self._names_at} is taken for the names of its columns."

    @cached_property
    def objects(self) -> list[tuple[int, dict[str, Any]]]:
        """JSON objects with their lines: of one document, those of its list, or one a line. Raises ScenarioError."""
        try:
            text = decoded(read_bytes(self.path, _MOST_B, "Split it"), self.encoding)
        except UnreadableFileError as error:
            raise self.wrong(str(error), error.line, error.column) from None
        found: Any
        try:
            found = json.loads(text)
        except RecursionError:
            raise self.wrong("is nested too deeply for a log") from None
        except json.JSONDecodeError as error:
            if "\n" in text.strip() and _is_whole(text.strip().split("\n", 1)[0]):
                return list(self._by_line(text))
            raise self.wrong(_half(error, text), error.lineno, error.colno) from None
        entries = found if isinstance(found, list) else [found]
        wrong = next((number for number, each in enumerate(entries, 1) if not isinstance(each, dict)), None)
        if wrong is not None:
            raise self.wrong(f"entry {wrong} is {quoted(entries[wrong - 1])} and no object of fields")
        return list(enumerate(entries, 1))

    def _by_line(self, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                said = _half(error, line) if isinstance(error, json.JSONDecodeError) else "is nested too deeply"
                raise self.wrong(said, number, 1) from None
            if not isinstance(found, dict):
                raise self.wrong(f"{quoted(found)} is no object of fields", number, 1)
            yield number, found

    @cached_property
    def table(self) -> Table:
        """The file as a table of texts; the delimiter is the one that its line of names has most of, or the first line
        says.
        """
        if self._is_workbook:
            return ExcelTable(self.path)
        lines = self._begin(_LOOKED_AT_B).splitlines() or [""]
        said = _SAYS_DELIMITER.fullmatch(lines[0].strip(_ENDS))
        names = lines[self._names_at - 1]
        delimiter = said[1] if said is not None else max(_DELIMITERS, key=names.count)
        return CsvTable(self.path, delimiter, self.encoding, self._names_at, _MOST_ROWS)

    @property
    def _is_workbook(self) -> bool:
        """By its name, or by what it holds: exports of workbooks are called ``.csv`` at times."""
        return self.path.suffix.lower() in _WORKBOOKS or self._first_bytes.startswith(_ZIP)

    @cached_property
    def _names_at(self) -> int:
        """The line that names the columns: the first, but where that is a title or a remark above a wider table."""
        lines = self._begin(_LOOKED_AT_B).splitlines()[:-1]
        if lines and _SAYS_DELIMITER.fullmatch(lines[0].strip(_ENDS)):
            return 2
        found = guess_layout(lines, _DELIMITERS)
        narrow = bool(lines) and lines[0].count(found.delimiter) < found.width - 1
        return found.header if narrow and found.header and found.width > 1 else 1

    def _begin(self, size_B: int) -> str:
        return self._first_bytes[:size_B].decode(self.encoding, errors="replace").removeprefix("\ufeff")

    @cached_property
    def _first_bytes(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                return file.read(_LOOKED_AT_B)
        except OSError as error:
            raise self.wrong(f"cannot be read: {error.strerror}") from None

    @cached_property
    def header(self) -> list[str]:
        """Column names of the table. Raises ScenarioError."""
        try:
            return self.table.header()
        except UnreadableFileError as error:
            raise self.wrong(str(error), error.line, error.column) from None

    @property
    def squeezed(self) -> list[str]:
        """Column names as small letters and digits."""
        return [squeezed(name) for name in self.header]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with their lines. Raises ScenarioError."""
        try:
            yield from self.table.rows()
        except UnreadableFileError as error:
            raise self.wrong(str(error), error.line, error.column) from None


_MOST_ROWS = 20_000_000


def require(condition: bool, message: str) -> None:
    """Raise FotaSimError unless."""
    if not condition:
        raise FotaSimError(message)


def _is_whole(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _half(error: json.JSONDecodeError, text: str) -> str:
    if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated"):
        return "ends in the middle of an entry; it is half a file, export it again"
    return f"is no JSON here ({shortened(error.msg)})"
