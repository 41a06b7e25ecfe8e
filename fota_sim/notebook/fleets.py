"""A pandas DataFrame as a fleet: a table that is mapped, checked and told like a file, and kept beside a result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from fota_sim.errors import FotaSimError
from fota_sim.quoting import listed, number_of, quoted
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.held import Held
from fota_sim.scenario.overrides import set_places
from fota_sim.scenario.tables.csv_file import csv_text
from fota_sim.scenario.wording import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

_OF_FILES = ("file", "columns", "delimiter", "encoding", "header", "limit", "decimal")
_OF_GROUPS = ("count",)
_WHOLE = float(1 << 53)
"""Up to here every whole number is a float: an id above it may have lost digits."""


def with_fleet(draft: Draft, frame: pd.DataFrame, columns: Mapping[str, str] | None, source: str | None) -> None:
    """Put a frame in place of a source of devices of a draft, whose other settings hold for what it does not say.

    ``columns``: which column holds which attribute; None: those of the source, else columns called like attributes.
    ``source``: its name; None: the only one there is. Raises FotaSimError where that cannot be.
    """
    kind, index, before = _source(draft, source)
    name = str(before.get("name", "fleet"))
    settings = {key: value for key, value in before.items() if key not in (*_OF_FILES, *_OF_GROUPS)}
    mapped = dict(columns) if columns is not None else before.get("columns") or _called_like_attributes(frame)
    file = f"{name}.csv"
    fleet = {**draft.document.data["fleet"]}
    tables = [each for place, each in enumerate(fleet.get("csv") or []) if (kind, index) != ("csv", place)]
    groups = fleet.get("groups") or []
    fleet["groups"] = [each for place, each in enumerate(groups) if (kind, index) != ("groups", place)]
    entry = {**settings, "name": name, "file": file, "columns": mapped}
    fleet["csv"] = [*tables[:index], entry, *tables[index:]] if kind == "csv" else [*tables, entry]
    table = held(frame, mapped.get("id"))
    set_places(draft.document, draft.edit("fleet", fleet), (table.origin, 0, 0))
    draft.document.held[file] = table


def held(frame: pd.DataFrame, id_column: str | None) -> Held:
    """The frame as the CSV file that would say the same; an index with a name is a column."""
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    rows = [[str(name) for name in frame.columns], *_rows(frame, id_column)]
    return Held(
        csv_text(rows).encode(),
        f"a DataFrame of {number_of(len(frame), 'row')} and {number_of(len(frame.columns), 'column')}",
    )


def _rows(frame: pd.DataFrame, id_column: str | None) -> Iterator[tuple[str, ...]]:
    texts = []
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        missing = column.isna().to_numpy()
        values = column.astype(object).to_numpy()
        as_id = str(name) == id_column
        texts.append(["" if gone else _text(value, as_id) for value, gone in zip(values, missing, strict=True)])
    yield from zip(*texts, strict=True)


def _text(value: Any, as_id: bool) -> str:
    """A value as a cell; a column of ids with gaps is one of floats, which are whole all the same."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if as_id and isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    return str(value)


def _source(draft: Draft, wanted: str | None) -> tuple[str, int, dict[str, Any]]:
    """The source of devices that the frame stands for: groups or csv, its position, and what is written there."""
    fleet = draft.document.data.get("fleet")
    found = [
        (kind, index, entry)
        for kind in ("groups", "csv")
        for index, entry in enumerate((fleet.get(kind) if isinstance(fleet, dict) else None) or [])
        if isinstance(entry, dict)
    ]
    names = [str(entry.get("name")) for _, _, entry in found]
    if wanted is None and len(found) == 1:
        return found[0]
    if wanted is None:
        raise FotaSimError(
            f"the scenario has {len(found)} sources of devices ({listed(names)}); say which one the frame stands for, "
            "as in fleet={NAME: frame}"
        )
    for kind, index, entry in found:
        if entry.get("name") == wanted:
            return kind, index, entry
    raise FotaSimError(f"the fleet has no source {quoted(wanted)}{did_you_mean(wanted, names)}")


def _called_like_attributes(frame: pd.DataFrame) -> dict[str, str]:
    from fota_sim.scenario.device_rows.cells import MAPPABLE

    names = [str(name) for name in (*(each for each in frame.index.names if each is not None), *frame.columns)]
    return {name: name for name in names if name in MAPPABLE or name.startswith("mcu:")}
