"""The Developer Center: one plan, what it knows of each device, and what it offers to whom and when.

It acts on what devices told it, never on what is true of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines import operation
from fota_sim.engines.components import Component
from fota_sim.engines.parameters import PlanParameters
from fota_sim.engines.reference.environment import THE_PLAN, FleetEnvironment
from fota_sim.engines.reference.modem import Modem
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol.states import OtaState
from fota_sim.protocol.transcript import Line
from fota_sim.protocol.urc import PlanOffer
from fota_sim.protocol.vocabulary import ComponentStatus, PlatformLog, component_status, reported_words
from fota_sim.rules import codes, lifecycle, plan
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.labels import CAUSES
from fota_sim.rules.outcome import NO_UPDATE_REQUIRED, NOT_UPGRADED, UPGRADE_FAILED, UPGRADED, UPGRADING
from fota_sim.rules.zone import next_push_tick

_FAILURES = (OtaState.DOWNLOAD_ERROR, OtaState.UPDATE_ERROR)


@dataclass(slots=True)
class Record:
    """What the platform knows of one device."""

    listed: int
    confirms_ms: int
    """When the App user lets the upgrade happen (manual mode), or NEVER_CONFIRMS; 0 in silent mode."""
    versions: dict[str, str] = field(default_factory=dict)
    battery_pct: int = UNKNOWN
    signal_dBm: int = UNKNOWN
    heard: bool = False
    wants_sha256: bool = False
    left: int = 0
    """Components that still had to change when the device confirmed or last succeeded with one."""
    offered_ms: int = 0
    confirmed: bool = False
    status: ComponentStatus = ComponentStatus.NOT_RECEIVED
    belief: int = NOT_UPGRADED
    failures: int = 0
    hold_ms: int = 0
    cancelled: bool = False
    given_up: bool = False
    done: bool = False
    url_due: bool = False
    """A download address is to be sent as soon as the device is there."""
    tick_ms: int = -1
    """The grid tick that is armed; -1: none."""
    log: list[Line] | None = None


class Platform:
    """The plan engine. Devices call ``reported``, ``requested`` and ``status``; the operator calls ``operate``."""

    def __init__(
        self,
        env: FleetEnvironment,
        fleet: Fleet,
        parameters: PlanParameters,
        confirms: NDArray[np.int64],
        logged: frozenset[int],
    ) -> None:
        self._env = env
        self._plan = parameters
        self._components = parameters.components
        self._modems: dict[int, Modem] = {}
        self.state = lifecycle.ACTIVATED
        self.log: list[tuple[int, str]] = [(0, operation.ACTIVATED)]
        self.records = [
            Record(
                plan.listed(bool(fleet.white[i]), bool(fleet.black[i])),
                int(confirms[i]),
                log=[] if i in logged else None,
            )
            for i in range(fleet.n)
        ]
        self.to_install = [parameters.to_install(fleet, i) for i in range(fleet.n)]
        """How many of the plan's components do not truly run their target version, by device."""
        for at_ms, do, devices in parameters.operator:
            env.call_at(at_ms, THE_PLAN, partial(self.operate, do, devices))
        env.call_at(parameters.ends_ms, THE_PLAN, self._end)

    # What devices say

    def reported(self, modem: Modem) -> None:
        """A device subscribed, or was asked to report: versions and telemetry arrive."""
        record = self.records[modem.device]
        self._modems[modem.device] = modem
        record.heard = True
        now_ms = self._env.now_ms
        record.battery_pct = modem.body.percent(now_ms)
        record.signal_dBm = modem.body.reading_dBm(now_ms)
        self._read_versions(modem, record)
        self._judge(modem, record)
        if record.url_due and not record.done:
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
        withheld = self._withheld(record)
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
        left = self._left(record)
        if record.done or record.given_up or not left or left[0].identifier != component:
            return
        record.status = component_status(state)
        if state is OtaState.SUBMITTED:
            self._confirmed(modem, record, len(left))
        elif state is OtaState.REFUSED:
            self._refused(modem, record)
        elif state in _FAILURES and record.confirmed and not record.url_due:
            self._failed(modem, record, component)
        elif state is OtaState.UPDATE_SUCCESS:
            self._read_versions(modem, record)
            self._judge(modem, record)

    # What the platform decides

    def _left(self, record: Record) -> list[Component]:
        """Components that do not report their target version, in upgrade order."""
        versions = record.versions
        return [c for c in self._components if versions.get(c.identifier) != c.target_version]

    def _withheld(self, record: Record) -> int:
        """OFFER, or why this device gets no plan now, whoever asks."""
        now_ms = self._env.now_ms
        return plan.withheld(
            record.listed,
            record.cancelled,
            plan.plan_open(self.state, now_ms, self._plan.starts_ms, self._plan.ends_ms),
            record.confirmed or record.done or record.given_up,
            self._versions_fit(record),
            now_ms,
            record.confirms_ms,
            plan.gate(
                self._plan.platform_checks,
                self._plan.offers_unknown,
                record.battery_pct,
                record.signal_dBm,
                self._plan.min_battery_pct,
                self._plan.min_signal_dBm,
            ),
        )

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

    def _confirmed(self, modem: Modem, record: Record, left: int) -> None:
        record.confirmed = True
        record.left = left
        record.belief = UPGRADING
        if self.state == lifecycle.ACTIVATED:
            self.state = lifecycle.UPGRADING
            self._say(operation.UPGRADING)
        self._note(record, PlatformLog.CONFIRMED)
        self._issue_url(modem, record)

    def _refused(self, modem: Modem, record: Record) -> None:
        record.hold_ms = plan.hold_until_ms(self._plan.holds, record.offered_ms, self._plan.hold_ms)
        self._note(record, PlatformLog.REFUSED)
        self._arm(modem)

    def _failed(self, modem: Modem, record: Record, component: str) -> None:
        record.failures += 1
        if not plan.may_retry(record.failures, self._plan.retries):
            record.given_up = True
            record.belief = UPGRADE_FAILED
            record.status = ComponentStatus.FAILED
            modem.story.finished_ms = self._env.now_ms
            self._note(record, PlatformLog.FAILED, component=component)
            return
        self._note(record, PlatformLog.RETRYING, attempt=record.failures, retries=self._plan.retries)
        record.url_due = True
        at_ms = self._env.now_ms + self._plan.retry_delay_ms
        self._env.call_at(at_ms, modem.device, lambda: self._issue_url(modem, record))

    def _issue_url(self, modem: Modem, record: Record) -> None:
        """Send the download address of the next component, now or when the device is there again."""
        record.url_due = True
        left = self._left(record)
        if not modem.online or not left:
            return
        record.url_due = False
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

        self._env.call_at(self._env.now_ms + modem.round_trip_ms(), modem.device, arrive)

    def _judge(self, modem: Modem, record: Record) -> None:
        """Success is a reported version that equals the target, and nothing else."""
        if record.done:
            return
        left = self._left(record)
        if record.confirmed and len(left) < record.left:
            record.left = len(left)
            record.failures = 0
            self._note(record, PlatformLog.CONSISTENT, component=self._components[-len(left) - 1].identifier)
            if left:
                self._issue_url(modem, record)
        if not left:
            record.done = True
            record.given_up = False
            record.belief = UPGRADED if record.confirmed else NO_UPDATE_REQUIRED
            record.status = ComponentStatus.SUCCEEDED if record.confirmed else ComponentStatus.NOT_REQUIRED
            modem.story.finished_ms = self._env.now_ms

    # Push

    def _arm(self, modem: Modem) -> None:
        """Have the device looked at on the first grid tick at which an offer may be due."""
        record = self.records[modem.device]
        from_ms = plan.push_from_ms(
            self._plan.push,
            self._is_settled(record),
            record.confirmed,
            self._env.now_ms,
            self._plan.starts_ms,
            record.hold_ms,
            record.confirms_ms,
        )
        if from_ms >= plan.NEVER_AGAIN:
            return
        tick_ms = next_push_tick(self._plan.zone, from_ms, self._plan.push_from_min, self._plan.push_to_min)
        if tick_ms == record.tick_ms:
            return
        record.tick_ms = tick_ms  # an earlier tick is void
        if tick_ms >= self._plan.ends_ms:
            return
        if modem.story.withheld == codes.NO_CAUSE:
            modem.story.withheld = codes.OUTSIDE_PUSH_PERIOD
        self._env.call_at(tick_ms, modem.device, lambda: self._tick(modem, record, tick_ms))

    def _tick(self, modem: Modem, record: Record, tick_ms: int) -> None:
        if record.tick_ms != tick_ms:
            return
        record.tick_ms = -1
        if not modem.online:
            return  # armed again when it reports
        withheld = self._withheld(record)
        modem.story.withheld = withheld
        if withheld == plan.OFFER:
            self._note(record, PlatformLog.INITIATED)
            self._offer(modem, record)
            self._env.call_at(self._env.now_ms + 1, modem.device, lambda: self._arm(modem))
        elif withheld == codes.WAITING:
            self._arm(modem)

    # The operator and the calendar

    def operate(self, do: str, devices: list[int]) -> None:
        """An operator action; one that the plan's state does not allow is refused and logged."""
        after, line = operation.operate(self.state, do, len(devices), self._plan.delete_rule)
        self._say(line)
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
            for device in sorted(self._modems):
                self._arm(self._modems[device])
        elif do == "terminate":
            self._expire(PlatformLog.TERMINATED)

    def _cancel(self, device: int) -> None:
        """No retry any more; a download that runs goes on, for the vendor has no way to call it back."""
        record = self.records[device]
        if record.done or record.given_up:
            return
        record.cancelled = True
        record.url_due = False
        record.belief = UPGRADE_FAILED
        self._note(record, PlatformLog.CANCELLED)

    def _retry(self, device: int) -> None:
        record = self.records[device]
        if not record.given_up:
            return
        record.given_up = False
        record.failures = 0
        record.belief = UPGRADING
        if device in self._modems:
            self._issue_url(self._modems[device], record)

    def _end(self) -> None:
        if self.state in operation.CAN_END:
            self.state = lifecycle.ENDED
            self._say(operation.ENDED)
            self._expire(PlatformLog.EXPIRED)

    def _expire(self, line: PlatformLog) -> None:
        """The plan is over: who has not started counts as failed; who has, goes on."""
        for record in self.records:
            if record.listed == plan.OFFER and record.belief == NOT_UPGRADED:
                record.belief = UPGRADE_FAILED
                record.status = ComponentStatus.EXPIRED
                self._note(record, line)

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
            record.cancelled,
            record.given_up,
            self._plan.retries_to_come,
            self.state,
            record.confirmed,
        )

    def _down(self, modem: Modem, deliver: Callable[[], None]) -> None:
        self._env.call_at(self._env.now_ms + modem.round_trip_ms(), modem.device, deliver)

    def _say(self, text: str) -> None:
        self.log.append((self._env.now_ms, text))

    def _note(self, record: Record, line: PlatformLog, said_ms: int | None = None, **words: object) -> None:
        if record.log is not None:
            at_ms = self._env.now_ms if said_ms is None else said_ms
            record.log.append(Line(at_ms, "--", line.format(**words)))
