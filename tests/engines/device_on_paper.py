"""One device's life worked out from docs/model.md, by a calendar of its own, and what the platform makes of it."""

from __future__ import annotations

import heapq

from paper_host import Host
from paper_life import CAUSE_OF_STAGE, FAR, LOOK_AGAIN
from paper_module import Module


class Device(Host, Module):
    """A device, its host and what the platform makes of them."""

    def __init__(self, plan, kind):
        self.plan, self.kind, self.takes = plan, kind, plan.takes
        self.now, self.number, self.calendar = 0, 0, []
        self.seen = dict.fromkeys(("contacts", "offers", "refusals", "attempts"), 0)
        self.seen |= dict.fromkeys(
            ("first_contact", "first_offer", "confirmed", "downloaded", "upgraded", "finished"), -1
        )
        # the module
        self.running, self.told = {"app": "old", "mcu": "old"}, None
        self.powered = self.online = self.registered = self.resumes = False
        self.run, self.state, self.saved, self.component = 0, "none", "none", None
        self.timer, self.waiting_status, self.began = 0, None, 0
        self.bricked, self.failure, self.rolled_back = "", "", False
        self.resumes = kind.edrx is not None and kind.joins == 0  # it stays registered
        self.ends, self.talked = FAR, -FAR
        self.writing = self.unfinished = self.deaf = self.booked = False
        self.tries, self.rings = 0, None
        # the host
        self.host, self.waits, self.inbox, self.busy, self.heard, self.wakes = None, None, [], False, 0, 0
        self.refusal = ""
        # the platform
        self.known, self.reports = {"app": None, "mcu": None}, 0
        self.confirmed = self.done = self.given_up = self.refused_for_good = self.started = False
        self.held_until, self.open_since, self.offered, self.tick_at = 0, None, 0, None
        self.url_due, self.retry_at, self.failures, self.left_before = False, 0, 0, 0
        self.stage, self.stage_number, self.total, self.total_number = None, 0, False, 0
        self.told_battery = None
        self.belief = "Not Upgraded"

    def at(self, time, what, *said):
        self.number += 1
        heapq.heappush(self.calendar, (time, self.number, what, said))

    def percent(self):
        """The battery as the module reads it."""
        return self.kind.battery

    def passes(self, time, number):
        """Time goes on to what comes next; the plan's own events have numbers below zero."""
        self.now = time

    def is_over(self):
        return self.now >= self.plan.ended

    def is_there(self):
        """Whether something that is sent finds it: hours are over as they end."""
        return self.online and self.now < self.ends

    def hears(self):
        """When it hears what is sent now: at once while it is connected, else in a paging window."""
        if self.kind.edrx is None:
            return self.now
        cycle, window, inactivity = self.kind.edrx
        since = (self.now - self.kind.phase) % cycle
        return self.now if self.now <= self.talked + inactivity or since < window else self.now + cycle - since

    def play(self):
        """What comes of it: outcome, cause, belief, counts and times."""
        kind, plan = self.kind, self.plan
        self.first = kind.clock.opens(kind.joins, kind.hours) if kind.pattern == "daily" else kind.joins
        if not kind.gone:
            self.at(self.first, self.wake)
        if kind.listed:  # the plan comes before devices
            heapq.heappush(self.calendar, (plan.starts, -1, self.release, ()))
        while self.calendar and self.calendar[0][0] < plan.horizon:
            time, number, what, said = heapq.heappop(self.calendar)
            self.passes(time, number)
            what(*said)
        return self.result()

    # The platform's clock

    def release(self):
        if self.is_over():
            return
        if not self.is_there() and not self.done:
            self.enter("online", max(self.now, self.kind.joins))
        if self.reports:
            self.arm()

    def enter(self, stage, since=None):
        self.stage = stage
        self.stage_number += 1
        if stage in self.plan.timeouts:
            since = self.now if since is None else since
            self.at(since + self.plan.timeouts[stage], self.stage_over, self.stage_number, False)

    def stage_over(self, number, last):
        if number != self.stage_number:
            return
        if last:
            self.timed_out(CAUSE_OF_STAGE[self.stage], False)
        else:
            self.at(self.now, self.stage_over, number, True)

    def begin_total(self):
        if "in_progress" in self.plan.timeouts and not self.total:
            self.total = True
            self.total_number += 1
            self.at(self.now + self.plan.timeouts["in_progress"], self.total_over, self.total_number, False)

    def total_over(self, number, last):
        if number != self.total_number or not self.total:
            return
        if last:
            self.timed_out("no result in time", not self.plan.of_attempt)
        else:
            self.at(self.now, self.total_over, number, True)

    def timed_out(self, cause, final):
        if not (self.done or self.given_up or self.refused_for_good or (self.is_over() and not self.confirmed)):
            self.attempt_failed(cause, final)

    # The platform

    def left(self):
        return [part for part in self.plan.parts if self.known[part] != "new"]

    def fits(self, part):
        return part == "mcu" or not self.plan.delta or self.known[part] == "old"

    def read_versions(self):
        self.known = {"app": self.running["app"], "mcu": self.told}
        if self.done or (self.given_up and not self.plan.late_counts):
            return
        left = self.left()
        if self.started and len(left) < self.left_before:
            self.left_before, self.failures = len(left), 0
            self.enter(None)
            if left and self.belief == "Upgrading":
                self.issue()
        if not left:
            self.done, self.given_up, self.total = True, False, False
            self.enter(None)
            self.belief, self.seen["finished"] = "Upgraded", self.now

    def withheld(self):
        """Whether nothing is offered now."""
        plan, kind = self.plan, self.kind
        under_way = self.confirmed or self.done or self.given_up or self.refused_for_good or self.retry_at > self.now
        weak = self.told_battery < plan.min_battery or kind.signal < plan.min_signal
        return (
            not kind.listed
            or not plan.starts <= self.now < plan.ended
            or under_way
            or not all(self.fits(part) for part in self.left())
            or (plan.confirms is not None and self.now < plan.confirms)
            or (plan.by_platform and weak)
            or not kind.clock.is_open(self.now, plan.maintenance)
        )

    def request(self):
        if self.online and not self.deaf:
            self.talked = self.now
            self.read_versions()
            if not self.withheld():
                self.offer()

    def offer(self):
        self.offered = self.now
        if self.open_since is None:
            self.open_since = self.now
        if self.stage != "ack":
            self.enter("ack")
        hears = self.hears()
        self.at(hears + self.takes.trip, self.plan_arrives, self.left()[0], len(self.left()))
        return hears

    def arm(self):
        plan = self.plan
        if "online" in plan.timeouts and self.now < plan.starts:  # not released yet
            return
        if not plan.push or self.settled() or self.confirmed or self.given_up or plan.confirms == FAR:
            return
        again = max(self.now, plan.starts, self.held_until, plan.confirms or 0, self.retry_at)
        if self.stage == "ack" and plan.grid == 0:
            again = max(again, self.offered + LOOK_AGAIN)
        tick = FAR if again >= FAR else plan.next_tick(again, self.kind.clock)
        before, self.tick_at = self.tick_at, tick  # an earlier one is void
        if tick not in (before, FAR) and tick < plan.ended:
            self.at(tick, self.tick, tick)

    def tick(self, at):
        if self.tick_at != at:
            return
        self.tick_at = None
        if self.is_over() or not self.is_there():
            return
        if not self.withheld():
            self.at(self.offer() + 1, self.arm)
        elif self.retry_at > self.now or not self.kind.clock.is_open(self.now, self.plan.maintenance):
            self.arm()

    def status(self, state, component):
        self.talked = self.now
        if self.done or not self.left() or self.left()[0] != component:
            return
        if self.given_up:
            if state == "success":
                self.read_versions()
            return
        begins = state in ("submitted", "refused")
        if not self.confirmed and state != "success" and not (begins and not self.is_over()):
            return
        if state == "submitted":
            self.confirmed = self.started = True
            self.retry_at, self.open_since, self.belief = self.now, None, "Upgrading"
            self.left_before = len(self.left())
            self.enter(None)
            if not self.plan.from_progress:
                self.begin_total()
            self.issue()
        elif state == "refused":
            offered = self.offered if self.open_since is None else self.open_since
            holds = self.plan.push and self.plan.confirms is None
            self.held_until = offered + self.plan.hold + 1 if holds else FAR
            self.open_since = None
            self.enter(None)
            self.refused_for_good = self.plan.final
            self.arm()
        elif state == "downloading" and self.plan.from_progress:
            self.begin_total()
        elif state == "downloaded":
            self.enter("report")
        elif state in ("failed", "error"):
            if state == "failed":
                self.known[component] = self.running["app"] if component == "app" else self.told
            if self.confirmed and not self.url_due:
                self.attempt_failed("", False)
        elif state == "success":
            self.read_versions()

    def attempt_failed(self, cause, final):
        self.enter(None)
        if self.plan.of_attempt:
            self.total = False
        no_source = self.confirmed and self.left() and not self.fits(self.left()[0])
        if final or no_source or self.failures >= self.plan.retries:
            self.give_up(cause)
            return
        again = self.now + self.plan.delay * self.plan.factor**self.failures
        self.failures += 1
        self.retry_at = again
        if self.confirmed:
            self.url_due = True
            self.at(again, self.retry, again)
        elif self.reports and self.is_there():
            self.arm()
        else:
            self.enter("online", again)

    def give_up(self, cause):
        self.given_up, self.url_due, self.total = True, False, False
        self.belief, self.seen["finished"] = "Upgrade Failed", self.now
        if cause and not self.bricked:
            self.failure, self.rolled_back = cause, False

    def retry(self, at):
        if self.retry_at == at and self.url_due and not self.done and not self.given_up:
            self.issue()

    def issue(self):
        if self.given_up:
            return
        self.url_due = True
        if not self.is_there() or not self.left():
            return
        if not self.fits(self.left()[0]):
            self.give_up(self.failure or "version is not the source")
            return
        may = self.kind.clock.opens(self.now, self.plan.maintenance)
        if may > self.now:
            self.retry_at = may
            self.at(may, self.retry, may)
            return
        self.url_due = False
        self.enter("download")
        if not self.plan.from_progress:
            self.begin_total()
        self.seen["attempts"] += 1
        self.at(self.hears() + self.takes.trip, self.address_arrives, self.left()[0])

    # The end

    def result(self):
        """Outcome and cause, belief, counts and times; why nothing was offered is not worked out."""
        over = self.plan.ended < self.plan.horizon
        begun = self.confirmed or self.done or self.given_up
        belief = "Upgrade Failed" if over and not begun and self.kind.listed else self.belief
        outcome, cause = self._outcome(over)
        return {"outcome": outcome, "cause": cause, "belief": belief, **self.seen}

    def _outcome(self, over):
        failed = "rolled_back" if self.rolled_back else "failed"
        for holds, outcome, cause in (
            (self.bricked, "bricked", self.bricked),
            (all(self.running[part] == "new" for part in self.plan.parts), "upgraded", ""),
            (not self.kind.listed, "not_offered", ""),
            (not self.reports, "unreachable", "gone for good" if self.kind.gone else "never in contact"),
            (self.given_up, failed, self.failure),
            (self.state == "downloading", "in_progress", "downloading"),
            (self.state in ("updating", "downloaded"), "in_progress", "updating"),
            (self.confirmed, "in_progress", "waiting"),
            (self.refusal, "refused", self.refusal),
            (self.failure and over, failed, self.failure),
            (self.failure, "in_progress", "waiting"),
            (self.seen["offers"] and over, "failed", "plan over"),
            (self.seen["offers"], "in_progress", "host has not answered"),
        ):
            if holds:
                return outcome, cause
        return "not_offered", ""
