"""Names in the file system that an emulation makes and takes away: links to terminals, sockets."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

from fota_sim.errors import FotaSimError


def in_the_way(option: str, path: Path, why: str) -> FotaSimError:
    """The error of a name that cannot be used."""
    return FotaSimError(f"{option} {path}: {why}")


def make_link(option: str, path: Path, target: str) -> None:
    """Have ``path`` name the terminal ``target``; a link of an emulation that is over is replaced.

    Raises FotaSimError: something else stands there, or a terminal that is in use, or the folder is not the user's.
    """

    def make() -> None:
        if path.is_symlink():
            if path.exists() and path.resolve().parent == Path(target).parent:
                why = "is the port of an emulation that runs; choose another name, or end that"
                raise in_the_way(option, path, why)
            path.unlink()
        elif path.exists():
            raise in_the_way(option, path, "stands there and is no link; choose another name, or move it away")
        os.symlink(target, path)

    _tried(option, path, make)


def take_link_away(path: Path, target: str) -> None:
    """Take the link away, if it is still ours."""
    try:
        if os.readlink(path) == target:
            path.unlink()
    except OSError:
        return


def listen_at(option: str, path: Path) -> socket.socket:
    """A Unix socket that listens; one that nobody listens at any more is replaced. ``abstract:NAME`` has no file.

    Raises FotaSimError: something else stands there, somebody listens, or the folder is not the user's.
    """
    name = str(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if name.startswith("abstract:"):
            listening.bind(f"\0{name}")
        else:
            _clear(option, path)
            _tried(option, path, lambda: listening.bind(name))
        listening.listen(4)
    except OSError as error:
        listening.close()
        why = f"{error.strerror or error}"
        raise in_the_way(option, path, f"{why}; another program listens there, choose another name") from error
    except FotaSimError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def _clear(option: str, path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return
    if not stat.S_ISSOCK(mode):
        raise in_the_way(option, path, "stands there and is no socket; choose another name, or move it away")
    probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        probe.connect(str(path))
    except ConnectionRefusedError:
        _tried(option, path, path.unlink)  # whoever listened is gone
    except OSError as error:
        raise in_the_way(option, path, f"{error.strerror}; choose another name") from error
    else:
        raise in_the_way(option, path, "another program listens there; choose another name, or end it")
    finally:
        probe.close()


def _tried(option: str, path: Path, do: Callable[[], object]) -> None:
    try:
        do()
    except OSError as error:
        why = f"{error.strerror or error}; choose a folder that exists and is yours, and a short name"
        raise in_the_way(option, path, why) from error
