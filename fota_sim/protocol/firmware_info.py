"""The downlink that tells a module what to fetch."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fota_sim.protocol.states import ComponentType

_MD5 = re.compile(r"[0-9a-fA-F]{32}\Z")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}\Z")


@dataclass(frozen=True, slots=True)
class FirmwareInfo:
    """One component's file: its address is taken for granted, its size and checksums are the caller's."""

    component: str
    size_B: int
    md5: str
    """32 hexadecimal digits."""
    crc32: int
    sha256: str = ""
    """64 hexadecimal digits, or empty when the device did not ask for it."""
    target_version: str = ""
    """Version that the upgrade must end with. Empty: as in the plan that the module remembers."""
    type: ComponentType | None = None
    """None: as in the plan that the module remembers. A reboot forgets every component but the current one,
    so a platform that sends the address again after a reboot should fill both."""

    def is_valid(self, *, wants_sha256: bool) -> bool:
        """Whether every field can be used; a SHA-256 that was asked for must be there."""
        return (
            bool(self.component)
            and self.size_B > 0
            and 0 <= self.crc32 < 2**32
            and _MD5.match(self.md5) is not None
            and (_SHA256.match(self.sha256) is not None if self.sha256 else not wants_sha256)
        )
