"""Whole random scenarios for engines to disagree about: valid, small, and full of trouble.

A scenario is mild except for the *troubles* that were drawn for it, so that most stories come far before they meet
one. Values are round, so that ties are common. Counts are cut to what the reference engine plays in about a second.
The texts are JSON, which YAML reads: what a failing test prints can be saved and given to ``fota-sim doctor --twins``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from scenarios_dice import Dice, seconds
from scenarios_faults import faults
from scenarios_files import csv_fleet
from scenarios_fleet import ZONES, counts, group
from scenarios_hardware import BUILT_IN_HOSTS, BUILT_IN_MODULES, BUILT_IN_RADIOS, host, module, radio
from scenarios_names import names
from scenarios_plan import (
    CONDITIONS,
    FIRMWARE,
    OTHER,
    components,
    network,
    other_products,
    packages,
    plan,
    product,
    protocol,
)

from fota_sim.errors import ScenarioError
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.document import Document
from fota_sim.scenario.loader import build_scenario, parse_scenario
from fota_sim.scenario.model import Scenario

STARTS = (
    "2026-01-05T08:00:00",
    "2026-03-28T21:30:00",  # before clocks change in Europe
    "2026-03-29T01:59:59",  # just before; half an hour later is refused, for it does not come there
    "2026-10-24T22:00:00",  # before they change back
    "2026-10-25T02:30:00",  # a time that comes twice
    "2026-04-04T13:00:00",  # before they change by half an hour on Lord Howe
    "2026-03-07T23:59:59",  # before they change in America
    "2026-12-31T23:55:00",
)


@dataclass(frozen=True)
class Drawn:
    """A scenario as text, and the files beside it that it names."""

    text: str
    files: Mapping[str, str]

    @property
    def data(self) -> dict[str, Any]:
        """The mapping that its text is."""
        found: dict[str, Any] = json.loads(self.text)
        return found

    @contextmanager
    def scenario(self, *overrides: str) -> Iterator[Scenario]:
        """The scenario, ready to be played; its files are there until the block is left."""
        if not self.files:
            yield parse_scenario(self.text, overrides=overrides)
            return
        with TemporaryDirectory() as folder:
            yield parse_scenario(self.text, self.save(Path(folder) / "scenario.json"), overrides)

    @contextmanager
    def from_data(self) -> Iterator[Scenario]:
        """The same without parsing its text, which takes longer than all else."""
        with TemporaryDirectory() as folder:
            yield build_scenario(Document(self.data), [], self.save(Path(folder) / "scenario.json"), None)

    def save(self, path: Path) -> Path:
        """Write it with its files, which stand beside it; returns the path."""
        path.write_text(self.text, encoding="utf-8")
        for name, text in self.files.items():
            with (path.parent / name).open("w", encoding="utf-8", newline="") as file:
                file.write(text)
        return path

    def __str__(self) -> str:
        """All of it, for people."""
        return "\n\n".join([self.text, *(f"{name}:\n{text}" for name, text in self.files.items())])


@st.composite
def scenarios(draw: Any, without: Sequence[str] = ()) -> Drawn:
    """Scenarios that parse and whose fleets can be built; a failing one shrinks. ``without``: troubles left out."""
    return drawn(Dice(lambda low, high: draw(st.integers(low, high)), without))


def seeded(seed: int, without: Sequence[str] = ()) -> Drawn:
    """The scenario of this seed: of the same kind, but each independent of the others."""
    return drawn(Dice(random.Random(seed).randint, without))


def drawn(dice: Dice) -> Drawn:
    """A scenario that parses and whose fleets can be built."""
    horizon_s = dice.pick(86_400, 86_400, 1_500, 3_600, 21_600, 259_200, 259_200, 1_209_600)
    data: dict[str, Any] = {
        "name": "twins",
        "horizon": seconds(horizon_s),
        "seed": dice.number(0, 10_000),
        "replications": dice.pick(1, 1, 2),
        "keep": {"events": not dice.once_in(12), "transcripts": dice.pick(2, 0, 60)},
    }
    if dice.has("calendar"):
        data |= {"start": dice.pick(*STARTS), "time_zone": dice.pick("Europe/Berlin", *ZONES)}
    dice.atoms += CONDITIONS
    identifiers = components(dice)
    planned = dice.some(identifiers, low=dice.pick(len(identifiers), 1))
    data["product"] = product(identifiers)
    radios, modules, hosts = data["radios"], data["modules"], data["hosts"] = {}, {}, {}
    for k in range(dice.pick(1, 0, 2)):
        radios[f"radio{k}"] = radio(dice, [*radios])
    for k in range(dice.pick(1, 2, 0)):
        modules[f"module{k}"] = module(dice, [*BUILT_IN_RADIOS, *radios], [*modules])
    for k in range(dice.pick(1, 2, 0)):
        hosts[f"host{k}"] = host(dice, horizon_s, [*hosts])
    ids = _fleet(dice, data, horizon_s, [name for name in identifiers if name != FIRMWARE])
    if dice.once_in(8):
        data["keep"]["transcripts"] = dice.some(ids, high=3)
    data["packages"] = packages(dice, identifiers)
    data["plan"] = plan(dice, planned, horizon_s, ids)
    data["network"] = network(dice)
    data["protocol"] = protocol(dice)
    if dice.has("names"):
        names(dice, data)
    if dice.once_in(6):
        other_products(dice, data)
    if dice.once_in(4):
        data["prices"] = prices(dice)
    if dice.once_in(4):
        faults(dice, data)
    if "plans" not in dice.without and dice.once_in(5):
        found = several(dice, data, planned, horizon_s, ids)
        if found is not None:
            return found
    found = Drawn(json.dumps(_mended(data), indent=1, ensure_ascii=False), dice.files)
    return found if _leaves_somebody(found) else _without_lists(found)


def several(dice: Dice, data: dict[str, Any], planned: list[str], horizon_s: float, ids: list[str]) -> Drawn | None:
    """The scenario with further plans for whom the first leaves; None if one of them would take nobody."""
    plans = {"first": {"whitelist": {"ids": dice.some(ids)}, **data["plan"]}}
    for name in ("second", "third")[: dice.pick(1, 1, 2)]:
        plans[name] = plan(dice, dice.some(planned), horizon_s, ids)
        if "third" not in plans and dice.once_in(2):
            plans[name].setdefault("whitelist", {"where": dice.condition()})
    if "products" in data:
        fits = [each["name"] for each in data["packages"] if "product" not in each]
        if f"new {FIRMWARE}" in fits and dice.once_in(2):
            own = plan(dice, [FIRMWARE], horizon_s, ids)
            plans["others"] = {**own, "product": OTHER}
            plans["others"].pop("whitelist", None)
        dice.sometimes(plans["second"], "product", data["product"].get("name", "My product"))
    whole = {name: value for name, value in data.items() if name != "plan"} | {"plans": plans}
    found = Drawn(json.dumps(_mended(whole), indent=1, ensure_ascii=False), dice.files)
    try:
        with found.from_data() as scenario:
            for replication in range(scenario.replications):
                build_fleet(scenario, replication)
    except ScenarioError:
        return None
    return found


def _fleet(dice: Dice, data: dict[str, Any], horizon_s: float, mcus: list[str]) -> list[str]:
    """Draw the fleet into ``data``; the ids of its devices."""
    own = [*data["modules"]]
    modules = [*own, *BUILT_IN_MODULES] if dice.once_in(2) else own or BUILT_IN_MODULES
    radios, hosts = [*data["radios"], *BUILT_IN_RADIOS], [*data["hosts"], *BUILT_IN_HOSTS]
    entries = [group(dice, f"g{k}", horizon_s, modules, radios, hosts, mcus) for k in range(dice.pick(1, 2, 3))]
    counts(dice, entries, horizon_s)
    files = dice.number(1, len(entries)) if dice.has("files") else 0
    groups, csvs = entries[: len(entries) - files], entries[len(entries) - files :]
    ids = [f"{entry['name']}-{k}" for entry in groups for k in range(entry["count"])]
    for entry in csvs:
        ids += csv_fleet(dice, entry, mcus, modules, radios, hosts)
    dice.atoms += [f'mcu_{mcu} == "1_0"' for mcu in mcus if any(_has(entry, mcu) for entry in entries)]
    data["fleet"] = {"groups": groups, "csv": csvs, "redraw": dice.pick(True, False)}
    return ids


def prices(dice: Dice) -> dict[str, Any]:
    """Prices of some of what happens, or of all of it."""
    amounts = {"per_MB": 0.1, "per_visit": 85, "per_device_day": 0.02, "per_mAh": 0.004, "per_not_upgraded": 20}
    found: dict[str, Any] = {"currency": dice.pick("EUR", "¥", "credits")}
    found |= {name: dice.pick(amounts[name], 0, 3.5) for name in dice.some([*amounts])}
    dice.sometimes(found, "visit_after", ["bricked"], ["failed", "power lost while flashing", "refused"], once_in=2)
    return found


def _has(entry: dict[str, Any], mcu: str) -> bool:
    """Whether devices of a group or a file have this component."""
    return mcu in entry.get("mcu", {}) or f"mcu:{mcu}" in entry.get("columns", {})


def _mended(data: dict[str, Any]) -> dict[str, Any]:
    """Take back what the parts could not know to be a mistake."""
    for each in data["plans"].values() if "plans" in data else [data["plan"]]:
        _mend(data, each)
    return data


def _mend(data: dict[str, Any], plan: dict[str, Any]) -> None:
    sources = [*data["fleet"]["groups"], *data["fleet"]["csv"]]
    entries = [entry for entry in sources if (entry.get("product") == OTHER) == (plan.get("product") == OTHER)]
    if not any(_asks(data["hosts"], entry["host"]) for entry in entries):
        plan["push"] = True
        plan.pop("ends", None)
        if data["horizon"] not in ("259200s", "1209600s"):
            plan.pop("push_period", None)  # it might not open before the end
    for name in plan["packages"]:
        identifier = name.removeprefix("new ")
        if identifier != FIRMWARE and not any(identifier in entry.get("mcu", {}) for entry in entries):
            entries[0].setdefault("mcu", {})[identifier] = "1_0"


def _asks(hosts: dict[str, Any], name: str) -> bool:
    """Whether a host asks by itself, as all that are built in do."""
    return name not in hosts or bool(hosts[name].get("asks", _asks(hosts, hosts[name]["extends"])))


def _leaves_somebody(found: Drawn) -> bool:
    """Whether the plan's lists leave somebody to upgrade, in every replication."""
    plan = found.data["plan"]
    if "whitelist" not in plan and "blacklist" not in plan:
        return True
    with found.from_data() as scenario:
        try:
            for replication in range(scenario.replications):
                build_fleet(scenario, replication)
        except ScenarioError as error:
            if "so nobody would be upgraded" not in str(error):
                raise
            return False
    return True


def _without_lists(found: Drawn) -> Drawn:
    data = found.data
    data["plan"] = {key: value for key, value in data["plan"].items() if key not in ("whitelist", "blacklist")}
    return Drawn(json.dumps(data, indent=1, ensure_ascii=False), found.files)
