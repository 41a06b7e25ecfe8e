"""Texts as arguments: one alone is meant as a list of it, and names of metrics are checked."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.errors import FotaSimError
from fota_sim.scenario.metrics import metric_name


def each_text(given: str | Sequence[str]) -> list[str]:
    """The texts that are given; a text is no sequence of its letters."""
    return [given] if isinstance(given, str) else list(given)


def metric_names(given: str | Sequence[str]) -> list[str]:
    """The metrics that are named, in a text separated by commas as on the command line; raises FotaSimError."""
    words = given.split(",") if isinstance(given, str) else given
    try:
        return [metric_name(word) for word in words]
    except ValueError as error:
        raise FotaSimError(str(error)) from None
