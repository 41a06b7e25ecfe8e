"""What happened to the plan, and when: waves, abort rules, the operator; above it, how far the upgrade was."""

from __future__ import annotations

import re
from statistics import median
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fota_sim.analysis.answers.wording import count_of, listed
from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.analysis.run.stops import first_stops
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.adoption import draw_upgraded, dress_shares
from fota_sim.report.figures.style import (
    SMALL_PT,
    broken,
    footnote,
    headline,
    legend_above,
    new_figure,
    shortened,
    styled,
)
from fota_sim.report.figures.time_axis import Window, dress_time_axis, shade_nights, window
from fota_sim.report.figures.words import replications
from fota_sim.report.palette import BLUE, DARK_GREY, VERMILION
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.waves import counted, played

MOST_LANES = 14
"""Later kinds of events than these are left out, and the footnote says so."""
MOST_WAVES = 8
"""More waves share a lane."""
_WAVE = re.compile(r"wave (\d+) of (\d+)(?: opened|: deadline passed)")
_COUNT = re.compile(r" at \d+ failures$")
_STOPPING = re.compile(r"abort rule|sequential test|rollout |suspend|terminate|ended")
_LABEL_IN = 2.5
_LANE_IN = 0.36


class Lane(NamedTuple):
    """Events of one kind."""

    label: str
    at_ms: list[int]
    """All replications together."""
    replications: int
    """In how many it happened."""
    median_ms: float
    """Of the first in each of these."""
    stops: bool


@styled
def timeline_figure(study: Study) -> Figure:
    """Adoption above, and below it a lane for each kind of event, with a mark for each replication."""
    found = lanes(study)
    drawn = found[:MOST_LANES]
    figure = new_figure(4.2 + _LANE_IN * len(drawn))
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.6, 0.3 + _LANE_IN * len(drawn)])
    shown = window(study, max(max(lane.at_ms) for lane in drawn))
    shade_nights(above, study, shown)
    draw_upgraded(above, study, shown.drawn, shown.time, "upgraded, of targeted devices")
    dress_shares(above)
    _draw_lanes(below, study, drawn, shown)
    for lane in drawn:
        colour, style = (VERMILION, "--") if lane.stops else (BLUE, ":")
        above.axvline(lane.median_ms / shown.unit_ms, color=colour, ls=style, lw=1)
    dress_time_axis(below, shown)
    legend_above(above, 2)
    headline(figure, timeline_finding(study))
    left_out = len(found) - len(drawn)
    more = f" {count_of(left_out, 'later kind')} of events left out." if left_out else ""
    each = "" if study.summary["replications"] == 1 else "; a mark for each of them, lines and times at the median"
    footnote(figure, f"Curve: {replications(study)}{each}.{more}")
    return figure


def lanes(study: Study) -> list[Lane]:
    """The plan's log by kinds of events, in the order of time; there is always one, the activation."""
    log = study.plan_log
    waves = {match[1] for text in log["text"].unique() if (match := _WAVE.match(text))}
    kind = log["text"].map(lambda text: _kind(text, study, len(waves) > MOST_WAVES))
    found = []
    for label, rows in log.groupby(kind, sort=False):
        first = rows.groupby("replication")["at_ms"].min()
        stops = bool(_STOPPING.search(str(label)))
        found.append(Lane(str(label), rows["at_ms"].astype(int).tolist(), len(first), float(first.median()), stops))
    return sorted(found, key=lambda lane: lane.median_ms)


def timeline_finding(study: Study) -> str:
    """How many waves opened, and whether the rollout stopped."""
    log, count = study.plan_log, study.summary["replications"]
    several = study.scenario.plans
    if not several:
        return _finding(study.scenario, log, count)
    told: dict[str, list[str]] = {}
    for name, one in zip(several, study.scenario.each_plan, strict=True):
        told.setdefault(_finding(one, _of_plan(log, one.plan_name), count), []).append(name)
    if len(told) == 1:
        return f"Each plan: {_lower(*told)}"
    return ". ".join(f"{listed(names)}: {_lower(text)}" for text, names in told.items())


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _of_plan(log: pd.DataFrame, name: str) -> pd.DataFrame:
    """The lines of one of several plans, without its name."""
    own = log[log["text"].str.startswith(f"{name}: ")]
    return own.assign(text=own["text"].str.removeprefix(f"{name}: "))


def _finding(scenario: Scenario, log: pd.DataFrame, count: int) -> str:
    planned = _planned_waves(scenario, log)
    opened = log[log["text"].str.fullmatch(r"wave \d+ of \d+ opened")].groupby("replication").size()
    if planned:
        reached = pd.concat([opened, pd.Series([0] * (count - len(opened)), dtype=int)])
        low, high = int(reached.min()), int(reached.max())
        some = f"{low}" if low == high else f"{low} to {high}"
        text = f"{some} of {count_of(planned, 'wave')} opened"
    else:
        text = "No waves: everybody is released at once"
    stops = first_stops(zip(log["replication"], log["at_ms"], log["text"], strict=True))
    if not stops:
        return f"{text}; nothing stopped the rollout"
    how = listed(list(dict.fromkeys(stop.how for stop in stops)), "or")
    when = format_duration(float(median(stop.at_ms for stop in stops)))
    often = "" if count == 1 else f" (median) in {len(stops)} of {count} replications"
    return f"{text}; {how} after {when}{often}"


def _kind(text: str, study: Study, together: bool) -> str:
    """What stands before a lane: without numbers that differ between replications, and with the wave's name."""
    match = _WAVE.match(text)
    if match is None:
        return _COUNT.sub("", text)
    if together:
        return f"{match[0].replace(f'wave {match[1]}', 'a wave')}"
    name = _name_of_wave(study, int(match[1]), int(match[2]))
    return f"{text} ({name})" if name else text


def _planned_waves(scenario: Scenario, log: pd.DataFrame) -> int:
    """Waves with their groups, as the log tells; groups may differ in number between fleets, and the most count."""
    waves = scenario.plan.rollout.waves
    told = [int(match[2]) for text in log["text"].unique() if (match := _WAVE.match(text))]
    return max(told, default=sum(wave.groups or 1 for wave in waves)) if waves else 0


def _name_of_wave(study: Study, number: int, total: int) -> str:
    """The name of wave ``number`` (from 1) of so many; empty if it has none, or if nobody can tell which it is."""
    waves = study.scenario.plan.rollout.waves
    counts = counted(waves, total)
    if counts is None:
        return ""
    return [wave.name for wave in played(waves, counts)][number - 1]


def _draw_lanes(axes: Axes, study: Study, drawn: list[Lane], shown: Window) -> None:
    shade_nights(axes, study, shown)
    for y, lane in enumerate(drawn):
        colour, marker = (VERMILION, "X") if lane.stops else (BLUE, "o")
        times = [at_ms / shown.unit_ms for at_ms in lane.at_ms]
        axes.plot(times, [y] * len(times), marker, color=colour, ms=7, alpha=0.6, mew=0, clip_on=False)
        count = study.summary["replications"]
        often = "" if count == 1 else f", {lane.replications} of {count}"
        when = format_duration(lane.median_ms)
        if len(lane.at_ms) > lane.replications:
            when = f"{format_duration(min(lane.at_ms))} to {format_duration(max(lane.at_ms))}"
        told = f"{when}{often}"
        axes.annotate(told, (1.02, y), xycoords=("axes fraction", "data"), va="center", fontsize=SMALL_PT)
    axes.set_yticks(range(len(drawn)), [_two_lines(lane.label) for lane in drawn])
    axes.set_ylim(len(drawn) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, pad=9)
    axes.grid(axis="y", color=DARK_GREY, alpha=0.15)


def _two_lines(label: str) -> str:
    return broken(shortened(label, 1.8 * _LABEL_IN, SMALL_PT), _LABEL_IN, SMALL_PT)
