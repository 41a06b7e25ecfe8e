"""Where URCs come on the line, and two real clients that break on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.protocol import wire
from fota_sim.protocol.interleave import MOST_HELD, URC_POLICIES, Interleaver
from fota_sim.protocol.reply import Final, ReplyReader, Urc

URC = wire.urc("+QIOTEVT: 7,10700")
VERSION = wire.answer(("EG915UEUABR03A01M08",))


def asked_for_its_version(policy):
    """A URC comes up while a host asks for the version; what it reads."""
    line = Interleaver(policy)
    line.typed("AT+CG")
    said = line.urc(URC)
    line.typed("MR\r")
    said += wire.echo("AT+CGMR")
    return said + line.answer(VERSION) + line.released()


def lines(text):
    return [line for line in text.replace("\r", "\n").split("\n") if line]


def test_held_a_urc_comes_after_the_result():
    assert lines(asked_for_its_version("hold")) == ["AT+CGMR", "EG915UEUABR03A01M08", "OK", "+QIOTEVT: 7,10700"]


def test_sneaking_it_comes_before_the_answer():
    assert lines(asked_for_its_version("sneak")) == ["AT+CGMR", "+QIOTEVT: 7,10700", "EG915UEUABR03A01M08", "OK"]


def test_in_the_middle_it_comes_between_the_lines_of_the_answer():
    assert lines(asked_for_its_version("mid")) == ["AT+CGMR", "EG915UEUABR03A01M08", "+QIOTEVT: 7,10700", "OK"]


def gammu_firmware(text):
    """What gammu 1.42 was seen to take for the version: every line between echo and result, joined by commas."""
    _echo, *answer, result = lines(text)[: lines(text).index("OK") + 1]
    assert result == "OK"
    return ",".join(answer)


def gsmmodem_lines(text):
    """How python-gsmmodem-new 0.13 reads an answer: all lines up to the result; a single value must be the only one."""
    answer = lines(text)[1 : lines(text).index("OK")]
    if len(answer) != 1:
        raise ValueError(f"CommandError: {answer}")
    return answer[0]


def test_gammu_takes_a_urc_that_sneaks_in_for_a_part_of_the_version():
    assert gammu_firmware(asked_for_its_version("sneak")) == "+QIOTEVT: 7,10700,EG915UEUABR03A01M08"
    assert gammu_firmware(asked_for_its_version("hold")) == "EG915UEUABR03A01M08"


def test_python_gsmmodem_fails_on_a_urc_that_sneaks_in():
    with pytest.raises(ValueError, match="CommandError"):
        gsmmodem_lines(asked_for_its_version("sneak"))
    with pytest.raises(ValueError, match="CommandError"):
        gsmmodem_lines(asked_for_its_version("mid"))
    assert gsmmodem_lines(asked_for_its_version("hold")) == "EG915UEUABR03A01M08"


def test_a_bare_result_has_the_urc_before_it_in_the_middle():
    line = Interleaver("mid")
    line.urc(URC)
    line.typed("AT\r")
    assert lines(line.answer(wire.answer(()))) == ["+QIOTEVT: 7,10700", "OK"]


def test_a_urc_to_a_quiet_line_goes_out_at_once_or_lies_in_wait():
    assert Interleaver("hold").urc(URC) == URC
    line = Interleaver("sneak")
    assert line.urc(URC) == ""
    assert line.waits
    assert line.released() == URC
    assert line.released() == ""


def test_a_file_is_never_cut():
    for policy in URC_POLICIES:
        line = Interleaver(policy)
        line.typed("AT+QIOTOTARD=0,4\r")
        said = line.data(wire.data_follow(0, 4)) + "DATA" + line.urc(URC) + line.answer(wire.DATA_END)
        assert "\r\n+QIOTOTARD: 0,4\r\nDATA\r\n\r\nOK\r\n" in said


def test_a_line_that_is_no_command_holds_nothing_back():
    line = Interleaver("hold")
    line.typed("hello")
    assert line.urc(URC) == ""
    line.typed("\r\x1b\r")
    assert line.released() == URC
    assert not line.busy


def test_what_is_never_answered_holds_back_until_that_is_known():
    line = Interleaver("hold")
    line.typed("AT\r")
    assert line.urc(URC) == ""
    assert line.released() == ""
    assert line.answered() == URC


def test_a_repeated_command_waits_for_its_answer_without_an_end():
    line = Interleaver("hold")
    line.typed("A/")
    assert line.busy
    line.urc(URC)
    assert line.answer(wire.answer(None)) == wire.answer(None) + URC


acts = st.lists(st.sampled_from(["urc", "AT\r", "AT+C", "SQ\r", "x\r", "A/", "answer", "part", "release"]), max_size=60)


@given(acts, st.sampled_from(URC_POLICIES))
def test_nothing_is_lost_doubled_or_put_out_of_order(said, policy):
    line = Interleaver(policy)
    out, urcs, answers = "", 0, 0
    for act in said:
        if act == "urc":
            out += line.urc(wire.urc(f"+QIOTEVT: 7,{10000 + urcs}"))
            urcs += 1
        elif act == "answer":
            out += line.answer(wire.answer(("+CSQ: 1,99",)))
            answers += 1
        elif act == "part":
            out += line.answer("\r\n+X: 1\r\n")
        elif act == "release":
            out += line.released()
        else:
            line.typed(act)
    line.typed("\r")
    out += line.answered() + line.released()
    items = ReplyReader().feed(out)
    assert [item.code for item in items if isinstance(item, Urc)] == list(range(10000, 10000 + urcs))
    assert sum(isinstance(item, Final) for item in items) == answers


def test_what_waits_is_bounded():
    line = Interleaver("sneak")
    said = "".join(line.urc(URC) for _ in range(MOST_HELD + 10))
    assert said == URC * 10
