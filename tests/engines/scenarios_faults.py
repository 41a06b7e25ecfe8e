"""Random faults on purpose."""

from __future__ import annotations

from typing import Any

from scenarios_dice import Dice


def faults(dice: Dice, data: dict[str, Any]) -> None:
    """Draw faults into a scenario, and what its own hosts do about wrong files."""
    own: dict[str, Any] = {}
    dice.sometimes(own, "devices", "100%", "50%", "0%", once_in=3)
    dice.sometimes(own, "lost_urc", "10%", "50%", "100%")
    dice.sometimes(own, "doubled_urc", "20%", "60%", "100%")
    dice.sometimes(own, "garbled_block", "1%", "20%", "100%")
    dice.sometimes(own, "wrong_checksum", "20%", "100%")
    dice.sometimes(own, "cut_download", "30%", "100%")
    dice.sometimes(own, "cut_at", "50%", "1%", "99%")
    data["faults"] = own
    for host in data["hosts"].values():
        dice.sometimes(host, "checks_file", False, True)
        dice.sometimes(host, "reads_again", 0, 1, 3)
