"""The key numbers as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from fota_sim.report.explore.numbers import Number


def tiles_html(found: Sequence[Number], stale: bool) -> str:
    """A tile for each number; ``stale``: they are of what was asked before. Those of a sample are framed as such."""
    sampled = any(each.sample for each in found)
    said = {"compared": _compared(found), "sampled": sampled, "stale": stale}
    names = ["numbers", *(name for name, so in said.items() if so)]
    return f'<div class="{" ".join(names)}">{"".join(_tile(each) for each in found)}</div>'


def _compared(found: Sequence[Number]) -> bool:
    return any(each.change for each in found)


def empty_tiles_html(shown: Mapping[str, str]) -> str:
    """Tiles before the first answer; ``shown``: labels by metric."""
    tiles = [
        f'<div class="number" data-metric="{metric}"><div class="name">{escape(label)}</div>'
        '<div class="value">…</div></div>'
        for metric, label in shown.items()
    ]
    return f'<div class="numbers">{"".join(tiles)}</div>'


def _tile(number: Number) -> str:
    name = f"{number.label}, {number.of}" if number.of else number.label
    return (
        f'<div class="number" data-metric="{escape(number.metric)}">'
        f'<div class="name" title="{escape(name)}">{escape(name)}</div>'
        f'<div class="value">{escape(number.value)}</div>'
        f'<div class="small" title="{escape(number.interval)}">{escape(number.interval)}</div>{_change(number)}</div>'
    )


def _change(number: Number) -> str:
    if not number.change:
        return ""
    return (
        f'<div class="change{" clear" if number.clear else ""}">{escape(number.change)}'
        f'<div class="small" title="{escape(number.change_interval)}">{escape(number.change_interval)}</div></div>'
    )
