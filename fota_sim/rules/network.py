"""What devices share: the server's egress, its connections, and each cell's places by coverage level."""

from __future__ import annotations

from fota_sim.rules.compiled import rule


@rule
def fair_share_bps(egress_bps: float, active: int) -> float:
    """What the server leaves one of ``active`` downloads, in bit/s: an equal share, set when a segment starts."""
    return egress_bps / max(1, active)


@rule
def has_room(active: int, limit: float) -> bool:
    """Whether one more download may start beside ``active`` others."""
    return active < limit
