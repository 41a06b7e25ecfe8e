"""Fields that are shares of devices or attempts, and what of a log counts them.

A log shows how many were never reached; some of them were there and were never offered anything. So a count is not its
field: how one follows from the other is found out by trials (``counted``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fota_sim.histories.ends import REACHED, End
from fota_sim.histories.table import Histories
from fota_sim.learning.classes import Classes
from fota_sim.learning.incidence import contacts
from fota_sim.learning.learned import Kept, Learned, Values
from fota_sim.rules import codes
from fota_sim.scenario import units
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plain_names import plain_value
from fota_sim.scenario.variation import written

STILL_COMING = 0.005
"""With more than this share of all contacts in the last fifth of the window, who comes late and who never comes cannot
be told apart yet."""
LATER = "export the log later, or say when it was exported if that was after its last time (--as-of)"
"""What would do where a log ends too early."""
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


def learned_share(count: Count, label: str, draws: NDArray[np.float64], k: int, n: int, aside: float) -> Learned:
    """The share of one class; ``aside``: what the simulator makes of what is counted by itself."""
    return Learned(
        f"{count.key}/{label}" if label else count.key,
        f"{count.name}, {label}" if label else count.name,
        draws,
        _carried(count.carry, label),
        shown_share,
        n,
        count.default,
        f"{k:,} of {n:,}; {count.how}"
        + (f"; {shown_share(aside)} of it is the simulator's own" if aside > 1e-4 else ""),
        upper_end=k == 0,
    )


def too_few(count: Count, histories: Histories, classes: Classes) -> Kept | None:
    """Why a count says nothing, if it does not."""
    n = int(count.count(histories, classes)[1].sum())
    if n >= _FEWEST:
        return None
    has = f"{n:,}" if n else "none"
    return Kept(name=count.name, why=f"{_FEWEST} devices or attempts that show it are needed, and the log has {has}")


def drowned(count: Count, label: str, n: int, aside: float) -> Kept | None:
    """Why a class says nothing of a field if what the simulator makes without it leaves too few of ``n``."""
    if (1.0 - aside) * n >= _FEWEST:
        return None
    return Kept(
        name=f"{count.name}, {label}" if label else count.name,
        why=f"of the {n:,} in the log, {shown_share(aside)} would by then be so in the simulation without it, and "
        f"{_FEWEST} others are needed; {LATER}",
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
        if "contact_s" not in histories.view.times and histories.ended(*REACHED).any():
            yield Kept(
                name=name,
                why="the log has no times of first contacts, by which who comes late and who never comes are told "
                "apart",
            )
            continue
        late = late_contacts(histories, mine)
        if late > STILL_COMING:
            yield Kept(
                name=name,
                why=f"{plain_value(f'{late:.1%}')} of the first contacts came in the last fifth of the log, so who "
                f"comes late and who never comes cannot be told apart; {LATER}",
            )
            continue
        paths = source_paths(scenario, members, "gone")
        yield Count(
            f"gone/{classes.name(number)}",
            name,
            ("",),
            _never_reached(number, len(classes.members) == 1),
            carries_share(paths),
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
        reached = mine & histories.reached
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
        mine = _any_of(table["group"], [*groups])
        offered = np.array(pc.greater_equal(table["released_ms"], 0))
        there = mine & offered & ~_any_of(table["cause"], [*_GONE, *_NOT_FOR])
        unheard = np.array(table[heard].is_null())
        return float((there & unheard).sum() / max(1, there.sum()))

    return share


def _any_of(column: pa.ChunkedArray, words: list[str]) -> NDArray[np.bool_]:
    return np.array(pc.is_in(pc.cast(column, pa.string()), value_set=pa.array(words, pa.string())), np.bool_)


_GONE = [codes.CAUSES_TOLD[codes.GONE_FOR_GOOD].label]
_NOT_FOR = [codes.CAUSES_TOLD[number].label for number in codes.NOT_FOR_IT]


def carries_share(paths: list[str]) -> Callable[[str, float], Values]:
    """What puts a share at each of these paths."""
    return lambda _, value: dict.fromkeys(paths, written_share(value))


def source_paths(scenario: Scenario, members: tuple[Devices, ...], name: str) -> list[str]:
    """Where a field of these sources stands."""
    names = {member.name for member in members}
    return [f"fleet.{key[1]}.{source.name}.{name}" for key, source in scenario.fleet.placed() if source.name in names]


def endings_of(scenario: Scenario, classes: Classes, histories: Histories) -> Iterator[Count | Kept]:
    """Devices that roll back, or never come back, once they have the new firmware; by hardware where the log has it."""
    labels = _hardware(scenario, histories)
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
            carries_defect(scenario.packages.index(package), key, effect),
            {},
            "0%",
            "devices that ended so, of those that installed",
        )


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


def carries_defect(package: int, key: str, effect: str) -> Callable[[str, float], Values]:
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
