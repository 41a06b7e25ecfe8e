"""The text side of a module that a foreign program drives: any version may be said, and file bytes are real."""

from __future__ import annotations

from collections.abc import Callable

from fota_sim.device.fields import NONE
from fota_sim.emulate.versions import version_number
from fota_sim.engines.reference.bound import story
from fota_sim.engines.reference.modem import Modem
from fota_sim.engines.reference.world import Device
from fota_sim.engines.reference.world import World as Run
from fota_sim.protocol import wire
from fota_sim.protocol.module import Identity, Module, OtaSettings, World
from fota_sim.rules import upgrade


class PinnedModule(Module):
    """A command line whose status pin is seen from outside, and whose URCs are kept apart from its answers."""

    __slots__ = ("pins", "unasked")

    def __init__(self, world: World, identity: Identity, settings: OtaSettings, unasked: Callable[[str], None]) -> None:
        """``unasked`` takes what the module says without having been asked."""
        super().__init__(world, identity, settings)
        self.unasked = unasked
        self.pins: list[Callable[[], None]] = []
        """Told when power has come or gone."""

    def power_on(self) -> None:
        """Start up."""
        super().power_on()
        self._tell()

    def power_off(self) -> None:
        """Lose power."""
        super().power_off()
        self._tell()

    def send(self, line: str) -> None:
        """Send a URC, and not as a part of an answer."""
        self.unasked(self.profile.framed(wire.urc(line)))

    def _tell(self) -> None:
        for told in [*self.pins]:
            told()


class ForeignModem(Modem):
    """One module, as the reference engine has it, and with a host that nobody here knows."""

    def __init__(
        self,
        w: Run,
        live: Device,
        identity: Identity,
        settings: OtaSettings,
        unasked: Callable[[str], None],
        answers: Callable[[str], None],
    ) -> None:
        super().__init__(w, live, identity, settings)
        self.module = self.pinned = PinnedModule(self, identity, settings, unasked)
        self._answers = answers

    def write(self, text: str) -> None:
        """World: characters of an answer."""
        self._answers(text)

    def mcu_version_set(self, component: str, version: str) -> None:
        """World: AT+QIOTMCUVER. What the client says an MCU runs is what it runs; the run need not know it."""
        w, live = self._w, self._live
        if component not in w.names.parts:
            return  # no component of this plan, nor of this device: the module keeps it, nobody asks for it
        part = w.names.parts.index(component)
        number = version_number(w, version)
        row = w.parts_at[live.first_part + part]
        row.told = number
        if part != w.module_part and number not in (NONE, row.running):
            row.running = number
            self._installed(part, number)
        story.ota.mcu_version_set(w, live, w.env.now_ms, part, number)

    def _installed(self, part: int, version: int) -> None:
        """Book the upgrade that the host has just finished, if it is one."""
        w, live = self._w, self._live
        component = live.saved_component
        if component == NONE:
            return
        planned = w.components_at[component]
        if planned.part == part and planned.target == version:
            story.modem.installed(w, live, w.env.now_ms, component, upgrade.NO_DEFECT, False)
