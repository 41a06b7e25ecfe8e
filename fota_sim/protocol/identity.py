"""What a module is before anybody talks to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProductLine = Literal["wifi", "cellular", "nb"]


@dataclass(frozen=True, slots=True)
class Identity:
    """A module as it leaves the shelf: firmware, keys, flash, and which AT commands its kind has."""

    component: str
    """Identifier of the module's own firmware component."""
    firmware_version: str
    """Version that runs at the first power-on."""
    product_key: str
    """Provisioned PK; empty when the host is to set it with ``AT+QIOTCFG="productinfo"``."""
    product_secret: str
    """Provisioned PS; empty as above."""
    device_key: str = ""
    """DK; a real module takes its IMEI or MAC address."""
    free_flash_B: int = 2**20
    """Room for a downloaded file, in bytes."""
    line: ProductLine = "cellular"
    """Wi-Fi, LTE Cat 1 / LTE-M, or NB-IoT: decides a few commands, settings and defaults."""
    at_csq: bool = True
    """Whether ``AT+CSQ`` exists."""
    at_cbc: bool = True
    """Whether ``AT+CBC`` exists."""
    version_command: Literal["AT+QVERSION", "AT+CGMR"] = "AT+CGMR"
    """The command that answers the module's firmware version; the other one is an ERROR."""
    model: str = ""
    """Hardware model for ``ATI``, which also decides the dialect; the component's identifier when empty."""
    kind: str = ""
    """A model that it is a kind of, for the dialect; the model itself when empty."""
