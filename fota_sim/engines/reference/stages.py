"""Stages of an upgrade that the platform waits for, and how long."""

from __future__ import annotations

from collections.abc import Callable

from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.knowledge import Record
from fota_sim.engines.reference.modem import Modem
from fota_sim.engines.rollout import RolloutParameters
from fota_sim.rules import codes

_TOO_LONG = (codes.NO_CAUSE, codes.NOT_SEEN, codes.NO_ANSWER, codes.DOWNLOAD_TOO_LONG, codes.NO_RESULT)
"""Causes by stage of ``rr.STAGES``."""


class Stages:
    """Waits, and says when it was too long.

    ``timed_out`` hears of the device, of the cause, and whether no time is left for another attempt.
    """

    def __init__(
        self,
        env: FleetEnvironment,
        parameters: RolloutParameters,
        timed_out: Callable[[Modem, Record, int, bool], None],
    ) -> None:
        self._env = env
        self._p = parameters
        self._timed_out = timed_out

    def enter(self, modem: Modem, record: Record, stage: int) -> None:
        """Wait for what ends the stage, for as long as the plan does."""
        record.stage = stage
        record.stage_number += 1
        number, lasts_ms = record.stage_number, self._p.timeouts_ms[stage]
        if lasts_ms == 0:
            return

        def over() -> None:
            if record.stage_number == number:
                self._timed_out(modem, record, _TOO_LONG[stage], False)

        self._env.call_at(self._env.now_ms + lasts_ms, modem.device, over)

    def begin_total(self, modem: Modem, record: Record) -> None:
        """Wait for the end of the whole upgrade, all attempts together, or of this attempt."""
        if self._p.total_ms == 0 or record.total_runs:
            return
        record.total_runs = True
        record.total_number += 1
        number = record.total_number

        def over() -> None:
            if record.total_number == number and record.total_runs:
                record.total_runs = False
                self._timed_out(modem, record, codes.NO_RESULT, not self._p.total_of_attempt)

        self._env.call_at(self._env.now_ms + self._p.total_ms, modem.device, over)
