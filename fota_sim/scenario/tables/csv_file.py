"""A CSV file as a table of texts: its line of column names, and its rows with the lines they stand in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from fota_sim.quoting import quoted, shortened
from fota_sim.scenario.signs import with_blanks
from fota_sim.scenario.tables.digest import Digest
from fota_sim.scenario.tables.table import most_of
from fota_sim.scenario.text_file import UnreadableFileError, read_lines

MAX_SIZE_B = 256_000_000
"""Some five million devices; a file with a ``limit`` may be larger."""

_DELIMITERS = {";": ";", "\t": "\\t", "|": "|", ",": ","}
_OTHERS = (
    (re.compile(r"[\[{]+$|\{\s*\"|\[\s*\{"), "JSON"),
    (re.compile(r"<(?:\?xml|!doctype|html|table|workbook)\b", re.I), "XML or HTML"),
    (re.compile(r"PAR1"), "a Parquet file"),
    (re.compile(r"%PDF-"), "a PDF"),
)
"""What files begin with that people name in place of a table."""
_SAVE_AS_CSV = "write its rows as CSV or .xlsx, or give them from Python: fota_sim.run(..., fleet=frame)"
_MAKE_A_TABLE = "make one of it: fota-sim fleet table FILE -o FILE.csv"
_BREAK = re.compile(r"\r\n|\r|\n")
_AS_TEXT = re.compile(r'="([^"]*)"')
_HEADER_WITHIN = 20  # lines in which a header is looked for that does not stand first


@dataclass(frozen=True)
class CsvTable:
    """A CSV file, and how it is read."""

    path: Path
    delimiter: str = ","
    encoding: str = "utf-8"
    header_line: int = 1
    """The line with the column names, from 1; what stands before it is left out."""
    limit: int | None = None
    """Only the first so many rows."""
    held: bytes | None = None
    """What the file holds, where a program has it and no disk; UTF-8."""

    @property
    def too_wide(self) -> str:
        """See ``Table``."""
        return "; a cell with a comma in it, such as a decimal comma, stands in quotes" if self.delimiter == "," else ""

    def header(self) -> list[str]:
        """See ``Table``."""
        for _, names in self._lines():
            return names
        if self.header_line > 1 and any(True for _ in replace(self, header_line=1)._lines()):
            raise UnreadableFileError(f"has no line {self.header_line}, where header: says that its column names are")
        raise UnreadableFileError("is empty; its first line says the names of its columns")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """See ``Table``."""
        rows = self._lines()
        next(rows, None)
        for count, (line, cells) in enumerate(rows):
            if self.limit is not None and count >= self.limit:
                return
            if any(cells) or self.held is not None:  # a program's table has no empty lines but rows of nothing
                yield line, cells

    def rather(self, wanted: Collection[str]) -> str:
        """See ``Table``: another kind of file, another delimiter, or another line."""
        header = self.header()
        if not set(wanted).isdisjoint(header):
            return ""
        other = another_kind(header[0] if header else "")
        if other:
            return other
        for delimiter in (self.delimiter, *_DELIMITERS):
            for line, cells in replace(self, delimiter=delimiter, header_line=1)._first():
                if not set(wanted).isdisjoint(cells):
                    return "; ".join(self._instead(delimiter, line, header))
        return ""

    def about(self) -> int:
        """See ``Table``: its lines but for the header."""
        return most_of(self.limit, self._about())

    def _about(self) -> int:
        if self.held is not None:
            return max(0, self.held.count(b"\n") - 1)
        try:
            with self.path.open("rb") as file:
                return max(0, sum(1 for _ in file) - 1)
        except OSError:
            return 0

    def digest(self, most_B: int) -> Digest | None:
        """See ``Table``."""
        return Digest.of_file(self.path, most_B) if self.held is None else Digest.of(self.held, most_B)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        limit_B = MAX_SIZE_B if self.limit is None else None
        lines: Iterator[str] = (
            read_lines(self.path, limit_B, "Split it, or take its first rows: limit: 100000", self.encoding)
            if self.held is None
            else io.StringIO(self.held.decode(), newline="")
        )
        before = self.header_line - 1
        raw: list[str] = []  # lines of the row
        reader = csv.reader(_noted(islice(lines, before, None), raw), delimiter=self.delimiter)
        begun, width = self.header_line, 0
        try:
            for row in reader:
                cells = [with_blanks(cell) for cell in row]
                if '="' in "".join(raw):
                    cells = [_shown(cell) for cell in cells]
                broken = next((cell for cell in row if "\n" in cell or "\r" in cell), None)
                if broken is not None:
                    if not self._breaks(raw, cells, width or len(cells)):
                        message = f'{quoted(broken.strip())} goes over the end of its line; is a quote (") left open?'
                        raise UnreadableFileError(message, begun)
                    cells = [" ".join(cell.split()) for cell in cells]
                yield before + reader.line_num, cells
                begun = before + reader.line_num + 1
                width = width or len(cells)
                raw.clear()
        except csv.Error as error:
            message = f'a cell that begins here is too long; is a quote (") left open? ({error})'
            raise UnreadableFileError(message, begun) from None

    def _breaks(self, raw: list[str], cells: list[str], width: int) -> bool:
        """Whether a row over several lines is one with breaks in its cells, and none with a quote left open.

        A quote that is left open takes further rows into its cell: it ends in the middle of one, or none ends it, or
        the row has another width, or a line within the cell holds as many delimiters as a row.
        """
        try:
            alone = list(csv.reader(raw, delimiter=self.delimiter, strict=True))
        except csv.Error:
            return False
        most = max(line.count(self.delimiter) for cell in cells for line in cell.splitlines() or [""])
        return len(alone) == 1 and len(cells) == width and most < max(1, width - 1)

    def _instead(self, delimiter: str, line: int, header: list[str]) -> Iterator[str]:
        if delimiter != self.delimiter:
            yield f'its columns are separated by {quoted(delimiter)}; write delimiter: "{_DELIMITERS[delimiter]}"'
        if line != self.header_line:
            begins = quoted(shortened(self.delimiter.join(header), 40))
            yield (
                f"its line of column names is line {line} and not the one that begins with {begins}; "
                f"write header: {line}"
            )

    def _first(self) -> Iterator[tuple[int, list[str]]]:
        try:
            yield from islice(self._lines(), _HEADER_WITHIN)
        except UnreadableFileError:
            return


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as a CSV file that is read as they are, but for breaks in a cell, which are blanks as in every table.

    One alone would end the row: Python's writer leaves a carriage return without quotes.
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([_BREAK.sub(" ", cell) for cell in row] for row in rows)
    return out.getvalue()


def another_kind(line: str) -> str:
    """What a file is that begins so, and is no table, with what would do; ``""`` where that is not known."""
    other = next((what for begins, what in _OTHERS if begins.match(line.strip())), "")
    instead = _MAKE_A_TABLE if other == "JSON" else _SAVE_AS_CSV
    return f"is {other} and no table of cells with a delimiter; {instead}" if other else ""


def _shown(cell: str) -> str:
    """What a spreadsheet shows of ``="00123"``, by which programs keep it from taking digits for a number."""
    found = _AS_TEXT.fullmatch(cell)
    return found[1].strip() if found else cell


def _noted(lines: Iterator[str], raw: list[str]) -> Iterator[str]:
    """The same lines, each put down in ``raw`` as it is taken."""
    for line in lines:
        raw.append(line)
        yield line
