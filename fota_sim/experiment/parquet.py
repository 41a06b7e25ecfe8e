"""Tables as Parquet, the same bytes for the same table: no time stamp, no index, no metadata of a library.

A file is written in groups of ``ROWS`` rows as they come, so that no more than a group is in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import RawIOBase
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from fota_sim.errors import ResultError
from fota_sim.experiment import arrow
from fota_sim.experiment.tables import ROWS


class Sink(Protocol):
    """Where a table goes, piece by piece."""

    def add(self, table: pa.Table) -> None:
        """The next rows; every piece has the same columns."""
        ...

    def cut(self, rows: int) -> None:
        """Take out again what came after so many rows; no more come."""
        ...

    def close(self) -> None:
        """No more rows come."""
        ...


class ParquetSink:
    """A Parquet file; the same rows give the same bytes under one pyarrow version, however they were cut."""

    def __init__(self, target: Path | RawIOBase) -> None:
        self._target = target
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []

    def add(self, table: pa.Table) -> None:
        """Write what fills a row group; the rest waits."""
        if self._writer is None:
            self._writer = _writer(self._target, table.schema)
        self._waiting.append(table)
        while sum(table.num_rows for table in self._waiting) >= ROWS:
            whole = pa.concat_tables(self._waiting)
            self._waiting = [whole.slice(ROWS)]
            self._writer.write_table(_group(whole.slice(0, ROWS)), ROWS)

    def cut(self, rows: int) -> None:
        """Write the first so many rows anew, with the bytes that they would have had; only of a file."""
        if self._writer is None or not isinstance(self._target, Path):
            return
        schema = self._writer.schema
        self.close()
        whole = self._target.with_name(f"{self._target.name}.whole")
        self._target.rename(whole)
        self._writer, self._waiting = _writer(self._target, schema), []
        with pq.ParquetFile(whole) as file:
            for group in range(file.num_row_groups):
                if rows <= 0:
                    break
                table = file.read_row_group(group).slice(0, rows).cast(schema)
                rows -= table.num_rows
                self.add(table)
        whole.unlink()

    def close(self) -> None:
        """Write the last rows and the footer; nothing if no row ever came, not even an empty piece."""
        if self._writer is None:
            return
        whole = pa.concat_tables(self._waiting)
        if whole.num_rows:
            self._writer.write_table(_group(whole), ROWS)
        self._writer.close()


class MemorySink:
    """A table that stays in memory."""

    def __init__(self) -> None:
        self._pieces: list[pa.Table] = []

    def add(self, table: pa.Table) -> None:
        """Keep it."""
        self._pieces.append(table)

    def cut(self, rows: int) -> None:
        """Keep the first so many rows."""
        self._pieces = [self.table.slice(0, rows)]

    def close(self) -> None:
        """Nothing to do."""

    @property
    def table(self) -> pa.Table:
        """All pieces; at least one must have come."""
        return pa.concat_tables(self._pieces)


class NoSink:
    """A table that nobody wants."""

    def add(self, table: pa.Table) -> None:
        """Forget it."""

    def cut(self, rows: int) -> None:
        """Forget that too."""

    def close(self) -> None:
        """Nothing to do."""


def read(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """The table in a Parquet file, or some columns of it; raises ResultError if it cannot be read."""
    try:
        with pq.ParquetFile(path) as file:  # read_table would load pandas for it
            table = file.read(columns)
        return table if columns is None else table.select(columns)
    except FileNotFoundError:
        raise ResultError(f"{path}: is missing; run the scenario again to have a whole result") from None
    except (OSError, KeyError, pa.ArrowException) as error:
        raise ResultError(f"{path}: cannot be read as Parquet ({error})") from error


def _writer(target: Path | RawIOBase, schema: pa.Schema) -> pq.ParquetWriter:
    """Texts as dictionaries, whole numbers as differences: half the time and less space than the defaults.

    Without Arrow's own schema in the file, so that a reader sees strings and not how we came by them.
    """
    texts = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    encodings = {field.name: "DELTA_BINARY_PACKED" for field in schema if pa.types.is_integer(field.type)}
    encodings |= {field.name: "DELTA_BYTE_ARRAY" for field in schema if pa.types.is_string(field.type)}
    return pq.ParquetWriter(
        target,
        schema,
        compression="zstd",
        version="2.6",
        use_dictionary=texts,
        column_encoding=encodings,
        store_schema=False,
    )


def _group(table: pa.Table) -> pa.Table:
    """Rows of a group such that equal texts have equal bytes, whatever codes they came with."""
    whole = table.unify_dictionaries().combine_chunks()
    columns = []
    for column in whole.columns:
        coded = pa.types.is_dictionary(column.type)
        columns.append(arrow.by_first_use(column.chunk(0)) if coded else column)
    return pa.Table.from_arrays(columns, schema=table.schema)
