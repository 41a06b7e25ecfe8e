"""Whom the platform offers the plan, and when: by request, by push, or by the rollout."""

from __future__ import annotations

from fota_sim.engines.reference.knowledge import Knowledge, Record
from fota_sim.engines.reference.modem import Modem
from fota_sim.engines.reference.rollout import Rollout
from fota_sim.engines.reference.stages import Stages
from fota_sim.protocol.urc import PlanOffer
from fota_sim.protocol.vocabulary import PlatformLog
from fota_sim.rules import codes, plan
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.zone import next_offer_ms, next_push_tick


class Offers:
    """Decides on offers and sends them."""

    def __init__(self, known: Knowledge, stages: Stages, rollout: Rollout) -> None:
        self._known = known
        self._env = known.env
        self._plan = known.plan
        self._p = known.plan.rollout
        self._stages = stages
        self._rollout = rollout

    def withheld(self, modem: Modem, record: Record) -> int:
        """OFFER, or why this device gets no plan now, whoever asks; whether there is a slot is another matter."""
        now_ms = self._env.now_ms
        withheld = plan.withheld(
            record.listed,
            record.cancelled,
            plan.plan_open(self._known.state, now_ms, self._plan.starts_ms, self._plan.ends_ms),
            record.confirmed or record.done or record.given_up or record.refused_for_good,
            self._known.versions_fit(record),
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
        return self._rollout.held_back(record, self._known.maintained_from(modem, now_ms))

    def offer(self, modem: Modem, record: Record) -> None:
        """Send the plan: one offer for each component that has to change."""
        components = self._known.left(record)
        for component in components:
            self._known.note(
                record, PlatformLog.ISSUING_PLAN, component=component.identifier, version=component.target_version
            )
        self._known.note(record, PlatformLog.PLAN_ISSUED)
        record.offered_ms = self._env.now_ms
        record.open_ms = plan.first_open_ms(record.open_ms, record.offered_ms)
        self._stages.enter(modem, record, rr.ACK)
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
        self._known.down(modem, lambda: modem.receive_plan(offers, components))

    def arm(self, modem: Modem) -> None:
        """Have the device looked at at the first time at which an offer may be due."""
        record = self._known.records[modem.device]
        if not self._rollout.is_released(record):
            if modem.story.withheld == codes.NO_CAUSE:
                modem.story.withheld = self._rollout.held_back(record, 0)
            return
        from_ms = plan.push_from_ms(
            self._plan.push,
            self._known.settled(record),
            record.confirmed or record.given_up,
            self._env.now_ms,
            self._plan.starts_ms,
            record.hold_ms,
            record.confirms_ms,
            max(record.offered_ms + plan.repeat_ms(self._plan.grid_ms), record.box_until_ms),
        )
        if from_ms >= plan.NEVER_AGAIN:
            if modem.story.withheld == codes.NO_CAUSE and self._plan.push and record.confirms_ms == plan.NEVER_CONFIRMS:
                modem.story.withheld = codes.USER_NOT_CONFIRMED
            return
        tick_ms = self._tick_from(modem, from_ms)
        if tick_ms == record.tick_ms:
            return
        record.tick_ms = tick_ms  # an earlier tick is void
        if modem.story.withheld == codes.NO_CAUSE:
            modem.story.withheld = plan.until_push(
                self._env.now_ms,
                from_ms,
                tick_ms,
                self._plan.starts_ms,
                record.confirms_ms,
                self._plan.grid_ms,
                self._plan.push_from_min != self._plan.push_to_min,
            )
        if tick_ms >= self._plan.ends_ms:
            return
        self._env.call_at(tick_ms, modem.device, lambda: self._tick(modem, record, tick_ms))

    def _tick_from(self, modem: Modem, from_ms: int) -> int:
        """The first time not before ``from_ms`` at which something may be pushed to the device."""
        period = (self._plan.push_from_min, self._plan.push_to_min, self._plan.grid_ms)
        if not self._p.maintained:
            return next_push_tick(self._plan.zone, from_ms, *period)
        zone = self._known.window_zone(modem)
        return next_offer_ms(self._plan.zone, zone, from_ms, *period, *self._p.maintenance, self._p.first_weekday)

    def _tick(self, modem: Modem, record: Record, tick_ms: int) -> None:
        if record.tick_ms != tick_ms:
            return
        record.tick_ms = -1
        if plan.is_over(self._known.state):
            return
        if not modem.online:  # armed again when it reports
            modem.story.withheld = plan.missed_push(modem.story.withheld)
            return
        withheld = self.withheld(modem, record)
        if withheld == plan.OFFER:
            withheld = self._rollout.admit(modem, record, False)
        self.serve(modem, record, withheld)

    def serve(self, modem: Modem, record: Record, withheld: int) -> None:
        """Push the plan to the device, or look at it again later."""
        modem.story.withheld = withheld
        if withheld == plan.OFFER:
            self._known.note(record, PlatformLog.INITIATED)
            self.offer(modem, record)
            self._env.call_at(self._env.now_ms + 1, modem.device, lambda: self.arm(modem))
        elif withheld in (codes.WAITING, codes.OUTSIDE_WINDOW, codes.IN_PENALTY_BOX):
            self.arm(modem)
        elif withheld == codes.NO_SLOT and not record.queued:
            record.hold_ms = max(record.hold_ms, self._env.now_ms + plan.look_again_ms(self._plan.grid_ms))
            self.arm(modem)
