"""Devices in a world in which everything takes whole minutes, so that much happens in the same millisecond."""

from __future__ import annotations

from paper_life import FAR, MINUTE, Kind, Plan, Takes
from test_engine_device_on_paper import EFFECTS, SIGNALS, as_read, drawn_by, scenario_of

FILE_B = 1800
"""A minute over the air, over the serial line, and to write; the module's own file is two of them."""
A_B_TAKES = MINUTE / FILE_B


def _minutes(dice, *choices):
    return dice.choice(choices) * MINUTE


def takes_of(dice):
    return Takes(
        connect=_minutes(dice, 1, 2),
        resume=_minutes(dice, 1),
        trip=MINUTE,
        command=MINUTE,
        to_start=_minutes(dice, 1, 2),
        reboot=_minutes(dice, 1, 3),
        flash_delay=MINUTE,
        url_timer=_minutes(dice, 2, 3, 4, 5),
        read_timer=_minutes(dice, 1, 2, 3, 4),
        mcu_timer=_minutes(dice, 1, 2, 3, 5, 20),
        progress=MINUTE,
        dies_after=_minutes(dice, 1, 10, 60),
        download=2 * MINUTE,
        write=_minutes(dice, 2, 3),
        block_B=FILE_B,
        a_B_over_air=A_B_TAKES,
        a_B_over_line=A_B_TAKES,
        a_B_written=A_B_TAKES,
    )


TIMES = {
    "online": (1, 2, 5, 10, 60),
    "ack": (2, 3, 4, 5, 6, 10),
    "download": (3, 4, 5, 6),
    "report": (2, 3, 5, 6, 8),
    "in_progress": (5, 8, 10, 12, 15, 30),
}


def plan_of(dice):
    pick = dice.choice
    parts = pick([["app"], ["app"], ["mcu"], ["app", "mcu"], ["mcu", "app"]])
    return Plan(
        horizon=_minutes(dice, 180, 300, 720),
        ends=pick([None] * 4 + [_minutes(dice, *range(5, 120))]),
        starts=_minutes(dice, 0, 0, 0, 0, 3, 4, 10, 60),
        push=dice.random() < 0.8,
        grid=_minutes(dice, 0, 1, 1, 5, 10),
        period=pick([None, None, None, (0, 60), (60, 120), (23 * 60, 60)]),
        hold=_minutes(dice, 10, 15, 60),
        min_battery=pick([0, 30, 30, 50]),
        min_signal=pick([-113, -113, -95, -75]),
        confirms=pick([None] * 6 + [5 * MINUTE, 60 * MINUTE, FAR]),
        final=dice.random() < 0.1,
        by_platform=dice.random() < 0.2,
        retries=pick([0, 0, 1, 2, 5]),
        delay=_minutes(dice, 0, 0, 1, 2, 5, 10),
        factor=pick([1, 2]),
        maintenance=pick([None] * 4 + [(0, 30), (10, 25), (60, 90)]),
        late_counts=dice.random() < 0.5,
        parts=parts,
        delta=dice.random() < 0.3,
        mcu_B=FILE_B * pick([1, 1, 2, 4]),
        has_mcu="mcu" in parts or dice.random() < 0.2,
        timeouts={stage: _minutes(dice, *times) for stage, times in TIMES.items() if dice.random() < 0.3},
        from_progress=dice.random() < 0.4,
        of_attempt=dice.random() < 0.5,
        takes=takes_of(dice),
    )


def kind_of(dice):
    pick = dice.choice
    return Kind(
        pattern=pick(["always", "wake", "wake", "daily"]),
        hours=pick([(0, dice.randint(3, 60)), (10, 10 + dice.randint(1, 60)), (60, 60 + dice.randint(1, 60))]),
        every=_minutes(dice, 5, 7, 10, 20, 60),
        linger=_minutes(dice, 1, 1, 2, 3, 5, 10),
        asks=dice.random() < 0.4,
        asks_every=pick([None, MINUTE, 5 * MINUTE, 10 * MINUTE]),
        joins=_minutes(dice, 0, 0, 0, 0, 1, 5, 60),
        think=_minutes(dice, 1, 1, 2, 3, 5, 10),
        patience=_minutes(dice, 1, 2, 3, 5, 8, 30),
        battery=pick([29, 30, 31, 49, 50, 80, 100]),
        signal=pick(list(SIGNALS)),
        checks_battery=dice.random() < 0.7,
        checks_signal=dice.random() < 0.7,
        ignores=dice.random() < 0.05,
        effect=pick(["", "", "", *EFFECTS]),
        bad_mcu=dice.random() < 0.3,
        gone=dice.random() < 0.02,
        listed=dice.random() < 0.97,
    )


def coarse(scenario, takes):
    """The scenario, with things taking as long as they do here."""

    def ms(time):
        return f"{time}ms"

    rate = f"{8 * FILE_B // 60}bit/s"
    scenario["radios"]["line"] |= {
        "table": [["-110dBm", rate], ["-50dBm", rate]],
        "overhead": 0,
        "chunk": "16kB",
        "connect": ms(takes.connect),
        "resume": ms(takes.resume),
        "rtt": [ms(takes.trip)] * 3,
        "rtt_max": "1h",
    }
    scenario["modules"]["board"] |= {
        "reboot": ms(takes.reboot),
        "brick_on_power_loss": "0%",
        "url_to_start": ms(takes.to_start),
        "apply_fixed": ms(takes.write - MINUTE),
        "apply_rate": f"{2 * FILE_B // 60}B/s",
    }
    scenario["protocol"] = {
        "url_timeout": ms(takes.url_timer),
        "progress_interval": ms(takes.progress),
        "first_progress_timeout": "1h",
        "read_timeout": ms(takes.read_timer),
        "flash_delay": ms(takes.flash_delay),
        "mcu_update_timeout": ms(takes.mcu_timer),
    }
    for host in scenario["hosts"].values():
        host |= {
            "command_time": ms(takes.command),
            "serial_rate": 10 * FILE_B // 60,
            "read_block": f"{FILE_B}B",
            "mcu_flash_rate": f"{FILE_B // 60}B/s",
        }
    scenario["packages"][0]["files"] = [{"name": "a.bin", "size": f"{2 * FILE_B}B"}]
    for defect in scenario["packages"][0]["defects"]:
        if "after" in defect:
            defect["after"] = ms(takes.dies_after)
    return scenario


def drawn(seed):
    """A plan and eight devices as they are worked out, and the scenario."""
    plan, kinds = drawn_by(seed, plan_of, kind_of)
    scenario = coarse(scenario_of(plan, kinds), plan.takes)
    return plan, as_read(kinds), scenario
