"""Writing nothing: what would be written is compared with what is there."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa

from fota_sim.errors import ResultError
from fota_sim.experiment.parquet import ParquetSink


class ComparedSink:
    """A table that would be the file at ``path``: is it, byte for byte? Nothing but the current piece is in memory."""

    def __init__(self, path: Path) -> None:
        """Raises ResultError if there is such a file and it cannot be read."""
        self._bytes = _Compared(path)
        self._sink = ParquetSink(self._bytes)

    def add(self, table: pa.Table) -> None:
        """The next rows."""
        self._sink.add(table)

    def cut(self, rows: int) -> None:
        """A run that is not whole is not compared."""

    def close(self) -> None:
        """No more rows come."""
        self._sink.close()
        self._bytes.close()

    @property
    def same(self) -> bool:
        """After ``close``: whether the file has these bytes and no others."""
        return self._bytes.same


class _Compared(io.RawIOBase):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.same = path.is_file()
        try:
            self._stored = path.open("rb") if self.same else io.BytesIO()
        except OSError as error:
            raise ResultError(f"{path}: cannot be read ({error.strerror or error})") from error

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        size = memoryview(data).nbytes
        self.same = self.same and self._stored.read(size) == bytes(data)
        return size

    def close(self) -> None:
        if not self.closed:
            self.same = self.same and not self._stored.read(1)
            self._stored.close()
        super().close()
