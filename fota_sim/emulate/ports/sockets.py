"""A port on TCP or on a Unix socket: one client at a time, and a second one is told so."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path

from fota_sim.emulate.ports.channel import Channel, Line
from fota_sim.emulate.ports.places import listen_at
from fota_sim.errors import FotaSimError

BUSY = b"\r\nfota-sim: another client has this port; it takes one at a time.\r\n"
"""What a second client is told, and hung up on."""

Opened = Callable[[socket.socket], "Channel"]


def address(option: str, text: str) -> tuple[str, int]:
    """``HOST:PORT``, or a port of this machine alone. Raises FotaSimError for what is neither."""
    host, colon, port = text.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not port.isdecimal() or int(port) > 65_535 or (colon and not text.rpartition(":")[0]):
        raise FotaSimError(f"{option} {text}: must be HOST:PORT, such as 127.0.0.1:7000, or a port alone")
    return host, int(port)


def is_open_to_others(host: str) -> bool:
    """Whether other machines can reach it."""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def listen_on(option: str, host: str, port: int) -> socket.socket:
    """A TCP socket that listens; raises FotaSimError if it cannot."""
    listening = None
    try:
        family, kind, protocol, _, name = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(name)
        listening.listen(4)
    except OSError as error:
        if listening is not None:
            listening.close()
        raise FotaSimError(
            f"{option} {host}:{port}: {error.strerror or error}; choose another port (0 is a free one) or an address "
            "of this machine"
        ) from error
    listening.setblocking(False)
    return listening


class Server:
    """A port that clients connect to."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        listening: socket.socket,
        place: str,
        opens: Callable[[Server, socket.socket], Channel],
        file: Path | None = None,
    ) -> None:
        """``opens`` makes a client's channel; ``file``: of a Unix socket, taken away at the end."""
        self.loop = loop
        self.place = place
        self._listening = listening
        self._opens = opens
        self._file = file
        self._client: socket.socket | None = None
        self._channel: Channel | None = None
        loop.add_reader(listening.fileno(), self._accept)

    def send(self, data: bytes) -> None:
        """Say something; with nobody there it is lost."""
        if self._channel is not None:
            self._channel.send(data)

    def left(self) -> None:
        """The client is gone: the next one may come."""
        self._channel = None
        if self._client is not None:
            self._client.close()
            self._client = None

    def close(self) -> None:
        """Take it away."""
        self.loop.remove_reader(self._listening.fileno())
        self._listening.close()
        if self._channel is not None:
            self._channel.close()
        self.left()
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    def _accept(self) -> None:
        try:
            client, _ = self._listening.accept()
        except OSError:
            return  # it thought better of it
        if self._client is not None:
            with contextlib.suppress(OSError):
                client.send(BUSY)
            client.close()
            return
        client.setblocking(False)
        if client.family != socket.AF_UNIX:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = client
        self._channel = self._opens(self, client)


def plain(
    baud: int, heard: Callable[[bytes], None], lost: Callable[[int], None]
) -> Callable[[Server, socket.socket], Channel]:
    """Channels that carry bytes as they are; a socket holds back by itself what its client does not read."""
    line = Line(lambda: baud, lambda: True)
    return lambda server, client: Channel(server.loop, client.fileno(), line, heard, server.left, lost)


def unix(loop: asyncio.AbstractEventLoop, path: Path, opens: Callable[[Server, socket.socket], Channel]) -> Server:
    """A port on a Unix socket; raises FotaSimError as ``listen_at``."""
    abstract = str(path).startswith("abstract:")
    return Server(loop, listen_at("--unix", path), str(path), opens, None if abstract else path)


def tcp(
    loop: asyncio.AbstractEventLoop,
    option: str,
    host: str,
    port: int,
    opens: Callable[[Server, socket.socket], Channel],
) -> Server:
    """A port on TCP; raises FotaSimError as ``listen_on``."""
    listening = listen_on(option, host, port)
    name = listening.getsockname()
    return Server(loop, listening, f"{name[0]}:{name[1]}", opens)
