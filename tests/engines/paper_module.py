"""The module of a device that is worked out on paper: power, connection, download, flash."""

from __future__ import annotations

import math

from paper_life import (
    CONNECT,
    DIES_AFTER,
    DOWNLOAD,
    FLASH_DELAY,
    MCU_TIMER,
    READ_TIMER,
    REBOOT,
    RESUME,
    TO_START,
    URL_TIMER,
    WRITE,
)


class Module:
    """What the module does."""

    def power_on(self):
        if not self.powered:
            self.powered = True
            self.run += 1
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
        elif saved in ("submitted", "downloading", "downloaded", "error"):
            self.saved = "error"
            self.waiting_status = ("error", self.component)

    def power_off(self):
        self.powered = self.online = self.registered = False
        self.run += 1
        self.state, self.waiting_status = "none", None

    def register(self):
        if not self.registered:
            self.registered = True
            self.at(self.now, self.connects, self.run)

    def connects(self, run):
        if run == self.run:
            self.at(self.now + (RESUME if self.resumes else CONNECT), self.connected, run)

    def connected(self, run):
        if run != self.run:
            return
        self.resumes = self.online = True
        self.tell("subscribed")
        self.reports += 1
        self.open_since = None
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
        if self.powered and self.state in ("none", "received"):
            self.state = self.saved = "received"
            self.component = component
            for _ in range(offers):
                self.tell("offer")

    def confirm(self):
        self.state = self.saved = "submitted"
        self.start_timer(URL_TIMER, "no URL in time")
        self.status("submitted", self.component)

    def refuse(self):
        self.state = self.saved = "none"
        self.status("refused", self.component)

    def start_timer(self, lasts, cause):
        self.timer += 1
        self.at(self.now + lasts, self.timer_ends, self.timer, self.run, cause)

    def timer_ends(self, number, run, cause):
        if number == self.timer and run == self.run and self.powered:
            self.fail(cause)

    def address_arrives(self, component):
        if self.online:
            self.at(self.now + TO_START, self.address_acts, component, self.run)
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
        mcu = max(1, math.floor(self.plan.mcu_B * 8 * 1.06 / 100 + 0.5))
        self.at(self.now + (DOWNLOAD if component == "app" else mcu), self.downloaded, run)

    def downloaded(self, run):
        if run != self.run:
            return
        self.seen["downloaded"] = self.now
        if self.component == "mcu":
            self.state = self.saved = "downloaded"
            self.tell("piece")
            self.start_timer(READ_TIMER, "MCU read timeout")
            self.status("downloaded", "mcu")
            return
        self.status("downloaded", "app")
        self.state = self.saved = "updating"
        self.tell("updating")
        self.at(self.now + FLASH_DELAY, self.writes, run)

    def writes(self, run):
        if run == self.run and self.kind.effect == "verify_failure":
            self.fail("verification failed")
        elif run == self.run:
            self.at(self.now + WRITE, self.written, run)

    def written(self, run):
        if run != self.run:
            return
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
                    self.at(self.now + DIES_AFTER, self.dies, "died after the update")
        self.powered = self.online = self.registered = False
        self.run += 1
        self.state = "restarting"
        self.at(self.now + REBOOT, self.up, self.run)

    def up(self, run):
        if run == self.run:
            self.powered = True
            self.boot()
            self.tell("booted")

    def updates_mcu(self, says=True):
        self.state = self.saved = "updating"
        self.tell("updating")
        self.start_timer(MCU_TIMER, "MCU update timeout")
        if says:
            self.say("updating")

    def say_mcu(self):
        if not self.powered:
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
