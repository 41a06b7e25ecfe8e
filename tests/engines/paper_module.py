"""The module of a device that is worked out on paper: power, connection, download, flash."""

from __future__ import annotations

from paper_life import whole

ATTEMPTS = 5
"""To write the module's firmware, before the old one is restored."""


class Module:
    """What the module does."""

    def power_on(self):
        if not self.powered:
            self.powered = True
            self.run += 1
            if self.unfinished:
                self.state, self.deaf = "updating", True
                self.at(self.now + self.takes.reboot, self.begins_to_write, self.run)
            else:
                self.boot()

    def boot(self):
        saved, self.state = self.saved, "none"
        if saved == "updating" and self.component == "mcu":
            self.updates_mcu(False)
            self.waiting_status = ("updating", "mcu")
        elif saved == "written":
            self.succeed()
        elif saved == "spoilt":
            self.fail("")
        elif saved == "updating":
            self.fail("power lost while flashing")
        elif saved in ("submitted", "downloading", "downloaded", "error"):
            if saved != "error" and not self.booked:
                self.attempt_came_to_nothing("reboot during download")
            self.saved, self.booked = "error", False
            self.waiting_status = ("error", self.component)

    def attempt_came_to_nothing(self, cause):
        if not self.given_up:  # that for which it was given up stands
            self.failure, self.rolled_back = cause, False

    def power_off(self):
        if self.writing:
            self.writing, self.unfinished = False, self.tries < ATTEMPTS
            if not self.unfinished:
                self.failure, self.rolled_back, self.saved = "power lost while flashing", True, "spoilt"
        self.powered = self.online = self.registered = self.deaf = False
        self.run += 1
        self.state, self.waiting_status = "none", None

    def register(self):
        if not self.registered and not self.deaf:
            self.registered = True
            self.at(self.now, self.connects, self.run)

    def connects(self, run):
        if run == self.run:
            self.at(self.now + (self.takes.resume if self.resumes else self.takes.connect), self.connected, run)

    def connected(self, run):
        if run != self.run:
            return
        self.resumes = self.online = True
        self.talked = self.now
        self.tell("subscribed")
        self.reports += 1
        self.open_since, self.told_battery = None, self.percent()
        if self.stage == "online":
            self.enter(None)
        self.read_versions()
        if self.waiting_status:
            said, self.waiting_status = self.waiting_status, None
            self.status(*said)
        if self.url_due and not self.done and self.now >= self.retry_at:
            self.issue()
        self.arm()

    def say(self, state):
        if self.online:
            self.status(state, self.component)
        else:
            self.waiting_status = (state, self.component)

    def plan_arrives(self, component, offers):
        if not self.is_there():
            return
        self.talked = self.now
        if self.state in ("none", "received"):
            self.state = self.saved = "received"
            self.component = component
            for _ in range(offers):
                self.tell("offer")

    def confirm(self):
        self.state = self.saved = "submitted"
        self.start_timer(self.takes.url_timer, "no URL in time")
        self.status("submitted", self.component)

    def refuse(self):
        self.state = self.saved = "none"
        self.status("refused", self.component)

    def start_timer(self, lasts, cause):
        """One that is set again for the same time rings as it was set first."""
        if self.rings == (self.timer, self.now + lasts, cause):
            return
        self.timer += 1
        self.rings = self.timer, self.now + lasts, cause
        self.at(self.now + lasts, self.timer_ends, self.timer, self.run, cause)

    def start_read_timer(self):
        self.start_timer(self.takes.read_timer, "MCU read timeout")

    def timer_ends(self, number, run, cause):
        if number == self.timer and run == self.run and self.powered:
            self.fail(cause)

    def address_arrives(self, component):
        if self.is_there():
            self.talked = self.now
            self.at(self.now + self.takes.to_start, self.address_acts, component, self.run)
        else:
            self.url_due = True

    def address_acts(self, component, run):
        if run != self.run or not self.powered or self.state not in ("none", "submitted"):
            return
        self.timer += 1
        self.component, self.began = component, self.now
        self.state = self.saved = "downloading"
        self.tell("starts")
        self.status("downloading", component)
        mcu = whole(self.plan.mcu_B * self.takes.a_B_over_air)
        self.at(self.now + (self.takes.download if component == "app" else mcu), self.downloaded, run, self.timer)

    def downloaded(self, run, number):
        if run != self.run or number != self.timer:
            return
        self.seen["downloaded"] = self.now
        if self.component == "mcu":
            self.state = self.saved = "downloaded"
            self.tell("piece")
            self.start_read_timer()
            self.status("downloaded", "mcu")
            return
        self.status("downloaded", "app")
        self.state = self.saved = "updating"
        self.tell("updating")
        self.at(self.now + self.takes.flash_delay, self.writes, run)

    def writes(self, run):
        if run == self.run and self.kind.effect == "verify_failure":
            self.fail("verification failed")
        elif run == self.run:
            self.deaf, self.tries = True, 0
            self.begins_to_write(run)

    def begins_to_write(self, run):
        if run == self.run:
            self.writing, self.unfinished = True, False
            self.tries += 1
            self.at(self.now + self.takes.write, self.written, run)

    def written(self, run):
        if run != self.run:
            return
        self.writing = self.deaf = False
        effect, self.saved = self.kind.effect, "written"
        if effect == "never_reconnects":
            self.running["app"] = "new"
            self.dies("never came back")
            return
        if effect == "boot_failure":
            self.failure, self.rolled_back, self.saved = "new firmware does not boot", True, "spoilt"
        elif effect == "wrong_version":
            self.running["app"], self.saved = "wrong", "spoilt"
            if not self.given_up:
                self.failure, self.rolled_back = "wrong version reported", False
        else:
            self.rolled_back = False
            if self.running["app"] != "new":
                self.running["app"] = "new"
                self.is_upgraded()
                if effect == "dies_later":
                    self.at(self.now + self.takes.dies_after, self.dies, "died after the update")
        self.powered = self.online = self.registered = False
        self.run += 1
        self.state = "restarting"
        self.at(self.now + self.takes.reboot, self.up, self.run)

    def up(self, run):
        if run == self.run:
            self.powered = True
            self.boot()
            self.tell("booted")

    def updates_mcu(self, says=True):
        self.state = self.saved = "updating"
        self.tell("updating")
        self.start_timer(self.takes.mcu_timer, "MCU update timeout")
        if says:
            self.say("updating")

    def say_mcu(self):
        if not self.powered or self.deaf:
            return
        self.told = self.running["mcu"]
        if self.component == "mcu" and self.state in ("submitted", "downloading", "downloaded", "updating"):
            if self.told == "new":
                self.succeed()
            else:
                self.fail("MCU update failed")

    def is_upgraded(self):
        if all(self.running[part] == "new" for part in self.plan.parts):
            self.seen["upgraded"] = self.now

    def succeed(self):
        self._ends("success")

    def fail(self, cause):
        if cause and not self.given_up:
            no_address = cause == "no URL in time" and self.is_over() and not self.confirmed
            self.failure, self.rolled_back = "plan over" if no_address else cause, False
        self._ends("failed")

    def _ends(self, how):
        self.timer += 1
        self.state = self.saved = "none"
        self.tell(how)
        self.say(how)

    def dies(self, cause):
        if not self.bricked:
            self.bricked, self.seen["finished"] = cause, self.now
            self.power_off()
            self.waits = self.host = None
