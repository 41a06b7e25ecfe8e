"""One contact of the scenario's host with a module at a port, in real time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from fota_sim.drive.host import DrivenHost
from fota_sim.drive.seat import Seat
from fota_sim.errors import FotaSimError
from fota_sim.protocol import wire
from fota_sim.protocol.reply import Final, Info, ReplyReader
from fota_sim.protocol.transcript import Line
from fota_sim.protocol.urc import OtaCode, PlanOffer, Urc, format_urc

PROBES = 3
"""AT is said so often before a port counts as dumb."""
PROBE_S = 1.0
_LONGEST_WAIT_S = 1.0  # on the port, so that Ctrl-C and a port that goes away are noticed
_STATE = "AT+QIOTSTATE?"


class Wire(Protocol):
    """Where the module is."""

    address: str

    def read(self, wait_s: float) -> bytes:
        """What has come, after ``wait_s`` at most."""

    def write(self, data: bytes) -> None:
        """Send."""


class Drive(NamedTuple):
    """What came of it."""

    offer: PlanOffer | None
    would_say: str
    """In a dry run: the answer to the offer that was not given."""
    result: int | None
    """7,10705 or 7,10706."""
    file: bytes
    """The host's own new software, as far as it was read."""

    @property
    def upgraded(self) -> bool:
        """Whether the module said so."""
        return self.result == OtaCode.SUCCESS


def drive(
    seat: Seat,
    port: Wire,
    now_ms: Callable[[], int],
    tell: Callable[[Line], None],
    *,
    answers_offers: bool,
    battery_pct: int | None,
    limit_ms: int,
    linger_ms: int,
) -> Drive:
    """Play the host of ``seat`` until there is a result, nothing more to do, or ``limit_ms`` is over.

    Raises:
        FotaSimError: no module answers, it is no QuecThing module, it refuses to register, or the port goes away.

    """

    def send(text: str) -> None:
        port.write(text.encode("latin-1", "replace"))

    state, heard = _probe(port, now_ms)
    tell(Line(now_ms(), "--", f"{port.address}: a module answers; its connection is in state {state}"))
    host = DrivenHost(
        **seat.host_arguments(),
        send=send,
        tell=tell,
        answers_offers=answers_offers,
        battery_pct=battery_pct,
        linger_ms=linger_ms,
    )
    env = seat.env
    env.run_to(now_ms(), _ignore)
    host.begin(state)
    for urc in heard:
        host.hear(wire.urc(format_urc(*urc)), env.now_ms)
    while True:
        at_ms = now_ms()
        env.run_to(at_ms, _ignore)
        if at_ms >= min(limit_ms, host.over_ms):
            break
        next_ms = min(env.peek(), limit_ms, host.over_ms)
        data = port.read(min(_LONGEST_WAIT_S, max(0.001, (next_ms + 1 - at_ms) / 1000.0)))
        if data:
            env.run_to(now_ms(), _ignore)
            host.hear(data.decode("latin-1"), env.now_ms)
    if host.complaint:
        raise FotaSimError(host.complaint)
    return Drive(host.offer, host.would_say, host.result, host.file)


def _probe(port: Wire, now_ms: Callable[[], int]) -> tuple[int, list[Urc]]:
    """The state of the module's connection, and the events that came meanwhile."""
    heard: list[Urc] = []
    if not any(_asked(port, "AT", now_ms, heard) is not None for _ in range(PROBES)):
        raise FotaSimError(
            f"{port.address}: nothing answers AT; is it the AT port, has the module power, is the speed right (--baud)?"
        )
    infos = _asked(port, _STATE, now_ms, heard) or []
    for info in infos:
        name, _, value = info.partition(": ")
        if name == "+QIOTSTATE" and value.isdecimal():
            return int(value), heard
    raise FotaSimError(f"{port.address}: the module answers AT and not {_STATE}; is QuecThing in its firmware?")


def _asked(port: Wire, text: str, now_ms: Callable[[], int], heard: list[Urc]) -> list[str] | None:
    """The lines that answer a command; None if no result came in time."""
    reader, infos = ReplyReader(), list[str]()
    port.write(f"{text}\r".encode())
    until_ms = now_ms() + round(PROBE_S * 1000)
    while (left_ms := until_ms - now_ms()) > 0:
        for item in reader.feed(port.read(left_ms / 1000.0).decode("latin-1")):
            if isinstance(item, Final):
                return infos
            if isinstance(item, Info):
                infos.append(item.text)
            elif isinstance(item, Urc):
                heard.append(item)
    return None


def _ignore(_now_ms: int) -> None:
    """Nobody is told how far it is."""
