"""What a sheet's XML says beside the values of its cells: merged cells, formulas without results, how many rows."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field

_PIECE_B = 1 << 20
_OVERLAP_B = 4_096
"""Longer than any tag that is looked for."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3}\d{1,7})"[^>]*>\s*'
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]{0,3000}</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TEXT = re.compile(rb'\st="str"')
_ROW = re.compile(rb"<(?:\w+:)?row[ >]")
_HIDDEN = re.compile(rb'<(?:\w+:)?row [^>]{0,400}?\bhidden="(?:1|true)"')
_MOST_MERGED = 100_000


@dataclass(frozen=True)
class Merged:
    """Cells of one column that are merged downwards."""

    column: int
    """From 1."""
    first: int
    last: int


@dataclass
class PartScan:
    """What was found."""

    rows: int = 0
    hidden: int = 0
    """Rows that are not shown, by a filter or by hand."""
    merged: list[Merged] = field(default_factory=list)
    formula: str = ""
    """The first cell with a formula whose result is not there; '' if there is none."""


def scanned(data: bytes, part: str) -> PartScan:
    """Look through one part of a workbook; raises what zipfile raises for a damaged one."""
    found = PartScan()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(part.lstrip("/")) as xml:
        before = b""
        while piece := xml.read(_PIECE_B):
            text = before + piece
            found.rows += sum(1 for _ in _ROW.finditer(piece))
            found.hidden += sum(1 for match in _HIDDEN.finditer(text) if match.end() > len(before))
            for match in _MERGED.finditer(text):
                if match.end() > len(before) and len(found.merged) < _MOST_MERGED:
                    _take(found, match)
            if not found.formula:
                formula = next((m for m in _FORMULA.finditer(text) if not _TEXT.search(m[0].split(b">")[0])), None)
                found.formula = formula[1].decode() if formula else ""
            before = text[-_OVERLAP_B:]
    return found


def _take(found: PartScan, match: re.Match[bytes]) -> None:
    first, last = int(match[2]), int(match[4])
    if last > first:
        column = 0
        for letter in match[1]:
            column = column * 26 + letter - 64
        found.merged.append(Merged(column, first, last))
