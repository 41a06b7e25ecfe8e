"""Faults on purpose that befall nobody."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.scenario.lint.facts import Facts, Finding

_KINDS = ("lost_urc", "doubled_urc", "garbled_block", "wrong_checksum", "cut_download")


def garbles_nothing(facts: Facts) -> Iterator[Finding]:
    """Garbled blocks where no host reads any."""
    scenario = facts.scenario
    if scenario.faults.garbled_block > 0.0 and all(p.component == scenario.module_component for p in scenario.planned):
        message = "the plan has no package for an MCU, so no host reads blocks; leave it out, or plan such a package"
        yield ("faults", "garbled_block"), message


def befalls_nobody(facts: Facts) -> Iterator[Finding]:
    """Faults of no devices, or a place where downloads are cut off and none that is."""
    faults = facts.scenario.faults
    if faults.devices == 0.0 and any(getattr(faults, kind) > 0.0 for kind in _KINDS):
        yield ("faults", "devices"), "none of the faults befalls anybody; give a share above 0%"
    elif "cut_at" in faults.model_fields_set and faults.cut_download == 0.0:
        yield ("faults", "cut_at"), "no download is cut off; say how many with cut_download"
