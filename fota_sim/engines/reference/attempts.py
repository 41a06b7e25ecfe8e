"""What becomes of an attempt: download addresses, failures, retries, the penalty box."""

from __future__ import annotations

from fota_sim.engines.reference.knowledge import Knowledge, Record
from fota_sim.engines.reference.modem import Modem
from fota_sim.engines.reference.offers import Offers
from fota_sim.engines.reference.rollout import Rollout
from fota_sim.engines.reference.stages import Stages
from fota_sim.protocol.vocabulary import ComponentStatus, PlatformLog, retries_words
from fota_sim.rules import codes, plan, retry, streams
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.labels import CAUSES
from fota_sim.rules.outcome import NOT_UPGRADED, UPGRADE_FAILED


class Attempts:
    """Sends devices to download, and decides what follows a failure."""

    def __init__(self, known: Knowledge, stages: Stages, offers: Offers, rollout: Rollout) -> None:
        self._known = known
        self._env = known.env
        self._p = known.plan.rollout
        self._stages = stages
        self._offers = offers
        self._rollout = rollout

    def failed(
        self, modem: Modem, record: Record, component: str, kind: int, cause: int, no_time_left: bool = False
    ) -> None:
        """An attempt failed; with a ``cause``, the platform found it by waiting."""
        p, now_ms = self._p, self._env.now_ms
        self._rollout.count(record, rr.ATTEMPTS + kind)
        self._stages.enter(modem, record, rr.NO_STAGE)
        record.kind = kind
        record.failures += 1
        if p.total_of_attempt:
            record.total_runs = False
        if record.cancelled != codes.NO_CAUSE:
            self._known.note(record, PlatformLog.FAILED, component=component)
            self._rollout.stir()
            return
        if not self._has_source(record):
            self._give_up(modem, record, component, cause)
            return
        counts = kind != rr.SHED or p.refusals_count
        if p.box_failures > 0 and counts:
            if record.box_failures == 0 or retry.box_is_stale(record.box_from_ms, p.box_within_ms, now_ms):
                record.box_failures, record.box_from_ms = 0, now_ms
            record.box_failures += 1
            if retry.is_boxed(record.box_failures, p.box_failures):
                if plan.is_over(self._known.state):  # nobody begins anew
                    self._give_up(modem, record, component, cause)
                else:
                    self._box(modem, record)
                return
        number = retry.rule_for(p.retries, kind)
        used = retry.times(record.tries, number) if number != retry.NO_RULE else 0
        again = not self._known.no_more_retries and retry.may_retry(p.retries, number, used if counts else -1)
        if no_time_left or not again:
            self._give_up(modem, record, component, cause)
            return
        if counts:
            record.tries = retry.once_more(record.tries, number)
        most = int(p.retries[number, rr.RETRY_COUNT])
        self._known.note(record, PlatformLog.RETRYING, attempt=used + 1, retries=retries_words(most))
        if record.confirmed:
            hashed = int(p.retries[number, rr.RETRY_JITTER]) == rr.HASHED
            u = modem.body.uniform(streams.RETRY_JITTER, 0 if hashed else record.failures)
            self._retry_at(modem, record, now_ms + retry.retry_delay_ms(p.retries, number, used, u))
        elif not record.heard or not modem.online:
            self._stages.enter(modem, record, rr.ONLINE)
        else:
            self._offers.arm(modem)
        self._rollout.stir()

    def _has_source(self, record: Record) -> bool:
        """Whether the device still runs what the package that it was sent is for."""
        left = self._known.left(record)
        return not (record.confirmed and left) or self._known.fits(record, left[0]) == plan.OFFER

    def _retry_at(self, modem: Modem, record: Record, at_ms: int) -> None:
        record.url_due = True
        record.retry_ms = at_ms

        def again() -> None:
            if record.url_due and record.retry_ms == at_ms:
                self.issue_url(modem, record)

        self._env.call_at(at_ms, modem.device, again)

    def _give_up(self, modem: Modem, record: Record, component: str, cause: int) -> None:
        record.given_up = True
        record.url_due = False
        record.belief = UPGRADE_FAILED
        record.status = ComponentStatus.FAILED
        record.total_runs = False
        story = modem.story
        if cause != codes.NO_CAUSE and not story.bricked and story.lost != codes.BATTERY_EMPTY:
            story.failure = cause
            story.rolled_back = False
        story.closed = True
        modem.story.finished_ms = self._env.now_ms
        self._known.note(record, PlatformLog.FAILED, component=component)
        self._rollout.count(record, rr.FAILED)
        self._rollout.count(record, rr.DEVICES + record.kind)
        self._rollout.free(record)

    def _box(self, modem: Modem, record: Record) -> None:
        """Leave the device alone for a while; then it begins anew."""
        record.box_until_ms = self._env.now_ms + self._p.box_ms
        record.box_failures = 0
        record.confirmed = False
        record.url_due = False
        record.tries = 0
        record.total_runs = False
        record.belief = NOT_UPGRADED
        record.status = ComponentStatus.NOT_RECEIVED
        self._known.note(record, PlatformLog.BOXED)
        self._rollout.free(record)
        self._offers.arm(modem)

    def timed_out(self, modem: Modem, record: Record, cause: int, no_time_left: bool) -> None:
        """A stage took too long, or the whole upgrade; with ``no_time_left`` nothing is tried again."""
        if record.done or record.given_up or record.cancelled != codes.NO_CAUSE or record.refused_for_good:
            return
        if plan.is_over(self._known.state) and not record.confirmed:
            return
        self._known.note(record, PlatformLog.TIMED_OUT, reason=CAUSES[cause])
        left = self._known.left(record)
        component = left[0].identifier if left else self._known.plan.components[0].identifier
        self.failed(modem, record, component, rr.TIMEOUT, cause, no_time_left)

    def issue_url(self, modem: Modem, record: Record) -> None:
        """Send the download address of the next component, now or when the device is there again."""
        if record.cancelled != codes.NO_CAUSE or record.given_up:
            return
        p, now_ms = self._p, self._env.now_ms
        record.url_due = True
        left = self._known.left(record)
        if not modem.online or not left:
            return
        if not self._has_source(record):
            cause = codes.NO_CAUSE if modem.story.failure != codes.NO_CAUSE else codes.NOT_SOURCE_VERSION
            self._give_up(modem, record, left[0].identifier, cause)
            return
        may_ms = retry.budget_until_ms(record.budget_used, record.budget_from_ms, p.budget, p.budget_ms, now_ms)
        may_ms = self._known.maintained_from(modem, may_ms)
        if may_ms > now_ms:
            if may_ms < plan.NEVER_AGAIN:
                self._retry_at(modem, record, may_ms)
            return
        record.url_due = False
        if record.budget_used == 0 or now_ms >= record.budget_from_ms + p.budget_ms:
            record.budget_used, record.budget_from_ms = 0, now_ms
        record.budget_used += 1
        record.issued_ms = now_ms
        self._stages.enter(modem, record, rr.FETCHING)
        if not p.total_from_progress:
            self._stages.begin_total(modem, record)
        component = left[0]
        modem.story.attempts += 1
        self._known.note(record, PlatformLog.ISSUING_URL, component=component.identifier)
        self._known.note(record, PlatformLog.URL_ISSUED)
        info = component.info(record.wants_sha256)

        def arrive() -> None:
            if modem.online:
                modem.receive_firmware(component, info)
            else:
                record.url_due = True

        self._env.call_at(now_ms + modem.round_trip_ms(), modem.device, arrive)
