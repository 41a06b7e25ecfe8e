import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.engines.compiled.kinds import Kinds
from fota_sim.engines.compiled.layout import LINE
from fota_sim.engines.compiled.log import Log
from fota_sim.engines.sorted_rows import SortedRows
from fota_sim.engines.spill import Spill

SAID = st.tuples(
    st.sampled_from([e.SAY_CSQ, e.CBC, e.CBC + e.ECHO, e.P_STATUS, e.URC_PIECE]),
    st.integers(-1, 5),
    st.integers(-1, 5) | st.integers(-(2**62), 2**62),
)
LINES = st.lists(st.tuples(st.integers(0, 6) | st.integers(0, 2**38), st.sampled_from([NONE, 0, 1, 2**24 - 1]), SAID))


def records(lines):
    found = np.zeros(len(lines), dtype=LINE)
    for row, (at_ms, who, (what, a, b)) in zip(found, lines, strict=True):
        row["at_ms"], row["who"], row["what"], row["a"], row["b"] = at_ms, who, what, a, b
    return found


def plain(lines):
    names = ("at_ms", "who", "what", "a", "b")
    columns = (lines[name].tolist() for name in names)
    return [(at_ms, who, said) for at_ms, who, *said in zip(*columns, strict=True)]


@given(st.lists(LINES, max_size=4))
def test_lines_come_in_the_order_of_time_device_and_who_speaks(parts) -> None:
    log = Log([1], SortedRows(Spill(None, "the events"), 16, 2, 8))
    for part in parts:
        written = records(part)
        log.add(written)
        written[:] = 0  # the loop writes there again
    whole = [line for part in parts for line in part]
    kinds = log.kinds.table.tolist()
    found = [
        (at_ms, who, tuple(kinds[code]))
        for piece in log.pieces()
        for at_ms, who, code in zip(*(column.tolist() for column in piece), strict=True)
    ]

    def of_platform(line):
        return e.FIRST_OF_PLATFORM <= line[2][0] < e.ECHO

    of_devices = [line for line in whole if line[1] != NONE]
    assert found == sorted(of_devices, key=lambda line: (line[0], line[1], of_platform(line)))
    told = records([]) if not parts else log.told()
    assert plain(told) == [(at_ms, who, list(said)) for at_ms, who, said in whole if who in (NONE, 1)]


@given(st.lists(SAID))
def test_what_is_said_is_numbered_in_order_of_first_use(said) -> None:
    kinds = Kinds()
    codes = kinds.codes(records([(0, 0, each) for each in said]))
    assert list(map(tuple, kinds.table.tolist())) == list(dict.fromkeys(said))
    assert [tuple(kinds.table[code].tolist()) for code in codes] == said


def test_more_kinds_than_there_is_room_for_keep_their_numbers() -> None:
    kinds = Kinds()
    said = [(e.URC_PIECE, k % 7, k << 32 | k % 5) for k in range(40_000)]
    lines = records([(0, 0, each) for each in said])
    first = kinds.codes(lines[:9000])
    assert first.tolist() == list(range(9000))
    assert kinds.codes(lines).tolist() == list(range(40_000))
    assert list(map(tuple, kinds.table.tolist())) == said
