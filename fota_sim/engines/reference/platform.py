"""The Developer Center: one plan, what it knows of each device, and what it offers to whom and when.

It acts on what devices told it, never on what is true of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines import operation
from fota_sim.engines.components import Component
from fota_sim.engines.parameters import PlanParameters
from fota_sim.engines.reference.environment import THE_PLAN, FleetEnvironment
from fota_sim.engines.reference.knowledge import Record
from fota_sim.engines.reference.modem import Modem
from fota_sim.engines.reference.rollout import Rollout
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol.states import OtaState
from fota_sim.protocol.transcript import Line
from fota_sim.protocol.urc import PlanOffer
from fota_sim.protocol.vocabulary import (
    ComponentStatus,
    PlatformLog,
    component_status,
    reported_words,
    retries_words,
)
from fota_sim.rules import codes, lifecycle, plan, retry, streams
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.labels import CAUSES
from fota_sim.rules.outcome import NO_UPDATE_REQUIRED, NOT_UPGRADED, UPGRADE_FAILED, UPGRADED, UPGRADING
from fota_sim.rules.zone import next_maintenance, next_offer_ms, next_push_tick

_FAILURES = (OtaState.DOWNLOAD_ERROR, OtaState.UPDATE_ERROR)
_TOO_LONG = (codes.NO_CAUSE, codes.NOT_SEEN, codes.NO_ANSWER, codes.DOWNLOAD_TOO_LONG, codes.NO_RESULT)
"""Causes by stage of ``rr.STAGES``."""


class Platform:
    """The plan engine. Devices call ``reported``, ``requested`` and ``status``; the operator calls ``operate``."""

    def __init__(
        self,
        env: FleetEnvironment,
        fleet: Fleet,
        parameters: PlanParameters,
        confirms: NDArray[np.int64],
        zones: list[NDArray[np.int64]],
        logged: frozenset[int],
    ) -> None:
        self._env = env
        self._plan = parameters
        self._components = parameters.components
        self._zones = zones
        self._zone_of = fleet.time_zone
        self._p = parameters.rollout
        self.starts_ms = parameters.starts_ms
        self.ends_ms = parameters.ends_ms
        self.modems: list[Modem] = []
        """Of all devices; the engine puts them here."""
        self.state = lifecycle.ACTIVATED
        self.cuts_off = False
        """Whether downloads of devices that the rollout cancelled are cut off."""
        self._no_more_retries = False
        self.log: list[tuple[int, str]] = [(0, operation.ACTIVATED)]
        self.records = [
            Record(
                plan.listed(bool(fleet.white[i]), bool(fleet.black[i])),
                int(confirms[i]),
                int(self._p.wave[i]),
                int(self._p.rank[i]),
                bool(self._p.too_late[i]),
                bool(self._p.first_served[i]),
                log=[] if i in logged else None,
            )
            for i in range(fleet.n)
        ]
        self.to_install = [parameters.to_install(fleet, i) for i in range(fleet.n)]
        """How many of the plan's components do not truly run their target version, by device."""
        for at_ms, do, devices in parameters.operator:
            env.call_at(at_ms, THE_PLAN, partial(self.operate, do, devices))
        env.call_at(parameters.ends_ms, THE_PLAN, self._end)
        self.rollout = Rollout(env, self, parameters.rollout, fleet.n)

    # What devices say

    def reported(self, modem: Modem) -> None:
        """A device subscribed, or was asked to report: versions and telemetry arrive."""
        record = self.records[modem.device]
        record.heard = True
        now_ms = self._env.now_ms
        record.heard_ms = now_ms
        record.battery_pct = modem.body.percent(now_ms)
        record.signal_dBm = modem.body.reading_dBm(now_ms)
        if record.stage == rr.ONLINE:
            self._enter_stage(modem, record, rr.NO_STAGE)
        self._read_versions(modem, record)
        self._judge(modem, record)
        if record.url_due and not record.done and now_ms >= record.retry_ms:
            self._issue_url(modem, record)
        self._arm(modem)

    def _read_versions(self, modem: Modem, record: Record) -> None:
        record.versions = dict(modem.module.mcu_versions)
        record.versions[self._plan.module_component] = modem.module.firmware_version

    def requested(self, modem: Modem, want_sha256: bool) -> None:
        """AT+QIOTOTAREQ arrives."""
        record = self.records[modem.device]
        record.wants_sha256 = want_sha256
        self._read_versions(modem, record)
        self._note(record, PlatformLog.REQUESTED, version=modem.module.firmware_version)
        withheld = self.withheld(modem, record)
        if withheld == plan.OFFER:
            withheld = self.rollout.admit(modem, record, True)
        modem.story.withheld = withheld
        if withheld == plan.OFFER:
            self._offer(modem, record)
        else:
            self._note(record, PlatformLog.WITHHELD, reason=CAUSES[withheld])

    def status(self, modem: Modem, state: OtaState, component: str) -> None:
        """A status report arrives; one about a component that is done already, or a repeated one, is only noted."""
        record = self.records[modem.device]
        repeated = state is OtaState.DOWNLOADING and record.status is ComponentStatus.DOWNLOADING
        if repeated and record.log is None:
            return
        self._note(record, PlatformLog.STATUS, modem.said_ms, component=component, status=reported_words(state))
        if not repeated and state is not OtaState.PLAN_RECEIVED:  # that an offer came is no progress
            record.said_ms = self._env.now_ms
        left = self._left(record)
        if record.done or record.given_up or not left or left[0].identifier != component:
            return
        record.status = component_status(state)
        if state is OtaState.SUBMITTED:
            if not plan.is_over(self.state):
                self._confirmed(modem, record, left)
        elif state is OtaState.REFUSED:
            self._refused(modem, record)
        elif state is OtaState.DOWNLOADING:
            if not repeated and self._p.total_from_progress:
                self._begin_total(modem, record)
        elif state is OtaState.DOWNLOAD_SUCCESS:
            self._enter_stage(modem, record, rr.REPORT)
            if self._p.until_downloaded:
                self.rollout.free(record)
        elif state in _FAILURES:
            if record.confirmed and not record.url_due:
                cause = CAUSES.index(modem.module.last_error)
                self._failed(modem, record, component, retry.kind_of(int(state), cause), codes.NO_CAUSE)
        elif state is OtaState.UPDATE_SUCCESS:
            self._read_versions(modem, record)
            if self._p.believes_status:
                record.versions[component] = left[0].target_version
            self._judge(modem, record)

    # What the platform decides

    def _left(self, record: Record) -> list[Component]:
        """Components that do not report their target version, in upgrade order."""
        versions = record.versions
        return [c for c in self._components if versions.get(c.identifier) != c.target_version]

    def withheld(self, modem: Modem, record: Record) -> int:
        """OFFER, or why this device gets no plan now, whoever asks; whether there is a slot is another matter."""
        now_ms = self._env.now_ms
        withheld = plan.withheld(
            record.listed,
            record.cancelled,
            plan.plan_open(self.state, now_ms, self._plan.starts_ms, self._plan.ends_ms),
            record.confirmed or record.done or record.given_up or record.refused_for_good,
            self._versions_fit(record),
            now_ms,
            record.confirms_ms,
            plan.gate(
                self._plan.platform_checks,
                self._plan.offers_unknown,
                now_ms - record.heard_ms > self._plan.telemetry_ms,
                record.battery_pct,
                record.signal_dBm,
                self._plan.min_battery_pct,
                self._plan.min_signal_dBm,
            ),
        )
        if withheld != plan.OFFER:
            return withheld
        return self.rollout.held_back(record, self._maintained_from(modem, now_ms))

    def _maintained_from(self, modem: Modem, at_ms: int) -> int:
        """The first time not before ``at_ms`` at which the device's maintenance window is open."""
        if not self._p.maintained:
            return at_ms
        return next_maintenance(self._window_zone(modem), at_ms, *self._p.maintenance, self._p.first_weekday)

    def _window_zone(self, modem: Modem) -> NDArray[np.int64]:
        return self._zones[self._zone_of[modem.device]] if self._p.device_zone else self._plan.zone

    def _versions_fit(self, record: Record) -> int:
        """OFFER, or why the first component that does not fit keeps the plan back."""
        for component in self._left(record):
            version = record.versions.get(component.identifier)
            fits = plan.version_fits(version is not None, not component.sources, version in component.sources)
            if fits != plan.OFFER:
                return fits
        return plan.OFFER

    def _offer(self, modem: Modem, record: Record) -> None:
        """Send the plan: one offer for each component that has to change."""
        components = self._left(record)
        for component in components:
            self._note(
                record, PlatformLog.ISSUING_PLAN, component=component.identifier, version=component.target_version
            )
        self._note(record, PlatformLog.PLAN_ISSUED)
        record.offered_ms = self._env.now_ms
        self._enter_stage(modem, record, rr.ACK)
        offers = [
            PlanOffer(
                component.identifier,
                component.shown_source,
                component.target_version,
                self._plan.min_battery_pct,
                self._plan.min_signal_dBm,
                component.size_B,
            )
            for component in components
        ]
        self._down(modem, lambda: modem.receive_plan(offers, components))

    def _confirmed(self, modem: Modem, record: Record, left: list[Component]) -> None:
        record.confirmed = True
        record.left = left
        record.belief = UPGRADING
        if self.state == lifecycle.ACTIVATED:
            self.state = lifecycle.UPGRADING
            self.say(operation.UPGRADING)
        self._note(record, PlatformLog.CONFIRMED)
        self._enter_stage(modem, record, rr.NO_STAGE)
        if not record.started:
            record.started = True
            self.rollout.count(record, rr.STARTED)
        if not self._p.total_from_progress:
            self._begin_total(modem, record)
        self._issue_url(modem, record)

    def _refused(self, modem: Modem, record: Record) -> None:
        record.hold_ms = plan.hold_until_ms(self._plan.holds, record.offered_ms, self._plan.hold_ms)
        self._note(record, PlatformLog.REFUSED)
        self._enter_stage(modem, record, rr.NO_STAGE)
        self.rollout.count(record, rr.ATTEMPTS + rr.REFUSED)
        if not record.refused:
            record.refused = True
            self.rollout.count(record, rr.DEVICES + rr.REFUSED)
            if self._p.refusals_final:
                record.refused_for_good = True
                self.rollout.count(record, rr.OVER_OTHERWISE)
        self.rollout.free(record)
        self._arm(modem)

    # Failures

    def _failed(self, modem: Modem, record: Record, component: str, kind: int, cause: int) -> None:
        """An attempt failed; with a ``cause``, the platform found it by waiting."""
        p, now_ms = self._p, self._env.now_ms
        self.rollout.count(record, rr.ATTEMPTS + kind)
        self._enter_stage(modem, record, rr.NO_STAGE)
        record.kind = kind
        record.failures += 1
        counts = kind != rr.SHED or p.refusals_count
        if p.box_failures > 0 and counts:
            if record.box_failures == 0 or retry.box_is_stale(record.box_from_ms, p.box_within_ms, now_ms):
                record.box_failures, record.box_from_ms = 0, now_ms
            record.box_failures += 1
            if retry.is_boxed(record.box_failures, p.box_failures):
                self._box(modem, record)
                return
        number = retry.rule_for(p.retries, kind)
        used = retry.times(record.tries, number) if number != retry.NO_RULE else 0
        again = not self._no_more_retries and retry.may_retry(p.retries, number, used if counts else -1)
        if not again:
            self._give_up(modem, record, component, cause)
            return
        if counts:
            record.tries = retry.once_more(record.tries, number)
        most = int(p.retries[number, rr.RETRY_COUNT])
        self._note(record, PlatformLog.RETRYING, attempt=used + 1, retries=retries_words(most))
        if record.confirmed:
            hashed = int(p.retries[number, rr.RETRY_JITTER]) == rr.HASHED
            u = modem.body.uniform(streams.RETRY_JITTER, 0 if hashed else record.failures)
            self._retry_at(modem, record, now_ms + retry.retry_delay_ms(p.retries, number, used, u))
        elif not record.heard or not modem.online:
            self._enter_stage(modem, record, rr.ONLINE)
        else:
            self._arm(modem)
        self.rollout.stir()

    def _retry_at(self, modem: Modem, record: Record, at_ms: int) -> None:
        record.url_due = True
        record.retry_ms = at_ms

        def again() -> None:
            if record.url_due and record.retry_ms == at_ms:
                self._issue_url(modem, record)

        self._env.call_at(at_ms, modem.device, again)

    def _give_up(self, modem: Modem, record: Record, component: str, cause: int) -> None:
        record.given_up = True
        record.url_due = False
        record.belief = UPGRADE_FAILED
        record.status = ComponentStatus.FAILED
        record.total_runs = False
        if cause != codes.NO_CAUSE and not modem.story.bricked:
            modem.story.failure = cause
        modem.story.finished_ms = self._env.now_ms
        self._note(record, PlatformLog.FAILED, component=component)
        self.rollout.count(record, rr.FAILED)
        self.rollout.count(record, rr.DEVICES + record.kind)
        self.rollout.free(record)

    def _box(self, modem: Modem, record: Record) -> None:
        """Leave the device alone for a while; then it begins anew."""
        record.box_until_ms = self._env.now_ms + self._p.box_ms
        record.box_failures = 0
        record.confirmed = False
        record.url_due = False
        record.tries = 0
        record.total_runs = False
        record.belief = NOT_UPGRADED
        self._note(record, PlatformLog.BOXED)
        self.rollout.free(record)
        self._arm(modem)

    # Stages

    def _enter_stage(self, modem: Modem, record: Record, stage: int) -> None:
        """Wait for what ends the stage, for as long as the plan does."""
        record.stage = stage
        record.stage_number += 1
        number, lasts_ms = record.stage_number, self._p.timeouts_ms[stage]
        if lasts_ms == 0:
            return

        def over() -> None:
            if record.stage_number == number:
                self._timed_out(modem, record, _TOO_LONG[stage])

        self._env.call_at(self._env.now_ms + lasts_ms, modem.device, over)

    def _begin_total(self, modem: Modem, record: Record) -> None:
        """Wait for the end of the whole upgrade, all attempts together."""
        if self._p.total_ms == 0 or record.total_runs:
            return
        record.total_runs = True
        record.total_number += 1
        number = record.total_number

        def over() -> None:
            if record.total_number == number and record.total_runs:
                record.total_runs = False
                self._timed_out(modem, record, codes.NO_RESULT)

        self._env.call_at(self._env.now_ms + self._p.total_ms, modem.device, over)

    def _timed_out(self, modem: Modem, record: Record, cause: int) -> None:
        if record.done or record.given_up or record.cancelled != codes.NO_CAUSE or record.refused_for_good:
            return
        self._note(record, PlatformLog.TIMED_OUT, reason=CAUSES[cause])
        left = self._left(record)
        component = left[0].identifier if left else self._components[0].identifier
        self._failed(modem, record, component, rr.TIMEOUT, cause)

    # Addresses

    def _issue_url(self, modem: Modem, record: Record) -> None:
        """Send the download address of the next component, now or when the device is there again."""
        if record.cancelled != codes.NO_CAUSE:
            return
        p, now_ms = self._p, self._env.now_ms
        record.url_due = True
        left = self._left(record)
        if not modem.online or not left:
            return
        may_ms = retry.budget_until_ms(record.budget_used, record.budget_from_ms, p.budget, p.budget_ms, now_ms)
        may_ms = self._maintained_from(modem, may_ms)
        if may_ms > now_ms:
            if may_ms < plan.NEVER_AGAIN:
                self._retry_at(modem, record, may_ms)
            return
        record.url_due = False
        if record.budget_used == 0 or now_ms >= record.budget_from_ms + p.budget_ms:
            record.budget_used, record.budget_from_ms = 0, now_ms
        record.budget_used += 1
        record.issued_ms = now_ms
        self._enter_stage(modem, record, rr.FETCHING)
        if not p.total_from_progress:
            self._begin_total(modem, record)
        component = left[0]
        modem.story.attempts += 1
        self._note(record, PlatformLog.ISSUING_URL, component=component.identifier)
        self._note(record, PlatformLog.URL_ISSUED)
        info = component.info(record.wants_sha256)

        def arrive() -> None:
            if modem.online:
                modem.receive_firmware(component, info)
            else:
                record.url_due = True

        self._env.call_at(now_ms + modem.round_trip_ms(), modem.device, arrive)

    def address_expired(self, device: int) -> bool:
        """Whether the last download address that the device was sent works no more."""
        return self._p.address_ms > 0 and self._env.now_ms - self.records[device].issued_ms > self._p.address_ms

    def is_cut_off(self, device: int) -> bool:
        """Whether the server sends the device no more."""
        return self.cuts_off and self.records[device].cancelled == codes.BY_ABORT

    def _judge(self, modem: Modem, record: Record) -> None:
        """Success is a reported version that equals the target, and nothing else."""
        if record.done:
            return
        left = self._left(record)
        if record.confirmed and len(left) < len(record.left):
            achieved = [component for component in record.left if component not in left]
            record.left = left
            record.tries = 0
            record.box_failures = 0
            for component in achieved:
                self._note(record, PlatformLog.CONSISTENT, component=component.identifier)
            if left:
                self._issue_url(modem, record)
        if not left:
            record.done = True
            self._enter_stage(modem, record, rr.NO_STAGE)
            record.total_runs = False
            if record.given_up:
                self.rollout.count(record, rr.FAILED, -1)
            self.rollout.count(record, rr.SUCCEEDED)
            self.rollout.free(record)
            self.rollout.succeeded()
            record.given_up = False
            record.belief = UPGRADED if record.confirmed else NO_UPDATE_REQUIRED
            record.status = ComponentStatus.SUCCEEDED if record.confirmed else ComponentStatus.NOT_REQUIRED
            modem.story.finished_ms = self._env.now_ms

    # Push

    def _arm(self, modem: Modem) -> None:
        """Have the device looked at at the first time at which an offer may be due."""
        record = self.records[modem.device]
        if not self.rollout.is_released(record):
            if modem.story.withheld == codes.NO_CAUSE:
                modem.story.withheld = self.rollout.held_back(record, 0)
            return
        from_ms = plan.push_from_ms(
            self._plan.push,
            self._is_settled(record),
            record.confirmed or record.given_up,
            self._env.now_ms,
            self._plan.starts_ms,
            record.hold_ms,
            record.confirms_ms,
            max(record.offered_ms + plan.repeat_ms(self._plan.grid_ms), record.box_until_ms),
        )
        if from_ms >= plan.NEVER_AGAIN:
            return
        tick_ms = self._tick_from(modem, from_ms)
        if tick_ms == record.tick_ms:
            return
        record.tick_ms = tick_ms  # an earlier tick is void
        if tick_ms >= self._plan.ends_ms:
            return
        if modem.story.withheld == codes.NO_CAUSE:
            modem.story.withheld = codes.OUTSIDE_PUSH_PERIOD
        self._env.call_at(tick_ms, modem.device, lambda: self._tick(modem, record, tick_ms))

    def _tick_from(self, modem: Modem, from_ms: int) -> int:
        """The first time not before ``from_ms`` at which something may be pushed to the device."""
        period = (self._plan.push_from_min, self._plan.push_to_min, self._plan.grid_ms)
        if not self._p.maintained:
            return next_push_tick(self._plan.zone, from_ms, *period)
        zone = self._window_zone(modem)
        return next_offer_ms(self._plan.zone, zone, from_ms, *period, *self._p.maintenance, self._p.first_weekday)

    def _tick(self, modem: Modem, record: Record, tick_ms: int) -> None:
        if record.tick_ms != tick_ms:
            return
        record.tick_ms = -1
        if not modem.online:
            return  # armed again when it reports
        withheld = self.withheld(modem, record)
        if withheld == plan.OFFER:
            withheld = self.rollout.admit(modem, record, False)
        self.serve(modem, record, withheld)

    def serve(self, modem: Modem, record: Record, withheld: int) -> None:
        """Push the plan to the device, or look at it again later."""
        modem.story.withheld = withheld
        if withheld == plan.OFFER:
            self._note(record, PlatformLog.INITIATED)
            self._offer(modem, record)
            self._env.call_at(self._env.now_ms + 1, modem.device, lambda: self._arm(modem))
        elif withheld in (codes.WAITING, codes.OUTSIDE_WINDOW, codes.IN_PENALTY_BOX):
            self._arm(modem)
        elif withheld == codes.NO_SLOT and not record.queued:
            record.hold_ms = max(record.hold_ms, self._env.now_ms + plan.look_again_ms(self._plan.grid_ms))
            self._arm(modem)

    # The operator and the calendar

    def operate(self, do: str, devices: list[int]) -> None:
        """An operator action; one that the plan's state does not allow is refused and logged."""
        after, line = operation.operate(self.state, do, len(devices), self._plan.delete_rule)
        self.say(line)
        if after is None:
            return
        self.state = after
        if do == "cancel":
            for device in devices:
                self._cancel(device)
        elif do == "retry":
            for device in devices:
                self._retry(device)
        elif do == "resume":
            for device, record in enumerate(self.records):
                if record.heard:
                    self._arm(self.modems[device])
            self.rollout.take_up()
        elif do == "open_wave":
            self.rollout.operate()
        elif do == "terminate":
            self._expire(PlatformLog.TERMINATED)

    def _cancel(self, device: int) -> None:
        """No retry any more; a download that runs goes on, for the vendor has no way to call it back."""
        record = self.records[device]
        if record.done or record.given_up:
            return
        self._cancel_by(record, codes.BY_OPERATOR)

    def _cancel_by(self, record: Record, whom: int) -> None:
        if record.cancelled == codes.NO_CAUSE:
            self.rollout.count(record, rr.OVER_OTHERWISE)
        record.cancelled = whom
        record.url_due = False
        record.belief = UPGRADE_FAILED
        self._note(record, PlatformLog.CANCELLED if whom == codes.BY_OPERATOR else PlatformLog.ABORTED)
        self.rollout.free(record)

    def _retry(self, device: int) -> None:
        record = self.records[device]
        if not record.given_up:
            return
        record.given_up = False
        record.tries = 0
        record.belief = UPGRADING
        self.rollout.count(record, rr.FAILED, -1)
        self.rollout.count(record, rr.DEVICES + record.kind, -1)
        if record.confirmed:
            self._issue_url(self.modems[device], record)
        elif record.heard:
            self._arm(self.modems[device])

    def _end(self) -> None:
        if self.state in operation.CAN_END:
            self.state = lifecycle.ENDED
            self.say(operation.ENDED)
            self._expire(PlatformLog.EXPIRED)

    def _expire(self, line: PlatformLog) -> None:
        """The plan is over: who has not started counts as failed; who has, goes on."""
        for record in self.records:
            if record.listed == plan.OFFER and record.belief == NOT_UPGRADED:
                record.belief = UPGRADE_FAILED
                record.status = ComponentStatus.EXPIRED
                self._note(record, line)

    # For the rollout

    def released(self, device: int) -> None:
        """The device's turn has come."""
        record, modem = self.records[device], self.modems[device]
        self.rollout.count(record, rr.TARGETED)
        if not modem.online and not record.done:
            self._enter_stage(modem, record, rr.ONLINE)
        if record.heard:
            modem.story.withheld = codes.NO_CAUSE
            self._arm(modem)

    def pause(self) -> None:
        """The rollout stops itself; the operator may resume it."""
        after = lifecycle.next_state(self.state, "suspend")
        if after is not None:
            self.state = after
            self.say(operation.stopped(False))

    def abort(self, running: bool) -> None:
        """The rollout ends itself: queued devices are cancelled, and those under way too if ``running``."""
        self.state = lifecycle.TERMINATED
        self.say(operation.stopped(True))
        self.cuts_off = self.cuts_off or running
        self._no_more_retries = True
        for record in self.records:
            if record.listed != plan.OFFER or record.done or record.given_up or record.cancelled != codes.NO_CAUSE:
                continue
            if running or not record.confirmed or record.url_due:
                self._cancel_by(record, codes.BY_ABORT)

    # For the engine

    def installed(self, device: int) -> bool:
        """One more component truly runs its target version; whether that was the last."""
        self.to_install[device] -= 1
        return self.to_install[device] == 0

    def settled(self, device: int) -> bool:
        """Whether nothing that this device does can change how its story ends."""
        return self._is_settled(self.records[device])

    def _is_settled(self, record: Record) -> bool:
        return plan.settled(
            record.done,
            record.listed,
            record.cancelled != codes.NO_CAUSE or record.refused_for_good,
            record.given_up,
            self._plan.retries_to_come,
            self.state,
            record.confirmed,
        )

    def _down(self, modem: Modem, deliver: Callable[[], None]) -> None:
        self._env.call_at(self._env.now_ms + modem.round_trip_ms(), modem.device, deliver)

    def say(self, text: str) -> None:
        """Write a line into the plan's own log."""
        self.log.append((self._env.now_ms, text))

    def _note(self, record: Record, line: PlatformLog, said_ms: int | None = None, **words: object) -> None:
        if record.log is not None:
            at_ms = self._env.now_ms if said_ms is None else said_ms
            record.log.append(Line(at_ms, "--", line.format(**words)))
