"""What a run leaves as texts: dialogues of single devices, and the plan's logs."""

from __future__ import annotations

from datetime import datetime

from fota_sim.analysis.run.outline import PLAN_LOG, Outline
from fota_sim.engines.record import RunRecord
from fota_sim.experiment.folder import ResultFolder
from fota_sim.experiment.transcripts import plan_log_text, transcript_files


class Texts:
    """Files in a result's folder; those of a replication are written when it is whole."""

    def __init__(self, folder: ResultFolder, start: datetime, scenario: str) -> None:
        self._folder, self._start, self._scenario = folder, start, scenario
        self._waiting: list[tuple[str, str]] = []
        self._plan_logs: list[str] = []

    def add(self, record: RunRecord, whole: Outline | None) -> None:
        """What comes with a record; ``whole``: the replication, if it is whole with this record."""
        self._waiting += transcript_files(record, self._start, self._scenario)
        if whole is None:
            return
        for file, text in self._waiting:
            self._folder.write_text(file, text)
        log = [(row["at_ms"], row["text"]) for row in whole.tables[PLAN_LOG].to_pylist()]
        self._plan_logs.append(plan_log_text(log, whole.replication, self._start, self._scenario))
        self._waiting = []

    def close(self) -> None:
        """No more replications come."""
        self._folder.write_text("plan_log.txt", "\n".join(self._plan_logs))
