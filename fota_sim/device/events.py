"""Numbers for what happens and what is said: kinds of events, URCs to the host, lines of the log."""

from __future__ import annotations

# Kinds of a device's events
(
    HOST_ACTS,
    GIVE_UP,
    CONNECT_BEGINS,
    CONNECT_ENDS,
    CONNECT_AGAIN,
    TIMER,
    FETCH_BEGINS,
    FETCH_TURN,
    FETCH_REFUSED,
    FETCH_TOO_SLOW,
    SEGMENT_ENDS,
    FETCH_GOES_ON,
    FLASH_BEGINS,
    FLASH_ENDS,
    RESTART_ENDS,
    PLAN_ARRIVES,
    ADDRESS_ARRIVES,
    ADDRESS_ACTS,
    RETRY,
    TICK,
    ARM,
    DIES,
    DIES_LATER,
    STAGE_OVER,
    TOTAL_OVER,
    SLOT_LOOK,
    FLASH_AGAIN,
    PAGES,
) = range(28)

NO_TIMER, URL_TIMER, READ_TIMER, FLASH_TIMER, MCU_TIMER = range(5)
"""The module's timers; one at most runs."""

# URCs in the host's inbox
(
    BOOTED,
    LOST,
    REGISTERED_URC,
    SUBSCRIBED,
    PLAN_OFFERED,
    STARTS,
    DOWNLOADED,
    PIECE,
    UPDATES,
    SUCCESS,
    FAILED,
    DECIDED,
    PAGED,
) = range(13)

# Lines of the log. Host:
SAY_MCU_VERSION = 0  # part, version
SAY_REGISTER = 1  # mode
SAY_REQUEST = 2  # 1: with SHA-256
SAY_CBC = 3
SAY_CSQ = 4
SAY_WIFI = 5
SAY_UPDATE = 6  # action
SAY_READ = 7  # start, bytes
# Module:
FIRST_OF_MODULE = 10
OK = 11
ERROR = 12
CBC = 13  # percent, millivolts
CSQ = 14  # index
WIFI = 15  # dBm, or UNKNOWN
DATA_FOLLOW = 16  # start, bytes
DATA = 17  # the same
DATA_END = 18
URC_LOST = 20
URC_REGISTERED = 21
URC_SUBSCRIBED = 22
URC_PLAN = 23  # component
URC_STARTS = 24
URC_STARTS_MCU = 25  # component, 1: with SHA-256
URC_DOWNLOADING = 26
URC_DOWNLOADED = 27
URC_PIECE = 28  # component, extent
URC_UPDATING = 29
URC_SUCCESS = 30
URC_FAILED = 31
URC_DECIDED = 32
QIND = 33
# Platform:
FIRST_OF_PLATFORM = 40
P_REQUESTED = 40  # version
P_WITHHELD = 41  # cause
P_INITIATED = 42
P_ISSUING_PLAN = 43  # component
P_PLAN_ISSUED = 44
P_STATUS = 45  # component, state
P_CONFIRMED = 46
P_REFUSED = 47
P_FAILED = 48  # component
P_RETRYING = 49  # attempt, of how many
P_ISSUING_URL = 50  # component
P_URL_ISSUED = 51
P_CONSISTENT = 52  # component
P_CANCELLED = 53  # cause
P_EXPIRED = 54
P_TERMINATED = 55
P_TIMED_OUT = 57  # cause
P_BOXED = 58
P_TAKEN_UP = 59
P_INCONSISTENT = 60  # component, version
# The plan's own log, of no device:
PLAN_UPGRADING = 70
PLAN_WAVE = 71  # wave, verdict
PLAN_JUDGED = 72  # rule, verdict << EXTENT_BITS | failures
PLAN_STOPPED = 73  # 1: cancelled
ECHO = 100
"""Added to a line of the host's: the module sends it back."""

EXTENT_BITS = 32
EXTENT = (1 << EXTENT_BITS) - 1
"""The length in an extent, start << EXTENT_BITS | length."""
