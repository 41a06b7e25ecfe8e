"""Times of offers that devices really got, in a log whose column should say when the rollout came to each.

A device without a time of its offer counts as one that the rollout had not come to, and is asked about nothing. Where
the column has the offers that devices answered, who is gone has none, so that nobody would be gone. The plan tells the
two apart: it is played once, up to the end of the log, and those it had not come to are counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fota_sim.histories.ends import End
from fota_sim.histories.table import Histories
from fota_sim.histories.view import EVERYTHING
from fota_sim.learning.trials import Trials, as_long_as
from fota_sim.quoting import number_of
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plan import releases_at_once

_FEW = 0.02
"""Of the devices: so many more without an offer than the plan has left are no sign."""
_NUMBER = 3_000_000
"""Of the replication that is played: luck that no trial has."""


@dataclass(frozen=True)
class Offers:
    """A log, and what to know of its times of offers."""

    histories: Histories
    note: str = ""
    """How they were taken, or why they are doubted; empty if they are as they should be."""
    why_not_gone: str = ""
    """Why the log does not say who is gone; empty if it may."""


def offers_of(histories: Histories, under: Scenario, plan: str, engine: str) -> Offers:
    """The log with its times of offers as the plan explains them.

    Where the plan comes to everybody at once and no device with an offer is silent, they are first contacts. Where it
    has waves or a rate they stay, and are doubted. ``under``: the scenario with nothing to draw.
    """
    meant = ~histories.ended(End.NOT_APPLICABLE)
    has_one = histories.frame["offered_s"].notna().to_numpy(bool)
    without = meant & ~has_one & ~histories.reached
    if not has_one.any() or not without.any():
        return Offers(histories)
    expected, luck = _not_come_to(histories, under, plan, engine, int(meant.sum()))
    count = int(without.sum())
    if count <= expected + luck + _FEW * meant.sum():
        return Offers(histories)
    silent = meant & has_one & ~histories.reached
    if releases_at_once(under.of_plan(plan).plan) and not silent.any():
        note = (
            f"{number_of(count, 'device')} without a time of an offer, where the plan comes to everybody at once and "
            "who has one was always heard of: the times are taken for those at which devices got their offers, their "
            "first contacts, and the others count as never reached."
        )
        return Offers(_as_contacts(histories, has_one), note)
    left = f"to all but {expected:,.0f}" if expected >= 1.0 else "to everybody"
    why = (
        f"{number_of(count, 'device')} without a time of an offer, where by the plan the rollout had come {left}. If "
        "they got none because they were not there, the column has first contacts: say --columns contact=COLUMN; if "
        "the rollout was slower, say so in the plan (operator)"
    )
    return Offers(histories, "", why)


def _not_come_to(histories: Histories, under: Scenario, plan: str, engine: str, devices: int) -> tuple[float, float]:
    """To how many of so many devices the rollout would not have come by the end of the log, and their luck."""
    trials = Trials(under, engine, EVERYTHING, plan=plan, lasts_s=as_long_as(histories, under, plan), number=_NUMBER)
    whole, _ = next(iter(trials.play([{}])))
    meant = ~whole.ended(End.NOT_APPLICABLE)
    late = meant & whole.frame["offered_s"].isna().to_numpy(bool)
    share = float(late.sum()) / max(1, int(meant.sum()))
    return share * devices, 3.0 * math.sqrt(devices * share * (1.0 - share))


def _as_contacts(histories: Histories, has_one: NDArray[np.bool_]) -> Histories:
    """The same log without times of offers, which are first contacts where no earlier ones are told."""
    frame = histories.frame.copy()
    frame["contact_s"] = frame[["offered_s", "contact_s"]].min(axis=1)
    frame["offered_s"] = np.nan
    view = replace(
        histories.view,
        times=(histories.view.times - {"offered_s"}) | {"contact_s"},
        steps=tuple(step for step in histories.view.steps if step.column != "offered_s"),
    )
    return replace(histories, frame=frame, view=view)
