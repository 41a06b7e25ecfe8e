"""States of an upgrade and of the connection, as the integers that the wire uses."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class OtaState(IntEnum):
    """Where a module's upgrade stands; the value is the status it reports upstream (SDK 2.9.0)."""

    NO_PLAN = 0
    """Nothing is going on. Never reported."""
    PLAN_RECEIVED = 1
    """A plan was offered and waits for the host, for ever."""
    SUBMITTED = 2
    """The host confirmed; the download address is awaited."""
    REFUSED = 3
    """The host refused. Passed through on the way to NO_PLAN."""
    DOWNLOAD_START = 4
    DOWNLOADING = 5
    DOWNLOAD_ERROR = 6
    """One download broke off. Passed through on the way to NO_PLAN; the platform sends the address again."""
    DOWNLOAD_SUCCESS = 8
    """Module firmware: the file is complete. MCU: the current piece can be read."""
    UPDATING = 9
    UPDATE_SUCCESS = 11
    """Passed through on the way to NO_PLAN."""
    UPDATE_ERROR = 12
    """Passed through on the way to NO_PLAN."""


DOWNLOAD_STATES = frozenset({OtaState.DOWNLOAD_START, OtaState.DOWNLOADING})
"""Bytes are being fetched."""

RUNNING_STATES = frozenset(
    {
        OtaState.SUBMITTED,
        OtaState.DOWNLOAD_START,
        OtaState.DOWNLOADING,
        OtaState.DOWNLOAD_SUCCESS,
        OtaState.UPDATING,
    }
)
"""The host confirmed and the outcome is open."""


class ConnectionState(IntEnum):
    """What ``AT+QIOTSTATE?`` answers."""

    UNINITIALISED = 0
    INITIALISED = 1
    AUTHENTICATING = 2
    AUTHENTICATED = 3
    AUTHENTICATION_FAILED = 4
    REGISTERING = 5
    REGISTERED = 6
    REGISTRATION_FAILED = 7
    SUBSCRIBED = 8
    """The only state in which the platform can be reached."""
    SUBSCRIPTION_FAILED = 9
    DEREGISTERING = 10
    DEREGISTERED = 11
    DEREGISTRATION_FAILED = 12


class ComponentType(IntEnum):
    """What a component is, as the status message says it."""

    MODULE = 0
    """Firmware of the module itself (FOTA)."""
    MCU = 1
    """Software of the host or another processor behind the module (SOTA)."""


class Failure(StrEnum):
    """Why an upgrade or a download failed. For logs only: the wire says 7,10706 to all of them.

    The words are those of ``rules.labels.CAUSES`` where it has the same cause.
    """

    NONE = ""
    NO_URL = "no URL in time"
    BAD_INFO = "unusable firmware information"
    NO_SPACE = "no space"
    DOWNLOAD = "download broke off"
    REBOOT = "reboot during download"
    READ_TIMEOUT = "MCU read timeout"
    MCU_TIMEOUT = "MCU update timeout"
    MCU_VERSION = "MCU update failed"
    VERIFICATION = "verification failed"
    WRONG_VERSION = "wrong version reported"
