"""One module: AT commands in, AT answers and URCs out, and an input for each thing that happens to it."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.protocol import wire
from fota_sim.protocol.commands import answer
from fota_sim.protocol.configuration import Configuration
from fota_sim.protocol.firmware_info import FirmwareInfo
from fota_sim.protocol.grammar import CommandError, CommandLine, parse_command
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.link import Link
from fota_sim.protocol.ota import Ota
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import ComponentType, ConnectionState, OtaState
from fota_sim.protocol.urc import PlanOffer
from fota_sim.protocol.world import World
from fota_sim.rules import codes

__all__ = ["FirmwareInfo", "Identity", "Module", "OtaSettings", "PlanOffer", "World"]


class Module:
    """A module on a serial line. Off until ``power_on``; while it is off every input is ignored.

    The world changes ``firmware_version`` between ``power_off`` and ``power_on`` when a new image has been
    written, and reads ``mcu_versions`` for its version reports.
    """

    __slots__ = (
        "_deaf",
        "_lines",
        "_starts",
        "_world",
        "configuration",
        "echo",
        "firmware_version",
        "identity",
        "link",
        "mcu_versions",
        "ota",
        "powered",
        "settings",
    )

    def __init__(self, world: World, identity: Identity, settings: OtaSettings) -> None:
        self._world = world
        self.identity = identity
        self.settings = settings
        self.firmware_version = identity.firmware_version
        """Version of the image that runs."""
        self.mcu_versions: dict[str, str] = {}
        """What the host said with ``AT+QIOTMCUVER``, by component. Kept over a power cut."""
        self.configuration = Configuration(identity)
        self.link = Link(world, self.send)
        self.ota = Ota(world, identity, settings, self.link, self.send)
        self.echo = True
        self.powered = False
        self._deaf = False
        self._starts = 0
        self._lines = CommandLine()

    @property
    def state(self) -> OtaState:
        """Where the upgrade stands."""
        return self.ota.state

    @property
    def connection(self) -> ConnectionState:
        """Where the connection stands."""
        return self.link.state

    @property
    def last_error(self) -> int:
        """Why the last download or upgrade failed, by number (``rules/codes.py``): the wire says 7,10706 to all."""
        return self.ota.last_error

    # Power

    def power_on(self) -> None:
        """Start up: the saved upgrade goes on, and registration mode 2 connects."""
        if self.powered:
            return
        self.powered = True
        self._starts += 1
        self.echo = True
        self._deaf = False
        self.ota.boot(self.firmware_version)
        self.link.boot()

    def power_off(self) -> None:
        """Lose power: the timer and the download are stopped, what is not saved is lost. No URC."""
        if not self.powered:
            return
        self.powered = False
        self._lines.clear()
        self.ota.shut_down()
        self.link.shut_down()

    # From the network and the platform

    def connected(self, first: bool = False) -> None:
        """Registered and subscribed; ``first`` when the platform had to authenticate the device anew."""
        if self.powered:
            self.link.connected(first)

    def connection_lost(self, code: int = 10474) -> None:
        """The connection or an attempt at one broke off with this code of event type 2."""
        if self.powered:
            self.link.lost(code)

    def deregistered(self) -> None:
        """The platform let the device go, as ``World.disconnect`` asked."""
        if self.powered:
            self.link.deregistered()

    def plan(self, offers: Sequence[PlanOffer], types: Sequence[ComponentType], auto_confirm: bool = False) -> bool:
        """A plan arrives: one offer and one type for each component, in upgrade order.

        With ``auto_confirm`` a plan that begins with module firmware needs no host. False when the module
        drops the plan because an upgrade is running.
        """
        return self.powered and self.ota.plan(offers, types, auto_confirm)

    def firmware_info(self, info: FirmwareInfo) -> bool:
        """A download address arrives, after a confirmation or as a retry; False when the module drops it."""
        return self.powered and self.ota.firmware_info(info)

    # From the download, the clock and the flash

    def progress(self) -> None:
        """The download goes on; called about every ``settings.progress_interval_s``."""
        if self.powered:
            self.ota.progress()

    def piece_downloaded(self) -> None:
        """The bytes of ``World.start_download`` are complete and good."""
        if self.powered:
            self.ota.piece_downloaded()

    def download_failed(self, cause: int = codes.DOWNLOAD_BROKE) -> None:
        """The download broke off, or the checksum of module firmware is wrong."""
        if self.powered:
            self.ota.download_failed(cause)

    def timer(self, name: str) -> None:
        """A timer of ``World.start_timer`` ran out."""
        if self.powered:
            self.ota.timer(name)

    def flash_done(self, ok: bool, cause: int = codes.VERIFICATION_FAILED) -> None:
        """``World.flash`` ended; after a good end the world reboots the module."""
        if self.powered:
            self.ota.flash_done(ok, cause)

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
        return self.powered and not self._deaf and not self.ota.flashing

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

    # To the host, for the module's parts

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
