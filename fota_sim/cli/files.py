"""Files and folders that a user names to be written: whether there is room for them, and writing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fota_sim.errors import FotaSimError, write_whole


def room_for(*paths: Path | None, force: bool) -> None:
    """Raise FotaSimError for the first file that would be overwritten without ``force``; None is asked for nowhere."""
    for path in paths:
        if path is not None and path.is_dir():
            raise FotaSimError(f"{path} is a folder; name a file in it")
        if path is not None and path.exists() and not force:
            raise FotaSimError(f"{path} exists already; choose another name, or add --force to overwrite it")


def room_in(folder: Path, names: Sequence[str], force: bool) -> None:
    """The same for what a command leaves in a folder, and for a folder that is a file."""
    if folder.exists() and not folder.is_dir():
        raise FotaSimError(f"{folder} is a file; --out takes a folder")
    there = next((folder / name for name in names if (folder / name).exists()), None)
    if there is not None and not force:
        raise FotaSimError(f"{there} exists already; choose another folder, or add --force to overwrite it")


def save(path: Path, text: str, force: bool) -> None:
    """Write ``text`` to ``path``; raises FotaSimError if that cannot be, or would overwrite without ``force``."""
    room_for(path, force=force)
    write_whole(path, text.encode())
