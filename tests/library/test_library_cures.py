from __future__ import annotations

import re
from pathlib import Path

import pytest
from library_proofs import PROOFS, SCENARIOS, Proof, difference, interval
from ruamel.yaml import YAML

from fota_sim.rules.compiled import COMPILED
from fota_sim.scenario.loader import load_strategies

REPLICATIONS = 5
LIBRARY = sorted((SCENARIOS / "library").glob("*.yaml"))
WITH_PROOFS = sorted({proof.path for proof in PROOFS})


def _name(thing: Proof | Path) -> str:
    return thing.stem if isinstance(thing, Path) else f"{Path(thing.file).stem}: {thing.cure}, {thing.metric}"


@pytest.mark.skipif(not COMPILED, reason="uncompiled, these fleets take many minutes; the rules are the same")
@pytest.mark.parametrize("proof", PROOFS, ids=_name)
def test_the_cure_is_better_than_the_trouble_with_the_whole_interval(proof: Proof) -> None:
    found = interval(difference(proof, REPLICATIONS))
    assert found is not None
    assert min(proof.better * end for end in found) > 0


def test_there_are_twenty_three_situations() -> None:
    assert len(WITH_PROOFS) == 23


@pytest.mark.parametrize("path", LIBRARY, ids=_name)
def test_every_scenario_of_the_library_has_a_proof(path: Path) -> None:
    assert path in WITH_PROOFS


@pytest.mark.parametrize("path", WITH_PROOFS, ids=_name)
def test_every_strategy_is_a_valid_scenario_and_says_what_it_is(path: Path) -> None:
    written = YAML(typ="safe").load(path)["strategies"]
    assert list(load_strategies(path)) == list(written)
    assert [name for name, strategy in written.items() if not strategy.get("description")] == []


@pytest.mark.parametrize("path", LIBRARY, ids=_name)
def test_the_header_says_what_it_teaches_where_to_look_and_where_it_comes_from(path: Path) -> None:
    header = path.read_text(encoding="utf-8").split("\n\n")[0]
    parts = re.findall("^# (TEACHES|LOOK AT|FROM): .", header, re.MULTILINE)
    assert parts == ["TEACHES", "LOOK AT", "FROM"]


def test_the_table_of_the_library_has_a_row_for_every_proof() -> None:
    table = (SCENARIOS / "library" / "README.md").read_text(encoding="utf-8")
    rows = {
        tuple(cell.strip() for cell in line.split("|")[1:3]) for line in table.splitlines() if line.startswith("| [")
    }
    asked = {(f"[{proof.path.stem}]", f"`{proof.trouble}` → `{proof.cure}`") for proof in PROOFS}
    assert {(name.split("(")[0], change) for name, change in rows} == asked
