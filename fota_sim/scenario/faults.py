"""What goes wrong on purpose on the serial line and in downloads, for a share of the fleet."""

from __future__ import annotations

from pydantic import Field

from fota_sim.scenario.types import Block, Ratio


class Faults(Block):
    """Faults to see what hosts and plans make of them (docs/model.md, Faults). None unless it is said here."""

    devices: Ratio = Field(1.0, ge=0, le=1)
    """Share of the fleet that they befall; a device has them always or never."""
    lost_urc: Ratio = Field(0.0, ge=0, le=1)
    """Share of URCs that the host does not hear. Nothing hangs on a single 7,10702, so none of these is lost."""
    doubled_urc: Ratio = Field(0.0, ge=0, le=1)
    """Share of URCs that the host hears twice; of those that are not lost at most."""
    garbled_block: Ratio = Field(0.0, ge=0, le=1)
    """Share of an MCU's blocks (AT+QIOTOTARD) that are garbled between module and host."""
    wrong_checksum: Ratio = Field(0.0, ge=0, le=1)
    """Share of downloads of a file that is not the one its checksum is of."""
    cut_download: Ratio = Field(0.0, ge=0, le=1)
    """Share of downloads that are cut off."""
    cut_at: Ratio = Field(0.5, gt=0, lt=1)
    """Where they are: after this share of what is to be fetched."""
