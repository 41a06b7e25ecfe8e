"""Findings about the versions that devices run: left out, written in another way, or later than the target."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.analysis.lint.drawn import Drawn
from fota_sim.analysis.lint.reach import running_of
from fota_sim.fleet.coded import Coded
from fota_sim.quoting import listed
from fota_sim.scenario.lint.facts import WORTH_SAYING, Finding, some_devices
from fota_sim.scenario.product import Package
from fota_sim.scenario.spelling import bare_version, is_later


def versions_left_out(drawn: Drawn) -> Iterator[Finding]:
    """Packages whose source versions part of the targets does not run."""
    scenario, fleet = drawn.scenario, drawn.fleet
    targets = fleet.white & ~fleet.black
    for index, package in enumerate(scenario.planned):
        wanted = {package.source_version} if package.kind == "delta" else set(package.specified_versions)
        running = running_of(scenario, fleet, package)
        if not wanted or running is None:
            continue
        fits = [str(version) for version in (*wanted, package.target_version)]
        elsewhere = targets & ~running.is_one_of(*fits)
        others = int(elsewhere.sum())
        if others > WORTH_SAYING * drawn.targets:
            names = sorted(running.take(elsewhere).used())
            run, bare = listed(names), {bare_version(str(version)) for version in wanted}
            alike = next((one for one in names if bare_version(one) in bare), None)
            same = f"; is {alike!r} the same in another spelling?" if alike is not None else ""
            message = (
                f"{package.name!r} is for version {listed(sorted(map(str, wanted)))}; {others:,} of "
                f"{some_devices(drawn.targets)} that the plan is for run another and are never offered it"
                f"{f' ({run})' if run else ''}{same or '.'} Plan a package for them too, or leave them out with a list"
            )
            yield ("plan", "packages", index), message


def spelled_otherwise(drawn: Drawn) -> Iterator[Finding]:
    """Targets that run what looks like the target version, written in another way: they are upgraded to it."""
    for index, package, running in _full_packages(drawn):
        wanted = bare_version(package.target_version)
        names = [name for name in sorted(running.used()) if name and bare_version(name) == wanted]
        others = [name for name in names if name != package.target_version]
        count = int((drawn.offerable & running.is_one_of(*others)).sum()) if others else 0
        if count:
            message = (
                f"{some_devices(count)} {'runs' if count == 1 else 'run'} {listed(others)}: is that the target "
                f"{package.target_version!r} in another spelling? Versions are compared letter by letter, so it is "
                "taken for another one, and upgraded. Write both alike"
            )
            yield ("plan", "packages", index), message


def set_back(drawn: Drawn) -> Iterator[Finding]:
    """Targets that run a later version than the one that they are given."""
    for index, package, running in _full_packages(drawn):
        later = [name for name in sorted(running.used()) if is_later(name, package.target_version)]
        count = int((drawn.offerable & running.is_one_of(*later)).sum()) if later else 0
        if count:
            message = (
                f"{some_devices(count)} {'runs' if count == 1 else 'run'} {listed(later)}, which is later than the "
                f"target {package.target_version!r}: a platform compares no order, and sets "
                f"{'it' if count == 1 else 'them'} back. Leave {'it' if count == 1 else 'them'} out with a blacklist, "
                "or write specified_versions"
            )
            yield ("plan", "packages", index), message


def _full_packages(drawn: Drawn) -> Iterator[tuple[int, Package, Coded]]:
    """Planned packages that take whatever version a device runs, with what devices run of their component."""
    for index, package in enumerate(drawn.scenario.planned):
        running = running_of(drawn.scenario, drawn.fleet, package)
        if running is not None and package.kind != "delta" and not package.specified_versions:
            yield index, package, running
