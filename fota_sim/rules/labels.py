"""Names of the small integers that rules return. No numba here, so that anything may import it.

The position in each tuple *is* the integer: append only, never reorder, because stored results use the names
and compiled code uses the positions.
"""

from __future__ import annotations

OUTCOMES = (
    "in_progress",
    "upgraded",
    "failed",
    "refused",
    "not_offered",
    "unreachable",
    "cancelled",
    "bricked",
    "rolled_back",
    "already_on_target",
)
"""How a device's story ends, exactly one each (docs/model.md, Outcomes)."""

CAUSES = (
    "",
    # refused by the host
    "low battery",
    "weak signal",
    "reading unknown",
    "host ignores offers",
    # not offered by the platform
    "blacklisted",
    "not on whitelist",
    "version is not the source",
    "plan suspended",
    "plan over",
    "outside push period",
    "user has not confirmed",
    "battery below plan minimum",
    "signal below plan minimum",
    "telemetry missing",
    "host never asks",
    # failed
    "download broke off",
    "no URL in time",
    "connection refused",
    "reboot during download",
    "no space",
    "verification failed",
    "power lost while flashing",
    "new firmware does not boot",
    "wrong version reported",
    "MCU read timeout",
    "MCU update timeout",
    "MCU update failed",
    "battery empty",
    # unreachable
    "gone for good",
    "never in contact",
    "lost during the rollout",
    # in progress
    "waiting",
    "downloading",
    "updating",
    # cancelled, bricked
    "operator",
    "died after the update",
    "never came back",
    "component not reported",
    # failed
    "unusable firmware information",
    # not offered by the rollout
    "in no wave",
    "wave not open",
    "rate limit",
    "no free slot",
    "penalty box",
    "outside maintenance window",
    "joined too late",
    "telemetry too old",
    # failed: the platform waited too long
    "not seen in time",
    "no answer in time",
    "download took too long",
    "no result in time",
    # failed, cancelled
    "download address expired",
    "abort rule",
    # failed, rolled back, bricked: the battery was too weak for what the module drew
    "battery brown-out during download",
    "battery brown-out while flashing",
    # not offered
    "asleep at every push",
    "time ran out",
    # in progress
    "host has not answered",
    # not offered
    "another product",
)
"""Why a device ended as it did; one vocabulary for every outcome."""

CHEMISTRIES = ("li-ion", "li-po", "li-socl2")
"""Battery chemistries, in the order of the open-circuit-voltage tables of rules/battery.py."""

BOOT_SCHEMES = ("in-place", "staged", "backup", "ab")
"""How new firmware reaches the place it runs from."""

DEFECT_EFFECTS = ("verify_failure", "boot_failure", "wrong_version", "never_reconnects", "dies_later")
"""What a defect of the new firmware does to the device that runs it."""

BELIEFS = ("Not Upgraded", "Upgrading", "Upgraded", "Upgrade Failed", "No Update Required")
"""The platform's device status in the vendor's words; order of rules/outcome.py."""
