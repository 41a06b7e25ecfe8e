"""Records as typed tables, a piece at a time, and tables as pandas frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from fota_sim.engines.record import EVENT_COLUMNS, RunRecord
from fota_sim.errors import EngineError
from fota_sim.experiment import arrow
from fota_sim.experiment.id_texts import IdTexts, id_texts
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.ids import Ids
from fota_sim.rules.fates import FATES, Kind
from fota_sim.scenario.columns import DEVICE_TABLE, WHO, kinds_of

if TYPE_CHECKING:
    import pandas as pd

ROWS = 100_000
"""Of a piece, and of a row group in a file: small beside the record, large beside what a group costs."""

EVENTS: dict[str, Kind] = {"replication": "count", **kinds_of(EVENT_COLUMNS.values())}
"""The events table."""

_ARRAYS: dict[Kind, Callable[[Any], pa.Array]] = {
    "number": arrow.numbers,
    "flag": arrow.flags,
    "count": arrow.counts,
    "size": arrow.counts,
    "time": arrow.times,
}
_TYPES: dict[Kind, pa.DataType] = {
    "text": arrow.DICTIONARY,
    "name": pa.string(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "count": pa.int64(),
    "size": pa.int64(),
    "time": pa.int64(),
}
_OPTIONAL = ("text", "name", "number", "time")


def device_tables(record: RunRecord, rows: int = ROWS) -> Iterator[pa.Table]:
    """The device table of one replication in pieces of at most ``rows``; its columns are those of ``columns``.

    Texts are dictionaries, but for ``id``: every device has its own.

    Raises EngineError if the record lacks a column or its columns differ in length.
    """
    kinds = device_kinds(record)
    missing = [name for name in kinds if name != "replication" and name not in record.devices]
    if missing:
        raise EngineError(f"the device table lacks {', '.join(missing)}")
    sizes = {len(values) for values in record.devices.values()}
    if len(sizes) != 1:
        raise EngineError(f"columns of the device table differ in length: {sorted(sizes)}")
    columns = {name: record.devices[name] for name in kinds if name != "replication"}
    return _pieces(record.replication, columns, kinds, sizes.pop(), rows)


def device_kinds(record: RunRecord) -> dict[str, Kind]:
    """The columns of a record's device table in order, and what each holds."""
    extras = {name: _kind(values) for name, values in record.devices.items() if name not in DEVICE_TABLE}
    return {**kinds_of(WHO), **extras, **kinds_of(FATES)}


def event_tables(record: RunRecord, rows: int = ROWS) -> Iterator[pa.Table]:
    """The events of one replication in pieces of at most ``rows``, the first one empty; nothing if it kept none."""
    if record.events is None:
        return
    yield pa.Table.from_batches([], schema(EVENTS))  # so that there is a table even if nobody said a word
    for chunk in record.events.chunks():
        columns = {name: chunk[name] for name in EVENT_COLUMNS}
        yield from _pieces(record.replication, columns, EVENTS, len(chunk["at_ms"]), rows)


def typed_table(columns: dict[str, Any], kinds: dict[str, Kind]) -> pa.Table:
    """Arrays of one length as a table with the columns of ``kinds``, in that order; none of them may be text."""
    return pa.Table.from_arrays([_ARRAYS[kind](columns[name]) for name, kind in kinds.items()], schema=schema(kinds))


def schema(kinds: dict[str, Kind]) -> pa.Schema:
    """The types of a table with these columns."""
    return pa.schema([pa.field(name, _TYPES[kind], nullable=kind in _OPTIONAL) for name, kind in kinds.items()])


def frame(table: pa.Table) -> pd.DataFrame:
    """A table as pandas shows it: times as nullable ``Int64``, missing numbers as NaN, texts as strings."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for field, column in zip(table.schema, table.columns, strict=True):
        if pa.types.is_integer(field.type) and field.nullable:
            mask = column.is_null().to_numpy()
            columns[field.name] = pd.arrays.IntegerArray(column.fill_null(0).to_numpy().copy(), mask.copy())
        elif pa.types.is_dictionary(field.type):
            columns[field.name] = column.cast(pa.string()).to_pandas()
        else:
            columns[field.name] = column.to_pandas()
    return pd.DataFrame(columns)


def _pieces(
    replication: int, columns: dict[str, Any], kinds: dict[str, Kind], size: int, rows: int
) -> Iterator[pa.Table]:
    types = schema(kinds)
    texts = {name: _texts(columns[name]) for name, kind in kinds.items() if kind == "text"}
    for first in range(0, size, rows):
        end = min(first + rows, size)
        arrays = []
        for name, kind in kinds.items():
            if name == "replication":
                arrays.append(arrow.counts(np.full(end - first, replication)))
            elif name in texts:
                arrays.append(texts[name].rows(first, end))
            elif kind == "name":
                arrays.append(_names(columns[name], first, end))
            else:
                arrays.append(_ARRAYS[kind](columns[name][first:end]))
        yield pa.Table.from_arrays(arrays, schema=types)


def _texts(column: Coded) -> arrow.Texts | IdTexts:
    return IdTexts(column) if isinstance(column.names, Ids) else arrow.Texts(column)


def _names(column: Any, first: int, end: int) -> pa.Array:
    if isinstance(column, Ids):
        return id_texts(column, np.arange(first, end))
    return arrow.strings(column[first:end])


def _kind(values: Any) -> Kind:
    """What a column holds of which only the data know: an attribute, or a component's version."""
    if isinstance(values, Coded):
        return "text"
    by_kind: dict[str, Kind] = {"b": "flag", "i": "count", "u": "count", "f": "number"}
    return by_kind[values.dtype.kind]
