"""What devices share, and the switches of the protocol."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from fota_sim.scenario.types import MOST_DEVICES, MOST_TIMES, BitRate, Block, Duration, Whole


class Server(Block):
    """The download server."""

    connections: Whole | None = Field(10_000, ge=1, le=MOST_DEVICES)
    """Concurrent downloads; the vendor names 10000 devices at once. null: unlimited."""
    egress: BitRate | None = Field(None, gt=0)
    """All downloads together; null: unlimited."""
    when_full: Literal["queue", "refuse"] = "queue"
    """queue: connections wait in line; refuse: they fail after the HTTP timeout and count as download failures."""
    refusal_counts: bool = True
    """Whether a refused download uses up one of the attempts, of the module and of the platform."""


class Cells(Block):
    """Radio cells; their limits are the radio's cell_concurrency."""

    enforce: bool = True
    """Whether the limits hold."""
    when_full: Literal["queue", "refuse"] = "queue"
    """As for the server."""


class Network(Block):
    """The shared, finite network."""

    server: Server = Server()
    """The download server."""
    cells: Cells = Cells()
    """The radio cells."""


class Protocol(Block):
    """Protocol timers, and switches where the vendor's documents disagree (docs/model.md, Protocol)."""

    success_urc: Literal["after_reboot", "before_reboot"] = "after_reboot"
    """When 7,10705 comes: after the reboot (SDK 2.9.0) or before it (the 2022 guide)."""
    success_report: Literal["after_reboot", "before_reboot"] = "after_reboot"
    """When the status "upgraded" of module firmware is reported; before the reboot nobody knows yet whether the new
    firmware starts, as in hawkBit issue 3185. Then rollout.success: status believes it."""
    qind: Literal["none", "before_success", "after_success"] = "none"
    """Whether +QIND: "FOTA","END",0 comes too, and on which side of 7,10705."""
    announce_decision: bool = False
    """Whether the host's decision is echoed as 7,10707 (multi-plan mode of the SDK)."""
    max_download_failures: Whole = Field(5, ge=0, le=MOST_TIMES)
    """Download failures that are tolerated; the next is 7,10706."""
    url_timeout: Duration = Field(30.0, gt=0)
    """Wait for the download address."""
    progress_interval: Duration = Field(5.0, gt=0)
    """Between two 7,10702."""
    first_progress_timeout: Duration = Field(5.0, gt=0)
    """No data for so long at the start of a stream: the download failed."""
    http_timeout: Duration = Field(10.0, gt=0)
    """A refused connection is noticed after this."""
    read_timeout: Duration = Field(60.0, gt=0)
    """MCU: between two reads."""
    flash_delay: Duration = Field(5.0, ge=0)
    """From 7,10704 to the first write."""
    mcu_update_timeout: Duration = Field(1200.0, gt=0)
    """MCU: from AT+QIOTUPDATE=3 to the new version."""
