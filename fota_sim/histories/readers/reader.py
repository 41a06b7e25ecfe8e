"""What a reader of a platform's logs is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fota_sim.histories.opened import Opened
from fota_sim.histories.rows import Rows
from fota_sim.histories.view import View


@dataclass(frozen=True)
class Reader:
    """One platform."""

    name: str
    """As ``--from`` takes it."""
    title: str
    """In a sentence."""
    is_one: Callable[[Opened], bool]
    """Whether a file looks like one of its exports; must not raise for files of others."""
    view: View
    """What its logs can show."""
    read: Callable[[Opened, Rows], None]
    """Put what the file says into the rows. Raises FotaSimError with the line where it cannot be read."""
    finish: Callable[[Rows], None] = lambda rows: None
    """Put into the rows what hangs on all files together, once they are read."""
