"""Findings about the batteries of a drawn fleet: those too weak for an update, which no minimum keeps out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.lint.drawn import Drawn, at_the_start
from fota_sim.analysis.lint.first_offer import kept_out
from fota_sim.engines.hardware import module_row, radio_row
from fota_sim.rules import battery, codes
from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import WORTH_SAYING, Finding, some_devices

_MINIMUM: Key = ("plan", "strategy", "min_battery")


def too_weak(drawn: Drawn) -> NDArray[np.bool_]:
    """Whether a download or the writing after it pulls the supply below what the module needs; shape (devices,).

    At the charge of the start and the mean signal, by the rules that a run asks at each piece of a download.
    """
    fleet, scenario = drawn.fleet, drawn.scenario
    airs = [radio_row(name, scenario.radios[name]) for name in fleet.radio_names]
    boards = [module_row(name, scenario.modules[name]) for name in fleet.module_names]
    found = np.zeros(fleet.n, dtype=np.bool_)
    for device in np.flatnonzero(~fleet.mains & drawn.offerable).tolist():
        board = boards[fleet.module[device]]
        signal_dBm = float(fleet.rssi_mean_dBm[device])
        current_mA = max(battery.transmit_mA(airs[fleet.radio[device]], board, signal_dBm), battery.flashing_mA(board))
        voltage_V = battery.loaded_V(
            int(fleet.chemistry[device]),
            float(fleet.charge[device]),
            current_mA,
            float(fleet.resistance_ohm[device]),
            float(fleet.temperature_C[device]),
        )
        found[device] = battery.browns_out(board, voltage_V)
    return found


def brown_outs(drawn: Drawn) -> Iterator[Finding]:
    """Devices that would begin, and whose battery is too weak for it."""
    begin = drawn.offerable & (at_the_start(drawn) == codes.NO_CAUSE)
    weak = begin & too_weak(drawn)
    count, of = int(weak.sum()), int(begin.sum())
    if not count or count <= WORTH_SAYING * of:
        return
    levels = drawn.readings.battery_pct
    low, high = int(levels[weak].min()), int(levels[weak].max())
    has = "has" if count == 1 else "have"
    message = (
        f"{count:,} of the {some_devices(of)} in reach that nothing keeps out {has} a battery too weak for the current "
        f"of the update at their mean signal ({f'{low} %' if low == high else f'{low} % to {high} %'}): the module "
        "resets in the middle of it (battery brown-out)"
    )
    still = _beginning(drawn, high + 1) if high < 100 else begin
    spared, others = int((weak & ~still).sum()), int((begin & ~weak & ~still).sum())
    if spared:
        but = f", and keeps out {others:,} more" if others else ""
        yield _MINIMUM, f"{message}. A minimum of {high + 1} % spares {'it' if count == 1 else f'{spared:,}'}{but}"
    else:
        yield _MINIMUM, f"{message}. No minimum spares them: leave them out with a list"


def _beginning(drawn: Drawn, minimum_pct: int) -> NDArray[np.bool_]:
    """Devices that would begin with such a minimum battery."""
    strategy = drawn.scenario.plan.strategy.model_copy(update={"min_battery": minimum_pct / 100})
    plan = drawn.scenario.plan.model_copy(update={"strategy": strategy})
    other = drawn.scenario.model_copy(update={"plan": plan})
    found: NDArray[np.bool_] = drawn.offerable & (kept_out(other, drawn.fleet, drawn.readings) == codes.NO_CAUSE)
    return found
