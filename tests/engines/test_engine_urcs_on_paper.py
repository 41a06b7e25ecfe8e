"""What modules say in random scenarios, read by somebody who knows the vendor's protocol and nothing else.

``FOTA_SIM_URCS=500`` plays that many scenarios.
"""

import os

import pytest
from scenarios_strategy import seeded
from urcs_on_paper import Reader, WrongLineError
from worlds import STM32, play

from fota_sim.engines.compiled.run import run_replication

RANDOM = int(os.environ.get("FOTA_SIM_URCS", "12"))
HEARD = ("keep.transcripts=1000", "faults.lost_urc=0%", "faults.doubled_urc=0%")


def read(lines, firmware, mcus):
    reader = Reader(firmware, mcus)
    for line in lines:
        reader.hears(line.at_ms, line.direction, line.text)


@pytest.mark.parametrize("seed", range(1000, 1000 + RANDOM))
def test_a_module_says_what_the_protocol_has_in_its_order(seed):
    with seeded(seed, without=("names",)).scenario(*HEARD) as scenario:
        record = run_replication(scenario, 0)
    components = [each for product in (scenario.product, *scenario.products) for each in product.model.components]
    firmware, mcus = ({each.identifier for each in components if each.type == kind} for kind in ("firmware", "mcu"))
    for lines in record.transcripts.values():
        read(lines, firmware, mcus)


SPOILED = {
    "progress of no download": ("7,10701", None),
    "form of a piece": ("7,10703", '7,10703,"STM32",27954,0'),
    "a piece of the file": ("7,10703", '7,10703,"STM32",27954,0,27955'),
    "updating without a file": ("7,10703", "7,10704"),
    "form of an MCU's download": ("7,10701", '7,10701,"STM32",27954,"95cb",1'),
    "failure of what nobody confirmed": ("7,10700", "7,10706"),
    "no event of the protocol": ("7,10702", "7,10709"),
    "its versions": ("7,10700", '7,10700,"STM32","2_0_0","2_0_0",30,-113,27954'),
}


@pytest.mark.parametrize("why", SPOILED)
def test_a_dialogue_that_is_spoiled_is_found_out(why):
    words, instead = SPOILED[why]
    (lines,) = play(STM32).transcripts.values()
    read(lines, set(), {"STM32"})
    said = "" if instead is None else f"\r\n+QIOTEVT: {instead}\r\n"
    spoiled = [line if words not in line.text else line._replace(text=said) for line in lines]
    with pytest.raises(WrongLineError, match=why):
        read(spoiled, set(), {"STM32"})
