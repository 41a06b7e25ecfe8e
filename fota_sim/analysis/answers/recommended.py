"""Which variant of a comparison to take, what that buys and costs; or why they cannot be told apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fota_sim.analysis.answers.apart import why_not_apart
from fota_sim.analysis.answers.costs import cost_decides, cost_undecided
from fota_sim.analysis.answers.wording import listed, short_label, two_figures
from fota_sim.analysis.compare.sentences import signed
from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.scenario.metrics import BETTER, METRICS, best_first

Report = Mapping[str, Any]
Row = Mapping[str, Any]

OF_ALL = ("outcome_bricked", "outcome_failed", "failed_of_targeted", "outcome_rolled_back")
OF_BEGUN = ("bricked_of_started", "failed_of_started")
HARM = (*OF_ALL, *OF_BEGUN)
"""What a rollout does to devices: no gain in time makes up for it unasked. It is judged by shares of all devices, or,
where the variants did not begin with as many, by shares of those that began."""
REACH = ("success_of_targeted", "outcome_upgraded", "success_of_fleet")
MOST_TOLD = 3
_COUNTED = ("downloads", "visits", "device-days", "days")
"""Units that the words of a metric (``Says``) have already."""


def recommendation(report: Report) -> list[str]:
    """What to do, and against what; from differences to the baseline that are shown, never from means alone.

    A candidate is taken if it is shown to be better in harm or reach, and worse in neither, harm aside that comes of
    beginning with more devices; one that is only faster or cheaper if it is worse in nothing. One that is better in one
    and worse in the other is a trade that only the owner of the fleet can make: by prices, where the scenario has them
    and they tell the variants apart.
    """
    base = report["baseline"]
    broken = {v["name"] for v in report["variants"] if any(row["verdict"] == "fail" for row in v["thresholds"])}
    names = [variant["name"] for variant in report["variants"][1:]]
    judged = [row for row in report["differences"] if row["metric"] not in _aside(report)]
    rows = {name: [row for row in judged if row["candidate"] == name] for name in names}
    open_to = [name for name in names if name not in broken or base in broken]
    if decided := cost_decides(report, open_to, base not in broken, {name: _given_up(rows[name]) for name in names}):
        return decided
    borders = [*cost_undecided(report, open_to)]
    better = [name for name in open_to if _wins(rows[name], _for_more_begun(report, name))]
    if better:
        first, *others = sorted(better, key=lambda name: _rank(rows[name]))
        return [_take(first, base, rows[first]), *([_next(others[0], first)] if others else []), *borders]
    trades = [name for name in open_to if _is_trade(rows[name])]
    if trades:
        return [*_trades(trades, base, rows), *borders]
    if base in broken and (kept := [name for name in open_to if name not in broken]):
        return [
            f"Take {listed([f'`{name}`' for name in kept])}: `{base}` breaks a limit of the scenario.",
            *borders,
        ]
    worse = [name for name in names if any(_worse(row) for row in rows[name])]
    if worse:
        left = [name for name in names if name not in worse]
        return [_keep(base, worse, rows), *_others(base, left, rows, report), *borders]
    return [_not_apart(base, names), why_not_apart(report["differences"], _horizon(report)), *borders]


def _given_up(rows: Sequence[Row]) -> str:
    """In which harm and reach a candidate is worse, for whom cost decides: its price is in the cost already."""
    return listed([_told(row) for row in rows if row["metric"] in (*HARM, *REACH) and _worse(row)][:MOST_TOLD])


def _aside(report: Report) -> set[str]:
    """Measures of harm that others stand for: shares of all devices where those that began are compared instead.

    If only the former were compared they stay: who spares devices by upgrading fewer is told as a trade of the two.
    """
    if not any(row["instead_of"] for row in report["best"]):
        return set(OF_BEGUN)
    compared = {row["metric"] for row in report["differences"]}
    return {metric for metric in OF_ALL if METRICS[metric].at_equal_exposure in compared}


def _for_more_begun(report: Report, name: str) -> set[str]:
    """Harms of which a candidate has more only because it begins with more: among those that began it is not beaten."""
    alike = {
        row["metric"] for row in report["best"] if row["instead_of"] and (not row["told_apart"] or name in row["best"])
    }
    return {metric for metric in OF_ALL if METRICS[metric].at_equal_exposure in alike}


def _wins(rows: Sequence[Row], excused: Collection[str]) -> bool:
    """``excused``: harms that do not count against it."""
    leading = [
        row for row in rows if row["metric"] in (*HARM, *REACH) and not (row["metric"] in excused and _worse(row))
    ]
    if any(_worse(row) for row in leading):
        return False
    if any(_better(row) for row in leading):
        return True
    return any(_better(row) for row in rows) and not any(_worse(row) for row in rows)


def _is_trade(rows: Sequence[Row]) -> bool:
    return any(_better(row) for row in rows) and any(_worse(row) for row in rows)


def _rank(rows: Sequence[Row]) -> tuple[float, ...]:
    """The less harm and the more reach, the earlier."""
    values = {row["metric"]: row["difference"] or 0.0 for row in rows}
    return tuple(best_first(metric, values[metric]) for metric in (*HARM[:2], *REACH, *HARM[2:]) if metric in values)


def _take(name: str, base: str, rows: Sequence[Row]) -> str:
    gain, price = _gain_and_price(rows)
    costs = f" The price: it {price}." if price else " Nothing is shown to be worse."
    return f"Take `{name}`: compared with `{base}` it {gain}.{costs}"


def _gain_and_price(rows: Sequence[Row]) -> tuple[str, str]:
    gain, price = (listed([_told(row) for row in rows if of(row)][:MOST_TOLD]) for of in (_better, _worse))
    return gain, price


def _next(name: str, first: str) -> str:
    return f"The next best, by its means, is `{name}`; the two were held against the baseline, not against each other."


def _trades(names: Sequence[str], base: str, rows: Mapping[str, Sequence[Row]]) -> list[str]:
    """The cheapest trade, and which others there are."""
    first, *others = sorted(names, key=lambda name: (_rate(rows[name]) is None, _rate(rows[name]) or 0.0))
    gain, price = _gain_and_price(rows[first])
    told = [
        f"`{first}` instead of `{base}` is a trade: it {gain}. The price: it {price}."
        f"{_each(rows[first])} Take it if that is worth it."
    ]
    if others:
        dearer = [
            f"`{name}`{'' if (r := _rate(rows[name])) is None else f' ({two_figures(r)} for each)'}" for name in others
        ]
        told.append(f"Other trades: {listed(dearer)}.")
    return told


def _each(rows: Sequence[Row]) -> str:
    """How many devices go with how many, where it is a trade of the one for the other."""
    given_up, gained = _rate(rows), _rate(rows, back=True)
    if given_up is not None:
        return f" That is {two_figures(given_up)} devices not upgraded for each that is spared."
    return "" if gained is None else f" That is {two_figures(gained)} devices more upgraded for each that is harmed."


def _rate(rows: Sequence[Row], back: bool = False) -> float | None:
    """Upgrades given up for each device that is spared; None where it is no trade of the one for the other.

    ``back``: upgrades gained for each device that is harmed.
    """
    good, bad = (_worse, _better) if back else (_better, _worse)
    harm = [row for row in rows if row["metric"] in HARM and row["of"] and good(row)]
    reach = [row for row in rows if row["metric"] in REACH and row["of"] and bad(row)]
    if not harm or not reach:
        return None
    parts = [row for row in harm if row["metric"] != "failed_of_targeted"] or harm  # which is the sum of the others
    return _devices(reach[0]) / sum(map(_devices, parts))


def _devices(row: Row) -> float:
    return float(abs(row["difference"]) * row["of"])


def _keep(base: str, worse: Sequence[str], rows: Mapping[str, Sequence[Row]]) -> str:
    name = worse[0]
    _, price = _gain_and_price(rows[name])
    others = f" The same holds for {listed([f'`{each}`' for each in worse[1:]])}." if worse[1:] else ""
    return f"Keep `{base}`: `{name}` {price}, and is shown to be better in nothing.{others}"


def _others(base: str, names: Sequence[str], rows: Mapping[str, Sequence[Row]], report: Report) -> list[str]:
    """Those that are neither better nor worse."""
    if not names:
        return []
    found = [row for name in names for row in rows[name]]
    return [_not_apart(base, names), why_not_apart(found, _horizon(report))]


def _not_apart(base: str, names: Sequence[str]) -> str:
    return f"{listed([f'`{name}`' for name in [base, *names]])} cannot be told apart."


def _horizon(report: Report) -> str:
    return format_duration(max(variant.get("horizon_ms", 0) for variant in report["variants"]))


def _better(row: Row) -> bool:
    return bool(row["shown"] and row["metric"] in BETTER and best_first(row["metric"], row["difference"]) < 0)


def _worse(row: Row) -> bool:
    return bool(row["shown"] and row["metric"] in BETTER and best_first(row["metric"], row["difference"]) > 0)


def _told(row: Row) -> str:
    """``bricks 65 fewer devices (95 % interval 59 to 72)``: what the candidate does, compared with the baseline."""
    more = row["difference"] > 0
    size = signed(row, "difference").lstrip("+−")
    says = METRICS[row["metric"]].says
    label = short_label(row["label"])
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
    low, high, unit = re.fullmatch(r"(\S+) to (\S+)(.*)", ends).groups()  # type: ignore[union-attr]
    if low == high:
        return " (95 % interval narrower than that)"
    if row["difference"] < 0:
        low, high = high, low
    return f" (95 % interval {low} to {high}{'' if unit.strip() in ('devices', *_COUNTED) else unit})"
