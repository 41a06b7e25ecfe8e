"""What the differences of a comparison weigh: which count as better or worse, and what is no bargain for anybody."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fota_sim.analysis.numbers.best import UPGRADES_FOR_ONE
from fota_sim.scenario.metrics import BETTER, METRICS, best_first

Report = Mapping[str, Any]
Row = Mapping[str, Any]

OF_ALL = ("outcome_bricked", "outcome_failed", "failed_of_targeted", "outcome_rolled_back")
OF_BEGUN = ("bricked_of_started", "failed_of_started")
HARM = (*OF_ALL, *OF_BEGUN)
"""What a rollout does to devices: no gain in time makes up for it unasked. It is judged by shares of all devices, or,
where the variants did not begin with as many, by shares of those that began."""
REACH = ("success_of_targeted", "outcome_upgraded", "success_of_fleet")
_WASTED = ("bytes_sent", "bytes_wasted", "energy_J", "energy_wasted_J")


class Weighing:
    """The differences of every candidate to the baseline, weighed."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._asked = set(report.get("key_metrics", ()))
        aside = _aside(report)
        told = [*report["differences"], *report.get("unasked", ())]
        judged = [row for row in told if row["metric"] not in aside]
        names = [variant["name"] for variant in report["variants"][1:]]
        self.rows: Mapping[str, Sequence[Row]] = {
            name: sorted((row for row in judged if row["candidate"] == name), key=self._place) for name in names
        }
        """By candidate, those asked about first; without measures that others stand for.

        With upgrades of the whole fleet, whatever was compared.
        """

    def wins(self, name: str) -> bool:
        """Whether it is shown to be better in what matters, worse in none of it, and not bought too dearly."""
        rows = self.rows[name]
        if any(self._counts_against(name, row) for row in rows) or self.too_dear(name):
            return False
        if any(better(row) for row in rows if row["metric"] in self._leading):
            return True
        return any(map(better, rows)) and not any(map(worse, rows))

    def is_trade(self, name: str) -> bool:
        """Whether it is better in something and worse in something, as somebody might want it."""
        rows = self.rows[name]
        return any(map(better, rows)) and any(map(worse, rows)) and not self.is_lopsided(name)

    def is_lopsided(self, name: str) -> bool:
        """Whether it spares a few failures, and gives up many times as many upgrades."""
        given_up = rate(self.rows[name])
        spared = [row["metric"] for row in self.rows[name] if row["metric"] in self._leading and better(row)]
        return (
            given_up is not None
            and given_up > UPGRADES_FOR_ONE
            and all(METRICS[metric].counted_in for metric in spared)
        )

    def too_dear(self, name: str) -> tuple[Row, float, float] | None:
        """The row of what it wastes for its gain, how much for each device, and as much as how many upgrades take."""
        gained = max((self._gained(name, row) for row in self.rows[name]), default=0.0)
        if gained <= 0:
            return None
        for row in self.rows[name]:
            takes = self._report.get("one_upgrade", {}).get(row["unit"])
            if row["metric"] in _WASTED and worse(row) and takes:
                each = row["difference"] / gained
                if each > UPGRADES_FOR_ONE * takes:
                    return row, each, each / takes
        return None

    def _gained(self, name: str, row: Row) -> float:
        """Devices that are upgraded, or spared a harm and not still at it."""
        if row["metric"] not in (*HARM, *REACH) or not better(row) or not row["of"]:
            return 0.0
        return _devices(row) - (max(self.more_at_it(name), 0.0) if METRICS[row["metric"]].counted_in else 0.0)

    def more_at_it(self, name: str) -> float:
        """How many more of its devices than of the baseline's are still at it at the end."""
        found = self._report.get("still_at_it", {})
        return float(found[name]["devices"] - found[self._report["baseline"]]["devices"]) if name in found else 0.0

    def rank(self, name: str) -> tuple[float, ...]:
        """The less harm and the more reach, the earlier; then what the question is about, then by means alone."""
        rows = {row["metric"]: row for row in self.rows[name]}
        order = [metric for metric in (*HARM[:2], *REACH, *HARM[2:]) if metric in rows]
        asked = [metric for metric in rows if metric in self._asked and metric in BETTER]
        shown = {metric: row["difference"] if _shown(row) else 0.0 for metric, row in rows.items()}
        means = {metric: 0.0 if row.get("moved") else row["difference"] or 0.0 for metric, row in rows.items()}
        return (
            *(best_first(metric, shown[metric]) for metric in order),
            *(best_first(metric, means[metric]) for metric in (*asked, *order)),
        )

    def reach(self, name: str) -> float:
        """Devices that it is shown to upgrade more than the baseline."""
        rows = [row for row in self.rows[name] if row["metric"] in REACH and row["of"]]
        return max((_devices(row) for row in rows if better(row)), default=0.0)

    @property
    def _leading(self) -> set[str]:
        return {*HARM, *REACH, *self._asked}

    def _place(self, row: Row) -> bool:
        return row["metric"] not in self._asked

    def _counts_against(self, name: str, row: Row) -> bool:
        """Whether it is worse in what matters, and not only because it begins with more, or gets far more there."""
        if row["metric"] not in self._leading or not worse(row):
            return False
        if row["metric"] in self._for_more_begun(name):
            return False
        gained = rate(self.rows[name], back=True)
        return not (METRICS[row["metric"]].counted_in and gained is not None and gained > UPGRADES_FOR_ONE)

    def _for_more_begun(self, name: str) -> set[str]:
        """Harms of which it has more only because it begins with more: among those that began it is not beaten."""
        rows = [row for row in self._report["best"] if row["instead_of"]]
        alike = {row["metric"] for row in rows if not row["told_apart"] or name in row["best"]}
        return {metric for metric in OF_ALL if {METRICS[metric].at_equal_exposure, METRICS[metric].counted_in} & alike}


def _aside(report: Report) -> Collection[str]:
    """Measures that others stand for: harm as a share of all devices where those that began are compared instead, and
    upgrades as a share of the targeted where all devices are.

    If only the former of a harm were compared they stay: who spares devices by upgrading fewer is told as a trade.
    """
    stood_for = {row["instead_of"] for row in report["best"]}
    reach = {metric for metric in REACH if METRICS[metric].of_fleet and metric in stood_for}
    return {*_harm_aside(report), *reach}


def _harm_aside(report: Report) -> Collection[str]:
    if not any(row["instead_of"] and row["metric"] in OF_BEGUN for row in report["best"]):
        return OF_BEGUN
    compared = {row["metric"] for row in report["differences"]}
    return {metric for metric in OF_ALL if METRICS[metric].at_equal_exposure in compared}


def better(row: Row) -> bool:
    """Whether the candidate is shown to be better in it; a harm that only went elsewhere is neither."""
    return _shown(row) and best_first(row["metric"], row["difference"]) < 0


def worse(row: Row) -> bool:
    """The same for worse."""
    return _shown(row) and best_first(row["metric"], row["difference"]) > 0


def _shown(row: Row) -> bool:
    return bool(row["shown"] and row["metric"] in BETTER and not row.get("moved"))


def is_moved(row: Row) -> bool:
    """Whether it is a harm that is shown to differ, though no other number of devices got there."""
    return bool(row["shown"] and row.get("moved"))


def rate(rows: Sequence[Row], back: bool = False) -> float | None:
    """Upgrades given up for each device that is spared; None where it is no trade of the one for the other.

    ``back``: upgrades gained for each device that is harmed.
    """
    good, bad = (worse, better) if back else (better, worse)
    harm = [row for row in rows if row["metric"] in HARM and row["of"] and good(row)]
    reach = [row for row in rows if row["metric"] in REACH and row["of"] and bad(row)]
    if not harm or not reach:
        return None
    parts = [row for row in harm if row["metric"] != "failed_of_targeted"] or harm  # which is the sum of the others
    return _devices(reach[0]) / sum(map(_devices, parts))


def _devices(row: Row) -> float:
    return float(abs(row["difference"]) * row["of"])
