"""The key numbers as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from fota_sim.report.explore.numbers import SHOWN, Number


def tiles_html(found: Sequence[Number], stale: bool) -> str:
    """A tile for each number; ``stale``: they are of what was asked before."""
    return f'<div class="numbers{" stale" if stale else ""}">{"".join(_tile(each) for each in found)}</div>'


def empty_tiles_html() -> str:
    """Tiles before the first answer."""
    tiles = [
        f'<div class="number" data-metric="{metric}"><div class="name">{escape(label)}</div>'
        '<div class="value">…</div></div>'
        for metric, label in SHOWN.items()
    ]
    return f'<div class="numbers">{"".join(tiles)}</div>'


def _tile(number: Number) -> str:
    name = f"{number.label}, {number.of}" if number.of else number.label
    return (
        f'<div class="number" data-metric="{escape(number.metric)}">'
        f'<div class="name" title="{escape(name)}">{escape(name)}</div>'
        f'<div class="value">{escape(number.value)}</div>'
        f'<div class="small">{escape(number.interval)}</div>{_change(number)}</div>'
    )


def _change(number: Number) -> str:
    if not number.change:
        return ""
    return (
        f'<div class="change{" clear" if number.clear else ""}">{escape(number.change)}'
        f'<div class="small">{escape(number.change_interval)}</div></div>'
    )
