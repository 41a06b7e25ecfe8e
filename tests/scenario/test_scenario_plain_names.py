"""Fields are called what people call them."""

import re
from pathlib import Path

import pytest

from fota_sim.analysis.sensitivity.assumptions import assumptions_of
from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.plain_names import plain_name, plain_setting, plain_value
from fota_sim.scenario.templates import TEMPLATES

SHIPPED = [*sorted(Path("scenarios").rglob("*.yaml")), *sorted(Path("fota_sim/scenario/templates").glob("*.yaml"))]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("plan.strategy.min_battery", "minimum battery"),
        ("modules.BC66.battery.level", "battery level of the module BC66"),
        ("radios.wifi.p_floor", "chunk failures at a strong signal of the radio wifi"),
        ("fleet.groups[0].contact.spread", "spread of first contacts of the group number 1"),
        ("fleet.groups.meters.contact.spread", "spread of first contacts of the group meters"),
        ("packages.two.defects.spoils.probability", "probability of the defect spoils"),
        ("network.server.egress", "bandwidth of the server"),
        ("strategy", "strategy"),
    ],
)
def test_a_path_is_the_name_of_its_field_and_of_what_it_belongs_to(path: str, name: str) -> None:
    assert plain_name(path) == name


def test_values_have_a_space_before_their_unit() -> None:
    assert plain_value("20%") == "20 %"
    assert plain_value("-95dBm") == "−95 dBm"
    assert plain_value("-6dB..6dB") == "−6 dB..6 dB"
    assert plain_value("wave-2b") == "wave-2b"
    assert plain_value(True) == "yes"
    assert plain_setting("plan.strategy.retries", 3) == "retries 3"


@pytest.mark.parametrize("path", SHIPPED, ids=str)
def test_every_assumption_of_every_shipped_scenario_has_a_plain_name(path: Path) -> None:
    found, zeros = assumptions_of(load_scenario(path), 0.2)
    for each in (*(parameter.path for parameter in found), *zeros):
        assert not re.search(r"[._\[\]]", plain_name(each).split(" of the ")[0]), each


@pytest.mark.parametrize("path", SHIPPED, ids=str)
def test_every_shipped_scenario_asks_a_question(path: Path) -> None:
    assert load_scenario(path).question.endswith("?")


def test_templates_are_among_the_shipped() -> None:
    assert {f"{each.name}.yaml" for each in TEMPLATES} <= {path.name for path in SHIPPED}


@pytest.mark.parametrize("question", ["How many?", "多少台水表会升级成功？", ""])
def test_a_question_ends_with_the_question_mark_of_its_script(question: str) -> None:
    path = next(path for path in SHIPPED if path.name == "vendor_page.yaml")
    assert load_scenario(path, [f"question={question!r}"]).question == question
    with pytest.raises(ScenarioError, match="must end with a question mark"):
        load_scenario(path, ["question='多少台水表会升级成功'"])


def test_steps_of_a_duration_stand_apart_and_names_stay() -> None:
    assert plain_value("1d12h30min") == "1 d 12 h 30 min"
    assert plain_value("9.09%; was 10%; -122.6dBm to -121.6dBm") == "9.09 %; was 10 %; −122.6 dBm to −121.6 dBm"
    assert plain_value("ab1d3 on nb-iot") == "ab1d3 on nb-iot"
