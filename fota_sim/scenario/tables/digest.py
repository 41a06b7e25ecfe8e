"""What tells the content of a file of devices from any other."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple


class Digest(NamedTuple):
    """Stands for what a table is read from."""

    digits: bytes
    """BLAKE2b of it, 16 bytes."""
    size_B: int

    @classmethod
    def of(cls, content: bytes, most_B: int) -> Digest | None:
        """Of this content; None if it is more than so many bytes."""
        return cls(blake2b(content, digest_size=16).digest(), len(content)) if len(content) <= most_B else None

    @classmethod
    def of_file(cls, path: Path, most_B: int) -> Digest | None:
        """Of a file; None if it is more than so many bytes, no file (a pipe is read once), or cannot be read."""
        try:
            if not path.is_file() or path.stat().st_size > most_B:
                return None
            return cls.of(path.read_bytes(), most_B)
        except (OSError, ValueError):
            return None
