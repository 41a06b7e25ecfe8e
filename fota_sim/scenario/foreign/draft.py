"""What was read of another system's plan: the plan as a scenario has it, and what became of every field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Note:
    """One field of the other system's file."""

    path: str
    """Where it stands there, for example ``abortConfig.criteriaList[0].action``."""
    value: str
    """What it says, made short."""
    into: str = ""
    """The scenario's field that carries it; empty: nothing does."""
    why: str = ""
    """Why it is not carried, or what to know about how it is."""


@dataclass
class Draft:
    """A plan in the making. ``plan`` holds a scenario's ``plan`` as YAML has it, units and all."""

    system: str
    plan: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    start: datetime | None = None
    """When the plan is activated, in UTC; None if the file does not say."""

    def put(self, path: str, value: Any) -> None:
        """Set a field of the plan, for example ``rollout.rate``."""
        *above, last = path.split(".")
        part = self.plan
        for name in above:
            part = part.setdefault(name, {})
        part[last] = value

    @property
    def carried(self) -> list[Note]:
        """Fields that the plan carries."""
        return [note for note in self.notes if note.into]

    @property
    def left(self) -> list[Note]:
        """Fields that it does not."""
        return [note for note in self.notes if not note.into]
