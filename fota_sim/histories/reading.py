"""Logs of one rollout, read: each file by the platform that it looks like, all together as one table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fota_sim.errors import FotaSimError
from fota_sim.histories.checks import checked
from fota_sim.histories.opened import Opened
from fota_sim.histories.readers import (
    aws_iot,
    azure,
    golioth,
    hawkbit,
    memfault,
    mender,
    nerveshub,
    spreadsheet,
    thingsboard,
)
from fota_sim.histories.readers.reader import Reader
from fota_sim.histories.rows import Rows
from fota_sim.histories.table import Histories
from fota_sim.histories.times import Clock
from fota_sim.histories.vocabulary import Vocabulary
from fota_sim.quoting import listed, number_of, quoted
from fota_sim.scenario.tables.csv_file import another_kind

_ALL = (
    *(aws_iot.READER, azure.READER, hawkbit.READER, mender.READER, memfault.READER, thingsboard.READER),
    golioth.READER,
    nerveshub.READER,
    *(spreadsheet.VENDOR, spreadsheet.SPREADSHEET),
)
READERS: dict[str, Reader] = {each.name: each for each in _ALL}
"""By name, in the order in which a file is tried."""
INVENTORY = spreadsheet.SPREADSHEET.name
_ENDINGS = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt", ".xlsx")


def read_histories(
    paths: Sequence[Path],
    *,
    platform: str | None = None,
    explained: Sequence[str] = (),
    columns: Sequence[str] = (),
    clock: Clock | None = None,
    as_of_s: float | None = None,
    targeted: int | None = None,
) -> Histories:
    """The table of the logs in files and folders of one rollout.

    ``platform``: one of ``READERS``, or None to see by each file; ``explained``: words as ``--map`` takes them;
    ``columns``: which column of a spreadsheet is what, as ``device=IMEI``; ``clock``: how times without an offset
    are meant; ``as_of_s``: when the log was exported, in seconds since 1970, None for its last time;
    ``targeted``: how many devices the rollout was for, where the log lists only those that asked.
    Raises FotaSimError, with the line where there is one.
    """
    if platform is not None and platform not in READERS:
        raise FotaSimError(f"logs are not read from {quoted(platform)}; there are {', '.join(READERS)}")
    rows = Rows(Vocabulary(explained), clock=clock or Clock(), named=_named(columns))
    readers: dict[str, Reader] = {}
    for path in _files(paths):
        opened = Opened(path)
        reader = READERS[platform] if platform is not None else _seen(opened, bool(rows.named))
        if reader.name != INVENTORY or not readers:
            rows.view = reader.view
        reader.read(opened, rows)
        readers[reader.title] = reader
        for remark in opened.remarks():
            rows.left_out.note(remark)
    for reader in readers.values():
        reader.finish(rows)
    rows.targeted = targeted if targeted is not None else rows.targeted
    _say_pages(rows)
    found = checked(rows, " and ".join(readers), as_of_s)
    _say_unstaged(rows)
    _say_rollouts(rows)
    return found


def _named(columns: Sequence[str]) -> dict[str, str]:
    named = {}
    for text in columns:
        role, equals, name = text.partition("=")
        if not equals or not name.strip():
            raise FotaSimError(f"--columns {text}: write WHAT=COLUMN, for example --columns device=IMEI")
        named[role.strip()] = name.strip()
    return named


def _files(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.suffix.lower() in _ENDINGS and each.is_file())
            if not inside:
                raise FotaSimError(f"{path}: holds no log; files end in {', '.join(_ENDINGS)}")
            files += inside
        else:
            files.append(path)
    return files


def _seen(opened: Opened, columns_named: bool) -> Reader:
    """The platform that a file looks like; a table whose columns somebody has named is a spreadsheet."""
    if not opened.is_json and not any(name.strip() for name in opened.header):
        raise opened.wrong("is empty; its first line says the names of its columns", 1)
    for reader in READERS.values():
        if reader.is_one(opened):
            return reader
    if columns_named and not opened.is_json:
        return spreadsheet.SPREADSHEET
    other = "" if opened.is_json or not opened.header else another_kind(opened.header[0])
    if other:
        raise FotaSimError(f"{opened.name}: {other}")
    known = ", ".join(f"{each.title} ({each.name})" for each in READERS.values())
    own = ". Of JSON of your own make a table first: fota-sim fleet table FILE -o FILE.csv" if opened.is_json else ""
    if not opened.is_json and opened.header:
        of = listed([quoted(name, 30) for name in opened.header])
        own = (
            f". Of a table of your own say which column is what, at least --columns device=... and status=..., of {of}"
        )
    raise FotaSimError(
        f"{opened.name} looks like no log that is known: {known}; if it is one, say which with --from{own}"
    )


def _say_rollouts(rows: Rows) -> None:
    """That a log is of several rollouts, which may be of several updates."""
    if len(rows.rollouts) > 1:
        of = listed([f"{name} ({number_of(count, 'row')})" for name, count in rows.rollouts.most_common(5)])
        rows.left_out.note(
            f"The log is of {len(rows.rollouts)} rollouts, such as {of}, and read as one: what a device did in the "
            "earlier ones counts as its first attempts. If they were of different updates, give the log of one."
        )


def _say_pages(rows: Rows) -> None:
    """Pages of an export that are missing: what is on them cannot be counted."""
    for kind, pages in rows.pages.items():
        if pages.entries < pages.total:
            here = f"The platform counts {number_of(pages.total, kind)}, and {pages.entries:,} are here"
            rows.left_out.note(f"{here}: pages are missing; export them too.")
        elif pages.number and pages.going_on == pages.number:
            here = f"Each page of {kind}s says that another follows"
            rows.left_out.note(f"{here}: the last ones are missing; export them too.")


def _say_unstaged(rows: Rows) -> None:
    for word, count in sorted(rows.unstaged.items(), key=lambda each: -each[1])[:10]:
        said = f"of which the log says only {quoted(word)}" if word else "without a word for the stage"
        how = f"; --map {quoted('details:' + word)}=failed_download or =failed_install tells where" if word else ""
        rows.left_out.note(f"{number_of(count, 'failure')} {said}{how}.")
