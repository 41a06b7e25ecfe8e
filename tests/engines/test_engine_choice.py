from pathlib import Path

import pytest
from worlds import MIXED, ONE_PLUG

from fota_sim.engines import choice
from fota_sim.engines.choice import choose, device_count
from fota_sim.errors import FotaSimError
from fota_sim.scenario.loader import load_scenario, parse_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def _both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "refusal", lambda scenario, name: "")


@pytest.mark.usefixtures("_both")
def test_auto_goes_by_the_size_of_the_work_and_says_so() -> None:
    small, large = parse_scenario(ONE_PLUG, "a.yaml"), parse_scenario(MIXED, "b.yaml", ["replications=10"])
    assert choose(small) == (
        "reference",
        "engine: reference (1 device); --engine compiled plays the same on compiled rules",
    )
    assert choose(large) == ("compiled", "engine: compiled (140 devices); --engine reference plays the same on SimPy")


@pytest.mark.usefixtures("_both")
def test_an_engine_asked_for_by_name_needs_no_reason() -> None:
    assert choose(parse_scenario(ONE_PLUG, "a.yaml"), "compiled") == ("compiled", "")


def test_an_unknown_engine_is_a_sentence() -> None:
    with pytest.raises(FotaSimError, match="there are auto, reference, compiled"):
        choose(parse_scenario(ONE_PLUG, "a.yaml"), "fast")


def test_an_engine_that_cannot_play_a_scenario_names_the_other_and_auto_takes_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choice, "refusal", lambda scenario, name: "it cannot" if name == "compiled" else "")
    scenario = parse_scenario(MIXED, "b.yaml", ["replications=10"])
    with pytest.raises(FotaSimError, match="cannot play this scenario: it cannot; --engine reference can"):
        choose(scenario, "compiled")
    assert choose(scenario) == ("reference", "engine: reference (140 devices)")


def test_the_rows_of_a_file_count_as_devices() -> None:
    assert device_count(load_scenario(SCENARIOS / "csv_fleet.yaml")) == 120


def test_more_components_than_the_compiled_engine_tells_apart_are_for_the_reference_engine() -> None:
    names = [f"c{k}" for k in range(choice.MOST_COMPONENTS + 1)]
    components = ", ".join(f"{{identifier: {name}, type: mcu}}" for name in names)
    packages = ", ".join(
        f'{{name: {name}, component: {name}, target_version: "2", files: [{{name: a.bin, size: 1kB}}]}}'
        for name in names
    )
    scenario = parse_scenario(
        f"""
name: many
product: {{model: {{components: [{components}]}}}}
packages: [{packages}]
plan: {{packages: [{", ".join(names)}]}}
fleet: {{groups: [{{name: boards, count: 1, module: EC200U, mcu: {{{", ".join(f'{name}: "1"' for name in names)}}}}}]}}
"""
    )
    with pytest.raises(
        FotaSimError, match="61 components, and this engine keeps at most 60 apart; --engine reference can"
    ):
        choose(scenario, "compiled")
