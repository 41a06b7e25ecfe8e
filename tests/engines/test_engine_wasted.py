"""Bytes that were for nothing, download by download."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rollout_worlds import play, world

SENT, WASTED = 3, 4


def in_pieces(size_B, free_B, p_floor):
    """An MCU's software over a link that fails, in pieces of what the flash holds."""
    scenario = world(5, {})
    scenario["product"]["model"]["components"].append({"identifier": "mcu", "type": "mcu"})
    scenario["packages"][0] |= {"component": "mcu", "files": [{"name": "a.bin", "size": f"{size_B}B"}]}
    scenario["radios"]["line"] |= {"p_floor": f"{p_floor}%", "chunk": "1000B"}
    scenario["modules"]["board"]["free_flash"] = f"{free_B}B"
    scenario["hosts"]["quiet"]["mcu_flash_failure"] = "0%"
    scenario["fleet"]["groups"][0]["mcu"] = {"mcu": "1_0"}
    return scenario


@pytest.mark.parametrize("engine", ["reference", "compiled"])
@given(size_B=st.integers(1, 60_000), pieces=st.integers(1, 5), p_floor=st.integers(0, 35))
@settings(max_examples=15, deadline=None)
def test_a_download_wastes_no_more_than_it_sent_and_all_of_a_device_as_much_as_the_device(
    engine, size_B, pieces, p_floor
):
    record = play(in_pieces(size_B, -(-size_B // pieces), p_floor), engine)
    rows = np.asarray(record.downloads)
    assert (rows[:, WASTED] >= 0).all()
    assert (rows[:, WASTED] <= rows[:, SENT]).all()
    for device in range(5):
        own = rows[rows[:, 0] == device]
        wasted_B = record.devices["bytes_wasted"][device]
        assert own[:, SENT].sum() == record.devices["bytes_sent"][device]
        assert own[:, WASTED].sum() == wasted_B
        if record.column("outcome")[device] == "upgraded":
            assert record.devices["bytes_sent"][device] - wasted_B == size_B
