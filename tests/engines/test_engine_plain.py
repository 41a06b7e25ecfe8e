"""The reference engine stays plain Python over plain numbers: what it would be slow by is counted, not timed."""

from __future__ import annotations

from types import FunctionType

import numpy as np
import pytest
from worlds import MIXED

from fota_sim.device import fields
from fota_sim.engines.own_rule import known_rules
from fota_sim.engines.parameters import Parameters, build_parameters
from fota_sim.engines.reference import run
from fota_sim.engines.reference.bound import story
from fota_sim.engines.reference.world import World
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.loader import parse_scenario

Played = tuple[World, Parameters]


@pytest.fixture(scope="module")
def played() -> Played:
    """A run at its end."""
    scenario = parse_scenario(MIXED, "mixed.yaml")
    fleet = build_fleet(scenario, 0)
    parameters = build_parameters(scenario, fleet, 0)
    (w,) = run.set_up(scenario, parameters, fleet, 0, {})
    w.env.run_to(parameters.horizon_ms, lambda _: None)
    return w, parameters


@pytest.mark.parametrize(
    ("column", "told"),
    [("devices", fields.LIVE), ("rows", fields.ROW), ("parts", fields.PART), ("ended", fields.ENDED)],
)
def test_no_record_holds_a_number_of_numpy(played: Played, column: str, told: fields.Fields) -> None:
    records = getattr(played[0], f"{column}_at")
    assert records
    words = {name for name, kind, _ in fields.each(told) if kind == "u8"}  # identities, which compiled draws take so
    of_numpy = {
        name for record in records for name, _, _ in fields.each(told) if isinstance(getattr(record, name), np.generic)
    }
    assert of_numpy <= words


def test_parameters_of_radios_modules_and_hosts_are_plain_numbers(played: Played) -> None:
    w, parameters = played
    for plain, rows in (
        (w.radios_at, parameters.radios),
        (w.modules_at, parameters.modules),
        (w.host_delays_at, parameters.host_delays),
    ):
        assert {type(row) for row in plain} == {tuple}
        assert {type(number) for row in plain for number in row} == {float}
        assert [list(row) for row in plain] == [row.tolist() for row in rows]


def test_every_rule_that_decides_is_plain_python_to_the_story() -> None:
    named = {
        value
        for module in story.modules.values()
        for function in vars(module).values()
        if isinstance(function, FunctionType)
        for name, value in function.__globals__.items()
        if name in function.__code__.co_names and hasattr(value, "py_func")
    }
    assert {value.__module__ for value in named} <= {"fota_sim.rules.draws"}  # which are compiled for many devices


def test_every_rule_that_may_be_replaced_is_one_of_the_story() -> None:
    assert all(story.bound(rule) is not rule for rule in known_rules().values())
