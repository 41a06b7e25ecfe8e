"""In how many parts each replication of a job is played."""

from __future__ import annotations

from fota_sim.engines.choice import device_count
from fota_sim.experiment.turns import PART, WORTH_A_WORKER, Dealt, why_whole
from fota_sim.experiment.worker import Job


def deal(job: Job, workers: int, parts: int | None = None) -> Dealt:
    """Parts small enough to leave memory alone, and enough of them for all workers; or ``parts``, if that is given.

    Raises ScenarioError for what is wrong with a CSV file of a fleet that is dealt out.
    """
    scenario = job.scenario
    about = device_count(scenario)
    reason = why_whole(scenario, about)
    wanted = 1 if reason else parts or _parts(job, workers, about)
    if wanted == 1:
        return Dealt(about, 1, reason)
    devices = job.roster(0).n
    reason = why_whole(scenario, devices)
    return Dealt(devices, 1 if reason else max(1, min(wanted, devices)), reason)


def _parts(job: Job, workers: int, devices: int) -> int:
    """As many as the size asks for, rounded up to what keeps all workers busy."""
    each = max(1, min(-(-workers // job.scenario.replications), devices // WORTH_A_WORKER[job.engine]))
    by_size = -(-devices // PART[job.engine])
    return -(-by_size // each) * each
