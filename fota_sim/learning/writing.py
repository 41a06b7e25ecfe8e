"""The fitted scenario as a file: what its author wrote, with the middle of what was learnt, and the draws behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fota_sim.learning.fitted import Fit
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.learnt import Learnt
from fota_sim.scenario.rewriting import rewritten
from fota_sim.scenario.yaml_text import dumped, node_of, writer

_WIDTH = 140
_MOST_VALUES = 8_000
"""Names and values in the draws: a scenario may have 10,000 (scenario/yaml_nodes.py)."""
_FEWEST_DRAWS = 20


def learnt_of(fit: Fit) -> Learnt:
    """What a scenario says of a fit; with fewer draws where so much was learnt that all of them are too many values."""
    draws = fit.draws
    each = sum(map(_values_in, (values[0] for values in draws.values())))
    count = max(_FEWEST_DRAWS, _MOST_VALUES // max(1, each))
    return Learnt(
        source=f"{fit.histories.platform}, plan {fit.plan}" if fit.plan else fit.histories.platform,
        devices=len(fit.histories),
        parameters=[each.told() for each in fit.learned],
        kept=list(fit.kept),
        draws={path: values[:count] for path, values in draws.items()},
    )


def _values_in(value: Any) -> int:
    """Names and values of a value, itself among them."""
    if isinstance(value, dict):
        return 1 + sum(1 + _values_in(inner) for inner in value.values())
    return 1 + sum(map(_values_in, value)) if isinstance(value, list) else 1


def fitted_draft(fit: Fit, source: Path | Draft) -> Draft:
    """The scenario of the rollout with what was learnt in it; raises ScenarioError where a value cannot be put."""
    draft = _in_the_middle(fit, source)
    draft.edit("learnt", learnt_of(fit).model_dump(mode="json"))
    return draft


def _in_the_middle(fit: Fit, source: Path | Draft) -> Draft:
    draft = Draft.of(source)
    for path, value in fit.values().items():
        draft.edit(path, value)
    return draft


def fitted_text(fit: Fit, source: Path | Draft, folder: Path) -> str:
    """The text of the fitted scenario, to stand in ``folder``, headed by what was learnt."""
    draft = _in_the_middle(fit, source)
    if "learnt" in draft.document.data:  # of an earlier log; what it said gives way
        text = rewritten(fitted_draft(fit, source), folder)
    else:
        text = f"{rewritten(draft, folder).rstrip()}\n\n{_block(learnt_of(fit))}"
    devices = f"{len(fit.histories):,} devices{f' of plan {fit.plan}' if fit.plan else ''}"
    head = [f"Fitted to {fit.histories.platform}: {devices}, {fit.trials} simulated rollouts."]
    for each in fit.learned:
        low, high = map(each.shown, each.interval)
        head.append(f"  {each.name}: {each.shown(each.mean)} ({low} to {high}), was {each.default}")
    head += ["Not learnt, and as it was:", *(f"  {each.name}: {each.why}" for each in fit.kept)]
    return "".join(f"# {line}\n" for line in head) + text


def _block(learnt: Learnt) -> str:
    """What was learnt as YAML, the draws of a field on lines of their own."""
    node = node_of({"learnt": learnt.model_dump(mode="json")})
    for values in node["learnt"]["draws"].values():
        values.fa.set_flow_style()
    yaml = writer(_WIDTH)
    yaml.indent(mapping=2, sequence=4, offset=2)
    return dumped(yaml, node)
