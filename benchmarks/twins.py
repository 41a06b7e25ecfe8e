"""The long hunt for a scenario that the two engines play differently.

    python benchmarks/twins.py [HOW_MANY] [FIRST_SEED]

Plays random scenarios (tests/engines/scenarios_strategy.py), one for each seed, with both engines and compares
everything they leave. Prints how much was compared. What differs is made smaller for some minutes, saved as
twins-SEED.json for ``fota-sim doctor --twins``, and described; the exit code is then 1.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "engines"))

from comparisons import script
from scenarios_dice import Dice
from scenarios_strategy import scenario_text

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.engines.twins import Engine, Tally, describe, play_both
from fota_sim.scenario.loader import parse_scenario

SHRINKING_S = 180.0
"""How long one finding is made smaller."""

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


def outcome(text: str, first: Engine, second: Engine, tally: Tally) -> tuple[str, Tally]:
    """What differs between two engines on a scenario, or an empty text, and the tally with what was compared."""
    scenario = parse_scenario(text)
    for replication in range(scenario.replications):
        try:
            found = play_both(scenario, replication, first, second)
        except Exception:  # an engine that fails is a finding as well
            return traceback.format_exc(), tally
        if found:
            return f"replication {replication}: {describe(found, 'reference', 'compiled')}", tally
        tally = tally.plus(found)
    return "", tally


def shrunk(numbers: list[int], first: Engine, second: Engine) -> list[int]:
    """Fewer and lower numbers whose scenario the engines still play differently."""
    until = time.monotonic() + SHRINKING_S
    size = len(numbers) // 2
    while size:
        start = 0
        while start < len(numbers) and time.monotonic() < until:
            head, block, tail = numbers[:start], numbers[start : start + size], numbers[start + size :]
            for simpler in ([*head, *tail], [*head, *[0] * len(block), *tail]):
                text = scenario_text(Dice(replayed(simpler)))
                if simpler != numbers and outcome(text, first, second, Tally())[0]:
                    break
            else:
                simpler = numbers
            if len(simpler) == len(numbers):  # else what follows has moved here
                start += size
            numbers = simpler
        size //= 2
    return numbers


def hunt(how_many: int, first_seed: int, first: Engine, second: Engine) -> bool:
    """Compare the engines on so many scenarios; whether they agree on all."""
    tally, began = Tally(), time.monotonic()
    for played in range(how_many):
        seed = first_seed + played
        numbers: list[int] = []
        difference, tally = outcome(scenario_text(Dice(recorded(seed, numbers))), first, second, tally)
        if difference:
            print(f"seed {seed} differs; making it smaller", flush=True)
            text = scenario_text(Dice(replayed(shrunk(numbers, first, second))))
            Path(f"twins-{seed}.json").write_text(text, encoding="utf-8")
            print(f"{text}\n\n{outcome(text, first, second, tally)[0]}\n\nsaved as twins-{seed}.json", flush=True)
            return False
        if (played + 1) % 50 == 0 or played + 1 == how_many:
            print(f"{played + 1} scenarios, {tally}, {time.monotonic() - began:.0f} s: the engines agree", flush=True)
    return True


def main() -> None:
    """Hunt; the exit code is 1 if the engines differ."""
    parser = script.parser(__doc__)
    parser.add_argument("how_many", nargs="?", type=int, default=500, help="scenarios")
    parser.add_argument("first_seed", nargs="?", type=int, default=0)
    asked = parser.parse_args()
    how_many = 2 if asked.smallest else asked.how_many
    sys.exit(0 if hunt(how_many, asked.first_seed, reference, compiled) else 1)


if __name__ == "__main__":
    main()
