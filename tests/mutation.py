"""Do the tests of the rules see a wrong rule? Changes one place of one rule at a time, and counts who notices.

    pip install -e '.[dev,mutation]'
    python tests/mutation.py [--mutants 300] [--seed 1] [--workers 2] [--modules link zone ...]

Mutants are Cosmic Ray's: another operator, comparison or number, a condition turned round, a loop that does not run.
A place in the text is drawn first and then one of what can be done there, so that the eleven other operators for each
sum do not crowd out the comparisons. What changes nothing that runs (annotations, ``@rule`` itself) is not drawn.

A mutant is judged by tests/rules alone, on uncompiled rules: first by the tests named after its module, then by all.
It lives in a copy of the package, never in the working tree. Prints Markdown: counts by module, and each survivor.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from cosmic_ray.commands.init import _all_work_items
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parent.parent
RULES = Path("fota_sim/rules")
MACHINERY = ("__init__", "cache", "calls", "compiled", "compiling", "parts")
"""Modules of fota_sim/rules that compile rules and say nothing of the model."""
NOT_JUDGES = ("test_rules_cache.py", "test_rules_parts.py", "test_rules_same_bits.py")
"""Tests of that machinery; the last compares a rule with itself, so it cannot see that it is wrong."""
OPTIONS = ("-x", "-q", "-o", "addopts=", "-m", "not long", "-p", "no:cacheprovider", "--hypothesis-seed=0")
SEEN, SURVIVED, HUNG = "seen", "survived", "hung"
MEMORY_B = 6 << 30
"""A mutant may ask for 10 ** 10 ** 10."""


class Mutant(NamedTuple):
    """One place, and what is done there."""

    module: str
    line: int
    column: int
    operator: str
    occurrence: int

    def text(self) -> str:
        """The whole module with the change in it."""
        changed = mutate_code(_text(self.module), get_operator(self.operator)(), self.occurrence)
        ast.parse(changed)
        return str(changed)


def _text(module: str) -> str:
    return (ROOT / RULES / f"{module}.py").read_text(encoding="utf-8")


def _annotations(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where types are written, which nothing computes with."""
    written = []
    for node in ast.walk(ast.parse(text)):
        for field in ("annotation", "returns"):
            found = getattr(node, field, None)
            if found is not None:
                written.append(((found.lineno, found.col_offset), (found.end_lineno, found.end_col_offset)))
    return written


def mutants_of(module: str) -> Iterator[Mutant]:
    """Every mutant of a module of rules."""
    annotations = _annotations(_text(module))
    for item in _all_work_items([ROOT / RULES / f"{module}.py"], {}):
        (made,) = item.mutations
        if made.operator_name.endswith("/RemoveDecorator"):
            continue
        if not any(begin <= made.start_pos < end for begin, end in annotations):
            yield Mutant(module, *made.start_pos, made.operator_name, made.occurrence)


def sample(modules: list[str], number: int, seed: int) -> tuple[list[Mutant], int, int]:
    """``number`` mutants in random order, at different places; and of how many mutants, and at how many places."""
    places: dict[tuple[str, int, int], list[Mutant]] = defaultdict(list)
    for module in modules:
        for mutant in mutants_of(module):
            places[mutant[:3]].append(mutant)
    random_ = random.Random(seed)
    drawn = random_.sample(sorted(places), min(number, len(places)))
    return [random_.choice(places[place]) for place in drawn], sum(map(len, places.values())), len(places)


class Judge:
    """A copy of the package in which one mutant after the other is tried."""

    def __init__(self, folder: Path, timeout_s: float) -> None:
        self.folder = folder
        self.timeout_s = timeout_s
        ignored = shutil.ignore_patterns("__pycache__", *NOT_JUDGES)
        shutil.copytree(ROOT / "fota_sim", folder / "fota_sim", ignore=ignored)
        shutil.copytree(ROOT / "tests" / "rules", folder / "tests" / "rules", ignore=ignored)
        for name in ("tests/conftest.py", "tests/browser.py", "pyproject.toml"):
            shutil.copy(ROOT / name, folder / name)

    def passes(self, tests: list[str]) -> bool | None:
        """Whether these tests pass; None if they do not come to an end."""
        environment = {
            **os.environ,
            "FOTA_SIM_RULES": "python",
            "PYTHONPATH": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",  # two mutants may have one size and one second
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *OPTIONS, *tests],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY_B, MEMORY_B))
        try:
            return process.wait(self.timeout_s) == 0
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return None
        finally:
            shutil.rmtree(self.folder / ".hypothesis", ignore_errors=True)

    def verdict(self, mutant: Mutant) -> str:
        """What becomes of a mutant."""
        path = self.folder / RULES / f"{mutant.module}.py"
        path.write_text(mutant.text(), encoding="utf-8")
        own = sorted(self.folder.glob(f"tests/rules/test_rules_{mutant.module}*.py"))
        try:
            for tests in ([*map(str, own)], ["tests/rules"]):
                passes = self.passes(tests) if tests else True
                if not passes:
                    return HUNG if passes is None else SEEN
        finally:
            shutil.copy(ROOT / RULES / path.name, path)
        return SURVIVED


def _told(mutant: Mutant) -> str:
    operator = mutant.operator.partition("/")[2]
    lines = difflib.ndiff(_text(mutant.module).splitlines(), mutant.text().splitlines())
    changed = " ".join(f"`{line[0]} {line[1:].strip()}`" for line in lines if line[0] in "+-")
    return f"{mutant.module}.py:{mutant.line}:{mutant.column} {operator}: {changed}"


def _commit() -> str:
    def said(*what: str) -> str:
        return subprocess.run(["git", *what], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    return said("rev-parse", "--short=12", "HEAD") + (" and changes" if said("status", "--porcelain") else "")


def main() -> None:
    """Draw, judge, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    of_the_model = sorted(p.stem for p in (ROOT / RULES).glob("*.py") if p.stem not in MACHINERY)
    parser.add_argument("--mutants", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--modules", nargs="+", choices=of_the_model, default=of_the_model, metavar="MODULE")
    parser.add_argument("--timeout", type=float, default=180.0, help="seconds for one run of tests")
    options = parser.parse_args()
    mutants, of_mutants, of_places = sample(options.modules, options.mutants, options.seed)
    drawn = f"{len(mutants)} of {of_mutants:,} mutants, at {len(mutants)} of {of_places:,} places"
    print(f"Commit {_commit()}; `python tests/mutation.py {' '.join(sys.argv[1:])}`: {drawn}.")

    with tempfile.TemporaryDirectory() as folder:
        judges: SimpleQueue[Judge] = SimpleQueue()
        for number in range(options.workers):
            judges.put(Judge(Path(folder) / str(number), options.timeout))
        judge = judges.get()
        if not judge.passes(["tests/rules"]):
            raise SystemExit("tests/rules do not pass without any mutant; nothing was judged")
        judges.put(judge)

        def judged(mutant: Mutant) -> tuple[Mutant, str]:
            judge = judges.get()
            try:
                return mutant, judge.verdict(mutant)
            finally:
                judges.put(judge)

        verdicts: dict[str, Counter[str]] = defaultdict(Counter)
        survivors = []
        with ThreadPoolExecutor(options.workers) as pool:
            for number, (mutant, verdict) in enumerate(pool.map(judged, mutants), 1):
                verdicts[mutant.module][verdict] += 1
                if verdict == SURVIVED:
                    survivors.append(mutant)
                print(f"{number}/{len(mutants)} {verdict}: {_told(mutant)}", file=sys.stderr, flush=True)

    print("\n| Module | Mutants | Seen | of these by hanging | Survived |\n|---|---|---|---|---|")
    total = sum(verdicts.values(), Counter())
    for name, counts in [*sorted(verdicts.items()), ("all", total)]:
        seen = counts[SEEN] + counts[HUNG]
        print(f"| {name} | {counts.total()} | {seen} | {counts[HUNG]} | {counts[SURVIVED]} |")
    print(f"\n{(total.total() - total[SURVIVED]) / total.total():.1%} seen. Survivors:\n")
    for mutant in sorted(survivors):
        print(f"* {_told(mutant)}")


if __name__ == "__main__":
    main()
