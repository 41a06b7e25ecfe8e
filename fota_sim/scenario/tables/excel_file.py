"""A sheet of an Excel workbook (.xlsx) as a table of texts: each cell as it is shown, with all its digits.

openpyxl reads it row by row, so the room that a wide or a long sheet takes is bounded, and it knows the format of each
cell: 0.87 that is shown as 87% is ``87%``, and 00042 keeps its zeros.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from fota_sim.quoting import listed, quoted, shortened
from fota_sim.scenario.tables.digest import Digest
from fota_sim.scenario.tables.excel_cells import text_of
from fota_sim.scenario.tables.excel_parts import Merged, PartScan, scanned
from fota_sim.scenario.tables.table import most_of
from fota_sim.scenario.text_file import UnreadableFileError, read_bytes
from fota_sim.scenario.wording import did_you_mean

MAX_SIZE_B = 64_000_000
MAX_UNPACKED_B = 600_000_000
"""Of all parts of a workbook, unpacked: a million rows of some ten columns."""
MAX_COLUMNS = 1_000
_LAST_ROW = 1_048_576  # of a sheet, as Excel has them
_HEADER_WITHIN = 20
_PIECE = 500  # rows that are asked for at a time
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class ExcelTable:
    """A sheet, and where its table begins."""

    path: Path
    sheet: str | None = None
    """Its name; None: the first that is not hidden."""
    header_line: int = 1
    """The row with the column names, from 1."""
    limit: int | None = None
    """Only the first so many rows."""

    @property
    def too_wide(self) -> str:
        """See ``Table``."""
        return "; name the columns behind them in the line of column names, or clear the cells"

    def header(self) -> list[str]:
        """See ``Table``."""
        line, names = next(self._lines(), (0, []))
        if line != self.header_line or not any(names):
            raise UnreadableFileError(f"row {self.header_line} is empty; it says the names of the columns: header: ...")
        return [*names]

    def rows(self) -> Iterator[Row]:
        """See ``Table``."""
        width = len(self.header())
        for count, (line, cells) in enumerate(islice(self._lines(), 1, None)):
            if self.limit is not None and count >= self.limit:
                return
            if any(cells):
                yield line, [*cells, *[""] * (width - len(cells))]

    def rather(self, wanted: Collection[str]) -> str:
        """See ``Table``: another sheet, or another row."""
        if not set(wanted).isdisjoint(self.header()):
            return ""
        for sheet in dict.fromkeys([self.sheet, *self.sheets()]):
            for line, cells in islice(replace(self, sheet=sheet, header_line=1)._lines(), _HEADER_WITHIN):
                if not set(wanted).isdisjoint(cells):
                    other = (
                        f"they are in sheet {quoted(sheet)}; write sheet: {quoted(sheet)}"
                        if sheet != self.sheet
                        else ""
                    )
                    begins = quoted(shortened(", ".join(filter(None, self.header())), 40))
                    row = f"its row of column names is {line} and not the one with {begins}; write header: {line}"
                    return "; ".join(filter(None, [other, row if line != self.header_line else ""]))
        return ""

    def about(self) -> int:
        """See ``Table``."""
        try:
            with _opened(self.path) as book:
                return most_of(self.limit, book.scan(book.sheet(self.sheet)).rows - 1)
        except UnreadableFileError:
            return 0

    def hidden(self) -> int:
        """How many of its rows are not shown; raises UnreadableFileError."""
        with _opened(self.path) as book:
            return book.scan(book.sheet(self.sheet)).hidden

    def digest(self, most_B: int) -> Digest | None:
        """See ``Table``."""
        return Digest.of_file(self.path, most_B)

    def first(self, rows: int) -> list[list[str]]:
        """The cells of its first rows, empty ones among them; raises UnreadableFileError."""
        return [cells for _, cells in islice(replace(self, header_line=1)._lines(), rows)]

    def sheets(self) -> list[str]:
        """The sheets that are not hidden; raises UnreadableFileError."""
        with _opened(self.path) as book:
            return book.shown

    def _lines(self) -> Iterator[Row]:
        """From the header on, cells behind the last that holds something left out."""
        try:
            found = self.path.stat()
        except (OSError, ValueError):
            found = None
        if found is not None and found.st_size <= _KEPT_B:  # each replication asks again
            at = str(self.path.resolve()), self.sheet, found.st_mtime_ns, found.st_size, self.limit
            return islice(_kept(*at), max(0, self.header_line - 1), None)
        return islice(_read(self.path, self.sheet), max(0, self.header_line - 1), None)


_KEPT_B = 8_000_000
"""A workbook of this size has some two hundred thousand rows."""


@lru_cache(maxsize=2)
def _kept(path: str, sheet: str | None, _changed: int, _size_B: int, limit: int | None) -> list[Row]:
    """All rows of a sheet, equal texts once."""
    known: dict[str, str] = {}
    end = None if limit is None else limit + 1_000  # the header is within so many
    rows = islice(_read(Path(path), sheet), end)
    return [(line, [known.setdefault(cell, cell) for cell in cells]) for line, cells in rows]


def _read(path: Path, name: str | None) -> Iterator[Row]:
    with _opened(path) as book:
        sheet = book.sheet(name)
        scan = book.scan(sheet)
        if scan.formula:
            raise UnreadableFileError(
                f"holds formulas whose results are not kept, the first in {scan.formula}; open it in a spreadsheet and "
                "save it there"
            )
        yield from _filled(_texts(book.sheet_rows(sheet)), scan.merged)


def _texts(rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
    for line, row in enumerate(rows, start=1):
        cells = [text_of(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise UnreadableFileError(f"has {len(cells):,} columns; at most {MAX_COLUMNS:,} are read", line, 1)
        yield line, cells


def _filled(rows: Iterator[Row], merged: list[Merged]) -> Iterator[Row]:
    """Cells merged downwards say in each of their rows what they say in the first."""
    begins: dict[int, list[Merged]] = {}
    for each in merged:
        begins.setdefault(each.first, []).append(each)
    open_: list[tuple[Merged, str]] = []
    for line, row in rows:
        cells = row
        open_ = [(each, text) for each, text in open_ if each.last >= line]
        for each, text in open_:
            cells += [""] * (each.column - len(cells))
            cells[each.column - 1] = cells[each.column - 1] or text
        for each in begins.get(line, ()):
            text = cells[each.column - 1] if each.column <= len(cells) else ""
            if text:
                open_.append((each, text))
        yield line, cells


class _Book:
    """An open workbook; whatever openpyxl finds wrong with it is an UnreadableFileError."""

    def __init__(self, data: bytes) -> None:
        try:
            import openpyxl
        except ImportError:
            raise UnreadableFileError(
                "is an Excel workbook, and what reads it is not installed; pip install 'fota-sim[excel]', or save it "
                "as CSV"
            ) from None
        self._data = data
        self._book = _without_warnings(
            lambda: openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        )

    @property
    def shown(self) -> list[str]:
        """Names of the sheets that are not hidden."""
        return [sheet.title for sheet in self._book.worksheets if sheet.sheet_state == "visible"]

    def sheet(self, name: str | None) -> Any:
        """A sheet by its name, or the first that is not hidden."""
        by_name = {sheet.title: sheet for sheet in self._book.worksheets}
        name = name if name is not None else next(iter(self.shown), None)
        if name is None:
            raise UnreadableFileError("has no sheet that is not hidden; say which: sheet: ...")
        if name not in by_name:
            hint = did_you_mean(name, list(by_name)) or f"; there are {listed(map(quoted, by_name))}"
            raise UnreadableFileError(f"has no sheet {quoted(name)}{hint}")
        return by_name[name]

    def scan(self, sheet: Any) -> PartScan:
        """What stands in a sheet's part beside the values of cells."""
        found: PartScan = _without_warnings(lambda: scanned(self._data, str(sheet._worksheet_path)))
        return found

    def sheet_rows(self, sheet: Any) -> Iterator[tuple[Any, ...]]:
        """The rows from the first on, gaps among them as empty ones."""
        sheet.reset_dimensions()  # what a workbook says of its size is often wrong
        rows = sheet.iter_rows(max_row=_LAST_ROW)
        while piece := _without_warnings(lambda: list(islice(rows, _PIECE))):
            yield from piece

    def close(self) -> None:
        """Let go of it."""
        self._book.close()


@contextmanager
def _opened(path: Path) -> Iterator[_Book]:
    data = read_bytes(path, MAX_SIZE_B, "Save it as CSV, of which more is read")
    _check_packed(data)
    book = _Book(data)
    try:
        yield book
    finally:
        book.close()


def _check_packed(data: bytes) -> None:
    """Raise UnreadableFileError for what is no workbook, or unpacks to more than can be meant."""
    if data.startswith(_OLE):
        raise UnreadableFileError(
            "is an old workbook (.xls) or one with a password; save it as .xlsx without one, or as CSV"
        )
    if not data.startswith(_ZIP):
        raise UnreadableFileError("is no Excel workbook (.xlsx); text is read as a CSV file, under csv:")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked_B = sum(each.file_size for each in archive.infolist())
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFileError(f"is a damaged workbook ({error}); save it again in a spreadsheet") from None
    if "xl/workbook.bin" in names:
        raise UnreadableFileError("is a binary workbook (.xlsb); save it as .xlsx")
    if "[Content_Types].xml" not in names:
        raise UnreadableFileError("is an archive and no Excel workbook (.xlsx)")
    if unpacked_B > MAX_UNPACKED_B:
        raise UnreadableFileError(
            f"unpacks to {unpacked_B / 1e6:,.0f} MB; at most {MAX_UNPACKED_B / 1e6:,.0f} MB are read. Save it as CSV"
        )


def _without_warnings(read: Callable[[], Any]) -> Any:
    """What ``read`` gives; openpyxl warns of styles and extensions that concern no value, and raises what it likes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    except UnreadableFileError:
        raise
    except Exception as error:  # of openpyxl, zipfile, zlib or the XML parser: none of them is ours
        what = shortened(" ".join(str(error).split()) or type(error).__name__, 80)
        raise UnreadableFileError(f"is a damaged workbook ({what}); save it again in a spreadsheet") from None
