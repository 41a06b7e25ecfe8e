"""The rows of a file as typed columns: read and checked once for all replications and trials that read it alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Attribute
from fota_sim.fleet.laws import Floats
from fota_sim.scenario.device_rows.cells import is_number
from fota_sim.scenario.device_rows.rows import DeviceRows, Reading
from fota_sim.scenario.fleet import TableFleet
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.sleep import TIMERS

KEPT_B = 32_000_000
"""Of all files together whose rows are kept; those read last stay. Half a million meters of five columns, which take
about three times as much as columns. A file that alone is larger is read for each replication."""

_NUMBERS = ("rssi", "rssi_sd", "battery", "capacity", "temperature", "mains", "gone", "contact_every", *TIMERS)
_TEXTS = ("chemistry", "hardware", "firmware", "cell", "time_zone", "host", "module", "radio")


class Moments(NamedTuple):
    """A column of moments, each told once."""

    codes: NDArray[np.intp]
    """Which of ``told`` a row has; shape (devices,)."""
    told: Sequence[datetime | None]


@dataclass(frozen=True)
class TableRows:
    """What a file says of its devices, in its order. Arrays cannot be written to: many replications take from them."""

    ids: tuple[str, ...]
    numbers: Mapping[str, Floats]
    """Mapped columns by attribute, in the units of the file; NaN: empty."""
    texts: Mapping[str, Coded]
    """Mapped columns by attribute."""
    last_contact: Moments | None
    """None where it is not mapped."""
    further: Mapping[str, Coded]
    """Columns that are not mapped or are about contacts, by what conditions call them."""
    attributes: Mapping[str, Attribute]
    """The same, as numbers (NaN: empty) where every cell that is not empty is one."""

    @classmethod
    def of(cls, rows: DeviceRows) -> TableRows:
        """The columns of what was read."""
        numbers: dict[str, Floats] = {}
        texts: dict[str, Coded] = {}
        for name, column in rows.mapped.items():
            if name in _NUMBERS:
                cells = [np.nan if cell is None else float(cell) for cell in column]
                numbers[name] = _for_good(np.array(cells, dtype=np.float64))
            elif name in _TEXTS or name.startswith("mcu:"):
                texts[name] = _coded(column)
        further = {name: _coded(column) for name, column in rows.further.items()}
        last = rows.mapped.get("last_contact")
        return cls(
            tuple(rows.mapped["id"]),
            numbers,
            texts,
            None if last is None else _moments(last),
            further,
            {name: column if name in rows.pointed else _attribute(column) for name, column in further.items()},
        )


class _Known(NamedTuple):
    how: Reading
    content: bytes
    """A digest of it."""
    size_B: int
    rows: TableRows


class _Kept:
    """Rows of the files that were read last."""

    def __init__(self) -> None:
        self._known: list[_Known] = []
        self._reading = Lock()

    def rows(self, source: TableFleet, scenario: Scenario) -> TableRows:
        """Those of one file, read only if neither its content nor how it is read was seen before.

        Who asks while another thread reads waits for it. Raises ScenarioError with every bad cell.
        """
        how = Reading.of(source, scenario)
        with self._reading:
            content = how.table.digest(KEPT_B)
            if content is None:
                return TableRows.of(how.rows())
            known = next((each for each in self._known if each.content == content.digits and each.how == how), None)
            if known is None:
                known = _Known(how, content.digits, content.size_B, TableRows.of(how.rows()))
            else:
                self._known.remove(known)
            self._known.append(known)
            while sum(each.size_B for each in self._known) > KEPT_B:
                del self._known[0]
            return known.rows


_kept = _Kept()


def table_rows(source: TableFleet, scenario: Scenario) -> TableRows:
    """The rows of one file; raises ScenarioError for an unreadable file, and with every bad cell."""
    return _kept.rows(source, scenario)


def _for_good(column: NDArray[Any]) -> NDArray[Any]:
    column.flags.writeable = False
    return column


def _coded(column: list[Any]) -> Coded:
    coded = Coded.of(column)
    _for_good(coded.codes)
    return coded


def _attribute(texts: Coded) -> Attribute:
    """Numbers (NaN: empty) if every cell that is not empty is one; otherwise texts."""
    if not texts.names or not all(map(is_number, texts.names)):
        return texts
    return _for_good(np.array([*map(float, texts.names), np.nan])[texts.codes])


def _moments(column: list[datetime | None]) -> Moments:
    places: dict[datetime | None, int] = {}
    codes = [places.setdefault(moment, len(places)) for moment in column]
    return Moments(_for_good(np.array(codes, dtype=np.intp)), tuple(places))
