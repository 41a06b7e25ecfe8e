"""The platform's words: what a component and a log line are called; a device's are ``rules.labels.BELIEFS``."""

from __future__ import annotations

from enum import StrEnum

from fota_sim.protocol.states import OtaState


class ComponentStatus(StrEnum):
    """What the platform believes of one component of a device, in the words of 2025."""

    NOT_RECEIVED = "Plan Not Received"
    RECEIVED = "Plan Received"
    CONFIRMED = "Upgrade Confirmed"
    READY = "Ready to Download"
    DOWNLOADING = "Downloading"
    DOWNLOAD_FAILED = "Download Failed"
    DOWNLOADED = "Download Succeeded"
    UPGRADING = "Upgrading"
    FAILED = "Upgrade Failed"
    SUCCEEDED = "Upgrade Succeeded"
    NOT_REQUIRED = "No Update Required"
    EXPIRED = "Expired Upgrade Plan"

    @property
    def of_2022(self) -> str:
        """The word of the 2022 interface, which has fewer."""
        return _OF_2022[self]


_OF_2022 = {
    ComponentStatus.NOT_RECEIVED: "Start",
    ComponentStatus.RECEIVED: "Start",
    ComponentStatus.CONFIRMED: "Confirm",
    ComponentStatus.READY: "Download",
    ComponentStatus.DOWNLOADING: "Download",
    ComponentStatus.DOWNLOAD_FAILED: "Download",  # the platform tries again by itself
    ComponentStatus.DOWNLOADED: "Download",
    ComponentStatus.UPGRADING: "Upgrading",
    ComponentStatus.FAILED: "Fail",
    ComponentStatus.SUCCEEDED: "Success",
    ComponentStatus.NOT_REQUIRED: "Success",
    ComponentStatus.EXPIRED: "Fail",
}

_OF_STATE = {
    OtaState.NO_PLAN: ComponentStatus.NOT_RECEIVED,
    OtaState.PLAN_RECEIVED: ComponentStatus.RECEIVED,
    OtaState.SUBMITTED: ComponentStatus.CONFIRMED,
    OtaState.REFUSED: ComponentStatus.RECEIVED,  # the offer comes again after the hold
    OtaState.DOWNLOAD_START: ComponentStatus.READY,
    OtaState.DOWNLOADING: ComponentStatus.DOWNLOADING,
    OtaState.DOWNLOAD_ERROR: ComponentStatus.DOWNLOAD_FAILED,
    OtaState.DOWNLOAD_SUCCESS: ComponentStatus.DOWNLOADED,
    OtaState.UPDATING: ComponentStatus.UPGRADING,
    OtaState.UPDATE_SUCCESS: ComponentStatus.SUCCEEDED,
    OtaState.UPDATE_ERROR: ComponentStatus.FAILED,
}


def component_status(state: OtaState) -> ComponentStatus:
    """What the platform makes of a status report; the pairing is inferred from vendor logs."""
    return _OF_STATE[state]


_REPORTED = {
    OtaState.NO_PLAN: "no plan",
    OtaState.PLAN_RECEIVED: "plan available",
    OtaState.SUBMITTED: "upgrade confirmed",
    OtaState.REFUSED: "upgrade refused",
    OtaState.DOWNLOAD_START: "waiting to download",
    OtaState.DOWNLOADING: "downloading",
    OtaState.DOWNLOAD_ERROR: "download failed",
    OtaState.DOWNLOAD_SUCCESS: "download successful",
    OtaState.UPDATING: "upgrading",
    OtaState.UPDATE_SUCCESS: "upgraded",
    OtaState.UPDATE_ERROR: "upgrade failed",
}


def reported_words(state: OtaState) -> str:
    """A reported status as ``PlatformLog.STATUS`` words it."""
    return _REPORTED[state]


class PlatformLog(StrEnum):
    """Lines of a component's upgrade log; fill the braces with ``format``."""

    REQUESTED = "Device asked for a plan, module version {version}"
    INITIATED = "Platform offers the plan unasked"
    ISSUING_PLAN = "Issuing plan: component {component}, target version {version}"
    PLAN_ISSUED = "Plan issued"
    STATUS = "Device reported component {component}: {status}"
    CONFIRMED = "Device confirmed the upgrade"
    REFUSED = "Device refused the upgrade"
    ISSUING_URL = "Issuing download address: component {component}"
    URL_ISSUED = "Download address issued"
    RETRYING = "Upgrade failed; retry {attempt} of {retries}"
    VERSION = "Device reported version {version} of component {component}"
    CONSISTENT = "Reported version is the target version: component {component} upgraded"
    INCONSISTENT = "Reported version {version} is not the target version {target}"
    FAILED = "Upgrade of component {component} failed"
    CANCELLED = "Upgrade cancelled by {by}"
    EXPIRED = "Plan ended before the upgrade"
    TERMINATED = "Plan terminated before the upgrade"
    NOT_REQUIRED = "Component {component} runs the target version already"
    WITHHELD = "Plan not offered: {reason}"
    TIMED_OUT = "Platform waited too long: {reason}"
    BOXED = "Too many failures: left alone for a while"
    TAKEN_UP = "Operator has the upgrade tried again"


def retries_words(retries: int) -> str:
    """How many attempts a retry rule allows, as ``PlatformLog.RETRYING`` words it; -1: without end."""
    return "any number" if retries < 0 else str(retries)
