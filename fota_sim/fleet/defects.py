"""Which devices a condition picks: who is hit by a defect of a package, who is on a list."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.devices import Fleet
from fota_sim.quoting import listed, quoted
from fota_sim.scenario.predicate import Column, PredicateError, parse_predicate


def mask_for(predicate: str, fleet: Fleet, path: str = "") -> NDArray[np.bool_]:
    """Which devices meet a condition on what is known of them; everybody, if it is empty. Shape (devices,).

    An unknown reading meets no comparison. ``path`` says in errors where the condition stands.

    Raises ScenarioError if the condition cannot be read or names what no device has.
    """
    if not predicate.strip():
        return np.ones(fleet.n, dtype=np.bool_)
    return mask_of_columns(predicate, columns_for_predicates(fleet), path)


def mask_of_columns(predicate: str, columns: Mapping[str, Column], path: str = "") -> NDArray[np.bool_]:
    """The same on columns that are at hand already."""
    try:
        parsed = parse_predicate(predicate)
    except PredicateError as error:
        raise ScenarioError([Problem("", 0, 0, path, str(error))]) from error
    missing = sorted(parsed.names - set(columns))
    if missing:
        message = f"no device has an attribute {quoted(missing[0])}; there are {listed(sorted(columns))}"
        raise ScenarioError([Problem("", 0, 0, path, message)])
    try:
        return parsed.evaluate(columns)
    except PredicateError as error:
        raise ScenarioError([Problem("", 0, 0, path, str(error))]) from None
