"""Where a device's history stands at the end of a log, in words that fit every platform."""

from __future__ import annotations

from enum import StrEnum


class End(StrEnum):
    """One word a device; what a platform says is translated into these, and into nothing else."""

    NEVER_REACHED = "never_reached"
    WAITING = "waiting"
    REFUSED = "refused"
    UNDER_WAY = "under_way"
    DOWNLOADING = "downloading"
    FAILED_DOWNLOAD = "failed_download"
    INSTALLING = "installing"
    FAILED_INSTALL = "failed_install"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"
    BRICKED = "bricked"
    SUCCEEDED = "succeeded"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    NOT_APPLICABLE = "not_applicable"


MEANINGS = {
    End.NEVER_REACHED: "offered, and not heard of before the log was exported",
    End.WAITING: "in contact, and has not begun",
    End.REFUSED: "the device or its host said no",
    End.UNDER_WAY: "begun, and the log does not say whether it downloads or installs",
    End.DOWNLOADING: "the download was under way",
    End.FAILED_DOWNLOAD: "given up after a download that failed",
    End.INSTALLING: "downloaded, and had not reported a result",
    End.FAILED_INSTALL: "given up after an installation that failed",
    End.FAILED: "given up, and the log does not say at which stage",
    End.ROLLED_BACK: "the new firmware was installed, and the old one restored",
    End.BRICKED: "does not run any more",
    End.SUCCEEDED: "runs the target version",
    End.TIMED_OUT: "the platform gave it up by its clock; what the device did is not known",
    End.CANCELLED: "the operator took it out: censored, not failed",
    End.NOT_APPLICABLE: "nothing to do: on the target already, incompatible, or without a file for it",
}

FAILURES = (End.FAILED_DOWNLOAD, End.FAILED_INSTALL, End.FAILED, End.ROLLED_BACK, End.BRICKED)
"""A device that ended so has failed, for the log."""

OPEN = (End.NEVER_REACHED, End.WAITING, End.UNDER_WAY, End.DOWNLOADING, End.INSTALLING)
"""The story went on after the export: right-censored."""

CENSORED = (*OPEN, End.CANCELLED, End.TIMED_OUT)
"""What would have become of the device is not in the log."""

REACHED = tuple(each for each in End if each not in (End.NEVER_REACHED, End.CANCELLED, End.TIMED_OUT))
"""The device was heard of for certain. Of one that was cancelled or timed out only a time of contact says so."""
