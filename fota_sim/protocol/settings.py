"""Protocol timers, and switches for behaviour on which the sources disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SuccessUrc = Literal["after_reboot", "before_reboot"]
Qind = Literal["none", "before_success", "after_success"]


@dataclass(frozen=True, slots=True)
class OtaSettings:
    """How a module's upgrade state machine is tuned. Times in seconds.

    Timer defaults are those of QuecThing SDK 2.9.0.
    """

    success_urc: SuccessUrc = "after_reboot"
    """When 7,10705 is sent for module firmware. SDK 2.9.0 sends it at the next start; the 2022 guide shows it
    before the reboot."""
    qind: Qind = "none"
    """Whether ``+QIND: "FOTA","END",0`` accompanies 7,10705 of module firmware. Seen in the guides on either
    side, absent from the SDK."""
    max_download_failures: int = 5
    """Download failures that are tolerated; one more ends the upgrade with 7,10706."""
    url_timeout_s: float = 30.0
    """Wait for the download address after the host's confirmation."""
    progress_interval_s: float = 5.0
    """Between two 7,10702. Kept by whoever simulates the download."""
    first_progress_timeout_s: float = 5.0
    """A download without any data for this long has failed. Kept by whoever simulates the download."""
    http_timeout_s: float = 10.0
    """A download whose data stops for this long has failed. Kept by whoever simulates the download."""
    read_timeout_s: float = 60.0
    """MCU: between two reads of a piece."""
    flash_delay_s: float = 5.0
    """Module firmware: between 7,10704 and the first flash write."""
    mcu_update_timeout_s: float = 1200.0
    """MCU: between ``AT+QIOTUPDATE=3`` and the new version."""
    refusal_counts: bool = True
    """Whether a download that the server or a cell turned away counts among the tolerated failures."""
    success_report: Literal["after_reboot", "before_reboot"] = "after_reboot"
    """When the status "upgraded" of module firmware is reported. Before the reboot is a trap of other systems."""
    announce_decision: bool = False
    """Whether the host's decision is echoed as 7,10707, as the SDK's multi-plan mode does."""
    registration_range: str = "(0-2)"
    """Answer of ``AT+QIOTREG=?``; one FAQ page shows (0,1)."""
    request_range: str = "(0,1)"
    """Answer of ``AT+QIOTOTAREQ=?``. [A] assumption: the documents show a placeholder."""
    update_range: str = "(0-3)"
    """Answer of ``AT+QIOTUPDATE=?``. [A] assumption: the documents show a placeholder."""
    read_range: str = "(1-1024)"
    """Lengths in the answer of ``AT+QIOTOTARD=?``. [A] assumption: the documents show a placeholder and
    always read 1024 bytes. Longer reads are served all the same."""
