"""A log of any kind: exports of platforms, and fota-sim's own results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fota_sim.analysis.run.again import stored_scenario
from fota_sim.errors import FotaSimError
from fota_sim.experiment.results import open_result
from fota_sim.histories.reading import read_histories
from fota_sim.histories.results import read_result
from fota_sim.histories.table import Histories
from fota_sim.histories.times import Clock

RESULT = "fota-sim"
"""As ``--from`` takes it."""


def read_log(
    paths: Sequence[Path],
    *,
    platform: str | None = None,
    explained: Sequence[str] = (),
    columns: Sequence[str] = (),
    clock: Clock | None = None,
    as_of_s: float | None = None,
    targeted: int | None = None,
    replication: int = 0,
) -> Histories:
    """The histories of one rollout; a result of fota-sim is read as its replication number ``replication``.

    The rest as :func:`fota_sim.histories.reading.read_histories`. Raises FotaSimError.
    """
    if not paths:
        raise FotaSimError("name the log: files or a folder of one rollout")
    results = [path for path in paths if not path.exists() or (path / "manifest.json").is_file()]
    results = list(paths) if platform == RESULT else results if len(paths) == 1 else results[:0]
    if not results:
        return read_histories(
            paths,
            platform=platform,
            explained=explained,
            columns=columns,
            clock=clock,
            as_of_s=as_of_s,
            targeted=targeted,
        )
    if len(paths) > 1:
        raise FotaSimError("a result of fota-sim is a whole log; give one, alone")
    result = open_result(results[0])
    return read_result(result, stored_scenario(result), replication)
