"""Which variant of a comparison to take, what that buys and costs; or why they cannot be told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fota_sim.analysis.answers.apart import why_not_apart
from fota_sim.analysis.answers.costs import cost_decides, cost_undecided
from fota_sim.analysis.answers.left_out import left_out_text
from fota_sim.analysis.answers.weighing import HARM, REACH, Row, Weighing, better, is_moved, rate, worse
from fota_sim.analysis.answers.wording import count_of, listed, number_text, two_figures
from fota_sim.analysis.compare.sentences import signed
from fota_sim.analysis.numbers.rounding import NARROW, format_duration, format_value
from fota_sim.scenario.metrics import METRICS, best_first, short_label, spoken

Report = Mapping[str, Any]

MOST_TOLD = 3
_COUNTED = ("attempts", "downloads", "visits", "device-days", "days")
"""Units that the words of a metric (``Says``) have already."""
_OF_A_HARM = 0.1
"""The part of the devices that are spared a failure from which on it is told that so many are still at it."""


def recommendation(report: Report) -> list[str]:
    """What to do, and against what; from differences to the baseline that are shown, never from means alone.

    A candidate is taken if it is shown to be better in harm, reach or what the question is about, and worse in none of
    them (``Weighing.wins``); one that is only faster or cheaper if it is worse in nothing. One that is better in one
    and worse in the other is a trade that only the owner of the fleet can make: by prices, where the scenario has them
    and they tell the variants apart.
    """
    return _Recommendation(report).told()


class _Recommendation:
    """The sentences of one report."""

    def __init__(self, report: Report) -> None:
        self._report, self._weighing = report, Weighing(report)
        self._base: str = report["baseline"]
        broken = {v["name"] for v in report["variants"] if any(row["verdict"] == "fail" for row in v["thresholds"])}
        self._base_broken = self._base in broken
        self._names = [variant["name"] for variant in report["variants"][1:]]
        self._open_to = [name for name in self._names if name not in broken or self._base_broken]
        self._kept = [name for name in self._open_to if name not in broken]

    def told(self) -> list[str]:
        report, weighing, rows = self._report, self._weighing, self._weighing.rows
        given_up = {name: self._given_up(name) for name in self._names}
        aside = {name: " ".join(self._left_out(name)) for name in self._names}
        if decided := cost_decides(report, self._open_to, not self._base_broken, given_up, aside):
            return decided
        borders = [*cost_undecided(report, self._open_to)]
        wins = [name for name in self._open_to if weighing.wins(name)]
        if wins:
            first, *others = sorted(wins, key=weighing.rank)
            return [self._take(first), *map(self._next, others[:1]), *self._beyond(first), *borders]
        trades = [name for name in self._open_to if weighing.is_trade(name)]
        if trades:
            return [*self._trades(trades), *borders]
        if self._base_broken and self._kept:
            return [*self._keeps_limits(), *borders]
        beaten = [name for name in self._names if any(map(worse, rows[name]))]
        if beaten:
            left = [name for name in self._names if name not in beaten]
            return [self._keep(beaten), *self._moved(beaten[0]), *self._not_apart(left), *borders]
        return [*self._not_apart(self._names), *borders]

    def _keeps_limits(self) -> list[str]:
        """Who keeps the limits that the baseline breaks, and at what price."""
        kept = listed([f"`{name}`" for name in self._kept])
        told = [f"Take {kept}: `{self._base}` breaks a limit of the scenario."]
        for name in self._kept[:MOST_TOLD]:
            if price := self._listed(name, worse):
                told.append(f"The price of `{name}`: it {price}.")
            told += self._left_out(name)
        return told

    def _left_out(self, name: str) -> list[str]:
        """The devices that it does not begin with and the baseline does, and how these end."""
        found = self._report.get("unserved", {}).get(name)
        return [] if found is None else [left_out_text(f"`{name}`", f"`{self._base}`", found)]

    def _given_up(self, name: str) -> str:
        """In which harm and reach it is worse, for whom cost decides: its price is in the cost already."""
        rows = self._weighing.rows[name]
        return listed([_told(row) for row in rows if row["metric"] in (*HARM, *REACH) and worse(row)][:MOST_TOLD])

    def _take(self, name: str) -> str:
        gain, price = self._gain_and_price(name)
        costs = f" The price: it {price}." if price else " Nothing is shown to be worse."
        aside = "".join(f" {text}" for text in (*self._of_which(name), *self._moved(name), *self._left_out(name)))
        return f"Take `{name}`: compared with `{self._base}` it {gain}.{costs}{aside}"

    def _gain_and_price(self, name: str) -> tuple[str, str]:
        return self._listed(name, better), self._listed(name, worse)

    def _listed(self, name: str, of: Callable[[Row], bool]) -> str:
        return listed([_told(row) for row in self._weighing.rows[name] if of(row)][:MOST_TOLD])

    def _of_which(self, name: str) -> list[str]:
        """How many of the devices that are spared a failure have not got there either, but are still at it."""
        more = self._weighing.more_at_it(name)
        for row in self._weighing.rows[name]:
            if not METRICS[row["metric"]].counted_in or not better(row) or not row["of"]:
                continue
            spared = abs(row["difference"]) * row["of"]
            if more >= _OF_A_HARM * spared:
                return [f"Of the {number_text(_short(spared))} fewer failed, {self._at_it(name, more)}."]
        return []

    def _at_it(self, name: str, devices: float) -> str:
        """``19 are still at it at the end, after 9 attempts each``."""
        attempts = self._report["still_at_it"][name]["attempts"]
        count = number_text(_short(devices))
        are = "is" if count == "1" else "are"
        return f"{count} {are} still at it at the end, after {count_of(round(attempts), 'attempt')} each"

    def _moved(self, name: str) -> list[str]:
        """Of a harm that only went elsewhere: where to."""
        rows = [row for row in self._weighing.rows[name] if is_moved(row)]
        if not rows:
            return []
        row = rows[0]
        if best_first(row["metric"], row["difference"]) > 0:
            return [f"That it {_told(row)} is not held against it: no fewer of those that began get there."]
        more = self._weighing.more_at_it(name)
        why = self._at_it(name, more) if more > 0 else "no more of those that began get there"
        return [f"That it {_told(row)} is no gain: {why}."]

    def _next(self, name: str) -> str:
        both = "the two were held against the baseline, not against each other"
        return f"The next best, by its means, is `{name}`; {both}."

    def _beyond(self, first: str) -> list[str]:
        """Who would upgrade still more, at a price that keeps it from being taken."""
        weighing = self._weighing
        least = weighing.reach(first)
        dear = [name for name in self._open_to if weighing.reach(name) > least and not weighing.wins(name)]
        if not dear:
            return []
        name = max(dear, key=weighing.reach)
        gain, price = self._gain_and_price(name)
        told = f"`{name}` is a trade: compared with `{self._base}` it {gain}, but {price}.{self._each(name)}"
        return [told, *self._of_which(name), *self._left_out(name)]

    def _trades(self, names: Sequence[str]) -> list[str]:
        """The cheapest trade, and which others there are."""
        rates = {name: rate(self._weighing.rows[name]) for name in names}
        first, *others = sorted(names, key=lambda name: (rates[name] is None, rates[name] or 0.0))
        gain, price = self._gain_and_price(first)
        told = [
            f"`{first}` instead of `{self._base}` is a trade: it {gain}. The price: it {price}."
            f"{self._each(first)} Take it if that is worth it.",
            *self._of_which(first),
            *self._moved(first),
            *self._left_out(first),
        ]
        if others:
            dearer = [
                f"`{name}`{'' if (r := rates[name]) is None else f' ({two_figures(r)} for each)'}" for name in others
            ]
            told.append(f"Other trades: {listed(dearer)}.")
        return told

    def _each(self, name: str) -> str:
        """What goes with each device that is spared or gained, where it is a trade of the one for the other."""
        rows = self._weighing.rows[name]
        if (given_up := rate(rows)) is not None:
            return f" That is {two_figures(given_up)} devices not upgraded for each that is spared."
        if (gained := rate(rows, back=True)) is not None:
            return f" That is {two_figures(gained)} devices more upgraded for each that is harmed."
        if (dear := self._weighing.too_dear(name)) is not None:
            row, each, upgrades = dear
            amount = format_value(each, row["unit"])
            return f" That is {amount} for each device gained, as much as {two_figures(upgrades)} upgrades take."
        return ""

    def _keep(self, beaten: Sequence[str]) -> str:
        name, *rest = beaten
        gain, price = self._gain_and_price(name)
        others = f" The same holds for {listed([f'`{each}`' for each in rest])}." if rest else ""
        if not gain:
            return f"Keep `{self._base}`: `{name}` {price}, and is shown to be better in nothing.{others}"
        return (
            f"Keep `{self._base}`: `{name}` {price}. That it {gain} does not outweigh that.{self._each(name)}{others}"
        )

    def _not_apart(self, names: Sequence[str]) -> list[str]:
        """Those that are neither better nor worse, and why nothing tells them apart."""
        if not names:
            return []
        found = [row for name in names for row in self._weighing.rows[name]]
        horizon = format_duration(max(variant.get("horizon_ms", 0) for variant in self._report["variants"]))
        alike = f"{listed([f'`{name}`' for name in [self._base, *names]])} cannot be told apart."
        if set(names) <= set(self._report.get("says_the_same", ())):
            return [alike, "They say the same, and differ in nothing that is simulated: change one of them."]
        return [alike, why_not_apart(found, horizon)]


def _short(devices: float) -> float:
    """Two figures of a number of devices."""
    return float(f"{devices:.2g}") if devices < 100 else float(round(devices))


def _told(row: Row) -> str:
    """``bricks 65 fewer devices (95 % interval 59 to 72)``: what the candidate does, compared with the baseline."""
    more = row["difference"] > 0
    size = signed(row, "difference").lstrip("+−")
    says = METRICS[row["metric"]].says
    label = spoken(short_label(row["label"]))
    does, rest = ("has", f" of {label}") if says is None else (says.does, says.rest)
    if row["unit"] == "share" and row["of"]:
        told = f"{does} {size.split(' ')[0]} {'more' if more else 'fewer'} devices{rest}"
    elif row["unit"] == "ms":
        told = f"{does} {size} {'longer' if more else 'less'}{rest}"
    elif row["unit"] in _COUNTED:
        told = f"{does} {size.split(' ')[0]} {'more' if more else 'fewer'}{rest}"
    else:
        told = f"{does} {size} {'more' if more else 'less'}{rest}"
    return f"{told}{_ends(row)}"


def _ends(row: Row) -> str:
    """The interval of a difference that is shown: both ends have its sign, which the words before say."""
    if row["low"] is None:
        return ""
    ends = re.sub(r"[+−]", "", signed(row, "low", "high"))
    if ends == NARROW:
        return " (95 % interval narrower than that)"
    low, high, unit = re.fullmatch(r"(\S+) to (\S+)(.*)", ends).groups()  # type: ignore[union-attr]
    if row["difference"] < 0:
        low, high = high, low
    return f" (95 % interval {low} to {high}{'' if unit.strip() in ('devices', *_COUNTED) else unit})"
