"""+QIOTEVT lines and what the upgrade's events carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.protocol.events import EVENTS, TYPES
from fota_sim.protocol.urc import (
    DownloadStart,
    OtaCode,
    PieceReady,
    PlanOffer,
    Urc,
    UrcError,
    format_urc,
    parse_urc,
)

MD5 = "95cbdeb4faeda4322ad9b65eb731ed2b"
integers = st.integers(-(2**31), 2**32 - 1)
strings = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"'), max_size=30)
sizes = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(
    ("line", "offer"),
    [
        (
            '+QIOTEVT: 7,10700,"FC41D","FC41D_FOTA_1_0","FC41D_FOTA_2_0",30,-113,22536',
            PlanOffer("FC41D", "FC41D_FOTA_1_0", "FC41D_FOTA_2_0", 30, -113, 22536),
        ),
        (
            '+QIOTEVT: 7,10700,"STM32","","2_0_0",30,-113,27954',
            PlanOffer("STM32", "", "2_0_0", 30, -113, 27954),
        ),
    ],
)
def test_the_documented_offers_are_read_and_written_exactly(line, offer):
    assert PlanOffer.from_urc(parse_urc(line)) == offer
    assert offer.line() == line


def test_the_start_of_an_mcu_download_has_its_crc_in_decimal_and_sha256_only_if_there_is_one():
    start = DownloadStart("STM32", 27954, MD5, 4022793929)
    line = f'+QIOTEVT: 7,10701,"STM32",27954,"{MD5}",4022793929'
    assert start.line() == line
    assert DownloadStart.from_urc(parse_urc(line)) == start
    with_sha = DownloadStart("STM32", 27954, MD5, 4022793929, "ab" * 32)
    assert with_sha.line() == f'{line},"{"ab" * 32}"'
    assert DownloadStart.from_urc(parse_urc(with_sha.line())) == with_sha


def test_a_ready_piece_is_read_and_written_exactly():
    piece = PieceReady("STM32", 27954, 0, 27954)
    assert piece.line() == '+QIOTEVT: 7,10703,"STM32",27954,0,27954'
    assert PieceReady.from_urc(parse_urc(piece.line())) == piece


@given(st.integers(0, 999), st.integers(0, 999999), st.lists(integers | strings, max_size=8).map(tuple))
def test_an_event_that_is_written_is_read_as_the_same(kind, code, data):
    assert parse_urc(format_urc(kind, code, data)) == Urc(kind, code, data)


@given(st.tuples(strings, strings, strings, integers, integers, sizes))
def test_any_offer_comes_back_as_it_went(fields):
    assert PlanOffer.from_urc(parse_urc(PlanOffer(*fields).line())) == PlanOffer(*fields)


@given(st.tuples(strings, sizes, sizes, sizes))
def test_any_piece_comes_back_as_it_went(fields):
    assert PieceReady.from_urc(parse_urc(PieceReady(*fields).line())) == PieceReady(*fields)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "+QIOTEVT:7,10701",
        "+QIOTEVT:  7,10701",
        "+QIOTEVT: 7, 10701",
        "+QIOTEVT: 7",
        "+QIOTEVT: 7,10701,",
        '+QIOTEVT: 7,10700,"a',
        "+QIOTEVT: 7,10700,abc",
        "+QIOTEVT: 7,10701 ",
        "+qiotevt: 7,10701",
        '+QIND: "FOTA","END",0',
    ],
)
def test_a_line_that_is_not_exactly_of_the_format_is_an_error(line):
    with pytest.raises(UrcError):
        parse_urc(line)


@pytest.mark.parametrize(
    "urc",
    [
        Urc(7, 10701),
        Urc(2, 10700, ("a", "b", "c", 1, 2, 3)),
        Urc(7, 10700),
        Urc(7, 10700, ("a", "b", "c", 1, 2)),
        Urc(7, 10700, ("a", "b", "c", 1, 2, 3, 4)),
        Urc(7, 10700, ("a", "b", 5, 1, 2, 3)),
    ],
)
def test_data_of_another_event_or_shape_are_an_error(urc):
    with pytest.raises(UrcError):
        PlanOffer.from_urc(urc)


def test_every_documented_event_has_a_label_and_a_type():
    assert set(TYPES) == {kind for kind, _ in EVENTS}
    assert all(EVENTS.values())
    assert {code for kind, code in EVENTS if kind == 7} == set(OtaCode)
    assert Urc(7, 10705).label == "upgrade succeeded"
    assert Urc(7, 10705).type_label == "upgrade"
    assert Urc(77, 1).label == ""
