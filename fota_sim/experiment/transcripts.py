"""The dialogues of single devices as text files.

``transcripts/<id>.txt`` is what host and module said, ``transcripts/<id>.platform.txt`` the platform's log;
those of the second and later replications are in ``transcripts/replication-<k>/``, k from 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from fota_sim.engines.operation import PlanLog
from fota_sim.engines.record import RunRecord
from fota_sim.protocol.transcript import Line, render_platform_log, render_transcript

_LONGEST = 120


def transcript_files(record: RunRecord, start: datetime, scenario: str) -> Iterator[tuple[str, str]]:
    """Names and texts of all dialogues that a replication kept; ``start`` is the clock at activation."""
    for id_, lines in record.transcripts.items():
        heading = f"{scenario}, device {id_}, replication {record.replication}: host and module{on_the_clocks(start)}"
        yield file_name(id_, record.replication), render_transcript(lines, start, heading)
    for id_, lines in record.platform_logs.items():
        heading = f"{scenario}, device {id_}, replication {record.replication}: platform{on_the_clocks(start)}"
        yield file_name(id_, record.replication, platform=True), render_platform_log(lines, start, heading)


def plan_log_text(log: PlanLog, replication: int, start: datetime, scenario: str) -> str:
    """What happened to the plan in a replication."""
    lines = [Line(at_ms, "--", text) for at_ms, text in log]
    return render_platform_log(lines, start, f"{scenario}, replication {replication}: the plan{on_the_clocks(start)}")


def on_the_clocks(start: datetime) -> str:
    """Whose clocks times are read from, to be said behind a heading; ``start``: that of activation."""
    return "" if start.tzinfo is None else f", on the clocks of {start.tzinfo}"


def file_name(id_: str, replication: int, *, platform: bool = False) -> str:
    """Where a dialogue stands in a result folder; unlike ids have unlike names, whatever their characters."""
    safe = quote(id_, safe=" +,=@()")
    if safe.endswith(".platform"):
        safe = f"{safe.removesuffix('.platform')}%2Eplatform"
    if len(safe) > _LONGEST:
        safe = f"{safe[:_LONGEST]}~{hashlib.sha256(id_.encode()).hexdigest()[:16]}"
    folder = "transcripts" if replication == 0 else f"transcripts/replication-{replication}"
    return f"{folder}/{safe}{'.platform' if platform else ''}.txt"
