"""One replication, from the scenario to its record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fota_sim.device.operator import ACTIONS, END
from fota_sim.engines import operation
from fota_sim.engines.choice import MEASURED_AS
from fota_sim.engines.hardware import product_line
from fota_sim.engines.kept import kept_devices
from fota_sim.engines.parameters import Parameters, build_parameters
from fota_sim.engines.phases import timed
from fota_sim.engines.plan_log import plans_log
from fota_sim.engines.plans import OperatorStep, PlanParameters
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.bound import DRAWS, have_draws_compiled, look_at, story
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.host import Host
from fota_sim.engines.reference.modem import Modem
from fota_sim.engines.reference.table import device_table, download_table, event_table
from fota_sim.engines.reference.world import Device, World, worlds_of
from fota_sim.engines.setting.names import names_of
from fota_sim.engines.table import EXPIRED
from fota_sim.engines.work import MEETING_REFERENCE, SAMPLE, Progress, Work, share_done
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.fleet import Part, build_fleet
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.transcript import Line
from fota_sim.rules import cache, lifecycle, rollout
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.compiled import HOT
from fota_sim.rules.contact import DAILY, WAKE
from fota_sim.scenario.drawn import of_replication
from fota_sim.scenario.model import Scenario


def _have_text(w: World, live: Device, fleet: Fleet, parameters: Parameters, transcript: list[Line] | None) -> None:
    """Give a device its command line and its host."""
    plan = parameters.plans[live.plan]
    number = live.who
    module = parameters.module_settings[fleet.module[number]]
    name = fleet.module_names[fleet.module[number]]
    host = int(fleet.host[number])
    key, secret = plan.product
    identity = Identity(
        component=plan.module_component,
        firmware_version=str(fleet.firmware[number]),
        product_key=key,
        product_secret=secret,
        device_key=fleet.ids[number],
        free_flash_B=module.free_flash,
        line=product_line(parameters.radios[int(fleet.radio[number])]),
        at_csq=module.at_csq,
        at_cbc=module.at_cbc,
        version_command=module.version_command,
        model=name,
        kind=module.extends or name,
    )
    live.modem = Modem(w, live, identity, parameters.protocol)
    live.listener = Host(
        w,
        live,
        parameters.hosts[host],
        w.host_delays_at[host],
        parameters.contacts[parameters.contact_of[number]],
        parameters.zones[fleet.time_zone[number]],
        module.at_csq,
        module.at_cbc,
        transcript,
    )


def _operate(w: World, plan: PlanParameters, everybody: Sequence[int], step: OperatorStep) -> None:
    """An operator action; one that the plan's state does not allow is refused and logged."""
    now_ms = w.env.now_ms
    _, do, devices, rate = step
    after, line = operation.operate(w.plan_state, do, len(devices), plan.delete_rule)
    w.plan_log.append((now_ms, line))
    if after is None:
        return
    w.plan_state = after
    if do == "open_wave" and rollout.operate_wave(w.rollout_state_at, w.rollout_waves_at):
        story.slots.stir(w, now_ms)
    if rate is not None:
        succeeded = int(w.rollout_counts_at[w.waves, rr.SUCCEEDED])
        suspended = after == lifecycle.SUSPENDED
        arrays = w.rollout_state_at, w.rollout_pace_at, w.rollout_waves_at
        rollout.change_rate(*arrays, *rate, succeeded, suspended, now_ms)
        story.slots.stir(w, now_ms)
    if do in ACTIONS:
        _act_on(w, ACTIONS[do], devices if do in ("cancel", "retry") else everybody)
    if do == "resume":
        rollout.resume(w.rollout_state_at, w.rollout_pace_at, w.rollout_waves_at, now_ms)
        story.slots.stir(w, now_ms)


def _end(w: World, everybody: Sequence[int]) -> None:
    if w.plan_state in operation.CAN_END:
        w.plan_state = lifecycle.ENDED
        w.plan_log.append((w.env.now_ms, operation.ENDED))
        _act_on(w, END, everybody)


def _act_on(w: World, action: int, devices: Iterable[int]) -> None:
    for device in devices:
        story.operator.act_on(w, device, action, w.env.now_ms, EXPIRED)


Replaces = Callable[[World, Device], Any]
"""Gives a device another one in the place of its host, and perhaps another command line; returns the listener."""


def set_up(
    scenario: Scenario,
    parameters: Parameters,
    fleet: Fleet,
    replication: int,
    transcripts: Mapping[int, list[Line]],
    others: Mapping[int, Replaces] | None = None,
) -> list[World]:
    """A run at activation: every device with its story, command line and host, and what the operator will do.

    ``transcripts``: where the dialogues of the devices that are recorded go. ``others``: who listens to a device in
    the place of its host, by the number of the device. Returns the run as each plan has it.
    """
    env = FleetEnvironment()
    names = names_of(parameters, fleet)
    worlds = worlds_of(env, scenario, parameters, fleet, replication, names, frozenset(transcripts))
    for w, plan in zip(worlds, parameters.plans, strict=True):
        everybody = np.flatnonzero(parameters.plan_of == w.plan).tolist()
        for step in plan.operator:
            env.call_at(step.at_ms, w.owner, partial(_operate, w, plan, everybody, step))
        env.call_at(plan.ends_ms, w.owner, partial(_end, w, everybody))
        if w.ordered:
            look_at(w, w.starts_ms)
    plan_of = parameters.plan_of.tolist()
    for number in range(fleet.n):
        w = worlds[plan_of[number]]
        live = story.life.bring_to_life(w, number)
        live.log = [] if number in transcripts else None
        _have_text(w, live, fleet, parameters, transcripts.get(number))
        if others and number in others:
            live.listener = others[number](w, live)
        if not live.gone:
            live.listener.start()
    return worlds


def run_replication(
    scenario: Scenario,
    replication: int,
    progress: Progress | None = None,
    keep_ids: frozenset[str] = frozenset(),
    scratch: Path | None = None,  # for fleets of a size that this engine is not for
    part: Part | None = None,
) -> RunRecord:
    """Play replication number ``replication`` (from 0), or a part of its fleet, if devices share nothing.

    Raises ScenarioError for what only the fleet shows.
    """
    phases_s: dict[str, float] = {}
    with timed(phases_s, "fleet"):
        scenario = of_replication(scenario, replication)
        fleet = build_fleet(scenario, replication, part)
        parameters = build_parameters(scenario, fleet, replication)
    kept = kept_devices(scenario, fleet, keep_ids)
    recorded = frozenset(range(fleet.n)) if scenario.keep.events else kept
    transcripts: dict[int, list[Line]] = {number: [] for number in recorded}
    if DRAWS * fleet.n * scenario.replications >= HOT:
        have_draws_compiled()
    with timed(phases_s, "arrivals"):
        worlds = set_up(scenario, parameters, fleet, replication, transcripts)
    env = worlds[0].env
    horizon_ms = parameters.horizon_ms
    with timed(phases_s, "loop"):
        work = Work(progress)
        devices = worlds[0].devices_at
        sample = devices[:: max(1, fleet.n // SAMPLE)]
        period_ms = [_comes_every_ms(parameters, live.who) for live in sample]
        env.run_to(horizon_ms, lambda now_ms: work.look(lambda: _done(worlds, sample, period_ms, horizon_ms - now_ms)))
    work.end()
    if fleet.n >= _TELLING:
        cache.measure(MEASURED_AS, sum(phases_s.values()) / fleet.n)
    with timed(phases_s, "tables"):
        for live in devices:
            story.life.finish(worlds[live.plan], live)
        logs = {number: _by_time(devices[number].log or []) for number in recorded}
        return RunRecord(
            replication=replication,
            horizon_ms=horizon_ms,
            devices=device_table(worlds[0], fleet, parameters),
            downloads=download_table(worlds[0], fleet.first),
            events=event_table(fleet, transcripts, logs) if scenario.keep.events else None,
            transcripts={fleet.ids[number]: transcripts[number] for number in sorted(kept)},
            platform_logs={fleet.ids[number]: logs[number] for number in sorted(kept)},
            plan_log=plans_log([plan.name for plan in parameters.plans], [each.plan_log for each in worlds]),
            phases_s=phases_s,
        )


def _done(worlds: Sequence[World], sample: Sequence[Device], period_ms: Sequence[float], left_ms: float) -> float:
    """How much of the work is done, from 0 to 1, by a sample of the devices; who is gone makes no work.

    A story is over where nothing can change its end. Whoever was met and waits comes again and again, every
    ``period_ms`` (0: nobody knows when), for the ``left_ms`` until the horizon; of those that are still to be met as
    many will, on the average.
    """
    expected = met = stories = visits = to_come = 0.0
    for live, every_ms in zip(sample, period_ms, strict=True):
        if live.gone:
            continue
        expected += 1
        settled = story.knowledge.settled(worlds[live.plan], live)
        if not live.heard and not settled:
            continue
        met += 1
        visits += max(0, live.contacts - 1)
        loaded = 1.0 if live.downloaded_ms >= 0 else min(1.0, live.at_B / max(1, live.end_B))
        waits = not settled and not live.confirmed
        stories += 1.0 if settled or (waits and live.contacts > 1) else loaded
        if waits and every_ms:
            to_come += left_ms / every_ms
    to_come += (expected - met) / max(1.0, met) * (visits + to_come)
    return share_done(MEETING_REFERENCE, expected, met, stories, visits, to_come)


def _comes_every_ms(parameters: Parameters, number: int) -> float:
    """How long a device that wakes, or comes in daily hours, is away; 0 for one that is always there."""
    contact = parameters.contacts[parameters.contact_of[number]]
    if contact.pattern == WAKE:
        return float(1000 * contact.every_s)
    return 86_400_000.0 if contact.pattern == DAILY else 0.0


_TELLING = 200  # devices, from which on their number says how long a run takes


def _by_time(log: list[Line]) -> list[Line]:
    """A platform's log in order: what was said during a segment of a download is known only at its end."""
    return sorted(log, key=lambda line: line.at_ms)
