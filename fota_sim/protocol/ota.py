"""When the module's upgrade takes which step: one method per thing that can happen to it."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.protocol.firmware_info import FirmwareInfo
from fota_sim.protocol.ota_steps import IDLE, WRITING, WRITTEN, OtaSteps
from fota_sim.protocol.states import ComponentType, OtaState
from fota_sim.protocol.urc import OtaCode, PieceReady, PlanOffer
from fota_sim.rules import codes
from fota_sim.rules import ota as rules


class Ota(OtaSteps):
    """One module's upgrade: at most one component at a time, for its own firmware or for an MCU's."""

    __slots__ = ()

    # Power

    def boot(self, firmware_version: str) -> None:
        """Start up: take up what was saved."""
        saved = self.saved
        todo, cause = rules.after_boot(saved.state, self._is_mcu, firmware_version == saved.target_version)
        if todo == rules.UPDATE_MCU:
            self._update_mcu()
        elif todo == rules.SUCCEED:
            self._succeed()
        elif todo == rules.FAIL:
            self._fail(cause)
        elif todo == rules.BREAK_OFF:
            self._break_off(cause)
        else:
            self._enter(OtaState.NO_PLAN)

    def shut_down(self) -> None:
        """Lose power."""
        self._stop()
        self._forget()
        self.state = OtaState.NO_PLAN

    # From the platform

    def plan(self, offers: Sequence[PlanOffer], types: Sequence[ComponentType], auto_confirm: bool = False) -> bool:
        """Take in a plan; False when it is dropped because an upgrade is running, or is empty."""
        if not offers or not rules.takes_plan(self.state):
            return False
        self._plan = {offer.component: (offer.target_version, kind) for offer, kind in zip(offers, types, strict=True)}
        self._take(offers[0].component, offers[0].target_version, types[0])
        self._enter(OtaState.PLAN_RECEIVED)
        for offer in offers:
            self._send(offer.line())
        self._report(OtaState.PLAN_RECEIVED)
        if auto_confirm and types[0] is ComponentType.MODULE and self.state is OtaState.PLAN_RECEIVED:
            self._submit()
        return True

    def firmware_info(self, info: FirmwareInfo) -> bool:
        """Take in a download address and start to fetch; False when it is dropped."""
        if not rules.takes_address(self.state):
            return False
        self._stop()
        known = self._known(info.component)
        target = info.target_version or (known[0] if known else "")
        kind = info.type if info.type is not None else known[1] if known else None
        if info.component != self.saved.component:
            self._reset()
        self._take(info.component, target, ComponentType.MODULE if kind is None else kind)
        usable = kind is not None and bool(target) and info.is_valid(wants_sha256=self.saved.wants_sha256)
        refused = rules.refused_address(usable, self._is_mcu, info.size_B, self._identity.free_flash_B)
        if refused != codes.NO_CAUSE:
            self._fail(refused)
        else:
            self._info = info
            self._fetch(0)
        return True

    # From the download

    def progress(self) -> None:
        """Bytes have come since the last time."""
        if rules.is_downloading(self.state):
            self._enter(OtaState.DOWNLOADING)
            self._tell(OtaCode.DOWNLOADING)
            self._report(OtaState.DOWNLOADING)

    def piece_downloaded(self) -> None:
        """All bytes that were asked for are there, and of module firmware the checksum is right."""
        if not rules.is_downloading(self.state):
            return
        self._enter(OtaState.DOWNLOAD_SUCCESS)
        if not self._is_mcu:
            self._tell(OtaCode.DOWNLOADED)
            self._report(OtaState.DOWNLOAD_SUCCESS)
            self._enter(OtaState.UPDATING)
            self._tell(OtaCode.UPDATING)
            self._start("flash", self._settings.flash_delay_s)
            self._report(OtaState.UPDATING)
        else:
            self._send(PieceReady(self.component, self._info.size_B, self._piece_start, self._piece_B).line())
            self._start("read", self._settings.read_timeout_s)
            self._report(OtaState.DOWNLOAD_SUCCESS)

    def download_failed(self, cause: int = codes.DOWNLOAD_BROKE) -> None:
        """The fetch broke off, or of module firmware the checksum is wrong. The host hears nothing of it."""
        if rules.is_downloading(self.state):
            self._break_off(cause)

    # From the clock and the flash

    def timer(self, name: str) -> None:
        """A timer ran out; one that was stopped is ignored."""
        if not name or name != self._timer:
            return
        self._timer = ""
        if name == "url":
            self._fail(codes.NO_URL)
        elif name == "read":
            self._fail(codes.MCU_READ_TIMEOUT)
        elif name == "mcu":
            self._fail(codes.MCU_UPDATE_TIMEOUT)
        else:
            self._flash = WRITING
            self._world.flash()

    def flash_done(self, ok: bool, cause: int = codes.VERIFICATION_FAILED) -> None:
        """Writing and checking the image ended; with ``ok`` the module waits for its reboot."""
        if self._flash != WRITING:
            return
        if not ok:
            self._flash = IDLE
            self._fail(cause)
            return
        self._flash = WRITTEN
        if self._settings.success_urc == "before_reboot":
            self.saved.announced = True
            self._tell_success()
        if self._settings.success_report == "before_reboot":
            self._report(OtaState.UPDATE_SUCCESS)

    # From the host

    def allows(self, action: int) -> bool:
        """Whether ``AT+QIOTUPDATE=<action>`` is allowed now; nothing changes yet."""
        rest_B = self._info.size_B - self._piece_start - self._piece_B
        return rules.allows(self.state, action, self._is_mcu, rest_B)

    def act(self, action: int) -> None:
        """Follow an ``AT+QIOTUPDATE=<action>`` that ``allows`` let through."""
        state = self.state
        if action == 0:
            self._refuse()
        elif action == 1 and state is OtaState.PLAN_RECEIVED:
            self._submit()
        elif action == 2:
            self._stop()
            self._fetch(self._piece_start + self._piece_B)
        elif action == 3 and state is OtaState.DOWNLOAD_SUCCESS:
            self._stop()
            self._update_mcu()

    def readable(self, start: int, length: int) -> int:
        """How many bytes ``AT+QIOTOTARD=<start>,<length>`` gives now; 0 means ERROR."""
        return rules.readable_B(self.state, start, length, self._piece_start, self._piece_B)

    def was_read(self) -> None:
        """The host read a part of the piece: the read timer starts again."""
        if self._timer == "read":
            self._start("read", self._settings.read_timeout_s)

    def mcu_version_set(self, component: str, version: str) -> None:
        """The host set an MCU's version: that ends an upgrade of this MCU, well or badly."""
        saved = self.saved
        todo = rules.after_mcu_version(
            self.state, self._is_mcu, saved.component == component, version == saved.target_version
        )
        if todo == rules.SUCCEED:
            self._succeed()
        elif todo == rules.FAIL:
            self._fail(codes.MCU_UPDATE_FAILED)
