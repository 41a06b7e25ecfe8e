"""The plan's minimums: the platform checks them on what it last heard, a host on what it reads."""

from __future__ import annotations

from typing import Any

from fota_sim.device.port import host_at
from fota_sim.rules import host, plan


def platform_withholds(w: Any, live: Any, now_ms: int) -> int:
    """OFFER, or why the platform's own check keeps the plan back."""
    return plan.gate(
        w.platform_checks,
        w.offers_unknown,
        now_ms - live.reported_ms > w.telemetry_ms,
        live.known_battery_pct,
        live.known_signal_dBm,
        w.min_battery_pct,
        w.min_signal_dBm,
    )


def host_decides(
    w: Any, live: Any, battery_pct: int, signal_dBm: int, min_battery_pct: int, min_signal_dBm: int
) -> int:
    """ACCEPT, or why the device's host refuses: on its readings, or UNKNOWN, against the minimums of the offer."""
    settings = host_at(w, live.host)
    return host.decide(
        settings.checks_battery,
        settings.checks_signal,
        settings.accepts_unknown,
        battery_pct,
        signal_dBm,
        min_battery_pct,
        min_signal_dBm,
    )
