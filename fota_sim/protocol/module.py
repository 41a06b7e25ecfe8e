"""The command line of one module: AT commands in, AT answers out, and URCs in between."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.protocol import wire
from fota_sim.protocol.commands import answer
from fota_sim.protocol.configuration import Configuration
from fota_sim.protocol.grammar import CommandError, CommandLine, parse_command
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import ConnectionState
from fota_sim.protocol.urc import format_urc
from fota_sim.protocol.world import World

__all__ = ["Identity", "Module", "OtaSettings", "World"]

NETWORK_LOST = 10474
"""Code of event type 2: the network could not be reached."""
_DEVICE_SECRET_WRONG = 10430


class Module:
    """A module on a serial line. Off until ``power_on``; while it is off it hears nothing.

    What it says of its connection and its upgrade is told with ``send``, by whoever plays them.
    """

    __slots__ = (
        "_deaf",
        "_lines",
        "_released",
        "_starts",
        "_world",
        "configuration",
        "echo",
        "has_device_secret",
        "identity",
        "mcu_versions",
        "powered",
        "settings",
    )

    def __init__(self, world: World, identity: Identity, settings: OtaSettings) -> None:
        self._world = world
        self.identity = identity
        self.settings = settings
        self.mcu_versions: dict[str, str] = {}
        """What the host said with ``AT+QIOTMCUVER``, by component. Kept over a power cut."""
        self.configuration = Configuration(identity)
        self.echo = True
        self.has_device_secret = True
        """Whether the module was authenticated before; if not, it is at its next connection."""
        self.powered = False
        self._released: ConnectionState | None = None
        self._deaf = False
        self._starts = 0
        self._lines = CommandLine()

    @property
    def connection(self) -> ConnectionState:
        """What ``AT+QIOTSTATE?`` answers."""
        if not self.powered:
            return ConnectionState.UNINITIALISED
        if self._world.online:
            return ConnectionState.SUBSCRIBED
        if self._world.mode:
            return ConnectionState.REGISTERING
        return ConnectionState.INITIALISED if self._released is None else self._released

    # Power

    def power_on(self) -> None:
        """Start up."""
        self.powered = True
        self._starts += 1
        self.echo = True
        self._deaf = False
        self._released = None

    def power_off(self) -> None:
        """Lose power: what was half heard is lost. No URC."""
        self.powered = False
        self._lines.clear()

    # Connection

    def register(self, mode: int) -> None:
        """Follow ``AT+QIOTREG=<mode>``, 0..2."""
        if self._world.mode and not mode:
            self._released = ConnectionState.DEREGISTERING
        self._world.register(mode)

    def authenticates(self) -> None:
        """The platform is reached: say so, if it has to learn who this is."""
        if not self.has_device_secret:
            self.has_device_secret = True
            self.send(format_urc(1, 10200))

    def lost(self, code: int) -> None:
        """The connection, or the attempt at one, broke off with this code of event type 2."""
        if code == _DEVICE_SECRET_WRONG:
            self.has_device_secret = False
        self.send(format_urc(2, code))

    def deregistered(self) -> None:
        """The platform let the device go."""
        if self._released is ConnectionState.DEREGISTERING:
            self._released = ConnectionState.DEREGISTERED
            self.send(format_urc(6, 10200))

    # From the host

    def receive(self, text: str) -> None:
        """Characters arrive from the host. Any text is safe: what is no command is an ERROR or nothing."""
        if not self._hears():
            return
        start = self._starts
        for line in self._lines.feed(text):
            if line:
                self._obey(line)
                if not self._hears() or self._starts != start:
                    return  # what followed in the same chunk is lost in the restart

    def _hears(self) -> bool:
        return self.powered and not self._deaf and not self._world.flashing

    def _obey(self, line: str) -> None:
        if self.echo:
            self._world.write(wire.echo(line))
        if line[:2].upper() != "AT":
            return
        try:
            command = parse_command(line)
        except CommandError:
            self.reply(None)
            return
        answer(self, self._world, command)

    # To the host

    def send(self, line: str) -> None:
        """Send a URC."""
        self._world.write(wire.urc(line))

    def reply(self, infos: Sequence[str] | None) -> None:
        """Answer a command: information lines and OK; None for ERROR."""
        self._world.write(wire.answer(infos))

    def restart(self) -> None:
        """Stop listening and ask the world for a reboot."""
        self._deaf = True
        self._world.reboot()
