"""The long hunt for a scenario that the two engines play differently.

    python benchmarks/twins.py [HOW_MANY] [FIRST_SEED] [--workers N] [--all] [--bounds]

Plays random scenarios (tests/engines/scenarios_strategy.py), one for each seed, with both engines and compares
everything they leave. Prints how much was compared. The first that differs is made smaller for some minutes, saved in
the folder twins-SEED for ``fota-sim doctor --twins``, and described; the exit code is then 1. With ``--all`` the hunt
goes on to its end, and whatever differs is saved as it was drawn. ``--bounds`` hunts with a build of the compiled
engine that asks of every index whether it is within its array (docs/design.md, Bounds); an index that is not is a
finding. The smallest form plays both builds.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "engines"))

from comparisons import machine, script
from scenarios_dice import Dice
from scenarios_strategy import Drawn, drawn

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.engines.twins import Tally, describe, play_both
from fota_sim.errors import ScenarioError
from fota_sim.rules.bounds import BOUNDS

SHRINKING_S = 180.0
"""How long one finding is made smaller."""
CHUNK = 25
"""Scenarios that a worker is given at a time."""

Number = Callable[[int, int], int]


def recorded(seed: int, numbers: list[int]) -> Number:
    """Numbers of a seed, noted in ``numbers``."""
    luck = random.Random(seed)

    def number(low: int, high: int) -> int:
        numbers.append(luck.randint(low, high))
        return numbers[-1]

    return number


def replayed(numbers: list[int]) -> Number:
    """Noted numbers once more, each kept within what is asked for; the lowest when there are no more."""
    left = iter(numbers)
    return lambda low, high: min(high, max(low, next(left, low)))


def difference(one: Drawn) -> tuple[str, Tally]:
    """What differs between the engines on a scenario, or an empty text, and how much was compared before that."""
    tally = Tally()
    with one.scenario() as scenario:
        for replication in range(scenario.replications):
            try:
                found = play_both(scenario, replication, reference, compiled)
            except Exception:  # an engine that fails is a finding as well
                return traceback.format_exc(), tally
            if found:
                return f"replication {replication}: {describe(found, 'reference', 'compiled')}", tally
            tally = tally.plus(found)
    return "", tally


def shrunk(seed: int) -> Drawn:
    """A smaller scenario than that of the seed that the engines still play differently."""
    numbers: list[int] = []
    drawn(Dice(recorded(seed, numbers)))
    until = time.monotonic() + SHRINKING_S
    size = len(numbers) // 2
    while size:
        start = 0
        while start < len(numbers) and time.monotonic() < until:
            head, block, tail = numbers[:start], numbers[start : start + size], numbers[start + size :]
            for simpler in ([*head, *tail], [*head, *[0] * len(block), *tail]):
                if simpler != numbers and difference(drawn(Dice(replayed(simpler))))[0]:
                    break
            else:
                simpler = numbers
            if len(simpler) == len(numbers):  # else what follows has moved here
                start += size
            numbers = simpler
        size //= 2
    return drawn(Dice(replayed(numbers)))


def compared(seeds: range) -> tuple[int, Tally, list[int]]:
    """How many scenarios were played, how much was compared, and the seeds that differ."""
    total, differing = Tally(), []
    for seed in seeds:
        try:
            told, tally = difference(drawn(Dice(recorded(seed, []))))
        except ScenarioError:  # the dice drew what is refused, which is told at the end
            told, tally = "refused", Tally()
        total += tally
        if told:
            differing.append(seed)
    return len(seeds), total, differing


def played(chunks: list[range], workers: int) -> Iterator[tuple[int, Tally, list[int]]]:
    """Each chunk compared, as they come; by so many processes if there is more than one."""
    if workers == 1:
        yield from map(compared, chunks)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        turns = [pool.submit(compared, chunk) for chunk in chunks]
        try:
            for turn in as_completed(turns):
                yield turn.result()
        finally:
            pool.shutdown(cancel_futures=True)


def tell(seed: int, smaller: bool) -> None:
    """Save what differs and describe it."""
    found = shrunk(seed) if smaller else drawn(Dice(recorded(seed, [])))
    folder = Path(f"twins-{seed}")
    folder.mkdir(exist_ok=True)
    path = found.save(folder / "scenario.json")
    print(f"{found}\n\n{difference(found)[0]}\n\nsaved as {path}", flush=True)


def hunt(how_many: int, first_seed: int, workers: int, to_the_end: bool) -> bool:
    """Compare the engines on so many scenarios; whether they agree on all."""
    last = first_seed + how_many
    chunks = [range(seed, min(seed + CHUNK, last)) for seed in range(first_seed, last, CHUNK)]
    tally, done, began = Tally(), 0, time.monotonic()
    differing: list[int] = []
    for count, more, found in played(chunks, workers):
        done, tally = done + count, tally + more
        differing += found
        if found and not to_the_end:
            break
        told = f"{len(differing)} differ" if differing else "the engines agree"
        if done % (4 * CHUNK) == 0 or done == how_many:
            print(f"{done:,} scenarios, {tally}, {time.monotonic() - began:.0f} s: {told}", flush=True)
    for seed in differing if to_the_end else differing[:1]:
        print(f"seed {seed} differs{'' if to_the_end else '; making it smaller'}", flush=True)
        try:
            tell(seed, smaller=not to_the_end)
        except ScenarioError as error:
            print(f"seed {seed} is refused, so the dice are wrong: {error}", flush=True)
    return not differing


def main() -> None:
    """Hunt; the exit code is 1 if the engines differ."""
    parser = script.parser(__doc__)
    parser.add_argument("how_many", nargs="?", type=int, default=500, help="scenarios")
    parser.add_argument("first_seed", nargs="?", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1, help="processes that play side by side")
    parser.add_argument("--all", action="store_true", help="go on after a difference, and make nothing smaller")
    parser.add_argument("--bounds", action="store_true", help="play the build with bounds checks")
    asked = parser.parse_args()
    if asked.bounds and not BOUNDS:
        begin_anew_with_bounds(sys.argv)
    print(f"{'With bounds checks. ' * BOUNDS}{machine.described()}", flush=True)
    how_many = 2 if asked.smallest else asked.how_many
    agree = hunt(how_many, asked.first_seed, asked.workers, asked.all)
    if asked.smallest and agree and not BOUNDS:
        begin_anew_with_bounds(sys.argv)
    sys.exit(0 if agree else 1)


def begin_anew_with_bounds(command: list[str]) -> NoReturn:
    """Become a process whose compiled code checks its indices: that is decided when rules are imported."""
    os.execve(sys.executable, [sys.executable, *command], {**os.environ, "FOTA_SIM_BOUNDS": "1"})


if __name__ == "__main__":
    main()
