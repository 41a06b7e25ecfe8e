"""The host of a device that is worked out on paper: contacts, questions, decisions, its own software."""

from __future__ import annotations

from paper_life import FAR, whole


class Host:
    """What the host does, a generator that says until when it waits and whether it listens meanwhile."""

    def wake(self):
        self.host = self.life()
        self.step(None)

    def step(self, said):
        try:
            until, hears = self.host.send(said)
        except StopIteration:
            self.host = None
            return
        if self.host is None:  # it died of what its host did
            return
        if hears and self.inbox:
            self.waits = None
            self.step(self.inbox.pop(0))
            return
        self.waits = mine = [hears]
        if until < FAR:
            self.at(until, self.wait_ends, mine)

    def wait_ends(self, mine):
        """Who listens hears first whatever else is said in that millisecond."""
        if self.waits is mine:
            self.waits = None
            if mine[0]:
                self.at(self.now, self.goes_on)
            else:
                self.step(None)

    def goes_on(self):
        if self.host is not None:
            self.step(self.inbox.pop(0) if self.inbox else None)

    def tell(self, word):
        self.heard = self.now
        self.inbox.append(word)
        if self.waits and self.waits[0]:
            self.waits = None
            self.at(self.now, self.goes_on)

    def settled(self):
        if self.done or not self.kind.listed or self.refused_for_good:
            return True
        if self.given_up:
            new = any(self.running[part] == "new" != self.known[part] for part in self.plan.parts)
            half_done = self.unfinished or self.saved in ("updating", "written", "spoilt")
            goes_on = half_done or (self.powered and self.saved in ("submitted", "downloading", "downloaded"))
            return not goes_on and not (self.plan.late_counts and new)
        return self.is_over() and not self.confirmed

    def life(self):
        kind = self.kind
        while True:
            self.busy = False
            self.inbox.clear()
            if kind.pattern == "daily":
                self.ends = kind.clock.closes(self.now, kind.hours)
            yield from self.contact(self.ends)
            if kind.pattern != "always":
                self.power_off()
            if self.settled():
                return
            at = kind.clock.opens(self.now, kind.hours) if kind.pattern == "daily" else self.now
            while kind.pattern == "wake" and at <= self.now:
                self.wakes += 1
                at = self.first + self.wakes * kind.every
            yield at, False

    def contact(self, ends):
        kind = self.kind
        self.seen["contacts"] += 1
        if self.seen["first_contact"] < 0:
            self.seen["first_contact"] = self.now
        self.power_on()
        yield from self.registers()
        asked, asked_at = False, 0
        while self.now < ends:
            if self.busy:
                until = max(self.now + 1, self.heard + kind.patience)
            elif not self.online:
                until = self.now + kind.patience
            elif kind.pattern == "wake":
                until = self.now + kind.linger
            else:
                until = max(self.now + 1, asked_at + kind.asks_every) if kind.asks and kind.asks_every else FAR
            word = yield min(until, ends), True
            if self.now >= ends:
                return
            if word == "booted":
                yield from self.registers()
            elif word == "piece":
                yield from self.reads(ends)
            elif word == "offer":
                yield from self.considers(ends)
            elif word in ("starts", "success", "failed"):
                self.busy = word == "starts" or (word == "failed" and not self.settled())
            elif word == "subscribed" and not asked and kind.asks and self.online:
                asked = True
                yield from self.command(self.request)
                asked_at = self.now
            elif word is None:
                if self.busy:
                    if self.state == "downloading" and self.now >= self.began:
                        said = self.began + (self.now - self.began) // self.takes.progress * self.takes.progress
                        self.heard = max(self.heard, said)
                    self.busy = self.now < self.heard + kind.patience
                elif kind.pattern == "wake":
                    return
                elif kind.asks and self.online:
                    yield from self.command(self.request)
                    asked_at = self.now
                else:
                    asked_at = self.now
            if self.settled() and not self.busy and not self.inbox:
                return

    def command(self, does=None):
        self.heard = self.now
        if does is not None:
            does()
        yield self.now + self.takes.command, False

    def registers(self):
        if self.plan.has_mcu:
            yield from self.command(self.say_mcu)
        yield from self.command(self.register)

    def considers(self, ends):
        kind, plan, seen = self.kind, self.plan, self.seen
        seen["offers"] += 1
        if seen["first_offer"] < 0:
            seen["first_offer"] = self.now
        if kind.ignores:
            self.refusal = "host ignores offers"
            return
        yield min(self.now + kind.think, ends), False
        if not self.powered or self.now >= ends:
            return
        level = self.percent()
        if kind.checks_battery:
            yield from self.command()
        if kind.checks_signal:
            yield from self.command()
        why = ""
        if kind.checks_signal and kind.signal < plan.min_signal:
            why = "weak signal"
        if kind.checks_battery and level < plan.min_battery:
            why = "low battery"
        taken = self.state == "received"
        allowed = taken or (not why and self.state == "submitted")
        if taken:
            yield from self.command(self.refuse if why else self.confirm)
        else:
            yield from self.command()
        if allowed and why:
            seen["refusals"] += 1
            self.refusal = why
        elif allowed:
            self.busy, self.refusal = True, ""
            if seen["confirmed"] < 0:
                seen["confirmed"] = self.now
        self.inbox = [word for word in self.inbox if word != "offer"]

    def reads(self, ends):
        plan, at = self.plan, 0
        while at < plan.mcu_B:
            if self.now >= ends:
                return
            served = self.powered and self.state == "downloaded"
            yield from self.command(self.start_read_timer if served else None)
            if not served:
                return
            block_B = min(self.takes.block_B, plan.mcu_B - at)
            yield self.now + whole(block_B * self.takes.a_B_over_line), False
            at += block_B
        if self.now >= ends:
            return
        taken = self.powered and self.state == "downloaded"
        yield from self.command(self.updates_mcu if taken else None)
        if not taken:
            return
        yield self.now + whole(plan.mcu_B * self.takes.a_B_written), False
        if not self.powered:
            return
        if not self.kind.bad_mcu and self.running["mcu"] != "new":
            self.running["mcu"] = "new"
            self.is_upgraded()
        yield from self.command(self.say_mcu)
