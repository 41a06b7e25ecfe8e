"""The long hunt for an input that ends in a traceback, or does not end.

    python benchmarks/fuzz.py [scenario|csv|list|at|all] [HOW_MANY] [FIRST_SEED]

Spoils scenarios, fleet files, lists of ids and AT lines (tests/hostile), one for each seed, and does with each what
``fota-sim validate --fleet`` and ``run`` do. Prints what became of them and the slowest. What ends in anything but an
answer or a sentence is kept in a folder fuzz-KIND-SEED, and shown; the exit code is then 1.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "hostile"))

from comparisons import script
from trials import TRIALS

_SMALLEST = 5  # inputs of each kind


def hunt(kind: str, how_many: int, first: int) -> int:
    """Try so many spoiled inputs of one kind; the number of findings."""
    became: Counter[str] = Counter()
    slowest_s, slowest, findings = 0.0, first, 0
    folder = Path(f"fuzz-{kind}")
    folder.mkdir(exist_ok=True)
    for seed in range(first, first + how_many):
        began = time.perf_counter()
        try:
            became[TRIALS[kind](folder, Random(seed))] += 1
        except Exception:  # whatever it is, it is a finding
            findings += 1
            kept = folder.rename(f"fuzz-{kind}-{seed}")
            folder.mkdir()
            print(f"{kept}:\n{traceback.format_exc()}")
        took_s = time.perf_counter() - began
        if took_s > slowest_s:
            slowest_s, slowest = took_s, seed
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    words = ", ".join(f"{count:,} {word}" for word, count in became.most_common())
    print(f"{kind}: {words}; {findings} findings; the slowest took {slowest_s:.2f} s (seed {slowest})")
    return findings


def main() -> int:
    """Hunt as the command line says."""
    parser = script.parser(__doc__)
    parser.add_argument("kind", nargs="?", default="all", choices=("all", *TRIALS))
    parser.add_argument("how_many", nargs="?", type=int, default=1000)
    parser.add_argument("first", nargs="?", type=int, default=0, metavar="first_seed")
    asked = parser.parse_args()
    kinds = list(TRIALS) if asked.kind == "all" else [asked.kind]
    how_many = _SMALLEST if asked.smallest else asked.how_many
    return 1 if sum(hunt(kind, how_many, asked.first) for kind in kinds) else 0


if __name__ == "__main__":
    sys.exit(main())
