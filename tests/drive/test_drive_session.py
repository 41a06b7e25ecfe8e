"""The scenario's host at a port says what the simulated one says, and never more than it may."""

from datetime import datetime

import pytest
from drive_world import CONTENT, METER, PLUG, ModulePort, driven, rows
from worlds import play

from fota_sim.drive.seat import take_seat
from fota_sim.drive.timings import timings
from fota_sim.errors import FotaSimError
from fota_sim.protocol.bare import compare, read
from fota_sim.protocol.transcript import render_transcript
from fota_sim.scenario.loader import parse_scenario


def simulated(text: str, *overrides: str) -> str:
    ((_, lines),) = play(text, *overrides).transcripts.items()
    return render_transcript(lines, datetime(2026, 1, 5, 8), "")


@pytest.mark.parametrize("text", [METER, PLUG], ids=["mcu", "module"])
def test_it_upgrades_a_module_and_the_dialogue_is_the_simulated_one(text):
    done, log = driven(text, ModulePort(text))
    assert done.upgraded
    ours, theirs = read(simulated(text)), read(rows(log))
    found = compare(ours, theirs)
    assert (found.begins, found.theirs) == (0, None), found
    assert found.same == len(theirs) == len(ours)


def test_a_dry_run_never_answers_an_offer():
    port = ModulePort(METER)
    done, log = driven(METER, port, yes=False)
    assert done.would_say == "AT+QIOTUPDATE=1"
    assert done.offer.component == "STM32"
    assert not [line for line in port.written if line.startswith("AT+QIOTUPDATE")]
    assert port.wait(3600) == []  # the offer lies there, for ever
    assert any("not said: AT+QIOTUPDATE=1" in line.text for line in log.lines)


def test_a_dry_run_does_not_refuse_either():
    careful = METER.replace("hosts: {mcu: {extends: careless", "hosts: {mcu: {extends: careful")
    port = ModulePort(careful, "plan.strategy.min_signal=-51dBm")
    done, _ = driven(careful, port, "plan.strategy.min_signal=-51dBm", yes=False)
    assert done.would_say == "AT+QIOTUPDATE=0"
    assert not [line for line in port.written if line.startswith("AT+QIOTUPDATE")]


def test_it_keeps_the_file_that_it_read():
    done, log = driven(METER, ModulePort(METER))
    assert done.file == CONTENT
    assert any("its checksum is right" in line.text for line in log.lines)


def test_a_file_whose_checksum_is_wrong_is_read_again_and_then_left():
    port = ModulePort(METER, "plan.strategy.retries=0", content=CONTENT[::-1])
    done, _ = driven(METER, port)
    assert done.result == 10706
    assert port.written.count("AT+QIOTOTARD=0,1024") == 2
    assert port.written[-1] == 'AT+QIOTMCUVER="STM32","1_0_0"'


def test_a_module_that_is_connected_already_is_asked_for_a_plan():
    port = ModulePort(METER)
    port.say('AT+QIOTMCUVER="STM32","1_0_0"')
    port.say("AT+QIOTREG=1")
    port.wait(60)
    done, _ = driven(METER, port)
    assert done.upgraded


def test_urcs_cut_into_pieces_are_understood():
    class Slow(ModulePort):
        def read(self, wait_s):
            data = super().read(wait_s)
            self.heard = data[3:].decode("latin-1") + self.heard
            return data[:3]

    assert driven(METER, Slow(METER))[0].upgraded


def test_a_failed_upgrade_is_told():
    port = ModulePort(PLUG, "faults.wrong_checksum=100%", "protocol.max_download_failures=0")
    assert driven(PLUG, port)[0].result == 10706


def test_without_an_offer_it_listens_until_its_time_is_over():
    done, log = driven(METER, ModulePort(METER, "plan.starts=1d"), hours=1)
    assert (done.offer, done.result) == (None, None)
    assert not done.upgraded
    assert [line.text for line in log.lines if line.direction == "TX"][-1] == "AT+QIOTOTAREQ=1"


def test_a_host_without_a_reading_takes_what_it_is_given():
    plug = PLUG.replace("host: careless", "host: careful")
    unknown, _ = driven(plug, ModulePort(plug), yes=False)
    assert unknown.would_say == "AT+QIOTUPDATE=0"
    known, _ = driven(plug, ModulePort(plug), yes=False, battery=80)
    assert known.would_say == "AT+QIOTUPDATE=1"


class Scripted:
    """A port with fixed answers, in a time of its own."""

    address = "scripted"

    def __init__(self, answers: dict[str, str]) -> None:
        self._answers = answers
        self._ms = 0.0
        self._heard = b""

    def write(self, data: bytes) -> None:
        self._heard += self._answers.get(data.decode().rstrip("\r"), "").encode()

    def read(self, wait_s: float) -> bytes:
        heard, self._heard = self._heard, b""
        self._ms += 1 if heard else wait_s * 1000
        return heard

    def now_ms(self) -> int:
        return round(self._ms)


OK = "\r\nOK\r\n"


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({}, "nothing answers AT"),
        ({"AT": OK}, "not AT.QIOTSTATE"),
        ({"AT": OK, "AT+QIOTSTATE?": "\r\nERROR\r\n"}, "is QuecThing in its firmware"),
        ({"AT": OK, "AT+QIOTSTATE?": f"\r\n+QIOTSTATE: 1\r\n{OK}", "AT+QIOTREG=1": "\r\nERROR\r\n"}, "refused it"),
        ({"AT": OK, "AT+QIOTSTATE?": f"\r\n+QIOTSTATE: 1\r\n{OK}"}, "did not answer"),
    ],
)
def test_a_port_without_the_right_module_ends_in_a_sentence(answers, message):
    with pytest.raises(FotaSimError, match=message):
        driven(PLUG, Scripted(answers))


def test_a_device_that_does_not_exist_is_named():
    with pytest.raises(FotaSimError, match="no device 'meters-9'"):
        take_seat(parse_scenario(METER, "scenario.yaml"), "meters-9")


def test_timings_are_those_of_the_dialogue():
    _, log = driven(PLUG, ModulePort(PLUG))
    found = dict(timings(log.lines))
    assert list(found) == [
        "attach",
        "offer after the request",
        "address after the answer",
        "download",
        "update and restart",
    ]
    assert found["update and restart"] > 5.0
