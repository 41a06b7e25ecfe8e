"""What a single cell may be: a number as people write it, a date, or the name of a column."""

from __future__ import annotations

import re

from fota_sim.scenario.device_rows.written import is_date, is_nothing, is_rounded
from fota_sim.scenario.signs import DASHES, with_hyphens

_NUMBER = re.compile(rf"([-+{DASHES}]?\d{{1,15}}(?:([.,])\d{{1,12}})?)\s*([^\d\s.,;:/-]{{1,4}})?", re.ASCII)


def number(text: str) -> tuple[float, str, str] | None:
    """A number, its decimal separator and its unit, each '' where there is none; None for what is no number."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return float(with_hyphens(match[1]).replace(",", ".")), match[2] or "", match[3] or ""


def looks_like_data(text: str) -> bool:
    """Whether a cell is rather a value than the name of a column."""
    return number(text) is not None or is_date(text) or is_rounded(text) or is_nothing(text) or len(text) > 80
