import math

import numpy as np
import pytest
from rules_world import MODULES, module

from fota_sim.rules import upgrade
from fota_sim.rules.draws import fill_uniform
from fota_sim.rules.labels import BOOT_SCHEMES, DEFECT_EFFECTS
from fota_sim.rules.rows import P_VERIFY

SCHEMES = range(len(BOOT_SCHEMES))
MONTH_MS = 30 * 86_400_000


def test_schemes_and_defects_stand_where_their_labels_stand():
    assert [BOOT_SCHEMES[i] for i in (upgrade.IN_PLACE, upgrade.STAGED, upgrade.BACKUP, upgrade.AB)] == [
        "in-place",
        "staged",
        "backup",
        "ab",
    ]
    assert DEFECT_EFFECTS[upgrade.DIES_LATER] == "dies_later"
    assert DEFECT_EFFECTS[upgrade.VERIFY_FAILURE] == "verify_failure"


def test_applying_takes_a_fixed_part_and_the_bytes_written():
    row = module("EC200U", APPLY_FIXED_S=60.0, APPLY_BPS=60_000.0, DELTA_EXPANSION=2.5)
    assert upgrade.apply_s(row, 600_000, False) == pytest.approx(70.0)
    assert upgrade.apply_s(row, 600_000, True) == pytest.approx(85.0)


def test_a_delta_of_41_MB_is_applied_within_the_10_to_20_minutes_of_the_notes_that_the_rate_comes_from():
    assert 600.0 <= upgrade.apply_s(module("EC200U"), 41_440_551, True) <= 1200.0


@pytest.mark.parametrize("name", MODULES)
def test_verification_fails_below_the_modules_probability(name):
    row = module(name)
    assert upgrade.verify_fails(row, row[P_VERIFY] * 0.999)
    assert not upgrade.verify_fails(row, row[P_VERIFY])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_only_the_other_slot_is_safe_from_a_brick_by_power_loss(scheme):
    row = module("EC200U", BOOT_SCHEME=scheme, P_BRICK=0.5)
    left = upgrade.after_power_loss(row, 0.25, 1)
    assert left == (upgrade.OLD_KEPT if scheme == upgrade.AB else upgrade.BRICKED)


def test_a_backup_is_restored_after_the_last_attempt_and_others_resume_for_ever():
    backup = module("EC200U", BOOT_SCHEME=upgrade.BACKUP, P_BRICK=0.0, BOOT_ATTEMPTS=5)
    assert [upgrade.after_power_loss(backup, 0.5, n) for n in (1, 4, 5, 6)] == [
        upgrade.RESUMED,
        upgrade.RESUMED,
        upgrade.RESTORED,
        upgrade.RESTORED,
    ]
    for scheme in (upgrade.IN_PLACE, upgrade.STAGED):
        row = module("EC200U", BOOT_SCHEME=scheme, P_BRICK=0.0, BOOT_ATTEMPTS=5)
        assert upgrade.after_power_loss(row, 0.5, 100) == upgrade.RESUMED


@pytest.mark.parametrize("scheme", SCHEMES)
def test_firmware_that_does_not_boot_bricks_where_no_old_one_is_kept(scheme):
    kept = scheme in (upgrade.BACKUP, upgrade.AB)
    left = upgrade.after_boot_failure(module("EC200U", BOOT_SCHEME=scheme))
    assert left == (upgrade.RESTORED if kept else upgrade.BRICKED)


def test_power_cuts_come_at_their_rate_and_always_later():
    u = fill_uniform(1, 0, np.arange(20_000, dtype=np.uint64), 45, 0)
    waits_ms = np.array([upgrade.next_power_cut_ms(1000, 0.3, x) - 1000 for x in u])
    assert waits_ms.min() >= 1
    assert waits_ms.mean() == pytest.approx(MONTH_MS / 0.3, rel=0.03)
    assert np.median(waits_ms) == pytest.approx(math.log(2.0) * MONTH_MS / 0.3, rel=0.03)


def test_a_supply_that_is_never_cut_has_its_next_cut_in_a_far_future():
    assert upgrade.next_power_cut_ms(5, 0.0, 0.5) == 1 << 60
    assert upgrade.next_power_cut_ms(5, 1e-300, 1e-16) > 10**16
