"""Fleets of a million devices and more from the command line: time by phase, CPU time, memory.

    python benchmarks/command_line.py [--devices N ...] [--events N ...] [--runs RUNS]

Runs ``fota-sim run scenarios/mixed_40000.yaml --replications 1`` as a process of its own, groups, cells and server
scaled to each number of devices; for the numbers after --events with ``keep.events=true``. Phases are those of
``--timings``. What was compiled before is loaded.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from comparisons import mixed, process, script
from comparisons.measure import Table, spread

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000_000, 10_000_000)
WITH_EVENTS = (40_000,)


class Question(NamedTuple):
    """What is run."""

    devices: int
    events: bool

    def __str__(self) -> str:
        return f"{self.devices:,}{', events' if self.events else ''}"


_AS_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Modules are kept as bytecode wherever the program is installed, so they are here."""


class Run(NamedTuple):
    """What one run took."""

    whole: process.Spent
    phases_s: dict[str, float]
    written_B: int


def run(question: Question) -> Run:
    """The command in a process of its own, its results in a folder that goes again."""
    changes = [*mixed.changes(question.devices), *(["keep.events=true"] if question.events else [])]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "fota_sim", "run", str(mixed.FILE), "--quiet", "--engine", "compiled"]
        command += ["--replications", "1", "--out", folder, *(word for change in changes for word in ("--set", change))]
        whole = process.run(command, cwd=ROOT, env=_AS_INSTALLED)
        [manifest] = Path(folder).rglob("manifest.json")
        told: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        written_B = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return Run(whole, told["phases_s"], written_B)


def compare(questions: list[Question], runs: int) -> Table:
    """A column for each question; all of them in turn."""
    run(Question(1000, False))  # compiled, if it was not
    rounds = [[run(question) for question in questions] for _ in range(runs)]
    columns = [[of_round[place] for of_round in rounds] for place in range(len(questions))]
    phases = [phase for phase in rounds[0][0].phases_s if all(phase in each.phases_s for each in rounds[0])]
    rows = [
        (f"{phase}, s", *(spread([each.phases_s[phase] for each in column]) for column in columns)) for phase in phases
    ]
    rows += [
        ("whole command, s", *(spread([each.whole.wall_s for each in column]) for column in columns)),
        ("CPU, s", *(spread([each.whole.cpu_s for each in column]) for column in columns)),
        ("peak memory, MB", *(spread([each.whole.peak_B / 1e6 for each in column]) for column in columns)),
        ("written, MB", *(spread([each.written_B / 1e6 for each in column]) for column in columns)),
    ]
    return Table(
        f"fota-sim run scenarios/mixed_40000.yaml --replications 1, scaled, {runs} of each",
        ("devices", *map(str, questions)),
        rows,
    )


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--devices", type=int, nargs="*", default=SIZES)
    parser.add_argument("--events", type=int, nargs="*", default=WITH_EVENTS)
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    script.begin(asked.smallest)
    sizes, events = ([600], [600]) if asked.smallest else (asked.devices, asked.events)
    questions = [*(Question(each, False) for each in sizes), *(Question(each, True) for each in events)]
    script.show(compare(questions, 1 if asked.smallest else asked.runs))


if __name__ == "__main__":
    main()
