"""What a module's command line asks of the rest of it: readings, the connection, the upgrade, and its surroundings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class World(Protocol):
    """The module behind its command line, as an engine, an emulator or a test plays it.

    Every call is plain and returns at once. A call may send URCs before it returns: the answer to the command has been
    sent by then.
    """

    @property
    def firmware_version(self) -> str:
        """Version of the image that runs."""

    @property
    def mode(self) -> int:
        """What ``AT+QIOTREG?`` answers. Kept over a power cut."""

    @property
    def online(self) -> bool:
        """Whether the platform can be reached."""

    @property
    def flashing(self) -> bool:
        """Whether the module is being rewritten: it hears nothing."""

    @property
    def in_service(self) -> bool:
        """Whether a network can be heard well enough to be on it. A module on Wi-Fi has none."""

    @property
    def cell(self) -> int:
        """Number of the cell that it is in."""

    # To the host

    def write(self, text: str) -> None:
        """Send characters to the host, framing included."""

    def write_data(self, start: int, n: int) -> None:
        """Send to the host the ``n`` raw bytes of the downloaded file from absolute offset ``start``."""

    # Readings

    def csq(self) -> int:
        """Signal as ``AT+CSQ`` counts it: 0..31, 99 unknown."""

    def wifi_rssi_dBm(self) -> int | None:
        """Signal of the access point, None without one."""

    def rsrp_dBm(self) -> int | None:
        """Reference signal as the module reads it, None when it cannot."""

    def battery(self) -> tuple[int | None, int]:
        """Charge in percent (None: cannot be read) and voltage in millivolts."""

    # Connection

    def register(self, mode: int) -> None:
        """Follow ``AT+QIOTREG=<mode>``, 0..2. When the platform has let the device go: ``Module.deregistered``."""

    def report_versions(self) -> None:
        """Tell the platform the versions of the module and its MCUs."""

    def request_plan(self, want_sha256: bool) -> None:
        """Ask the platform for a plan, and remember whether SHA-256 is wanted."""

    def request_over_http(self, battery_pct: int) -> None:
        """The same with ``AT+QHOTAREQ``, which tells the platform the charge."""

    def radio(self, on: bool) -> None:
        """Switch the radio: off drops the connection and a download, on connects if the mode says so."""

    # Upgrade

    def allows(self, action: int) -> bool:
        """Whether ``AT+QIOTUPDATE=<action>`` is allowed now; nothing changes yet."""

    def act(self, action: int) -> None:
        """Follow an ``AT+QIOTUPDATE=<action>`` that is allowed."""

    def readable_B(self, start: int, length: int) -> int:
        """How many bytes ``AT+QIOTOTARD=<start>,<length>`` gives now; 0 means ERROR."""

    def was_read(self) -> None:
        """The host read a part of the piece."""

    def mcu_version_set(self, component: str, version: str) -> None:
        """The host said which version an MCU runs; empty: none any more."""

    def reboot(self) -> None:
        """The host asked for a restart: ``Module.power_off()``, the boot time, ``Module.power_on()``."""

    def switch_off(self) -> None:
        """The host asked for power down: ``Module.power_off()``, and no start before the host switches it on."""

    def after(self, seconds: float, then: Callable[[], None]) -> None:
        """Have something done when so many seconds are over."""
