"""What holds for all devices of a run, and for those of one plan: the plan, rollout, protocol and network."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import NONE
from fota_sim.device.platform import NOT_REQUIRED, SUCCEEDED
from fota_sim.engines.parameters import Parameters
from fota_sim.engines.rollout import RolloutParameters
from fota_sim.engines.setting.names import Names
from fota_sim.engines.table import STATUSES
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol import commands, wire
from fota_sim.protocol.states import OtaState
from fota_sim.protocol.vocabulary import ComponentStatus, component_status
from fota_sim.rules import lifecycle
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.delay import to_ms
from fota_sim.rules.plan import NEVER_AGAIN
from fota_sim.scenario.faults import Faults
from fota_sim.scenario.model import Scenario

_QINDS = ("none", "before_success", "after_success")


def run_numbers(
    scenario: Scenario, parameters: Parameters, fleet: Fleet, replication: int, names: Names
) -> dict[str, float]:
    """The fields of ``fields.RUN``."""
    protocol, network = parameters.protocol, scenario.network
    return {
        "devices": fleet.n,
        "versions": len(names.versions),
        "seed": parameters.seed,
        "replication": replication,
        "horizon_ms": parameters.horizon_ms,
        "qind": _QINDS.index(protocol.qind),
        "max_failures": protocol.max_download_failures,
        "url_ms": to_ms(protocol.url_timeout_s),
        "progress_ms": to_ms(protocol.progress_interval_s),
        "first_progress_ms": to_ms(protocol.first_progress_timeout_s),
        "http_ms": to_ms(protocol.http_timeout_s),
        "read_ms": to_ms(protocol.read_timeout_s),
        "flash_delay_ms": to_ms(protocol.flash_delay_s),
        "mcu_ms": to_ms(protocol.mcu_update_timeout_s),
        "module_part": names.module_part,
        "parts": len(names.parts),
        "cells": len(fleet.cell_names),
        "first_progress_s": protocol.first_progress_timeout_s,
        "egress_bps": math.inf if network.server.egress is None else network.server.egress,
        "connections": math.inf if network.server.connections is None else network.server.connections,
        "before_reboot": protocol.success_urc == "before_reboot",
        "announce": protocol.announce_decision,
        "server_queues": network.server.when_full == "queue",
        "cells_queue": network.cells.when_full == "queue",
        "cells_enforced": network.cells.enforce,
        "reports_before_reboot": protocol.success_report == "before_reboot",
        **_fault_numbers(scenario.faults),
    }


def plan_numbers(parameters: Parameters, number: int) -> dict[str, float]:
    """The fields of ``fields.PLAN`` at activation, of plan ``number``; its rollout was not told when to look."""
    plan = parameters.plans[number]
    return {
        "plan": number,
        "plan_state": lifecycle.ACTIVATED,
        "starts_ms": plan.starts_ms,
        "ends_ms": plan.ends_ms,
        "push_from_min": plan.push_from_min,
        "push_to_min": plan.push_to_min,
        "hold_ms": plan.hold_ms,
        "grid_ms": plan.grid_ms,
        "telemetry_ms": plan.telemetry_ms,
        "min_battery_pct": plan.min_battery_pct,
        "min_signal_dBm": plan.min_signal_dBm,
        "plan_zone": len(parameters.zones) + number,
        "components": len(plan.components),
        "push": plan.push,
        "holds": plan.holds,
        "platform_checks": plan.platform_checks,
        "offers_unknown": plan.offers_unknown,
        "retries_to_come": plan.retries_to_come,
        "can_register": all(plan.product),
        "manual": plan.user_confirm is not None,
        **_rollout_numbers(plan.rollout),
    }


def _fault_numbers(faults: Faults) -> dict[str, float]:
    return {
        "p_faulty": faults.devices,
        "p_lost_urc": faults.lost_urc,
        "p_doubled_urc": faults.doubled_urc,
        "p_garbled": faults.garbled_block,
        "p_wrong_checksum": faults.wrong_checksum,
        "p_cut": faults.cut_download,
        "cut_at": faults.cut_at,
        "urc_faults": faults.lost_urc > 0.0 or faults.doubled_urc > 0.0,
        "download_faults": faults.wrong_checksum > 0.0 or faults.cut_download > 0.0,
    }


def _rollout_numbers(rollout: RolloutParameters) -> dict[str, float]:
    return {
        "look_ms": NEVER_AGAIN,
        "act_at": NONE,
        "join_at": 0 if rollout.misses_joiners else NONE,
        "waves": len(rollout.waves),
        "stops": len(rollout.stops),
        "retry_rules": len(rollout.retries),
        "plan_slots": rollout.slots,
        "reserved": rollout.reserved,
        "slot_expires_ms": rollout.slot_expires_ms,
        "address_ms": rollout.address_ms,
        "budget": rollout.budget,
        "budget_ms": rollout.budget_ms,
        "box_limit": rollout.box_failures,
        "box_within_ms": rollout.box_within_ms,
        "box_ms": rollout.box_ms,
        "total_ms": rollout.total_ms,
        "dirty_head": NONE,
        "dirty_tail": NONE,
        "ordered": rollout.ordered,
        "starts_matter": rollout.starts_matter,
        "releases": rollout.releases,
        "slots_queue": rollout.slots_queue,
        "lifo": rollout.lifo,
        "until_downloaded": rollout.until_downloaded,
        "strict": rollout.strict,
        "cells_limited": rollout.cell_slots[-1] >= 0,
        "cell_slots_queue": rollout.cells_queue,
        "refusals_count": rollout.refusals_count,
        "maintained": rollout.maintained,
        "refusals_final": rollout.refusals_final,
        "believes_status": rollout.believes_status,
        "total_from_progress": rollout.total_from_progress,
        "total_of_attempt": rollout.total_of_attempt,
        "late_counts": rollout.late_counts,
        "may_cut": bool((rollout.stops[:, rr.RUNNING] == 1).any()),
    }


def rollout_arrays(rollout: RolloutParameters) -> dict[str, NDArray[Any]]:
    """Arrays of ``fields.PLAN_TABLES`` that the rollout has."""
    return {
        "rollout_state": rollout.state,
        "rollout_pace": rollout.pace,
        "rollout_waves": rollout.waves,
        "rollout_shares": rollout.shares,
        "rollout_counts": rollout.counts,
        "rollout_stops": rollout.stops,
        "rollout_limits": rollout.limits,
        "rollout_retries": rollout.retries,
        "release_order": rollout.order,
        "cell_slots": np.array(rollout.cell_slots, dtype=np.int64),
        "timeouts": np.array(rollout.timeouts_ms, dtype=np.int64),
    }


def sayable(names: Names) -> NDArray[np.bool_]:
    """Which version the module takes from its host for which MCU, shape (MCUs, versions)."""
    found = np.zeros((names.module_part, len(names.versions)), dtype=np.bool_)
    for j, mcu in enumerate(names.parts[: names.module_part]):
        for number, version in enumerate(names.versions):
            found[j, number] = commands.takes_version(wire.mcu_version(mcu, version)) == (mcu, version)
    return found


def status_of() -> NDArray[np.int64]:
    """What the platform makes of each status report, and its own findings."""
    found = np.full(NOT_REQUIRED + 1, NONE, dtype=np.int64)
    for state in OtaState:
        found[state] = STATUSES.index(component_status(state))
    found[SUCCEEDED] = STATUSES.index(ComponentStatus.SUCCEEDED)
    found[NOT_REQUIRED] = STATUSES.index(ComponentStatus.NOT_REQUIRED)
    return found
