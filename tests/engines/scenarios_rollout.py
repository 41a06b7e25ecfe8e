"""Random rollouts: waves, rates, slots, abort rules, retries, timeouts; few devices, so small numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenarios_dice import Dice
from scenarios_fleet import WINDOWS

from fota_sim.scenario.maintenance import MONTHS

Entry = dict[str, Any]
Devices = Callable[[Dice, list[str]], Entry]

FAILURES = ("download", "shed", "upgrade", "timeout")
_SHARES = ("group", "targeted", "started", "finished")
_SOON = ("10min", "1ms", "1min", "1h", "6h")


def rollout(dice: Dice, ids: list[str], devices: Devices) -> Entry:
    """A rollout with some of its parts."""
    own: Entry = {}
    dice.sometimes(own, "order", "fleet", "random")
    if dice.once_in(2):
        own["waves"] = [_wave(dice, ids, devices, k) for k in range(dice.pick(2, 1, 3))]
    if dice.once_in(3):
        own["rate"] = rate(dice)
    dice.sometimes(own, "late_joiners", "last-wave", "at-once", "never")
    if dice.once_in(2):
        own["concurrency"] = _concurrency(dice, ids, devices)
    if dice.once_in(4):
        own["cell_concurrency"] = {"devices": dice.pick([2, 1, 1], [1, 1, 0], [50, 10, 1]), "unknown": dice.pick(1, 0)}
        dice.sometimes(own["cell_concurrency"], "when_full", "silence")
    if dice.once_in(3):
        own["abort"] = [_abort(dice) for _ in range(dice.pick(1, 2))]
    if dice.once_in(6):
        own["sequential"] = _stopping(
            dice, {"acceptable": dice.pick("2%", "10%"), "unacceptable": dice.pick("30%", "11%")}
        )
        dice.sometimes(own["sequential"], "false_alarm", "5%", "40%", once_in=3)
        dice.sometimes(own["sequential"], "miss", "10%", "50%", once_in=3)
    if dice.once_in(2):
        own["retry"] = [_retry(dice) for _ in range(dice.pick(1, 2, 0))]
    if dice.once_in(5):
        own["budget"] = {"attempts": dice.pick(1, 2), "per": dice.pick("1h", "60s", "1d")}
    if dice.once_in(5):
        own["penalty_box"] = {"failures": dice.pick(1, 2, 3), "lasts": dice.pick("1h", "1ms", "5min", "1d")}
        dice.sometimes(own["penalty_box"], "within", "10min", "1h")
    if dice.once_in(2):
        own["timeouts"] = {}
        for name in ("online", "ack", "download", "report", "in_progress"):
            dice.sometimes(own["timeouts"], name, "1h", "1ms", "20s", "3min", "1d", once_in=3)
        dice.sometimes(own["timeouts"], "in_progress_from", "progress")
        dice.sometimes(own["timeouts"], "in_progress_of", "attempt")
        if any(rule["count"] is None for rule in own.get("retry", ())):  # or it times out without end, every moment
            own["timeouts"] |= {name: "1h" for name, value in own["timeouts"].items() if value in ("1ms", "20s")}
    dice.sometimes(own, "address_lifetime", "1min", "1ms", "10s", "1h", once_in=5)
    if dice.once_in(5):
        own["maintenance"] = [_window(dice) for _ in range(dice.pick(1, 2, 3))]
    dice.sometimes(own, "refusals", "final", once_in=4)
    dice.sometimes(own, "success", "status", once_in=4)
    dice.sometimes(own, "late_success", "ignored", once_in=3)
    return own


def _window(dice: Dice) -> Entry:
    own: Entry = {"hours": dice.pick(*WINDOWS), "zone": dice.pick("device", "plan", "+03:00", "Asia/Kathmandu")}
    dice.sometimes(own, "days", ["mon", "tue"], ["sun"], ["mon", "wed", "thu", "fri", "sat"])
    dice.sometimes(own, "weeks", [1, 3], [-1], [2, 4, 5, -5], once_in=6)
    dice.sometimes(own, "month_days", [*range(1, 20)], [-1, 6, 7], once_in=6)
    dice.sometimes(own, "months", *([*part] for part in (MONTHS[:6], MONTHS[6:])), once_in=6)
    return own


def _wave(dice: Dice, ids: list[str], devices: Devices, number: int) -> Entry:
    own: Entry = dict(
        dice.pick(
            {"share": "30%"}, {"count": 2}, {"devices": devices(dice, ids)}, {}, {"share": "100%"}, {"up_to": "40%"}
        )
    )
    if dice.once_in(4):
        own["devices"] = devices(dice, ids)
    if "share" in own:
        dice.sometimes(own, "share_of", "rest")
    if "up_to" in own:
        dice.sometimes(own, "up_to", "100%", "10%", once_in=3)
    if dice.once_in(4):
        own |= dice.pick({"groups": 2}, {"groups_of": 2}, {"groups": 3}, {"groups_of": 1})
    opens: Entry = {}
    dice.sometimes(opens, "at", "0s", *_SOON, once_in=4)
    if number > 0:
        dice.sometimes(opens, "after", "0s", *_SOON)
        if dice.once_in(2):
            opens |= {"success": dice.pick("50%", "0%", "100%"), "share_of": dice.pick(*_SHARES)}
            dice.sometimes(opens, "quorum", "50%", "10%", once_in=3)
            dice.sometimes(opens, "hold", *_SOON, once_in=3)
            dice.sometimes(opens, "when_all_finished", "open")
        if dice.once_in(3):
            opens |= {"deadline": dice.pick(*_SOON), "on_deadline": dice.pick("open", "pause", "cancel")}
    dice.sometimes(opens, "by_operator", True, once_in=6)
    if opens:
        own["opens"] = opens
    return own


def rate(dice: Dice) -> Entry:
    """A rate of release."""
    own: Entry = {"devices": dice.pick(1, 2, 7, 0.5, 2.5), "every": dice.pick("1min", "1h", "10s")}
    dice.sometimes(own, "pacing", "pack")
    if dice.once_in(2):
        own |= {"factor": dice.pick(2, 1.5), "step": dice.pick(1, 2, 3)}
        dice.sometimes(own, "step_on", "succeeded")
    dice.sometimes(own, "cap", 3, 20)
    dice.sometimes(own, "most_per_minute", 2, 0.7, once_in=5)
    return own


def _concurrency(dice: Dice, ids: list[str], devices: Devices) -> Entry:
    own: Entry = {"devices": dice.pick(2, 3, 5)}
    dice.sometimes(own, "when_full", "silence", once_in=3)
    dice.sometimes(own, "order", "lifo")
    dice.sometimes(own, "until", "downloaded", once_in=3)
    dice.sometimes(own, "expires", "30min", "1min", "1ms")
    if dice.once_in(3):
        own["priority"] = devices(dice, ids)
        dice.sometimes(own, "reserved", 1)
    dice.sometimes(own, "strict", False, once_in=4)
    return own


def _stopping(dice: Dice, own: Entry) -> Entry:
    own = own | {"action": dice.pick("pause", "cancel")}
    if own["action"] == "cancel":
        dice.sometimes(own, "stops", "running")
    dice.sometimes(own, "on", [*FAILURES], ["refused"], ["upgrade"], ["download", "refused"])
    return own


def _abort(dice: Dice) -> Entry:
    own: Entry = dice.pick({"count": 1}, {"share": "20%"}, {"count": 0}, {"count": 3, "share": "50%"})
    own = _stopping(dice, dict(own))
    dice.sometimes(own, "counts", "attempts")
    dice.sometimes(own, "share_of", *_SHARES)
    dice.sometimes(own, "compare", ">")
    dice.sometimes(own, "minimum", 2, 4)
    dice.sometimes(own, "scope", "wave", once_in=3)
    return own


def _retry(dice: Dice) -> Entry:
    own: Entry = {"count": dice.pick(2, 0, 1, 5, None), "delay": dice.pick("10s", "0s", "1ms", "10min")}
    if own["count"] is None:
        own["delay"] = dice.pick("10min", "1h")  # else a device does nothing but fail, to the horizon
    dice.sometimes(own, "on", *([name] for name in FAILURES), [*FAILURES])
    dice.sometimes(own, "factor", 2, 10)
    dice.sometimes(own, "longest", "1min", "1h")
    if dice.once_in(2):
        own |= {"jitter": dice.pick("uniform", "exponential", "hashed"), "spread": dice.pick(1, 0, 0.5)}
    return own
