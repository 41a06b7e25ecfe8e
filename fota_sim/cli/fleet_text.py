"""What ``fota-sim fleet inspect`` says of a file, in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fota_sim.cli.console import columns
from fota_sim.quoting import number_of, shortened

if TYPE_CHECKING:
    from fota_sim.scenario.inspect.distributions import Distribution
    from fota_sim.scenario.inspect.inspection import Inspection

_BARS = 12
_NAMES = 8
_WIDE = 32
_LINE = 120
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def overview(found: Inspection) -> str:
    """Counts, distributions, what looks wrong, and what was left alone."""
    rows = number_of(found.table.rows, "row")
    cut = f" (the first {found.table.rows:,} were looked at)" if found.table.cut else ""
    parts = [f"{found.path.name}: {rows}{cut}, {number_of(len(found.table.columns), 'column')} with a name"]
    parts += ["\n".join(_shown(each)) for each in found.distributions]
    for title, lines in (
        ("Looks wrong", found.findings.odd),
        ("Kept for conditions only, or not understood", [f"{header}: {why}" for header, why in found.findings.left]),
    ):
        if lines:
            parts.append("\n".join([title, *(line for each in lines for line in _wrapped(each))]))
    return "\n\n".join(parts)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _LINE, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _shown(each: Distribution) -> Iterator[str]:
    without = f"; {each.missing:,} without" if each.missing else ""
    called = "" if each.title == each.header else f" ({shortened(each.header, 40)})"
    if each.names:
        yield f"{each.title}{called}: {number_of(each.count, 'device')}{without}"
        yield from _bars([(name, count) for name, count in each.names.most_common(_NAMES)])
        more = len(each.names) - _NAMES
        if more > 0:
            yield f"  and {number_of(more, 'other')}"
        return
    from fota_sim.scenario.inspect.histogram import bars

    low, high = min(each.numbers), max(each.numbers)
    span = (
        f"{_short(low)} to {_short(high)} {each.unit}, median {_short(each.median(), 3)}"
        if high > low
        else f"{_short(low)} {each.unit}"
    )
    gone = ""
    if each.limit is not None:
        silent = sum(count for value, count in each.numbers.items() if value > each.limit)
        gone = f"; {silent:,} more than {each.limit:g} d ago"
    yield f"{each.title}{called}: {number_of(each.count, 'device')}, {span}{gone}{without}"
    yield from _bars([(bar.text, bar.count) for bar in bars(each, _BARS)])


def _short(value: float, digits: int = 4) -> str:
    """A number in so many digits, and never in powers of ten."""
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.{digits}g}"


def _bars(counts: list[tuple[str, int]]) -> Iterator[str]:
    most = max(count for _, count in counts)
    rows = [(f"  {shortened(name, 30)}", f"{count:,}", _bar(count / most)) for name, count in counts]
    yield columns(rows, frozenset((0, 1)) if counts[0][0][:1] in "-0123456789" else frozenset((1,)))


def _bar(share: float) -> str:
    """A bar of up to 32 letters; whatever is not nothing is seen."""
    eighths = round(share * _WIDE * 8)
    if share and not eighths:
        return _EIGHTHS[1]
    return (_EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()
