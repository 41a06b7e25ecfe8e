"""Cases of findings about fields that nothing reads: what they are of and what not, place and words."""

from lint_world import DAILY, QUIET, group, rollout, world


def _defective(**defect):
    scenario = world()
    scenario["packages"][0]["defects"] = [defect]
    return scenario


def _wakes(**contact):
    return group(world(), contact={"pattern": "wake"} | contact)


CASES = {
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
    "waits_before_the_first": (
        rollout(waves=[{"count": 10, "opens": {"success": "95%"}}, {"opens": {"after": "1h"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"success": "95%", "deadline": "1d"}}]),
        "plan.rollout.waves[0].opens.success",
        "the first has none",
    ),
    "waits_before_the_first, in groups": (
        rollout(waves=[{"count": 10, "opens": {"after": "1h"}}, {"opens": {"after": "1h"}}]),
        rollout(waves=[{"groups": 4, "opens": {"after": "1h"}}]),
        "plan.rollout.waves[0].opens.after",
        "begins later with at",
    ),
    "parts_of_nothing": (
        rollout(waves=[{"count": 10}, {"opens": {"after": "1h", "on_deadline": "cancel"}}]),
        rollout(waves=[{"count": 10}, {"opens": {"after": "1h", "on_deadline": "cancel", "deadline": "2h"}}]),
        "plan.rollout.waves[1].opens.on_deadline",
        "Write deadline too",
    ),
    "parts_of_nothing, of what no share is": (
        rollout(abort=[{"count": 5, "share_of": "group"}]),
        rollout(abort=[{"count": 5, "share": "5%", "share_of": "group"}]),
        "plan.rollout.abort[0].share_of",
        "goes with share",
    ),
    "parts_of_nothing, a spread": (
        rollout(retry=[{"spread": 2}]),
        rollout(retry=[{"spread": 2, "jitter": "uniform"}]),
        "plan.rollout.retry[0].spread",
        "Write jitter too",
    ),
    "parts_of_nothing, an order": (
        rollout(concurrency={"devices": 10, "when_full": "silence", "order": "lifo"}),
        rollout(concurrency={"devices": 10, "order": "lifo"}),
        "plan.rollout.concurrency.order",
        "when_full: queue",
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
    "built_in_hosts": (
        world() | {"hosts": {"careless": {"command_time": "1s"}}},
        world() | {"hosts": {"careless": {"extends": "careless", "command_time": "1s"}, "own": {"asks": False}}},
        "hosts.careless",
        "a built-in host, of which this one has nothing",
    ),
}
