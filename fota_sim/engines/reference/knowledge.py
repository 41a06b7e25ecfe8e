"""What the platform knows of one device, and what the rollout has in store for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from fota_sim.engines.components import Component
from fota_sim.protocol.transcript import Line
from fota_sim.protocol.vocabulary import ComponentStatus
from fota_sim.rules.codes import NO_CAUSE
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.outcome import NOT_UPGRADED
from fota_sim.rules.plan import LONG_AGO_MS
from fota_sim.rules.rollout_rows import DOWNLOAD, NO_STAGE


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
    heard: bool = False
    heard_ms: int = 0
    """When versions and telemetry came last."""
    wants_sha256: bool = False
    left: list[Component] = field(default_factory=list)
    """Components that still had to change when the device confirmed or last succeeded with one."""
    offered_ms: int = LONG_AGO_MS
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
