"""What can be varied, between what, and how a value is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lab_world import LAB, lab

from fota_sim.analysis.forecast.unknowns import Unknowns
from fota_sim.analysis.sensitivity.assumptions import assumptions_of
from fota_sim.analysis.sensitivity.in_use import in_use
from fota_sim.analysis.sensitivity.parameters import LawSpan, Span, parse_vary
from fota_sim.errors import FotaSimError, ScenarioError
from fota_sim.scenario.dump import scenario_hash
from fota_sim.scenario.loader import load_scenario, parse_scenario
from fota_sim.scenario.variation import varied, written

DRAWN = ("fleet.groups.boards.mains=null", "fleet.groups.boards.battery_level=null")


def test_a_range_is_read_with_its_units_and_written_with_them() -> None:
    span = parse_vary("plan.strategy.min_battery=10%..70%", lab())
    assert (span.at(0), span.at(0.5), span.at(1)) == ("10%", "40%", "70%")
    assert span.base == "30%"


def test_whole_numbers_stay_whole() -> None:
    span = parse_vary("plan.strategy.retries=0..5", lab())
    assert [span.at(place) for place in (0.0, 0.5, 1.0)] == [0, 3, 5]


@pytest.mark.parametrize(
    "text",
    [
        "plan.strategy.min_battery",
        "plan.strategy.min_battery=10%",
        "plan.strategy.min_battery=1..5",
        "plan.strategy.min_battery=70%..10%",
        "plan.strategy.min_battery=10%..6h",
        "=1..2",
    ],
)
def test_a_range_that_is_none_says_what_would_do(text: str) -> None:
    with pytest.raises(FotaSimError, match="--vary"):
        parse_vary(text, lab())


def test_a_varied_scenario_differs_in_that_value_only() -> None:
    scenario = lab()
    other = varied(scenario, {"modules.EC200U.verify_failure": "9%"})
    assert other.modules["EC200U"].verify_failure == pytest.approx(0.09)
    assert scenario_hash(varied(other, {"modules.EC200U.verify_failure": "0.05%"})) == scenario_hash(scenario)


def test_a_varied_scenario_is_checked() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'min_battery'"):
        varied(lab(), {"plan.strategy.min_batery": "50%"})


def test_what_is_written_is_found_by_name_and_by_number() -> None:
    scenario = lab()
    assert written(scenario, "fleet.groups.boards.count") == written(scenario, "fleet.groups[0].count") == 40
    assert written(scenario, "plan.rollout.rate.devices") is None


def test_every_assumption_can_be_played_at_both_ends() -> None:
    scenario = lab(*DRAWN)
    found, _ = assumptions_of(scenario)
    assert {"radios.lte-cat1.p_floor", "modules.EC200U.battery.level", "hosts.careful.patience"} <= {
        p.path for p in found
    }
    for each in found:
        for place in (0.0, 0.37, 1.0):
            varied(scenario, {each.path: each.at(place)})


def test_assumptions_about_what_no_device_has_are_left_out() -> None:
    paths = {each.path for each in assumptions_of(lab())[0]}
    assert not any(path.startswith(("radios.wifi", "modules.BC66", "hosts.careless")) for path in paths)
    assert not any("user_confirm" in path for path in paths)
    manual = {each.path for each in assumptions_of(lab("plan.mode=manual"))[0]}
    assert "plan.user_confirm" in manual


def test_assumptions_are_about_what_rows_of_a_file_have(tmp_path: Path) -> None:
    (tmp_path / "boards.csv").write_text("id,model,radio\na,BC66,\nb,EC200U,\nc,BG95,nb-iot\n")
    file = tmp_path / "lab.yaml"
    fleet = """fleet:
  csv: [{name: boards, file: boards.csv, columns: {id: id, module: model, radio: radio}, module: EC200U}]
"""
    file.write_text(LAB[: LAB.index("fleet:")].replace('where: hardware == "B", ', "") + fleet)
    scenario = load_scenario(file)
    paths = {each.path for each in assumptions_of(scenario)[0]}
    assert {path.split(".")[1] for path in paths if path.startswith("modules.")} == {"BC66", "BG95", "EC200U"}
    assert {path.split(".")[1] for path in paths if path.startswith("radios.")} == {"nb-iot", "lte-cat1"}
    used = in_use(scenario)
    assert all(used.matters(path) for path in paths)
    unknown = {each.path for each in Unknowns.of(scenario, []).parameters}
    assert paths <= unknown
    assert {"radios.nb-iot.gone", "radios.lte-cat1.gone"} <= unknown


def test_an_assumption_of_zero_is_named_and_not_varied() -> None:
    found, zeros = assumptions_of(lab("plan.strategy.retry_delay=0s"))
    assert "plan.strategy.retry_delay" in zeros
    assert "plan.strategy.retry_delay" not in {each.path for each in found}


def test_a_wider_spread_widens_the_range_and_shares_stay_shares() -> None:
    spans = {each.path: each for each in assumptions_of(lab(*DRAWN), 0.9)[0]}
    mains = spans["modules.EC200U.mains"]
    assert isinstance(mains, Span)
    assert (mains.low, mains.high) == (pytest.approx(0.07), 1.0)


def test_levels_are_shifted_and_other_laws_multiplied() -> None:
    spans = {each.path: each for each in assumptions_of(lab(*DRAWN))[0]}
    rssi, level = spans["radios.lte-cat1.rssi"], spans["modules.EC200U.battery.level"]
    assert isinstance(rssi, LawSpan)
    assert isinstance(level, LawSpan)
    assert rssi.ends() == ("-6dB", "+6dB")
    assert rssi.at(0.5) == rssi.base
    assert level.at(0)["beta"]["high"] == "50%"


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(0, 1))
def test_a_size_between_two_ends_is_one_of_whole_bytes_between_them(low: int, more: int, place: float) -> None:
    span = parse_vary(f"packages[0].files[0].size={low}B..{low + more}B", lab())
    size_B = parse_scenario(LAB, "lab.yaml", [f"packages[0].files[0].size={span.at(place)}"]).packages[0].size_B
    assert low <= size_B <= low + more
