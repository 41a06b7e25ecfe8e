"""What the platform believes of its devices, against what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from fota_sim.analysis.answers.wording import count_of, number_text
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.run.study import Study
from fota_sim.report.figures.style import SMALL_PT, WIDTH_IN, broken, footnote, headline, new_figure, styled
from fota_sim.report.figures.words import all_of, outcome_name, replications, share_with_interval
from fota_sim.report.palette import BLACK, FAINT_GREY, PALE_ORANGE, PALE_SKY
from fota_sim.rules.labels import BELIEFS, OUTCOMES

_UPGRADED = "Upgraded"
_ON_TARGET = ("upgraded", "already_on_target")
_COLUMN_IN = 0.95
NOBODY: dict[str, Any] = {"fc": "white", "ec": FAINT_GREY, "lw": 1}
NO_ERROR: dict[str, Any] = {"fc": PALE_SKY, "lw": 0}
ERROR: dict[str, Any] = {"fc": PALE_ORANGE, "ec": BLACK, "lw": 1.8}
"""How cells look; errors have a frame as well, which grey print keeps."""


@styled
def belief_figure(study: Study) -> Figure:
    """A table of devices: a row for each belief, a column for each outcome; where the platform errs stands out."""
    counts = {(row["belief"], row["outcome"]): row["count"] for row in study.summary["beliefs"]}
    rows = [belief for belief in BELIEFS if any(belief == each for each, _ in counts)]
    columns = [outcome for outcome in OUTCOMES if any(outcome == each for _, each in counts)]
    figure = new_figure(2.4 + 0.5 * len(rows), max(WIDTH_IN, 1.8 + _COLUMN_IN * len(columns)))
    axes = figure.subplots()
    fleet = sum(counts.values())
    for y, belief in enumerate(rows):
        for x, outcome in enumerate(columns):
            count = counts.get((belief, outcome), 0)
            _cell(axes, (x, y), NOBODY if not count else ERROR if errs(belief, outcome) else NO_ERROR)
            mean = number_text(count / study.summary["replications"])
            text = f"{mean}\n{format_value(count / fleet, 'share')}"
            axes.text(x, y, text if count else "0", ha="center", va="center", fontsize=SMALL_PT, color=BLACK)
    axes.set_xlim(-0.5, max(len(columns), 4) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), [broken(outcome_name(each), _COLUMN_IN, SMALL_PT) for each in columns])
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xlabel("what became of the device", x=len(columns) / (2 * max(len(columns), 4)))
    axes.set_ylabel("platform's status")
    handles = [Patch(**NO_ERROR, label="no error about who is upgraded"), Patch(**ERROR, label="error")]
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2)
    headline(figure, belief_finding(study))
    shares = f"Shares are of {all_of(study.summary['devices'], 'device')}; {replications(study)}."
    shown = study.summary["metrics"]["success_as_platform_shows"]
    rate = "" if shown["value"] is None else f" Success rate as the platform shows it: {share_with_interval(shown)}."
    footnote(figure, shares + rate)
    return figure


def belief_finding(study: Study) -> str:
    """How often the platform is right about who is upgraded, and which errors it makes."""
    metrics = study.summary["metrics"]
    right = share_with_interval(metrics["belief_agreement"], "of all devices")
    text = f"The platform is right about who is upgraded for {right}"
    wrong = [row for row in study.summary["beliefs"] if errs(row["belief"], row["outcome"])]
    count = study.summary["replications"]
    parts = []
    for rows, what in (
        ([row for row in wrong if row["belief"] == _UPGRADED], "believed upgraded are not"),
        ([row for row in wrong if row["belief"] != _UPGRADED], "upgraded are not believed to be"),
    ):
        if rows:
            parts.append(f"{count_of(_total(row['count'] for row in rows) / count, 'device')} {what}")
    return "; ".join([text, *parts])


def errs(belief: str, outcome: str) -> bool:
    """Whether the platform is wrong about who is upgraded, as the metric ``belief_agreement`` counts it."""
    if belief == _UPGRADED:
        return outcome not in _ON_TARGET
    return outcome == "upgraded"


def _total(counts: Iterable[int]) -> float:
    return float(sum(counts))


def _cell(axes: Axes, place: tuple[int, int], look: dict[str, Any]) -> None:
    axes.add_patch(Rectangle((place[0] - 0.47, place[1] - 0.45), 0.94, 0.9, **look))
