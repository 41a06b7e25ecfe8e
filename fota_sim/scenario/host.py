"""What the host does: the microcontroller that drives the module and decides on offers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from fota_sim.scenario.distribution import DurationLaw, constant
from fota_sim.scenario.types import Block, ByteRate, Duration, Ratio, Size, Whole, no_flag


class Host(Block):
    """One kind of host; built in are ``careful``, ``lenient``, ``careless`` and ``late``."""

    extends: str | None = None
    """Take everything not said here from this host."""
    checks_battery: bool = True
    """Compares the battery level with the offer's minimum."""
    checks_signal: bool = True
    """Compares the signal with the offer's minimum."""
    when_unknown: Literal["refuse", "accept"] = "refuse"
    """With a reading missing: fail closed (refuse) or fail open (accept)."""
    confirm_delay: DurationLaw = constant(2.0)
    """From the offer to the answer. Assumption."""
    registration_mode: Annotated[Literal[1, 2], BeforeValidator(no_flag)] = 1
    """AT+QIOTREG=1: connect when told; 2: also by itself after every boot."""
    asks: bool = True
    """Sends AT+QIOTOTAREQ when connected; otherwise only a push reaches it."""
    sha256: bool = True
    """Asks for a SHA-256 (AT+QIOTOTAREQ=1)."""
    ignores_offer: Ratio = Field(0.0, ge=0, le=1)
    """Share of offers left unanswered."""
    command_time: Duration = Field(0.05, gt=0)
    """One AT command and its answer (at most 300 ms by the vendor's manual). Assumption."""
    serial_rate: Whole = Field(115_200, ge=300)
    """Baud between host and module."""
    read_block: Size = Field(1024, ge=1)
    """Bytes per AT+QIOTOTARD."""
    read_pause: Duration = Field(0.0, ge=0)
    """Between two reads."""
    mcu_flash_rate: ByteRate = Field(20_000.0, gt=0)
    """How fast the host writes its own new software. Assumption."""
    mcu_flash_failure: Ratio = Field(0.001, ge=0, le=1)
    """Writing the host's own software fails. Assumption."""
    says_updating: bool = True
    """Sends AT+QIOTUPDATE=3 before it flashes itself."""
    checks_file: bool = True
    """Holds its own new software against the checksum of 7,10701 before it flashes it; one that does not flashes
    whatever it has read."""
    reads_again: Whole = Field(1, ge=0, le=100)
    """How often it reads a file anew whose checksum is wrong, if the module still has all of it."""
    patience: Duration = Field(1800.0, gt=0)
    """Silence after which it gives an upgrade up. Assumption."""
