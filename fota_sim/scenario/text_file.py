"""Text files that a scenario names: read them, or say in a sentence why not."""

from __future__ import annotations

from pathlib import Path


def read_text(path: Path, shown: str) -> str:
    """The file's text (UTF-8, a byte order mark is dropped).

    Raises ValueError with a message about the file, called ``shown``, if it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ValueError(f"there is no file {shown} (looked for {path})") from None
    except IsADirectoryError:
        raise ValueError(f"{shown} is a directory, not a file") from None
    except PermissionError:
        raise ValueError(f"{shown} is not readable: permission denied") from None
    except OSError as error:
        raise ValueError(f"{shown} is not readable: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ValueError(f"{shown} is not UTF-8 text (line {line}); save it as UTF-8") from None


def read_list(path: Path, shown: str) -> list[str]:
    """One entry per line; blank lines and what follows a ``#`` at the start or after a space are left out.

    Raises ValueError if the file cannot be read or has no entries.
    """
    entries = []
    for line in read_text(path, shown).splitlines():
        entry = line.split(" #", 1)[0].split("\t#", 1)[0].strip()
        if entry and not entry.startswith("#"):
            entries.append(entry)
    if not entries:
        raise ValueError(f"{shown} names no devices; write one id per line")
    return entries
