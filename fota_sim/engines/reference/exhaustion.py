"""What ends when a device's battery is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.rules import codes, upgrade
from fota_sim.rules.zone import FAR

if TYPE_CHECKING:
    from fota_sim.engines.reference.modem import Modem
    from fota_sim.engines.reference.platform import Platform


class Exhaustion:
    """Watches one device's battery: it is empty at a known time, for as long as the current stays as it is."""

    def __init__(self, env: FleetEnvironment, modem: Modem, platform: Platform) -> None:
        self._env = env
        self._modem = modem
        self._platform = platform
        self._watch_ms = FAR
        modem.body.foreseen = self._watch
        self._watch()

    def _watch(self) -> None:
        """Look at the time foreseen; one event is enough, for one that comes too early is put off."""
        at_ms = self._modem.body.empty_ms
        if at_ms < self._watch_ms:
            self._watch_ms = at_ms
            self._env.call_first_at(at_ms, self._modem.device, lambda: self._look(at_ms))

    def _look(self, at_ms: int) -> None:
        if at_ms != self._watch_ms:
            return  # an earlier one has looked
        self._watch_ms = FAR
        if self._modem.body.empty_ms == at_ms:
            self._runs_dry()
        else:
            self._watch()

    def _runs_dry(self) -> None:
        """The battery is empty: whatever the device was doing ends here, and the device with it."""
        modem, now_ms = self._modem, self._env.now_ms
        modem.body.settle(now_ms)
        modem.story.battery_empty_ms = now_ms
        if modem.reachable:
            self._ends()
        modem.host.stop()
        modem.body.goes_out()

    def _ends(self) -> None:
        """In the middle of writing new firmware it is a power loss that may brick; the device is off in any case."""
        modem, story = self._modem, self._modem.story
        bricks = modem.flasher.writing and modem.flasher.after_power_loss() == upgrade.BRICKED
        if modem.downloader.running:
            story.download_failures += 1
        modem.downloader.stop()
        if bricks:
            modem.brick(codes.BATTERY_EMPTY)
            return
        if not self._platform.known.records[modem.device].given_up:
            story.attempt_failed(codes.BATTERY_EMPTY)
        modem.die(codes.BATTERY_EMPTY)
