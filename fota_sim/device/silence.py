"""The radio switched off and on again by the host: what ends with it, and what begins anew."""

from __future__ import annotations

from typing import Any

from fota_sim.device import download
from fota_sim.device import events as e
from fota_sim.device.port import begin
from fota_sim.device.urcs import tell
from fota_sim.rules import codes


def radio_off(w: Any, live: Any, now_ms: int) -> None:
    """The link is lost, and a download that runs; what was on its way to the module, or would connect it, is void."""
    live.run += 1
    if live.running or live.in_line:
        download.fails(w, live, now_ms, codes.DOWNLOAD_BROKE)
    if live.online:
        live.online = False
        tell(w, live, now_ms, e.URC_LOST, e.LOST, 0, 0)


def radio_on(w: Any, live: Any, now_ms: int) -> None:
    """A module that is to be registered connects."""
    if live.mode:
        begin(w, live, now_ms, e.CONNECT_BEGINS, live.run, 0)
