"""States of an upgrade and of the connection, as the integers that the wire uses."""

from __future__ import annotations

from enum import IntEnum

from fota_sim.rules import ota


class OtaState(IntEnum):
    """Where a module's upgrade stands; the value is the status it reports upstream (SDK 2.9.0)."""

    NO_PLAN = ota.NO_PLAN
    """Nothing is going on. Never reported."""
    PLAN_RECEIVED = ota.PLAN_RECEIVED
    """A plan was offered and waits for the host, for ever."""
    SUBMITTED = ota.SUBMITTED
    """The host confirmed; the download address is awaited."""
    REFUSED = ota.REFUSED
    """The host refused. Passed through on the way to NO_PLAN."""
    DOWNLOAD_START = ota.DOWNLOAD_START
    DOWNLOADING = ota.DOWNLOADING
    DOWNLOAD_ERROR = ota.DOWNLOAD_ERROR
    """One download broke off. Passed through on the way to NO_PLAN; the platform sends the address again."""
    DOWNLOAD_SUCCESS = ota.DOWNLOAD_SUCCESS
    """Module firmware: the file is complete. MCU: the current piece can be read."""
    UPDATING = ota.UPDATING
    UPDATE_SUCCESS = ota.UPDATE_SUCCESS
    """Passed through on the way to NO_PLAN."""
    UPDATE_ERROR = ota.UPDATE_ERROR
    """Passed through on the way to NO_PLAN."""


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
