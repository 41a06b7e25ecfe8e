"""How a device's story ends and why: an entry for each outcome and each cause, and the integers that stand for them.

An entry is all that there is to say. Numbers for rules and engines, labels of results, groups of causes and the page of
results in the documentation follow from it. No numba here, so that anything may import it.

Append only, never reorder: the position *is* the integer, compiled code uses it, and stored results use the label.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

# Outcomes


class Outcome(NamedTuple):
    """One way for a device's story to end."""

    label: str
    meaning: str


OUTCOMES_TOLD: list[Outcome] = []
"""By number."""


def _outcome(label: str, meaning: str) -> int:
    """The number of the next outcome."""
    OUTCOMES_TOLD.append(Outcome(label, meaning))
    return len(OUTCOMES_TOLD) - 1


IN_PROGRESS = _outcome("in_progress", "the run ended before its story did")
UPGRADED = _outcome("upgraded", "runs the target version, whatever the platform believes")
FAILED = _outcome("failed", "the platform gave it up, or the plan was over, after an attempt that failed")
REFUSED = _outcome("refused", "the host refused the offer, or left it unanswered on purpose")
NOT_OFFERED = _outcome("not_offered", "the platform offered nothing")
UNREACHABLE = _outcome("unreachable", "never in contact, or lost on the way")
CANCELLED = _outcome("cancelled", "the operator, an abort rule or the deadline of a wave took it out of the plan")
BRICKED = _outcome("bricked", "does not run any more")
ROLLED_BACK = _outcome("rolled_back", "failed, and the boot scheme restored the old firmware")
ALREADY_ON_TARGET = _outcome("already_on_target", "ran the target version before the plan began")

# Causes

About = Literal[
    "",
    "battery",
    "signal",
    "power",
    "network",
    "host",
    "MCU",
    "image",
    "size",
    "list",
    "version",
    "plan",
    "telemetry",
    "stop",
    "rollout",
    "device",
]
"""What a cause is a matter of."""


class Cause(NamedTuple):
    """One reason for a story's end."""

    label: str
    about: About
    ends: tuple[int, ...]
    """Outcomes that it explains."""
    meaning: str
    found_by_module: bool = False
    """Whether the module's state machine finds this failure by itself; others are physics, noted where they happen."""


CAUSES_TOLD: list[Cause] = []
"""By number; one vocabulary for every outcome."""


def _cause(label: str, about: About, ends: tuple[int, ...], meaning: str, found_by_module: bool = False) -> int:
    """The number of the next cause."""
    CAUSES_TOLD.append(Cause(label, about, ends, meaning, found_by_module))
    return len(CAUSES_TOLD) - 1


_REFUSED, _WITHHELD, _FAILED, _LOST = (REFUSED,), (NOT_OFFERED,), (FAILED,), (UNREACHABLE,)
_FLASHED = (FAILED, ROLLED_BACK, BRICKED)

NO_CAUSE = _cause("", "", (UPGRADED, ALREADY_ON_TARGET), "there is nothing to explain")

LOW_BATTERY = _cause("low battery", "battery", _REFUSED, "below the minimum of the offer, as the host reads it")
WEAK_SIGNAL = _cause("weak signal", "signal", _REFUSED, "below the minimum of the offer, as the host reads it")
READING_UNKNOWN = _cause("reading unknown", "host", _REFUSED, "the host cannot read what the offer has a minimum for")
HOST_IGNORES = _cause("host ignores offers", "host", _REFUSED, "the host does not answer some offers")

BLACKLISTED = _cause("blacklisted", "list", _WITHHELD, "the blacklist names it")
NOT_WHITELISTED = _cause("not on whitelist", "list", _WITHHELD, "there is a whitelist, and it does not name it")
NOT_SOURCE_VERSION = _cause(
    "version is not the source", "version", (NOT_OFFERED, FAILED), "the package is for another version than it reports"
)
PLAN_SUSPENDED = _cause("plan suspended", "stop", _WITHHELD, "the plan was suspended when it could have been offered")
PLAN_OVER = _cause("plan over", "plan", (NOT_OFFERED, FAILED), "the plan ended first, or was terminated")
OUTSIDE_PUSH_PERIOD = _cause("outside push period", "plan", _WITHHELD, "not in contact in the hours of the push period")
USER_NOT_CONFIRMED = _cause(
    "user has not confirmed", "plan", _WITHHELD, "a manual plan, and its user has not confirmed"
)
PLATFORM_LOW_BATTERY = _cause(
    "battery below plan minimum", "battery", _WITHHELD, "the battery that the platform last heard of is too low"
)
PLATFORM_WEAK_SIGNAL = _cause(
    "signal below plan minimum", "signal", _WITHHELD, "the signal that the platform last heard of is too weak"
)
TELEMETRY_MISSING = _cause(
    "telemetry missing", "telemetry", _WITHHELD, "the platform never heard what it has a minimum for"
)
HOST_NEVER_ASKS = _cause(
    "host never asks",
    "host",
    _WITHHELD,
    "the plan is not pushed, and the host does not ask, or asked once before it might be offered",
)

DOWNLOAD_BROKE = _cause("download broke off", "signal", _FAILED, "the link or the connection broke")
NO_URL = _cause("no URL in time", "network", _FAILED, "confirmed, and no download address came", True)
CONNECTION_REFUSED = _cause("connection refused", "network", _FAILED, "the server or the cell had no room")
REBOOT_IN_DOWNLOAD = _cause("reboot during download", "power", _FAILED, "the power was cut while it downloaded")
NO_SPACE = _cause("no space", "size", _FAILED, "the file is larger than the free flash", True)
VERIFICATION_FAILED = _cause("verification failed", "image", _FAILED, "the image is bad, or was not stored well")
POWER_LOST = _cause(
    "power lost while flashing", "power", _FLASHED, "the power was cut while it wrote the image, or was about to"
)
DOES_NOT_BOOT = _cause(
    "new firmware does not boot", "image", (ROLLED_BACK, BRICKED), "a defect of the new firmware, or a short file"
)
WRONG_VERSION = _cause(
    "wrong version reported", "image", _FAILED, "after the update another version runs than the target"
)
MCU_READ_TIMEOUT = _cause("MCU read timeout", "MCU", _FAILED, "the host did not read the file in time", True)
MCU_UPDATE_TIMEOUT = _cause("MCU update timeout", "MCU", _FAILED, "the host named no version in time", True)
MCU_UPDATE_FAILED = _cause("MCU update failed", "MCU", _FAILED, "the host named another version than the target", True)
BATTERY_EMPTY = _cause("battery empty", "battery", (UNREACHABLE, FAILED, BRICKED), "it ran out of charge for good")

GONE_FOR_GOOD = _cause("gone for good", "device", _LOST, "off or out of reach for the whole run")
NEVER_IN_CONTACT = _cause("never in contact", "device", _LOST, "the platform heard nothing of it before the run ended")
LOST = _cause("lost during the rollout", "device", _LOST, "left the fleet for good (churn)")

WAITING = _cause("waiting", "plan", (IN_PROGRESS, NOT_OFFERED), "for an address, a retry, or the plan's beginning")
DOWNLOADING = _cause("downloading", "network", (IN_PROGRESS,), "the download was under way")
UPDATING = _cause("updating", "device", (IN_PROGRESS,), "the update was under way")

BY_OPERATOR = _cause("operator", "plan", (CANCELLED,), "the operator cancelled it")
DIED_LATER = _cause("died after the update", "image", (BRICKED,), "a defect of the new firmware showed hours later")
NEVER_CAME_BACK = _cause("never came back", "image", (BRICKED,), "the new firmware does not reconnect")
NOT_REPORTED = _cause("component not reported", "plan", _WITHHELD, "it never reported a version of the component")
UNUSABLE_INFO = _cause("unusable firmware information", "network", _FAILED, "an address that is not complete", True)

IN_NO_WAVE = _cause("in no wave", "rollout", _WITHHELD, "no wave of the rollout takes it")
WAVE_NOT_OPEN = _cause("wave not open", "rollout", _WITHHELD, "its wave was not opened in time")
RATE_LIMITED = _cause("rate limit", "rollout", _WITHHELD, "its turn did not come at this rate")
NO_SLOT = _cause("no free slot", "rollout", _WITHHELD, "all slots were taken")
IN_PENALTY_BOX = _cause("penalty box", "rollout", _WITHHELD, "it had failed too often, and was left alone for a while")
OUTSIDE_WINDOW = _cause("outside maintenance window", "rollout", _WITHHELD, "it was not in contact within the window")
JOINED_LATE = _cause("joined too late", "rollout", _WITHHELD, "put into service after the rollout took its devices")
TELEMETRY_OLD = _cause("telemetry too old", "telemetry", _WITHHELD, "what the platform last heard counts as not known")

NOT_SEEN = _cause("not seen in time", "rollout", _FAILED, "released, and not online within the time for it")
NO_ANSWER = _cause("no answer in time", "rollout", _FAILED, "offered, and no answer within the time for it")
DOWNLOAD_TOO_LONG = _cause("download took too long", "rollout", _FAILED, "not downloaded within the time for it")
NO_RESULT = _cause("no result in time", "rollout", _FAILED, "no result in the time for it, or for the whole upgrade")

ADDRESS_EXPIRED = _cause("download address expired", "network", _FAILED, "the address was used too late")
BY_ABORT = _cause("abort rule", "stop", (CANCELLED,), "an abort rule stopped the rollout")

BROWN_OUT_IN_DOWNLOAD = _cause(
    "battery brown-out during download", "battery", _FAILED, "the battery was too weak for the radio's current"
)
BROWN_OUT_IN_FLASHING = _cause(
    "battery brown-out while flashing", "battery", _FLASHED, "the battery was too weak for the current of writing"
)

ASLEEP = _cause("asleep at every push", "host", _WITHHELD, "it was not connected whenever an offer was pushed")
TIME_RAN_OUT = _cause("time ran out", "plan", _WITHHELD, "the run ended before its next push or question")

NOT_ANSWERED = _cause(
    "host has not answered", "host", (IN_PROGRESS,), "an offer reached the host, which had not answered"
)
OTHER_PRODUCT = _cause("another product", "list", _WITHHELD, "it is of a product that the plan is not for")

FILE_GARBLED = _cause("file garbled", "MCU", _FAILED, "a block was garbled on the way to the host, which found it out")
WRONG_CHECKSUM = _cause("wrong checksum", "image", _FAILED, "the file was not the one that its checksum is of")
DOWNLOAD_CUT = _cause("download cut off", "network", _FAILED, "the connection was cut in the middle, on purpose")
BY_DEADLINE = _cause("wave deadline", "stop", (CANCELLED,), "what a wave waits for was missing at its deadline")

LISTED = tuple(number for number, cause in enumerate(CAUSES_TOLD) if cause.about == "list")
"""Causes by which a device is none that the plan is for: a list, or its product, keeps it out."""

NOT_FOR_IT = (*LISTED, NOT_SOURCE_VERSION)
"""Causes by which there is nothing in the plan for a device, whatever it does."""

BY_ROLLOUT = (BY_ABORT, BY_DEADLINE)
"""Causes by which the rollout itself takes devices out."""

BY_THE_CLOCK = (NOT_SEEN, NO_ANSWER, DOWNLOAD_TOO_LONG, NO_RESULT)
"""Causes by which the platform gives a device up, whatever became of it."""

FOUND_BY_MODULE = tuple(number for number, cause in enumerate(CAUSES_TOLD) if cause.found_by_module)
"""Failures that the module's state machine finds by itself."""
