"""The transitions of the module's upgrade state machine (QuecThing SDK 2.9.0).

Each step is complete before the world can answer it: URC first, then the timer, then the report upstream, then
the download or the flashing. One timer at most runs at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fota_sim.protocol import wire
from fota_sim.protocol.firmware_info import FirmwareInfo
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.link import Link
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import ComponentType, OtaState
from fota_sim.protocol.urc import OTA, DownloadStart, OtaCode, format_urc
from fota_sim.protocol.world import World
from fota_sim.rules import codes
from fota_sim.rules import ota as rules

_LINES = {code: format_urc(OTA, code) for code in OtaCode}
IDLE, WRITING, WRITTEN = range(3)  # the module's own flash
_NO_INFO = FirmwareInfo("", 0, "", 0)


@dataclass(slots=True)
class SavedOta:
    """What survives a power cut. The download's address, offset and bytes do not."""

    state: OtaState = OtaState.NO_PLAN
    component: str = ""
    target_version: str = ""
    type: ComponentType = ComponentType.MODULE
    wants_sha256: bool = False
    announced: bool = False
    """Success was said before the reboot already."""


class OtaSteps:
    """What an upgrade consists of; ``Ota`` says when which step is taken."""

    __slots__ = (
        "_failures",
        "_flash",
        "_identity",
        "_info",
        "_link",
        "_piece_B",
        "_piece_start",
        "_plan",
        "_send",
        "_settings",
        "_started",
        "_timer",
        "_world",
        "last_error",
        "saved",
        "state",
    )

    def __init__(
        self,
        world: World,
        identity: Identity,
        settings: OtaSettings,
        link: Link,
        send: Callable[[str], None],
    ) -> None:
        self._world = world
        self._identity = identity
        self._settings = settings
        self._link = link
        self._send = send
        self.saved = SavedOta()
        self.state = OtaState.NO_PLAN
        self.last_error = codes.NO_CAUSE
        self._timer = ""
        self._forget()

    def _forget(self) -> None:
        """Set what a power cut loses."""
        self._plan: dict[str, tuple[str, ComponentType]] = {}  # component: target version, type
        self._flash = IDLE
        self._reset()

    def _reset(self) -> None:
        """Be ready for a new upgrade: counters to zero, the downloaded file erased."""
        self._info = _NO_INFO
        self._piece_start = 0
        self._piece_B = 0
        self._failures = 0
        self._started = False

    @property
    def component(self) -> str:
        """The component that the upgrade is about, or was last."""
        return self.saved.component

    @property
    def flashing(self) -> bool:
        """Whether the module is being rewritten: it hears nothing."""
        return self._flash != IDLE

    @property
    def download_failures(self) -> int:
        """Downloads of this upgrade that broke off, since the last start."""
        return self._failures

    @property
    def _is_mcu(self) -> bool:
        return self.saved.type is ComponentType.MCU

    def _enter(self, state: OtaState) -> None:
        self.state = self.saved.state = state

    def _tell(self, code: OtaCode) -> None:
        self._send(_LINES[code])

    def _report(self, state: OtaState) -> None:
        self._link.report(state, self.saved.component)

    def _start(self, timer: str, seconds: float) -> None:
        self._timer = timer
        self._world.start_timer(timer, seconds)

    def _stop(self) -> None:
        """Leave nothing running: neither the timer nor the download."""
        if self._timer:
            timer, self._timer = self._timer, ""
            self._world.stop_timer(timer)
        if rules.is_downloading(self.state):
            self._world.stop_download()

    def _take(self, component: str, target_version: str, kind: ComponentType) -> None:
        saved = self.saved
        saved.component = component
        saved.target_version = target_version
        saved.type = kind

    def _known(self, component: str) -> tuple[str, ComponentType] | None:
        """Target version and type of a component, if the module still remembers them."""
        saved = self.saved
        if component == saved.component and saved.target_version:
            return saved.target_version, saved.type
        return self._plan.get(component)

    def _submit(self) -> None:
        self._reset()
        self._enter(OtaState.SUBMITTED)
        self._tell_decision()
        self._start("url", self._settings.url_timeout_s)
        self._report(OtaState.SUBMITTED)

    def _refuse(self) -> None:
        self._enter(OtaState.NO_PLAN)
        self._tell_decision()
        self._report(OtaState.REFUSED)

    def _tell_decision(self) -> None:
        if self._settings.announce_decision:
            self._tell(OtaCode.DECIDED)

    def _fetch(self, start: int) -> None:
        """Fetch the piece from ``start`` on: as much as the flash holds."""
        info = self._info
        self._piece_start = start
        self._piece_B = rules.piece_size_B(self._identity.free_flash_B, info.size_B, start)
        self._enter(OtaState.DOWNLOAD_START)
        if self._started:
            self._tell(OtaCode.DOWNLOADING)
        elif not self._is_mcu:
            self._tell(OtaCode.DOWNLOAD_STARTS)
        else:
            sha256 = info.sha256 if self.saved.wants_sha256 else ""
            self._send(DownloadStart(info.component, info.size_B, info.md5, info.crc32, sha256).line())
        self._started = True
        self._report(OtaState.DOWNLOAD_START)
        self._world.start_download(info.component, start, self._piece_B)

    def _break_off(self, cause: int) -> None:
        """End a download that failed: the platform may send the address again, unless it was one too many."""
        if rules.counts(self._settings.refusal_counts, cause):
            self._failures += 1
        if rules.one_too_many(self._failures, self._settings.max_download_failures):
            self._fail(cause)
            return
        self.last_error = cause
        self._stop()
        self._enter(OtaState.DOWNLOAD_ERROR)
        self.state = OtaState.NO_PLAN  # but saved as an error: a restart reports it again
        self._report(OtaState.DOWNLOAD_ERROR)

    def _update_mcu(self) -> None:
        self._enter(OtaState.UPDATING)
        self._tell(OtaCode.UPDATING)
        self._start("mcu", self._settings.mcu_update_timeout_s)
        self._report(OtaState.UPDATING)

    def _tell_success(self) -> None:
        qind = "none" if self._is_mcu else self._settings.qind
        if qind == "before_success":
            self._send(wire.FLASHED)
        self._tell(OtaCode.SUCCESS)
        if qind == "after_success":
            self._send(wire.FLASHED)

    def _succeed(self) -> None:
        announced = self._finish()
        self.last_error = codes.NO_CAUSE
        if not announced:
            self._tell_success()
        self._report(OtaState.UPDATE_SUCCESS)

    def _fail(self, cause: int) -> None:
        announced = self._finish()
        self.last_error = cause
        if not announced:
            self._tell(OtaCode.FAILED)
        self._report(OtaState.UPDATE_ERROR)

    def _finish(self) -> bool:
        """Return to NO_PLAN; tells whether the host has heard an outcome already."""
        self._stop()
        self._enter(OtaState.NO_PLAN)
        self._reset()
        announced, self.saved.announced = self.saved.announced, False
        return announced
