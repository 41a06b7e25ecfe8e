"""The control socket: a test's back door. One JSON object a line, and one in answer to each, in order."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from fota_sim.emulate.clock import StepClock
from fota_sim.emulate.device import Emulated
from fota_sim.emulate.driver import Driver
from fota_sim.emulate.faults import Faults
from fota_sim.emulate.injection import Injection, moment_ms
from fota_sim.emulate.log import Dialogue
from fota_sim.emulate.ports.places import listen_at
from fota_sim.emulate.script import find, told
from fota_sim.engines.reference.bound import story
from fota_sim.errors import FotaSimError
from fota_sim.protocol.states import OtaState
from fota_sim.protocol.transcript import Line
from fota_sim.quoting import quoted
from fota_sim.scenario.types import Block, Duration

MOST_B = 65_536
"""Of a line."""


class Advance(Block):
    """Move virtual time, with ``--step``."""

    do: Literal["advance"]
    by: Duration | None = Field(None, ge=0)
    """From now on."""
    to: Duration | None = Field(None, ge=0)
    """Since activation."""


class Wait(Block):
    """Let time go by until something is said after the last wait; with ``--step`` this moves it."""

    do: Literal["wait"]
    until: str = Field(min_length=1)
    """Text in a line of the dialogue, of either side."""
    within: Duration = Field(86_400.0, gt=0)
    """Virtual time after which it is given up."""
    device: str | int | None = None
    """Whose dialogue."""


class Inject(Injection):
    """Do a fault now."""

    do: Literal["inject"]


class Ask(Block):
    """What time it is; the dialogue so far; what a device is doing; end the emulation."""

    do: Literal["time", "log", "state", "stop"]
    device: str | int | None = None


Request = Annotated[Advance | Wait | Inject | Ask, Field(discriminator="do")]
_REQUEST: TypeAdapter[Any] = TypeAdapter(Request)


class Control:
    """Answers requests; several programs may ask at once."""

    def __init__(
        self, driver: Driver, faults: Faults, dialogues: dict[Emulated, Dialogue], stop: Callable[[], None]
    ) -> None:
        """``stop`` ends the emulation."""
        self._driver = driver
        self._faults = faults
        self._dialogues = dialogues
        self._stop = stop
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self._waited: dict[Emulated, int] = dict.fromkeys(dialogues, 0)
        """Line of each device from which on the next wait looks."""

    async def listen(self, path: Path) -> None:
        """Be there for requests at a Unix socket; raises FotaSimError as ``listen_at``."""
        listening = listen_at("--control", path)
        self._path = path
        self._server = await asyncio.start_unix_server(self._serve, sock=listening, limit=MOST_B)

    def close(self) -> None:
        """Take the socket away."""
        if self._server is not None:
            self._server.close()
            for writer in self._clients:
                writer.close()
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):  # cancelled: the emulation ends
            while True:
                try:
                    line = await reader.readline()
                except ValueError:
                    answer = _refused(f"a line has at most {MOST_B:,} bytes")
                    writer.write(json.dumps(answer).encode() + b"\n")
                    break
                if not line:
                    break
                answer = await self.answer(line.decode("utf-8", "replace"))
                writer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
                await writer.drain()
        self._clients.discard(writer)
        writer.close()

    async def answer(self, line: str) -> dict[str, Any]:
        """What to say to a line: ``ok``, the virtual time, and what was asked for or why it cannot be."""
        try:
            request = _REQUEST.validate_json(line)
        except ValidationError as error:
            return _refused("; ".join(str(told(each, Inject)) for each in error.errors()))
        try:
            found = await self._obey(request)
        except FotaSimError as error:
            return _refused(str(error))
        return {"ok": True, "now_ms": self._driver.bench.now_ms, **found}

    async def _obey(self, request: Advance | Wait | Inject | Ask) -> dict[str, Any]:
        driver = self._driver
        driver.catch_up()
        if isinstance(request, Advance):
            return self._advance(request)
        if request.do == "time":
            return {}
        if request.do == "stop":
            self._stop()
            return {}
        device = find(driver.bench.devices, request.device)
        if isinstance(request, Wait):
            return await self._wait(device, request)
        if isinstance(request, Inject):
            driver.act(device, lambda: self._faults.do(device, request))
            return {}
        if request.do == "log":
            return {"log": self._dialogues[device].text}
        return {"state": _state(driver, device)}

    def _advance(self, request: Advance) -> dict[str, Any]:
        clock, bench = self._driver.clock, self._driver.bench
        if not isinstance(clock, StepClock):
            raise FotaSimError("time goes by itself here; start the emulation with --step to move it")
        if (request.by is None) == (request.to is None):
            raise FotaSimError("advance needs either by: a duration, or to: a time since activation")
        to_go_ms = bench.now_ms + moment_ms(request.by) if request.by is not None else moment_ms(request.to or 0.0)
        if to_go_ms < bench.now_ms:
            raise FotaSimError(f"it is {bench.now_ms} ms already; time does not go back")
        clock.at_ms = min(to_go_ms, bench.ends_ms)
        self._driver.catch_up()
        return {}

    async def _wait(self, device: Emulated, request: Wait) -> dict[str, Any]:
        dialogue = self._dialogues[device]
        looked_at = self._waited[device]
        found: list[Line] = []

        def is_said() -> bool:
            nonlocal looked_at
            for number, line in dialogue.since(looked_at):
                looked_at = number + 1
                if request.until in line.text:
                    found.append(line)
                    return True
            return False

        bench = self._driver.bench
        if not await self._driver.wait_until(
            lambda: bool(found) or is_said(), bench.now_ms + moment_ms(request.within)
        ):
            raise FotaSimError(f"{quoted(request.until)} was not said by {bench.now_ms} ms")
        self._waited[device] = looked_at
        return {"at_ms": found[0].at_ms, "line": found[0].text.strip()}


def _state(driver: Driver, device: Emulated) -> dict[str, Any]:
    live = device.live
    return {
        "device": device.name,
        "number": device.number,
        "powered": bool(live.powered),
        "online": bool(live.online),
        "reachable": bool(live.reachable),
        "bricked": bool(live.bricked),
        "upgrade": OtaState(live.state).name.lower(),
        "firmware": live.modem.firmware_version,
        "mcu": dict(device.module.mcu_versions),
        "downloaded_B": int(live.at_B),
        "charge": round(float(story.body.charge(live)), 4),
        "mean_dBm": round(float(live.mean_dBm), 2),
        "first_contact_ms": device.power.first_ms,
        "horizon_ms": driver.bench.ends_ms,
        "upgraded": int(live.to_install) == 0,
        "next_ms": driver.bench.next_ms,
    }


def _refused(why: str) -> dict[str, Any]:
    return {"ok": False, "error": why}
