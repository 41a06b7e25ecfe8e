"""Differences in words: how much agrees, and the first stories that part, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap

from fota_sim.engines.twins.differences import DeviceDifference, Differences, DownloadDifference, Said, Split

SHOWN = 3
"""Devices that are described at length."""
_WIDTH = 56
_COLUMNS_SHOWN = 12


def describe(differences: Differences, first: str = "first", second: str = "second", shown: int = SHOWN) -> str:
    """What was compared, and the earliest ``shown`` devices that differ; ``first`` and ``second`` name the records."""
    found = differences
    compared = (
        f"{found.devices:,} devices, {found.columns} columns, {found.downloads:,} downloads, {found.events:,} events, "
        f"{found.dialogues:,} dialogues and logs"
    )
    if not found:
        return f"All agree: {compared}."
    parts = [f"{found.devices - found.differing:,} of {found.devices:,} devices agree ({compared})."]
    parts += [f"{form[0].upper()}{form[1:]}." for form in found.forms]
    about = [(detail.at_ms, _device(detail, first, second)) for detail in found.details[:shown]]
    if found.plan is not None:
        heading = f"The plan's log parts at {clock(found.plan.at_ms)}:"
        about.insert(0, (found.plan.at_ms, "\n".join([heading, *_excerpt(found.plan, first, second)])))
    parts += [text for _, text in sorted(about, key=lambda part: part[0])]
    rest = found.differing - min(shown, len(found.details))
    if rest > 0:
        parts.append(f"{rest:,} more devices differ.")
    return "\n\n".join(parts)


def clock(at_ms: int) -> str:
    """Time since activation as hours, minutes, seconds and milliseconds."""
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"


def _device(detail: DeviceDifference, first: str, second: str) -> str:
    lines = [f"{detail.id} (device {detail.device}) parts at {clock(detail.at_ms)}, {detail.at_ms} ms:"]
    told = [("events", detail.story)]
    if detail.story is None:  # else these would say the same again
        told += [("dialogue", detail.dialogue), ("platform log", detail.platform_log)]
    for what, split in told:
        if split is not None:
            lines += [f"  {what}", *_excerpt(split, first, second)]
    if detail.download is not None:
        lines += _download(detail.download, first, second)
    for name, one, other in detail.columns[:_COLUMNS_SHOWN]:
        lines.append(f"  {name}: {one!r} in {first}, {other!r} in {second}")
    if len(detail.columns) > _COLUMNS_SHOWN:
        lines.append(f"  and {len(detail.columns) - _COLUMNS_SHOWN} more columns")
    return "\n".join(lines)


def _download(found: DownloadDifference, first: str, second: str) -> list[str]:
    lines = [f"  download {found.number}"]
    for name, row in ((first, found.first), (second, found.second)):
        if row is None:
            lines.append(f"    {name}: nothing")
        else:
            start_ms, end_ms, sent_B, wasted_B = row
            lines.append(f"    {name}: {start_ms} to {end_ms} ms, {sent_B} B sent, {wasted_B} B wasted")
    return lines


def _excerpt(split: Split, first: str, second: str) -> list[str]:
    """Both tellings side by side; ``=`` and ``!`` mark like and unlike lines."""
    lines = [f"    {first.ljust(_WIDTH)}   {second}"]
    for said in split.before:
        lines += _pair(said, said)
    for one, other in zip_longest(split.first, split.second):
        lines += _pair(one, other)
    return lines


def _pair(one: Said | None, other: Said | None) -> list[str]:
    mark = "=" if one == other else "!"
    return [
        f"  {mark} {left.ljust(_WIDTH)} | {right}".rstrip()
        for left, right in zip_longest(_lines(one), _lines(other), fillvalue="")
    ]


def _lines(said: Said | None) -> Sequence[str]:
    if said is None:
        return ["(nothing)"]
    text = repr(said.text)[1:-1] if said.text != said.text.strip() or "\n" in said.text else said.text
    return wrap(
        f"{clock(said.at_ms)} {said.actor:<8} {text}", _WIDTH, subsequent_indent=" " * 6, break_on_hyphens=False
    )
