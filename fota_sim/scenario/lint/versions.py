"""Packages that are not for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.lint.facts import WORTH_SAYING, Facts, Finding, percent


def not_for_all(facts: Facts) -> Iterator[Finding]:
    """A package whose source versions part of the fleet does not run."""
    scenario = facts.scenario
    if facts.drawn_targets is not None:
        return  # analysis/lint/fleet.py counts them
    kinds = {component.identifier: component.type for component in scenario.product.model.components}
    for index, package in enumerate(scenario.planned):
        wanted = {package.source_version} if package.kind == "delta" else set(package.specified_versions)
        if not wanted:
            continue
        fits = {*wanted, package.target_version}
        is_module = kinds.get(package.component) == "firmware"
        share = facts.share(partial(_others, fits, None if is_module else package.component))
        if share is not None and share > WORTH_SAYING:
            versions = ", ".join(sorted(map(str, wanted)))
            message = (
                f"{package.name!r} is for version {versions}; {percent(share)} of the devices run another and are "
                "never offered it. Plan a package for them too, or leave them out with a list"
            )
            yield ("plan", "packages", index), message


def source_is_target(facts: Facts) -> Iterator[Finding]:
    """A delta package from a version to itself."""
    for index, package in enumerate(facts.scenario.packages):
        if package.kind == "delta" and package.source_version == package.target_version:
            message = f"is the source version as well, {package.target_version!r}: whoever it is for has it already"
            yield ("packages", index, "target_version"), f"{message}. Name the version that the package brings"


def _others(fits: set[str | None], mcu: str | None, devices: Devices, *_: object) -> float:
    """The share of a group that runs none of ``fits``; ``mcu``: the component, None for the module itself."""
    mix = devices.firmware if mcu is None else devices.mcu.get(mcu, {})
    return float(sum(share for version, share in mix.items() if version not in fits))
