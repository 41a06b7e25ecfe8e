"""The columns of a file that nobody has described, as texts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from fota_sim.quoting import listed, number_of, quoted
from fota_sim.scenario.inspect.encoding import guess_encoding
from fota_sim.scenario.inspect.findings import Column, Findings, Guess, Told
from fota_sim.scenario.inspect.layout import guess_layout, header_line
from fota_sim.scenario.inspect.layout import shown as shown_as
from fota_sim.scenario.inspect.no_devices import without_others
from fota_sim.scenario.tables.csv_file import MAX_SIZE_B, CsvTable, another_kind
from fota_sim.scenario.tables.excel_file import ExcelTable
from fota_sim.scenario.text_file import UnreadableFileError, check_binary, read_bytes

EXCEL_SUFFIXES = (".xlsx", ".xlsm")
MOST_ROWS = 200_000
"""Rows that are looked at; the block reads all."""
_SAMPLE_LINES = 1_000
_BY_BLANKS = re.compile(r"\S+( \S+)?(\s{2,}\S+( \S+)?)+")


@dataclass(frozen=True)
class Table:
    """What stands under the names of a file's columns."""

    columns: list[Column]
    rows: int
    cut: bool
    """Whether the file goes on behind ``MOST_ROWS``."""


def read_text_table(path: Path, told: Told, findings: Findings) -> Table:
    """The table of a text file; raises UnreadableFileError."""
    data = read_bytes(path, MAX_SIZE_B, "Take its first lines for a look: head -100000")
    check_binary(data[:8])
    encoding, guess = (told.encoding, None) if told.encoding else guess_encoding(data)
    if encoding is None or not data.strip():
        raise UnreadableFileError("is empty; its first line says the names of its columns")
    if guess is not None:
        findings.guesses.append(guess)
    if encoding != "utf-8":
        findings.block["encoding"] = encoding
    lines = _first_lines(data, encoding)
    if other := another_kind(lines[0]):
        raise UnreadableFileError(other)
    layout = guess_layout(lines)
    delimiter = told.delimiter or layout.delimiter
    header = told.header or (guess_layout(lines, (delimiter,)).header if told.delimiter else layout.header)
    if not header:
        first = quoted(lines[0].strip(), 60)
        message = (
            f"has no line that names its columns (line 1 is {first}); write one above the rows, or say which: --header"
        )
        raise UnreadableFileError(message)
    lines_said, fields_said = number_of(layout.looked_at, "line"), number_of(layout.width, "field")
    why = f"{layout.agreeing:,} of the first {lines_said} have {fields_said} with it"
    if not told.delimiter and (delimiter != "," or layout.agreeing < layout.looked_at):
        findings.guesses.append(Guess("delimiter", shown_as(delimiter), why, "what stands between the fields"))
    if delimiter != ",":
        findings.block["delimiter"] = delimiter
    if layout.width < 2 and (by_blanks := _BY_BLANKS.fullmatch(lines[header - 1].strip())):
        raise UnreadableFileError(
            f"has one column, {quoted(by_blanks[0], 60)}: do blanks stand between its columns? Export it with commas, "
            "semicolons or tabs between them"
        )
    if header > len(lines):
        raise UnreadableFileError(f"has no line {header:,} among its first {len(lines):,}")
    if header != 1:
        findings.block["header"] = header
        begins = quoted(lines[header - 1].strip(), 50)
        why = f"the first line of {number_of(layout.width, 'field')} that holds names and no values: {begins}"
        findings.guesses.append(Guess("header", str(header), why, "the line that names the columns"))
    return table_of(CsvTable(path, delimiter, encoding, header), findings)


def read_excel_table(path: Path, told: Told, findings: Findings) -> Table:
    """The table of an Excel workbook; raises UnreadableFileError."""
    findings.kind = "excel"
    shown = ExcelTable(path).sheets()
    begins = {each: _first_rows(path, each) for each in ([told.sheet] if told.sheet else shown)}
    headers = {each: told.header or header_line(rows, _width(rows), short=True) for each, rows in begins.items()}
    found = [each for each in headers if headers[each]]
    if not found:
        message = "has no sheet with a row that names its columns; write one above the rows, or say which: --header"
        raise UnreadableFileError(message)
    sheet = max(found, key=lambda each: len(begins[each]))
    if len(shown) > 1 or (told.sheet and told.sheet not in shown):
        findings.block["sheet"] = sheet
        others = listed(quoted(each, 40) for each in shown if each != sheet)
        if not told.sheet:
            most = "it has the most rows under a line of names"
            why = f"of {number_of(len(shown), 'sheet')} {most}; the others are {others}"
            findings.guesses.append(Guess("sheet", quoted(sheet, 40), why, "the sheet with the devices"))
    header = headers[sheet]
    if header != 1:
        findings.block["header"] = header
        begin = quoted(", ".join(filter(None, begins[sheet][header - 1])), 50)
        why = f"the first row that holds names and no values: {begin}"
        findings.guesses.append(Guess("header", str(header), why, "the row that names the columns"))
    named = findings.block.get("sheet")  # as the block reads it, so that it is read once
    source = ExcelTable(path, named, header)
    hidden = source.hidden()
    if hidden:
        findings.odd.append(
            f"{number_of(hidden, 'row')} of the sheet are not shown, by a filter or by hand, and are read all the same"
        )
    return table_of(source, findings)


def _first_rows(path: Path, sheet: str) -> list[list[str]]:
    return ExcelTable(path, sheet, limit=_SAMPLE_LINES).first(_SAMPLE_LINES)


def _width(rows: list[list[str]]) -> int:
    """How many columns most rows have, of those that have several; the wider of two."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max((len(row) for row in rows if widths[len(row)] * 5 >= sum(widths.values())), default=1)


def table_of(source: CsvTable | ExcelTable, findings: Findings) -> Table:
    """The columns of a table, with what is wrong with their shape told; raises UnreadableFileError."""
    header = source.header()
    rows = list(islice(source.rows(), MOST_ROWS + 1))
    width, taken, cut = len(header), list[list[str]](), len(rows) > MOST_ROWS
    others: Counter[int] = Counter()
    first_other = 0
    for line, cells in without_others(header, rows[:MOST_ROWS], findings):
        while len(cells) > width and not cells[-1]:
            cells.pop()
        if len(cells) != width:
            others[len(cells)] += 1
            first_other = first_other or line
            continue
        taken.append(cells)
    if not taken:
        raise UnreadableFileError("has no rows under its line of column names")
    if others:
        findings.odd.append(
            f"{number_of(sum(others.values()), 'row')} with {listed(sorted(others))} fields where the header has "
            f"{width}, the first in line {first_other}: the block cannot read them"
        )
    columns = [Column(name, k + 1, [row[k] for row in taken]) for k, name in enumerate(header)]
    nameless = [str(each.position) for each in columns if not each.header and each.counts]
    if nameless:
        findings.odd.append(f"columns {listed(nameless)} hold something and have no name; they are left out")
    double = [name for name, times in Counter(name for name in header if name).items() if times > 1]
    if double:
        findings.odd.append(
            f"two columns are called {listed(quoted(name, 40) for name in double)}; rename one in the file"
        )
    return Table([each for each in columns if each.header], len(taken), cut)


def _first_lines(data: bytes, encoding: str) -> list[str]:
    """The first lines as text; the last one, which may be cut, is left out where there are more."""
    try:
        text = data[:2_000_000].decode(encoding, errors="replace").removeprefix("\ufeff")
    except UnicodeError as error:
        raise UnreadableFileError(f"is no text in {encoding} ({error})") from None
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:_SAMPLE_LINES]
