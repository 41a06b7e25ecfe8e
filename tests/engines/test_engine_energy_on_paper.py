"""What a device draws while it is upgraded, state by state: each current times how long it flows, added up by hand."""

import math

import pytest
from rollout_worlds import ENGINES, group, play, world

HOUR = 3_600_000
HORIZON = 10 * HOUR
CURRENTS = {"i_receive": 70, "i_gap": 40, "i_idle": 3, "i_sleep": 0.01, "i_edrx": 0.5, "i_flash": 20}
AT_0_DBM, AT_23_DBM, DUTY = 90, 210, 0.15
BANDWIDTH_HZ = {"lte-m": 1_080_000, "nb-iot": 180_000}
CONNECT, RESUME, TRIP, DOWNLOAD, WRITE, REBOOT = 1000, 500, 100, 8480, 61_667, 10_000
DECIDES = 2000 + 2 * 50
PSM = {"t3412": "3h", "t3324": "60s", "inactivity": "20s"}
EDRX = {"edrx": "81.92s", "paging_window": "5.12s", "inactivity": "20s"}
CASES = {
    "LTE-M, always on": ("lte-m", "always", {}),
    "LTE-M in eDRX": ("lte-m", "always", EDRX),
    "LTE-M that wakes": ("lte-m", "wake", {}),
    "NB-IoT in eDRX": ("nb-iot", "always", EDRX),
    "NB-IoT in PSM": ("nb-iot", "wake", PSM),
    "NB-IoT in PSM with eDRX": ("nb-iot", "wake", PSM | {k: EDRX[k] for k in ("edrx", "paging_window")}),
}


def transmits_mA(radio):
    """At -60 dBm: the power that the network needs, and what it takes."""
    rsrp_dBm = -60 - 10 * math.log10(12 * max(1, BANDWIDTH_HZ[radio] / 180_000))
    power_dBm = min(23, max(0, 23 - max(0, rsrp_dBm + 100)))
    return AT_0_DBM + (AT_23_DBM - AT_0_DBM) * 10 ** ((power_dBm - 23) / 15)


def paged_mA(sleep):
    """In eDRX: as awake in paging windows, lightly asleep between."""
    i = CURRENTS
    return i["i_edrx"] + (i["i_idle"] - i["i_edrx"]) * 5.12 / 81.92 if "edrx" in sleep else i["i_idle"]


def listens_mA(sleep):
    """On, with nothing to do: in PSM connected for 20 s and listening for 60 s, as one mean."""
    return (20 * CURRENTS["i_gap"] + 60 * paged_mA(sleep)) / 80 if "t3412" in sleep else paged_mA(sleep)


def sleeps_mA(sleep):
    """Between contacts: in PSM three periodic TAUs in the ten hours between two reports."""
    i = CURRENTS
    if "t3412" not in sleep:
        return i["i_sleep"]
    exchange_ms = RESUME + TRIP
    awake_ms = exchange_ms + 80_000
    extra = exchange_ms * (i["i_idle"] + i["i_receive"]) + 80_000 * listens_mA(sleep) - awake_ms * i["i_sleep"]
    return i["i_sleep"] + 3 * extra / (HORIZON - awake_ms)


def expected_uC(radio, pattern, sleep):
    """mA times ms, of a device that is pushed to at once, and upgraded."""
    i = CURRENTS
    first = RESUME if sleep else CONNECT  # it stays registered asleep
    connects = i["i_idle"] + i["i_receive"]
    downloads = i["i_idle"] + (1 - DUTY) * i["i_receive"] + DUTY * transmits_mA(radio)
    writes = i["i_idle"] + i["i_gap"] + i["i_flash"]
    waits_ms = TRIP + DECIDES + TRIP + 1000 + 5000
    busy_ms = first + waits_ms + DOWNLOAD + WRITE + REBOOT + RESUME
    rest_mA = sleeps_mA(sleep) if pattern == "wake" else listens_mA(sleep)
    return (
        (first + RESUME) * connects
        + waits_ms * listens_mA(sleep)
        + DOWNLOAD * downloads
        + WRITE * writes
        + REBOOT * sleeps_mA(sleep)
        + (HORIZON - busy_ms) * rest_mA
    )


def scenario_of(radio, pattern, sleep, mains="0%"):
    scenario = world(1, {}) | {"horizon": f"{HORIZON}ms"}
    rate = {"bandwidth": f"{BANDWIDTH_HZ[radio]}Hz", "overhead": 0.06, "rate_cap": "1Mbit/s", "mode": "stream"}
    steady = {"chunk": "4096B", "rtt": [f"{TRIP}ms"] * 3, "rtt_sigma": [0, 0, 0], "resume": f"{RESUME}ms"}
    scenario["radios"]["line"] |= {"extends": radio, **rate, **steady, "cell_concurrency": None}
    currents = {name: f"{mA}mA" for name, mA in CURRENTS.items()}
    transmits = {"i_transmit_0dBm": f"{AT_0_DBM}mA", "i_transmit_23dBm": f"{AT_23_DBM}mA", "transmit_duty": f"{DUTY:%}"}
    scenario["modules"]["board"] |= currents | transmits | {"power_cuts_battery": 0}
    contact = {"pattern": pattern, "spread": "0s", **({"sleep": sleep} if sleep else {})}
    contact |= {"every": f"{HORIZON}ms"} if pattern == "wake" else {}
    cell = {"chemistry": "li-ion", "capacity": "1000mAh", "resistance": "0ohm", "self_discharge": "10%", "level": "80%"}
    scenario["fleet"]["groups"] = [group("g", 1, contact=contact, mains=mains, battery=cell)]
    return scenario


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("radio", "pattern", "sleep"), CASES.values(), ids=CASES)
def test_a_battery_loses_what_each_state_draws_while_it_lasts(engine, radio, pattern, sleep):
    record = play(scenario_of(radio, pattern, sleep), engine)
    table = record.devices
    assert str(record.column("outcome")[0]) == "upgraded"
    drained_mAh = float(table["drained_mAh"][0])
    assert drained_mAh == pytest.approx(expected_uC(radio, pattern, sleep) / HOUR, rel=1e-6)
    fades_mAh = 1000 * 0.10 * 10 / 8766
    assert float(table["self_discharged_mAh"][0]) == pytest.approx(fades_mAh, rel=1e-3)
    lost_pct = float(table["battery_start_pct"][0] - table["battery_end_pct"][0])
    assert lost_pct == pytest.approx((drained_mAh + fades_mAh) / 10, rel=1e-3)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_energy_of_an_update_is_that_of_its_download_and_its_writing_also_on_mains(engine):
    load_uC = DOWNLOAD * ((1 - DUTY) * CURRENTS["i_receive"] + DUTY * transmits_mA("lte-m"))
    load_uC += WRITE * (CURRENTS["i_gap"] + CURRENTS["i_flash"])
    for mains in ("0%", "100%"):
        table = play(scenario_of("lte-m", "always", {}, mains), engine).devices
        assert float(table["energy_J"][0]) == pytest.approx(load_uC * 3.8 / 1e6, rel=1e-6)
    assert float(table["drained_mAh"][0]) == 0.0
