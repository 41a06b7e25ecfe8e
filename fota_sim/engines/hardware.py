"""A delay, a radio and a module model as rows of numbers (:mod:`fota_sim.rules.rows`)."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fota_sim.errors import Problem, ScenarioError
from fota_sim.rules import rows
from fota_sim.rules.labels import BOOT_SCHEMES
from fota_sim.rules.radio import complete
from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.module import Module
from fota_sim.scenario.radio import Radio

Row = NDArray[np.float64]

_LAWS = {"mcs": rows.LAW_MCS, "shannon": rows.LAW_SHANNON, "nb-iot": rows.LAW_NB_IOT, "table": rows.LAW_TABLE}
_DELAYS = {
    "constant": rows.DELAY_CONSTANT,
    "uniform": rows.DELAY_UNIFORM,
    "normal": rows.DELAY_NORMAL,
    "lognormal": rows.DELAY_LOGNORMAL,
}


def delay_row(law: Distribution, path: str) -> Row:
    """A delay as a row; raises ScenarioError for laws that delays do not have."""
    if law.kind not in _DELAYS:
        message = f"a delay is a duration or uniform, normal or lognormal, not a {law.kind}"
        raise ScenarioError([Problem("", 0, 0, path, message)])
    a, b = {
        "constant": (law.value, 0.0),
        "uniform": (law.low, law.high),
        "normal": (law.mean, law.sd),
        "lognormal": (law.median, law.sigma),
    }[law.kind]
    low = max(0.0, law.min if law.min is not None else 0.0)
    high = law.max if law.max is not None else math.inf
    return np.array([_DELAYS[law.kind], a, b, low, high])


def radio_row(name: str, radio: Radio) -> Row:
    """One radio as a row (:mod:`fota_sim.rules.rows`)."""
    row = np.zeros(rows.RADIO_ROW)
    row[rows.LAW] = _LAWS[radio.law]
    row[rows.EFFICIENCY] = radio.efficiency * radio.speed
    row[rows.MARGIN_DB] = radio.margin
    row[rows.BANDWIDTH_HZ] = radio.bandwidth
    row[rows.NOISE_FIGURE_DB] = radio.noise_figure
    row[rows.INTERFERENCE_DB] = radio.interference_margin
    row[rows.ALPHA] = radio.alpha
    row[rows.SHARE] = radio.share * radio.speed
    row[rows.SNR_MIN_DB] = radio.snr_min
    row[rows.RATE_CAP_BPS] = radio.rate_cap * radio.speed
    row[rows.TRANSPORT_BLOCK_BITS] = radio.transport_block
    row[rows.GAP_S : rows.GAP_S + 3] = [each / radio.speed for each in radio.gap]
    row[rows.BLOCK_MODE] = radio.mode == "block"
    row[rows.CHUNK_B] = radio.chunk
    row[rows.OVERHEAD] = radio.overhead
    row[rows.ROUND_TRIP_S : rows.ROUND_TRIP_S + 3] = [each / radio.speed for each in radio.rtt]
    if any(radio.rtt_sigma):
        row[rows.ROUND_TRIP_SIGMA : rows.ROUND_TRIP_SIGMA + 3] = radio.rtt_sigma
        row[rows.ROUND_TRIP_MOST_S] = radio.rtt_max / radio.speed
    row[rows.COVERAGE_EDGE_DBM : rows.COVERAGE_EDGE_DBM + 2] = radio.ce_edges or (-math.inf, -math.inf)
    row[rows.S50_DBM] = radio.s50
    row[rows.WIDTH_DB] = radio.width
    row[rows.P_FLOOR] = radio.p_floor
    row[rows.RECOVERY_S] = radio.recovery
    row[rows.CHUNK_ATTEMPTS] = radio.chunk_attempts
    row[rows.RESUME_S] = radio.resume
    row[rows.CORRELATION_S] = radio.rssi_correlation_time
    row[rows.READING_SD_DB] = radio.reading_sd
    row[rows.MAX_SEGMENTS] = radio.segments
    row[rows.CELL_LIMIT : rows.CELL_LIMIT + 3] = radio.cell_concurrency or (math.inf, math.inf, math.inf)
    row[rows.TABLE_POINTS] = len(radio.table)
    table_speed = 1.0 if radio.law == "mcs" else radio.speed  # there the efficiency has it already
    for i, (level_dBm, rate_bps) in enumerate(radio.table):
        row[rows.TABLE_DBM + i] = level_dBm
        row[rows.TABLE_BPS + i] = rate_bps * table_speed
    row[rows.CONNECT_DELAY : rows.CONNECT_DELAY + rows.DELAY_ROW] = delay_row(radio.connect, f"radios.{name}.connect")
    row[rows.SEGMENT_S] = radio.segment_time
    complete(row)
    return row


def module_row(name: str, module: Module) -> Row:
    """One module model as a row (:mod:`fota_sim.rules.rows`)."""
    row = np.zeros(rows.MODULE_ROW)
    row[rows.SUPPLY_V] = module.supply
    row[rows.I_RECEIVE_MA] = module.i_receive
    row[rows.I_GAP_MA] = module.i_gap
    row[rows.I_TRANSMIT_0_MA] = module.i_transmit_0dBm
    row[rows.I_TRANSMIT_23_MA] = module.i_transmit_23dBm
    row[rows.TRANSMIT_DUTY] = module.transmit_duty
    row[rows.I_IDLE_MA] = module.i_idle
    row[rows.I_SLEEP_MA] = module.i_sleep
    row[rows.I_EDRX_MA] = module.i_sleep if module.i_edrx is None else module.i_edrx
    row[rows.I_FLASH_MA] = module.i_flash
    row[rows.V_MIN] = module.v_min
    row[rows.FLASH_WRITE_BPS] = module.flash_write
    row[rows.FREE_FLASH_B] = module.free_flash
    row[rows.BOOT_SCHEME] = BOOT_SCHEMES.index(module.boot)
    row[rows.APPLY_FIXED_S] = module.apply_fixed
    row[rows.APPLY_BPS] = module.apply_rate
    row[rows.DELTA_EXPANSION] = module.delta_expansion
    row[rows.BOOT_ATTEMPTS] = module.boot_attempts
    row[rows.P_BRICK] = module.brick_on_power_loss
    row[rows.P_VERIFY] = module.verify_failure
    row[rows.P_TRUNCATED] = module.accepts_truncated
    row[rows.P_STORAGE] = module.storage_failure
    row[rows.POWER_CUTS_MAINS] = module.power_cuts_mains
    row[rows.POWER_CUTS_BATTERY] = module.power_cuts_battery
    row[rows.REBOOT_DELAY : rows.REBOOT_DELAY + rows.DELAY_ROW] = delay_row(module.reboot, f"modules.{name}.reboot")
    row[rows.URL_DELAY : rows.URL_DELAY + rows.DELAY_ROW] = delay_row(
        module.url_to_start, f"modules.{name}.url_to_start"
    )
    return row


ProductLine = Literal["wifi", "cellular", "nb"]


def product_line(radio: Row) -> ProductLine:
    """Which AT dialect a module with this radio speaks."""
    if radio[rows.LAW] == rows.LAW_MCS:
        return "wifi"
    return "nb" if radio[rows.LAW] == rows.LAW_NB_IOT else "cellular"
