"""Whom a choice leaves out, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.analysis.answers.wording import count_of, listed, number_text, outcome_text
from fota_sim.analysis.compare.unserved import Unasked


def left_out_text(who: str, other: str, found: Mapping[str, Any]) -> str:
    """``Of 2,000 devices `low` leaves out 1,219 with which `open` begins (refused by the host).``

    ``found``: the fields of ``Unserved`` (analysis/compare/unserved.py).
    """
    ends = {outcome_text(outcome): count for outcome, count in found["ends"].items()}
    several = len(ends) > 1
    words = [f"{number_text(_whole(count))} {words}" if several else words for words, count in ends.items()]
    how = f" ({listed(words)})" if words else ""
    fleet = count_of(_whole(found["of"]), "device")
    return f"Of {fleet} {who} leaves out {number_text(_whole(found['devices']))} with which {other} begins{how}."


def unasked_text(found: Unasked) -> str:
    """``it upgrades 1,274 fewer of 2,000 devices (95 % interval 1,260 to 1,288)``."""
    ends = ""
    if found.interval is not None:
        low, high = (number_text(_whole(end)) for end in found.interval)
        ends = f" (95 % interval {low} to {high})" if low != high else " (95 % interval narrower than that)"
    return f"it upgrades {number_text(_whole(found.fewer))} fewer of {count_of(_whole(found.of), 'device')}{ends}"


def _whole(devices: float) -> float:
    """A mean of many devices is told without its decimals."""
    return devices if devices < 1 else float(round(devices))
