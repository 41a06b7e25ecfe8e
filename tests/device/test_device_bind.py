"""The story is bound to an engine as a whole, over the same source."""

from __future__ import annotations

from pathlib import Path
from types import FunctionType

import pytest

import fota_sim.device
from fota_sim.device import bind, port
from fota_sim.device.bind import MODULES, Story
from fota_sim.engines.compiled.bound import story as compiled
from fota_sim.engines.reference.bound import story as reference

NO_STORY = {"__init__", "bind", "events", "fields", "port", "records"}
"""Modules of the package that an engine takes as they are."""
PORTS = {name: value for name, value in vars(port).items() if isinstance(value, FunctionType) and name[0] != "_"}


def functions_of(module: object) -> dict[str, FunctionType]:
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__.startswith("fota_sim.device")
    }


def test_every_file_of_the_story_is_bound():
    files = {path.stem for path in Path(fota_sim.device.__file__).parent.glob("*.py")}
    assert files - NO_STORY == set(MODULES)


def test_both_engines_play_the_same_source():
    for name in MODULES:
        told = vars(__import__(f"fota_sim.device.{name}", fromlist=["_"]))
        for bound in (reference, compiled):
            for each, made in vars(getattr(bound, name)).items():
                code = getattr(getattr(made, "py_func", made), "__code__", None)
                if code is not None and each in told and getattr(made, "__module__", "") == f"fota_sim.device.{name}":
                    assert code is told[each].__code__


@pytest.mark.parametrize("name", MODULES)
def test_nothing_of_the_port_is_left_unbound(name):
    unbound = {id(value) for value in PORTS.values()}
    for value in vars(getattr(reference, name)).values():
        assert id(value) not in unbound
    for function in functions_of(getattr(reference, name)).values():
        outside = [function.__globals__.get(word) for word in function.__code__.co_names]
        assert not unbound & {id(value) for value in outside}


def test_a_port_without_a_function_is_refused_by_its_name():
    lacking = {name: value for name, value in PORTS.items() if name != "schedule"}
    with pytest.raises(TypeError, match="schedule"):
        Story("nobody", lacking, make=lambda function: function)


def test_a_function_that_the_port_does_not_have_is_refused_by_its_name():
    with pytest.raises(TypeError, match="flies"):
        Story("nobody", {**PORTS, "flies": print}, make=lambda function: function)


def test_the_story_itself_is_bound_to_nobody():
    with pytest.raises(NotImplementedError, match="not bound"):
        port.schedule(None, None, 0, 0, 0, 0)


def test_a_story_says_which_module_it_does_not_have():
    with pytest.raises(AttributeError, match="weather"):
        _ = reference.weather
    assert bind.MODULES is MODULES
