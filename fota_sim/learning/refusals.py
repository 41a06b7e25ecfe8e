"""Why devices refuse: batteries below the plan's minimum, as their readings say, and hosts that refuse all the same.

A minimum of the plan refuses whoever is below it, so what carries refusals is how full batteries are: counted in
classes of ten per cent, with a Dirichlet posterior. What is refused above the minimum is carried by batteries that a
host cannot read, if it refuses those; no other field makes a host refuse for good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.sampling import quantile
from fota_sim.histories.ends import REACHED, End
from fota_sim.histories.table import Histories
from fota_sim.learning.classes import Classes
from fota_sim.learning.learned import Kept, Learned, Values
from fota_sim.learning.shares import Count, carries_share, shown_share, source_paths
from fota_sim.quoting import listed
from fota_sim.scenario import units
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.model import Scenario

FEWEST = 50
"""Readings that a law of batteries is counted from."""
MOST_KNOWN = 0.6
"""The share of a class's devices on battery that has to have a reading."""
_TENTHS_PCT = np.arange(0.0, 101.0, 10.0)
_FINE = 3000
_WHOLE = 100_000
_NAME = "how full batteries are"


def batteries_of(
    scenario: Scenario, classes: Classes, histories: Histories, draws: int, luck: np.random.Generator
) -> Iterator[Learned | Kept]:
    """The battery level of each class of groups, from the readings in the log."""
    for number, members in enumerate(classes.members):
        named = f"{_NAME}, {classes.name(number)}"
        paths = source_paths(scenario, members, "battery_level")
        if any(not path.startswith("fleet.groups.") for path in paths) or _on_mains(scenario, members):
            continue  # a file says it of each device; or there is none
        readings = _readings(histories, classes.of == number)
        if readings is None:
            yield Kept(name=named, why="the log has the battery of too few devices; an inventory beside it may say it")
            continue
        low = scenario.plan.strategy.min_battery
        edges = np.unique([*_TENTHS_PCT, 100.0 * low])  # so that the minimum parts no class
        counts = np.histogram(np.clip(readings, 0.0, 99.999), edges)[0]
        there = np.flatnonzero(counts)
        weights = luck.dirichlet(counts[there] + 0.5 / len(counts), draws)
        ends = 0.01 * np.column_stack([edges[:-1], edges[1:]])[there]
        centres = ends.mean(axis=1)
        below = weights[:, centres < low].sum(axis=1) if low else weights @ centres
        laws = tuple(dict.fromkeys(paths, _law(ends, row)) for row in weights)
        middle = dict.fromkeys(paths, _law(ends, counts[there] / counts.sum()))
        yield Learned(
            f"battery/{classes.name(number)}",
            f"batteries below {units.RATIO.format(low)}, {classes.name(number)}" if low else f"{named}, mean",
            below,
            _always(middle),
            shown_share,
            len(readings),
            shown_share(float(np.mean([_below(scenario, member, low) for member in members]))),
            f"the readings of {len(readings):,} devices in classes of 10 %",
            laws=laws,
        )


def _always(values: Values) -> Callable[[float], Values]:
    return lambda _: values


def _below(scenario: Scenario, member: Devices, low: float) -> float:
    """The share below the minimum by the scenario's law; its mean where there is no minimum."""
    battery = member.battery or scenario.modules[member.module].battery
    even = (np.arange(_FINE) + 0.5) / _FINE
    luck = np.random.default_rng(_FINE)
    drawn = np.clip(quantile(member.battery_level or battery.level, even, lambda _: luck.permutation(even)), 0.0, 1.0)
    return float((drawn < low).mean() if low else drawn.mean())


def _law(ends: NDArray[np.float64], weights: NDArray[np.float64]) -> dict[str, Any]:
    """Even within each class; ``ends`` has shape (classes, 2)."""
    whole = np.round(weights * _WHOLE).astype(int)
    whole[np.argmax(whole)] += _WHOLE - whole.sum()  # parts of a mixture sum to all of it
    parts = [
        {"weight": f"{100 * weight / _WHOLE:g}%", "uniform": [units.RATIO.format(round(end, 6)) for end in pair]}
        for pair, weight in zip(ends.tolist(), whole.tolist(), strict=True)
        if weight
    ]
    return {"mixture": parts}


def _on_mains(scenario: Scenario, members: tuple[Devices, ...]) -> bool:
    shares = [
        scenario.modules[member.module].mains if member.mains is None else float(member.mains) for member in members
    ]
    return all(share == 1.0 for share in shares)


def _readings(histories: Histories, mine: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """The batteries of a class in per cent, None where too few are known."""
    found = histories.frame["battery_pct"].to_numpy(np.float64)[mine]
    known = found[np.isfinite(found)]
    return known if len(known) >= FEWEST and len(known) >= MOST_KNOWN * len(found) else None


def refusals_of(scenario: Scenario, classes: Classes, histories: Histories) -> Iterator[Count | Kept]:
    """Refusals that no minimum explains, by class; nothing where the log has no refusals."""
    if not histories.ended(End.REFUSED).any():
        if End.REFUSED not in histories.view.ends:
            yield Kept(name="refusals", why="the log has no word for them: who refuses has come, and does not go on")
        return
    for number, members in enumerate(classes.members):
        name = f"hosts that refuse whatever the minimums, {classes.name(number)}"
        refused = int((histories.ended(End.REFUSED) & (classes.of == number)).sum())
        hosts = {member.host for member in members}
        if not all(_refuses_unknown(scenario, host) for host in hosts):
            why = (
                f"{refused:,} refused, and no field makes {listed(sorted(hosts))} refuse for good: it does not check "
                "batteries, or takes an offer with one that it cannot read (hosts.checks_battery, when_unknown)"
            )
            yield Kept(name=name, why=why)
            continue
        if _readings(histories, classes.of == number) is None and not _on_mains(scenario, members):
            why = (
                f"{refused:,} refused, and the log has the battery of too few to say who was below the minimum; they "
                "stay what readings, minimums and hosts of the scenario make them"
            )
            yield Kept(name=name, why=why)
            continue
        paths = source_paths(scenario, members, "battery_unknown")
        yield Count(
            f"refuses/{classes.name(number)}",
            name,
            ("",),
            _refused(number, 100.0 * scenario.plan.strategy.min_battery, scenario.plan.strategy.min_signal),
            carries_share(paths),
            carries_share(paths)("", 0.0),
            ", ".join(dict.fromkeys(shown_share(member.battery_unknown) for member in members)),
            "refused without being below a minimum, of those reached; carried as unreadable batteries",
        )


def _refuses_unknown(scenario: Scenario, name: str) -> bool:
    host = scenario.hosts[name]
    return host.checks_battery and host.when_unknown == "refuse"


def _refused(number: int, low_pct: float, low_dBm: float) -> Callable[[Histories, Classes], tuple[Any, Any]]:
    reached = [end for end in REACHED if end is not End.NOT_APPLICABLE]

    def count(histories: Histories, classes: Classes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        frame = histories.frame
        mine = (classes.of == number) & histories.ended(*reached)
        battery = frame["battery_pct"].to_numpy(np.float64)
        below = (battery < low_pct) | (frame["signal_dBm"].to_numpy(np.float64) < low_dBm)
        refused = mine & histories.ended(End.REFUSED) & ~below
        # of those that are above for certain, since as many of the others would have refused anyway; unread ones are
        # the share itself, whatever their batteries are
        n, certain = int(mine.sum()), mine & ~below
        read = int((refused & np.isfinite(battery)).sum()) * n / max(1, int(certain.sum()))
        return np.array([round(read + int((refused & ~np.isfinite(battery)).sum()))]), np.array([n])

    return count
