"""The numbers by which rules, engines and results find things: each in its place, none twice, none moved."""

from itertools import accumulate

import pytest

from fota_sim.rules import codes, labels, rollout_rows, rows, streams

RADIO = {
    "LAW": 1,
    "EFFICIENCY": 1,
    "MARGIN_DB": 1,
    "BANDWIDTH_HZ": 1,
    "NOISE_FIGURE_DB": 1,
    "INTERFERENCE_DB": 1,
    "ALPHA": 1,
    "SHARE": 1,
    "SNR_MIN_DB": 1,
    "RATE_CAP_BPS": 1,
    "TRANSPORT_BLOCK_BITS": 1,
    "GAP_S": 3,
    "BLOCK_MODE": 1,
    "CHUNK_B": 1,
    "OVERHEAD": 1,
    "ROUND_TRIP_S": 3,
    "COVERAGE_EDGE_DBM": 2,
    "S50_DBM": 1,
    "WIDTH_DB": 1,
    "P_FLOOR": 1,
    "RECOVERY_S": 1,
    "CHUNK_ATTEMPTS": 1,
    "RESUME_S": 1,
    "CORRELATION_S": 1,
    "READING_SD_DB": 1,
    "MAX_SEGMENTS": 1,
    "CELL_LIMIT": 3,
    "TABLE_POINTS": 1,
    "TABLE_DBM": 16,
    "TABLE_BPS": 16,
    "CONNECT_DELAY": 5,
    "SEGMENT_S": 1,
    "NOISE_DBM": 1,
    "RSRP_OFFSET_DB": 1,
    "TABLE_LOG_BPS": 16,
    "ROUND_TRIP_SIGMA": 3,
    "ROUND_TRIP_MOST_S": 1,
}
MODULE = {
    "SUPPLY_V": 1,
    "I_RECEIVE_MA": 1,
    "I_GAP_MA": 1,
    "I_TRANSMIT_0_MA": 1,
    "I_TRANSMIT_23_MA": 1,
    "TRANSMIT_DUTY": 1,
    "I_IDLE_MA": 1,
    "I_SLEEP_MA": 1,
    "V_MIN": 1,
    "FLASH_WRITE_BPS": 1,
    "FREE_FLASH_B": 1,
    "BOOT_SCHEME": 1,
    "APPLY_FIXED_S": 1,
    "APPLY_BPS": 1,
    "DELTA_EXPANSION": 1,
    "BOOT_ATTEMPTS": 1,
    "P_BRICK": 1,
    "P_VERIFY": 1,
    "P_STORAGE": 1,
    "POWER_CUTS_MAINS": 1,
    "POWER_CUTS_BATTERY": 1,
    "REBOOT_DELAY": 5,
    "URL_DELAY": 5,
    "I_FLASH_MA": 1,
    "P_TRUNCATED": 1,
    "I_EDRX_MA": 1,
}
DELAY = dict.fromkeys(["DELAY_KIND", "DELAY_A", "DELAY_B", "DELAY_MIN_S", "DELAY_MAX_S"], 1)

STATE = dict.fromkeys(
    [
        "OPENED",
        "RELEASED",
        "SEGMENT_MS",
        "IN_SEGMENT",
        "PACED",
        "PACKS",
        "STEP",
        "STEP_ON_SUCCESS",
        "STEPS",
        "PACK",
        "LAST_PACK",
        "STEP_FROM",
    ],
    1,
)
PACE = dict.fromkeys(["PER_INTERVAL", "INTERVAL_MS", "FACTOR", "CAP", "CREDIT"], 1)
WAVE = dict.fromkeys(
    [
        "FIRST",
        "END",
        "OPENED_MS",
        "HELD_MS",
        "AT_MS",
        "AFTER_MS",
        "DEADLINE_MS",
        "HOLD_MS",
        "ON_DEADLINE",
        "BY_OPERATOR",
        "OPERATED",
        "LAPSED",
        "ALL_FINISHED_OPENS",
        "SHARE_OF",
        "NEEDS_FINISHED",
    ],
    1,
)
SHARES = dict.fromkeys(["SUCCESS", "SUCCESS_OF", "QUORUM", "QUORUM_OF"], 1)
COUNTS = {
    **dict.fromkeys(["GROUP", "TARGETED", "STARTED", "SUCCEEDED", "FAILED", "OVER_OTHERWISE"], 1),
    "DEVICES": len(rollout_rows.FAILURES),
    "ATTEMPTS": len(rollout_rows.FAILURES),
    "UNTRIED": 1,
    "EARLY": 1,
}
STOP = dict.fromkeys(
    [
        "KINDS",
        "OF_ATTEMPTS",
        "COUNT",
        "STOP_SHARE_OF",
        "STRICT",
        "MINIMUM",
        "OF_WAVE",
        "RUNNING",
        "CANCELS",
        "SEQUENTIAL",
        "DONE",
        "LIMIT",
        "LIMIT_OF",
    ],
    1,
)
LIMITS = dict.fromkeys(["PER_FAILURE", "PER_SUCCESS", "REJECTS", "ACCEPTS"], 1)
RETRY = {f"RETRY_{name}": 1 for name in ("KINDS", "COUNT", "DELAY_S", "FACTOR", "LONGEST_S", "JITTER", "SPREAD")}

ROWS = [
    (rows, "RADIO_ROW", RADIO),
    (rows, "MODULE_ROW", MODULE),
    (rows, "DELAY_ROW", DELAY),
    (rollout_rows, "STATE", STATE),
    (rollout_rows, "PACE", PACE),
    (rollout_rows, "WAVE", WAVE),
    (rollout_rows, "SHARES", SHARES),
    (rollout_rows, "COUNTS", COUNTS),
    (rollout_rows, "STOP", STOP),
    (rollout_rows, "LIMITS", LIMITS),
    (rollout_rows, "RETRY", RETRY),
]


@pytest.mark.parametrize(("where", "length", "row"), ROWS, ids=[length for _, length, _ in ROWS])
def test_a_row_has_its_values_one_after_another_without_gap_or_overlap(where, length, row):
    begins = [0, *accumulate(row.values())]
    assert {name: getattr(where, name) for name in row} == dict(zip(row, begins, strict=False))
    assert getattr(where, length) == begins[-1]


@pytest.mark.parametrize(
    ("where", "names"),
    [
        (rows, ("LAW_MCS", "LAW_SHANNON", "LAW_NB_IOT", "LAW_TABLE")),
        (rows, ("DELAY_CONSTANT", "DELAY_UNIFORM", "DELAY_NORMAL", "DELAY_LOGNORMAL")),
        (rollout_rows, ("DOWNLOAD", "SHED", "UPGRADE", "TIMEOUT", "REFUSED")),
        (rollout_rows, ("OF_GROUP", "OF_TARGETED", "OF_STARTED", "OF_FINISHED")),
        (rollout_rows, ("NO_JITTER", "UNIFORM", "EXPONENTIAL", "HASHED")),
        (rollout_rows, ("WAIT", "OPEN", "PAUSE", "CANCEL")),
        (rollout_rows, ("NO_STAGE", "ONLINE", "ACK", "FETCHING", "REPORT")),
    ],
)
def test_kinds_are_counted_from_0(where, names):
    assert [getattr(where, name) for name in names] == list(range(len(names)))


def test_a_number_of_a_rollout_stands_for_the_word_at_its_place():
    assert rollout_rows.FAILURES[rollout_rows.SHED] == "shed"
    assert rollout_rows.FAILURES[rollout_rows.REFUSED] == "refused"
    assert rollout_rows.DENOMINATORS[rollout_rows.OF_STARTED] == "started"
    assert rollout_rows.JITTERS[rollout_rows.HASHED] == "hashed"
    assert rollout_rows.VERDICTS[rollout_rows.PAUSE] == "pause"
    assert rollout_rows.STAGES[rollout_rows.FETCHING] == "download"


def test_every_number_has_a_name_in_these_tables():
    """So that what is appended is appended here as well."""
    named = {
        rows: {*RADIO, *MODULE, *DELAY, "RADIO_ROW", "MODULE_ROW", "DELAY_ROW"},
        rollout_rows: {name for where, length, row in ROWS if where is rollout_rows for name in (length, *row)},
    }
    for where, names in named.items():
        kinds = {"LAW_", "DELAY_"} if where is rows else {"NO_"}
        numbers = {name for name, value in vars(where).items() if isinstance(value, int)}
        rest = {name for name in numbers - names if not any(name.startswith(kind) for kind in kinds)}
        assert rest <= {
            *("DOWNLOAD", "SHED", "UPGRADE", "TIMEOUT", "REFUSED", "UNIFORM", "EXPONENTIAL", "HASHED"),
            *("OF_GROUP", "OF_TARGETED", "OF_STARTED", "OF_FINISHED"),
            *("WAIT", "OPEN", "PAUSE", "CANCEL", "ONLINE", "ACK", "FETCHING", "REPORT"),
        }


STREAMS = {
    # drawn once for a device, when its fleet is made
    "FLEET_RSSI": 1,
    "FLEET_RSSI_MIX": 2,
    "FLEET_BATTERY": 3,
    "FLEET_BATTERY_MIX": 4,
    "FLEET_CAPACITY": 5,
    "FLEET_TEMPERATURE": 6,
    "FLEET_MAINS": 7,
    "FLEET_HARDWARE": 8,
    "FLEET_FIRMWARE": 9,
    "FLEET_MCU": 10,
    "FLEET_CELL": 11,
    "FLEET_ZONE": 12,
    "FLEET_GONE": 13,
    "FLEET_CHURN": 14,
    "FLEET_UNKNOWN_RSSI": 15,
    "FLEET_UNKNOWN_BATTERY": 16,
    "FLEET_ATTRIBUTE": 17,
    # drawn while it lives
    "CONTACT_FIRST": 32,
    "CONTACT_JITTER": 33,
    "CONNECT": 34,
    "SHADOWING": 35,
    "READING": 36,
    "CONFIRM": 37,
    "IGNORE": 38,
    "USER_CONFIRM": 39,
    "URL_TO_START": 40,
    "SEGMENT": 41,
    "SEGMENT_DELAY": 42,
    "STORAGE": 43,
    "VERIFY": 44,
    "POWER_CUT": 45,
    "POWER_CUT_TIME": 46,
    "BRICK": 47,
    "REBOOT": 48,
    "DEFECT": 49,
    "DEFECT_TIME": 50,
    "MCU_FLASH": 51,
    "USER_WILLING": 52,
    "JOINS": 53,
    "RELEASE_ORDER": 54,
    "RETRY_JITTER": 55,
    "TRUNCATED": 56,
    "FAULTY": 57,
    "URC_FAULT": 58,
    "DOWNLOAD_FAULT": 59,
    "BLOCK_FAULT": 60,
    "EDRX_PHASE": 61,
    "ROUND_TRIP": 62,
    # drawn once for a replication
    "LEARNT": 96,
}


def test_a_stream_keeps_its_number_so_that_a_seed_keeps_its_luck():
    assert {name: value for name, value in vars(streams).items() if isinstance(value, int)} == STREAMS
    assert len(set(STREAMS.values())) == len(STREAMS)


OUTCOMES = ["IN_PROGRESS", "UPGRADED", "FAILED", "REFUSED", "NOT_OFFERED", "UNREACHABLE"]
OUTCOMES += ["CANCELLED", "BRICKED", "ROLLED_BACK", "ALREADY_ON_TARGET"]


def test_each_code_is_the_place_of_a_label_of_its_own():
    assert [labels.OUTCOMES[getattr(codes, name)] for name in OUTCOMES] == [name.lower() for name in OUTCOMES]
    causes = [value for name, value in vars(codes).items() if isinstance(value, int) and name not in OUTCOMES]
    assert sorted(causes) == list(range(len(labels.CAUSES)))


# fmt: off
CAUSES = (
    "", "low battery", "weak signal", "reading unknown", "host ignores offers", "blacklisted", "not on whitelist",
    "version is not the source", "plan suspended", "plan over", "outside push period", "user has not confirmed",
    "battery below plan minimum", "signal below plan minimum", "telemetry missing", "host never asks",
    "download broke off", "no URL in time", "connection refused", "reboot during download", "no space",
    "verification failed", "power lost while flashing", "new firmware does not boot", "wrong version reported",
    "MCU read timeout", "MCU update timeout", "MCU update failed", "battery empty", "gone for good",
    "never in contact", "lost during the rollout", "waiting", "downloading", "updating", "operator",
    "died after the update", "never came back", "component not reported", "unusable firmware information",
    "in no wave", "wave not open", "rate limit", "no free slot", "penalty box", "outside maintenance window",
    "joined too late", "telemetry too old", "not seen in time", "no answer in time", "download took too long",
    "no result in time", "download address expired", "abort rule", "battery brown-out during download",
    "battery brown-out while flashing", "asleep at every push", "time ran out", "host has not answered",
    "another product", "file garbled", "wrong checksum", "download cut off", "wave deadline",
)
# fmt: on


def test_a_cause_keeps_its_number_so_that_stored_results_and_compiled_code_mean_the_same():
    assert labels.CAUSES[: len(CAUSES)] == CAUSES


def test_no_cause_is_no_word():
    assert labels.CAUSES[codes.NO_CAUSE] == ""
    assert codes.NO_CAUSE == 0


@pytest.mark.parametrize("words", [labels.OUTCOMES, labels.CAUSES, labels.CHEMISTRIES, labels.BELIEFS])
def test_no_label_is_there_twice(words):
    assert len(set(words)) == len(words)
