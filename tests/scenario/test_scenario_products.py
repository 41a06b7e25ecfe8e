"""Several products in one fleet: what belongs to which, and what the platform does with what does not."""

from __future__ import annotations

import numpy as np
import pytest

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import parse_scenario

TEXT = """
name: two-products
product: {project: Homes, name: Plug, pk: plug01, model: {name: P, components: [{identifier: app}]}}
products:
  - project: Homes
    name: Lamp
    pk: lamp01
    model: {name: L, components: [{identifier: app}, {identifier: LED, type: mcu}]}
packages:
  - {name: both, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}
  - {name: plug-2, component: app, product: Plug, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}
  - {name: lamp-2, component: LED, product: Lamp, target_version: "2_0", files: [{name: b.bin, size: 60kB}]}
plan: {packages: [plug-2], operator: [{at: 5h, do: terminate}]}
horizon: 6h
keep: {events: true}
fleet:
  groups:
    - {name: plugs, count: 15, module: EC200U, gone: 0%}
    - {name: lamps, count: 10, product: Lamp, module: EC200U, firmware: {"1_0": 50%, "2_0": 50%}, mcu: {LED: "1_0"}}
"""


def told(*overrides: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        parse_scenario(TEXT, "scenario.yaml", overrides)
    return [f"{problem.path}: {problem.message}" for problem in error.value.problems]


@pytest.mark.parametrize("play", [reference, compiled])
def test_devices_of_another_product_are_never_offered_the_plan(play) -> None:  # type: ignore[no-untyped-def]
    record = play(parse_scenario(TEXT, "scenario.yaml"), 0)
    lamps = record.column("product") == "Lamp"
    assert np.array_equal(lamps, record.column("group") == "lamps")
    assert set(record.column("cause")[lamps]) == {"another product"}
    assert set(record.column("outcome")[lamps]) == {"not_offered"}
    assert set(record.column("belief")[lamps]) == {"Not Upgraded"}
    assert not record.column("offers")[lamps].any()
    assert "another product" not in record.column("cause")[~lamps]
    assert (record.column("outcome") == "upgraded").sum() > 10
    events = record.event_columns()
    said = set(events["text"][np.isin(events["device"], np.flatnonzero(lamps)) & (events["actor"] == "platform")])
    assert any(text == "Plan not offered: another product" for text in said)
    assert not any("Issuing" in text for text in said)


def test_a_version_of_the_same_name_on_another_product_is_another_firmware() -> None:
    record = reference(parse_scenario(TEXT, "scenario.yaml"), 0)
    same = (record.column("product") == "Lamp") & (record.column("firmware_start") == "2_0")
    assert same.any()
    assert not np.isin(record.column("outcome")[same], ["already_on_target", "upgraded"]).any()


@pytest.mark.parametrize("play", [reference, compiled])
def test_another_product_changes_nothing_for_the_first(play) -> None:  # type: ignore[no-untyped-def]
    free = ("network={server: {connections: null}, cells: {enforce: false}}",)
    both = play(parse_scenario(TEXT, "scenario.yaml", free), 0)
    alone = play(parse_scenario(TEXT, "scenario.yaml", (*free, "fleet.groups.lamps.count=0")), 0)
    for name in alone.devices:
        if name not in ("device", "id"):
            assert np.array_equal(alone.column(name), both.column(name)[:15]), name


def test_a_package_without_a_product_is_for_all() -> None:
    assert parse_scenario(TEXT, "scenario.yaml", ("plan.packages=[both]",)).planned[0].name == "both"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("plan.packages=[lamp-2]", "'lamp-2' is valid for the product 'Lamp' only, and the plan is for 'Plug'"),
        ("packages[0]={name: both, component: LED, target_version: '2', files: [{name: b.bin, size: 1kB}]}", ""),
        ("packages[1].product=Plugg", "there is no product 'Plugg'; did you mean 'Plug'?"),
        ("packages[1].component=LED", "the product 'Plug' has no component 'LED'"),
        ("fleet.groups.lamps.product=Lamps", "there is no product 'Lamps'; did you mean 'Lamp'?"),
        ("fleet.groups.plugs.product=Lamp", "no device is of the product 'Plug', which the plan is for"),
        ("fleet.groups.plugs.mcu={LED: '1'}", "the product has no MCU component 'LED'"),
        ("products[0].name=Plug", "two products are called 'Plug'"),
        ("products[0].pk=plug01", "'Plug' has the key 'plug01' already"),
        ("products[0].model.name=P", "the project 'Homes' has a model of this name already"),
        ("products[0].model.components[0].type=mcu", "'app' is of another type in 'Plug'"),
        ("fleet.groups.plugs.attributes={product: x}", "which says the product where there are several"),
    ],
)
def test_what_does_not_belong_together_is_told(override: str, message: str) -> None:
    if not message:
        both = ("plan.packages=[both]", override)
        assert any("which the product 'Plug' does not have" in each for each in told(*both))
    else:
        assert any(message in each for each in told(override)), told(override)


def test_conditions_may_ask_for_the_product() -> None:
    scenario = parse_scenario(TEXT, "scenario.yaml", ('plan.blacklist={where: product == "Lamp" or group == "x"}',))
    assert set(reference(scenario, 0).column("cause")[15:]) == {"another product"}
