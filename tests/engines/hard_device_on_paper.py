"""A device to which all happens that may: its battery falls, its supply is cut, downloads break, files come in pieces.

Worked out from docs/model.md (Flash, During a segment, After the download); its draws of luck are the published ones.
"""

from __future__ import annotations

from device_on_paper import Device
from paper_life import whole
from paper_supply import Supplied


class HardDevice(Supplied, Device):
    """A device, its battery and its supply."""

    def __init__(self, plan, kind, board, supply):
        super().__init__(plan, kind)
        self.board, self.supply = board, supply
        self.full = supply.usable_uC()
        self.charge = supply.level * self.full
        self.connecting = self.loads = self.lost = self.begun = self.spoiled = False
        self.broken = self.downloads = 0
        self.piece, self.sent, self.segment = (0, 0), 0, None
        self.load, self.again = 0.0, 0
        self.drained = self.energy = self.wasted = self.of_attempt = 0.0
        self.wasted_B = self.attempt_B = 0
        self.empty_ms = -1
        self.seen["download_failures"] = 0

    # The module

    def goes_off(self):
        self.ends_segment()
        self.powered = self.online = self.registered = self.deaf = self.connecting = self.writing = False
        self.load, self.begun, self.broken = 0.0, False, 0
        self.run += 1
        self.state, self.waiting_status = "none", None

    def power_off(self):
        if self.writing:
            self.writing = False
            if self.board.boot != "ab" and self.board.bricks:
                self.dies("power lost while flashing")
                return
            self.unfinished = self.power_was_lost("power lost while flashing")
        self.goes_off()

    def power_was_lost(self, cause):
        """While writing; whether it is written again."""
        board = self.board
        if board.boot == "ab":
            self.attempt_came_to_nothing(cause)
        elif board.boot == "backup" and self.tries >= board.boot_attempts:
            self.attempt_came_to_nothing(cause)
            self.failure, self.rolled_back = cause, True
        else:
            return True
        self.saved = "spoilt"
        return False

    def restarts(self):
        self.goes_off()
        self.state = "restarting"
        self.at(self.now + self.takes.reboot, self.up, self.run)

    def boot(self):
        on_target = self.running["app"] == "new" and self.component == "app"
        if self.saved in ("submitted", "downloading", "downloaded") and on_target:
            self.succeed()
            return
        if self.saved in ("submitted", "downloading", "downloaded", "error"):
            self.broken = 1
            if self.board.max_failures == 0:
                if self.saved != "error" and not self.booked:
                    self.attempt_came_to_nothing("reboot during download")
                self.booked = False
                self.fail("")
                return
        if self.saved == "updating" and self.component == "app":
            self.attempt_came_to_nothing("power lost while flashing")
            self.fail("")
            return
        super().boot()

    def connects(self, run):
        if run == self.run:
            self.connecting = True
        super().connects(run)

    def connected(self, run):
        if run == self.run:
            self.connecting = False
        super().connected(run)

    def confirm(self):
        self.begun, self.broken = False, 0
        super().confirm()

    def _ends(self, how):
        self.begun, self.broken = False, 0
        self.ends_segment()
        if how == "failed" and self.found_by_module:
            self.came_to_nothing()
        super()._ends(how)

    def fail(self, cause):
        self.found_by_module = bool(cause)
        super().fail(cause)

    def address_acts(self, component, run):
        if run != self.run or not self.powered or self.state not in ("none", "submitted"):
            return
        self.timer += 1
        if component != self.component:
            self.begun, self.broken = False, 0
        self.component = component
        if component == "app" and self.size_B() > self.board.free_B:
            self.fail("no space")
            return
        self.fetches(0)

    def size_B(self):
        takes = self.takes
        return self.plan.mcu_B if self.component == "mcu" else whole(takes.download / takes.a_B_over_air)

    def fetches(self, start):
        """A piece from there on: as much as the flash holds."""
        self.state = self.saved = "downloading"
        self.began = self.now
        self.piece = start, min(self.board.free_B, self.size_B() - start)
        if self.begun:
            self.heard = self.now
        else:
            self.tell("starts")
        self.begun = True
        self.status("downloading", self.component)
        size_B = self.piece[1]
        is_cut, is_wrong = self.supply.faults[self.downloads]
        self.downloads += 1
        self.spoiled = (self.spoiled and start > 0) or is_wrong
        if is_cut:
            size_B = int(0.5 * size_B)
        lasts = whole(size_B * self.takes.a_B_over_air)
        board, run, timer = self.board, self.run, self.timer
        self.load = (1 - board.duty) * board.i_receive + board.duty * board.i_transmit
        self.segment = self.now, lasts, size_B
        cut = self.next_cut(lasts)
        if self.sags(board.i_transmit):
            self.at(self.now + 1, self.loses_power, run, timer, "battery brown-out during download")
        elif cut is not None:
            self.at(cut, self.loses_power, run, timer, "reboot during download")
        elif is_cut:
            self.at(self.now + lasts, self.breaks, run, timer, "download cut off")
        else:
            self.at(self.now + lasts, self.downloaded, run, timer)

    def next_cut(self, lasts):
        return next((at for at in self.supply.cuts if self.now < at <= self.now + lasts), None)

    def loses_power(self, run, timer, cause):
        if run == self.run and timer == self.timer:
            self.ends_segment(broken=True)
            self.attempt_came_to_nothing(cause)
            self.booked = True
            self.restarts()

    def breaks(self, run, timer, cause):
        if run != self.run or timer != self.timer:
            return
        self.heard = self.began + (self.now - self.began) // self.takes.progress * self.takes.progress  # 7,10702
        self.ends_segment(broken=True)
        self.attempt_came_to_nothing(cause)
        self.broken += 1
        if self.broken > self.board.max_failures:
            self.fail("")
            return
        self.timer += 1
        self.state, self.saved = "none", "error"
        self.say("error")

    def downloaded(self, run, timer):
        if run != self.run or timer != self.timer:
            return
        if self.spoiled and self.component == "app":
            self.breaks(run, timer, "wrong checksum")
            return
        self.ends_segment()
        super().downloaded(run, timer)

    def status(self, state, component):
        if state == "downloaded" and sum(self.piece) < self.size_B():
            self.talked = self.now
            return
        super().status(state, component)

    # The flash

    def writes(self, run):
        if run == self.run and self.kind.effect == "verify_failure":
            self.attempt_came_to_nothing("verification failed")
        super().writes(run)

    def begins_to_write(self, run):
        if run != self.run:
            return
        self.writing, self.unfinished = True, False
        self.tries += 1
        sags = self.sags(self.board.i_gap + self.board.i_flash)
        self.load = self.board.i_gap + self.board.i_flash
        cut = self.next_cut(self.takes.write)
        if sags:
            self.at(self.now + 1, self.write_is_cut, run, "battery brown-out while flashing")
        elif cut is not None:
            self.at(cut, self.write_is_cut, run, "power lost while flashing")
        else:
            self.at(self.now + self.takes.write, self.written, run)

    def write_is_cut(self, run, cause):
        if run != self.run:
            return
        self.writing, self.load = False, 0.0
        if self.board.boot != "ab" and self.board.bricks:
            self.dies(cause)
        elif self.power_was_lost(cause):
            self.unfinished = True
            self.at(self.now + self.takes.reboot, self.begins_to_write, run)
        else:
            self.restarts()

    def written(self, run):
        if run != self.run:
            return
        self.writing = self.deaf = False
        self.load = 0.0
        effect = self.kind.effect
        if effect == "boot_failure" and self.board.boot not in ("backup", "ab"):
            self.dies("new firmware does not boot")
            return
        if effect in ("boot_failure", "wrong_version", "never_reconnects"):
            self.came_to_nothing()
        else:
            self.was_good()
        super().written(run)
        if self.state == "restarting":
            self.begun, self.broken = False, 0

    def is_upgraded(self):
        if self.segment is not None:  # of what its host had read before
            self.ends_segment()
            self.came_to_nothing()
        elif self.component == "mcu":
            self.was_good()
        super().is_upgraded()

    def dies(self, cause):
        if cause == "died after the update" and self.empty_ms >= 0:
            return
        if not self.bricked:
            self.came_to_nothing()
            self.bricked, self.seen["finished"] = cause, self.now
            self.goes_off()
            self.waits = self.host = None

    # The host reads pieces

    def reads(self, ends):
        start, length = self.piece
        at, size_B = start, self.size_B()
        if start == 0:
            self.again = 0
        while self.now < ends:
            if at < start + length:
                served = self.powered and self.state == "downloaded"
                yield from self.command(self.start_read_timer if served else None)
                if not served:
                    return
                block_B = min(self.takes.block_B, start + length - at)
                yield self.now + whole(block_B * self.takes.a_B_over_line), False
                at += block_B
            elif start + length == size_B and self.spoiled and start == 0 and self.again < 1:
                self.again += 1
                at = start
            else:
                break
        else:
            return
        if start + length < size_B:
            more = self.powered and self.state == "downloaded" and sum(self.piece) < size_B
            yield from self.command(self.fetches_more if more else None)
            return
        if self.spoiled:
            yield from self.command(self.rejects)
            return
        taken = self.powered and self.state == "downloaded"
        yield from self.command(self.updates_mcu if taken else None)
        if not taken:
            return
        yield self.now + whole(size_B * self.takes.a_B_written), False
        if not self.powered:
            return
        if not self.kind.bad_mcu and self.running["mcu"] != "new":
            self.running["mcu"] = "new"
            self.is_upgraded()
        yield from self.command(self.say_mcu)

    def fetches_more(self):
        self.timer += 1
        self.fetches(sum(self.piece))

    def rejects(self):
        self.rejected = True
        self.say_mcu()
        self.rejected = False

    rejected = False

    def say_mcu(self):
        if self.rejected and self.powered and self.state == "downloaded" and self.running["mcu"] != "new":
            self.attempt_came_to_nothing("wrong checksum")
            self.told = self.running["mcu"]
            self.fail("")
            return
        super().say_mcu()

    # The end

    def result(self):
        self.passes(self.plan.horizon, 0)
        found = super().result()
        joules = {"energy_J": self.energy, "energy_wasted_J": self.wasted, "drained_mAh": self.drained / 3.6e6}
        charge = 1.0 if self.supply.mains else self.charge / self.full
        found |= {"bytes_sent": self.sent, "bytes_wasted": self.wasted_B, "battery_empty_ms": self.empty_ms}
        return found | joules | {"battery_end_pct": 100 * charge}

    def _outcome(self, over):
        outcome, cause = super()._outcome(over)
        if self.bricked or outcome in ("upgraded",) or not self.kind.listed or not self.lost:
            return outcome, cause
        if not self.reports:
            return ("unreachable", "gone for good") if self.kind.gone else ("unreachable", "battery empty")
        if self.given_up:
            return outcome, cause
        if self.refusal == "low battery":
            return "refused", "low battery"
        return "unreachable", "battery empty"

    def give_up(self, cause):
        super().give_up("" if self.lost else cause)
