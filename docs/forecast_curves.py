"""Forecasts of real adoption curves: each release from its first three days, and from how the one before it went.

    python docs/forecast_curves.py FILE [--workers 2] [--only RELEASE ...] [--smallest]

FILE has a row for each day: ``date``, ``total`` active installations, and a column of installations for each version,
as the public statistics of a mail client have them (github.com/thunderbird/stats, MPL-2.0). Each point release is taken
as a rollout, from the day on which it passes 0.5 % of all installations. A device counts as upgraded once it runs that
release *or a later one*: a release that is replaced after some days, as the bad ones are, does not undo itself.

The model is fota-sim's own: clients that ask once a day, heed the offer with some chance, and are released at the
operator's rate, which he may change every day (``rate_changes``); a share never comes. Nothing of the data is in it but
curves as they were known on the third day of the release that is forecast. Each release is fitted from the ranges that
it was forecast from; what that teaches of who comes, who heeds and how often the rate is sped up, widened, is the range
for the next. The first rate is anybody's guess each time. Beside the forecast: the curve of the release before, as it
was known then and as it became; and a logistic curve through the three days.
"""
# ruff: noqa: T201

from __future__ import annotations

import argparse
import csv
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from fota_sim.analysis.forecast.forecast import forecast
from fota_sim.analysis.forecast.members import Situation, near
from fota_sim.analysis.forecast.question import Question
from fota_sim.analysis.forecast.states import seen_in_log
from fota_sim.analysis.forecast.unknowns import Unknowns
from fota_sim.analysis.sensitivity.parameters import Span, parse_vary
from fota_sim.histories.columns import COLUMNS
from fota_sim.histories.ends import End
from fota_sim.histories.left_out import LeftOut
from fota_sim.histories.results import start_s
from fota_sim.histories.table import Histories
from fota_sim.histories.view import EVERYTHING
from fota_sim.scenario import units
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

Floats = NDArray[np.float64]

DEVICES = 1000
KNOWN_DAYS = 3
TARGETS = (7, 14)
BEGINS = 0.005
"""Share of all installations from which on a release counts as begun."""
MOVES, LEAST_WIDER = 5, 0.5
"""Releases are not alike: what was learnt of one is widened on each side by the most log odds by which it moved between
the last so many, and at least by so many."""
DAY_S = 86_400.0
TELLS = EVERYTHING.without([End.WAITING, End.BRICKED, End.NOT_APPLICABLE])
"""What a curve tells apart."""
GONE, IGNORES, EVERY = "fleet.groups.clients.gone", "hosts.user.ignores_offer", "plan.rollout.rate.every"
FASTER = "plan.rollout.rate_changes.faster"
FIRST = (f"{GONE}=2%..98%", f"{IGNORES}=2%..90%", f"{FASTER}=5%..50%")
THROTTLE = f"{EVERY}=1min..2d"
SCENARIO = f"""
name: clients
horizon: 15d
product: {{model: {{components: [{{identifier: app}}]}}}}
packages: [{{name: next, component: app, target_version: "2_0", files: [{{name: a.bin, size: 60kB}}]}}]
plan: {{packages: [next], push: false, rollout: {{rate: {{devices: 10, every: 20min}},
       rate_changes: {{every: 1d, faster: 25%, slower: 10%, slowest: 0.01, fastest: 100}}, order: random}}}}
hosts: {{user: {{extends: careless, ignores_offer: 40%}}}}
fleet:
  groups:
    - {{name: clients, count: {DEVICES}, module: EC200U, host: user, rssi: -60dBm, mains: 100%, gone: 25%, churn: 0%,
       contact: {{pattern: wake, every: 24h, jitter: 4h}}}}
"""


@dataclass(frozen=True)
class Throttle(Span):
    """A span of which each factor is as likely as another."""

    def at(self, place: float) -> str:
        """The value as written, ``place`` from 0 (low) to 1 (high)."""
        return units.DURATION.format(float(f"{self.low * (self.high / self.low) ** place:.6g}"))


def throttle(scenario: Scenario) -> Throttle:
    """How fast devices are released at first."""
    return Throttle(**vars(parse_vary(THROTTLE, scenario)))


@dataclass(frozen=True)
class Release:
    """A version, when it began, and the share that has it or a later one after each day."""

    name: str
    began: str
    shares: Floats

    def known(self, later: Release) -> int:
        """Days of it that are known when ``later`` is forecast."""
        since = date.fromisoformat(later.began) - date.fromisoformat(self.began)
        return min(len(self.shares), since.days + KNOWN_DAYS)

    def after(self, days: int) -> float:
        """Share after so many days; NaN where the data end before."""
        return float(self.shares[days - 1]) if days <= len(self.shares) else math.nan


def releases(path: Path) -> list[Release]:
    """All point releases of the file that ever pass ``BEGINS``, in order."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name[:1].isdigit() and name.count(".") == 2]
    total = np.array([float(row["total"]) for row in rows])
    share = np.array([[float(row[name]) for name in names] for row in rows]) / total[:, np.newaxis]
    found = []
    for k, name in enumerate(names):
        begun = np.flatnonzero(share[:, k] > BEGINS)
        if len(begun):
            or_later = share[begun[0] :, k:].sum(axis=1)
            found.append(Release(name, rows[begun[0]]["date"], or_later[: TARGETS[-1]]))
    return found


def log_of(release: Release, days: int, scenario: Scenario) -> Histories:
    """The curve as histories of devices, up to so many days; nobody is ever not upgraded again."""
    began_s = start_s(scenario)
    counts = np.maximum.accumulate(np.round(release.shares[:days] * DEVICES)).astype(int)
    ended = np.full(DEVICES, np.nan)
    before = 0
    for day, count in enumerate(counts.tolist()):
        ended[before:count] = day + (np.arange(count - before) + 0.5) / max(1, count - before)
        before = max(before, count)
    frame = pd.DataFrame({"device": [f"clients-{k}" for k in range(DEVICES)]})
    frame["ended"] = np.where(np.isnan(ended), str(End.NEVER_REACHED), str(End.SUCCEEDED))
    frame["offered_s"] = began_s
    frame["contact_s"] = frame["ended_s"] = began_s + ended * DAY_S
    for each in COLUMNS:
        if each.name not in frame:
            frame[each.name] = "" if each.kind in ("text", "name") else 0 if each.name == "line" else np.nan
    frame = frame[[each.name for each in COLUMNS]]
    return Histories(frame, "a curve", began_s, began_s + days * DAY_S, DEVICES, False, LeftOut(), TELLS)


@dataclass(frozen=True)
class Learnt:
    """What the curve of a release says of who comes, how willingly, and of the operator, as far as it was known."""

    spans: list[Span]
    places: Floats
    """Of members within ``spans``, shape (members, spans)."""

    def odds(self, quantile: float) -> Floats:
        """Log odds of each share; shape (spans,)."""
        at = np.quantile(self.places, quantile, axis=0)
        low, high = (np.array([getattr(each, end) for each in self.spans]) for end in ("low", "high"))
        shares = low + at * (high - low)
        return np.asarray(np.log(shares / (1 - shares)))

    def ranges(self, wider: Floats, scenario: Scenario) -> list[Span]:
        """What the shares of the next release are within: moved by ``wider`` log odds on each side."""
        low, high = (1 / (1 + np.exp(-self.odds(q) + by)) for q, by in ((0.05, wider), (0.95, -wider)))
        first = [parse_vary(text, scenario) for text in FIRST]
        return [
            replace(each, low=max(each.low, float(a)), high=min(each.high, float(b)))
            for each, a, b in zip(first, low, high, strict=True)
        ]


def learnt(release: Release, days: int, spans: list[Span], scenario: Scenario, members: int, workers: int) -> Learnt:
    """Fit the curve of a release, of which so many days are known, and before that its shares within ``spans``."""
    seen, _ = seen_in_log(log_of(release, days, scenario), _ids(), start_s(scenario), TELLS)
    unknowns = Unknowns.of(scenario, [*spans, throttle(scenario)], assumptions=False)
    found = near(Situation(unknowns, seen, TELLS, round(days * DAY_S * 1000), (members, 1), workers))
    return Learnt(spans, found.places[:, : len(spans)])


def wider(fits: Sequence[Learnt]) -> Floats:
    """By how many log odds each share moved between releases, at most, in the last fits that there were."""
    middles = np.array([fit.odds(0.5) for fit in fits[-MOVES - 1 :]])
    return np.vstack([np.abs(np.diff(middles, axis=0)), np.full((1, middles.shape[1]), LEAST_WIDER)]).max(axis=0)


def _ids() -> list[str]:
    return [f"clients-{k}" for k in range(DEVICES)]


def logistic(release: Release, days: int) -> float:
    """A logistic curve through the first days, at a later one."""
    time = np.arange(0, KNOWN_DAYS + 1, dtype=float)
    shares = np.concatenate([[0.0], release.shares[:KNOWN_DAYS]])

    def curve(at: Floats, top: float, middle: float, width: float) -> Floats:
        return np.asarray(top / (1 + np.exp(-np.clip((at - middle) / width, -60, 60))))

    try:
        fitted, _ = curve_fit(
            curve, time, shares, p0=(min(0.95, 2 * shares[-1]), 2.0, 1.0), bounds=([0, -5, 0.05], [1, 30, 10])
        )
    except RuntimeError:
        return float(shares[-1])
    return float(curve(np.array(float(days)), *fitted))


def main() -> None:
    """Print a row for each release, and the mean errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", nargs="*", help="these releases; all before them are fitted")
    parser.add_argument("--smallest", action="store_true", help="only show that it runs")
    asked = parser.parse_args()
    members = 20 if asked.smallest else 60
    print("| release | begun | after 3 d | 7 d | forecast (90 %) | error | 14 d | forecast (90 %) | error |")
    print("|---|---|---|---|---|---|---|---|---|")
    told = []
    for row in forecasts(asked.file, members, asked.workers, asked.only, 3 if asked.smallest else None):
        print(f"| {' | '.join(row.cells())} |", flush=True)
        told.append(row)
    print("\n| mean absolute error, points | 7 d | 14 d |\n|---|---|---|")
    for name in ("forecast", "release before", "release before, known to its end", "logistic"):
        means = [np.nanmean([abs(row.errors[name][k]) for row in told]) for k in range(2)]
        medians = [np.nanmedian([abs(row.errors[name][k]) for row in told]) for k in range(2)]
        cells = [f"{mean:.1f} (median {median:.1f})" for mean, median in zip(means, medians, strict=True)]
        print(f"| {name} | {' | '.join(cells)} |")
    held = [100 * np.mean([row.held[k] for row in told if row.held[k] is not None]) for k in range(2)]
    print(f"| 90 % interval held, % | {held[0]:.0f} | {held[1]:.0f} |")


@dataclass(frozen=True)
class Row:
    """A release, and what was said of it."""

    release: Release
    quantiles: list[tuple[float, float, float]] | None
    """At each target: 5 %, the middle and 95 % of members, in points; None: nothing explains its first days."""
    errors: dict[str, list[float]]
    """In points, by who says it, at each target."""

    @property
    def held(self) -> list[bool | None]:
        """Whether the interval has what came, at each target."""
        if self.quantiles is None:
            return [None, None]
        came = [100 * self.release.after(days) for days in TARGETS]
        return [
            None if math.isnan(at) else low <= at <= high
            for at, (low, _, high) in zip(came, self.quantiles, strict=True)
        ]

    def cells(self) -> list[str]:
        """Of the table."""
        cells = [self.release.name, self.release.began, f"{100 * self.release.after(KNOWN_DAYS):.1f}"]
        for k, days in enumerate(TARGETS):
            cells.append(f"{100 * self.release.after(days):.1f}")
            if self.quantiles is None:
                cells += ["none", ""]
            else:
                low, middle, high = self.quantiles[k]
                cells += [f"{middle:.1f} ({low:.1f} to {high:.1f})", f"{self.errors['forecast'][k]:+.1f}"]
        return cells


def forecasts(
    path: Path, members: int, workers: int, only: Sequence[str] | None = None, most: int | None = None
) -> Iterator[Row]:
    """A row for each release but the first, which only teaches; of the first ``most``, and ``only`` these."""
    scenario = parse_scenario(SCENARIO)
    fits: list[Learnt] = []
    spans = [parse_vary(text, scenario) for text in FIRST]
    left = None if only is None else {*only}
    for before, release in list(pairwise(releases(path)))[:most]:
        known = before.known(release)
        fits.append(learnt(before, known, spans, scenario, members, workers))
        spans = fits[-1].ranges(wider(fits), scenario)
        if left is not None:
            if not left:
                return
            if release.name not in left:
                continue
            left.remove(release.name)
        question = Question(
            scenario,
            log_of(release, KNOWN_DAYS, scenario),
            unknowns=[*spans, throttle(scenario)],
            assumptions=False,
            decides=False,
            members=(members, members),
            workers=workers,
        )
        found = forecast(question)
        came = [100 * release.after(days) for days in TARGETS]
        quantiles, errors = None, {"forecast": [math.nan, math.nan]}
        if found.continued:
            grid_ms = np.unique(np.linspace(0, scenario.horizon_ms, 121).astype(np.int64))
            curves = np.array([each.ways["go on"].adopted for each in found.continued]) * 100 / DEVICES
            at_ms = [days * DAY_S * 1000 for days in TARGETS]
            draws = [[float(np.interp(at, grid_ms, curve)) for curve in curves] for at in at_ms]
            quantiles = [tuple(np.quantile(each, (0.05, 0.5, 0.95)).tolist()) for each in draws]
            errors["forecast"] = [middle - at for (_, middle, _), at in zip(quantiles, came, strict=True)]
        errors["release before"] = [
            100 * before.after(min(days, known)) - at for days, at in zip(TARGETS, came, strict=True)
        ]
        errors["release before, known to its end"] = [
            100 * before.after(days) - at for days, at in zip(TARGETS, came, strict=True)
        ]
        errors["logistic"] = [100 * logistic(release, days) - at for days, at in zip(TARGETS, came, strict=True)]
        yield Row(release, quantiles, errors)


if __name__ == "__main__":
    main()
