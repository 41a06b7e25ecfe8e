"""Writing new firmware: checks, power cuts, boot schemes, and the defects of the new image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fota_sim.engines.components import Component
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.environment import Story as Process
from fota_sim.rules import battery, codes, rows, streams, upgrade
from fota_sim.rules.delay import to_ms

if TYPE_CHECKING:
    from fota_sim.engines.reference.modem import Modem


class Flasher:
    """The flashing of one module's own firmware."""

    def __init__(self, env: FleetEnvironment, modem: Modem) -> None:
        self._env = env
        self._modem = modem
        self._body = modem.body
        self._story = modem.story
        self._flashes = 0
        self._losses = 0
        self._tries = 0
        self.writing = False
        """Whether an image is half written."""

    def start(self) -> None:
        """Begin to write the downloaded image."""
        self._env.start(self._write(), self._modem.device)

    def _write(self) -> Process:
        """Check the stored image, write it, and boot it; power may fail in the middle."""
        env, body, story = self._env, self._body, self._story
        component = self._modem.component
        assert component is not None  # only a downloaded component is flashed
        attempt = self._flashes
        self._flashes += 1
        run = self._modem.run
        if body.uniform(streams.STORAGE, attempt) < body.module[rows.P_STORAGE]:
            self._flash_failed(codes.NO_SPACE)
            return
        effect = upgrade.BOOT_FAILURE if self._modem.truncated else component.defect_of(self._modem.device)
        bad_image = effect == upgrade.VERIFY_FAILURE
        if bad_image or upgrade.verify_fails(body.module, body.uniform(streams.VERIFY, attempt)):
            self._flash_failed(codes.VERIFICATION_FAILED)
            return
        came_to = upgrade.APPLIED
        self._tries = 0
        while True:
            self._tries += 1
            lasts_ms = to_ms(upgrade.apply_s(body.module, component.size_B, component.delta))
            cut_ms = body.cut_between(env.now_ms, env.now_ms + lasts_ms)
            cut_by = codes.NO_CAUSE if cut_ms is None else codes.POWER_LOST
            if body.browns_out(battery.flashing_mA(body.module)):
                cut_ms = env.now_ms + 1
                cut_by = codes.BROWN_OUT_IN_FLASHING
            self.writing = True
            body.works(env.now_ms, battery.flashing_mA(body.module))
            yield env.timeout(lasts_ms if cut_ms is None else cut_ms - env.now_ms)
            if run != self._modem.run:
                return
            self.writing = False
            body.works(env.now_ms, 0.0)
            if cut_ms is None:
                break
            came_to = self.after_power_loss()
            if came_to != upgrade.RESUMED:
                break
            came_to = upgrade.APPLIED
            yield env.timeout(self._modem.boot_ms())
            if run != self._modem.run:
                return
        if came_to == upgrade.BRICKED:
            self._modem.brick(cut_by)
        elif came_to == upgrade.APPLIED:
            yield from self._boot_new(component, effect)
        else:
            if came_to == upgrade.RESTORED:
                story.fell_back(cut_by)
            else:
                story.attempt_failed(cut_by)
            yield from self._modem.restart()

    def after_power_loss(self) -> int:
        """What a loss of power in the middle of writing leaves, by the boot scheme and the device's luck."""
        u_brick = self._body.uniform(streams.BRICK, self._losses)
        self._losses += 1
        return upgrade.after_power_loss(self._body.module, u_brick, self._tries)

    def _flash_failed(self, cause: int) -> None:
        self._story.attempt_failed(cause)
        self._modem.module.flash_done(False, cause)

    def _boot_new(self, component: Component, effect: int) -> Process:
        """The new image is written: restart into it, and meet what is wrong with it."""
        story = self._story
        self._modem.module.flash_done(True)
        if effect == upgrade.BOOT_FAILURE:
            if upgrade.after_boot_failure(self._body.module) == upgrade.BRICKED:
                self._modem.brick(codes.DOES_NOT_BOOT)
                return
            story.fell_back(codes.DOES_NOT_BOOT)
            yield from self._modem.restart()
            return
        if effect == upgrade.WRONG_VERSION:
            story.attempt_failed(codes.WRONG_VERSION)
            self._modem.module.firmware_version = component.wrong_version
        else:
            was_on_target = self._modem.module.firmware_version == component.target_version
            self._modem.module.firmware_version = component.target_version
            self._modem.installed(component, effect, was_on_target)
        if effect == upgrade.NEVER_RECONNECTS:
            self._modem.brick(codes.NEVER_CAME_BACK)
            return
        yield from self._modem.restart()
