"""RSRP and voltages: what they say of signal and charge hangs on the device's own radio and battery."""

from __future__ import annotations

from pathlib import Path

import pytest
from fleet_world import scenario_of
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.fleet.fleet import Fleet, build_fleet
from fota_sim.fleet.table_units import charge_of_volts, resting_points
from fota_sim.rules.battery import open_circuit_V
from fota_sim.rules.labels import CHEMISTRIES


def _fleet(folder: Path, file: str, fields: str) -> Fleet:
    (folder / "f.csv").write_text(file, encoding="utf-8")
    return build_fleet(scenario_of(f"csv: [{{name: f, file: f.csv, gone: 0%, {fields}}}]", folder=folder), 0)


def test_rsrp_becomes_the_signal_of_a_fully_loaded_carrier_of_the_devices_own_radio(tmp_path: Path) -> None:
    file = "id,RSRP,m\na,-100,BC66\nb,-100,BG95\nc,-100,EC200U\nd,,BC66\n"
    fleet = _fleet(tmp_path, file, "columns: {id: id, rssi: RSRP, module: m}, units: {rssi: rsrp}")
    # 10 log10(12 n): one resource block of NB-IoT, six of LTE-M, fifty of 10 MHz
    assert fleet.rssi_mean_dBm[:3] == pytest.approx([-100 + 10.7918, -100 + 18.5733, -100 + 27.7815], abs=1e-3)
    assert fleet.rssi_known.tolist() == [True, True, True, False]


def test_the_scenario_may_say_how_much_stronger_the_signal_is_than_its_rsrp(tmp_path: Path) -> None:
    fields = "columns: {id: id, rssi: RSRP}, units: {rssi: rsrp}, rsrp_offset: 8dB"
    assert _fleet(tmp_path, "id,RSRP\na,-100\n", fields).rssi_mean_dBm.tolist() == [-92.0]


@given(st.sampled_from(["li-ion", "li-po"]), st.floats(0.0, 1.0))
def test_a_resting_voltage_gives_back_the_charge_that_has_it(chemistry: str, charge: float) -> None:
    volts = open_circuit_V(CHEMISTRIES.index(chemistry), charge)
    assert charge_of_volts(volts, resting_points(chemistry)) == pytest.approx((charge, charge), abs=1e-9)


@pytest.mark.parametrize(("volts", "charges"), [(1.8, (0, 0)), (3.0, (0.05, 0.05)), (3.60, (0.2, 1.0)), (3.65, (1, 1))])
def test_a_voltage_on_a_plateau_says_only_the_least_charge(volts: float, charges: tuple[float, float]) -> None:
    assert charge_of_volts(volts, resting_points("li-socl2")) == pytest.approx(charges)


def test_volts_are_read_by_the_chemistry_of_each_device(tmp_path: Path) -> None:
    file = (
        "id,V,kind\n"
        + "".join(f"p{k},3.6,li-socl2\n" for k in range(200))
        + "i,3.77,li-ion\ns,3.0 V,li-socl2\nn,,li-ion\n"
    )
    fields = "mains: 100%, columns: {id: id, battery: V, chemistry: kind}, units: {battery: V}, battery_level: 50%"
    fleet = _fleet(tmp_path, file, fields)
    assert fleet.charge[200:202] == pytest.approx([0.3, 0.05])
    assert fleet.battery_known.tolist() == [True] * 202 + [False]
    assert fleet.mains.tolist() == [False] * 202 + [True]
    assert set(fleet.charge[:200]) == {0.5}  # drawn, for 3.6 V may be any charge from a fifth on
    low = _fleet(tmp_path, file, fields.replace("battery_level: 50%", "battery_level: 5%"))
    assert set(low.charge[:200]) == {0.2}


def test_the_scenario_may_say_what_a_voltage_means(tmp_path: Path) -> None:
    fields = (
        "columns: {id: id, battery: U}, units: {battery: mV}, battery_volts: [[3.3V, 0%], [3.5V, 50%], [3.7V, 100%]]"
    )
    fleet = _fleet(tmp_path, "id,U\na,3400\nb,3000\nc,3700\nd,4000\n", fields)
    assert fleet.charge == pytest.approx([0.25, 0.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("curve", "words"),
    [("[[3.3V, 50%], [3.5V, 40%]]", "from empty to full"), ("[[3.3V, 0%], [3.5V, 140%]]", "0% to 100%")],
)
def test_a_curve_that_goes_back_is_refused(curve: str, words: str, tmp_path: Path) -> None:
    from fota_sim.errors import ScenarioError

    with pytest.raises(ScenarioError, match=words):
        _fleet(
            tmp_path,
            "id,U\na,3400\n",
            f"columns: {{id: id, battery: U}}, units: {{battery: mV}}, battery_volts: {curve}",
        )
