"""Cases of findings about timers of PSM and eDRX: what they are of and what not, place and words."""

from lint_world import PSM, asleep, group, quiet, rollout, world

CASES = {
    "of_another_radio": (
        asleep(edrx="61.44s"),
        asleep("BG95", edrx="61.44s"),
        "fleet.groups[0].contact.sleep.edrx",
        "there is no eDRX cycle of 61.44s over NB-IoT; the nearest: 40.96s or 81.92s",
    ),
    "of_another_radio, a window": (
        asleep(edrx="81.92s", paging_window="6.4s"),
        asleep("BG95", edrx="81.92s", paging_window="6.4s"),
        "fleet.groups[0].contact.sleep.paging_window",
        "there is no paging time window of 6.4s over NB-IoT; the nearest: 5.12s or 7.68s",
    ),
    "of_another_radio, Wi-Fi": (
        asleep("FC41D", edrx="81.92s"),
        asleep("EC200U", edrx="81.92s"),
        "fleet.groups[0].contact.sleep",
        "a Wi-Fi module has neither PSM nor eDRX",
    ),
    "never_paged": (
        asleep(**PSM, edrx="81.92s"),
        asleep(**PSM | {"t3324": "2min"}, edrx="81.92s"),
        "fleet.groups[0].contact.sleep.edrx",
        "between paging windows lie 1.19 min, and the module listens for 20 s",
    ),
    "asleep_before_the_answer": (
        asleep(**PSM | {"t3324": "0s", "inactivity": "0s"}),
        asleep(**PSM | {"t3324": "2s", "inactivity": "0s"}),
        "fleet.groups[0].contact.sleep",
        "no plan and no address reaches them. Make inactivity or t3324 longer",
    ),
    "asleep_before_the_answer, of a slow radio": (
        group(world(), contact={"pattern": "wake", "linger": "1s"}, radio="slow")
        | {"radios": {"slow": {"extends": "lte-cat1", "rtt": ["2s", "2s", "2s"]}}},
        group(world(), contact={"pattern": "wake", "linger": "2s"}, radio="slow")
        | {"radios": {"slow": {"extends": "lte-cat1", "rtt": ["2s", "2s", "2s"]}}},
        "fleet.groups[0].contact.linger",
        "these devices sleep 1 s after the last word, and what is sent to them takes 2 s",
    ),
    "given_up_asleep": (
        asleep(scenario=quiet(rollout(timeouts={"ack": "5min"})), edrx="655.36s"),
        asleep(scenario=quiet(rollout(timeouts={"ack": "5min"})), edrx="81.92s"),
        "plan.rollout.timeouts.ack",
        "g hear nothing for up to 10.8 min (eDRX), and 5 min without an answer is a failure",
    ),
    "not_kept_for_long": (
        asleep(**PSM, keeps_downlinks="1h"),
        asleep(**PSM, keeps_downlinks="12h"),
        "fleet.groups[0].contact.sleep.keeps_downlinks",
        "a push is kept for 1 h, and these devices sleep for up to 1 d",
    ),
}
