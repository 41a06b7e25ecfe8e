"""The Developer Center: what devices tell it, what its operator does, and what it makes of both.

It acts on what devices told it, never on what is true of them.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines import operation
from fota_sim.engines.components import Component
from fota_sim.engines.parameters import PlanParameters
from fota_sim.engines.reference.attempts import Attempts
from fota_sim.engines.reference.environment import THE_PLAN, FleetEnvironment
from fota_sim.engines.reference.knowledge import Knowledge, Record
from fota_sim.engines.reference.modem import Modem
from fota_sim.engines.reference.offers import Offers
from fota_sim.engines.reference.rollout import Rollout
from fota_sim.engines.reference.stages import Stages
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol.states import OtaState
from fota_sim.protocol.vocabulary import ComponentStatus, PlatformLog, component_status, reported_words
from fota_sim.rules import codes, lifecycle, plan, retry
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.fates import NEVER
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.labels import CAUSES
from fota_sim.rules.outcome import NO_UPDATE_REQUIRED, NOT_UPGRADED, UPGRADE_FAILED, UPGRADED, UPGRADING

_FAILURES = (OtaState.DOWNLOAD_ERROR, OtaState.UPDATE_ERROR)
_ENDS = (*_FAILURES, OtaState.UPDATE_SUCCESS)


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
        self._p = parameters.rollout
        self.cuts_off = False
        """Whether downloads of devices that the rollout cancelled are cut off."""
        self.to_install = [parameters.to_install(fleet, i) for i in range(fleet.n)]
        """How many of the plan's components do not truly run their target version, by device."""
        self.known = Knowledge(env, fleet, parameters, confirms, zones, logged)
        for at_ms, do, devices in parameters.operator:
            env.call_at(at_ms, THE_PLAN, partial(self.operate, do, devices))
        env.call_at(parameters.ends_ms, THE_PLAN, self._end)
        self.rollout = Rollout(env, self, parameters.rollout, fleet.n)
        self._stages = Stages(env, parameters.rollout, self._timed_out)
        self.offers = Offers(self.known, self._stages, self.rollout)
        self._attempts = Attempts(self.known, self._stages, self.offers, self.rollout)

    # What devices say

    def reported(self, modem: Modem) -> None:
        """A device subscribed, or was asked to report: versions and telemetry arrive."""
        record = self.known.records[modem.device]
        record.heard = True
        now_ms = self._env.now_ms
        record.heard_ms = now_ms
        record.battery_pct = modem.body.percent(now_ms)
        record.signal_dBm = modem.body.reading_dBm(now_ms)
        if record.signal_dBm != UNKNOWN:
            record.level = modem.body.level(now_ms)
        record.open_ms = plan.LONG_AGO_MS  # a module that has started has forgotten what it was offered
        if record.stage == rr.ONLINE:
            self._stages.enter(modem, record, rr.NO_STAGE)
        self.known.read_versions(modem, record)
        self._judge(modem, record)
        if record.url_due and not record.done and now_ms >= record.retry_ms:
            self._attempts.issue_url(modem, record)
        self.offers.arm(modem)

    def requested(self, modem: Modem, want_sha256: bool) -> None:
        """AT+QIOTOTAREQ arrives."""
        record = self.known.records[modem.device]
        record.wants_sha256 = want_sha256
        self.known.read_versions(modem, record)
        self.known.note(record, PlatformLog.REQUESTED, version=modem.module.firmware_version)
        self._judge(modem, record)
        withheld = self.offers.withheld(modem, record)
        if withheld == plan.OFFER:
            withheld = self.rollout.admit(modem, record, True)
        modem.story.withheld = withheld
        if withheld == plan.OFFER:
            self.offers.offer(modem, record)
        else:
            self.known.note(record, PlatformLog.WITHHELD, reason=CAUSES[withheld])

    def status(self, modem: Modem, state: OtaState, component: str) -> None:
        """A status report arrives; one about a component that is done already, or a repeated one, is only noted."""
        record = self.known.records[modem.device]
        repeated = state is OtaState.DOWNLOADING and record.status is ComponentStatus.DOWNLOADING
        if repeated and record.log is None:
            return
        self.known.note(record, PlatformLog.STATUS, modem.said_ms, component=component, status=reported_words(state))
        if not repeated and state is not OtaState.PLAN_RECEIVED:  # that an offer came is no progress
            record.said_ms = self._env.now_ms
        left = self.known.left(record)
        if record.done or record.given_up or not left or left[0].identifier != component:
            return
        if not plan.takes_status(int(state), record.confirmed, plan.is_over(self.known.state)):
            return
        if record.cancelled == codes.NO_CAUSE and state is not OtaState.UPDATE_SUCCESS:  # only a version is success
            record.status = component_status(state)
        if record.cancelled != codes.NO_CAUSE and state not in _ENDS:
            return
        if state is OtaState.SUBMITTED:
            self._confirmed(modem, record, left)
        elif state is OtaState.REFUSED:
            self._refused(modem, record)
        elif state is OtaState.DOWNLOADING:
            if not repeated and self._p.total_from_progress:
                self._stages.begin_total(modem, record)
        elif state is OtaState.DOWNLOAD_SUCCESS:
            self._stages.enter(modem, record, rr.REPORT)
            if self._p.until_downloaded:
                self.rollout.free(record)
        elif state in _FAILURES:
            if state is OtaState.UPDATE_ERROR:
                self.known.read_version(modem, record, component)
            if record.confirmed and not record.url_due:
                cause = modem.module.last_error
                self._attempts.failed(modem, record, component, retry.kind_of(int(state), cause), codes.NO_CAUSE)
            if record.status is ComponentStatus.FAILED and record.belief == UPGRADING:
                record.status = ComponentStatus.CONFIRMED  # it is tried again
        elif state is OtaState.UPDATE_SUCCESS:
            self.known.read_versions(modem, record)
            if self._p.believes_status:
                record.versions[component] = left[0].target_version
            self._judge(modem, record)

    def _timed_out(self, modem: Modem, record: Record, cause: int, no_time_left: bool) -> None:
        self._attempts.timed_out(modem, record, cause, no_time_left)

    def _confirmed(self, modem: Modem, record: Record, left: list[Component]) -> None:
        record.confirmed = True
        record.open_ms = plan.LONG_AGO_MS
        record.left = left
        record.belief = UPGRADING
        if self.known.state == lifecycle.ACTIVATED:
            self.known.state = lifecycle.UPGRADING
            self.known.say(operation.UPGRADING)
        self.known.note(record, PlatformLog.CONFIRMED)
        self._stages.enter(modem, record, rr.NO_STAGE)
        if not record.started:
            record.started = True
            self.rollout.count(record, rr.STARTED)
        if not self._p.total_from_progress:
            self._stages.begin_total(modem, record)
        self._attempts.issue_url(modem, record)

    def _refused(self, modem: Modem, record: Record) -> None:
        answered_ms = plan.answered_ms(record.open_ms, record.offered_ms)
        record.hold_ms = plan.hold_until_ms(self._plan.holds, answered_ms, self._plan.hold_ms)
        record.open_ms = plan.LONG_AGO_MS
        self.known.note(record, PlatformLog.REFUSED)
        self._stages.enter(modem, record, rr.NO_STAGE)
        self.rollout.count(record, rr.ATTEMPTS + rr.REFUSED)
        if not record.refused:
            record.refused = True
            self.rollout.count(record, rr.DEVICES + rr.REFUSED)
            if self._p.refusals_final:
                record.refused_for_good = True
                self.rollout.count(record, rr.OVER_OTHERWISE)
        self.rollout.free(record)
        self.offers.arm(modem)

    def _judge(self, modem: Modem, record: Record) -> None:
        """Success is a reported version that equals the target, and nothing else."""
        aborted = record.cancelled == codes.BY_ABORT
        if not plan.takes_success(record.done, record.given_up, aborted, self._p.late_counts):
            return
        left = self.known.left(record)
        if record.started and len(left) < len(record.left):
            achieved = [component for component in record.left if component not in left]
            record.left = left
            record.tries = 0
            record.box_failures = 0
            for component in achieved:
                self.known.note(record, PlatformLog.CONSISTENT, component=component.identifier)
            if left and record.belief == UPGRADING:
                record.status = ComponentStatus.CONFIRMED  # of the next one
                self._attempts.issue_url(modem, record)
        if not left:
            record.done = True
            self._stages.enter(modem, record, rr.NO_STAGE)
            record.total_runs = False
            if record.given_up:
                self.rollout.count(record, rr.FAILED, -1)
            self.rollout.count(record, rr.SUCCEEDED)
            self.rollout.free(record)
            self.rollout.succeeded()
            record.given_up = False
            modem.story.closed = False
            record.belief = UPGRADED if record.started else NO_UPDATE_REQUIRED
            record.status = ComponentStatus.SUCCEEDED if record.started else ComponentStatus.NOT_REQUIRED
            modem.story.finished_ms = self._env.now_ms

    # The operator and the calendar

    def operate(self, do: str, devices: list[int]) -> None:
        """An operator action; one that the plan's state does not allow is refused and logged."""
        after, line = operation.operate(self.known.state, do, len(devices), self._plan.delete_rule)
        self.known.say(line)
        if after is None:
            return
        self.known.state = after
        if do == "cancel":
            for device in devices:
                self._cancel(device)
        elif do == "retry":
            for device in devices:
                self._retry(device)
        elif do == "resume":
            for device, record in enumerate(self.known.records):
                if record.heard:
                    self.offers.arm(self.known.modems[device])
            self.rollout.take_up()
        elif do == "open_wave":
            self.rollout.operate()
        elif do == "terminate":
            self._expire(PlatformLog.TERMINATED)

    def _cancel(self, device: int) -> None:
        """No retry any more; a download that runs goes on, for the vendor has no way to call it back."""
        record = self.known.records[device]
        if record.done or record.given_up:
            return
        self._cancel_by(record, codes.BY_OPERATOR)

    def _cancel_by(self, record: Record, whom: int) -> None:
        if record.cancelled == codes.NO_CAUSE:
            self.rollout.count(record, rr.OVER_OTHERWISE)
        record.cancelled = whom
        record.url_due = False
        record.belief = UPGRADE_FAILED
        record.status = ComponentStatus.FAILED
        self.known.note(record, PlatformLog.CANCELLED if whom == codes.BY_OPERATOR else PlatformLog.ABORTED)
        self.rollout.free(record)

    def _retry(self, device: int) -> None:
        record = self.known.records[device]
        if not record.given_up:
            return
        modem = self.known.modems[device]
        record.given_up = False
        modem.story.closed = False
        if not modem.story.bricked:
            modem.story.finished_ms = NEVER
        record.tries = 0
        record.belief = UPGRADING if record.confirmed else NOT_UPGRADED
        record.status = ComponentStatus.CONFIRMED if record.confirmed else ComponentStatus.NOT_RECEIVED
        self.known.note(record, PlatformLog.TAKEN_UP)
        self.rollout.count(record, rr.FAILED, -1)
        self.rollout.count(record, rr.DEVICES + record.kind, -1)
        if record.confirmed:
            self._attempts.issue_url(modem, record)
        elif record.heard:
            self.offers.arm(modem)

    def _end(self) -> None:
        if self.known.state in operation.CAN_END:
            self.known.state = lifecycle.ENDED
            self.known.say(operation.ENDED)
            self._expire(PlatformLog.EXPIRED)

    def _expire(self, line: PlatformLog) -> None:
        """The plan is over: who has not started counts as failed; who has, goes on."""
        for record in self.known.records:
            if record.listed == plan.OFFER and record.belief == NOT_UPGRADED:
                record.belief = UPGRADE_FAILED
                record.status = ComponentStatus.EXPIRED
                self.known.note(record, line)

    # For the rollout

    def released(self, device: int) -> None:
        """The device's turn has come."""
        record, modem = self.known.records[device], self.known.modems[device]
        self.rollout.count(record, rr.TARGETED)
        if not modem.online and not record.done:
            self._stages.enter(modem, record, rr.ONLINE)
        if record.heard:
            modem.story.withheld = codes.NO_CAUSE
            self.offers.arm(modem)

    def pause(self) -> None:
        """The rollout stops itself; the operator may resume it."""
        after = lifecycle.next_state(self.known.state, "suspend")
        if after is not None:
            self.known.state = after
            self.known.say(operation.stopped(False))

    def abort(self, running: bool) -> None:
        """The rollout ends itself: queued devices are cancelled, and those under way too if ``running``."""
        self.known.state = lifecycle.TERMINATED
        self.known.say(operation.stopped(True))
        self.cuts_off = self.cuts_off or running
        self.known.no_more_retries = True
        for record in self.known.records:
            if record.listed != plan.OFFER or record.done or record.given_up or record.cancelled != codes.NO_CAUSE:
                continue
            if running or not record.confirmed or record.url_due:
                self._cancel_by(record, codes.BY_ABORT)

    # For the server

    def address_expired(self, device: int) -> bool:
        """Whether the last download address that the device was sent works no more."""
        waited_ms = self._env.now_ms - self.known.records[device].issued_ms
        return self._p.address_ms > 0 and waited_ms > self._p.address_ms

    def is_cut_off(self, device: int) -> bool:
        """Whether the server sends the device no more."""
        return self.cuts_off and self.known.records[device].cancelled == codes.BY_ABORT

    # For the engine

    def failed_by(self, device: int, cause: int) -> int:
        """What a failure that the module found is booked under."""
        return plan.failed_by(cause, self.known.records[device].confirmed, plan.is_over(self.known.state))

    def installed(self, device: int) -> bool:
        """One more component truly runs its target version; whether that was the last."""
        self.to_install[device] -= 1
        return self.to_install[device] == 0

    def settled(self, device: int) -> bool:
        """Whether nothing that this device does can change how its story ends."""
        return self.known.settled(self.known.records[device])
