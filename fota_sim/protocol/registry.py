"""How commands are found, and what a command may look at and change of the command line that it came in by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from fota_sim.protocol.configuration import Configuration
from fota_sim.protocol.dialects import Dialect
from fota_sim.protocol.grammar import Argument, Form
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.profile import Profile
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import ConnectionState
from fota_sim.protocol.sub_device import SubDevice
from fota_sim.protocol.world import World

Arguments = tuple[Argument, ...]


class Module(Protocol):
    """The command line of a module, as a command sees it."""

    identity: Identity
    dialect: Dialect
    settings: OtaSettings
    configuration: Configuration
    profile: Profile
    mcu_versions: dict[str, str]
    sub_devices: dict[tuple[str, str], SubDevice]
    functionality: int
    has_device_secret: bool

    @property
    def connection(self) -> ConnectionState:
        """What ``AT+QIOTSTATE?`` answers."""

    @property
    def registration(self) -> int:
        """Registration on the network as 3GPP TS 27.007, 7.2 counts it: 0 none, 1 home, 2 searching."""

    @property
    def known_commands(self) -> Sequence[str]:
        """The commands that this module has, as ``AT+CLAC`` lists them."""

    def register(self, mode: int) -> None:
        """Follow ``AT+QIOTREG=<mode>``."""

    def reply(self, infos: Sequence[str] | None) -> None:
        """Answer: information lines and OK; None for ERROR."""

    def fail(self, code: int) -> None:
        """Answer with an error of the mobile equipment, in the form that ``AT+CMEE`` asks for."""

    def finish_data(self) -> None:
        """Answer OK after the bytes of a file."""

    def takes(self, seconds: float, then: Callable[[], None], *, abortable: bool = False) -> None:
        """Answer later: ``then`` does, after so many seconds. An abortable command ends at the next character."""

    def send(self, line: str) -> None:
        """Send a URC."""

    def use(self, profile: Profile) -> None:
        """Speak and listen by another profile from now on."""

    def save(self) -> None:
        """Keep the profile over a power cut."""

    def restore(self) -> None:
        """Use the profile that was saved."""

    def radio(self, functionality: int) -> None:
        """Switch the radio with ``AT+CFUN``, and tell of the registration where the host wants to hear of it."""

    def restart(self) -> None:
        """Stop listening and ask the world for a reboot."""

    def power_down(self, seconds: float) -> None:
        """Stop listening, say so after ``seconds``, and be off."""


Handler = Callable[[Module, World, Arguments], None]


class Commands(dict[tuple[str, Form], Handler]):
    """Handlers by a command's name and form."""

    def on(self, name: str, *forms: Form) -> Callable[[Handler], Handler]:
        """Have the decorated function handle these forms of a command."""

        def register(handler: Handler) -> Handler:
            for form in forms:
                self[name, form] = handler
            return handler

        return register
