"""What is compared: what was asked for, or the usual measures, as far as all variants have them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from fota_sim.analysis.compare.variants import Variant
from fota_sim.errors import FotaSimError
from fota_sim.scenario.metrics import METRICS, lacking, shown_in, told_with

ALL = "all"
"""Stands for every metric."""


def compared_metrics(variants: Sequence[Variant], asked: Sequence[str]) -> list[str]:
    """The metrics to compare; none asked for: what the questions and limits of the scenarios are about, and what a
    rollout is judged by, costs among them if all price the same.

    Raises FotaSimError for one that was asked for and that some variant has not.
    """
    priced = priced_alike(variants)
    if not asked:
        told = told_with(priced or ())
        about = [metric for each in variants for metric in each.scenario.asks_about if metric in told]
        every = dict.fromkeys([*about, *shown_in("comparison", priced or ())])
        made_of = {
            (METRICS[metric].value, METRICS[metric].part, METRICS[metric].whole): metric for metric in [*every][::-1]
        }
        return [metric for metric in every if metric in made_of.values()]  # the same number once, by its first name
    if list(asked) == [ALL]:
        return list(told_with(priced or ()))
    for metric in asked:
        if priced is None and METRICS[metric].price:
            raise FotaSimError(f"{metric} cannot be compared, for the variants do not price the same things alike")
        if wrong := lacking(metric, priced or ()):
            raise FotaSimError(wrong)
    return list(asked)


def priced_alike(variants: Sequence[Variant]) -> Collection[str] | None:
    """What has a price in all variants, in one currency; None if they differ in what has a price, or in currency."""
    found = {(each.scenario.currency, each.scenario.priced) for each in variants}
    return next(iter(found))[1] if len(found) == 1 else None
