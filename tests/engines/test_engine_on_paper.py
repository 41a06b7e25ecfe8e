"""Random rollouts, played, and worked out by hand from the manual: the same devices at the same times."""

import json
import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_devices import BAD, GONE, OK, ON_TARGET, REFUSES, Device
from rollout_on_paper import Rollout
from rollout_worlds import ENGINES, broken, group, play, world

from fota_sim.engines.twins import describe, play_both
from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import parse_scenario

HORIZON = 3_600_000
EMPTY = {"chemistry": "li-ion", "capacity": "1000000mAh", "level": "20%", "resistance": "0ohm", "self_discharge": "0%"}
TIMES = ("at", "after", "deadline", "hold", "every", "lasts", "within")


def written(part):
    """Times of a rollout as a scenario has them."""
    if isinstance(part, list):
        return [written(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {name: f"{value}ms" if name in TIMES else written(value) for name, value in part.items()}


def scenario_of(devices, parts, operator=(), retries=0, retry_delay=0, starts=0, ends=None):
    """The fleet and the plan as a scenario, each device a group of its own."""
    retry = [{"count": retries, "delay": f"{retry_delay}ms"}] if retries else []
    scenario = world(1, {**written(parts), "retry": retry}, rejection_hold="10min", starts=f"{starts}ms")
    scenario["packages"][0]["defects"] = [broken(where=f'kind == "{BAD}"')]
    plan = scenario["plan"]
    plan["operator"] = [
        written({name: value for name, value in step.items() if name != "devices"}) for step in operator
    ]
    for step, entry in zip(operator, plan["operator"], strict=True):
        if "devices" in step:
            entry["devices"] = {"ids": [f"d{number}-0" for number in step["devices"]]}
    if ends is not None:
        plan["ends"] = f"{ends}ms"
    if not all(device.listed for device in devices):
        plan["whitelist"] = {"where": 'listed == "yes"'}
    scenario["fleet"]["groups"] = [_group(device) for device in devices]
    return scenario


def _group(device):
    said = {"rev": device.revision, "kind": device.kind, "listed": "yes" if device.listed else "no"}
    fields = {"attributes": {name: {value: "100%"} for name, value in said.items()}}
    if device.joins:
        fields["joins"] = f"{device.joins}ms"
    if device.kind == ON_TARGET:
        fields["firmware"] = "2_0"
    if device.kind == GONE:
        fields["gone"] = "100%"
    if device.kind == REFUSES:
        fields |= {"mains": "0%", "battery": EMPTY}
    return group(f"d{device.number}", 1, **fields)


@cache
def measured():
    """What one device alone takes, from offer to answer, and from answer to end, in ms."""
    takes = {"hold": 600_000}
    for kind in (OK, BAD, REFUSES):
        record = play(
            scenario_of([Device(0, kind, 0, "A", True)], {}), "reference", "keep.transcripts=1", "horizon=5min"
        )
        (log,) = record.platform_logs.values()
        offered = next(line.at_ms for line in log if "Plan issued" in line.text)
        takes |= {"connect": offered, "trip": int(record.devices["first_offer_ms"][0]) - offered}
        if kind == REFUSES:
            takes["refuse"] = next(line.at_ms for line in log if "refused" in line.text) - offered
        else:
            confirmed = next(line.at_ms for line in log if "Device confirmed" in line.text)
            takes |= {"confirm": confirmed - offered, kind: int(record.devices["finished_ms"][0]) - confirmed}
    return takes


# What is drawn

MOMENTS = (0, 1_000, 30_000, 60_000, 88_947, 120_000, 300_000, 600_000)
SHARES = ("0%", "10%", "25%", "33.4%", "50%", "60%", "66.7%", "75%", "100%")
SHARES_OF = ("group", "targeted", "started", "finished")


def _devices(dice):
    found = []
    for number in range(dice.randint(1, 14)):
        kind = dice.choices([OK, BAD, REFUSES, ON_TARGET, GONE], [12, 6, 2, 2, 1])[0]
        joins = dice.choice([0] * 5 + [dice.choice([1_000, 60_000, 300_000])])
        found.append(Device(number, kind, joins, dice.choice("AAB"), dice.random() < 0.93))
    if not any(each.listed and not each.joins for each in found):
        found[0].listed, found[0].joins = True, 0
    return found


def _wave(dice):
    size = dice.choice([{}, {"count": dice.randint(1, 5)}, {"share": dice.choice(SHARES[1:])}, {"up_to": "50%"}])
    if "share" in size and dice.random() < 0.3:
        size["share_of"] = "rest"
    if dice.random() < 0.2:
        size["devices"] = {"where": f'rev == "{dice.choice("AB")}"'}
    if dice.random() < 0.3:
        size |= dice.choice([{"groups": dice.randint(1, 3)}, {"groups_of": dice.randint(1, 4)}])
    opens = {name: dice.choice(MOMENTS) for name in ("at", "after") if dice.random() < 0.25}
    if dice.random() < 0.4:
        opens |= {"success": dice.choice(SHARES), "share_of": dice.choice(SHARES_OF)}
    if dice.random() < 0.3:
        opens["quorum"] = dice.choice(SHARES[1:])
    if ("success" in opens or not opens) and dice.random() < 0.4:
        opens["hold"] = dice.choice(MOMENTS)
    if dice.random() < 0.1:
        opens["by_operator"] = True
    if dice.random() < 0.3:
        opens["when_all_finished"] = "open"
    if dice.random() < 0.3:
        opens |= {"deadline": dice.choice(MOMENTS[1:]), "on_deadline": dice.choice(["open", "pause", "cancel"])}
    return {**size, "opens": opens}


def _abort(dice):
    rule = {
        "on": dice.choice([["upgrade"], ["refused"], ["upgrade", "refused"]]),
        "action": dice.choice(["pause", "cancel"]),
    }
    share = {"share": dice.choice(SHARES), "share_of": dice.choice(SHARES_OF), "minimum": dice.randint(1, 5)}
    rule |= dice.choice([share, {"count": dice.randint(0, 4)}, {**share, "count": dice.randint(0, 4)}])
    scope = dice.choice(["plan", "plan", "wave"])
    return {**rule, "compare": dice.choice([">", ">="]), "scope": scope, "counts": dice.choice(["devices", "attempts"])}


def _parts(dice):
    parts = {"late_joiners": dice.choice(["last-wave", "at-once", "never"])}
    waves = [_wave(dice) for _ in range(dice.randint(0, 4))]
    if waves:
        parts["waves"] = waves
    if dice.random() < 0.5:
        rate = {"devices": dice.choice([1, 2, 3, 0.5, 7]), "every": dice.choice([60_000, 30_000, 10_000])}
        if dice.random() < 0.5:
            on = dice.choice(["notified", "succeeded"])
            rate |= {"factor": dice.choice([2, 1.5, 3]), "step": dice.randint(1, 3), "step_on": on}
            rate |= dice.choice([{}, {"cap": dice.choice([2, 5])}])
        parts["rate"] = rate
    if dice.random() < 0.4:
        how = dice.choice([{"order": "fifo"}, {"order": "lifo"}, {"when_full": "silence"}])
        parts["concurrency"] = {"devices": dice.randint(1, 3), **how}
    if dice.random() < 0.6:
        parts["abort"] = [_abort(dice) for _ in range(dice.randint(1, 2))]
    if dice.random() < 0.25:
        rates = {"acceptable": dice.choice(["1%", "5%"]), "unacceptable": dice.choice(["20%", "60%"])}
        chances = {"false_alarm": dice.choice(["5%", "20%"]), "miss": dice.choice(["10%", "30%"])}
        on = dice.choice([["upgrade"], ["upgrade", "refused"]])
        parts["sequential"] = {**rates, **chances, "on": on, "action": dice.choice(["pause", "cancel"])}
    if dice.random() < 0.25:
        within = dice.choice([{}, {"within": dice.choice([20_000, 100_000])}])
        parts["penalty_box"] = {"failures": dice.randint(1, 3), "lasts": dice.choice([60_000, 300_000]), **within}
    if dice.random() < 0.2:
        parts["refusals"] = "final"
    return parts


def _operator(dice, devices, parts):
    steps = []
    for do, chance in (
        ("suspend", 0.4),
        ("open_wave", 0.5),
        ("open_wave", 0.3),
        ("cancel", 0.2),
        ("change_rate", 0.25),
    ):
        if dice.random() < chance:
            steps.append({"at": dice.choice(MOMENTS) + dice.choice([0, 1]), "do": do})
    if dice.random() < 0.2:
        steps.append({"at": dice.choice([120_000, 150_000, 600_000]), "do": "retry"})
    if dice.random() < 0.08:
        steps.append({"at": dice.choice(MOMENTS), "do": "terminate"})
    for step in steps:
        if step["do"] in ("cancel", "retry"):
            step["devices"] = sorted(dice.sample(range(len(devices)), dice.randint(1, len(devices))))
        if step["do"] == "change_rate":
            step.update(dice.choice([{}, {"rate": {"devices": dice.choice([1, 2, 5]), "every": 60_000}}]))
    if "pause" in str(parts) or any(step["do"] == "suspend" for step in steps):
        steps += [{"at": at, "do": "resume"} for at in (200_000, 900_000) if dice.random() < 0.5]
    alone = {max(1, step["at"]): step for step in steps}  # two in one moment are another matter
    return [alone[at] for at in sorted(alone)]


def drawn(seed):
    """A rollout as it is worked out, and its scenario."""
    dice = random.Random(seed)
    devices = _devices(dice)
    parts = _parts(dice)
    operator = _operator(dice, devices, parts)
    retries, delay = dice.choice([0, 0, 1, 2]), dice.choice([10_000, 60_000])
    starts, ends = dice.choice([0, 0, 0, 30_000]), dice.choice([None] * 6 + [600_000])
    scenario = scenario_of(devices, parts, operator, retries, delay, starts, ends)
    until = HORIZON if ends is None else ends
    return Rollout(devices, parts, operator, measured(), retries, delay, starts, until, HORIZON), scenario


def told(rollout):
    """Of each device whom the plan is for, and of the plan, what a run says too."""
    rows = []
    for each in rollout.devices:
        offered = -1 if each.offered is None or each.offered >= HORIZON else each.offered
        released = -1 if each.released is None or each.released >= HORIZON else max(each.released, each.joins)
        ended = -1 if each.finished is None or each.kind == ON_TARGET else each.finished
        cancelled = "" if each.succeeded else each.cancelled
        rows.append((each.succeeded, cancelled, each.failed, offered, released, ended) if _takes_part(each) else None)
    return rows, rollout.log


def _takes_part(device):
    return device.listed and not device.left_out


def seen(record, rollout):
    """The same of a run."""
    d, rows = record.devices, []
    for each in rollout.devices:
        row = [d[name][each.number] for name in ("outcome", "cause", "first_offer_ms", "released_ms", "finished_ms")]
        ended = -1 if each.kind == ON_TARGET else int(row[4])
        cancelled = row[1] if row[0] == "cancelled" else ""
        succeeded = row[0] in ("upgraded", "already_on_target")
        failed = ended >= 0 and not succeeded
        rows.append((succeeded, cancelled, failed, int(row[2]), int(row[3]), ended) if _takes_part(each) else None)
    log = []
    for at, text in record.plan_log:
        words = text.split()
        if words[0] == "wave" and words[-1] == "opened" and rollout.is_released_in_order:
            log.append((at, f"wave {words[1]} opened"))
        elif words[:2] in (["abort", "rule"], ["sequential", "test"]):
            log.append((at, " ".join(words[: 4 if words[0] == "abort" else 3])))
    return rows, log


@given(seed=st.integers(0, 1_000_000))
@settings(max_examples=150, deadline=None)
def test_a_rollout_is_played_as_the_manual_says(seed):
    rollout, scenario = drawn(seed)
    try:
        record = play(scenario, "reference", f"horizon={HORIZON}ms")
    except ScenarioError:  # more waves than targets, and the like
        return
    worked_out = told(rollout.play())
    assert seen(record, rollout) == worked_out


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 6, 8, 9, 11])
def test_both_engines_play_these_rollouts_alike(seed):
    _, scenario = drawn(seed)
    parsed = parse_scenario(json.dumps(scenario), "scenario.yaml", [f"horizon={HORIZON}ms"])
    found = play_both(parsed, 0, ENGINES["reference"], ENGINES["compiled"])
    assert not found, describe(found, "reference", "compiled")
