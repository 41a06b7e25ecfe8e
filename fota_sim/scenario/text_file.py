"""Text files that users name, read within limits: a file that never ends, or is none, is told and not waited for."""

from __future__ import annotations

import codecs
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from fota_sim.quoting import quoted

MAX_LINE = 100_000
"""Longest line of a table or a list, in characters: several hundred columns."""

NO_SUCH_FILE = "no such file"

_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_SAVE_AS_UTF_8 = "save it as UTF-8 (spreadsheets call it CSV UTF-8)"
_OR_SAY = "or, for a fleet file, write encoding: {}"
_PIECE_B = 1 << 16


class UnreadableFileError(Exception):
    """A file that cannot be read as text; its text says why and what would do, ``line`` where (0: nowhere)."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


def read_bytes(path: Path, limit_B: int, instead: str) -> bytes:
    """The whole file as it is; ``instead``: what would do for a larger one. Raises UnreadableFileError."""
    with _Opened(path, limit_B, instead) as descriptor:
        data = bytearray()
        while piece := os.read(descriptor.number, _PIECE_B):
            data += piece
            if len(data) > limit_B:  # it grew, or its size was not known
                raise UnreadableFileError(_too_large(len(data), limit_B, instead))
    return bytes(data)


def read_text(path: Path, limit_B: int, instead: str) -> str:
    """The whole file as UTF-8 text, without a byte order mark; ``instead``: what would do for a larger one.

    Raises UnreadableFileError.
    """
    return decoded(read_bytes(path, limit_B, instead))


def read_lines(path: Path, limit_B: int | None, instead: str, encoding: str = "utf-8") -> Iterator[str]:
    """The lines of a file one after the other, with their ends, without a byte order mark.

    ``limit_B``: None for a file of which somebody takes only the first lines. Raises UnreadableFileError while it is
    iterated.
    """
    with _Opened(path, limit_B, instead) as descriptor:
        lines = _utf_8_lines(descriptor.number) if _is_utf_8(encoding) else _lines_in(descriptor.number, encoding)
        for number, line in enumerate(lines, start=1):
            if len(line) > MAX_LINE:
                raise UnreadableFileError(f"line {number} has more than {MAX_LINE:,} characters; is it text?", number)
            if "\0" in line:
                raise UnreadableFileError(f"is no text file: line {number} holds a zero byte", number)
            if "\r" in line[:-2]:
                yield from io.StringIO(line, newline="")  # ends of lines as in old spreadsheets
            else:
                yield line


def _is_utf_8(encoding: str) -> bool:
    return codecs.lookup(encoding).name == "utf-8"


def _utf_8_lines(descriptor: int) -> Iterator[str]:
    with open(descriptor, "rb", closefd=False) as file:
        number = 0
        while data := file.readline(MAX_LINE + 1):
            number += 1
            if number == 1:
                check_start(data[:4])
                data = data.removeprefix(codecs.BOM_UTF8)
            if len(data) > MAX_LINE:
                raise UnreadableFileError(f"line {number} has more than {MAX_LINE:,} bytes; is it text?", number)
            try:
                yield data.decode()
            except UnicodeDecodeError as error:
                if 0 in data:
                    raise UnreadableFileError(f"is no text file: line {number} holds a zero byte", number) from None
                column = len(data[: error.start].decode(errors="replace")) + 1
                raise UnreadableFileError(_not_utf_8(data[error.start]), number, column) from None


def _lines_in(descriptor: int, encoding: str) -> Iterator[str]:
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        _check_mark(file.read(4), encoding)
        file.seek(0)
    with open(descriptor, encoding=encoding, newline="", closefd=False) as file:
        number = 0
        while True:
            number += 1
            try:
                line = file.readline(MAX_LINE + 1)
            except UnicodeError as error:
                why = getattr(error, "reason", str(error))
                message = f"is no text in {encoding} ({why}); write the encoding that it is in"
                raise UnreadableFileError(message, number) from None
            if not line:
                return
            yield line.removeprefix("\ufeff") if number == 1 else line


class _Opened:
    """A regular file of a size that can be read, open; raises UnreadableFileError for any other."""

    def __init__(self, path: Path, limit_B: int | None, instead: str) -> None:
        self._path, self._limit_B, self._instead = path, limit_B, instead
        self.number = -1

    def __enter__(self) -> _Opened:
        try:
            # A pipe without a writer would be waited for, and reading a device never ends
            self.number = os.open(self._path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        except (OSError, ValueError) as error:
            raise UnreadableFileError(_why_not(error)) from None
        try:
            found = os.fstat(self.number)
            if stat.S_ISDIR(found.st_mode):
                raise UnreadableFileError("is a folder; name the file in it")
            if not stat.S_ISREG(found.st_mode):
                raise UnreadableFileError("is no regular file but a pipe or a device; write its text into a file first")
            if self._limit_B is not None and found.st_size > self._limit_B:
                raise UnreadableFileError(_too_large(found.st_size, self._limit_B, self._instead))
        except UnreadableFileError:
            os.close(self.number)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.number)


def _why_not(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return NO_SUCH_FILE
    if isinstance(error, IsADirectoryError):
        return "is a folder; name the file in it"
    return f"cannot be read: {error.strerror if isinstance(error, OSError) else error}"


def _too_large(size_B: int, limit_B: int, instead: str) -> str:
    return f"is {_size(size_B)}; at most {_size(limit_B)} are read. {instead}"


def _size(size_B: int) -> str:
    for factor, symbol in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size_B >= factor:
            return f"{size_B / factor:.3g} {symbol}"
    return f"{size_B} B"


def decoded(data: bytes, encoding: str = "utf-8") -> str:
    """The text of a file, without a byte order mark; raises UnreadableFileError where it is none in this encoding."""
    (check_start if _is_utf_8(encoding) else check_binary)(data)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        if _is_utf_8(encoding):
            raise UnreadableFileError(_not_utf_8(data[error.start]), line, column) from None
        message = f"begins as text in {encoding} and is none here ({error.reason}); {_SAVE_AS_UTF_8}"
        raise UnreadableFileError(message, line, column) from None


_NO_TEXT = {
    b"PK\x03\x04": "is a spreadsheet (.xlsx) or another archive and no text; unpack an archive, name a "
    "spreadsheet of devices under excel:, or " + _SAVE_AS_UTF_8,
    b"\xd0\xcf\x11\xe0": f"is a spreadsheet (.xls) and no text; {_SAVE_AS_UTF_8}",
    b"\x1f\x8b": "is compressed (gzip) and no text; unpack it first",
}
"""What files begin with that people take for text."""


def check_binary(data: bytes) -> None:
    """Raise UnreadableFileError where the first bytes of a file are those of something that is no text."""
    for begins, what in _NO_TEXT.items():
        if data.startswith(begins):
            raise UnreadableFileError(what)


def check_start(data: bytes) -> None:
    """Raise UnreadableFileError where the first bytes of a file are those of an encoding that is not read."""
    check_binary(data)
    encoding = _BYTE_ORDER_MARKS.get(data[:2])
    if encoding is None and len(data) > 1 and 0 in data[:2] and data[:2] != b"\0\0":
        encoding = "UTF-16"
    if encoding is not None:
        said = _OR_SAY.format(encoding.lower())
        raise UnreadableFileError(f"is {encoding} text; {_SAVE_AS_UTF_8}, {said}")


def _check_mark(data: bytes, encoding: str) -> None:
    """Raise UnreadableFileError where the first bytes of a file are no text, or say another encoding than is told."""
    check_binary(data)
    if codecs.lookup(encoding).name.startswith("utf"):
        return
    said = "UTF-8" if data.startswith(codecs.BOM_UTF8) else _BYTE_ORDER_MARKS.get(data[:2])
    if said is not None:
        instead = "leave encoding out" if said == "UTF-8" else f"write encoding: {said.lower()}"
        raise UnreadableFileError(f"begins with the mark of {said} text, and is told to be {encoding}; {instead}")


def _not_utf_8(byte: int) -> str:
    letter = bytes([byte]).decode("cp1252", errors="ignore")
    western = f", which in Latin-1 or Windows-1252 is {quoted(letter)}" if letter else ""
    say = _OR_SAY.format("cp1252" if letter else "shift_jis, gbk or whichever it is")
    return (
        f"is not UTF-8 text: it holds the byte 0x{byte:02X}{western}; {_SAVE_AS_UTF_8}, {say}. "
        "`fota-sim fleet inspect` shows how it reads in other encodings"
    )
