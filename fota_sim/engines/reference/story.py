"""What happened to one device, as it happened: the row that it will be in the device table."""

from __future__ import annotations

from dataclasses import dataclass, field

from fota_sim.rules import codes
from fota_sim.rules.fates import NEVER


@dataclass(slots=True)
class Story:
    """Counters and times of one device; times in ms since activation, ``NEVER`` until they happen."""

    contacts: int = 0
    offers: int = 0
    refusals: int = 0
    attempts: int = 0
    download_failures: int = 0
    first_contact_ms: int = NEVER
    first_offer_ms: int = NEVER
    confirmed_ms: int = NEVER
    download_start_ms: int = NEVER
    downloaded_ms: int = NEVER
    upgraded_ms: int = NEVER
    finished_ms: int = NEVER
    battery_empty_ms: int = NEVER
    energy_J: float = 0.0
    attempt_energy_J: float = 0.0
    energy_wasted_J: float = 0.0
    refusal: int = codes.NO_CAUSE
    failure: int = codes.NO_CAUSE
    phase: int = codes.NO_CAUSE
    withheld: int = codes.NO_CAUSE
    bricked: bool = False
    lost: int = codes.NO_CAUSE
    rolled_back: bool = False
    closed: bool = False
    """Whether the platform has given the device up: the cause that it had then stands."""
    downloads: list[list[int]] = field(default_factory=list)
    attempt_start: int = 0

    @property
    def bytes_sent(self) -> int:
        """Bytes of all downloads."""
        return sum(download[SENT] for download in self.downloads)

    @property
    def bytes_wasted(self) -> int:
        """Bytes of all downloads that came to nothing."""
        return sum(download[WASTED] for download in self.downloads)

    def spend(self, energy_J: float) -> None:
        """Energy that the update cost; whether it was wasted shows at the attempt's end."""
        self.energy_J += energy_J
        self.attempt_energy_J += energy_J

    def attempt_failed(self, cause: int) -> None:
        """The attempt came to nothing, and so did its bytes and its energy."""
        if not self.closed:
            self.failure = cause
            self.rolled_back = False
        for download in self.downloads[self.attempt_start :]:
            download[WASTED] = download[SENT]
        self._next_attempt()
        self.energy_wasted_J += self.attempt_energy_J
        self.attempt_energy_J = 0.0

    def fell_back(self, cause: int) -> None:
        """The attempt failed, and the boot scheme restored the old firmware, whatever the platform makes of it."""
        self.attempt_failed(cause)
        self.failure = cause
        self.rolled_back = True

    def attempt_succeeded(self, size_B: int) -> None:
        """The attempt installed ``size_B`` bytes: what was sent beyond them, it sent twice."""
        downloads = self.downloads[self.attempt_start :]
        if downloads:
            downloads[-1][WASTED] = max(0, sum(download[SENT] for download in downloads) - size_B)
        self._next_attempt()
        self.attempt_energy_J = 0.0

    def _next_attempt(self) -> None:
        self.attempt_start = len(self.downloads)


START, END, SENT, WASTED = 0, 1, 2, 3
"""Fields of one download in :attr:`Story.downloads`: ms, ms, bytes, bytes."""
