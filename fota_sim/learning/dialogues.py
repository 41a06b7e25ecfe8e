"""What dialogues with real modules teach: logs of ``fota-sim drive`` beside the dialogue that is simulated.

A log is of one module, so it teaches times and no rates of failure. The simulated dialogue is that of one device,
played alone with the luck of several replications; of both the medians are held against each other. A law keeps its
shape, and is so many times as long.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from fota_sim.analysis.sensitivity.parameters import moved
from fota_sim.drive.timings import ATTACH, DOWNLOAD, RESTART, STEPS, timings
from fota_sim.engines.reference.run import run_replication
from fota_sim.errors import FotaSimError
from fota_sim.fleet import laws
from fota_sim.fleet.roster import Part, Roster
from fota_sim.protocol.transcript import Direction, Line
from fota_sim.protocol.urc import OTA, OtaCode, PlanOffer, UrcError, parse_urc
from fota_sim.quoting import quoted
from fota_sim.scenario import distribution, units
from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.drawn import of_replication
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.rewriting import rewritten
from fota_sim.scenario.text_file import UnreadableFileError, read_text

PLAYED = 21
"""Replications of the simulated device: their median does not hang on one device's luck. [A] assumption."""
MOST_B = 16_000_000
"""Of a log."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ROW = re.compile(r"(\d\d:\d\d:\d\d\.\d{3}) \[(TX|RX|--)\] (.*)")
_LOOKS_AT = 20  # lines
_SHORTEST_S = 0.001
_STORING = 1.15
"""How many times as long as storing a stream takes is a download that storing, and not the link, holds up. [A]
assumption."""


@dataclass(frozen=True)
class Step:
    """How long a step took, and what that says of a field."""

    name: str
    unit: str
    measured: tuple[float, ...]
    """One for each log that has it."""
    simulated: float | None
    """Median of the device's; None if it never comes so far."""
    path: str = ""
    """Of the field that it teaches; empty if it teaches none."""
    was: str = ""
    value: Any = None
    """What the field becomes."""
    why_not: str = ""

    @property
    def middle(self) -> float:
        """Of what was measured."""
        return statistics.median(self.measured)


def is_dialogue(path: Path) -> bool:
    """Whether a file is a log of ``fota-sim drive``, or a transcript with times."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = [file.readline(4096).decode("utf-8", "replace").rstrip("\r\n") for _ in range(_LOOKS_AT)]
    return any(map(_ROW.fullmatch, head))


def read_dialogue(path: Path) -> list[Line]:
    """Its lines, with times from the first one on; raises FotaSimError for a file that cannot be read."""
    try:
        text = read_text(path, MOST_B, "Cut out the upgrade of one device")
    except UnreadableFileError as error:
        raise FotaSimError(f"{path}: {error}") from error
    lines: list[Line] = []
    day, began = datetime(2000, 1, 1), None
    for row in text.splitlines():
        if _DATE.fullmatch(row):
            day = datetime.fromisoformat(row)
        elif said := _ROW.fullmatch(row):
            at = datetime.combine(day, datetime.strptime(said[1], "%H:%M:%S.%f").time())
            began = began or at
            direction: Direction = "TX" if said[2] == "TX" else "RX" if said[2] == "RX" else "--"
            lines.append(Line((at - began) // timedelta(milliseconds=1), direction, said[3]))
    return lines


def taught(scenario: Scenario, device: str, logs: Sequence[Path]) -> list[Step]:
    """What each step says; raises FotaSimError for a device that is not there, or logs in which nothing took time."""
    measured = _by_step(map(read_dialogue, logs))
    if not measured:
        raise FotaSimError(f"nothing is begun and ended in {quoted(str(logs[0]))}: it teaches no time")
    number, dialogues = _simulated(scenario, device)
    expected = {name: statistics.median(found) for name, found in _by_step(dialogues).items()}
    fleet = Part(Roster(scenario, 0), number, number + 1).fleet()
    radio, module = fleet.radio_names[int(fleet.radio[0])], fleet.module_names[int(fleet.module[0])]
    return [
        _step(scenario, radio, module, name, tuple(measured[name]), expected.get(name))
        for name in STEPS
        if name in measured
    ]


def _by_step(dialogues: Any) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for lines in dialogues:
        size_kB = _size_B(lines) / 1000.0
        took = dict(timings(lines))
        for step, seconds in took.items():
            if step == RESTART and _attaches_before_result(lines):
                if ATTACH in took:
                    found.setdefault(step, []).append(seconds - took[ATTACH])
            elif step != DOWNLOAD:
                found.setdefault(step, []).append(seconds)
            elif size_kB:
                found.setdefault(step, []).append(seconds / size_kB)
    return found


def _attaches_before_result(lines: Sequence[Line]) -> bool:
    """Whether the module was back on the platform before it told of its success, so that this is in its restart."""
    told = [line.text for line in lines]
    updating = [number for number, text in enumerate(told) if "7,10704" in text]
    succeeded = [number for number, text in enumerate(told) if "7,10705" in text]
    if not updating or not succeeded:
        return False
    return any("3,10200" in text for text in told[updating[-1] : succeeded[-1]])


def _size_B(lines: Sequence[Line]) -> int:
    """Of the file that is offered; 0 if none is."""
    for line in lines:
        for text in line.text.split("\r\n"):
            try:
                urc = parse_urc(text)
                if (urc.type, urc.code) == (OTA, OtaCode.PLAN):
                    return PlanOffer.from_urc(urc).size_B
            except UrcError:
                continue
    return 0


def _simulated(scenario: Scenario, device: str) -> tuple[int, Iterator[list[Line]]]:
    """The device's number, and its dialogues, alone, a replication each."""
    roster = Roster(scenario, 0)
    found = roster.part(0, 0).everybody.ids.find(device)
    if found is None and device.isdecimal() and int(device) < roster.n:
        found = int(device)
    if found is None:
        raise FotaSimError(
            f"there is no device {quoted(device)}; the fleet has numbers 0 to {roster.n - 1}, or say an id"
        )
    number = found

    def dialogues() -> Iterator[list[Line]]:
        for replication in range(PLAYED):
            drawn = of_replication(scenario, replication)
            part = Part(Roster(drawn, replication), number, number + 1)
            id_ = part.fleet().ids[0]
            lines = run_replication(drawn, replication, None, frozenset([id_]), None, part).transcripts[id_]
            yield [each for line in lines for each in _single(line)]

    return number, dialogues()


def _single(line: Line) -> Iterator[Line]:
    return (line._replace(text=text) for text in line.text.split("\r\n") if text)


def _step(
    scenario: Scenario,
    radio: str,
    module: str,
    name: str,
    seen: tuple[float, ...],
    simulated: float | None,
) -> Step:
    unit = "s per kB" if name == DOWNLOAD else "s"
    if simulated is None:
        return Step(name, unit, seen, None, why_not="the simulated device never comes so far")
    ratio = max(_SHORTEST_S, statistics.median(seen)) / max(_SHORTEST_S, simulated)
    if name == ATTACH:
        law = scenario.radios[radio].connect
        return Step(name, unit, seen, simulated, f"radios.{radio}.connect", _written(law), _times(law, ratio))
    if name == DOWNLOAD:
        stores_Bps = scenario.modules[module].flash_write
        if scenario.radios[radio].mode == "stream" and simulated <= _STORING * 1000.0 / stores_Bps:
            told = units.BYTE_RATE.format
            path = f"modules.{module}.flash_write"
            return Step(name, unit, seen, simulated, path, told(stores_Bps), told(float(f"{stores_Bps / ratio:.4g}")))
        was = scenario.radios[radio].speed
        speed = min(100.0, max(0.01, float(f"{was / ratio:.4g}")))
        return Step(name, unit, seen, simulated, f"radios.{radio}.speed", f"{was:g}", speed)
    if name == RESTART:
        law = scenario.modules[module].reboot
        middle_s = _middle_s(law)
        left_s = middle_s + statistics.median(seen) - simulated
        if left_s <= 0.0 or middle_s <= 0.0:
            return Step(name, unit, seen, simulated, why_not="shorter than what is no restart: look at apply_rate")
        return Step(
            name, unit, seen, simulated, f"modules.{module}.reboot", _written(law), _times(law, left_s / middle_s)
        )
    return Step(name, unit, seen, simulated, why_not="round trips and the platform, which have no time of their own")


def _middle_s(law: Distribution) -> float:
    half = np.array([0.5])
    return float(laws.draw(law, half, lambda _: half, 0.0, np.inf)[0])


def _written(law: Distribution) -> str:
    return str(distribution.write(law, units.DURATION))


def fitted_text(steps: Sequence[Step], device: str, logs: Sequence[Path], source: Path, folder: Path) -> str:
    """The text of the scenario with what was learnt, to stand in ``folder``, headed by what that is."""
    draft = Draft.of(source)
    for each in steps:
        if each.path:
            draft.edit(each.path, each.value)
    head = [f"Times of device {device} from {', '.join(str(log) for log in logs)}:"]
    head += [f"  {each.path}: {each.value}, was {each.was}" for each in steps if each.path]
    return "".join(f"# {line}\n" for line in head) + rewritten(draft, folder)


def _times(law: Distribution, ratio: float) -> Any:
    """The law with all its values so many times as long, and its shape."""
    return distribution.write(moved(law, float(f"{ratio:.4g}"), False, units.DURATION), units.DURATION)
