"""Names of the small integers that rules return. No numba here, so that anything may import it.

The position in each tuple *is* the integer: append only, never reorder, because stored results use the names
and compiled code uses the positions.
"""

from __future__ import annotations

from fota_sim.rules.codes import CAUSES_TOLD, OUTCOMES_TOLD

OUTCOMES = tuple(each.label for each in OUTCOMES_TOLD)
"""How a device's story ends, exactly one each (docs/model.md, Outcomes)."""

CAUSES = tuple(each.label for each in CAUSES_TOLD)
"""Why a device ended as it did; one vocabulary for every outcome."""

CHEMISTRIES = ("li-ion", "li-po", "li-socl2")
"""Battery chemistries, in the order of the open-circuit-voltage tables of rules/battery.py."""

BOOT_SCHEMES = ("in-place", "staged", "backup", "ab")
"""How new firmware reaches the place it runs from."""

DEFECT_EFFECTS = ("verify_failure", "boot_failure", "wrong_version", "never_reconnects", "dies_later")
"""What a defect of the new firmware does to the device that runs it."""

BELIEFS = ("Not Upgraded", "Upgrading", "Upgraded", "Upgrade Failed", "No Update Required")
"""The platform's device status in the vendor's words; order of rules/outcome.py."""
