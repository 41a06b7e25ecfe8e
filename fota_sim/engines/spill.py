"""Arrays that are put on disk and read back in part: a file without a name, gone with who made it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.errors import ResultError


class Spill:
    """A file that nobody else sees: however the process ends, nothing is left behind."""

    def __init__(self, folder: Path | None, what: str) -> None:
        """``folder``: where the file is made, at the first array; None: where the system has temporary files.

        ``what``: what is put there, for messages.
        """
        self._folder = folder
        self._what = what
        self._file: IO[bytes] | None = None
        self._size_B = 0

    def put(self, array: NDArray[Any]) -> int:
        """Write a one-dimensional array behind the others; where it begins. Raises ResultError if there is no room."""
        begin_B = self._size_B
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder, prefix="fota-sim-")  # noqa: SIM115  # ends with us
            self._file.seek(begin_B)
            self._file.write(array.view(np.uint8).data)
            self._file.flush()
        except OSError as error:
            raise ResultError(
                f"{self._folder or 'the folder for temporary files'}: {self._what} cannot be put there, "
                f"{begin_B / 1e6:,.0f} MB so far ({error.strerror or error}); make room, choose a place on another "
                "disk, or do not keep them"
            ) from error
        self._size_B += array.nbytes
        return begin_B

    def get(self, begin_B: int, count: int, kind: Any) -> NDArray[Any]:
        """``count`` values of the array that begins, or goes on, there; raises ResultError if they cannot be read."""
        found = np.empty(count, dtype=kind)
        file: Any = self._file
        try:
            file.seek(begin_B)
            size_B = file.readinto(found.view(np.uint8).data)
        except OSError as error:
            raise ResultError(f"{self._what} cannot be read back ({error.strerror or error})") from error
        if size_B != found.nbytes:
            raise ResultError(f"{self._what} cannot be read back (their file is cut short)")
        return found
