"""A file of faults: read with places, and carried out at its times and triggers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from fota_sim.emulate.bench import Bench
from fota_sim.emulate.device import Emulated
from fota_sim.emulate.faults import Faults
from fota_sim.emulate.injection import Script, Step, moment_ms
from fota_sim.errors import FotaSimError, Problem, ScenarioError
from fota_sim.protocol import wire
from fota_sim.protocol.transcript import Line
from fota_sim.quoting import quoted
from fota_sim.scenario.document import Document, parse_text, problem, read_text
from fota_sim.scenario.wording import did_you_mean, wording


def read_script(path: Path) -> Script:
    """The faults that a file asks for; raises ScenarioError with everything that is wrong in it."""
    document = parse_text(read_text(path), str(path))
    try:
        return Script.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError([told(each, Script, document) for each in error.errors()]) from None


def told(error: Any, model: type[BaseModel], document: Document | None = None) -> Problem:
    """One of pydantic's errors in words; with its place, if there is a document."""
    path = tuple(error["loc"])
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = [*(Step if model is Script and len(path) > 1 else model).model_fields]
        message = f"unknown key {quoted(path[-1])}{did_you_mean(str(path[-1]), known)}"
    elif kind == "union_tag_invalid":
        known = [name.strip(" '") for name in str(context["expected_tags"]).split(",")]
        message, path = (
            f"there is nothing to do called {quoted(context['tag'])}{did_you_mean(context['tag'], known)}",
            (),
        )
    elif kind == "missing":
        message, path = f"{quoted(path[-1])} is missing here; it has no default", path[:-1]
    else:
        message = wording(kind, error.get("input"), context, str(error["msg"]).removeprefix("Value error, "))
    place = document.place(path) if document is not None else ("", 0, 0)
    return problem(*place, path, message)


def find(devices: list[Emulated], asked: str | int | None) -> Emulated:
    """The device that is meant; raises FotaSimError if that is nobody, or not clear."""
    if asked is None:
        if len(devices) == 1:
            return devices[0]
        raise FotaSimError(f"which device? {len(devices)} are emulated; say device: {devices[0].number}, or its id")
    for each in devices:
        if str(asked) in (each.name, str(each.number)):
            return each
    raise FotaSimError(
        f"device {quoted(asked)} is not emulated; there are numbers {devices[0].number} to {devices[-1].number}"
    )


def carry_out(script: Script, bench: Bench, faults: Faults) -> None:
    """Have each fault done at its time; raises FotaSimError for a device that is not there."""
    for step in script.faults:
        device = find(bench.devices, step.device)
        if step.at is not None:
            _at(bench, device, moment_ms(step.at), faults, step)
        else:
            device.watchers.append(_Trigger(step, partial(_later, bench, device, faults, step)))


def _at(bench: Bench, device: Emulated, at_ms: int, faults: Faults, step: Step) -> None:
    bench.env.call_at(at_ms, device.live.who, lambda: faults.do(device, step))


def _later(bench: Bench, device: Emulated, faults: Faults, step: Step, after_ms: int) -> None:
    _at(bench, device, bench.now_ms + after_ms, faults, step)


class _Trigger:
    """Waits for a line."""

    def __init__(self, step: Step, fire: Callable[[int], None]) -> None:
        self._step = step
        self._fire = fire
        self._seen = 0
        self._echo = ""

    def __call__(self, line: Line) -> None:
        if line.direction == "TX":
            self._echo = wire.echo(line.text)
        elif line.text == self._echo:
            return  # said twice, and meant once
        if self._step.when is not None and self._step.when in line.text:
            self._seen += 1
            if self._seen == self._step.nth:
                self._fire(moment_ms(self._step.after))
