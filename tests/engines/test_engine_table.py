from pathlib import Path

from fota_sim.engines.reference.run import run_replication
from fota_sim.scenario.columns import DEVICE_TABLE, reserved
from fota_sim.scenario.loader import load_scenario

SCENARIO = Path(__file__).parents[2] / "scenarios" / "stm32_sota.yaml"


def test_every_column_of_a_result_is_on_the_list_of_names_that_no_attribute_may_have() -> None:
    scenario = load_scenario(SCENARIO, ["horizon=1min", "fleet.groups[0].count=3"])
    table = list(run_replication(scenario, 0).devices)
    components = [each.identifier for each in scenario.product.model.components if each.type == "mcu"]
    own = set(scenario.fleet.groups[0].attributes)
    assert components
    assert set(table) - own <= reserved(components)
    assert [name for name in table if name in DEVICE_TABLE] == [name for name in DEVICE_TABLE if name != "replication"]
