"""Devices to which all happens that may, drawn, as scenarios."""

from __future__ import annotations

import math
import random
from hashlib import blake2b

import coarse_devices as coarse
import numpy as np
from paper_life import MINUTE
from paper_supply import Board, Supply
from test_engine_device_on_paper import as_read, drawn_by, scenario_of

from fota_sim.rules.draws import uniform, uniform_pair
from fota_sim.rules.streams import DOWNLOAD_FAULT, POWER_CUT

SEED = 11
MONTH = 30 * 1440 * MINUTE


def board_of(dice):
    pick = dice.choice
    return Board(
        i_sleep=pick([0, 1, 20]),
        i_idle=pick([10, 60, 100]),
        i_receive=pick([20, 100, 200]),
        i_gap=pick([0, 50, 100]),
        i_flash=pick([0, 15, 100]),
        i_transmit=pick([200, 300]),
        duty=pick([0.0, 0.5, 0.25]),
        v_min=pick([1.0, 1.0, 3.3, 3.5]),
        boot=pick(["in-place", "staged", "backup", "ab"]),
        boot_attempts=pick([1, 2, 5]),
        bricks=dice.random() < 0.3,
        free_B=pick([1 << 20, 1 << 20, 2 * coarse.FILE_B, 2 * coarse.FILE_B, coarse.FILE_B]),
        max_failures=pick([0, 1, 2, 5]),
    )


def key_of(number):
    return np.uint64(int.from_bytes(blake2b(f"d{number}-0".encode(), digest_size=8).digest(), "little"))


def cuts_of(number, per_month, horizon):
    """When the supply of a device fails: a Poisson process of its own."""
    found, at, count = [], 0, 0
    while per_month and at < horizon:
        u = uniform(SEED, 0, key_of(number), POWER_CUT, count)
        at += int(-math.log(u) / per_month * MONTH) + 1
        found.append(at)
        count += 1
    return found


def faults_of(number, p_cut, p_wrong):
    pairs = [uniform_pair(SEED, 0, key_of(number), DOWNLOAD_FAULT, start) for start in range(200)]
    return [(u < p_cut, v < p_wrong) for u, v in pairs]


def drawn(seed):
    """A plan, a module, eight devices and their supplies, and the scenario."""
    plan, kinds = drawn_by(seed, coarse.plan_of, coarse.kind_of)
    dice = random.Random(f"hard {seed}")
    board = board_of(dice)
    scenario = coarse.coarse(scenario_of(plan, kinds), plan.takes)
    kinds = as_read(kinds)
    per_month = dice.choice([0, 0, 3000, 12_000])
    p_cut, p_wrong = (dice.choice([0, 0, 0, 0, 0.4, 0.4, 1]) for _ in range(2))
    scenario["seed"] = SEED
    scenario["faults"] = {"cut_download": f"{p_cut:%}", "wrong_checksum": f"{p_wrong:%}"}
    scenario["protocol"]["max_download_failures"] = board.max_failures
    supplies = []
    for number, entry in enumerate(scenario["fleet"]["groups"]):
        entry.pop("battery")
        supply = Supply(
            mains=dice.random() < 0.2,
            chemistry=dice.choice(["li-ion", "li-ion", "li-socl2"]),
            capacity_mAh=dice.choice([4, 8, 20, 60, 200, 1000, 10_000, 10_000, 10_000]),
            level=dice.choice([0.25, 0.5, 0.75, 1.0]),
            resistance=dice.choice([0.0, 0.0, 0.5, 1.0]),
            celsius=dice.choice([20, 20, 0, -20]),
            cuts=cuts_of(number, per_month, plan.horizon),
            faults=faults_of(number, p_cut, p_wrong),
        )
        supplies.append(supply)
        cell = {"chemistry": supply.chemistry, "capacity": f"{supply.capacity_mAh}mAh", "self_discharge": "0%"}
        entry["battery"] = cell | {"resistance": f"{supply.resistance}ohm", "level": f"{supply.level:%}"}
        entry |= {"mains": "100%" if supply.mains else "0%", "temperature": f"{supply.celsius}C"}
    scenario["modules"]["board"] |= {
        "supply": f"{board.supply_V}V",
        "i_sleep": f"{board.i_sleep}mA",
        "i_idle": f"{board.i_idle}mA",
        "i_receive": f"{board.i_receive}mA",
        "i_gap": f"{board.i_gap}mA",
        "i_flash": f"{board.i_flash}mA",
        "i_transmit_0dBm": f"{board.i_transmit}mA",
        "i_transmit_23dBm": f"{board.i_transmit}mA",
        "transmit_duty": f"{board.duty:%}",
        "v_min": f"{board.v_min}V",
        "boot": board.boot,
        "boot_attempts": board.boot_attempts,
        "brick_on_power_loss": "100%" if board.bricks else "0%",
        "free_flash": f"{board.free_B}B",
        "power_cuts_battery": per_month,
        "power_cuts_mains": per_month,
    }
    return plan, board, kinds, supplies, scenario
