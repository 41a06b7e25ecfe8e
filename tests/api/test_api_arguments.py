"""What is given to a call: one text where several may stand, a single value, and what cannot be meant."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import typer

import fota_sim as fs
from fota_sim.cli.main import app
from fota_sim.scenario.units import RATIO


@pytest.fixture
def few() -> fs.Scenario:
    scenario = fs.template("meters")
    scenario.update({"fleet.groups.meters.count": 10, "replications": 1})
    return scenario


def test_one_text_is_a_list_of_it(few: fs.Scenario, tmp_path: Any) -> None:
    both = [fs.compare(few, metrics=given) for given in ("bricked,failed", ["bricked", "failed"])]
    assert str(both[0]) == str(both[1])
    vary = "plan.strategy.min_battery=10%..70%"
    studies = [fs.sensitivity(few, given, metrics="failed") for given in (vary, [vary])]
    assert str(studies[0]) == str(studies[1])
    path = "plan.strategy.retries"
    sweeps = [fs.sweep(few, {path: given}).surface for given in ("3", [3], 3)]
    assert sweeps[0].equals(sweeps[1])
    assert sweeps[0].equals(sweeps[2])
    search = fs.tune(few, f"{path}=0..2", minimise="failed", out=tmp_path, trials=1, fresh=5)
    assert "1 trial of 1 replication" in str(search)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: fs.compare(s, metrics="bricked,faild"), "there is no metric 'faild'; did you mean 'failed'"),
        (lambda s: fs.sensitivity(s, metrics=["faild"]), "there is no metric 'faild'; did you mean 'failed'"),
        (lambda _: fs.run(None), "a scenario is a path, a dictionary, or what fs.load gives, and not None"),  # type: ignore[arg-type]
        (lambda _: fs.load(5), "and not of type int"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_meant_is_an_error_of_ours(few: fs.Scenario, call: Any, said: str) -> None:
    with pytest.raises(fs.FotaSimError, match=said):
        call(few)


def test_a_share_as_the_command_takes_it_is_refused_in_a_sentence() -> None:
    with pytest.raises(fs.FotaSimError, match=r"rate is '0.5%'; it must be above 0 and below 1"):
        fs.canary("0.5%")  # type: ignore[arg-type]


CALLS = ["run", "compare", "sweep", "canary", "forecast", "sensitivity", "tune", "fit", "explore"]
NOTHING = ((), [], None)


@pytest.mark.parametrize("name", CALLS)
def test_a_call_has_the_defaults_of_its_command(name: str) -> None:
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    flags = [(flag.removeprefix("--").replace("-", "_"), each) for each in command.params for flag in each.opts]
    defaults = {said: each.default for said, each in [*((each.name, each) for each in command.params), *flags]}
    defaults["out"] = None  # a command leaves a folder, a call where it is told one
    for said, parameter in inspect.signature(getattr(fs, name)).parameters.items():
        if said not in defaults or parameter.default is parameter.empty:
            continue
        default = RATIO.parse(defaults[said]) if str(defaults[said]).endswith("%") else defaults[said]
        assert parameter.default == default or (parameter.default in NOTHING and default in NOTHING), said
