"""What the page says in sentences, and what somebody else needs to see the same: commands and the scenario."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from html import escape

from fota_sim.analysis.answers.run import outlines_answer
from fota_sim.report.explore.player import Answer
from fota_sim.report.explore.saving import saved
from fota_sim.report.explore.source import Source


def said_html(answer: Answer) -> str:
    """The answer as ``run`` and the report say it, folded below its first sentence; nothing for a sample."""
    if answer.now.sample is not None:
        return ""
    first, *rest = outlines_answer(answer.now.one, answer.now.outlines)
    more = escape(" ".join(rest))
    return f'<details class="said"><summary>{escape(first)}</summary>{more}</details>'


def shared_html(source: Source, changes: Sequence[str], strategy: str | None) -> str:
    """Commands that play and show what is on the page, and the scenario in full.

    Raises ScenarioError for a scenario that cannot be.
    """
    commands = "\n".join(commands_of(source, changes, strategy))
    text = saved(source, changes, strategy)
    return (
        f'<div class="shared">The same picture, and the same numbers:<pre>{escape(commands)}</pre>'
        f"<details><summary>Or this scenario</summary><pre>{escape(text)}</pre></details></div>"
    )


def commands_of(source: Source, changes: Sequence[str], strategy: str | None) -> list[str]:
    """``fota-sim explore`` and ``run`` with what was turned."""
    given = [part for change in (*source.overrides, *changes) for part in ("--set", change)]
    if strategy is not None:
        given += ["--strategy", strategy]
    plan = ["--plan", source.plan] if source.plan else []
    log = []
    if source.so_far is not None:
        log = [part for path in source.so_far.paths for part in ("--so-far", path)] + source.so_far.how.arguments()
    return [
        shlex.join(["fota-sim", command, str(source.path), *more, *given])
        for command, more in (("explore", [*plan, *log]), ("run", []))
    ]
