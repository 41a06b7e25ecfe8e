"""Two records of one replication, compared exactly: no tolerance anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fota_sim.engines.record import RunRecord
from fota_sim.engines.twins.columns import Columns, rows_of
from fota_sim.engines.twins.differences import DeviceDifference, Differences, Said, Split
from fota_sim.engines.twins.downloads import Downloads
from fota_sim.engines.twins.stories import Stories, split_of
from fota_sim.protocol.transcript import Line

DETAILED = 1000
"""How many differing devices are described; the others are only counted."""

_THE_PLAN = -1


def compare(first: RunRecord, second: RunRecord) -> Differences:
    """All that differs between two records of the same replication."""
    table, stories, downloads = Columns(first, second), Stories(first, second), Downloads(first, second)
    dialogues, logs = _splits(first.transcripts, second.transcripts), _splits(first.platform_logs, second.platform_logs)
    longer = max(first, second, key=lambda record: rows_of(record.devices)).devices
    number = {name: device for device, name in enumerate(longer["id"])} if dialogues or logs else {}
    kept = [{number[name]: split.at_ms for name, split in splits.items()} for splits in (dialogues, logs)]
    times = _earliest(table.times(first.horizon_ms), stories.times, downloads.times, *kept)
    times.pop(_THE_PLAN, None)
    found = []
    for at_ms, device in sorted((at_ms, device) for device, at_ms in times.items())[:DETAILED]:
        name = str(longer["id"][device])
        found.append(
            DeviceDifference(
                at_ms,
                device,
                name,
                stories.split(device),
                table.of(device),
                downloads.of(device),
                dialogues.get(name),
                logs.get(name),
            )
        )
    return Differences(
        devices=rows_of(longer),
        columns=table.count,
        downloads=downloads.count,
        events=stories.events,
        dialogues=len(first.transcripts) + len(first.platform_logs),
        forms=(*_forms(first, second), *table.forms, *_flaws(stories)),
        plan=split_of(_plan_lines(first), _plan_lines(second)) or stories.split(_THE_PLAN),
        differing=len(times),
        details=tuple(found),
    )


def _earliest(*found: Mapping[int, int]) -> dict[int, int]:
    """By device, the earliest of its times."""
    times: dict[int, int] = {}
    for part in found:
        for device, at_ms in part.items():
            times[device] = min(at_ms, times.get(device, at_ms))
    return times


def _splits(first: Mapping[str, Sequence[Line]], second: Mapping[str, Sequence[Line]]) -> dict[str, Split]:
    """By device id, where the lines kept of a device part."""
    found = {}
    for name in first.keys() & second.keys():
        if first[name] != second[name]:
            split = split_of(_said(first[name]), _said(second[name]))
            assert split is not None  # the lines differ
            found[name] = split
    return found


def _said(lines: Sequence[Line]) -> list[Said]:
    return [Said(*line) for line in lines]


def _plan_lines(record: RunRecord) -> list[Said]:
    return [Said(at_ms, "plan", text) for at_ms, text in record.plan_log]


def _forms(first: RunRecord, second: RunRecord) -> list[str]:
    found = []
    if (first.replication, first.horizon_ms) != (second.replication, second.horizon_ms):
        found.append(
            f"the first is replication {first.replication} to {first.horizon_ms} ms, "
            f"the second replication {second.replication} to {second.horizon_ms} ms"
        )
    for what, one, other in (
        ("transcripts", first.transcripts, second.transcripts),
        ("platform logs", first.platform_logs, second.platform_logs),
    ):
        if list(one) != list(other):
            found.append(f"the first has {what} of {_names(one)}, the second of {_names(other)}")
    if (first.events is None) != (second.events is None):
        found.append(f"only the {'second' if first.events is None else 'first'} kept its events")
    return found


def _names(kept: Mapping[str, object]) -> str:
    return ", ".join(kept) or "nobody"


def _flaws(stories: Stories) -> list[str]:
    logs = zip(("first", "second"), stories.logs, strict=True)
    return [f"the {which}: {flaw}" for which, log in logs for flaw in log.flaws()]
