"""The plan linter: each finding is told where it holds, and only there."""

import json

import pytest
from lint_world import group, rollout, said, world

from fota_sim.cli.main import exit_code
from fota_sim.scenario.lint import FINDINGS, facts_of, warnings
from fota_sim.scenario.lint.waves import as_lines, sizes
from fota_sim.scenario.loader import load_located
from fota_sim.scenario.release import released_after_s
from fota_sim.scenario.rollout import Rate

SHARES = {"waves": [{"share": "10%"}, {"share": "40%"}, {}]}
DAILY = {"pattern": "daily", "hours": "08:00-18:00"}
MAINTENANCE = {"hours": "22:00-04:00"}
ENDLESS = {"count": None}
DELTA = {"kind": "delta", "source_version": "1_0"}


def _delta(versions):
    scenario = group(world(), firmware=versions)
    scenario["packages"][0] |= DELTA
    return scenario


def _from(version):
    scenario = world()
    scenario["packages"][0] |= {"kind": "delta", "source_version": version}
    return group(scenario, firmware=version)


def _begins(start, zone, horizon="7d"):
    return world() | {"start": start, "time_zone": zone, "horizon": horizon}


def _spring(**hours):
    """Three days over the change of clocks of 2026-03-29, when 02:00 in Berlin is 03:00."""
    scenario = rollout(maintenance={"hours": "02:30-02:45"} | hours)
    return scenario | {"start": "2026-03-28T12:00:00", "time_zone": "Europe/Berlin", "horizon": "3d"}


def _of_size(size):
    scenario = world()
    scenario["packages"][0]["files"][0]["size"] = size
    return scenario


def _quiet(scenario):
    scenario["hosts"] = {"quiet": {"extends": "careful", "asks": False}}
    return group(scenario, host="quiet")


WAKES = {"pattern": "wake", "every": "24h", "linger": "20s"}
PSM = {"t3412": "24h", "t3324": "20s"}


def _asleep(module="BC66", scenario=None, **sleep):
    """Devices in eDRX, or in PSM where there is a T3412, that never ask."""
    contact = {"pattern": "wake", "every": "24h"} if "t3412" in sleep else {}
    return group(scenario or _quiet(world()), module=module, contact=contact | {"sleep": sleep})


QUIET = _quiet(world())


def _deadline(**opens):
    return [{"count": 9}, {"opens": {"deadline": "12h"} | opens}]


def _half_quiet(**plan):
    """Two groups, of which one does not ask."""
    scenario = _quiet(world(**plan))
    scenario["fleet"]["groups"].append(scenario["fleet"]["groups"][0] | {"name": "h", "host": "careful"})
    return scenario


PRICED = {"currency": "EUR", "per_visit": 85, "per_not_upgraded": 20, "per_mAh": 0.01}


def _priced(**more):
    return world() | {"prices": PRICED | more}


def _defective(**defect):
    scenario = world()
    scenario["packages"][0]["defects"] = [defect]
    return scenario


def _wakes(**contact):
    return group(world(), contact={"pattern": "wake"} | contact)


CASES = {
    "wakes_at_other_hours": (
        group(rollout(maintenance=MAINTENANCE), contact={"pattern": "wake", "every": "24h"}),
        group(rollout(maintenance=MAINTENANCE), contact={"pattern": "wake", "every": "23h"}),
        "fleet.groups[0].contact.every",
        "25.1 % of them are ever awake then",
    ),
    "wakes_at_other_hours, in none": (
        group(rollout(maintenance=MAINTENANCE), contact={"pattern": "wake", "every": "24h", "spread": "1h"}),
        group(rollout(maintenance=MAINTENANCE), contact={"pattern": "wake", "every": "6h", "spread": "1h"}),
        "fleet.groups[0].contact.every",
        "none of them are ever awake then",
    ),
    "wakes_at_other_hours, too seldom": (
        group(world(), contact={"pattern": "wake", "every": "28d"}),
        group(world(), contact={"pattern": "wake", "every": "7d"}),
        "fleet.groups[0].contact.every",
        "the plan has 7 d: about 25 % of them",
    ),
    "wakes_at_other_hours, but for pushes": (
        group(_quiet(world(push_grid="0s", push_period="01:00-07:00")), contact={"pattern": "wake", "every": "24h"}),
        group(world(push_grid="0s", push_period="01:00-07:00"), contact={"pattern": "wake", "every": "24h"}),
        "fleet.groups[0].contact.every",
        "25.1 % of them are ever awake then",
    ),
    "asks_at_other_hours": (
        world(push=False, rollout={"maintenance": MAINTENANCE}),
        world(push=True, rollout={"maintenance": MAINTENANCE}),
        "fleet.groups[0].contact.request_every",
        "they ask every 1 d, and the plan is offered at 22:00-04:00: none of them ask then",
    ),
    "asks_at_other_hours, often": (
        group(world(push=False, rollout={"maintenance": MAINTENANCE}), contact={"request_every": "12h"}),
        group(world(push=False, rollout={"maintenance": MAINTENANCE}), contact={"request_every": "5h"}),
        "fleet.groups[0].contact.request_every",
        "ask more often",
    ),
    "asks_once_before_its_turn": (
        group(world(push=False, rollout={"waves": 2}), contact={"request_every": None}),
        group(world(push=False, rollout={"waves": 1}), contact={"request_every": None}),
        "fleet.groups[0].contact.request_every",
        "whose turn comes after that question",
    ),
    "never_asked_nor_pushed": (
        _half_quiet(push=False),
        _half_quiet(),
        "fleet.groups[0].host",
        "never asks, and nothing is pushed",
    ),
    "missed_while_away": (
        group(rollout(timeouts={"online": "3h"}, retry=[]), contact={"pattern": "wake", "every": "24h"}),
        group(rollout(timeouts={"online": "3h"}), contact={"pattern": "wake", "every": "12h"}),
        "plan.rollout.timeouts.online",
        "about 12.5 % of those that are released while they sleep",
    ),
    "deadline_before_they_come": (
        group(rollout(waves=_deadline(success="90%", on_deadline="pause")), contact={"pattern": "wake"}),
        group(rollout(waves=_deadline(success="50%", on_deadline="pause")), contact={"pattern": "wake"}),
        "plan.rollout.waves[1].opens.deadline",
        "about 50 % of the devices have come, and 90 % are waited for: the deadline pauses the plan",
    ),
    "deadline_before_they_come, all of them": (
        group(rollout(waves=_deadline(on_deadline="cancel")), contact={"pattern": "wake"}),
        group(rollout(waves=_deadline(on_deadline="open")), contact={"pattern": "wake"}),
        "plan.rollout.waves[1].opens.deadline",
        "cancels the plan",
    ),
    "joins_after_the_end": (
        group(world(), joins={"uniform": ["7d", "9d"]}),
        group(world(), joins={"uniform": ["6d", "9d"]}),
        "fleet.groups[0].joins",
        "nobody joins before 7 d",
    ),
    "all_join_too_late": (
        group(rollout(late_joiners="never"), joins="1d"),
        group(rollout(late_joiners="never"), joins={"uniform": ["0s", "1d"]}),
        "plan.rollout.late_joiners",
        "nobody is offered it",
    ),
    "confirms_after_the_end": (
        world(mode="manual", ends="1d", user_confirm="1d"),
        world(mode="manual", ends="1d", user_confirm={"uniform": ["1h", "2d"]}),
        "plan.user_confirm",
        "no user confirms before 1 d",
    ),
    "steps_of_no_factor": (
        rollout(rate={"devices": 10, "step": 100}),
        rollout(rate={"devices": 10, "step": 100, "factor": 1.5}),
        "plan.rollout.rate.step",
        "there is none",
    ),
    "steps_of_no_factor, a cap": (
        rollout(rate={"devices": 10, "cap": 100}),
        rollout(rate={"devices": 10, "cap": 100, "factor": 1.5, "step": 20}),
        "plan.rollout.rate.cap",
        "has no factor",
    ),
    "steps_of_no_factor, a cap that is met": (
        world(operator=[{"at": "1h", "do": "change_rate", "rate": {"devices": 10, "cap": 5}}], rollout={"waves": 2}),
        world(operator=[{"at": "1h", "do": "change_rate", "rate": {"devices": 10}}], rollout={"waves": 2}),
        "plan.operator[0].rate.cap",
        "the rate is 5 from the beginning",
    ),
    "opens_no_wave": (
        world(operator=[{"at": "1h", "do": "open_wave"}]),
        world(operator=[{"at": "1h", "do": "open_wave"}], rollout={"waves": 2}),
        "plan.operator[0].do",
        "has no waves",
    ),
    "opens_no_wave, for they are open": (
        world(operator=[{"at": f"{hour}h", "do": "open_wave"} for hour in (3, 2, 1)], rollout={"waves": 2}),
        world(operator=[{"at": f"{hour}h", "do": "open_wave"} for hour in (2, 1)], rollout={"waves": 2}),
        "plan.operator[0].do",
        "has 2 waves",
    ),
    "all_in_one": (
        group(world(), module="BC66", count=1001),
        group(world(), module="BC66", count=1001, cells=1),
        "fleet.groups[0]",
        "1,001 devices are all in one radio cell",
    ),
    "all_in_one, a few": (
        group(world(), module="BC66", count=1001),
        group(world(), module="BC66", count=1000),
        "fleet.groups[0]",
        "Write cells: how many they are spread over",
    ),
    "all_in_one, of a radio without limits": (
        group(world(), module="BC66", count=5000),
        group(world(), count=5000),
        "fleet.groups[0]",
        "a cell of nb-iot serves 50 downloads at once",
    ),
    "contact_of_another_pattern": (
        group(world(), contact={"every": "24h"}),
        _wakes(every="24h"),
        "fleet.groups[0].contact.every",
        "these devices have pattern: always",
    ),
    "contact_of_another_pattern, hours": (
        _wakes(hours="08:00-18:00"),
        group(world(), contact=DAILY),
        "fleet.groups[0].contact.hours",
        "is for pattern: daily",
    ),
    "contact_of_another_pattern, questions": (
        _wakes(request_every="1h"),
        group(world(), contact=DAILY | {"request_every": "1h"}),
        "fleet.groups[0].contact.request_every",
        "always or daily",
    ),
    "asks_of_the_silent": (
        group(QUIET, contact={"request_every": "1h"}),
        group(world(), contact={"request_every": "1h"}),
        "fleet.groups[0].contact.request_every",
        "does not ask",
    ),
    "batteries_on_mains": (
        group(world(), mains="100%", battery_level="20%"),
        group(world(), mains="99%", battery_level="20%"),
        "fleet.groups[0].battery_level",
        "report 100 %",
    ),
    "retries_of_another_rule": (
        world(rollout={"retry": []}, strategy={"retries": 3}),
        world(strategy={"retries": 3}),
        "plan.strategy.retries",
        "in its place",
    ),
    "retries_of_another_rule, a preset's": (
        world(preset="aws-iot-jobs", strategy={"retries": 3}),
        world(preset="quecthing", strategy={"retries": 3}),
        "plan.strategy.retries",
        "the preset's rollout.retry",
    ),
    "retries_of_another_rule, behind others": (
        rollout(retry=[{"on": ["upgrade", "download"]}, {"on": ["upgrade"], "count": 5}]),
        rollout(retry=[{"on": ["upgrade"]}, {"on": ["upgrade", "download"], "count": 5}]),
        "plan.rollout.retry[1].on",
        "the first that knows one decides",
    ),
    "retries_of_another_rule, no delay": (
        rollout(retry=[{"delay": "1h", "longest": "1min"}]),
        rollout(retry=[{"delay": "1h", "longest": "1h"}]),
        "plan.rollout.retry[0].longest",
        "never waited for",
    ),
    "timeouts_of_nothing": (
        rollout(abort=[{"on": ["timeout"], "count": 5}]),
        rollout(abort=[{"on": ["timeout"], "count": 5}], timeouts={"download": "1h"}),
        "plan.rollout.abort[0].on",
        "never fires",
    ),
    "timeouts_of_nothing, of attempts": (
        rollout(timeouts={"in_progress_of": "attempt"}),
        rollout(timeouts={"in_progress_of": "attempt", "in_progress": "2h"}),
        "plan.rollout.timeouts.in_progress_of",
        "no such time",
    ),
    "minimums_of_a_count": (
        rollout(abort=[{"count": 5, "minimum": 50}]),
        rollout(abort=[{"count": 5, "share": "5%", "minimum": 50}]),
        "plan.rollout.abort[0].minimum",
        "a count alone",
    ),
    "acts_after_the_end": (
        world(ends="1d", operator=[{"at": "1d", "do": "suspend"}]),
        world(ends="1d", operator=[{"at": "23h", "do": "suspend"}]),
        "plan.operator[0].at",
        "the plan ends at 1 d",
    ),
    "delays_of_another_defect": (
        _defective(effect="boot_failure", after="1h"),
        _defective(effect="dies_later", after="1h"),
        "packages[0].defects[0].after",
        "shows at once",
    ),
    "pushes_of_none": (
        world(push=False, push_period="01:00-05:00"),
        world(push=True, push_period="01:00-05:00"),
        "plan.push_period",
        "push is false",
    ),
    "pushes_of_none, and users": (
        world(user_confirm="1h"),
        world(mode="manual", user_confirm="1h"),
        "plan.user_confirm",
        "no user is asked",
    ),
    "visits_without_a_price": (
        _priced(per_visit=None, visit_after=["bricked"]),
        _priced(visit_after=["bricked"]),
        "prices.visit_after",
        "a visit has no price",
    ),
    "visits_of_the_healthy": (
        _priced(visit_after=["bricked", "upgraded"]),
        _priced(visit_after=["bricked", "failed"]),
        "prices.visit_after[1]",
        "needs nothing",
    ),
    "visits_of_the_healthy, cut off": (
        _priced(visit_after=["in_progress"]),
        _priced(per_visit=None, visit_after=["in_progress"]),
        "prices.visit_after[0]",
        "whoever the horizon cuts off",
    ),
    "left_behind_for_nothing": (
        _priced(per_not_upgraded=None),
        _priced(per_not_upgraded=0),
        "prices",
        "the strictest gate looks cheap; add per_not_upgraded",
    ),
    "charge_of_nobody": (
        group(_priced(), mains="100%"),
        group(_priced(), mains="90%"),
        "prices.per_mAh",
        "all devices are on mains",
    ),
    "nobody_confirms": (
        world(mode="manual", user_confirm_share="0%"),
        world(mode="manual", user_confirm_share="1%"),
        "plan.user_confirm_share",
        "0% of the users confirm",
    ),
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
    "no_slots_in_cells": (
        rollout(cell_concurrency={"devices": [0, 0, 0]}),
        rollout(cell_concurrency={"devices": [0, 1, 0]}),
        "plan.rollout.cell_concurrency.devices",
        "gives no slot to anybody",
    ),
    "numbers_as_text": (
        world(blacklist={"where": 'hardware >= "2"'}),
        world(blacklist={"where": 'hardware in ["2", "10"] or firmware < "1_5"'}),
        "plan.blacklist.where",
        'in which "10" comes before "2"',
    ),
    "source_is_target": (_from("2_0"), _from("1_0"), "packages[0].target_version", "is the source version as well"),
    "more_than_everybody": (
        rollout(waves=[{"share": "70%"}, {"share": "70%"}]),
        rollout(waves=[{"share": "70%"}, {"share": "70%", "share_of": "rest"}, {}]),
        "plan.rollout.waves",
        "140 %",
    ),
    "somebody_in_none": (
        rollout(waves=[{"share": "10%"}, {"count": 60}]),
        rollout(**SHARES),
        "plan.rollout.waves",
        "300 of 400",
    ),
    "nobody_left": (
        rollout(waves=[{}, {"share": "10%"}]),
        rollout(**SHARES),
        "plan.rollout.waves[1]",
        "wave 1 takes everybody",
    ),
    "nobody_left, by count": (
        rollout(waves=[{"count": 400}, {"count": 1}]),
        rollout(waves=[{"count": 399}, {"count": 1}]),
        "plan.rollout.waves[1]",
        "no targets",
    ),
    "nobody_left, by shares in all": (
        rollout(waves=[{"share": "20%"}, {"up_to": "20%"}, {"up_to": "100%"}]),
        rollout(waves=[{"share": "20%"}, {"up_to": "21%"}, {"up_to": "100%"}]),
        "plan.rollout.waves[1]",
        "up_to counts those of the waves before it",
    ),
    "nobody_left, by groups": (
        rollout(waves=[{"count": 398}, {"groups": 3, "opens": {"after": "0s"}}]),
        rollout(waves=[{"count": 398}, {"groups": 2, "opens": {"after": "0s"}}]),
        "plan.rollout.waves[1].groups",
        "more groups than the 2 devices that are left for them: 1 of them have none",
    ),
    "too_many": (
        group(rollout(waves=[{"groups_of": 1, "opens": {"after": "0s"}}]), count=1001),
        group(rollout(waves=[{"groups_of": 2, "opens": {"after": "0s"}}]), count=1001),
        "plan.rollout.waves[0].groups_of",
        "write groups_of: 2 or more. A run refuses it",
    ),
    "rate_of_nobody": (
        world(operator=[{"at": "1h", "do": "change_rate", "rate": {"devices": 5}}]),
        world(operator=[{"at": "1h", "do": "change_rate"}], rollout={"rate": {"devices": 5}}),
        "plan.operator[0].do",
        "all are released when the plan starts",
    ),
    "never_opens, by groups": (
        rollout(waves=[{"groups": 5, "opens": {"after": "2d"}}]),
        rollout(waves=[{"groups": 4, "opens": {"after": "2d"}}]),
        "plan.rollout.waves[0].opens",
        "opens its last group 8 d",
    ),
    "waits_for_the_gone, by groups": (
        rollout(waves=[{"groups": 2, "opens": {"success": "95%"}}]),
        rollout(waves=[{"groups": 2, "opens": {"success": "94%"}}]),
        "plan.rollout.waves[0].opens.success",
        "6 % of the fleet is gone",
    ),
    "never_opens": (
        rollout(waves=[{"count": 10}, {"opens": {"after": "4d"}, "count": 10}, {"opens": {"after": "4d"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"after": "4d"}}]),
        "plan.rollout.waves[2].opens",
        "8 d",
    ),
    "waits_for_the_gone": (
        rollout(waves=[{"count": 10}, {"opens": {"success": "95%"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"success": "94%"}}]),
        "plan.rollout.waves[1].opens.success",
        "6 % of the fleet is gone",
    ),
    "waits_for_the_gone, by saying nothing": (
        rollout(waves=[{"count": 10}, {}]),
        rollout(waves=[{"count": 10}, {"opens": {"after": "0s"}}]),
        "plan.rollout.waves[1].opens",
        "when the wave before it is over",
    ),
    "waits_for_the_gone, in decimals": (
        group(rollout(waves=[{"count": 10}, {"opens": {"success": "93.1%"}}]), gone="7%"),
        group(rollout(waves=[{"count": 10}, {"opens": {"success": "93%"}}]), gone="7%"),
        "plan.rollout.waves[1].opens.success",
        "7 % of the fleet is gone",
    ),
    "waits_for_the_gone, with a deadline": (
        rollout(waves=[{"count": 10}, {"opens": {"success": "95%"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"success": "95%", "deadline": "1d"}}]),
        "plan.rollout.waves[1].opens.success",
        "deadline",
    ),
    "waits_for_the_gone, for a quorum": (
        rollout(waves=[{"count": 10}, {"opens": {"success": "50%", "share_of": "finished", "quorum": "95%"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"success": "50%", "share_of": "finished", "quorum": "90%"}}]),
        "plan.rollout.waves[1].opens.quorum",
        "95 % of the wave before it have finished",
    ),
    "holds_nothing": (
        rollout(waves=[{"count": 10}, {"opens": {"after": "1h", "hold": "1d"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"after": "1h", "quorum": "50%", "hold": "1d"}}]),
        "plan.rollout.waves[1].opens.hold",
        "neither is given",
    ),
    "nobody_opens": (
        rollout(waves=[{"count": 10}, {"opens": {"by_operator": True}}]),
        rollout(waves=[{"count": 10}, {"opens": {"by_operator": True, "deadline": "1d"}}]),
        "plan.rollout.waves[1].opens.by_operator",
        "and does not",
    ),
    "nobody_opens, the first": (
        rollout(waves=[{"opens": {"by_operator": True}}]),
        rollout(waves=[{"opens": {"by_operator": False}}]),
        "plan.rollout.waves[0].opens.by_operator",
        "stays closed",
    ),
    "abort_above_all": (
        rollout(abort=[{"share": "100%", "compare": ">"}]),
        rollout(abort=[{"share": "100%", "compare": ">="}]),
        "plan.rollout.abort[0].share",
        "> 100 % never stops the rollout. Write compare: '>='",
    ),
    "abort_above_all, of attempts": (
        rollout(abort=[{"share": "100%", "compare": ">", "share_of": "group"}]),
        rollout(abort=[{"share": "100%", "compare": ">", "share_of": "group", "counts": "attempts"}]),
        "plan.rollout.abort[0].share",
        "no more than all can fail",
    ),
    "abort_never_counts": (
        rollout(abort=[{"share": "5%", "minimum": 401}]),
        rollout(abort=[{"share": "5%", "minimum": 400}]),
        "plan.rollout.abort[0].minimum",
        "400 targets of the plan",
    ),
    "abort_never_counts, of a wave": (
        rollout(**SHARES, abort=[{"share": "5%", "minimum": 201, "scope": "wave"}]),
        rollout(**SHARES, abort=[{"share": "5%", "minimum": 200, "scope": "wave"}]),
        "plan.rollout.abort[0].minimum",
        "200 targets of the largest wave",
    ),
    "more_slots_than_devices": (
        rollout(concurrency={"devices": 400}),
        rollout(concurrency={"devices": 399}),
        "plan.rollout.concurrency.devices",
        "400 slots",
    ),
    "rate_too_slow": (
        rollout(rate={"devices": 2, "every": "1h"}),
        rollout(rate={"devices": 3, "every": "1h"}),
        "plan.rollout.rate",
        "8.33 d",
    ),
    "hold_outlasts_plan": (
        world(rejection_hold="24h", ends="1d"),
        world(rejection_hold="23h", ends="1d"),
        "plan.rejection_hold",
        "refusal is final",
    ),
    "without_end": (
        rollout(retry=[ENDLESS]),
        rollout(retry=[ENDLESS], budget={"attempts": 2}),
        "plan.rollout.retry[0].count",
        "without end",
    ),
    "never_boxed": (
        rollout(retry=[{"count": 1}], penalty_box={"failures": 3, "lasts": "1d"}),
        rollout(retry=[{"count": 2}], penalty_box={"failures": 3, "lasts": "1d"}),
        "plan.rollout.penalty_box.failures",
        "after 2 failures",
    ),
    "module_gives_up_first": (
        rollout(retry=[{"on": ["download"], "count": 6}]),
        rollout(retry=[{"on": ["download"], "count": 5}]),
        "plan.rollout.retry[0].count",
        "max_download_failures",
    ),
    "shorter_than_the_answer": (
        group(rollout(timeouts={"ack": "3min"}), host="late"),
        rollout(timeouts={"ack": "3min"}),
        "plan.rollout.timeouts.ack",
        "'late'",
    ),
    "shorter_than_the_installation": (
        rollout(timeouts={"report": "90s"}),
        rollout(timeouts={"report": "30min"}),
        "plan.rollout.timeouts.report",
        "EC200U",
    ),
    "switched_off_in_writing": (
        group(world(), contact={"pattern": "wake"}, host="hasty")
        | {"hosts": {"hasty": {"extends": "careful", "patience": "5s"}}},
        group(world(), contact={"pattern": "wake"}),
        "fleet.groups[0].host",
        "power is lost in the middle of writing",
    ),
    "switched_off_in_writing, in PSM": (
        group(world(), contact={"pattern": "wake", "sleep": {"t3412": "10h", "t3324": "16s"}}, host="hasty")
        | {"hosts": {"hasty": {"extends": "careful", "patience": "30s"}}},
        group(world(), contact={"pattern": "wake", "sleep": {"t3412": "10h", "t3324": "60s"}}, host="hasty")
        | {"hosts": {"hasty": {"extends": "careful", "patience": "30s"}}},
        "fleet.groups[0].host",
        "the time that it listens",
    ),
    "opens_before_its_turn": (
        rollout(waves=[{"count": 10}, {"count": 10, "opens": {"at": "3d"}}, {"opens": {"at": "1d"}}]),
        rollout(waves=[{"count": 10}, {"count": 10, "opens": {"at": "1d"}}, {"opens": {"at": "3d"}}]),
        "plan.rollout.waves[2].opens.at",
        "1 d is before wave 2 can open (3 d)",
    ),
    "opens_before_its_turn, by what others wait": (
        rollout(waves=[{"count": 10}, {"count": 10, "opens": {"after": "1d"}}, {}, {"opens": {"at": "1d"}}]),
        rollout(waves=[{"count": 10}, {"count": 10, "opens": {"after": "1d"}}, {}, {"opens": {"at": "25h"}}]),
        "plan.rollout.waves[3].opens.at",
        "1 d is no later than wave 2 can open",
    ),
    "adds_to_those_before": (
        rollout(waves=[{"count": 10}, {"share": "5%"}, {"share": "25%"}, {"share": "100%"}]),
        rollout(waves=[{"count": 10}, {"share": "5%"}, {"share": "25%"}, {"share": "70%"}]),
        "plan.rollout.waves",
        "write up_to: 5%, up_to: 25%, up_to: 100%, which include the waves before",
    ),
    "adds_to_those_before, of shares alone": (
        rollout(waves=[{"share": "10%"}, {"share": "30%"}, {"share": "100%"}]),
        rollout(waves=[{"share": "10%"}, {"share": "30%"}, {"share": "100%", "share_of": "rest"}]),
        "plan.rollout.waves",
        "write up_to: 10%, up_to: 30%, up_to: 100%, which",
    ),
    "zones_turned_round": (
        QUIET | {"time_zone": "Etc/GMT+1"},
        QUIET | {"time_zone": "-01:00"},
        "time_zone",
        "Etc/GMT+1 is 01:00 behind UTC, for names of this kind have the sign turned round",
    ),
    "start_comes_twice": (
        _begins("2026-10-25T02:30:00", "Europe/Berlin"),
        _begins("2026-10-25T03:30:00", "Europe/Berlin"),
        "start",
        "2026-10-25 02:30 comes twice on the clocks of Europe/Berlin",
    ),
    "hours_never_come": (
        _spring(days=["sun"]),
        _spring(days=["sun"], hours="01:30-02:45"),
        "plan.rollout.maintenance.hours",
        "02:30-02:45 on sun never comes in Europe/Berlin between the plan's start and its end; on 2026-03-29",
    ),
    "hours_never_come, on one day of several": (
        _spring(),
        _spring(hours="02:30-03:00", zone="plan"),
        "plan.rollout.maintenance.hours",
        "02:30-02:45 does not come on one day",
    ),
    "hours_never_come, of a list": (
        rollout(maintenance=[{"hours": "01:00-02:00"}, {"hours": "01:00-02:00", "month_days": [31]}]),
        rollout(maintenance=[{"hours": "01:00-02:00"}, {"hours": "01:00-02:00", "month_days": [8]}]),
        "plan.rollout.maintenance[1].hours",
        "01:00-02:00 on day 31 of the month never comes",
    ),
    "hours_never_come, before the end": (
        _spring(days=["fri"]),
        _spring(days=["mon"], hours="23:59-00:01"),
        "plan.rollout.maintenance.hours",
        "02:30-02:45 on fri never comes",
    ),
    "hours_never_come, of devices": (
        group(_begins("2026-03-28T12:00:00", "Europe/Berlin", "12h"), contact=DAILY | {"hours": "02:00-03:00"}),
        group(_begins("2026-03-28T12:00:00", "Europe/Berlin", "12h"), contact=DAILY | {"hours": "23:00-03:00"}),
        "fleet.groups[0].contact.hours",
        "02:00-03:00 never comes in Europe/Berlin",
    ),
    "grid_misses_period": (
        _quiet(world(push_period="02:00-05:00", push_grid="6h")),
        _quiet(world(push_period="02:00-07:00", push_grid="6h")),
        "plan.push_grid",
        "no such time lies in 02:00-05:00",
    ),
    "of_another_radio": (
        _asleep(edrx="61.44s"),
        _asleep("BG95", edrx="61.44s"),
        "fleet.groups[0].contact.sleep.edrx",
        "there is no eDRX cycle of 61.44s over NB-IoT; the nearest: 40.96s or 81.92s",
    ),
    "of_another_radio, a window": (
        _asleep(edrx="81.92s", paging_window="6.4s"),
        _asleep("BG95", edrx="81.92s", paging_window="6.4s"),
        "fleet.groups[0].contact.sleep.paging_window",
        "there is no paging time window of 6.4s over NB-IoT; the nearest: 5.12s or 7.68s",
    ),
    "of_another_radio, Wi-Fi": (
        _asleep("FC41D", edrx="81.92s"),
        _asleep("EC200U", edrx="81.92s"),
        "fleet.groups[0].contact.sleep",
        "a Wi-Fi module has neither PSM nor eDRX",
    ),
    "never_paged": (
        _asleep(**PSM, edrx="81.92s"),
        _asleep(**PSM | {"t3324": "2min"}, edrx="81.92s"),
        "fleet.groups[0].contact.sleep.edrx",
        "between paging windows lie 1.19 min, and the module listens for 20 s",
    ),
    "asleep_before_the_answer": (
        _asleep(**PSM | {"t3324": "0s", "inactivity": "0s"}),
        _asleep(**PSM | {"t3324": "2s", "inactivity": "0s"}),
        "fleet.groups[0].contact.sleep",
        "no plan and no address reaches them. Make inactivity or t3324 longer",
    ),
    "asleep_before_the_answer, of a slow radio": (
        group(world(), contact={"pattern": "wake", "linger": "1s"}, radio="slow")
        | {"radios": {"slow": {"extends": "lte-cat1", "rtt": ["2s", "2s", "2s"]}}},
        group(world(), contact={"pattern": "wake", "linger": "2s"}, radio="slow")
        | {"radios": {"slow": {"extends": "lte-cat1", "rtt": ["2s", "2s", "2s"]}}},
        "fleet.groups[0].contact.linger",
        "these devices sleep 1 s after the last word, and what is sent to them takes 2 s",
    ),
    "given_up_asleep": (
        _asleep(scenario=_quiet(rollout(timeouts={"ack": "5min"})), edrx="655.36s"),
        _asleep(scenario=_quiet(rollout(timeouts={"ack": "5min"})), edrx="81.92s"),
        "plan.rollout.timeouts.ack",
        "g hear nothing for up to 10.8 min (eDRX), and 5 min without an answer is a failure",
    ),
    "not_kept_for_long": (
        _asleep(**PSM, keeps_downlinks="1h"),
        _asleep(**PSM, keeps_downlinks="12h"),
        "fleet.groups[0].contact.sleep.keeps_downlinks",
        "a push is kept for 1 h, and these devices sleep for up to 1 d",
    ),
    "asleep_at_every_push, in PSM": (
        group(QUIET, contact=WAKES),
        _asleep(**PSM),
        "fleet.groups[0].contact",
        "are ever awake at one",
    ),
    "another_kind_of_radio": (
        group(world(), module="FC41D", radio="nb-iot"),
        group(world(), module="BG95", radio="nb-iot"),
        "fleet.groups[0].radio",
        "module 'FC41D' is Wi-Fi and radio 'nb-iot' cellular",
    ),
    "another_kind_of_radio, of a module with AT+CSQ": (
        group(world(), radio="wifi"),
        group(world(), module="FC41D", radio="wifi"),
        "fleet.groups[0].radio",
        "module 'EC200U' is cellular and radio 'wifi' Wi-Fi",
    ),
    "packages_without_room": (
        _of_size("5MB"),
        _of_size("4MB"),
        "plan.packages[0]",
        "module EC200U has 4MB free: its devices cannot take it (no space)",
    ),
    "nothing_to_compare": (
        world(preset="mender", strategy={"enforced_by": "platform"}),
        world(strategy={"enforced_by": "platform"}),
        "plan.strategy.enforced_by",
        "nothing to compare",
    ),
    "nothing_to_compare, by the host": (
        world(strategy={"telemetry_max_age": "1d"}),
        world(strategy={"telemetry_max_age": "1d", "enforced_by": "platform"}),
        "plan.strategy.telemetry_max_age",
        "platform's check",
    ),
    "nobody_compares": (
        group(world(strategy={"min_signal": "-95dBm"}), host="careless"),
        world(strategy={"min_signal": "-95dBm"}),
        "plan.strategy.min_signal",
        "no host",
    ),
    "always_full": (
        group(world(strategy={"min_battery": "40%"}), mains="100%"),
        world(strategy={"min_battery": "40%"}),
        "plan.strategy.min_battery",
        "on mains",
    ),
    "push_in_another_zone": (
        group(world(push_period="01:00-05:00"), time_zone={"Asia/Tokyo": "100%"}),
        world(push_period="01:00-05:00"),
        "plan.push_period",
        "10:00-14:00",
    ),
    "maintenance_in_another_zone": (
        group(rollout(maintenance=MAINTENANCE | {"zone": "plan"}), time_zone={"Asia/Tokyo": "100%"}),
        group(rollout(maintenance=MAINTENANCE), time_zone={"Asia/Tokyo": "100%"}),
        "plan.rollout.maintenance.zone",
        "07:00-13:00",
    ),
    "runs_into_the_next_day, of days of the month": (
        rollout(maintenance={"hours": "22:00-04:00", "month_days": [6]}),
        rollout(maintenance={"hours": "22:00-24:00", "month_days": [6]}),
        "plan.rollout.maintenance.days",
        "what begins on the last of them runs into the next day",
    ),
    "runs_into_the_next_day": (
        rollout(maintenance=MAINTENANCE | {"days": ["mon", "tue"]}),
        rollout(maintenance={"hours": "22:00-24:00", "days": ["mon", "tue"]}),
        "plan.rollout.maintenance.days",
        "spans midnight",
    ),
    "nobody_there": (
        group(rollout(maintenance=MAINTENANCE), contact=DAILY),
        group(rollout(maintenance={"hours": "17:00-20:00"}), contact=DAILY),
        "fleet.groups[0].contact.hours",
        "never offered",
    ),
    "asleep_at_every_push": (
        group(QUIET, contact=WAKES),
        group(QUIET, contact=WAKES | {"linger": "10min"}),
        "fleet.groups[0].contact",
        "about 3.33 % of them are ever awake at one",
    ),
    "not_taken": (
        world(preset="aws-iot-jobs", rollout={"rate": {"devices": 1001}}),
        world(preset="aws-iot-jobs", rollout={"rate": {"devices": 1000}}),
        "plan.rollout.rate.devices",
        "1,001 a minute, and AWS IoT Jobs takes 1 to 1,000",
    ),
    "not_taken, by another system": (
        world(preset="hawkbit", rollout={"waves": [{"count": 1, "opens": {"after": "0s"}}] * 501}),
        world(rollout={"waves": [{"count": 1, "opens": {"after": "0s"}}] * 501}),
        "plan.rollout.waves",
        "hawkBit takes up to 500 groups",
    ),
    "no_limit_left": (
        world(preset="aws-iot-jobs", rollout={"rate": None}),
        world(preset="aws-iot-jobs", rollout={"rate": {"devices": 50}}),
        "plan.rollout.rate",
        "at most 1,000 a minute",
    ),
    "not_for_all": (
        _delta({"1_0": "60%", "0_9": "40%"}),
        _delta({"1_0": "60%", "2_0": "40%"}),
        "plan.packages[0]",
        "40 %",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_told_where_it_holds(name, tmp_path):
    meant, _, path, words = CASES[name]
    assert words in said(meant, tmp_path).get(path, "")


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_not_told_where_it_does_not_hold(name, tmp_path):
    _, fine, path, words = CASES[name]
    assert words not in said(fine, tmp_path).get(path, "")


@pytest.mark.parametrize(
    ("preset", "parts", "path", "words"),
    [
        ("aws-iot-jobs", {"rate": {"devices": 20, "every": "1s"}}, "rate.devices", "1,200 a minute"),
        ("aws-iot-jobs", {"rate": {"devices": 0.5}}, "rate.devices", "0.5 a minute"),
        ("aws-iot-jobs", {"rate": {"devices": 9, "factor": 5.1, "step": 1}}, "rate.factor", "5.1"),
        ("aws-iot-jobs", {"rate": {"devices": 9, "factor": 2, "step": 9, "cap": 2000}}, "rate.cap", "2,000 a minute"),
        ("aws-iot-jobs", {"timeouts": {"in_progress": "30s"}}, "timeouts.in_progress", "30 s"),
        ("aws-iot-jobs", {"retry": [{"count": 11}]}, "retry[0].count", "up to 10 retries"),
        ("aws-iot-jobs", {"retry": [{"on": ["timeout"], "count": 6}, {"count": 5}]}, "retry", "11"),
        ("aws-iot-jobs", {"abort": [{"share": "0.123%", "action": "cancel"}]}, "abort[0].share", "0.123%"),
        ("aws-iot-jobs", {"abort": [{"share": "1%"}]}, "abort[0].action", "pause"),
        ("aws-iot-jobs", {"maintenance": {"hours": "00:00-23:55"}}, "maintenance.hours", "1435 min"),
        ("nerveshub", {"penalty_box": {"failures": 2, "lasts": "59min"}}, "penalty_box.lasts", "59 min"),
        ("alibaba", {"rate": {"devices": 9}}, "rate.devices", "9 a minute"),
        ("alibaba", {"timeouts": {"in_progress": "2d"}}, "timeouts.in_progress", "2880 min"),
        ("alibaba", {"retry": [{"count": 3, "delay": "10min"}]}, "retry[0].count", "1, 2 or 5"),
        ("alibaba", {"retry": [{"count": 2, "delay": "5min"}]}, "retry[0].delay", "5 min"),
    ],
)
def test_each_limit_of_a_presets_system_is_told(preset, parts, path, words, tmp_path):
    assert words in said(world(preset=preset, rollout=parts), tmp_path)[f"plan.rollout.{path}"]


@pytest.mark.parametrize("contact", [{}, {"pattern": "wake", "every": "24h"}])
def test_hours_that_never_come_are_told_of_the_hours_and_of_nobody_who_misses_them(contact, tmp_path):
    told = said(group(rollout(maintenance={"hours": "01:00-02:00", "month_days": [31]}), contact=contact), tmp_path)
    assert "never comes" in told["plan.rollout.maintenance.hours"]
    assert [path for path in told if "contact" in path] == []


def test_windows_that_never_meet_are_told_unless_hosts_ask(tmp_path):
    apart = world(push_period="08:00-18:00", rollout={"maintenance": MAINTENANCE})
    assert "never open together" in said(_quiet(apart), tmp_path)["plan.rollout.maintenance.hours"]
    assert "plan.rollout.maintenance.hours" not in said(apart, tmp_path)


@pytest.mark.parametrize(
    "meets",
    [
        {"scenario": group(world(), contact=WAKES)},
        {"scenario": group(QUIET, contact=WAKES | {"every": "1445min"})},
        {"scenario": group(QUIET, contact=WAKES | {"jitter": "20min"})},
        {"scenario": group(QUIET | {"plan": {"packages": ["p"], "push_grid": "0s"}}, contact=WAKES)},
    ],
    ids=["asks", "moves along the grid", "is late by chance", "without a grid"],
)
def test_sleepers_that_ask_or_meet_a_push_some_day_are_not_warned_of(meets, tmp_path):
    assert "fleet.groups[0].contact" not in said(meets["scenario"], tmp_path)


def test_every_finding_has_a_case():
    assert {rule.__name__ for rule in FINDINGS} == {name.partition(",")[0] for name in CASES} | {"never_both_open"}


def test_nothing_is_said_of_a_plan_with_nothing_but_defaults(tmp_path):
    assert said(world(), tmp_path) == {}


@pytest.mark.parametrize(
    "preset", ["quecthing", "aws-iot-jobs", "hawkbit", "mender", "nerveshub", "huawei-nbiot", "alibaba"]
)
def test_nothing_is_said_of_how_a_real_system_is_set(preset, tmp_path):
    assert said(world(preset=preset), tmp_path) == {}


def test_sizes_of_waves_are_told_as_they_come_out(tmp_path):
    waves = [{"name": "canary", "share": "1%"}, {"share": "50%", "share_of": "rest"}, {"count": 1}, {}]
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(rollout(waves=waves)))
    facts = facts_of(*load_located(file))
    assert sizes(facts) == [[4], [198], [1], [197]]
    assert as_lines(facts, [4, 198, 1, 197], 400)[0] == "wave 1 of 4 (canary): 4 devices (1 % of the targets)"


def test_sizes_that_only_a_draw_can_tell_are_not_guessed(tmp_path):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(rollout(waves=[{"devices": {"where": "rssi > -80dBm"}}, {}])))
    assert sizes(facts_of(*load_located(file))) is None


def test_a_ramp_takes_as_long_as_its_steps():
    ramp = Rate.model_validate({"devices": 50, "every": "1min", "factor": 2, "step": 1000, "cap": 1000})
    assert released_after_s(ramp, 10_000) == 43.75 * 60


def test_a_warning_stands_where_the_mistake_is_written(tmp_path):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(rollout(concurrency={"devices": 400}), indent=1))
    scenario, document = load_located(file)
    facts = facts_of(scenario, document)
    (warning,) = warnings([finding for rule in FINDINGS for finding in rule(facts)], document)
    assert '"devices": 400' in file.read_text().splitlines()[warning.line - 1]


@pytest.mark.parametrize(("option", "code"), [((), 0), (("--strict",), 2)])
def test_warnings_end_with_0_and_with_2_if_strict(option, code, tmp_path, capsys):
    file = tmp_path / "scenario.yaml"
    file.write_text(json.dumps(rollout(concurrency={"devices": 400})))
    assert exit_code(["validate", str(file), *option]) == code
    out, err = capsys.readouterr()
    assert "ok: 400 devices" in out
    assert "plan.rollout.concurrency.devices: 400 slots" in err
    assert "1 warning; the scenario can be run all the same." in err


def test_what_is_written_over_a_preset_is_told(tmp_path):
    scenario = world(preset="mender", rollout={"retry": [{"on": ["download"], "count": 10}]})
    assert "max_download_failures" in said(scenario, tmp_path)["plan.rollout.retry[0].count"]


def test_a_minimum_that_is_written_to_let_everybody_through_is_no_mistake(tmp_path):
    assert said(world(strategy={"min_signal": "-113dBm", "min_battery": "0%"}), tmp_path) == {}
