"""Devices read from a CSV file; what the file does not say is drawn as for a group.

An empty cell of ``rssi`` or ``battery`` is a reading that the device cannot give: its true value is drawn,
and known to nobody. Any other empty cell is simply drawn. A column that is not mapped becomes an attribute,
numeric if every cell that is not empty is a number; if its header is taken by something the simulation knows,
such as ``cell``, the attribute is called ``csv_cell``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.columns import RESERVED
from fota_sim.fleet.devices import Attribute, Fleet
from fota_sim.fleet.given import Given
from fota_sim.fleet.groups import Kind, draw_devices
from fota_sim.fleet.ids import Ids
from fota_sim.fleet.joining import concat
from fota_sim.fleet.laws import Floats
from fota_sim.rules.labels import CHEMISTRIES
from fota_sim.scenario.csv_source import read_csv_rows
from fota_sim.scenario.fleet import CsvFleet
from fota_sim.scenario.model import Scenario

_NUMBERS = ("rssi", "rssi_sd", "battery", "capacity", "temperature", "mains")
_TEXTS = ("chemistry", "hardware", "firmware", "cell", "time_zone", "host")

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
"""Narrower than float(), which reads the version 1_0 as ten, and takes nan and inf."""

Cells = Mapping[str, list[Any]]


def csv_fleet(scenario: Scenario, source: CsvFleet, replication: int) -> Fleet:
    """The devices of one CSV file, in the order of its rows; ``replication`` counts from 0.

    Raises ScenarioError for an unreadable file, bad cells, and distributions that cannot be drawn from.
    """
    try:
        cells = read_csv_rows(source, scenario.base_dir)
    except (OSError, UnicodeDecodeError) as error:
        path = str(scenario.base_dir / source.file)
        raise ScenarioError([Problem(path, 0, 0, f"fleet: {source.name}", f"cannot be read: {error}")]) from error
    _check_lengths(source, cells)
    ids: list[str] = cells["id"]
    modules = _texts(source, cells, "module", source.module)
    _check_names(source, ids, "module", modules, list(scenario.modules))
    own_radios = [source.radio or scenario.modules[module].radio for module in modules]
    radios = [given or own for given, own in zip(_texts(source, cells, "radio", None), own_radios, strict=True)]
    _check_names(source, ids, "radio", radios, list(scenario.radios))
    given = _given(source, cells)
    if "host" in given.texts:
        _check_names(source, ids, "host", list(given.texts["host"]), list(scenario.hosts))
    if "chemistry" in given.texts:
        _check_names(source, ids, "chemistry", list(given.texts["chemistry"]), list(CHEMISTRIES))

    rows_of: dict[tuple[str, str], list[int]] = {}
    for row, kind in enumerate(zip(modules, radios, strict=True)):
        rows_of.setdefault(kind, []).append(row)
    parts = []
    for (module, radio), listed in rows_of.items():
        rows = np.array(listed, dtype=np.intp)
        names = Ids([[ids[row] for row in listed]])
        parts.append(draw_devices(scenario, Kind(source, module, radio), names, given.take(rows), replication))
    if len(parts) == 1:
        return parts[0]
    return concat(parts).take(np.argsort(np.concatenate(list(rows_of.values()))))


def _check_lengths(source: CsvFleet, cells: Cells) -> None:
    """Two columns that end up under one name would leave rows without their cells."""
    count = len(cells["id"])
    doubled = [name for name, column in cells.items() if len(column) != count]
    if doubled or not count:
        message = (
            f"two columns are called or mapped to {doubled[0]!r}; rename one in the file" if doubled else "has no rows"
        )
        raise ScenarioError([Problem(source.file, 0, 0, f"fleet: {source.name}", message)])


def _texts(source: CsvFleet, cells: Cells, attribute: str, default: Any) -> list[Any]:
    """One mapped column with a default for empty cells; only the default where it is not mapped."""
    if attribute not in source.columns:
        return [default] * len(cells["id"])
    return [default if cell is None else cell for cell in cells[attribute]]


def _check_names(source: CsvFleet, ids: list[str], what: str, names: list[Any], known: list[str]) -> None:
    first = {name: row for row, name in reversed(list(enumerate(names)))}
    problems = []
    for name, row in first.items():
        if name is not None and name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
            problems.append(
                Problem(
                    source.file,
                    0,
                    0,
                    f"fleet: {source.name}: {ids[row]}",
                    f"there is no {what} {name!r}; {hint}",
                )
            )
    if problems:
        raise ScenarioError(problems)


def _given(source: CsvFleet, cells: Cells) -> Given:
    """The file's columns by what they are to the simulation."""
    numbers: dict[str, Floats] = {}
    texts: dict[str, Coded] = {}
    extras: dict[str, Attribute] = {}
    for name, column in cells.items():
        mapped = name in source.columns
        if mapped and name in _NUMBERS:
            numbers[name] = np.array([np.nan if cell is None else float(cell) for cell in column], dtype=np.float64)
        elif (mapped and (name in _TEXTS or name.startswith("mcu:"))) or (not mapped and name in source.attributes):
            texts[name] = Coded.of(column)
        elif not mapped:
            extras[f"csv_{name}" if name in RESERVED else name] = _attribute(column)
    return Given(numbers, texts, extras)


def _attribute(column: list[Any]) -> Attribute:
    """Numbers (NaN: empty) if every cell that is not empty is one; otherwise texts."""
    texts = Coded.of(column)
    if not texts.names or not all(_NUMBER.fullmatch(name) for name in texts.names):
        return texts
    return np.array([*map(float, texts.names), np.nan])[texts.codes]
