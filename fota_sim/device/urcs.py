"""URCs on their way to the host: most arrive, and on purpose some are lost, and some come twice."""

from __future__ import annotations

from typing import Any

from fota_sim.device import body
from fota_sim.device.port import tell as tell_once
from fota_sim.rules import streams


def tell(w: Any, live: Any, now_ms: int, what: int, urc: int, a: int, b: int) -> None:
    """The module sends a URC; what the host hears of it is the device's luck, if it is one that the faults befall."""
    if w.urc_faults and live.faulty:
        u = body.draw(w, live, streams.URC_FAULT, live.urcs)
        live.urcs += 1
        if u < w.p_lost_urc:
            return
        if u < w.p_lost_urc + w.p_doubled_urc:
            tell_once(w, live, now_ms, what, urc, a, b)
    tell_once(w, live, now_ms, what, urc, a, b)
