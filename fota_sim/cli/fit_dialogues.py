"""``fota-sim fit`` with logs of ``fota-sim drive``: the times of a module."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fota_sim.cli.console import answer_json, answer_words, columns, say
from fota_sim.cli.files import save
from fota_sim.errors import FotaSimError
from fota_sim.learning.dialogues import Step, fitted_text, is_dialogue, taught
from fota_sim.quoting import number_of
from fota_sim.scenario.model import Scenario


def fit_dialogues(
    logs: Sequence[Path],
    scenario: Scenario,
    fleet: Path,
    device: str,
    output: Path | None,
    report: Path | None,
    *,
    force: bool,
    json_: bool,
    quiet: bool,
) -> None:
    """Print how long each step took, beside the simulated device; write the scenario that has it so."""
    other = [log for log in logs if not is_dialogue(log)]
    if other:
        raise FotaSimError(f"{other[0]} is no dialogue; fit logs of fota-sim drive by themselves")
    if report is not None:
        raise FotaSimError("--report shows logs of rollouts; a dialogue is of one module: leave it out")
    steps = taught(scenario, device, logs)
    if json_:
        answer_json({"device": device, "logs": len(logs), "steps": [_told(step) for step in steps]})
    else:
        answer_words(_text(steps, device, len(logs)))
    if output is not None:
        save(output, fitted_text(steps, device, logs, fleet, output.parent), force)
        if not quiet:
            say(f"Next: fota-sim run {output}")


def _told(step: Step) -> dict[str, object]:
    return {
        "step": step.name,
        "unit": step.unit,
        "measured": list(step.measured),
        "simulated": step.simulated,
        "path": step.path or None,
        "value": step.value,
        "was": step.was or None,
        "why_not": step.why_not or None,
    }


def _text(steps: Sequence[Step], device: str, logs: int) -> str:
    rows: list[tuple[str, ...]] = [("Step", "measured", "simulated", "", "becomes", "was")]
    for step in steps:
        simulated = "" if step.simulated is None else f"{step.simulated:.3g}"
        rows.append(
            (
                f"{step.name}, {step.unit}",
                f"{step.middle:.3g}",
                simulated,
                step.path or f"not learnt: {step.why_not}",
                str(step.value) if step.path else "",
                step.was,
            )
        )
    heading = f"{number_of(logs, 'dialogue')} with a module, beside those of device {device} (medians):"
    return f"{heading}\n{columns(rows, right=frozenset({1, 2}))}"
