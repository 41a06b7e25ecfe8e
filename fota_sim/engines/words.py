"""What is said, in the words of the protocol: lines on the serial line, and of the platform's log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fota_sim.device import events as e
from fota_sim.engines import operation
from fota_sim.engines.components import Component
from fota_sim.engines.plans import PlanParameters
from fota_sim.protocol import wire
from fota_sim.protocol.module import NETWORK_LOST
from fota_sim.protocol.states import OtaState
from fota_sim.protocol.transcript import Direction
from fota_sim.protocol.urc import OTA, DownloadStart, OtaCode, PieceReady, PlanOffer, format_urc
from fota_sim.protocol.vocabulary import PlatformLog, reported_words, retries_words
from fota_sim.rules import codes
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.labels import CAUSES

_BY = {
    codes.BY_OPERATOR: "the operator",
    codes.BY_ABORT: "an abort rule",
    codes.BY_DEADLINE: "the deadline of a wave",
}
"""Who takes a device out, by the cause."""


@dataclass(frozen=True)
class Words:
    """What a line's numbers stand for."""

    plan: PlanParameters
    versions: tuple[str, ...]
    parts: tuple[str, ...]

    def text(self, what: int, a: int, b: int) -> str:
        """One line as it is on the serial line, framing included, or in the platform's log."""
        if what >= e.ECHO:
            return wire.echo(_LINES[what - e.ECHO](self, a, b))
        return _LINES[what](self, a, b)

    def component(self, number: int) -> Component:
        """A component of the plan."""
        return self.plan.components[number]


def direction(what: int) -> Direction:
    """Who says a line."""
    if e.FIRST_OF_PLATFORM <= what < e.ECHO:
        return "--"
    return "TX" if what < e.FIRST_OF_MODULE else "RX"


def _urc(code: OtaCode) -> Callable[[Words, int, int], str]:
    text = wire.urc(format_urc(OTA, code))
    return lambda _w, _a, _b: text


def _log(line: PlatformLog) -> Callable[[Words, int, int], str]:
    return lambda _w, _a, _b: line.format()


def _log_component(line: PlatformLog) -> Callable[[Words, int, int], str]:
    return lambda w, a, _b: line.format(component=w.component(a).identifier)


def _offer(w: Words, a: int, _b: int) -> str:
    c = w.component(a)
    offer = PlanOffer(
        c.identifier, c.shown_source, c.target_version, w.plan.min_battery_pct, w.plan.min_signal_dBm, c.size_B
    )
    return wire.urc(offer.line())


def _starts_mcu(w: Words, a: int, b: int) -> str:
    c = w.component(a)
    md5, crc32, sha256 = c.checksums
    return wire.urc(DownloadStart(c.identifier, c.size_B, md5, crc32, sha256 if b else "").line())


def _piece(w: Words, a: int, b: int) -> str:
    c = w.component(a)
    return wire.urc(PieceReady(c.identifier, c.size_B, b >> e.EXTENT_BITS, b & e.EXTENT).line())


def _issuing_plan(w: Words, a: int, _b: int) -> str:
    c = w.component(a)
    return PlatformLog.ISSUING_PLAN.format(component=c.identifier, version=c.target_version)


def _inconsistent(w: Words, a: int, b: int) -> str:
    return PlatformLog.INCONSISTENT.format(version=w.versions[b], target=w.component(a).target_version)


_LINES: dict[int, Callable[[Words, int, int], str]] = {
    e.SAY_MCU_VERSION: lambda w, a, b: wire.mcu_version(w.parts[a], w.versions[b]),
    e.SAY_REGISTER: lambda _w, a, _b: wire.register(a),
    e.SAY_REQUEST: lambda _w, a, _b: wire.request_plan(bool(a)),
    e.SAY_CBC: lambda _w, _a, _b: wire.BATTERY,
    e.SAY_CSQ: lambda _w, _a, _b: wire.SIGNAL,
    e.SAY_WIFI: lambda _w, _a, _b: wire.WIFI_SIGNAL,
    e.SAY_UPDATE: lambda _w, a, _b: wire.update(a),
    e.SAY_READ: lambda _w, a, b: wire.read(a, b),
    e.OK: lambda _w, _a, _b: wire.answer(()),
    e.ERROR: lambda _w, _a, _b: wire.answer(None),
    e.CBC: lambda _w, a, b: wire.answer((wire.battery_info(a, b),)),
    e.CSQ: lambda _w, a, _b: wire.answer((wire.signal_info(a),)),
    e.WIFI: lambda _w, a, _b: wire.answer((wire.wifi_info(None if a == UNKNOWN else a),)),
    e.DATA_FOLLOW: lambda _w, a, b: wire.data_follow(a, b),
    e.DATA: lambda _w, a, b: wire.data_in_words(a, b),
    e.DATA_END: lambda _w, _a, _b: wire.DATA_END,
    e.URC_LOST: lambda _w, _a, _b: wire.urc(format_urc(2, NETWORK_LOST)),
    e.URC_REGISTERED: lambda _w, _a, _b: wire.urc(format_urc(2, 10200)),
    e.URC_SUBSCRIBED: lambda _w, _a, _b: wire.urc(format_urc(3, 10200)),
    e.URC_PLAN: _offer,
    e.URC_STARTS: _urc(OtaCode.DOWNLOAD_STARTS),
    e.URC_STARTS_MCU: _starts_mcu,
    e.URC_DOWNLOADING: _urc(OtaCode.DOWNLOADING),
    e.URC_DOWNLOADED: _urc(OtaCode.DOWNLOADED),
    e.URC_PIECE: _piece,
    e.URC_UPDATING: _urc(OtaCode.UPDATING),
    e.URC_SUCCESS: _urc(OtaCode.SUCCESS),
    e.URC_FAILED: _urc(OtaCode.FAILED),
    e.URC_DECIDED: _urc(OtaCode.DECIDED),
    e.QIND: lambda _w, _a, _b: wire.urc(wire.FLASHED),
    e.P_REQUESTED: lambda w, a, _b: PlatformLog.REQUESTED.format(version=w.versions[a]),
    e.P_WITHHELD: lambda _w, a, _b: PlatformLog.WITHHELD.format(reason=CAUSES[a]),
    e.P_INITIATED: _log(PlatformLog.INITIATED),
    e.P_ISSUING_PLAN: _issuing_plan,
    e.P_PLAN_ISSUED: _log(PlatformLog.PLAN_ISSUED),
    e.P_STATUS: lambda w, a, b: PlatformLog.STATUS.format(
        component=w.component(a).identifier, status=reported_words(OtaState(b))
    ),
    e.P_CONFIRMED: _log(PlatformLog.CONFIRMED),
    e.P_REFUSED: _log(PlatformLog.REFUSED),
    e.P_FAILED: _log_component(PlatformLog.FAILED),
    e.P_RETRYING: lambda _w, a, b: PlatformLog.RETRYING.format(attempt=a, retries=retries_words(b)),
    e.P_ISSUING_URL: _log_component(PlatformLog.ISSUING_URL),
    e.P_URL_ISSUED: _log(PlatformLog.URL_ISSUED),
    e.P_CONSISTENT: _log_component(PlatformLog.CONSISTENT),
    e.P_INCONSISTENT: _inconsistent,
    e.P_CANCELLED: lambda _w, a, _b: PlatformLog.CANCELLED.format(by=_BY[a]),
    e.P_EXPIRED: _log(PlatformLog.EXPIRED),
    e.P_TERMINATED: _log(PlatformLog.TERMINATED),
    e.P_TIMED_OUT: lambda _w, a, _b: PlatformLog.TIMED_OUT.format(reason=CAUSES[a]),
    e.P_BOXED: _log(PlatformLog.BOXED),
    e.P_TAKEN_UP: _log(PlatformLog.TAKEN_UP),
    e.PLAN_UPGRADING: lambda _w, _a, _b: operation.UPGRADING,
    e.PLAN_WAVE: lambda w, a, b: operation.wave(a, len(w.plan.rollout.waves), b),
    e.PLAN_JUDGED: lambda w, a, b: operation.judged(
        a, bool(w.plan.rollout.stops[a, rr.SEQUENTIAL]), b >> e.EXTENT_BITS, b & e.EXTENT
    ),
    e.PLAN_STOPPED: lambda _w, a, _b: operation.stopped(bool(a)),
}
