"""Faults on demand: by the control socket, and from a script; and what the control socket answers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from live import SOTA, VENDOR, Client, Live, emulating, on_socket

from fota_sim.emulate.injection import Injection, Script
from fota_sim.emulate.script import read_script
from fota_sim.errors import ScenarioError


async def accept(live: Live, client: Client) -> None:
    """Bring the module to where its download begins."""
    await client.ask("AT+QIOTREG=1")
    await live.wait("3,10200")
    await client.ask("AT+QIOTOTAREQ=1")
    await live.wait("7,10700")
    await client.ask("AT+QIOTUPDATE=1")


def story(
    tmp_path: Path,
    *injected: dict[str, Any],
    script: Script | None = None,
    path: Path = VENDOR,
) -> list[str]:
    """The codes of OTA events after a host has accepted, with these faults asked for before; a day of it."""

    async def play() -> None:
        async with emulating(tmp_path, path, "horizon=1d", faults=script) as live:
            client = await on_socket(live.socket)
            if path == SOTA:
                await client.ask('AT+QIOTMCUVER="STM32","1_0_0"')
            for each in injected:
                assert (await live.do("inject", **each))["ok"]
            await accept(live, client)
            await live.do("advance", by="2h")

    asyncio.run(play())
    said = [line.partition("+QIOTEVT: ")[2] for line in (tmp_path / "log.txt").read_text().splitlines()]
    codes = [text.split(",")[1] for text in said if text.startswith("7,") and not text.startswith("7,10700")]
    return [code for code in codes if code != "10702"]


def test_without_a_fault_the_module_is_upgraded(tmp_path: Path) -> None:
    assert story(tmp_path) == ["10701", "10703", "10704", "10705"]


def test_a_dropped_address_fails_after_thirty_seconds(tmp_path: Path) -> None:
    assert story(tmp_path, {"fault": "drop_url"})[0] == "10706"


def test_a_dropped_offer_is_not_heard(tmp_path: Path) -> None:
    async def play() -> str:
        async with emulating(tmp_path) as live:
            client = await on_socket(live.socket)
            await live.do("inject", fault="drop_offer")
            await client.ask("AT+QIOTREG=1")
            await live.wait("3,10200")
            await client.ask("AT+QIOTOTAREQ=1")
            first = await live.do("wait", until="7,10700", within="10min")
            await client.ask("AT+QIOTOTAREQ=1")
            await live.wait("7,10700")
            return str(first["error"])

    assert "was not said by" in asyncio.run(play())


def test_a_download_breaks_where_it_is_told_and_comes_again(tmp_path: Path) -> None:
    size_B = 22_536

    async def play() -> int:
        async with emulating(tmp_path, VENDOR, "horizon=1d") as live:
            client = await on_socket(live.socket)
            await live.do("inject", fault="break_download", share="40%")
            await accept(live, client)
            await live.wait("7,10705")
            first, *_ = live.bench.worlds[0].rows_at
            return int(first.sent_B)

    assert abs(asyncio.run(play()) - 0.4 * size_B) < 0.01 * size_B


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        ("verify_failure", ["10701", "10703", "10704", "10706"]),
        ("wrong_version", ["10701", "10703", "10704", "10706"]),
        ("never_reconnects", ["10701", "10703", "10704"]),
        ("boot_failure", ["10701", "10703", "10704"]),
    ],
)
def test_an_image_has_the_defect_that_is_asked_for(fault: str, codes: list[str], tmp_path: Path) -> None:
    assert story(tmp_path, {"fault": fault})[: len(codes)] == codes


def test_power_fails_in_the_middle_of_a_download_and_the_module_comes_back_deaf_meanwhile(tmp_path: Path) -> None:
    async def play() -> None:
        async with emulating(tmp_path, VENDOR, "packages[0].files[0].size=698000B") as live:
            client = await on_socket(live.socket)
            await accept(live, client)
            await live.wait("7,10701")
            await live.do("advance", by="2s")
            await live.do("inject", fault="power_cut")
            state = (await live.do("state"))["state"]
            assert (state["powered"], state["online"]) == (False, False)
            client.write(b"AT\r")
            await live.do("advance", by="2min")
            assert (await live.do("state"))["state"]["powered"]
            await client.ask("AT+QIOTREG=1")
            await live.wait("7,10701", within="50min")  # the platform sends the address again
            await live.wait("7,10705", within="50min")

    asyncio.run(play())


def test_a_power_cut_while_flashing_is_one_that_the_boot_scheme_answers(tmp_path: Path) -> None:
    async def play(scheme: str, bricks: str) -> tuple[bool, str]:
        module = f"modules={{FC41D: {{extends: FC41D, boot: {scheme}, brick_on_power_loss: {bricks}}}}}"
        async with emulating(tmp_path, VENDOR, "horizon=1d", module) as live:
            client = await on_socket(live.socket)
            await accept(live, client)
            await live.wait("7,10704")
            await live.do("advance", by="6s")  # five until the module begins to write
            await live.do("inject", fault="power_cut")
            await live.do("advance", by="10min")
            state = (await live.do("state"))["state"]
            return state["bricked"], state["firmware"]

    assert asyncio.run(play("in-place", "100%")) == (True, "FC41D_FOTA_1_0")
    assert asyncio.run(play("ab", "100%")) == (False, "FC41D_FOTA_1_0")
    assert asyncio.run(play("staged", "0%")) == (False, "FC41D_FOTA_2_0")


def test_a_signal_that_walks_takes_the_readings_with_it(tmp_path: Path) -> None:
    async def play() -> list[float]:
        async with emulating(tmp_path) as live:
            await live.do("inject", fault="signal_walk", to="-90dBm", over="60s")
            found = []
            for _ in range(3):
                await live.do("advance", by="30s")
                found.append((await live.do("state"))["state"]["mean_dBm"])
            return found

    assert asyncio.run(play()) == [-75.0, -90.0, -90.0]


def test_urcs_are_lost_and_doubled_on_demand(tmp_path: Path) -> None:
    async def play() -> str:
        async with emulating(tmp_path) as live:
            client = await on_socket(live.socket)
            await live.do("inject", fault="lose_urc")
            await live.do("inject", fault="double_urc")
            await client.ask("AT+QIOTREG=1")
            await live.wait("3,10200")
            return await client.ask("AT")

    heard = asyncio.run(play())
    assert heard.count("+QIOTEVT: 2,10200") == 0
    assert heard.count("+QIOTEVT: 3,10200") == 2


def test_bytes_of_a_file_are_those_of_its_checksums_but_for_a_garbled_block(tmp_path: Path) -> None:
    import hashlib

    async def play() -> tuple[str, bytes, bytes]:
        async with emulating(tmp_path, SOTA) as live:
            client = await on_socket(live.socket)
            await client.ask('AT+QIOTMCUVER="STM32","1_0_0"')
            await accept(live, client)
            announced = (await live.wait("7,10701"))["line"].split('"')[3]
            await live.wait("7,10703")
            await client.until(b"7,10703")
            await client.until(b"\r\n")
            files = []
            for fault in (None, "garble_block"):
                if fault:
                    await live.do("inject", fault=fault)
                client.write(b"AT+QIOTOTARD=0,27954\r")
                await client.until(b"+QIOTOTARD: 0,27954\r\n")
                files.append(await client.exactly(27_954))
                await client.until(b"OK\r\n")
            return announced, files[0], files[1]

    announced, whole, garbled = asyncio.run(play())
    assert hashlib.md5(whole, usedforsecurity=False).hexdigest() == announced
    assert sum(a != b for a, b in zip(whole, garbled, strict=True)) == 1


SCRIPT = """
faults:
  - {when: "7,10701", after: 200ms, fault: break_download, share: 60%}
  - {when: "AT+QIOTUPDATE=1", fault: double_urc}
  - {at: 40min, fault: power_cut}
"""


def test_a_script_does_the_same_each_time(tmp_path: Path) -> None:
    (tmp_path / "faults.yaml").write_text(SCRIPT)
    script = read_script(tmp_path / "faults.yaml")
    logs = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        codes = story(tmp_path / name, script=script)
        logs.append((tmp_path / name / "log.txt").read_text())
        assert codes == ["10701", "10701", "10703", "10704", "10705"]
    assert logs[0] == logs[1]


def test_a_script_says_all_that_is_wrong_with_places(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(
        "faults:\n  - {at: 5min, fault: power_cutt}\n  - {fault: drop_url}\n  - {when: x, fault: say}\n"
        "  - {when: x, fault: drop_url, shre: 3}\n  - {at: 1s, nth: 2, fault: drop_url}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        read_script(file)
    told = [str(problem) for problem in caught.value.problems]
    assert f"{file}:2:16: faults[0].fault: 'power_cutt' is not one of" in told[0]
    assert f"{file}:3:5: faults[1]: needs either at: a time, or when: a text that is said" in told
    assert f"{file}:4:5: faults[2]: say needs line" in told
    assert f"{file}:5:32: faults[3].shre: unknown key 'shre'; did you mean 'share'?" in told
    assert f"{file}:6:5: faults[4]: nth and after belong to when:, not to at:" in told


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"do": "advanse"}, "nothing to do called 'advanse'; did you mean 'advance'?"),
        ({"do": "advance", "by": "5 apples"}, "'5 apples' is not a duration"),
        ({"do": "advance"}, "needs either by: a duration, or to: a time since activation"),
        ({"do": "advance", "to": "0s"}, "time does not go back"),
        ({"do": "inject", "fault": "drop_url", "share": "3%"}, "drop_url takes nothing; take share away"),
        ({"do": "wait", "until": "nothing", "within": "1s"}, "'nothing' was not said by"),
        ({"do": "state", "device": "elsewhere"}, "device 'elsewhere' is not emulated"),
    ],
)
def test_the_control_socket_says_what_cannot_be(asked: dict[str, Any], told: str, tmp_path: Path) -> None:
    async def play() -> dict[str, Any]:
        async with emulating(tmp_path) as live:
            await live.do("advance", by="1s")
            return await live.do(asked.pop("do"), **asked)

    answer = asyncio.run(play())
    assert not answer["ok"]
    assert told in answer["error"]


def test_time_that_goes_by_itself_is_not_moved(tmp_path: Path) -> None:
    async def play() -> str:
        async with emulating(tmp_path, step=False) as live:
            return str((await live.do("advance", by="1s"))["error"])

    assert "start the emulation with --step" in asyncio.run(play())


def test_every_fault_by_name_can_be_done() -> None:
    from fota_sim.emulate.faults import _DOES
    from fota_sim.emulate.injection import FAULTS

    assert set(_DOES) == set(FAULTS)
    assert Injection.model_validate({"fault": "battery", "charge": "12%"}).charge == 0.12
