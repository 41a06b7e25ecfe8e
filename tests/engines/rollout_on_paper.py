"""A rollout worked out by hand, from docs/rollout.md alone: no line of the rules or engines is used here.

Devices are always there and have no luck: each does what its kind does, after times that were measured of one device
alone. So whom the plan is offered, and when, is a matter of the rollout's parts and of nothing else. Times are in ms.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from paper_devices import GONE, OK, ON_TARGET, REFUSES, Counts, Device, share_of
from paper_pace import Pace

OPEN, SUSPENDED, TERMINATED, ENDED = "open", "suspended", "terminated", "ended"
_LOOK_AGAIN = 600_000


@dataclass
class Rollout:
    """A plan's rollout over devices, as ``play`` works it out. ``takes``: what was measured of one device alone."""

    devices: list[Device]
    parts: dict[str, Any]
    operator: list[dict[str, Any]]
    takes: dict[str, int]
    retries: int
    retry_delay: int
    starts: int
    ends: int
    horizon: int
    state: str = OPEN
    log: list[tuple[int, str]] = field(default_factory=list)
    now: int = 0

    def __post_init__(self) -> None:
        self._queue: list[tuple[int, int, int, Callable[[], None]]] = []
        self._stirred = False
        self._decided: set[int] = set()
        self._nobody_again = False
        late = [each for each in self.devices if each.listed and each.joins]
        joiners = self.parts.get("late_joiners", "last-wave")
        self._fill_waves([each for each in self.devices if each.listed and not each.joins])
        if joiners == "last-wave":
            self.waves[-1] += late
        for device in late if joiners == "never" else []:
            device.left_out = True
        for device in late if joiners == "at-once" else []:
            device.released = max(device.joins, self.starts)
        self.order = [device for wave in self.waves for device in wave]
        self.releases = 0
        self.opened = 0
        self._opened_at: dict[int, int] = {}
        self._held: dict[int, int] = {}
        self._lapsed: set[int] = set()
        self._operated: set[int] = set()
        self._in_line: list[tuple[Device, int]] = []
        self._slots_used = 0
        self._pace = Pace(self.parts.get("rate"), self.starts)
        changes = any("rate" in step for step in self.operator)
        self.is_released_in_order = bool(self.parts.get("waves")) or self._pace.is_given or changes
        if not self.is_released_in_order:
            self.opened, self.releases = len(self.waves), len(self.order)
            for device in self.order:
                device.released = max(self.starts, device.joins)

    def _fill_waves(self, targets: list[Device]) -> None:
        self.waves: list[list[Device]] = []
        self.opens: list[dict[str, Any]] = []
        left = [*targets]
        for entry in self.parts.get("waves") or [{}]:
            named = entry.get("devices")
            meets = [each for each in targets if named is None or each.revision == named["where"][-2]]
            here = [each for each in left if each in meets]
            wanted = len(here)
            if "share" in entry:
                base = len(meets) if entry.get("share_of", "targets") == "targets" else len(here)
                wanted = math.ceil(share_of(entry["share"]) * base)
            elif "up_to" in entry:
                wanted = max(0, math.ceil(share_of(entry["up_to"]) * len(meets)) - (len(meets) - len(here)))
            elif "count" in entry:
                wanted = entry["count"]
            chosen = here[:wanted]
            left = [each for each in left if each not in chosen]
            for number, size in enumerate(_group_sizes(entry, len(chosen))):
                opens = dict(entry.get("opens", {}))
                if number:
                    opens.pop("at", None)
                self.waves.append(chosen[:size])
                self.opens.append(opens)
                chosen = chosen[size:]

    # Events

    def play(self) -> Rollout:
        """Everything before the horizon."""
        for step in self.operator:
            self._at(max(1, step["at"]), -1, lambda step=step: self._operate(step))  # type: ignore[misc]
        self._at(self.ends, -1, self._end)
        self._at(self.starts, -1, self._stir)
        for device in self.devices:
            if device.kind != GONE:
                self._at(device.joins + self.takes["connect"], device.number, lambda device=device: self._hear(device))  # type: ignore[misc]
        while self._queue and self._queue[0][0] < self.horizon:
            self.now, _, _, happens = heapq.heappop(self._queue)
            happens()
            if self._stirred:
                self._stirred = False
                self._look()
        return self

    def _at(self, at: int, owner: int, happens: Callable[[], None]) -> None:
        self._number = getattr(self, "_number", 0) + 1
        heapq.heappush(self._queue, (at, owner, self._number, happens))

    def _stir(self) -> None:
        self._stirred = True

    # What devices do

    def _hear(self, device: Device) -> None:
        device.heard = True
        if not device.listed or device.left_out:
            return
        self._stir()
        if device.kind == ON_TARGET:
            self._succeed(device)
        else:
            self._arm(device)

    def _is_released(self, device: Device) -> bool:
        return device.released is not None and device.released <= self.now

    def _arm(self, device: Device) -> None:
        busy = device.confirmed or device.thinks or device.queued
        if device.released is None or busy or device.is_over or device.left_out:
            return
        device.tick += 1
        tick = device.tick
        self._at(max(self.now, self.starts, device.held_until), device.number, lambda: self._push(device, tick))

    def _push(self, device: Device, tick: int) -> None:
        if tick != device.tick or device.is_over or device.confirmed or not self._serves() or not device.heard:
            return
        slots = self.parts.get("concurrency")
        if slots and not device.slot and not device.queued:
            if self._slots_used == slots["devices"]:
                if slots.get("when_full") == "silence":
                    device.held_until = max(device.held_until, self.now + _LOOK_AGAIN)
                    self._arm(device)
                    return
                device.queued = True
                self._in_line.insert(0 if slots.get("order") == "lifo" else len(self._in_line), (device, device.ticket))
                return
            self._take_slot(device)
        self._offer(device)

    def _take_slot(self, device: Device) -> None:
        device.slot = True
        self._slots_used += 1

    def _give_slot(self, device: Device) -> None:
        self._slots_used -= device.slot
        device.slot = device.queued = False
        device.ticket += 1
        self._stir()

    def _offer(self, device: Device) -> None:
        device.tick += 1
        device.thinks = True
        if device.offered is None:
            device.offered = self.now + self.takes["trip"]
        offered = self.now
        if device.kind == REFUSES:
            self._at(self.now + self.takes["refuse"], device.number, lambda: self._refuse(device, offered))
        else:
            self._at(self.now + self.takes["confirm"], device.number, lambda: self._confirm(device))

    def _confirm(self, device: Device) -> None:
        device.thinks = False
        if device.cancelled or self._is_over():
            return
        device.confirmed = True
        if not device.started:
            device.started = True
            self._stir()
        self._try(device)

    def _refuse(self, device: Device, offered: int) -> None:
        device.thinks = False
        if device.cancelled or self._is_over():
            return
        device.refused = True
        device.refusals += 1
        device.refused_for_good = self.parts.get("refusals") == "final"
        device.held_until = offered + self.takes["hold"] + 1
        self._give_slot(device)
        self._arm(device)

    def _try(self, device: Device) -> None:
        device.waits = False
        ends = self._succeed if device.kind == OK else self._fail
        self._at(self.now + self.takes[device.kind], device.number, lambda: ends(device))

    def _succeed(self, device: Device) -> None:
        if device.succeeded:
            return
        device.succeeded = True
        device.finished = self.now
        self._give_slot(device)
        self._pace.succeeded(sum(each.succeeded for each in self._targets()), self.now)

    def _fail(self, device: Device) -> None:
        device.attempts_failed += 1
        self._stir()
        if device.cancelled:
            return
        box = self.parts.get("penalty_box")
        if box:
            if device.in_box == 0 or ("within" in box and self.now >= device.box_from + box["within"]):
                device.in_box, device.box_from = 0, self.now
            device.in_box += 1
            if device.in_box == box["failures"]:
                self._put_into_box(device, box["lasts"])
                return
        if device.retries < self.retries and not self._nobody_again:
            device.retries += 1
            device.waits = True
            self._at(self.now + self.retry_delay, device.number, lambda: self._try(device) if device.waits else None)
            return
        self._give_up(device)

    def _give_up(self, device: Device) -> None:
        device.failed = True
        device.finished = self.now
        self._give_slot(device)

    def _put_into_box(self, device: Device, lasts: int) -> None:
        device.in_box = device.retries = 0
        if self._is_over():
            self._give_up(device)
            return
        device.confirmed = False
        device.held_until = max(device.held_until, self.now + lasts)
        self._give_slot(device)
        self._arm(device)

    # Releases

    def _due(self) -> int | None:
        """When the next device is released; None if the open waves have nobody left."""
        if self.releases >= sum(len(wave) for wave in self.waves[: self.opened]):
            return None
        return self._pace.due()

    def _release(self) -> None:
        device = self.order[self.releases]
        self.releases += 1
        device.released = self.now
        self._pace.released(self.releases)
        if device.heard:
            self._arm(device)

    # The look

    def _serves(self) -> bool:
        return self.state == OPEN and self.starts <= self.now < self.ends

    def _is_over(self) -> bool:
        return self.state in (TERMINATED, ENDED)

    def _targets(self) -> list[Device]:
        return [each for each in self.devices if each.listed and not each.left_out]

    def _counts(self, devices: list[Device]) -> Counts:
        return Counts(
            group=len(devices),
            targeted=sum(
                self._is_released(each) and (each.heard or (each.released or 0) > each.joins or not each.joins)
                for each in devices
            ),
            started=sum(each.started for each in devices),
            succeeded=sum(each.succeeded for each in devices),
            failed=sum(each.failed for each in devices),
            otherwise=sum(
                (bool(each.cancelled) or each.refused_for_good) and not (each.succeeded or each.failed)
                for each in devices
            ),
            untried=sum(each.succeeded and each.kind == ON_TARGET for each in devices),
            early=sum(each.succeeded and not self._is_released(each) for each in devices),
        )

    def _look(self) -> None:
        while True:
            self._judge()
            if self._serves():
                self._open_waves()
            elif self.now >= self.starts and not self._is_over():
                self._watch()
            if not self._serves():
                return
            released = False
            while (due := self._due()) is not None and due <= self.now:
                self._release()
                released = True
            if not (released and self._were_awaited()):
                break
        while self._in_line and self._slots_used < self.parts["concurrency"]["devices"]:
            device, ticket = self._in_line.pop(0)
            if ticket == device.ticket and device.queued:
                device.queued = False
                self._take_slot(device)
                self._offer(device)
        if due is not None:
            self._at(due, -1, self._stir)

    def _were_awaited(self) -> bool:
        gate = self.opens[self.opened] if self.opened < len(self.waves) else {}
        if "success" in gate and gate.get("share_of") == "targeted":
            return True
        rules = enumerate(self.parts.get("abort", []))
        return any(number not in self._decided and self._fires(rule) for number, rule in rules)

    def _watch(self) -> None:
        wave = self.opened
        if 0 < wave < len(self.waves):
            if not self._is_met(wave):
                self._held.pop(wave, None)
            else:
                self._held.setdefault(wave, self.now)

    def _watches(self, gate: dict[str, Any]) -> bool:
        return "success" in gate or share_of(gate.get("quorum", 0)) > 0

    def _is_met(self, wave: int) -> bool:
        gate, counts = self.opens[wave], self._counts(self.waves[wave - 1])
        if not self._watches(gate):
            return self._nobody_left(wave - 1)
        if counts.group == 0:
            return True
        if counts.succeeded + counts.failed < share_of(gate.get("quorum", 0)) * counts.group:
            return False
        of = gate.get("share_of", "group") if "success" in gate else "group"
        outside = {"started": counts.untried, "targeted": counts.early}.get(of, 0)
        among = counts.among(of)
        return among > 0 and counts.succeeded - outside >= share_of(gate.get("success", 0)) * among

    def _nobody_left(self, wave: int) -> bool:
        counts = self._counts(self.waves[wave])
        return counts.succeeded + counts.failed + counts.otherwise >= counts.group

    def _open_waves(self) -> None:
        while self.is_released_in_order and self.opened < len(self.waves) and self._serves():
            wave = self.opened
            verdict, at = self._verdict(wave)
            if verdict == "wait":
                if at is not None:
                    self._at(at, -1, self._stir)
                return
            if verdict == "open":
                self.log.append((self.now, f"wave {wave + 1} opened"))
                self._opened_at[wave] = self.now
                if self._due() is None:
                    self._pace.take_up(self.now)
                self.opened += 1
                continue
            self._lapsed.add(wave)
            self._stop(verdict, "wave deadline")

    def _verdict(self, wave: int) -> tuple[str, int | None]:
        gate = self.opens[wave]
        if wave in self._operated:
            return "open", None
        waits, since, deadline = bool(gate.get("by_operator")), [self.starts, gate.get("at", 0)], None
        if wave > 0:
            before = self._opened_at[wave - 1]
            since.append(before + gate.get("after", 0))
            if "deadline" in gate and wave not in self._lapsed:
                deadline = before + gate["deadline"]
            if self._watches(gate) or (not {"at", "after"} & set(gate) and not waits):
                self._watch()
                lets_go = self._watches(gate) and gate.get("when_all_finished") == "open"
                if wave in self._held:
                    since.append(self._held[wave] + gate.get("hold", 0))
                elif not (lets_go and self._nobody_left(wave - 1)):
                    waits = True
        if not waits and max(since) <= self.now:
            return "open", None
        if deadline is not None and deadline <= self.now:
            return str(gate.get("on_deadline", "open")), None
        times = [deadline] if waits else [max(since), deadline]
        return "wait", min((at for at in times if at is not None), default=None)

    def _failures(self, devices: list[Device], rule: dict[str, Any]) -> int:
        found = 0
        attempts = rule.get("counts") == "attempts"
        for each in devices:
            if "upgrade" in rule["on"]:
                found += each.attempts_failed if attempts else each.failed
            if "refused" in rule["on"]:
                found += each.refusals if attempts else each.refused
        return found

    def _fires(self, rule: dict[str, Any]) -> bool:
        devices = self._targets()
        if rule.get("scope") == "wave":
            if self.opened == 0:
                return False
            devices = self.waves[self.opened - 1]
        failed, strict = self._failures(devices, rule), rule.get("compare") == ">"
        if failed == 0:
            return False
        if "count" in rule and (failed > rule["count"] or (failed == rule["count"] and not strict)):
            return True
        among = self._counts(devices).among(rule.get("share_of", "finished"))
        if "share" not in rule or among < rule.get("minimum", 1):
            return False
        limit = share_of(rule["share"]) * among
        return failed > limit or (failed == limit and not strict)

    def _judge(self) -> None:
        for number, rule in enumerate(self.parts.get("abort", [])):
            if number not in self._decided and not self._is_over() and self._fires(rule):
                self._decided.add(number)
                self.log.append((self.now, f"abort rule {number + 1} fired"))
                self._stop(rule["action"])
        test = self.parts.get("sequential")
        if test is None or -1 in self._decided or self._is_over():
            return
        counts, failed = self._counts(self._targets()), self._failures(self._targets(), test)
        finished = self._failures(self._targets(), {"on": [each for each in test["on"] if each != "refused"]})
        good = counts.succeeded - counts.untried + counts.failed - finished
        p0, p1, alpha, beta = (float(share_of(test[name])) for name in _SEQUENTIAL)
        ratio = failed * math.log(p1 / p0) + good * math.log((1 - p1) / (1 - p0))
        fired = ratio >= math.log((1 - beta) / alpha)
        if fired or ratio <= math.log(beta / (1 - alpha)):
            self._decided.add(-1)
            self.log.append((self.now, f"sequential test {'fired' if fired else 'passed'}"))
            if fired:
                self._stop(test["action"])

    def _stop(self, action: str, cause: str = "abort rule") -> None:
        if action == "pause":
            self.state = SUSPENDED if self.state == OPEN else self.state
            return
        self.state = TERMINATED
        self._nobody_again = True
        for device in self.devices:
            is_done = device.succeeded or device.failed or bool(device.cancelled)
            if device.listed and not is_done and (device.waits or not device.confirmed):
                self._cancel(device, cause)

    # The operator

    def _cancel(self, device: Device, cause: str) -> None:
        device.cancelled = cause
        device.waits = False
        self._give_slot(device)

    def _end(self) -> None:
        self.state = self.state if self._is_over() else ENDED

    def _operate(self, step: dict[str, Any]) -> None:
        do = step["do"]
        if self._is_over() or ((do == "resume") != (self.state == SUSPENDED) and do in ("suspend", "resume", "retry")):
            return
        self._stir()
        if do == "suspend":
            self.state = SUSPENDED
        elif do == "terminate":
            self.state = TERMINATED
        elif do == "resume":
            self.state = OPEN
            if self._due() is not None:
                self._pace.take_up(self.now)
            for device in self.devices:
                if device.heard and device.listed:
                    self._arm(device)
        elif do == "open_wave":
            self._operated |= set([*{*range(self.opened, len(self.waves))} - self._operated][:1])
        elif do == "change_rate":
            self._pace.change(step.get("rate"), self.now, self.state == SUSPENDED or self._due() is None)
        for number in step.get("devices", []):
            device = self.devices[number]
            if do == "cancel" and device.listed and not (device.succeeded or device.failed):
                self._cancel(device, "operator")
            elif do == "retry" and device.failed:
                device.failed, device.finished, device.retries = False, None, 0
                self._try(device)


_SEQUENTIAL = ("acceptable", "unacceptable", "false_alarm", "miss")


def _group_sizes(entry: dict[str, Any], devices: int) -> list[int]:
    if "groups" in entry:
        each, more = divmod(devices, entry["groups"])
        return [each + (number < more) for number in range(entry["groups"])]
    if "groups_of" in entry and devices > entry["groups_of"]:
        full, rest = divmod(devices, entry["groups_of"])
        return [entry["groups_of"]] * full + [rest] * (rest > 0)
    return [devices]
