"""Installations that fail: per attempt by module, and of devices whose every one does. Many a log hides the former."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.histories.view import View
from fota_sim.learning.classes import Classes
from fota_sim.learning.learned import Kept, Values
from fota_sim.learning.shares import Count, carries_defect, shown_share, written_share
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plain_names import plain_value

HIDDEN_UP_TO = 0.05
"""Of installations, per attempt, that may have failed and been tried again without a word in the log. Assumption: more
than one in twenty would be known to whoever made the firmware."""


def installs_of(scenario: Scenario, classes: Classes, histories: Histories) -> Iterator[Count | Kept]:
    """Failed checks per attempt, by module; and devices whose every installation fails."""
    yield from _attempts(scenario, classes, histories)
    yield from _lasting(scenario, histories)


def _attempts(scenario: Scenario, classes: Classes, histories: Histories) -> Iterator[Count | Kept]:
    stages, counted = _stages(histories.view), _counts_installs(histories.view)
    for modules, numbers in _by_module(classes).items():
        name = f"installation that fails, per attempt, {', '.join(modules)}"
        if hides_installs(scenario, histories.view):
            why = (
                "the log hides attempts, and what failed and was tried again with success is not in it"
                if stages
                else "the log does not say at which stage an attempt failed"
            )
            most = plain_value(shown_share(_hidden_up_to(scenario, modules)))
            yield Kept(name=name, why=f"{why}; what else is learnt allows for anything up to {most}")
            continue
        if not stages:
            yield Kept(name=name, why="the log does not say at which stage an attempt failed")
            continue
        yield Count(
            f"verify/{', '.join(modules)}",
            name,
            ("",),
            _failed_installs(numbers, counted),
            _carries_installs(modules),
            _carries_installs(modules)("", 0.0),
            ", ".join(dict.fromkeys(shown_share(scenario.modules[module].verify_failure) for module in modules)),
            "installations that failed, of those begun by devices that succeeded in the end"
            if counted
            else "installations that failed, of those that were begun",
        )


def hides_installs(scenario: Scenario, view: View) -> bool:
    """Whether installations fail that a log does not show: they are tried again, and it does not count them."""
    return _retries(scenario) and not (_stages(view) and _counts_installs(view))


def hidden_installs(scenario: Scenario, classes: Classes, view: View, place: float) -> dict[str, Any]:
    """Values of failing installations where the log hides them; ``place`` from 0 (none) to 1 (as many as may be)."""
    if not hides_installs(scenario, view):
        return {}
    return {
        path: value
        for modules in _by_module(classes)
        for path, value in _carries_installs(modules)("", place * _hidden_up_to(scenario, modules)).items()
    }


def _hidden_up_to(scenario: Scenario, modules: tuple[str, ...]) -> float:
    """Or twice what the scenario says, if that is more."""
    said = max(float(scenario.modules[module].verify_failure) for module in modules)
    return min(1.0, max(HIDDEN_UP_TO, 2.0 * said))


def _carries_installs(modules: tuple[str, ...]) -> Callable[[str, float], Values]:
    return lambda _, value: {f"modules.{module}.verify_failure": written_share(value) for module in modules}


def _stages(view: View) -> bool:
    return {End.FAILED_INSTALL, End.FAILED_DOWNLOAD} <= view.ends


def _counts_installs(view: View) -> bool:
    return {"attempts", "install_failures"} <= view.numbers


def _retries(scenario: Scenario) -> bool:
    return bool(scenario.plan.strategy.retries) or bool(scenario.plan.rollout.retry)


def _by_module(classes: Classes) -> dict[tuple[str, ...], set[int]]:
    found: dict[tuple[str, ...], set[int]] = {}
    for number, members in enumerate(classes.members):
        found.setdefault(tuple(dict.fromkeys(member.module for member in members)), set()).add(number)
    return found


def _failed_installs(numbers: set[int], counted: bool) -> Callable[[Histories, Classes], tuple[Any, Any]]:
    def count(histories: Histories, classes: Classes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        frame = histories.frame
        ended = frame["ended"].to_numpy(object)
        mine = np.isin(classes.of, [*numbers])
        success = mine & (ended == str(End.SUCCEEDED))
        if counted:  # of devices that succeed in the end: those that never do have something that lasts
            k = int(np.nansum(frame["install_failures"].to_numpy(np.float64)[success]))
        else:
            k = int((mine & (ended == str(End.FAILED_INSTALL))).sum())
        return np.array([k]), np.array([k + int(success.sum())])

    return count


def _lasting(scenario: Scenario, histories: Histories) -> Iterator[Count | Kept]:
    """Devices whose every installation fails, where the log has no word of its own for the old firmware restored."""
    if End.ROLLED_BACK in histories.view.ends:
        return
    name = "devices whose every installation fails"
    stages = End.FAILED_INSTALL in histories.view.ends
    counted = _counts_installs(histories.view) or not _retries(scenario)
    signal = histories.frame["signal_dBm"].to_numpy(np.float64)
    if not (stages and counted) and not np.isfinite(signal).mean() > 0.6:
        yield Kept(name=name, why="the log does not say at which stage attempts failed, nor at which signal")
        return
    weakest = -np.inf if stages and counted else float(np.nanquantile(signal, STRONG))
    how = "devices that failed to install and never succeeded"
    if np.isfinite(weakest):
        how = f"devices that failed at {weakest:.0f} dBm and better, where downloads do not break off"
    yield Count(
        "lasting",
        name,
        ("",),
        _failed_for_good(weakest),
        carries_defect(scenario.packages.index(scenario.planned[0]), "lasting", "verify_failure"),
        {},
        "0%",
        how,
    )


STRONG = 0.6
"""Devices with a signal above this quantile are those whose downloads hardly ever break off."""


def _failed_for_good(weakest_dBm: float) -> Callable[[Histories, Classes], tuple[Any, Any]]:
    def count(histories: Histories, classes: Classes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        ended = histories.frame["ended"].to_numpy(object)
        strong = np.nan_to_num(histories.frame["signal_dBm"].to_numpy(np.float64), nan=-200.0) >= weakest_dBm
        failed = strong & np.isin(ended, [str(End.FAILED_INSTALL), str(End.FAILED)])
        success = strong & (ended == str(End.SUCCEEDED))
        return np.array([int(failed.sum())]), np.array([int((failed | success).sum())])

    return count
