"""What can go wrong, as a user meets it.

::

    FotaSimError            anything fota-sim says in a sentence instead of a traceback
    ├── ScenarioError       the scenario or a file it names: every problem at once      (exit code 2)
    ├── ResultError         a result folder cannot be read or written                   (exit code 2)
    ├── RunInterruptedError Ctrl-C after some replications were complete: they are kept (exit code 130)
    └── EngineError         a run cannot go on: an impossible state, which is a bug     (exit code 1)
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fota_sim.quoting import shortened

_QUOTED = re.compile(r"(?<!\w)'(?:[^'\\]|\\.)*'|\"[^\"]*\"")
_MOST_PATH, _MOST_MESSAGE = 160, 800
"""Characters of a path and of a message that are shown; both are made short where they are made."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a file: where it is, what it is, and what would do.

    ``line`` and ``column`` count from 1; 0 means that the place is not known.
    """

    file: str
    line: int
    column: int
    path: str
    message: str

    @property
    def what(self) -> str:
        """What is wrong: the message up to the semicolon before what would do."""
        return self.message[: _semicolon(self.message)]

    @property
    def remedy(self) -> str:
        """What would do; empty where the message says none."""
        return self.message[_semicolon(self.message) :].removeprefix("; ")

    @property
    def where(self) -> str:
        """``file:line:col: path``, without what is not known."""
        return str(Problem(self.file, self.line, self.column, self.path, ""))

    def __str__(self) -> str:
        """``file:line:col: path: what, and what would do``, leaving out what is not known."""
        place = self.file
        if self.line:
            place += f":{self.line}:{self.column}" if self.column else f":{self.line}"
        said = (place, shortened(self.path, _MOST_PATH), shortened(self.message, _MOST_MESSAGE))
        return ": ".join(_one_line(part) for part in said if part)


def _semicolon(message: str) -> int:
    """Where a message turns from what is wrong to what would do; values in quotes may have semicolons of their own."""
    bare = _QUOTED.sub(lambda found: "x" * len(found[0]), message)
    at = bare.find("; ")
    return len(message) if at < 0 else at


def _one_line(text: str) -> str:
    """The text with characters that a terminal would act on, or cannot show, as escapes."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


class FotaSimError(Exception):
    """Base of every error fota-sim raises on purpose; its text is written for the user."""

    problems: list[Problem]
    """Each thing that is wrong, for a program or a table; of most errors it is one, without a place in a file."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.problems = [Problem("", 0, 0, "", text)]


class ScenarioError(FotaSimError):
    """A scenario that cannot be run; ``problems`` holds every mistake found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in sorted(problems)))
        self.problems = sorted(problems)

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[list[Problem]], dict[str, Any]]:
        """Pickled by its problems, for it may come from another process."""
        return type(self), (self.problems,), self.__dict__


class ResultError(FotaSimError):
    """A result folder that is missing, incomplete, unreadable or in the way."""


class RunInterruptedError(FotaSimError):
    """The user stopped a run of which something complete was kept."""

    result: Any = None
    """From Python: what is complete, as a ``Result``."""


class EngineError(FotaSimError):
    """A run reached a state that its rules say cannot be: a bug in fota-sim."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Where a file that a user named is opened or written: an OSError in here becomes a FotaSimError that says why."""
    try:
        yield
    except OSError as error:
        raise FotaSimError(unwritable(path, error)) from error


def unwritable(path: Path | str, error: OSError) -> str:
    """That ``path`` cannot be written, why, and what would do."""
    why = os.strerror(error.errno) if error.errno else error
    return f"{path} cannot be written: {why}; {_REMEDY.get(error.errno or 0, _ELSEWHERE)}"


_ELSEWHERE = "choose a folder that exists and is yours"
_ROOM = "make room, or choose a folder on another disk"
_REMEDY = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EROFS: _ELSEWHERE,
    errno.EACCES: _ELSEWHERE,
}
"""By number of the error, of those that say that something cannot be written."""


def is_unwritable(error: OSError) -> bool:
    """Whether the disk or its rights are to blame, and not this program."""
    return error.errno in _REMEDY


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that a user named, whole or not at all: what stood there stays until the new one is complete.

    What is no plain file, such as ``/dev/stdout``, and a file in a folder where none can be made, are written in place.
    Raises FotaSimError.
    """
    with writing(path):
        target = path.resolve()
        if (target.exists() and not target.is_file()) or not os.access(target.parent, os.W_OK):
            target.write_bytes(content)
            return
        partial = target.with_name(f".{target.name[:_MOST_KEPT]}-{os.getpid()}.partial")
        try:
            partial.write_bytes(content)
            if target.exists():
                shutil.copymode(target, partial)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)


_MOST_KEPT = 60
"""Characters of a file's name in that of the one in which it is written: names of files end somewhere."""
