"""Measure the simulator against queueing theory: ``python docs/validation.py``, from anywhere, some minutes.

Prints the tables of docs/validation.md as Markdown and draws docs/validation.png.
"""
# ruff: noqa: T201

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "validation"))

from queue_theory import erlang_b, interval, m_d_1_shared, m_d_c  # noqa: E402
from queue_world import SERVICE_S, Measured, observe, queue  # noqa: E402

from fota_sim.scenario.model import Scenario  # noqa: E402

REPLICATIONS = 20
DEVICES = 100_000
SHARING_DEVICES = 20_000
LOADS = (0.5, 0.7, 0.9)
CONNECTIONS = (1, 4, 20)
SEGMENTS = (1, 4, 16, 64)
LONGEST = 9.0
"""Longest service time over the shortest, where service varies: its logarithm is uniform, so its mean is 8 / ln 9."""
VARYING_MEAN = (LONGEST - 1.0) / 2.1972245773362196


class Row(NamedTuple):
    """One number of theory beside what was measured, with its 95 % interval."""

    what: str
    connections: int
    load: float
    theory: float
    mean: float
    low: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether the interval contains the theory's value."""
        return self.low <= self.theory <= self.high


def row(what: str, connections: int, load: float, theory: float, runs: Sequence[float]) -> Row:
    """The row of what some replications showed."""
    return Row(what, connections, load, theory, *interval(list(runs)))


def played(scenario: Scenario) -> list[Measured]:
    """All replications of a scenario; the compiled engine plays side by side."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda replication: observe(scenario, replication), range(REPLICATIONS)))


def waiting() -> list[Row]:
    """Connections with a line before them, against M/D/c."""
    rows = []
    for c in CONNECTIONS:
        for load in LOADS:
            runs = played(queue(load * c, DEVICES, f"{{connections: {c}, when_full: queue}}", seed=11))
            theory = m_d_c(load * c, c)
            rows.append(row("share that waits", c, load, theory.waits, [run.waits for run in runs]))
            rows.append(row("mean wait / service", c, load, theory.mean, [run.mean_wait for run in runs]))
    return rows


def blocking() -> list[Row]:
    """Connections without a line, against Erlang B, for constant and for widely varying downloads."""
    rows = []
    for what, longest, mean in (("constant", 1.0, 1.0), ("varying", LONGEST, VARYING_MEAN)):
        for c in CONNECTIONS:
            for load in LOADS:
                server = f"{{connections: {c}, when_full: refuse}}"
                scenario = queue(load * c / mean, DEVICES, server, seed=12, slowest_s=longest * SERVICE_S)
                runs = [run.turned_away for run in played(scenario)]
                rows.append(row(f"turned away, {what} service", c, load, erlang_b(load * c, c), runs))
    return rows


def sharing() -> dict[int, list[Row]]:
    """The server's egress, against processor sharing, by the number of segments of a download."""
    found: dict[int, list[Row]] = {}
    measures: tuple[tuple[str, Callable[[Measured], float]], ...] = (
        ("finds nobody", lambda run: run.alone),
        ("mean time / alone", lambda run: run.mean_download),
        ("sd of time / alone", lambda run: run.sd_download),
    )
    for segments in SEGMENTS:
        found[segments] = []
        for load in LOADS:
            runs = played(queue(load, SHARING_DEVICES, "", seed=13, segments=segments, egress_alone=True))
            for (what, of), theory in zip(measures, m_d_1_shared(load), strict=True):
                found[segments].append(row(what, 1, load, theory, [of(run) for run in runs]))
    return found


def show(title: str, rows: Sequence[Row]) -> None:
    """Print rows as a table in Markdown."""
    print(f"\n{title}\n\n| what | connections | load | theory | simulated | 95 % interval | |")
    print("|---|---|---|---|---|---|---|")
    for each in rows:
        verdict = "in" if each.inside else "**out**"
        ends = f"{each.low:.5f} to {each.high:.5f}"
        shown = f"{each.theory:.5f} | {each.mean:.5f} | {ends} | {verdict}"
        print(f"| {each.what} | {each.connections} | {each.load} | {shown} |")
    print(f"\n{sum(each.inside for each in rows)} of {len(rows)} intervals contain the value of theory.")


def panel(axes: Axes, rows: Sequence[Row], curve: Callable[[float, int], float], label: str) -> None:
    """Curves of theory over the load, and intervals of the simulator on them."""
    loads = [0.3 + 0.01 * i for i in range(64)]
    for number, c in enumerate(CONNECTIONS):
        colour = f"C{number}"
        axes.plot(loads, [curve(load, c) for load in loads], color=colour, lw=1, label=f"{c}")
        own = [each for each in rows if each.connections == c]
        bars = [[each.mean - each.low for each in own], [each.high - each.mean for each in own]]
        axes.errorbar([each.load for each in own], [each.mean for each in own], bars, fmt="o", ms=4, color=colour)
    axes.set_xlabel("load of a connection")
    axes.set_ylabel(label)
    axes.legend(title="connections", frameon=False)


def draw(waits: Sequence[Row], blocked: Sequence[Row], shared: dict[int, list[Row]]) -> None:
    """Write docs/validation.png."""
    figure, ((first, second), (third, fourth)) = plt.subplots(2, 2, figsize=(10, 7.2), layout="constrained")
    lines = "lines: theory; points: simulator, 95 % interval"
    figure.suptitle(f"Downloads that share a server, beside queueing theory ({lines})", fontsize=11)
    means = [each for each in waits if each.what.startswith("mean")]
    panel(first, means, lambda load, c: m_d_c(load * c, c).mean, "mean wait / download time")
    first.set_yscale("log")
    first.set_ylim(1e-5, 20)
    first.set_title("Waiting in line: M/D/c")
    shares = [each for each in waits if each.what.startswith("share")]
    panel(second, shares, lambda load, c: m_d_c(load * c, c).waits, "share that waits")
    second.set_title("Who waits: M/D/c")
    constant = [each for each in blocked if "constant" in each.what]
    panel(third, constant, lambda load, c: erlang_b(load * c, c), "share turned away")
    for each in blocked:
        if "varying" in each.what:
            third.plot(each.load, each.mean, "x", color="black", ms=7)
    third.plot([], [], "x", color="black", label="varying downloads")
    third.legend(title="connections", frameon=False)
    third.set_title("Turned away when full: Erlang B")
    for number, load in enumerate(LOADS):
        theory = m_d_1_shared(load).sd
        own = [each for rows in shared.values() for each in rows if each.what.startswith("sd") and each.load == load]
        bars = [[(each.mean - each.low) / theory for each in own], [(each.high - each.mean) / theory for each in own]]
        at = [count * (1.0 + 0.06 * number) for count in SEGMENTS]
        fourth.errorbar(at, [each.mean / theory for each in own], bars, fmt="o-", ms=4, lw=1, label=f"{load}")
    fourth.axhline(1.0, color="grey", lw=1)
    fourth.set_xscale("log", base=2)
    fourth.set_xticks(SEGMENTS, [str(count) for count in SEGMENTS])
    fourth.set_xlabel("segments of a download")
    fourth.set_ylabel("deviation of download time / theory")
    fourth.legend(title="load", frameon=False)
    fourth.set_title("Shared egress: spread against processor sharing")
    for axes in (first, second, third, fourth):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(HERE / "validation.png", dpi=110)


if __name__ == "__main__":
    waits, blocked, shared = waiting(), blocking(), sharing()
    show("Waiting", waits)
    show("Turned away", blocked)
    for segments, rows in shared.items():
        show(f"Shared egress, {segments} segments", rows)
    draw(waits, blocked, shared)
