"""What a module asks of its surroundings: its serial line, radio, battery, platform, flash and clock."""

from __future__ import annotations

from typing import Protocol

from fota_sim.protocol.states import OtaState


class World(Protocol):
    """The module's other side, played by an engine, an emulator or a test.

    Every call is plain and returns at once. A world may answer a call with an input to the module before
    it returns (``connect`` with ``Module.connected``, say): the module has finished its own step by then.
    """

    def write(self, text: str) -> None:
        """Send characters to the host, framing included."""

    def write_data(self, start: int, n: int) -> None:
        """Send to the host the ``n`` raw bytes of the downloaded file from absolute offset ``start``."""

    def csq(self) -> int:
        """Signal as ``AT+CSQ`` counts it: 0..31, 99 unknown."""

    def wifi_rssi_dBm(self) -> int | None:
        """Signal of the access point, None without one."""

    def battery(self) -> tuple[int | None, int]:
        """Charge in percent (None: cannot be read) and voltage in millivolts."""

    def connect(self) -> None:
        """Register and subscribe, and keep trying. Answer: ``connected``, or ``connection_lost``."""

    def disconnect(self) -> None:
        """Give up the registration. Answer: ``deregistered``."""

    def request_plan(self, want_sha256: bool) -> None:
        """Ask the platform for a plan; it reads the module's versions. Answer: ``plan``, or silence."""

    def report_status(self, state: OtaState, component: str) -> None:
        """Tell the platform where the upgrade stands; with a result it reads the module's versions too."""

    def report_versions(self) -> None:
        """Tell the platform ``Module.firmware_version`` and ``Module.mcu_versions``."""

    def start_download(self, component: str, start: int, length: int) -> None:
        """Fetch ``length`` bytes from offset ``start``.

        Answers: ``progress`` (about every ``progress_interval_s``), then ``piece_downloaded`` or
        ``download_failed``.
        """

    def stop_download(self) -> None:
        """Drop the running fetch, if any."""

    def start_timer(self, name: str, seconds: float) -> None:
        """Call ``Module.timer(name)`` after that time; a timer that runs already starts again.

        Names: ``url``, ``read``, ``flash``, ``mcu``. Never more than one runs.
        """

    def stop_timer(self, name: str) -> None:
        """Forget the timer, if it runs."""

    def flash(self) -> None:
        """Write and check the new module image. Answer: ``flash_done``, then the world reboots the module.

        A reboot is ``Module.power_off()``, ``Module.firmware_version`` set if it changed, and
        ``Module.power_on()``.
        """

    def reboot(self) -> None:
        """The host asked for a restart: ``Module.power_off()``, the boot time, ``Module.power_on()``."""
