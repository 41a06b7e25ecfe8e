"""Fields that are written down and that nothing reads, because of what another one says."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.scenario.document import Key
from fota_sim.scenario.libraries import builtin
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding, duration
from fota_sim.scenario.plan import rates_of
from fota_sim.scenario.waves import in_groups

_PATTERNS = {
    "every": ("wake",),
    "jitter": ("wake",),
    "linger": ("wake",),
    "hours": ("daily",),
    "request_every": ("always", "daily"),
}
"""Fields of a contact, and the patterns that read them."""


def contact_of_another_pattern(facts: Facts) -> Iterator[Finding]:
    """A period or hours of a device that is there all the time, and the like."""
    if facts.scenario.strategy is not None:
        return  # it may lay a pattern over the file's own
    for path, devices in facts.scenario.fleet.placed():
        pattern = devices.contact.pattern
        for name, patterns in _PATTERNS.items():
            if (*path, "contact", name) in facts.written and pattern not in patterns:
                message = (
                    f"is for pattern: {' or '.join(patterns)}, and these devices have pattern: {pattern}, which does "
                    "not read it. Write the pattern too, or leave it out"
                )
                yield (*path, "contact", name), message
        if "contact_every" in devices.mapped and pattern != "wake":
            message = f"has a column of periods, which pattern: {pattern} does not read. Write contact.pattern: wake"
            yield (*path, "columns"), message


def asks_of_the_silent(facts: Facts) -> Iterator[Finding]:
    """How often a host asks that never does."""
    for path, devices, _, _, host in facts.parts():
        where = (*path, "contact", "request_every")
        if where in facts.written and not host.asks and "host" not in devices.mapped:
            yield where, f"host {devices.host!r} does not ask for plans (asks: false), so it does nothing; leave it out"


def batteries_on_mains(facts: Facts) -> Iterator[Finding]:
    """Levels of batteries of devices that are all on mains."""
    for path, devices, module, _, _ in facts.parts():
        mains = module.mains if devices.mains is None else devices.mains
        where = (*path, "battery_level")
        said = where in facts.written and devices.battery_level is not None
        if mains == 1.0 and said and not {"mains", "battery"} & set(devices.mapped):
            message = (
                "all of these devices are on mains (mains: 100%), report 100 % and pass every minimum; write mains: 0% "
                "if they run on batteries"
            )
            yield where, message


def retries_of_another_rule(facts: Facts) -> Iterator[Finding]:
    """Retries of the strategy beside retry rules, and rules behind others of the same kinds."""
    rules = facts.rollout.retry
    for name in ("retries", "retry_delay"):
        where: Key = ("plan", "strategy", name)
        laid_over = facts.scenario.strategy is not None  # a strategy may bring its rules to a plan without
        if rules is not None and where in facts.written and not laid_over:
            by = "the preset's " if (*ROLLOUT, "retry") in facts.from_preset else ""
            message = f"{by}rollout.retry is asked in its place; write the rule there, or leave this out"
            yield where, message
    known: set[str] = set()
    for number, rule in enumerate(rules or ()):
        here = (*ROLLOUT, "retry", number)
        if set(rule.on) <= known:
            yield (*here, "on"), "rules before it know these kinds already, and the first that knows one decides"
        known |= set(rule.on)
        if rule.longest < rule.delay:
            message = (
                f"{duration(rule.longest)} is less than the delay, {duration(rule.delay)}, which is never waited for; "
                "make it longer"
            )
            yield (*here, "longest"), message


def timeouts_of_nothing(facts: Facts) -> Iterator[Finding]:
    """Abort rules on timeouts in a plan that has none, and what an upgrade's time is of where it has none."""
    times = facts.rollout.timeouts
    if not any((times.online, times.ack, times.download, times.report, times.in_progress)):
        for number, rule in enumerate(facts.rollout.abort):
            if set(rule.on) == {"timeout"}:
                message = "rollout.timeouts has none, so nothing ever fails by it and the rule never fires"
                yield (*ROLLOUT, "abort", number, "on"), message
    for name in ("in_progress_of", "in_progress_from"):
        where = (*ROLLOUT, "timeouts", name)
        if times.in_progress is None and where in facts.written:
            yield where, "timeouts.in_progress is not given, so there is no such time; give it, or leave this out"


def minimums_of_a_count(facts: Facts) -> Iterator[Finding]:
    """A minimum of an abort rule without a share."""
    for number, rule in enumerate(facts.rollout.abort):
        where = (*ROLLOUT, "abort", number, "minimum")
        if rule.share is None and where in facts.written:
            yield (
                where,
                "is what a share is of at the least, and this rule has a count alone, which it does not hold back",
            )


def acts_after_the_end(facts: Facts) -> Iterator[Finding]:
    """The operator's actions on a plan that is over."""
    plan = facts.scenario.plan
    for number, action in enumerate(plan.operator):
        if plan.ends is not None and action.at >= plan.ends and action.do != "delete":
            message = f"the plan ends at {duration(plan.ends)}, and nothing is done after that; act earlier"
            yield ("plan", "operator", number, "at"), message


def delays_of_another_defect(facts: Facts) -> Iterator[Finding]:
    """When a defect shows, of one that shows at once."""
    for index, package in enumerate(facts.scenario.packages):
        for number, defect in enumerate(package.defects):
            where = ("packages", index, "defects", number, "after")
            if where in facts.written and defect.effect != "dies_later":
                yield where, f"is for dies_later; {defect.effect} shows at once. Leave it out"


def pushes_of_none(facts: Facts) -> Iterator[Finding]:
    """Hours of pushes of a plan that is not pushed, and a user's time in a plan that asks nobody."""
    plan = facts.scenario.plan
    if not plan.push and ("plan", "push_period") in facts.written:
        yield ("plan", "push_period"), "is for pushes, and push is false; who asks is served at any time"
    for name in ("user_confirm", "user_confirm_share"):
        if plan.mode == "silent" and ("plan", name) in facts.written:
            yield ("plan", name), "is for mode: manual, and in silent mode no user is asked"


def steps_of_no_factor(facts: Facts) -> Iterator[Finding]:
    """Steps, or a cap, of rates that have no factor, and rates that are above their cap from the beginning."""
    plan = facts.scenario.plan
    places: list[Key] = [(*ROLLOUT, "rate")]
    places += [("plan", "operator", n, "rate") for n, act in enumerate(plan.operator) if act.do == "change_rate"]
    for where, rate in zip(places, rates_of(plan), strict=True):
        if rate is None:
            continue
        if rate.factor == 1.0 and (*where, "step") in facts.written:
            yield (*where, "step"), "is for a factor, and there is none: the rate stays as it is. Write factor: 2"
        if rate.cap is not None and (*where, "cap") in facts.written and rate.cap < rate.devices:
            message = f"is less than devices, {rate.devices:g}, so the rate is {rate.cap:g} from the beginning"
            yield (*where, "cap"), f"{message}; raise it, or write devices: {rate.cap:g}"
        elif rate.cap is not None and (*where, "cap") in facts.written and rate.factor == 1.0:
            message = "is for a rate that grows, and this one has no factor. Write factor: 2, or leave it out"
            yield (*where, "cap"), message


def opens_no_wave(facts: Facts) -> Iterator[Finding]:
    """The operator's open_wave in a plan that has no wave, or no further one, to open."""
    waves = facts.rollout.waves
    if any(wave.groups_of is not None for wave in waves):
        return  # how many there are, only the fleet says
    acts = [number for number, act in enumerate(facts.scenario.plan.operator) if act.do == "open_wave"]
    there = sum(wave.groups or 1 for wave in waves)
    for number in sorted(acts, key=lambda n: facts.scenario.plan.operator[n].at)[there:]:
        have = "the plan has no waves" if not there else f"the plan has {there} waves, and all are open by then"
        yield ("plan", "operator", number, "do"), f"{have}: it opens nothing. Leave it out, or write rollout.waves"


def built_in_hosts(facts: Facts) -> Iterator[Finding]:
    """A host of a built-in one's name that has nothing of it: what it does not say is that of any host."""
    for name, host in facts.scenario.hosts.items():
        if ("hosts", name) in facts.written and host.extends is None and name in builtin("hosts"):
            message = (
                "is the name of a built-in host, of which this one has nothing. Write "
                f"extends: {name} to change that one, or give it a name of its own"
            )
            yield ("hosts", name), message


def waits_before_the_first(facts: Facts) -> Iterator[Finding]:
    """What the first wave is to wait for in the wave before it, of which there is none."""
    waves = facts.rollout.waves
    if not waves or in_groups(waves[0]):
        return  # of groups the others wait
    for name in ("after", "success", "quorum", "deadline"):
        where = (*ROLLOUT, "waves", 0, "opens", name)
        if where in facts.written and getattr(waves[0].opens, name):
            message = "is about the wave before, and the first has none: it opens with the plan. Write it in the wave"
            yield where, f"{message} that is to wait, or leave it out; a first wave begins later with at: 1d"


def parts_of_nothing(facts: Facts) -> Iterator[Finding]:
    """How something goes that the same block does not ask for."""
    rollout, slots = facts.rollout, facts.rollout.concurrency
    parts = [
        *(
            ((*ROLLOUT, "waves", number, "opens", name), needs, there)
            for number, wave in enumerate(rollout.waves)
            for name, needs, there in (
                ("on_deadline", "deadline", wave.opens.deadline is not None),
                ("share_of", "success", wave.opens.success is not None),
                ("when_all_finished", "success", wave.opens.watches),
            )
        ),
        *(
            ((*ROLLOUT, "abort", number, "share_of"), "share", rule.share is not None)
            for number, rule in enumerate(rollout.abort)
        ),
        *(
            ((*ROLLOUT, "retry", number, "spread"), "jitter", rule.jitter != "none")
            for number, rule in enumerate(rollout.retry or ())
        ),
        ((*ROLLOUT, "rate", "step_on"), "factor", rollout.rate is not None and rollout.rate.factor != 1.0),
        ((*ROLLOUT, "concurrency", "order"), "when_full: queue", slots is not None and slots.when_full == "queue"),
    ]
    for where, needs, there in parts:
        if where in facts.written and not there:
            message = f"goes with {needs}, which is not there, so it does nothing"
            yield where, f"{message}. Write {needs} too, or leave it out"
