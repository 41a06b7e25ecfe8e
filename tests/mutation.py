"""Do the tests of the rules see a wrong rule? Changes one place of one rule at a time, and counts who notices.

    pip install -e '.[dev,mutation]'
    python tests/mutation.py [--mutants 300] [--seed 1] [--workers 2] [--modules link zone ...]

Mutants are Cosmic Ray's: another operator, comparison or number, a condition turned round, a loop that does not run.
A place in the text is drawn first and then one of what can be done there, so that the eleven other operators for each
sum do not crowd out the comparisons. Types and ``@rule`` itself, with which nothing is computed here, are left alone.

A mutant is judged by tests/rules alone, on uncompiled rules: first by the tests named after its module, then by all.
It lives in a copy of the package, never in the working tree. Prints Markdown: counts by module, and each survivor.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import difflib
import multiprocessing
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import NamedTuple

import pytest
from cosmic_ray.commands.init import _all_work_items
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parent.parent
RULES = Path("fota_sim/rules")
MACHINERY = ("__init__", "bounds", "cache", "calls", "compiled", "compiling", "parts")
"""Modules of fota_sim/rules that compile rules and say nothing of the model."""
NOT_JUDGES = ("test_rules_cache.py", "test_rules_parts.py", "test_rules_same_bits.py")
"""Tests of that machinery; the last compares a rule with itself, so it cannot see that it is wrong."""
OPTIONS = (
    "-x",
    "-q",
    "--assert=plain",
    "-o",
    "addopts=",
    "-m",
    "not long",
    "-p",
    "no:cacheprovider",
    "--hypothesis-seed=0",
)
NOT_OF_NUMBERS = ("RemoveDecorator", "_Is", "_IsNot")
"""Operators that are not used: whether two equal numbers are one object is not for a rule to say."""
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
        if made.operator_name.endswith(NOT_OF_NUMBERS):
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


PRELOADED = ("hypothesis.strategies", "numba", "pandas", "pydantic", "ruamel.yaml", "scipy.special", "scipy.stats")
"""What tests of rules import besides the package: loaded once, and there in every child."""
FORK = multiprocessing.get_context("fork")


def _tests(folder: Path, tests: list[str]) -> None:
    """Run these tests in this process, on uncompiled rules, and end it with their exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_B, MEMORY_B))
    os.environ["FOTA_SIM_RULES"] = "python"
    os.chdir(folder)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    os._exit(pytest.main([*OPTIONS, *tests]))


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
        # By what stands in a file, not by its size and time: two mutants may have those in common.
        compileall.compile_dir(folder, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)

    def passes(self, tests: list[str]) -> bool | None:
        """Whether these tests pass; None if they do not come to an end."""
        process = FORK.Process(target=_tests, args=(self.folder, tests))
        process.start()
        process.join(self.timeout_s)
        ended = not process.is_alive()
        process.kill()
        process.join()
        shutil.rmtree(self.folder / ".hypothesis", ignore_errors=True)  # what broke one mutant is not tried on the next
        return process.exitcode == 0 if ended else None

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


_judge: Judge
"""This worker's own."""


def _begin(folder: Path, timeout_s: float) -> None:
    global _judge  # noqa: PLW0603
    _judge = Judge(folder / str(os.getpid()), timeout_s)


def _passes(tests: list[str]) -> bool | None:
    return _judge.passes(tests)


def _verdict(mutant: Mutant) -> str:
    return _judge.verdict(mutant)


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
    print(f"Commit {_commit()}; `{' '.join(('python tests/mutation.py', *sys.argv[1:]))}`: {drawn}.")

    for name in PRELOADED:
        import_module(name)

    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    survivors = []
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(options.workers, FORK, _begin, (Path(folder), options.timeout)) as pool,
    ):
        if not pool.submit(_passes, ["tests/rules"]).result():
            raise SystemExit("tests/rules do not pass without any mutant; nothing was judged")
        for number, (mutant, verdict) in enumerate(zip(mutants, pool.map(_verdict, mutants), strict=True), 1):
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
