"""Measure what the library proves and write scenarios/library/README.md: ``python tests/library/library_table.py``."""

from __future__ import annotations

import sys

from library_proofs import PROOFS, SCENARIOS, Proof, difference, interval, played, values

REPLICATIONS = 20

INTRO = """# The scenario library

Twenty-three situations that people who run updates have met, each with the trouble and at least one control that cures
it, as named strategies of one scenario. The head of each file says what it teaches, where to look, and the thread it
comes from.

```
fota-sim compare scenarios/library/silent_brick.yaml
fota-sim run scenarios/library/silent_brick.yaml --strategy report-timeout
```

The fleets are small and made up so that the trouble shows: a number here says what a mechanism does, not what your
fleet will do. The cure of one number often costs another, and the column on the right says what became of the share of
upgraded devices. A rollout that stops because the release is bad upgrades next to nobody, and is meant to.

Measured by `python tests/library/library_table.py` with {replications} replications and seed 1. Both strategies meet
the same fleet with the same luck; the interval is the 95 % Student interval of the paired differences.
`tests/library` asks of every row, with {few} replications, that the whole interval is on the side of the cure.

| Situation | Trouble → cure | Number | Trouble | Cure | Difference (95 % interval) | Upgraded, of the fleet |
|---|---|---|---|---|---|---|
"""

AFTERWORD = """
`hidden_regression_hw_rev` and `weak_signal_tail` stand one folder up, with the first scenarios.
"""


def row(proof: Proof) -> str:
    """One line of the table."""
    found = difference(proof, REPLICATIONS)
    ends = interval(found)
    number = played(proof.path, proof.cure, REPLICATIONS)[0][proof.metric]
    link = f"{proof.path.stem}.yaml" if proof.file.startswith("library/") else f"../{proof.file}"
    upgraded = [
        _mean([runs["success_of_fleet"].value for runs in played(proof.path, strategy, REPLICATIONS)])
        for strategy in (proof.trouble, proof.cure)
    ]
    cells = [
        f"[{proof.path.stem}]({link})",
        f"`{proof.trouble}` → `{proof.cure}`",
        number.label,
        _shown(_mean(values(proof, proof.trouble, REPLICATIONS)), number.unit),
        _shown(_mean(values(proof, proof.cure, REPLICATIONS)), number.unit),
        _change(found.value, ends, number.unit),
        f"{upgraded[0]:.1%} → {upgraded[1]:.1%}".replace("%", " %"),
    ]
    return "| " + " | ".join(cells) + " |"


def _mean(found: list[float | None]) -> float:
    known = [value for value in found if value is not None]
    if len(known) < len(found):
        raise ValueError("a replication has no value; prove it with another number")
    return sum(known) / len(known)


_SCALE = {"share": (100.0, " %", 2), "B": (1e-6, " MB", 1), "J": (1e-3, " kJ", 2), "EUR": (1.0, " EUR", 0)}


def _shown(value: float, unit: str, sign: str = "") -> str:
    factor, word, digits = _SCALE.get(unit, (1.0, "", 1))
    return f"{value * factor:{sign},.{digits}f}{word}"


def _change(value: float | None, ends: tuple[float, float] | None, unit: str) -> str:
    if value is None or ends is None:
        raise ValueError("no interval; prove it with another number")
    whole = _shown(value, unit, "+")
    if unit == "share":
        whole = whole.replace(" %", " points")
    low, high = (_shown(end, unit, "+").split(" ")[0] for end in ends)
    return f"{whole} ({low} to {high})"


def main() -> None:
    """Write the table; every row is told as it is measured."""
    lines = []
    for proof in PROOFS:
        lines.append(row(proof))
        print(lines[-1], file=sys.stderr)
    text = INTRO.format(replications=REPLICATIONS, few=5) + "\n".join(lines) + "\n" + AFTERWORD
    (SCENARIOS / "library" / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
