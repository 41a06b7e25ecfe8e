"""How the text of a table is laid out: what separates its fields, and which line names its columns."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fota_sim.quoting import quoted
from fota_sim.scenario.inspect.values import looks_like_data

DELIMITERS = (",", ";", "\t", "|", "^", "~")
_LOOKED_AT = 300  # lines
_HEADER_WITHIN = 50
_ANNOTATIONS = ("#group", "#datatype", "#default")
"""What InfluxDB writes above the names of columns, as wide as these."""


@dataclass(frozen=True)
class Layout:
    """How a text is cut into a table."""

    delimiter: str
    header: int
    """The line with the names, from 1; 0: there is none."""
    width: int
    agreeing: int
    """Lines of the sample that have so many fields."""
    looked_at: int


def guess_layout(lines: Sequence[str], delimiters: Sequence[str] = DELIMITERS) -> Layout:
    """The layout of a text from its first lines: the delimiter under which most of them have one width."""
    sample = lines[:_LOOKED_AT]
    best: tuple[float, Layout] | None = None
    for delimiter in delimiters:
        rows = list(csv.reader(sample, delimiter=delimiter))
        widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
        if not widths:
            continue
        width = max(widths, key=lambda each: (widths[each] * (each > 1), each))
        agreeing, filled = widths[width], sum(widths.values())
        layout = Layout(delimiter, header_line(rows, width), width, agreeing, filled)
        score = (agreeing / filled) * (1.0 + 0.05 * min(width, 20)) * (width > 1) + (layout.header > 0) * 0.5
        if best is None or score > best[0]:
            best = score, layout
    return best[1] if best else Layout(",", 0, 0, 0, 0)


def header_line(rows: Sequence[Sequence[str]], width: int, short: bool = False) -> int:
    """The line, from 1, that names columns: of the table's width, all names and no data; 0 if there is none.

    ``short``: it may end a little earlier, where empty cells at the end of a row are not there.
    """
    for line, row in enumerate(rows[:_HEADER_WITHIN], start=1):
        cells = [cell.strip() for cell in row]
        named = [cell for cell in cells if cell]
        fits = len(cells) == width or (short and width * 0.7 < len(cells) < width)
        if cells[:1] and cells[0] in _ANNOTATIONS:
            continue
        if fits and len(named) * 2 >= width and not any(looks_like_data(cell) for cell in named):
            return line
    return 0


def shown(delimiter: str) -> str:
    """A delimiter as a message shows it."""
    return "a tab" if delimiter == "\t" else quoted(delimiter)
