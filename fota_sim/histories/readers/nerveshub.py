"""NervesHub: the CSV of audit logs, each cell encoded as JSON; what happened stands in ``description`` as a sentence.

The sentences are those of its templates for devices. A device that takes an update is first heard of when the update is
triggered, since only a connected device gets one; the log has no line for the end of a download.
"""

from __future__ import annotations

import json
import re
from typing import Final

from fota_sim.histories.events import fold
from fota_sim.histories.happened import Happened
from fota_sim.histories.opened import Opened
from fota_sim.histories.readers.reader import Reader
from fota_sim.histories.rows import Rows
from fota_sim.histories.times import Clock
from fota_sim.histories.view import AUDITED

_SENTENCES: Final = (
    (re.compile(r"update triggered device (?P<device>\S+) to update"), Happened.CONTACT),
    (re.compile(r"pushed (?:available )?firmware .* to device (?P<device>\S+)"), Happened.CONTACT),
    (re.compile(r"^Device (?P<device>\S+) is attempting to update"), Happened.DOWNLOAD),
    (re.compile(r"^Device (?P<device>\S+) firmware set to version"), Happened.SUCCEEDED),
    (re.compile(r"^Device (?P<device>\S+) reported an error (?P<why>\(.*?\) )?while trying"), Happened.FAILED),
    (re.compile(r"^Device (?P<device>\S+) ignored the \w+ firmware upgrade request"), Happened.REFUSED),
    (re.compile(r"device (?P<device>\S+) requested firmware upgrades be rescheduled"), Happened.REFUSED),
    (re.compile(r"^Device (?P<device>\S+) automatically blocked firmware upgrades"), Happened.NOTHING),
    (re.compile(r"^Device (?P<device>\S+) has validated its firmware"), Happened.NOTHING),
    (re.compile(r"^Device (?P<device>\S+) updated firmware metadata"), Happened.NOTHING),
)
_OTHER: Final = re.compile(r"deployment group|rebooted device|Archive update|requested the device|connected|tag", re.I)
"""Sentences that are about something else than an update's progress."""
_DEVICE: Final = re.compile(r"device (\S+)", re.I)
_NEEDED: Final = ("description", "insertedat")


def _is_one(opened: Opened) -> bool:
    return not opened.is_json and set(_NEEDED) <= set(opened.squeezed)


def _read(opened: Opened, rows: Rows) -> None:
    place = {name: number for number, name in enumerate(opened.squeezed)}
    text, at = (place[name] for name in _NEEDED)
    for line, cells in opened.rows():
        if len(cells) <= max(text, at):
            rows.left_out.add("half a row: it has fewer cells than the line of column names", opened.name, line)
            continue
        said = _plain(cells[text])
        found = next(((match, what) for form, what in _SENTENCES if (match := form.search(said))), None)
        if found is not None:
            match, what = found
            told = rows.vocabulary.told("description", _form(said))
            rows.events.add(
                opened.name,
                line,
                match["device"],
                _plain(cells[at]),
                Happened(str(told)) if told is not None and str(told) in set(Happened) else what,
                (match.groupdict().get("why") or "").strip(' ()"'),
            )
        elif not _OTHER.search(said):
            _explained(said, cells[at], opened, line, rows)


def _finish(rows: Rows) -> None:
    fold(rows, Clock(), tells_stages=False)  # Ecto's naive times are in UTC


def _explained(said: str, at: str, opened: Opened, line: int, rows: Rows) -> None:
    """A sentence that only the user knows, of whatever device."""
    told, device = rows.vocabulary.told("description", _form(said)), _DEVICE.search(said)
    if told is None or device is None or str(told) not in set(Happened):
        rows.vocabulary.unknown("description", _form(said), opened.name, line)
    else:
        rows.events.add(opened.name, line, device[1], _plain(at), Happened(str(told)))


def _form(said: str) -> str:
    """A sentence as it is said of any device: ``Device * went to sleep``."""
    return _DEVICE.sub(lambda found: f"{found[0][: found.start(1) - found.start()]}*", said)


def _plain(cell: str) -> str:
    try:
        return str(json.loads(cell)).strip()
    except ValueError:
        return cell.strip()


READER = Reader("nerveshub", "NervesHub audit logs", _is_one, AUDITED, _read, _finish)
