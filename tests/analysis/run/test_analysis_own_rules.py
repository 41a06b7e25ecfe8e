"""A result of rules of one's own says so, and is never taken for one of the shipped model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import fota_sim as fs
from fota_sim.analysis.run.carrying_out import differing_tables
from fota_sim.cli.summary_text import summary_text
from fota_sim.errors import FotaSimError, ResultError
from fota_sim.report.page.run import run_page
from fota_sim.scenario.loader import load_scenario

SCENARIO = Path(__file__).parents[3] / "scenarios" / "weak_signal_tail.yaml"
FEW = ["fleet.groups[0].count=20", "horizon=2d"]


def mine(radio, rssi_dBm):
    return 0.3


def test_it_says_what_was_replaced_by_what(tmp_path: Path) -> None:
    found = fs.run(SCENARIO, overrides=FEW, out=tmp_path, rules={"link.chunk_failure": mine})
    (row,) = found.summary["own_rules"]
    assert (row["rule"], row["function"]) == ("link.chunk_failure", "mine")
    assert row["asked"] > 0
    assert found.summary["engine"] == "reference"
    assert f"not the shipped model: link.chunk_failure is mine (digest {row['digest']})" in summary_text(found.summary)
    assert found.folder is not None
    manifest = json.loads((found.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["own_rules"] == {"link.chunk_failure": row["digest"]}
    assert manifest["hash"] == found.summary["scenario_hash"]
    assert "return 0.3" in (found.folder / "own_rules.py").read_text(encoding="utf-8")


def test_a_report_says_so_and_offers_no_command_that_would_be_refused(tmp_path: Path) -> None:
    found = fs.run(SCENARIO, overrides=FEW, out=tmp_path, rules={"link.chunk_failure": mine})
    page = run_page(found.study)
    assert any("not the shipped model: link.chunk_failure is mine" in fact for fact in page.facts)
    reproduced = str(next(section for section in page.sections if section.title == "Reproduce"))
    assert "own_rules.py in the result folder" in reproduced
    assert "rerun" not in reproduced


def test_it_has_another_identity_than_the_shipped_model_and_than_other_rules() -> None:
    rules = [None, {"link.chunk_failure": mine}, {"link.chunk_failure": lambda radio, rssi_dBm: 0.4}]
    hashes = {fs.run(SCENARIO, overrides=FEW, rules=each).summary["scenario_hash"] for each in rules}
    assert len(hashes) == len(rules)


def test_the_shipped_model_says_nothing_of_own_rules(tmp_path: Path) -> None:
    found = fs.run(SCENARIO, overrides=FEW, out=tmp_path)
    assert "own_rules" not in found.summary
    assert found.folder is not None
    assert "own_rules" not in json.loads((found.folder / "manifest.json").read_text(encoding="utf-8"))
    assert not (found.folder / "own_rules.py").exists()


def test_it_is_not_played_again_by_other_rules(tmp_path: Path) -> None:
    found = fs.run(SCENARIO, overrides=FEW, out=tmp_path, rules={"link.chunk_failure": mine})
    assert found.folder is not None
    with pytest.raises(ResultError, match=r"rules of its author's own \(link.chunk_failure\)"):
        differing_tables(load_scenario(SCENARIO, FEW), found.folder)


def test_a_comparison_says_which_side_had_them(tmp_path: Path) -> None:
    shipped = fs.run(SCENARIO, overrides=FEW, replications=2, out=tmp_path / "shipped")
    own = fs.run(SCENARIO, overrides=FEW, replications=2, out=tmp_path / "own", rules={"link.chunk_failure": mine})
    assert shipped.folder is not None
    assert own.folder is not None
    compared = fs.compare(shipped.folder, own.folder)
    (note,) = [note for note in compared.report["notes"] if "own rules" in note]
    assert "link.chunk_failure" in note
    assert compared.table["paired"].all()


def test_what_cannot_play_them_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    for how in ({"engine": "compiled"}, {"workers": 2}):
        with pytest.raises(FotaSimError):
            fs.run(SCENARIO, overrides=FEW, out=tmp_path, rules={"link.chunk_failure": mine}, **how)
    assert not list(tmp_path.iterdir())
