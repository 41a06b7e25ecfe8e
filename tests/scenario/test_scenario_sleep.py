"""Timers of PSM and eDRX: which values there are (3GPP TS 24.008), and what is said of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_world import changed

from fota_sim.engines.contacts import contact_parameters
from fota_sim.errors import ScenarioError
from fota_sim.fleet.files import read_files
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.own_timers import timers_of
from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.fleet import Contact
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.sleep import VALUES, cycles, expressible, from_bits, windows


@pytest.mark.parametrize(
    ("timer", "bits", "seconds"),
    [  # the unit is the first three bits: tables 10.5.163 and 10.5.163a
        ("t3412", "00000001", 600),
        ("t3412", "00100001", 3600),
        ("t3412", "01000010", 72000),
        ("t3412", "01100001", 2),
        ("t3412", "10000011", 90),
        ("t3412", "10111111", 31 * 60),
        ("t3412", "11011111", 31 * 320 * 3600),
        ("t3324", "00000000", 0),
        ("t3324", "00001010", 20),
        ("t3324", "00100001", 60),
        ("t3324", "01011111", 31 * 360),
        ("edrx", "0000", 5.12),
        ("edrx", "0101", 81.92),
        ("edrx", "1000", 143.36),
        ("edrx", "1111", 10485.76),
    ],
)
def test_bits_of_the_at_commands_are_a_timer(timer: str, bits: str, seconds: float) -> None:
    assert from_bits(timer, bits) == seconds  # type: ignore[arg-type]
    assert expressible(timer, seconds) in VALUES[timer]  # type: ignore[arg-type, index]


@pytest.mark.parametrize(
    ("timer", "bits"), [("t3412", "11100001"), ("t3412", "00000000"), ("t3324", "11100000"), ("edrx", "00000101")]
)
def test_bits_that_switch_a_timer_off_are_none(timer: str, bits: str) -> None:
    with pytest.raises(ValueError, match=r"off|not 4 bits"):
        from_bits(timer, bits)  # type: ignore[arg-type]


def test_lte_and_nb_iot_have_cycles_and_windows_of_their_own() -> None:
    assert set(cycles("lte")) - set(cycles("nb-iot")) == {5.12, 10.24, 61.44, 102.4, 122.88, 143.36}
    assert set(cycles("nb-iot")) - set(cycles("lte")) == {5242.88, 10485.76}
    assert (windows("lte")[0], round(windows("lte")[-1], 2)) == (1.28, 20.48)
    assert (windows("nb-iot")[0], round(windows("nb-iot")[-1], 2)) == (2.56, 40.96)


def _with_group(contact: str) -> str:
    return changed("  groups:", f"  groups:\n    - {{name: s, count: 1, module: BC66, contact: {contact}}}")


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        ("{pattern: wake, sleep: {t3412: 25.5h, t3324: 20s}}", "the nearest: 25h or 26h"),
        ("{pattern: wake, sleep: {t3412: 24h, t3324: 100s}}", "the nearest: 62s or 120s"),
        ("{pattern: wake, sleep: {t3412: 2000d, t3324: 20s}}", "the nearest: 9920h"),
        ("{sleep: {edrx: 60s}}", "the nearest: 40.96s or 61.44s"),
        ("{sleep: {edrx: 81.92s, paging_window: 7s}}", "the nearest: 6.4s or 7.68s"),
        ("{sleep: {edrx: 20.48s, paging_window: 20.48s}}", "not shorter than the eDRX cycle"),
        ("{pattern: wake, sleep: {t3412: 2min, t3324: 2min}}", "would never sleep"),
        ("{pattern: wake, sleep: {t3412: 24h}}", "PSM has both timers"),
        ("{sleep: {inactivity: 5s}}", "say how it sleeps"),
        ("{pattern: wake, sleep: {t3412: 24h, t3324: 20s, paging_window: 2.56s}}", "belongs to an eDRX cycle"),
        ("{sleep: {t3412: 24h, t3324: 20s}}", "write pattern: wake"),
        ("{pattern: wake, sleep: {edrx: 20.48s}}", "pattern: always"),
        ("{pattern: wake, linger: 2min, sleep: {t3412: 24h, t3324: 20s}}", "linger follows from sleep"),
    ],
)
def test_what_no_network_could_agree_to_is_an_error_that_says_what_would_do(contact: str, words: str) -> None:
    with pytest.raises(ScenarioError) as error:
        parse_scenario(
            changed("  groups:", f"  groups:\n    - {{name: s, count: 1, module: BC66, contact: {contact}}}")
        )
    assert words in str(error.value)


def test_a_scenario_with_everything_filled_in_is_the_same_scenario() -> None:
    contact = "{pattern: wake, sleep: {t3412: 24h, t3324: 20s, edrx: 655.36s}}"
    once = parse_scenario(_with_group(contact))
    assert parse_scenario(dump_yaml(once)).fleet == once.fleet


def test_what_is_not_given_hangs_on_the_radio() -> None:
    asleep = Contact.model_validate({"pattern": "wake", "sleep": {"t3412": "24h", "t3324": "20s", "edrx": "20.48s"}})
    wide, narrow = contact_parameters(asleep, "lte"), contact_parameters(asleep, "nb-iot")
    assert (wide.inactivity_ms, wide.window_ms, wide.linger_ms) == (10_000, 5120, 30_000)
    assert (narrow.inactivity_ms, narrow.window_ms, narrow.linger_ms) == (20_000, 10_240, 40_000)
    shortest = Contact.model_validate({"sleep": {"edrx": "5.12s"}})
    assert contact_parameters(shortest, "lte").window_ms == 1280


FILE = "id,tau,act,drx\na,00100001,20s,0010\nb,10h,0s,81.92s\nc,,,\nd,24h,00100010,\n"
COLUMNS = "columns: {id: id, t3412: tau, t3324: act, edrx: drx}"
CONTACT = "contact: {pattern: wake, sleep: {t3412: 20h, t3324: 10s, edrx: 40.96s}}"


def _text(folder: Path, fields: str, file: str = FILE) -> str:
    (folder / "f.csv").write_text(file, encoding="utf-8")
    return changed("  groups:", f"  csv: [{{name: c, file: f.csv, module: BC66, {fields}}}]\n  groups:")


def test_a_file_gives_each_device_its_timers_and_an_empty_cell_those_of_the_block(tmp_path: Path) -> None:
    fleet = build_fleet(parse_scenario(_text(tmp_path, f"{COLUMNS}, {CONTACT}"), tmp_path / "my.yaml"), 0)
    own = fleet.own_timers[fleet.group == fleet.group_names.index("c")].tolist()
    assert [timers_of(each) for each in own] == [
        {"t3412": 3600.0, "t3324": 20.0, "edrx": 20.48},
        {"t3412": 36000.0, "t3324": 0.0, "edrx": 81.92},
        {},
        {"t3412": 86400.0, "t3324": 120.0},
    ]


@pytest.mark.parametrize(
    ("fields", "file", "words"),
    [
        ("columns: {id: id, t3412: tau}", FILE, "contact: {sleep: {t3412: ...}}"),
        (f"{COLUMNS}, {CONTACT}", "id,tau,act,drx\na,25.5h,20s,\n", "the nearest: 25h or 26h"),
        (f"{COLUMNS}, {CONTACT}", "id,tau,act,drx\na,11100001,20s,\n", "off"),
        (f"{COLUMNS}, {CONTACT}", "id,tau,act,drx\na,24,20s,\n", "is no timer"),
        (f"{COLUMNS}, {CONTACT}", "id,tau,act,drx\na,24h,20s,\nb,2min,10min,\n", "would never sleep"),
    ],
)
def test_what_a_file_cannot_mean_is_told_with_its_place(fields: str, file: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        read_files(parse_scenario(_text(tmp_path, fields, file), tmp_path / "my.yaml"))
    assert words in str(error.value)
