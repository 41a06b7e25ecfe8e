"""Tables as Parquet, the same bytes for the same table: no time stamp, no index, no metadata of a library."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fota_sim.errors import ResultError


def to_bytes(table: pa.Table) -> bytes:
    """The table as a Parquet file; the same table gives the same bytes under the same pyarrow version."""
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(None).combine_chunks(), sink, compression="zstd", version="2.6")
    return bytes(sink.getvalue())


def read(path: Path) -> pa.Table:
    """The table in a Parquet file; raises ResultError if it cannot be read."""
    try:
        return pq.read_table(path)
    except FileNotFoundError:
        raise ResultError(f"{path}: is missing; run the scenario again to have a whole result") from None
    except (OSError, pa.ArrowException) as error:
        raise ResultError(f"{path}: cannot be read as Parquet ({error})") from error
