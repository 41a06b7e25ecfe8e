"""Which of several variants to take where more than one may be best: what one measure leaves open the next decides.

The first measure sets aside what another variant is shown to beat (``numbers/best.py``); of those that stay the second
does the same, and so on. A mean that is lower by luck decides nothing so, and a variant that is better in what comes
next is not passed over for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Held(NamedTuple):
    """Variants held against each other in one measure."""

    metric: str
    """As they were compared by."""
    among: int
    """How many were."""
    best: str
    """Of the best mean."""
    staying: Collection[str]
    """Those that nobody is shown to beat, ``best`` among them."""


@dataclass(frozen=True)
class Narrowed:
    """What several measures leave, one after the other."""

    left: Sequence[str]
    """In the order in which they came."""
    decided_by: Sequence[str]
    """The measures that set any aside, in order, as variants were compared by them."""
    best: str | None
    """By the last of these, or by the first that could be compared where none did; None: none could."""


def narrowed(
    names: Sequence[str], metrics: Sequence[str], hold: Callable[[str, Sequence[str]], Held | None]
) -> Narrowed:
    """Hold ``names`` against each other in one measure after the other, as long as several are left.

    ``hold`` does it in one measure, among the names that it is given; None: they cannot be compared by it.
    """
    left, decided, best = list(names), list[str](), None
    for metric in metrics:
        found = hold(metric, left)
        if found is None:
            continue
        decides = len(found.staying) < found.among
        if decides:
            decided.append(found.metric)
        if decides or best is None:
            best = found.best
        left = [name for name in left if name in found.staying]
        if len(left) == 1:
            break
    return Narrowed(left, decided, best)
