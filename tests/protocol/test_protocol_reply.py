"""The host's reader, and the numbers it finds in answers."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.protocol.readings import dBm_from_csq, parse_cbc, parse_csq, parse_wifi_rssi
from fota_sim.protocol.reply import Echo, Final, Info, RawData, ReplyReader, Urc

DIALOGUE = (
    "AT+QIOTREG=1\r\r\nOK\r\n\r\n+QIOTEVT: 2,10200\r\n\r\n+QIOTEVT: 3,10200\r\n"
    "AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n\r\nERROR\r\n"
    '\r\n+QIND: "FOTA","END",0\r\n\r\n+QIOTEVT: broken\r\n'
)
ITEMS = [
    Echo("AT+QIOTREG=1"),
    Final("OK"),
    Urc(2, 10200),
    Urc(3, 10200),
    Echo("AT+CSQ"),
    Info("+CSQ: 20,99"),
    Final("OK"),
    Final("ERROR"),
    Info('+QIND: "FOTA","END",0'),
    Info("+QIOTEVT: broken"),
]
raw = st.text(st.characters(max_codepoint=255), min_size=1, max_size=30)


def read_in_chunks(text, cuts):
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    reader = ReplyReader()
    return [
        item
        for start, end in itertools.pairwise(places)
        for item in reader.feed(text[start:end])
    ]  # fmt: skip


def test_a_dialogue_is_told_apart():
    assert ReplyReader().feed(DIALOGUE) == ITEMS


@given(st.lists(st.integers(0, len(DIALOGUE)), max_size=20))
def test_items_do_not_depend_on_the_chunks_they_come_in(cuts):
    assert read_in_chunks(DIALOGUE, cuts) == ITEMS


@given(raw, st.lists(st.integers(0, 120), max_size=20))
def test_raw_bytes_are_taken_as_they_are_whatever_the_chunks(data, cuts):
    text = f"AT+QIOTOTARD=512,{len(data)}\r\r\n+QIOTOTARD: 512,{len(data)}\r\n{data}\r\n\r\nOK\r\n"
    assert read_in_chunks(text, cuts) == [
        Echo(f"AT+QIOTOTARD=512,{len(data)}"),
        Info(f"+QIOTOTARD: 512,{len(data)}"),
        RawData(512, len(data), data),
        Final("OK"),
    ]


def test_raw_bytes_may_come_without_their_contents():
    reader = ReplyReader()
    assert reader.feed("\r\n+QIOTOTARD: 0,1024\r\n") == [Info("+QIOTOTARD: 0,1024")]
    assert reader.feed_data(0, 1024) == [RawData(0, 1024, None)]
    assert reader.feed("\r\n\r\nOK\r\n") == [Final("OK")]


def test_the_answer_to_the_test_form_announces_no_raw_bytes():
    text = "\r\n+QIOTOTARD: <start>,(1-1024)\r\n\r\nOK\r\n"
    assert ReplyReader().feed(text) == [Info("+QIOTOTARD: <start>,(1-1024)"), Final("OK")]


def test_spaces_at_the_end_of_a_line_do_not_matter():
    assert ReplyReader().feed("OK \n\n+QIOTEVT: 2,10200 \n") == [Final("OK"), Urc(2, 10200)]


@given(st.text(max_size=80), st.lists(st.integers(0, 80), max_size=8))
def test_any_text_is_read_and_chunks_never_matter(text, cuts):
    assert read_in_chunks(text, cuts) == ReplyReader().feed(text)


def test_only_ok_is_a_good_end():
    assert Final("OK").ok
    assert not Final("ERROR").ok
    assert ReplyReader().feed("+CME ERROR: 3\r\n") == [Final("+CME ERROR: 3")]


@pytest.mark.parametrize(("csq", "rssi_dBm"), [(0, -113), (1, -111), (30, -53), (31, -51), (99, None), (32, None)])
def test_an_index_counts_as_3gpp_says(csq, rssi_dBm):
    assert dBm_from_csq(csq) == parse_csq(f"+CSQ: {csq},99") == rssi_dBm


def test_readings_are_found_in_their_lines_only():
    assert parse_csq("+CSQ: 20,99") == -73
    assert parse_cbc("+CBC: 0,80,3900") == 80
    assert parse_wifi_rssi("+QGETWIFISTATE: ssid=a,bssid=b,rssi=-52,channel=6") == -52
    assert parse_wifi_rssi("+QGETWIFISTATE: home,aa:bb:cc:dd:ee:ff,6,-61") == -61
    assert parse_wifi_rssi("+QGETWIFISTATE: DISCONNECT") is None
    for parse in (parse_csq, parse_cbc, parse_wifi_rssi):
        assert parse("OK") is None
