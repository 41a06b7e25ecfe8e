"""A sub-device behind a gateway: who it is and what the module knows of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class SubDevice:
    """One that the gateway has connected."""

    product_key: str
    device_key: str
    device_secret: str
    version: str = ""
    """As the host told it; empty if it did not."""
