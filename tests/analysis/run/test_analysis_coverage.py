"""Intervals contain the truth as often as they say; a small part of docs/interval_coverage.py.

The truth is known here: the share of devices that are gone for good is a field of the scenario. Seeds are fixed.
"""

from scipy.stats import binom

from fota_sim.analysis.numbers.estimates import metric_estimate
from fota_sim.analysis.numbers.metrics import measure
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.engines.choice import load
from fota_sim.scenario.loader import parse_scenario

STUDIES = 60
FLEET = """
name: gone
seed: {seed}
horizon: 10min
product: {{model: {{components: [{{identifier: app}}]}}}}
packages: [{{name: two, component: app, target_version: "2_0", files: [{{name: a.bin, size: 20kB}}]}}]
plan: {{packages: [two]}}
fleet: {{groups: [{{name: d, count: 60, module: EC200U, gone: {gone}, churn: 0%, contact: {{spread: 0s}}}}]}}
"""


def contained(gone: float, replications: int) -> tuple[int, int]:
    """Studies whose interval of the unreachable contains the share that is gone, and studies that show one."""
    found = told = 0
    for seed in range(STUDIES):
        scenario = parse_scenario(FLEET.format(seed=seed, gone=f"{100 * gone}%"), "gone.yaml")
        records = (load("compiled")(scenario, replication) for replication in range(replications))
        terms = terms_of(scenario)
        runs = [measure(record.devices, record.downloads, terms)["outcome_unreachable"] for record in records]
        interval = metric_estimate(runs).interval
        if interval is not None:  # else the counts of so few replications hardly varied
            told += 1
            found += interval[0] <= gone <= interval[1]
    return found, told


def test_intervals_of_a_common_share_contain_it_as_often_as_they_say() -> None:
    found, told = contained(0.3, 5)
    assert told >= 0.8 * STUDIES
    least, most = binom.ppf([0.001, 0.999], told, 0.95)
    assert least <= found <= most


def test_intervals_of_a_rare_share_contain_it_at_least_as_often_as_they_say() -> None:
    found, told = contained(0.003, 5)
    assert told >= 0.8 * STUDIES
    assert found >= binom.ppf(0.001, told, 0.95)
