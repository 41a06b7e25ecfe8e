"""What the platform knows: of each device, and of the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines import operation
from fota_sim.engines.components import Component
from fota_sim.engines.parameters import PlanParameters
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol.transcript import Line
from fota_sim.protocol.vocabulary import ComponentStatus, PlatformLog
from fota_sim.rules import lifecycle, plan
from fota_sim.rules.codes import NO_CAUSE
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.outcome import NOT_UPGRADED
from fota_sim.rules.plan import LONG_AGO_MS
from fota_sim.rules.rollout_rows import DOWNLOAD, NO_STAGE
from fota_sim.rules.zone import next_maintenance

if TYPE_CHECKING:
    from fota_sim.engines.reference.modem import Modem


@dataclass(slots=True)
class Record:
    """What the platform knows of one device."""

    listed: int
    confirms_ms: int
    """When the App user lets the upgrade happen (manual mode), or NEVER_CONFIRMS; 0 in silent mode."""
    wave: int = 0
    """-1: none."""
    rank: int = 0
    """Place in the order of release."""
    too_late: bool = False
    first_served: bool = False
    versions: dict[str, str] = field(default_factory=dict)
    battery_pct: int = UNKNOWN
    signal_dBm: int = UNKNOWN
    level: int = 0
    """The coverage level in which the network had the device when it was heard last."""
    heard: bool = False
    heard_ms: int = 0
    """When versions and telemetry came last."""
    wants_sha256: bool = False
    left: list[Component] = field(default_factory=list)
    """Components that still had to change when the device confirmed or last succeeded with one."""
    offered_ms: int = LONG_AGO_MS
    open_ms: int = LONG_AGO_MS
    """When the first offer was sent that is not answered yet."""
    confirmed: bool = False
    started: bool = False
    """Whether it ever confirmed."""
    status: ComponentStatus = ComponentStatus.NOT_RECEIVED
    belief: int = NOT_UPGRADED
    hold_ms: int = 0
    cancelled: int = NO_CAUSE
    given_up: bool = False
    refused: bool = False
    """Whether a refusal was counted."""
    refused_for_good: bool = False
    done: bool = False
    url_due: bool = False
    """A download address is to be sent as soon as the device is there and its time has come."""
    tick_ms: int = -1
    """The push that is armed; -1: none."""
    # attempts
    failures: int = 0
    kind: int = DOWNLOAD
    """Of the last failure."""
    tries: int = 0
    """How often each retry rule was used (rules/retry.py)."""
    retry_ms: int = 0
    issued_ms: int = LONG_AGO_MS
    """When the last address was sent."""
    budget_used: int = 0
    budget_from_ms: int = 0
    box_failures: int = 0
    box_from_ms: int = 0
    box_until_ms: int = 0
    # stages
    stage: int = NO_STAGE
    stage_number: int = 0
    """An alarm set for an earlier stage is void; so for the next two."""
    total_number: int = 0
    total_runs: bool = False
    """Whether the time for the whole upgrade runs."""
    slot_number: int = 0
    # slots
    slot: bool = False
    held: int = 0
    """Pools of slots entered: the cell's, then the plan's."""
    pool: tuple[int, int, int] | None = None
    queued: bool = False
    ticket: int = 0
    said_ms: int = 0
    """When it last said something new."""
    log: list[Line] | None = None


class Knowledge:
    """The plan, and a record of each device; what follows from them."""

    def __init__(
        self,
        env: FleetEnvironment,
        fleet: Fleet,
        parameters: PlanParameters,
        confirms: NDArray[np.int64],
        zones: list[NDArray[np.int64]],
        logged: frozenset[int],
    ) -> None:
        self.env = env
        self.plan = parameters
        self._zones = zones
        self._zone_of = fleet.time_zone
        self.modems: list[Modem] = []
        """Of all devices; the engine puts them here."""
        self.state = lifecycle.ACTIVATED
        self.no_more_retries = False
        self.log: list[tuple[int, str]] = [(0, operation.ACTIVATED)]
        rollout = parameters.rollout
        self.records = [
            Record(
                plan.listed(bool(fleet.white[i]), bool(fleet.black[i])),
                int(confirms[i]),
                int(rollout.wave[i]),
                int(rollout.rank[i]),
                bool(rollout.too_late[i]),
                bool(rollout.first_served[i]),
                log=[] if i in logged else None,
            )
            for i in range(fleet.n)
        ]

    def left(self, record: Record) -> list[Component]:
        """Components that do not report their target version, in upgrade order."""
        versions = record.versions
        return [c for c in self.plan.components if versions.get(c.identifier) != c.target_version]

    def read_versions(self, modem: Modem, record: Record) -> None:
        """Take the versions that the device reports."""
        record.versions = dict(modem.module.mcu_versions)
        record.versions[self.plan.module_component] = modem.module.firmware_version

    def read_version(self, modem: Modem, record: Record, component: str) -> None:
        """Take the version of one component, as it comes with the word that its upgrade failed."""
        module = modem.module
        if component == self.plan.module_component:
            record.versions[component] = module.firmware_version
        elif component in module.mcu_versions:
            record.versions[component] = module.mcu_versions[component]

    def fits(self, record: Record, component: Component) -> int:
        """OFFER, or why the component's package is not for the version that the device reports."""
        version = record.versions.get(component.identifier)
        return plan.version_fits(version is not None, not component.sources, version in component.sources)

    def versions_fit(self, record: Record) -> int:
        """OFFER, or why the first component that does not fit keeps the plan back."""
        for component in self.left(record):
            fits = self.fits(record, component)
            if fits != plan.OFFER:
                return fits
        return plan.OFFER

    def settled(self, record: Record) -> bool:
        """Whether nothing that this device does can change how its story ends."""
        return plan.settled(
            record.done,
            record.listed,
            record.cancelled != NO_CAUSE or record.refused_for_good,
            record.given_up,
            self.plan.retries_to_come,
            self.state,
            record.confirmed,
        )

    def maintained_from(self, modem: Modem, at_ms: int) -> int:
        """The first time not before ``at_ms`` at which the device's maintenance window is open."""
        if not self.plan.rollout.maintained:
            return at_ms
        return next_maintenance(
            self.window_zone(modem), at_ms, *self.plan.rollout.maintenance, self.plan.rollout.first_weekday
        )

    def window_zone(self, modem: Modem) -> NDArray[np.int64]:
        """The time zone in which the device's maintenance window is meant."""
        return self._zones[self._zone_of[modem.device]] if self.plan.rollout.device_zone else self.plan.zone

    def down(self, modem: Modem, deliver: Callable[[], None]) -> None:
        """Deliver something to the device, a round trip from now."""
        self.env.call_at(self.env.now_ms + modem.round_trip_ms(), modem.device, deliver)

    def say(self, text: str) -> None:
        """Write a line into the plan's own log."""
        self.log.append((self.env.now_ms, text))

    def note(self, record: Record, line: PlatformLog, said_ms: int | None = None, **words: object) -> None:
        """Write a line into the device's upgrade log, if it has one."""
        if record.log is not None:
            at_ms = self.env.now_ms if said_ms is None else said_ms
            record.log.append(Line(at_ms, "--", line.format(**words)))
