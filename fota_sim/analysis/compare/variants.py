"""What is compared: scenarios, strategies of a scenario, and results that are there already."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from fota_sim.analysis.run.again import stored_scenario
from fota_sim.errors import FotaSimError, ResultError
from fota_sim.experiment.results import Result, open_result
from fota_sim.quoting import quoted
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.dump import named_contents
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.loader import load_scenario, load_strategies
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.wording import did_you_mean
from fota_sim.version import MODEL_VERSION

BARE = "plan"
"""Name of the plan as it stands, beside named strategies."""
_SAID_OF_DEVICES = set(Devices.model_fields) - {"name"}
"""Fields that change no device's name."""


@dataclass(frozen=True)
class Variant:
    """One of the things that are compared."""

    name: str
    scenario: Scenario
    given: str
    """What the user wrote for it."""
    result: Result | None = None
    """Where its numbers are, if it need not be played."""

    @property
    def luck(self) -> str:
        """A digest of seed and names of devices: variants with the same one meet devices with the same luck.

        Every draw hangs on the device's own name (docs/design.md, Keyed draws), whatever else is said of it: how it
        sleeps, how it comes into contact, what its battery is drawn from.
        """
        scenario = self.scenario
        fleet = scenario.fleet
        named = [[group.name, group.count] for group in fleet.groups]
        digest = hashlib.sha256(json.dumps([scenario.seed, fleet.redraw, named]).encode())
        for source in fleet.tables:
            digest.update(source.model_dump_json(exclude=_SAID_OF_DEVICES).encode())  # how it is read stays
            digest.update(source.content(scenario.base_dir))
        return digest.hexdigest()

    @property
    def described(self) -> Mapping[str, Any]:
        """What the scenario says of its devices, by the path of each source and field."""
        found: dict[str, Any] = {}
        for (_, kind, index), source in self.scenario.fleet.placed():
            fields = source.model_dump(mode="json", by_alias=True)
            found |= {f"fleet.{kind}[{index}].{field}": value for field, value in fields.items()}
        return found


Given: TypeAlias = str | tuple[Path | Draft, str | None]
"""A name, or a scenario that a program has, and the strategy that it means."""


def find_variants(given: Sequence[Given], overrides: Sequence[str] = (), root: Path = Path("results")) -> list[Variant]:
    """The variants that ``given`` names: ``file.yaml``, ``file.yaml:strategy``, or a result as ``show`` takes it.

    One file alone stands for all of its strategies, and before them for its plan as it stands unless a strategy says
    just that. ``overrides`` are for files. Raises ScenarioError, or FotaSimError if there is nothing to compare.
    """
    alone = _alone(given)
    if alone is not None:
        variants = _strategies_of(alone, overrides)
        if len(variants) < 2:
            raise FotaSimError(
                f"{_path(alone)}: has nothing to compare; name strategies under strategies:, or a second scenario; "
                "fota-sim sweep varies the minimum battery and signal"
            )
        return variants
    variants = [_variant(each, overrides, root) for each in given]
    if len(variants) < 2:
        raise FotaSimError("a comparison needs two: scenarios, FILE:STRATEGY, or results")
    _require_one_model(variants)
    return _distinct(variants)


def _require_one_model(variants: Sequence[Variant]) -> None:
    """Raise ResultError where results of another version of the model stand beside those of this one."""
    models = [MODEL_VERSION if each.result is None else each.result.require()["model_version"] for each in variants]
    if len(set(models)) > 1:
        which = ", ".join(f"{each.given} by model {model}" for each, model in zip(variants, models, strict=True))
        raise ResultError(
            f"what is compared was played by different versions of the model ({which}), whose numbers differ for that "
            "alone; run the scenarios of the older ones again"
        )


def pick_baseline(variants: Sequence[Variant], name: str | None) -> list[Variant]:
    """The same with the variant of this name first; raises FotaSimError if there is none."""
    if name is None:
        return list(variants)
    first = next((variant for variant in variants if name in (variant.name, variant.given)), None)
    if first is None:
        names = [variant.name for variant in variants]
        raise FotaSimError(f"--baseline: {quoted(name)} is not compared{did_you_mean(name, names)}")
    return [first, *(variant for variant in variants if variant is not first)]


def _alone(given: Sequence[Given]) -> Path | Draft | None:
    """The one scenario that stands for its strategies, if it is one and no strategy of it is meant."""
    if len(given) != 1:
        return None
    if isinstance(given[0], str):
        return Path(given[0]) if Path(given[0]).is_file() else None
    source, strategy = given[0]
    return source if strategy is None else None


def _path(source: Path | Draft) -> Path:
    return source.path if isinstance(source, Draft) else source


def _strategies_of(source: Path | Draft, overrides: Sequence[str]) -> list[Variant]:
    path = _path(source)
    strategies = load_strategies(source, overrides)
    bare = load_scenario(source, overrides)
    if bare.strategy is not None:  # the file says which of its strategies it is
        bare = next(iter(strategies.values()), bare)
    variants = [Variant(name, scenario, f"{path}:{name}") for name, scenario in strategies.items()]
    told = any(_same_question(scenario, bare) for scenario in strategies.values())
    if not told and BARE not in strategies:
        variants.insert(0, Variant(BARE, bare, str(path)))
    return variants


def _same_question(one: Scenario, other: Scenario) -> bool:
    return one.model_copy(update={"strategy": None}) == other.model_copy(update={"strategy": None})


def says_the_same(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios differ in nothing but what they are called."""
    return _same_question(*(each.model_copy(update=_NAMELESS) for each in (one, other)))


def _variant(text: Given, overrides: Sequence[str], root: Path) -> Variant:
    if not isinstance(text, str):
        source, strategy = text
        scenario = load_scenario(source, overrides, strategy)
        return Variant(scenario.strategy or scenario.name, scenario, str(_path(source)))
    path = Path(text)
    if _is_scenario(path):
        scenario = load_scenario(path, overrides)
        return Variant(scenario.strategy or scenario.name, scenario, text)
    file, colon, strategy = text.rpartition(":")
    if colon and _is_scenario(Path(file)):
        return Variant(strategy, load_scenario(file, overrides, strategy), text)
    result = open_result(text, root)
    scenario = _stored(result)
    return Variant(scenario.strategy or result.name, scenario, text, result)


_NAMELESS = {"name": "", "description": "", "question": ""}


def _is_scenario(path: Path) -> bool:
    """Whether a path stands for a scenario and not for a result; loading it says what is wrong with it then."""
    if path.suffix in (".yaml", ".yml"):
        return True
    return path.exists() and not path.is_dir() and not (path.parent / "manifest.json").is_file()


def _stored(result: Result) -> Scenario:
    manifest, scenario = result.require(), stored_scenario(result)
    for name, content in named_contents(scenario):
        now = hashlib.sha256(content).hexdigest()
        if now != manifest["files"].get(name):
            raise ResultError(f"{result.path}: {name} has changed since this result was made; run the scenario again")
    return scenario


def _distinct(variants: Sequence[Variant]) -> list[Variant]:
    """Names that occur twice give way to what the user wrote, then get a number."""
    named = Counter(variant.name for variant in variants)
    found: list[Variant] = []
    used: Counter[str] = Counter()
    for variant in variants:
        name = variant.name if named[variant.name] == 1 else variant.given
        used[name] += 1
        found.append(replace(variant, name=name if used[name] == 1 else f"{name} ({used[name]})"))
    return found
