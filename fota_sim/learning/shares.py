"""Fields that are shares of devices or attempts: counted in the log, less what the simulator makes of it by itself.

A log shows how many were never reached; some of them were there and were never offered anything. Trials at the
scenario's other values say how many those are, and the field gets what is left. Each share is Jeffreys' posterior of a
binomial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.learning.classes import Classes
from fota_sim.learning.incidence import contacts
from fota_sim.learning.learned import Kept, Learned, Values
from fota_sim.learning.rates import pooled_draws
from fota_sim.rules import codes
from fota_sim.scenario import units
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.variation import written

STILL_COMING = 0.005
"""With more than this share of all contacts in the last fifth of the window, who comes late and who never comes cannot
be told apart yet."""
_HANGS_AFTER_S = 6 * 3600.0
"""An installation that has not reported for so long after its download, and six times the usual, hangs."""
_FEWEST = 20
_KEEPS_OLD = ("backup", "ab")
"""Boot schemes that restore the old firmware."""


@dataclass(frozen=True)
class Count:
    """A share that is counted, and what carries it in a scenario."""

    key: str
    name: str
    labels: tuple[str, ...]
    """Classes that are pooled, each with a value of its own; one, '' for no class."""
    count: Callable[[Histories, Classes], tuple[NDArray[np.int64], NDArray[np.int64]]]
    """k and n of each class."""
    carry: Callable[[str, float], Values]
    """The values of a class's share."""
    off: Values
    """What turns the field off, so that trials show what the simulator makes without it."""
    default: str
    how: str
    known: Callable[[pa.Table], float] | None = None
    """The share that the simulator makes without the field, where the truth of a trial says it at once."""


def learned_shares(
    count: Count,
    histories: Histories,
    classes: Classes,
    aside: NDArray[np.float64],
    draws: int,
    luck: np.random.Generator,
) -> Iterator[Learned | Kept]:
    """The shares of a count; ``aside``: what the simulator makes of it by itself, for each class."""
    k, n = count.count(histories, classes)
    if int(n.sum()) < _FEWEST:
        yield Kept(name=count.name, why=f"only {int(n.sum())} devices or attempts show it; {_FEWEST} are needed")
        return
    if len(count.labels) > 1:
        total = pooled_draws(k, n, draws, luck)
    else:
        total = luck.beta(k + 0.5, n - k + 0.5, size=(draws, 1))
    for number, label in enumerate(count.labels):
        own = np.maximum(0.0, (total[:, number] - aside[number]) / max(1e-9, 1.0 - aside[number]))
        named = f"{count.name}, {label}" if label else count.name
        yield Learned(
            f"{count.key}/{label}" if label else count.key,
            named,
            own,
            _carried(count.carry, label),
            shown_share,
            int(n[number]),
            count.default,
            f"{int(k[number]):,} of {int(n[number]):,}; {count.how}"
            + (f"; {shown_share(aside[number])} of it is the simulator's own" if aside[number] > 1e-4 else ""),
            upper_end=int(k[number]) == 0,
        )


def _carried(carry: Callable[[str, float], Values], label: str) -> Callable[[float], Values]:
    return lambda value: carry(label, min(1.0, max(0.0, value)))


def shown_share(value: float) -> str:
    """A share with its unit."""
    return units.RATIO.format(float(f"{value:.3g}"))


def written_share(value: float) -> str:
    """A share as a scenario has it."""
    return units.RATIO.format(float(f"{value:.6g}"))


def gone_of(scenario: Scenario, classes: Classes, histories: Histories) -> Iterator[Count | Kept]:
    """The share of each class that is gone for good."""
    for number, members in enumerate(classes.members):
        name = f"gone for good, {classes.name(number)}"
        mine = classes.of == number
        if not histories.knows_everybody:
            yield Kept(name=name, why="the log lists only devices that asked; say how many it was for: --targeted 2000")
            continue
        late = late_contacts(histories, mine)
        if late > STILL_COMING:
            yield Kept(
                name=name,
                why=f"{late:.1%} of the first contacts came in the last fifth of the log, so who comes late and who "
                "never comes cannot be told apart; export the log later",
            )
            continue
        paths = source_paths(scenario, members, "gone")
        yield Count(
            f"gone/{classes.name(number)}",
            name,
            ("",),
            _never_reached(number, len(classes.members) == 1),
            lambda _, value, paths=paths: dict.fromkeys(paths, written_share(value)),  # type: ignore[misc]
            {},
            _default_gone(scenario, members),
            "never reached, of those that the update was for",
            known=_unreached_but_there({member.name for member in members}, histories),
        )


def _default_gone(scenario: Scenario, members: tuple[Devices, ...]) -> str:
    shares = [
        member.gone
        if member.gone is not None
        else scenario.radios[member.radio or scenario.modules[member.module].radio].gone
        for member in members
    ]
    return ", ".join(dict.fromkeys(shown_share(share) for share in shares))


def late_contacts(histories: Histories, which: NDArray[np.bool_]) -> float:
    """Which share of the first contacts came in the last fifth of a device's window."""
    frame = histories.frame[which]
    offered = frame["offered_s"].fillna(histories.began_s)
    waited = frame["contact_s"] - offered
    window = histories.until_s - offered
    came = waited.notna()
    return float((waited[came] > 0.8 * window[came]).mean()) if came.any() else 0.0


def _never_reached(number: int, alone: bool) -> Callable[[Histories, Classes], tuple[Any, Any]]:
    def count(histories: Histories, classes: Classes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        mine = (classes.of == number) & ~histories.ended(End.NOT_APPLICABLE) & histories.offered
        reached = mine & histories.frame["contact_s"].notna().to_numpy(bool)
        censored = mine & ~reached & histories.ended(End.CANCELLED, End.TIMED_OUT)
        never = int((mine & ~reached & ~censored).sum()) + (histories.unlisted if alone else 0)
        if not censored.any():
            return np.array([never]), np.array([never + int(reached.sum())])
        # some were taken out before they could come: as many of as many as say the same of those that were not
        found = contacts(histories, mine)
        left, error = found.at_end, found.error
        whole = left * (1.0 - left) / error**2 if error > 0.0 and 0.0 < left < 1.0 else float(never + reached.sum())
        return np.array([round(left * whole)]), np.array([round(whole)])

    return count


def _unreached_but_there(groups: set[str], histories: Histories) -> Callable[[pa.Table], float]:
    """Of a trial: the share of devices that are there and still were not reached, as this log's platform sees it."""
    heard = "first_offer_ms" if histories.view.hears_offers else "first_contact_ms"

    def share(table: pa.Table) -> float:
        cause = np.array(table["cause"].to_pylist(), dtype=object)
        mine = np.isin(np.array(table["group"].to_pylist(), dtype=object), [*groups])
        offered = np.array(pc.greater_equal(table["released_ms"], 0))
        there = mine & offered & ~np.isin(cause, _GONE) & ~np.isin(cause, _NOT_FOR)
        unheard = np.array(table[heard].is_null())
        return float((there & unheard).sum() / max(1, there.sum()))

    return share


_GONE = [codes.CAUSES_TOLD[codes.GONE_FOR_GOOD].label]
_NOT_FOR = [codes.CAUSES_TOLD[number].label for number in (*codes.LISTED, codes.NOT_SOURCE_VERSION)]


def source_paths(scenario: Scenario, members: tuple[Devices, ...], name: str) -> list[str]:
    """Where a field of these sources stands."""
    names = {member.name for member in members}
    return [f"fleet.{key[1]}.{source.name}.{name}" for key, source in scenario.fleet.placed() if source.name in names]


def installs_of(scenario: Scenario, classes: Classes, histories: Histories) -> Iterator[Count | Kept]:
    """Failed checks per attempt, by module."""
    stages = {End.FAILED_INSTALL, End.FAILED_DOWNLOAD} <= histories.view.ends
    counted = {"attempts", "install_failures"} <= histories.view.numbers
    for modules, numbers in _by_module(classes).items():
        name = f"installation that fails, per attempt, {', '.join(modules)}"
        if not stages:
            yield Kept(name=name, why="the log does not say at which stage an attempt failed")
            continue
        if not counted and _retries(scenario):
            yield Kept(
                name=name, why="the log hides attempts, and what failed and was tried again with success is not in it"
            )
            continue
        yield Count(
            f"verify/{', '.join(modules)}",
            name,
            ("",),
            _failed_installs(numbers, counted),
            lambda _, value, modules=modules: {  # type: ignore[misc]
                f"modules.{module}.verify_failure": written_share(value) for module in modules
            },
            {f"modules.{module}.verify_failure": "0%" for module in modules},
            ", ".join(dict.fromkeys(shown_share(scenario.modules[module].verify_failure) for module in modules)),
            "installations that failed, of those begun by devices that succeeded in the end"
            if counted
            else "installations that failed, of those that were begun",
        )


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


def endings_of(scenario: Scenario, classes: Classes, histories: Histories) -> Iterator[Count | Kept]:
    """Devices that roll back, or never come back, once they have the new firmware; by hardware where the log has it."""
    labels = _hardware(scenario, histories)
    yield from _lasting(scenario, histories)
    package = scenario.planned[0]
    told = [source for members in classes.members for source in members]
    restores = {scenario.modules[source.module].boot in _KEEPS_OLD for source in told}
    ends = histories.view.ends
    silent = "downloaded_s" in histories.view.times
    for key, name, shows, possible, effect, why in (
        (
            *("rolled_back", "new firmware that does not boot, and the old one is restored"),
            *(End.ROLLED_BACK in ends and End.FAILED not in _seen(histories), True in restores, "boot_failure"),
            "no module of the fleet restores the old firmware (modules.boot)",
        ),
        (
            *("silent", "devices that never report again with the new firmware"),
            *(End.BRICKED in ends or silent, True, "never_reconnects"),
            "",
        ),
    ):
        if not shows:
            yield Kept(name=name, why="the log has no word for it")
            continue
        if not possible:
            yield Kept(name=name, why=why)
            continue
        yield Count(
            key,
            name,
            labels,
            _ended(key, labels, End.BRICKED in ends),
            _defects(scenario.packages.index(package), key, effect),
            {},
            "0%",
            "devices that ended so, of those that installed",
        )


def _lasting(scenario: Scenario, histories: Histories) -> Iterator[Count | Kept]:
    """Devices whose every installation fails, where the log has no word of its own for the old firmware restored."""
    if End.ROLLED_BACK in histories.view.ends:
        return
    name = "devices whose every installation fails"
    stages = End.FAILED_INSTALL in histories.view.ends
    counted = {"attempts", "install_failures"} <= histories.view.numbers or not _retries(scenario)
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
        _defects(scenario.packages.index(scenario.planned[0]), "lasting", "verify_failure"),
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


def _seen(histories: Histories) -> set[str]:
    return set(histories.frame["ended"].unique())


def _hardware(scenario: Scenario, histories: Histories) -> tuple[str, ...]:
    """Hardware versions that both the log and the fleet know, if there are several with enough devices."""
    known = {name for source in scenario.fleet.sources for name in source.hardware}
    mapped = any("hardware" in source.mapped for source in scenario.fleet.sources)
    found = histories.frame["hardware"].value_counts()
    labels = tuple(sorted(str(label) for label, count in found.items() if label and count >= _FEWEST))
    return labels if len(labels) > 1 and (mapped or set(labels) <= known) else ("",)


def _ended(key: str, labels: tuple[str, ...], bricks: bool) -> Callable[[Histories, Classes], tuple[Any, Any]]:
    def count(histories: Histories, classes: Classes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        frame = histories.frame
        ended = frame["ended"].to_numpy(object)
        installed = np.isin(ended, [str(each) for each in (End.SUCCEEDED, End.ROLLED_BACK, End.BRICKED)])
        hit = ended == str(End.ROLLED_BACK)
        if key == "silent":  # of those whose old firmware was not restored: what is said first of a device counts
            hit = ended == str(End.BRICKED)
            installed = np.isin(ended, [str(End.SUCCEEDED), str(End.BRICKED)])
            if not bricks:
                hit = _hangs(histories)
                installed = installed | hit
        hardware = frame["hardware"].to_numpy(object)
        among = [installed if not label else installed & (hardware == label) for label in labels]
        return (
            np.array([int((hit & each).sum()) for each in among]),
            np.array([int(each.sum()) for each in among]),
        )

    return count


def _hangs(histories: Histories) -> NDArray[np.bool_]:
    frame = histories.frame
    downloaded, ended_s = frame["downloaded_s"].to_numpy(np.float64), frame["ended_s"].to_numpy(np.float64)
    success = frame["ended"].to_numpy(object) == str(End.SUCCEEDED)
    took = (ended_s - downloaded)[success & np.isfinite(downloaded)]
    usual_s = float(np.median(took)) if len(took) else 0.0
    patience_s = max(_HANGS_AFTER_S, 6.0 * usual_s)
    still = frame["ended"].to_numpy(object) == str(End.INSTALLING)
    found: NDArray[np.bool_] = still & (histories.until_s - downloaded > patience_s)
    return found


def _defects(package: int, key: str, effect: str) -> Callable[[str, float], Values]:
    def carry(label: str, value: float) -> Values:
        name = f"learnt-{key}{'-' + label if label else ''}"
        where = f'hardware == "{label}"' if label else ""
        defect = {"name": name, "where": where, "effect": effect, "probability": written_share(value)}
        return {f"packages[{package}].defects.{name}": defect}

    return carry


def with_defects(scenario: Scenario, values: Values) -> dict[str, Any]:
    """Values in which learnt defects are gathered into the lists of their packages, behind those that are there."""
    gathered: dict[str, Any] = {}
    for path, value in values.items():
        package, separator, _ = path.partition(".defects.learnt-")
        if not separator:
            gathered[path] = value
            continue
        at = f"{package}.defects"
        there = [each for each in written(scenario, at) or [] if not str(each["name"]).startswith("learnt-")]
        gathered[at] = [*gathered.get(at, there), value]
    return gathered
