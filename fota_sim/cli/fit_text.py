"""What ``fota-sim fit`` found, in a terminal: from the dictionary of learning/told.py."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.answers.wording import rate_interval_text, rate_text
from fota_sim.cli.console import columns
from fota_sim.histories.ends import End
from fota_sim.learning.classes import UNKNOWN
from fota_sim.learning.told import interval_text
from fota_sim.quoting import number_of
from fota_sim.scenario.plain_names import plain_value

if TYPE_CHECKING:
    from fota_sim.learning.beside import Beside


def fit_text(found: dict[str, Any]) -> str:
    """The log, what was learnt, by class, and what was not."""
    parts = [_log(found), _learnt(found), _too(found["learnt"]), _rates(found["rates"]), _kept(found["kept"])]
    return "\n\n".join(part for part in parts if part)


def beside_text(found: Beside) -> str:
    """How devices ended and how long downloads took, in the log and in the fitted simulation."""
    rows: list[tuple[str, ...]] = [("the log beside the fitted simulation", "log", "simulated", "95 %", "")]
    for end, band in found.ends.items():
        rows.append(
            (
                f"  {str(end).replace('_', ' ')}",
                *(f"{100 * value:.3g} %" for value in (band.log, band.middle)),
                f"{100 * band.low:.3g} to {100 * band.high:.3g} %",
                "" if band.inside else "not explained",
            )
        )
    for share, band in found.took.items():
        if not math.isnan(band.log):
            named = f"  {100 * share:.0f} % of the downloads within"
            times = (_seconds(value) for value in (band.log, band.middle))
            apart = "" if band.inside else "not explained"
            between = "" if math.isnan(band.middle) else f"{band.low:,.0f} to {band.high:,.0f} s"
            rows.append((named, *times, between, apart))
    curve = "goes within its 95 % band all the time"
    if found.outside >= 0.01:
        curve = f"leaves its 95 % band for {100 * found.outside:.0f} % of the time"
    return f"{columns(rows, frozenset({1, 2}))}\nThe log's adoption curve {curve}."


def _seconds(value: float) -> str:
    """What a download took; where in the simulation there is none, none."""
    return "none" if math.isnan(value) else f"{value:,.0f} s"


def _log(found: dict[str, Any]) -> str:
    log = found["log"]
    of_plan = f" of plan {found['plan']}" if "plan" in found else ""
    ended = ", ".join(f"{count:,} {word.replace('_', ' ')}" for word, count in log["ended"].items())
    lines = [f"{_capital(log['platform'])}: {number_of(log['devices'], 'device')}{of_plan}: {ended}"]
    if log["targeted"] > log["devices"]:
        lines.append(f"{log['targeted'] - log['devices']:,} more are not listed: they never asked.")
    if log["without_cancelling"]:
        shares = ", ".join(
            f"{100 * share:.3g} % {end.replace('_', ' ')}" for end, share in log["without_cancelling"].items()
        )
        lines.append(f"Had nobody been taken out (competing risks): {shares}")
    lines += [
        f"{number_of(each['rows'], 'row')} left out: {each['why']} (first in {each['first']})"
        for each in log["left_out"]
    ]
    return "\n".join([*lines, *log["notes"]])


def _learnt(found: dict[str, Any]) -> str:
    learnt: list[dict[str, Any]] = found["learnt"]
    if not learnt:
        heard = set(found["log"]["ended"]) - {End.NEVER_REACHED, End.NOT_APPLICABLE}
        why = "what each value lacks is told below" if heard else "nobody has been heard of yet"
        return f"Nothing was learnt: {why}. The scenario is as it was."
    rows: list[tuple[str, ...]] = [("learnt", "value", "95 %", "was", "from")]
    for each in learnt:
        told = (each["name"], each["value"], interval_text(each), each["default"], each["how"])
        rows.append(tuple(map(plain_value, told)))
    return columns(rows, frozenset({1}))


def _too(learnt: list[dict[str, Any]]) -> str:
    """What holds for devices of other plans as well."""
    shared = [f"  {each['name']}: {', '.join(each['plans_too'])}" for each in learnt if "plans_too" in each]
    return "\n".join(["Shared with devices of other plans, which have these values too:", *shared]) if shared else ""


def _rates(rates: dict[str, Any]) -> str:
    tables = []
    for what, found in rates.items():
        rows = [(what, "", "", "95 %")]
        for by, classes in found.items():
            for each in classes:
                interval = rate_interval_text(each["interval"], each["k"])
                alone = by == "all" or (by == "signal" and each["class"] != UNKNOWN)
                label = plain_value(each["class"] if alone else f"{by} {each['class']}")
                mean = rate_text(each["mean"])
                rows.append((f"  {label}", f"{each['k']:,} of {each['n']:,}", mean, interval))
        tables.append(columns(rows, frozenset({1, 2})))
    return "\n\n".join(tables)


def _kept(kept: list[dict[str, Any]]) -> str:
    if not kept:
        return ""
    return "Not learnt, and as it was:\n" + "\n".join(f"  {each['name']}: {each['why']}" for each in kept)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
