"""Where the numbers of a rollout stand in its arrays (rules/rollout.py). Append only. No numba here.

A rollout's state is a handful of arrays that both engines hold and hand to the rules: ``state`` (int64) and ``pace``
(float64) of the whole, a row of ``waves`` and ``shares`` (int64) for each wave, a row of ``counts`` (int64) for each
wave and one more for the plan, a row of ``stops`` (int64) and ``limits`` (float64) for each abort rule. Shares are
fractions of whole numbers (rules/share.py).
"""

from __future__ import annotations

# --- state ---------------------------------------------------------------------------------------------------------
OPENED = 0  # waves opened so far
RELEASED = 1  # devices released so far: how far in the order of release
SEGMENT_MS = 2  # even: since when the present rate holds; packs: when the first interval began
IN_SEGMENT = 3  # devices released since then
PACED = 4  # 1: there is a rate
PACKS = 5  # 1: all of an interval at its beginning
STEP = 6  # devices to a step; 0: none
STEP_ON_SUCCESS = 7  # 1: a step is made by devices that succeeded
STEPS = 8  # steps made
PACK = 9  # packs: intervals that had begun when the present rate came
LAST_PACK = 10  # packs: in which interval the last device was released, from 0; -1: none was
STEP_FROM = 11  # devices from which steps are counted
STATE = 12

# --- pace ----------------------------------------------------------------------------------------------------------
PER_INTERVAL = 0  # devices in an interval, now
INTERVAL_MS = 1
FACTOR = 2
CAP = 3  # most devices in an interval
CREDIT = 4  # even: the part of a distance that had passed at SEGMENT_MS; packs: devices that PACK intervals allow
PACE = 5

# --- a wave --------------------------------------------------------------------------------------------------------
FIRST = 0  # its place in the order of release
END = 1
OPENED_MS = 2  # -1: not yet
HELD_MS = 3  # since when its condition on the wave before holds; -1: it does not
AT_MS = 4  # -1: none, as in the next two
AFTER_MS = 5
DEADLINE_MS = 6
HOLD_MS = 7
ON_DEADLINE = 8  # OPEN, PAUSE or CANCEL
BY_OPERATOR = 9
OPERATED = 10  # the operator opens it
LAPSED = 11  # its deadline has been acted on
ALL_FINISHED_OPENS = 12
SHARE_OF = 13
NEEDS_FINISHED = 14  # nothing else is said, so the wave before has to be over
WAVE = 15

# --- its shares: numerators and denominators -----------------------------------------------------------------------
SUCCESS = 0  # -1: no condition
SUCCESS_OF = 1
QUORUM = 2
QUORUM_OF = 3
SHARES = 4

# --- counts: of a wave, or of the plan -----------------------------------------------------------------------------
GROUP = 0
TARGETED = 1
STARTED = 2
SUCCEEDED = 3
FAILED = 4
OVER_OTHERWISE = 5  # cancelled, or refused for good
DEVICES = 6  # five: devices that failed for good, by kind of failure
ATTEMPTS = 11  # five: failed attempts, by kind of failure
UNTRIED = 16  # devices among those that succeeded that never started: the target ran there already
EARLY = 17  # devices among those that succeeded that were not released: the target ran there before their turn
COUNTS = 18

# --- an abort rule -------------------------------------------------------------------------------------------------
KINDS = 0  # bits of the kinds of failure
OF_ATTEMPTS = 1
COUNT = 2  # -1: none
STOP_SHARE_OF = 3
STRICT = 4  # 1: more than; 0: as many as
MINIMUM = 5
OF_WAVE = 6
RUNNING = 7
CANCELS = 8
SEQUENTIAL = 9
DONE = 10  # 1: has fired, or its test was passed
LIMIT = 11  # a share's numerator and denominator; -1: none
LIMIT_OF = 12
STOP = 13

# --- limits of a sequential test -----------------------------------------------------------------------------------
PER_FAILURE = 0  # what a failure and a success add to the logarithm of the likelihood ratio
PER_SUCCESS = 1
REJECTS = 2  # at this it is too high, and at the next it is fine
ACCEPTS = 3
LIMITS = 4

# --- a retry rule (float64) ----------------------------------------------------------------------------------------
RETRY_KINDS = 0
RETRY_COUNT = 1  # -1: without end
RETRY_DELAY_S = 2
RETRY_FACTOR = 3
RETRY_LONGEST_S = 4
RETRY_JITTER = 5  # position in JITTERS
RETRY_SPREAD = 6
RETRY = 7

FAILURES = ("download", "shed", "upgrade", "timeout", "refused")
"""Kinds of failure that the platform can tell apart; the position is the number."""
DOWNLOAD, SHED, UPGRADE, TIMEOUT, REFUSED = range(5)
DENOMINATORS = ("group", "targeted", "started", "finished")
OF_GROUP, OF_TARGETED, OF_STARTED, OF_FINISHED = range(4)
JITTERS = ("none", "uniform", "exponential", "hashed")
NO_JITTER, UNIFORM, EXPONENTIAL, HASHED = range(4)
VERDICTS = ("wait", "open", "pause", "cancel")
WAIT, OPEN, PAUSE, CANCEL = range(4)
"""What becomes of the next wave."""
STAGES = ("", "online", "ack", "download", "report")
NO_STAGE, ONLINE, ACK, FETCHING, REPORT = range(5)
"""What the platform waits for."""
