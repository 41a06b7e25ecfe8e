"""Random products, packages, plans, operators, networks and protocol switches."""

from __future__ import annotations

from typing import Any

from scenarios_dice import Dice, seconds
from scenarios_files import list_file
from scenarios_fleet import WINDOWS, ZONES
from scenarios_rollout import rollout

from fota_sim.rules import lifecycle
from fota_sim.rules.labels import DEFECT_EFFECTS
from fota_sim.scenario.presets import preset_names

Entry = dict[str, Any]

FIRMWARE = "app"
MCUS = ("STM32", "sensor")

CONDITIONS = (
    'hardware == "B"',
    'firmware == "1_0"',
    'firmware < "1_1"',
    'site == "north"',
    "site == 'south'",
    "rssi < -90dBm",
    "rssi >= -89",
    "battery < 50%",
    "known(battery)",
    "known(rssi)",
    "mains == true",
    "mains != true",
    'group in ["g1", "g2"]',
    "temperature < 5C",
    "capacity > 100mAh",
    'chemistry != "li-ion"',
    'module in ["BC66", "module0"]',
    'radio != "nb-iot"',
    'host == "host0"',
    'cell == "g0-cell-0"',
    'time_zone == "Europe/Berlin"',
    'id == "g0-0"',
)
"""Each makes sense whatever the devices are; some of other names meet nobody then."""


def components(dice: Dice) -> list[str]:
    """What the product is made of: its own firmware, one or two MCUs, or MCUs alone."""
    return dice.pick([FIRMWARE], [FIRMWARE, *MCUS[:1]], [*MCUS[:1]], [FIRMWARE, *MCUS], [*MCUS[:1], FIRMWARE])


def product(identifiers: list[str]) -> Entry:
    """The product of these components."""
    parts = [{"identifier": name, "type": "firmware" if name == FIRMWARE else "mcu"} for name in identifiers]
    return {"model": {"device_model": "board", "components": parts}}


OTHER = "Other product"
"""The name of a product that the plan is not for."""


def other_products(dice: Dice, data: dict[str, Any]) -> None:
    """Another product with devices of its own; some of the others say which they are of."""
    mine = data["product"].get("name", "My product")
    model = {**data["product"]["model"], "name": "Other model"}
    data["products"] = [
        {"project": dice.pick("My project", "Another"), "name": OTHER, "pk": "other", "ps": "s", "model": model}
    ]
    for entry in (*data["fleet"]["groups"], *data["fleet"]["csv"]):
        dice.sometimes(entry, "product", mine)
    firmware = dice.pick("1_0", "2_0", {"1_0": "50%", "2_0": "50%"})
    others = {"name": "others", "count": dice.pick(2, 5), "host": "careful", "firmware": firmware}
    data["fleet"]["groups"].append({**others, "product": OTHER})
    for package in data["packages"]:
        dice.sometimes(package, "product", mine)


def packages(dice: Dice, identifiers: list[str]) -> list[Entry]:
    """A package for each component, called after it."""
    return [_package(dice, name) for name in identifiers]


def _package(dice: Dice, component: str) -> Entry:
    sizes = (60_000, 20_000, 5_000, 200_000, 700_000) if component == FIRMWARE else (10_000, 2_000, 30_000)
    files = dice.pick(1, 1, 1, 2, 5)
    own: Entry = {
        "name": f"new {component}",
        "component": component,
        "target_version": dice.pick("2_0", "2_0", "3.0-rc_1"),
        "files": [{"name": f"{k}.bin", "size": f"{dice.pick(*sizes) // files + k}B"} for k in range(files)],
    }
    if dice.once_in(4):
        own |= {"kind": "delta", "source_version": "1_0"}
    elif dice.has("versions") and dice.once_in(3):
        own["specified_versions"] = dice.pick(["1_0"], ["1_0", "1_1"], ["0_9", "1_0"])
    if dice.has("defects"):
        own["defects"] = [_defect(dice) for _ in range(dice.pick(2, 3))]
    return own


def _defect(dice: Dice) -> Entry:
    own: Entry = {"effect": dice.pick(*DEFECT_EFFECTS), "probability": dice.pick("40%", "100%", "15%")}
    if dice.once_in(3):
        own["where"] = dice.condition()
    if own["effect"] == "dies_later":
        own["after"] = dice.pick("1h", "1ms", "10min", "1d")
    return own


def plan(dice: Dice, planned: list[str], horizon_s: float, ids: list[str]) -> Entry:
    """The plan, with its operator."""
    own: Entry = {"packages": [f"new {name}" for name in planned], "strategy": _strategy(dice)}
    dice.sometimes(own, "push", True, False)
    dice.sometimes(own, "rejection_hold", "50min", "24h", *(("10min", "601s") if horizon_s <= 86_400 else ()))
    if dice.once_in(4):
        own["mode"] = "manual"
        own["user_confirm"] = dice.pick(
            "10min", "0s", {"uniform": ["0s", "6h"]}, {"lognormal": {"median": "1h", "sigma": 1}}
        )
        dice.sometimes(own, "user_confirm_share", "60%", "0%")
    if dice.has("calendar"):
        dice.sometimes(own, "push_period", *(window for window in WINDOWS))
        dice.sometimes(own, "time_zone", *ZONES)
        starts_s = dice.pick(*(at for at in (0, 1, 600, 5_000, 86_400) if at < horizon_s))
        own["starts"] = seconds(starts_s)
        ends = [at for at in (1_200, 7_200, 40_000, 86_400, 200_000) if at > starts_s]
        if ends and dice.once_in(3):
            own["ends"] = seconds(dice.pick(*ends))
    if dice.has("lists"):
        for name in ("whitelist", "blacklist"):
            if dice.once_in(3):
                own[name] = _devices(dice, ids)
    if dice.has("rollout"):
        own["rollout"] = rollout(dice, ids, _devices)
        dice.sometimes(own, "push_grid", "10min", "0s", "1min", "7min")
    if dice.has("operator"):
        dice.sometimes(own, "delete_rule", "inactive-only", "stop-then-delete")
        own["operator"] = operator(dice, horizon_s, ids, own)
    if dice.has("preset"):
        own["preset"] = dice.pick(*preset_names())
    return own


def _strategy(dice: Dice) -> Entry:
    own: Entry = {}
    dice.sometimes(own, "retries", 0, 1, 2, 5)
    dice.sometimes(own, "retry_delay", "10s", "0s", "1ms", "1h")
    if dice.has("batteries", "unknown readings", "signal"):
        own["enforced_by"] = dice.pick("device", "device", "platform")
        dice.sometimes(own, "min_battery", "30%", "0%", "80%")
        dice.sometimes(own, "min_signal", "-113dBm", "-95dBm", "-101dBm", "-70dBm")
        own["when_unknown"] = dice.pick("offer", "withhold")
        dice.sometimes(own, "telemetry_max_age", "1h", "1min", "1d", once_in=3)
    return own


def _devices(dice: Dice, ids: list[str]) -> Entry:
    own: Entry = {}
    if dice.once_in(2):
        own["where"] = dice.condition()
    if dice.has("files") and dice.once_in(2):
        own["file"] = list_file(dice, ids)
    if dice.once_in(2) or not own:
        own["ids"] = dice.some(ids, high=5)
    return own


def operator(dice: Dice, horizon_s: float, ids: list[str], plan: Entry) -> list[Entry]:
    """What the operator does, each action allowed after those before it; several may come at one time."""
    times = sorted(dice.pick(0, 1, 300, 600, 1_200, 3_600, 20_000, 90_000) for _ in range(dice.pick(1, 2, 3, 5)))
    delete_rule = plan.get("delete_rule", "inactive-only")
    state = lifecycle.ACTIVATED
    actions: list[Entry] = []
    for at_s in times:
        allowed = [do for do in lifecycle.ACTIONS if lifecycle.next_state(state, do, delete_rule) is not None]
        if _pauses(plan) and state in (lifecycle.ACTIVATED, lifecycle.UPGRADING):
            allowed.append("resume")
        if not allowed or at_s >= horizon_s:
            break
        go_on = [do for do in allowed if do != "terminate"]
        do = dice.pick(*allowed) if not go_on or dice.once_in(4) else dice.pick(*go_on)  # an end ends most stories
        action: Entry = {"at": seconds(at_s), "do": do}
        if do in ("cancel", "retry"):
            action["devices"] = _devices(dice, ids)
        actions.append(action)
        after = lifecycle.next_state(state, do, delete_rule)
        state = state if after is None else after
    return actions


def _pauses(plan: Entry) -> bool:
    """Whether the plan may suspend itself, so that its operator may have to resume it."""
    rollout = plan.get("rollout", {})
    rules = [*rollout.get("abort", ()), rollout.get("sequential", {"action": "none"})]
    return any(rule["action"] == "pause" for rule in rules)


def network(dice: Dice) -> Entry:
    """The server and the cells."""
    own: Entry = {}
    if dice.has("network"):
        own["server"] = {"connections": dice.pick(1, 1, 2, 4, 10_000, None)}
        dice.sometimes(own["server"], "egress", "100kbit/s", "30kbit/s", "1Mbit/s")
        dice.sometimes(own["server"], "when_full", "refuse")
        dice.sometimes(own["server"], "refusal_counts", False, once_in=3)
        own["cells"] = {"enforce": dice.pick(True, True, False), "when_full": dice.pick("queue", "refuse")}
    return own


def protocol(dice: Dice) -> Entry:
    """Timers, and the switches where documents disagree."""
    own: Entry = {}
    dice.sometimes(own, "success_urc", "after_reboot", "before_reboot")
    dice.sometimes(own, "success_report", "after_reboot", "before_reboot", once_in=4)
    dice.sometimes(own, "qind", "none", "before_success", "after_success", once_in=3)
    dice.sometimes(own, "announce_decision", True, False, once_in=3)
    dice.sometimes(own, "max_download_failures", 0, 1, 2, 5)
    dice.sometimes(own, "progress_interval", "5s", "1s", "1min", "999ms")
    dice.sometimes(own, "flash_delay", "5s", "0s", "1min", once_in=3)
    if dice.has("timers"):
        own |= {
            "url_timeout": dice.pick("30s", "1s", "3s", "1h"),
            "first_progress_timeout": dice.pick("5s", "10ms", "1s", "1min"),
            "http_timeout": dice.pick("10s", "1ms", "5min"),
            "read_timeout": dice.pick("60s", "1s", "10s"),
            "mcu_update_timeout": dice.pick("20min", "5s", "2min", "1h"),
        }
    return own
