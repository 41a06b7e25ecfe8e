"""The plan's components as the engines take them: versions, sizes, checksums, and which devices a defect hits."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fota_sim.errors import ScenarioError
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.defects import mask_of_columns
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol.firmware_info import FirmwareInfo
from fota_sim.protocol.states import ComponentType
from fota_sim.rules import streams, upgrade
from fota_sim.rules.draws import fill_uniform
from fota_sim.rules.labels import DEFECT_EFFECTS
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.product import Package

_DEFECTS_PER_PACKAGE = 64  # spacing of draw counters


@dataclass(frozen=True, eq=False)
class Component:
    """One component of the plan, in upgrade order, with its package."""

    identifier: str
    type: ComponentType
    target_version: str
    sources: frozenset[str]
    """Versions the package is for; empty: any."""
    shown_source: str
    """Source version in 7,10700: empty for a full package."""
    files_B: tuple[int, ...]
    delta: bool
    checksums: tuple[str, int, str]
    """MD5, CRC-32 and SHA-256 that the platform announces."""
    effects: NDArray[np.int8]
    """Shape (devices,): the defect that this version has on each device, or upgrade.NO_DEFECT."""
    dies_after: NDArray[np.float64]
    """Shape (devices,): seconds from the update to a late death, where the defect is one."""

    name: str = ""
    """Of the package."""

    @property
    def content(self) -> bytes:
        """The package's bytes as a module hands them to its host: made up, for a scenario knows sizes only."""
        return made_up(self.name, self.target_version, self.size_B)

    @property
    def size_B(self) -> int:
        """All files together."""
        return sum(self.files_B)

    @property
    def wrong_version(self) -> str:
        """What a wrongly packaged image calls itself; never the target."""
        return f"{self.target_version}_wrong"

    def defect_of(self, device: int) -> int:
        """The defect that this version has on ``device``."""
        return int(self.effects[device])

    def dies_after_s(self, device: int) -> float:
        """Seconds from the update to the late death of ``device``."""
        return float(self.dies_after[device])

    def info(self, wants_sha256: bool) -> FirmwareInfo:
        """The download address message."""
        md5, crc32, sha256 = self.checksums
        return FirmwareInfo(
            self.identifier, self.size_B, md5, crc32, sha256 if wants_sha256 else "", self.target_version, self.type
        )


@lru_cache(maxsize=2)
def made_up(name: str, version: str, size_B: int) -> bytes:
    """So many bytes that no other package has, the same each time."""
    return hashlib.shake_128(f"{name}/{version}/{size_B}".encode()).digest(size_B)


@lru_cache(maxsize=64)
def _of_made_up(name: str, version: str, size_B: int) -> tuple[str, int, str]:
    data = made_up(name, version, size_B)
    return hashlib.md5(data, usedforsecurity=False).hexdigest(), zlib.crc32(data), hashlib.sha256(data).hexdigest()


def _checksums(package: Package, kind: ComponentType) -> tuple[str, int, str]:
    """What the scenario says, or those of the made-up bytes; of module firmware, which no host sees, of its name."""
    named = f"{package.name}/{package.target_version}/{package.size_B}".encode()
    if kind is ComponentType.MCU:
        md5, crc32, sha256 = _of_made_up(package.name, package.target_version, package.size_B)
    else:
        md5 = hashlib.md5(named, usedforsecurity=False).hexdigest()
        crc32, sha256 = zlib.crc32(named), hashlib.sha256(named).hexdigest()
    first = package.files[0]
    return first.md5 or md5, first.crc32 if first.crc32 is not None else crc32, first.sha256 or sha256


def build_components(scenario: Scenario, fleet: Fleet, replication: int) -> tuple[Component, ...]:
    """The plan's components; defects are drawn for every device, whatever becomes of it."""
    types = {
        component.identifier: ComponentType.MODULE if component.type == "firmware" else ComponentType.MCU
        for component in scenario.product.model.components
    }
    built = []
    for position, package in enumerate(scenario.planned):
        effects, dies_after = _defects(scenario, fleet, package, replication, position)
        sources = {package.source_version} if package.source_version else set(package.specified_versions)
        built.append(
            Component(
                package.component,
                types[package.component],
                package.target_version,
                frozenset(sources),
                package.source_version or "",
                tuple(file.size for file in package.files),
                package.kind == "delta",
                _checksums(package, types[package.component]),
                effects,
                dies_after,
                package.name,
            )
        )
    return tuple(built)


def _defects(
    scenario: Scenario, fleet: Fleet, package: Package, replication: int, position: int
) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    effects = np.full(fleet.n, upgrade.NO_DEFECT, dtype=np.int8)
    dies_after = np.zeros(fleet.n)
    columns = columns_for_predicates(fleet) if package.defects else {}
    for number, defect in enumerate(package.defects):
        hit = np.ones(fleet.n, dtype=bool)
        if defect.where:
            path = f"packages[{scenario.packages.index(package)}].defects[{number}].where"
            try:
                hit = mask_of_columns(defect.where, columns, path)
            except ScenarioError as error:
                raise ScenarioError([scenario.placed(problem) for problem in error.problems]) from None
        counter = position * _DEFECTS_PER_PACKAGE + number
        u = fill_uniform(scenario.seed, replication, fleet.keys, streams.DEFECT, counter)
        hit &= (u < defect.probability) & (effects == upgrade.NO_DEFECT)
        effects[hit] = DEFECT_EFFECTS.index(defect.effect)
        dies_after[hit] = defect.after
    return effects, dies_after


def running_version(fleet: Fleet, component: Component, device: int) -> str:
    """The version of ``component`` that ``device`` runs at the start; empty where it has no such component."""
    if component.identifier in fleet.mcu:
        return str(fleet.mcu[component.identifier][device])
    return str(fleet.firmware[device])
