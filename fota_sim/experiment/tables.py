"""Records of replications as typed tables, and tables as pandas frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from fota_sim.engines.record import NEVER, RunRecord
from fota_sim.errors import EngineError
from fota_sim.experiment.columns import WHAT_HAPPENED, WHO, Kind

if TYPE_CHECKING:
    import pandas as pd

EVENT_COLUMNS: dict[str, Kind] = {
    "replication": "count",
    "at_ms": "count",
    "device": "count",
    "id": "text",
    "actor": "text",
    "text": "text",
}
"""The events table; ``device`` is -1 for what belongs to the plan."""

_TYPES = {
    "text": pa.string(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "count": pa.int64(),
    "time": pa.int64(),
}
_OPTIONAL = ("text", "number", "time")


def device_table(records: Sequence[RunRecord]) -> pa.Table:
    """The device table of all replications, in the order of ``records``; its columns are those of ``columns``.

    Raises EngineError if a record lacks a column or its columns differ in length.
    """
    if not records:
        raise EngineError("there is no replication to make a table of")
    extras = [name for name in records[0].devices if name not in WHO and name not in WHAT_HAPPENED]
    kinds: dict[str, Kind] = {**WHO, **{name: _kind_of(records, name) for name in extras}, **WHAT_HAPPENED}
    parts = []
    for record in records:
        sizes = {len(values) for values in record.devices.values()}
        if len(sizes) != 1:
            raise EngineError(f"columns of the device table differ in length: {sorted(sizes)}")
        (size,) = sizes
        columns: dict[str, Any] = {"replication": np.full(size, record.replication), **record.devices}
        missing = [name for name in kinds if name not in columns]
        if missing:
            raise EngineError(f"the device table lacks {', '.join(missing)}")
        parts.append(typed_table(columns, kinds))
    return pa.concat_tables(parts)


def event_table(records: Sequence[RunRecord]) -> pa.Table | None:
    """The events of all replications that kept them, or None if none did."""
    parts = []
    for record in records:
        if record.events is not None:
            size = len(record.events["at_ms"])
            columns = {"replication": np.full(size, record.replication), **record.events}
            kinds = {
                **EVENT_COLUMNS,
                **{name: _guess([columns[name]]) for name in columns if name not in EVENT_COLUMNS},
            }
            parts.append(typed_table(columns, {name: kind for name, kind in kinds.items() if name in columns}))
    return pa.concat_tables(parts) if parts else None


def typed_table(columns: dict[str, Any], kinds: dict[str, Kind]) -> pa.Table:
    """Columns (arrays or lists of one length) as a table with the columns of ``kinds``, in that order."""
    fields = [pa.field(name, _TYPES[kind], nullable=kind in _OPTIONAL) for name, kind in kinds.items()]
    return pa.Table.from_arrays([_array(columns[name], kind) for name, kind in kinds.items()], schema=pa.schema(fields))


def frame(table: pa.Table) -> pd.DataFrame:
    """A table as pandas shows it: times as nullable ``Int64``, missing numbers as NaN, texts as strings."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for field, column in zip(table.schema, table.columns, strict=True):
        if pa.types.is_integer(field.type) and field.nullable:
            mask = column.is_null().to_numpy()
            columns[field.name] = pd.arrays.IntegerArray(column.fill_null(0).to_numpy().copy(), mask.copy())
        else:
            columns[field.name] = column.to_pandas()
    return pd.DataFrame(columns)


def _array(values: Any, kind: Kind) -> pa.Array:
    if kind == "time":
        times = np.asarray(values, dtype=np.int64)
        return pa.array(times, pa.int64(), mask=times == NEVER)
    if kind == "text":
        return pa.array(list(values), pa.string(), from_pandas=True)
    if kind == "number":
        return pa.array(np.asarray(values, dtype=np.float64), pa.float64(), from_pandas=True)
    return pa.array(np.asarray(values, dtype=np.bool_ if kind == "flag" else np.int64), _TYPES[kind])


def _kind_of(records: Sequence[RunRecord], name: str) -> Kind:
    if any(name not in record.devices for record in records):
        raise EngineError(f"only some replications have the column {name!r}")
    return _guess([record.devices[name] for record in records])


def _guess(columns: Sequence[Any]) -> Kind:
    """What a column of the user's own holds, the same for every replication."""
    kinds: set[Kind] = set()
    for values in columns:
        dtype = np.asarray(values).dtype
        by_kind: dict[str, Kind] = {"b": "flag", "i": "count", "u": "count", "f": "number"}
        kinds.add(by_kind.get(dtype.kind, "text"))
    if len(kinds) == 1:
        return kinds.pop()
    return "text" if "text" in kinds else "number"
