"""Flash, power and boot at their thresholds (docs/model.md, Flash)."""

import math

import pytest
from rules_world import plain_module

from fota_sim.rules import upgrade
from fota_sim.rules.labels import DEFECT_EFFECTS
from fota_sim.rules.upgrade import AB, BACKUP, BRICKED, IN_PLACE, OLD_KEPT, RESTORED, RESUMED, STAGED

MONTH_MS = 30 * 24 * 60 * 60 * 1000


def test_what_flashing_comes_to_and_what_a_defect_does_have_numbers_of_their_own():
    came_to = (upgrade.APPLIED, upgrade.VERIFY_FAILED, OLD_KEPT, RESTORED, BRICKED, RESUMED)
    assert sorted(came_to) == list(range(6))
    names = [name.upper() for name in DEFECT_EFFECTS]
    assert [getattr(upgrade, name) for name in names] == list(range(len(names)))
    assert upgrade.NO_DEFECT not in range(len(names))


POWER_LOSS = [
    # scheme, draw against a brick probability of a quarter, try number of five, what is left
    (AB, 0.1, 1, OLD_KEPT),
    (AB, 0.9, 9, OLD_KEPT),
    (IN_PLACE, 0.2499, 1, BRICKED),
    (IN_PLACE, 0.25, 1, RESUMED),
    (IN_PLACE, 0.9, 5, RESUMED),
    (STAGED, 0.2499, 1, BRICKED),
    (STAGED, 0.25, 1, RESUMED),
    (STAGED, 0.9, 5, RESUMED),
    (BACKUP, 0.2499, 5, BRICKED),
    (BACKUP, 0.25, 4, RESUMED),
    (BACKUP, 0.25, 5, RESTORED),
    (BACKUP, 0.9, 6, RESTORED),
]


@pytest.mark.parametrize(("scheme", "u", "attempt", "left"), POWER_LOSS)
def test_a_power_loss_leaves_what_the_boot_scheme_says(scheme, u, attempt, left):
    row = plain_module(BOOT_SCHEME=scheme, P_BRICK=0.25, BOOT_ATTEMPTS=5)
    assert upgrade.after_power_loss(row, u, attempt) == left


@pytest.mark.parametrize(
    ("scheme", "left"), [(IN_PLACE, BRICKED), (STAGED, BRICKED), (BACKUP, RESTORED), (AB, RESTORED)]
)
def test_firmware_that_does_not_boot_is_replaced_where_the_old_one_was_kept(scheme, left):
    assert upgrade.after_boot_failure(plain_module(BOOT_SCHEME=scheme)) == left


@pytest.mark.parametrize(("u", "fails"), [(0.0009, True), (0.001, False), (0.0011, False)])
def test_a_check_fails_below_its_probability(u, fails):
    assert upgrade.verify_fails(plain_module(P_VERIFY=0.001), u) == fails


@pytest.mark.parametrize(("delta", "seconds"), [(False, 8.0 + 10.0), (True, 8.0 + 25.0)])
def test_applying_takes_its_fixed_part_and_bytes_over_the_rate(delta, seconds):
    row = plain_module(APPLY_FIXED_S=8.0, APPLY_BPS=100.0, DELTA_EXPANSION=2.5)
    assert upgrade.apply_s(row, 1000, delta) == seconds


@pytest.mark.parametrize(("per_30_days", "months"), [(1.0, 2.0), (0.5, 4.0), (4.0, 0.5)])
def test_power_fails_next_an_exponential_time_later(per_30_days, months):
    """u = e^-2: two mean distances, and no earlier than the next millisecond."""
    assert upgrade.next_power_cut_ms(5, per_30_days, math.exp(-2.0)) == 5 + round(months * MONTH_MS) + 1


def test_a_time_that_no_run_reaches_stays_a_number():
    assert upgrade.next_power_cut_ms(5, 1e-300, 0.5) == 5 + 10**17 + 1
    assert upgrade.next_power_cut_ms(5, 0.0, 0.5) == 1 << 60
    assert upgrade.next_power_cut_ms(5, -1.0, 0.5) == 1 << 60
    assert upgrade.next_power_cut_ms(5, 0.5, 0.9999999999999999) == 6  # at once is the next millisecond
