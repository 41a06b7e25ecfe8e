"""The first five minutes: the README's first command in a fresh clone on a machine that never saw fota-sim.

    python benchmarks/newcomer.py [--rounds N]

Clones what is committed here into a temporary folder and gives it a home of its own, so that pip and the compiler begin
with empty caches; runs the command step by step, as it is printed. Then the same in a second clone with a second
environment beside it: another checkout of the same user. Packages come over the network.

``--smallest`` clones, and finds the command and its steps. Nothing is installed: the environment of the Python that
runs this takes the place of the one that the command makes, and its last step is run in that.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from comparisons import process, script
from comparisons.measure import Table, spread
from comparisons.process import Spent

ROOT = Path(__file__).resolve().parents[1]
STEPS = {"venv": "python3 -m venv .venv", "pip": ".venv/bin/pip install", "run": ".venv/bin/fota-sim run"}
"""The steps that the README's first command has, by how each begins."""
_COMMAND = re.compile(r"^## Two commands$.*?^```\w*\n(.+?)\n```$", re.MULTILINE | re.DOTALL)
_CLONES = ("first", "second")


def steps_of(readme: str) -> dict[str, str]:
    """The steps of the README's first command; raises SystemExit if they are not those that are known here."""
    found = _COMMAND.search(readme)
    steps = found.group(1).split(" && ") if found else []
    if len(steps) != len(STEPS) or not all(map(str.startswith, steps, STEPS.values())):
        raise SystemExit(f"README.md, Two commands: the first has to be {' ... && '.join(STEPS.values())} ...: {steps}")
    return dict(zip(STEPS, steps, strict=True))


def clone(to: Path) -> dict[str, str]:
    """Clone what is committed; the steps of its first command."""
    process.run(["git", "clone", "--quiet", str(ROOT), str(to)])
    return steps_of((to / "README.md").read_text(encoding="utf-8"))


def newcomer(home: Path) -> Mapping[str, str]:
    """The environment of somebody who never ran fota-sim, nor pip."""
    left = {"PYTHONPATH", "VIRTUAL_ENV", "PIP_CACHE_DIR"}
    env = {name: value for name, value in os.environ.items() if name not in left}
    return {
        **env,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "FOTA_SIM_CACHE": str(home / "cache" / "fota-sim"),
    }


def play(steps: Mapping[str, str], checkout: Path, env: Mapping[str, str]) -> dict[str, Spent]:
    """Each step in the shell, from the checkout."""
    return {name: process.run(["bash", "-c", step], cwd=checkout, env=env) for name, step in steps.items()}


def one_round() -> list[dict[str, Spent]]:
    """Both clones of a newcomer, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        places = [Path(folder) / name for name in _CLONES]
        return [play(clone(place), place, newcomer(home)) for place in places]


def without_installing() -> dict[str, Spent]:
    """The last step alone, in a clone whose environment is the one of this Python."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / _CLONES[0]
        steps = clone(checkout)
        (checkout / ".venv").symlink_to(sys.prefix, target_is_directory=True)
        return play({"run": steps["run"]}, checkout, os.environ)


def table(rounds: list[list[dict[str, Spent]]]) -> Table:
    """A row for each step, and their sum; for each clone, clock, CPU time and memory."""
    clones = list(zip(*rounds, strict=True))

    def cells(spent: list[list[Spent]]) -> tuple[str, ...]:
        return (
            spread([sum(each.wall_s for each in of_round) for of_round in spent]),
            spread([sum(each.cpu_s for each in of_round) for of_round in spent]),
            spread([max(each.peak_B for each in of_round) / 1e6 for of_round in spent]),
        )

    rows = [
        (name, *(cell for runs in clones for cell in cells([[run[name]] for run in runs]))) for name in rounds[0][0]
    ]
    rows.append(("whole command", *(cell for runs in clones for cell in cells([[*run.values()] for run in runs]))))
    header = [
        f"{name} clone, {what}" for name, _ in zip(_CLONES, clones, strict=False) for what in ("s", "CPU, s", "MB")
    ]
    return Table(
        f"The README's first command, {len(rounds)} round{'' if len(rounds) == 1 else 's'}", ("", *header), rows
    )


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    script.begin(asked.smallest)
    rounds = [[without_installing()]] if asked.smallest else [one_round() for _ in range(asked.rounds)]
    script.show(table(rounds))


if __name__ == "__main__":
    main()
