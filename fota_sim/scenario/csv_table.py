"""A CSV file as a table of texts: its line of column names, and its rows with the lines they stand in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from fota_sim.quoting import quoted, shortened
from fota_sim.scenario.fleet import CsvFleet
from fota_sim.scenario.text_file import UnreadableFileError, read_lines

MAX_SIZE_B = 256_000_000
"""Some five million devices; a file with a ``limit`` may be larger."""

_DELIMITERS = {";": ";", "\t": "\\t", "|": "|", ",": ","}
_HEADER_WITHIN = 20  # lines in which a header is looked for that does not stand first


def header_of(source: CsvFleet, base_dir: Path) -> list[str]:
    """The column names, each without blanks around it; '' for a column without a name.

    Raises UnreadableFileError if there are none.
    """
    for _, names in _rows(source, base_dir):
        return names
    raise UnreadableFileError("is empty; its first line says the names of its columns")


def rows_of(source: CsvFleet, base_dir: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row under the header with the line it stands in; cells without blanks around them, empty rows left out.

    Raises UnreadableFileError while it is iterated.
    """
    rows = _rows(source, base_dir)
    next(rows, None)
    for count, (line, cells) in enumerate(rows):
        if source.limit is not None and count >= source.limit:
            return
        if any(cells):
            yield line, cells


def _rows(source: CsvFleet, base_dir: Path) -> Iterator[tuple[int, list[str]]]:
    limit_B = MAX_SIZE_B if source.limit is None else None
    lines = read_lines(
        base_dir / source.file, limit_B, "Split it, or take its first rows: limit: 100000", source.encoding
    )
    before = source.header - 1
    reader = csv.reader(islice(lines, before, None), delimiter=source.delimiter)
    begun = source.header
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            broken = next((cell for cell in cells if "\n" in cell or "\r" in cell), None)
            if broken is not None:
                message = f'{quoted(broken)} goes over the end of its line; is a quote (") left open?'
                raise UnreadableFileError(message, begun)
            yield before + reader.line_num, cells
            begun = before + reader.line_num + 1
    except csv.Error as error:
        message = f'a cell that begins here is too long; is a quote (") left open? ({error})'
        raise UnreadableFileError(message, begun) from None


def why_no_column(source: CsvFleet, base_dir: Path, header: list[str]) -> str:
    """What a file is instead of a table under the mapped names, and what would do; '' if single names are missing."""
    wanted = set(source.columns.values())
    if wanted & set(header):
        return ""
    for delimiter in (source.delimiter, *_DELIMITERS):
        for line, cells in _first(source.model_copy(update={"delimiter": delimiter, "header": 1}), base_dir):
            if wanted & set(cells):
                return "; ".join(_instead(source, delimiter, line, header))
    return ""


def _instead(source: CsvFleet, delimiter: str, line: int, header: list[str]) -> Iterator[str]:
    if delimiter != source.delimiter:
        yield f'its columns are separated by {quoted(delimiter)}; write delimiter: "{_DELIMITERS[delimiter]}"'
    if line != source.header:
        begins = quoted(shortened(source.delimiter.join(header), 40))
        yield f"its line of column names is line {line} and not the one that begins with {begins}; write header: {line}"


def _first(source: CsvFleet, base_dir: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from islice(_rows(source, base_dir), _HEADER_WITHIN)
    except UnreadableFileError:
        return
