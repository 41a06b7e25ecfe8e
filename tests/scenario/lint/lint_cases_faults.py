"""Cases of findings about faults on purpose: what they are of and what not, place and words."""

from lint_world import world

CASES = {
    "garbles_nothing": (
        world() | {"faults": {"garbled_block": "1%"}},
        world() | {"faults": {"wrong_checksum": "1%"}},
        "faults.garbled_block",
        "no package for an MCU",
    ),
    "befalls_nobody": (
        world() | {"faults": {"devices": "0%", "lost_urc": "1%"}},
        world() | {"faults": {"devices": "1%", "lost_urc": "1%"}},
        "faults.devices",
        "befalls anybody",
    ),
    "befalls_nobody, for no download is cut": (
        world() | {"faults": {"cut_at": "10%"}},
        world() | {"faults": {"cut_at": "10%", "cut_download": "1%"}},
        "faults.cut_at",
        "no download is cut off",
    ),
}
