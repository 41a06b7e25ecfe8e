"""Rules of one's own on the reference engine: what fits, what is refused, and that nothing is left behind."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from fota_sim.engines.choice import load
from fota_sim.engines.own_rule import known_rules, plain
from fota_sim.engines.own_rules import OwnRules
from fota_sim.engines.record import RunRecord
from fota_sim.errors import FotaSimError
from fota_sim.experiment.tables import device_tables
from fota_sim.rules import link
from fota_sim.rules.link import chunk_failure as shipped_chunk_failure
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
LOSS = 0.3


def always_fails(radio, rssi_dBm):
    return LOSS


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SCENARIOS / "weak_signal_tail.yaml", ["fleet.groups[0].count=40", "horizon=3d"])


@pytest.fixture(scope="module")
def shipped(scenario: Scenario) -> RunRecord:
    return load("reference")(scenario, 0)


def played(scenario: Scenario, own: OwnRules) -> RunRecord:
    with own.in_force():
        return load("reference")(scenario, 0)


def same(one: RunRecord, other: RunRecord) -> bool:
    tables = [pa.concat_tables(device_tables(record)) for record in (one, other)]
    return tables[0].equals(tables[1]) and np.array_equal(one.downloads, other.downloads)


def bindings() -> dict[tuple[str, str], int]:
    modules = [(name, module) for name, module in sys.modules.items() if name.startswith("fota_sim.")]
    return {(name, word): id(value) for name, module in modules for word, value in vars(module).items()}


def pass_throughs(folder: Path) -> dict[str, Callable[..., Any]]:
    """For every rule a function that asks the rule itself, from a file of their own."""
    lines = []
    for name, function in known_rules().items():
        home, word = name.split(".")
        takes = ", ".join(signature(plain(function)).parameters)
        lines += [f"from fota_sim.rules import {home} as the_{home}", f"def {home}_{word}({takes}):"]
        lines.append(f"    return the_{home}.{word}({takes})")
    file = folder / "pass_throughs.py"
    file.write_text("\n".join(lines))
    module = imported(file)
    return {name: getattr(module, name.replace(".", "_")) for name in known_rules()}


def imported(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[file.stem] = importlib.util.module_from_spec(spec)
    # not by its loader: bytecode of a text as long, written in the same second, would be taken for this one's
    exec(compile(file.read_text(), str(file), "exec"), module.__dict__)
    return module


def test_an_own_rule_decides_and_the_rest_stays(scenario: Scenario, shipped: RunRecord) -> None:
    own = OwnRules({"link.chunk_failure": always_fails})
    found = played(scenario, own)
    assert own.report()[0]["asked"] > 0
    assert len(found.downloads) > 1.5 * len(shipped.downloads)
    assert np.array_equal(found.devices["first_contact_ms"], shipped.devices["first_contact_ms"])


def test_every_rule_can_be_replaced_and_asked_from_within(
    scenario: Scenario, shipped: RunRecord, tmp_path: Path
) -> None:
    own = OwnRules(pass_throughs(tmp_path))
    assert same(played(scenario, own), shipped)
    asked = {row["rule"] for row in own.report() if row["asked"]}
    assert asked >= {
        "battery.loaded_V",
        "connection.connect",
        "contact.first_contact_ms",
        "host.decide",
        "link.chunk_failure",
        "link.rate_bps",
        "radio.shadowing_dB",
        "segment.segment",
        "upgrade.apply_s",
    }


def test_nothing_is_left_behind_whether_the_run_ends_well_or_not(scenario: Scenario, shipped: RunRecord) -> None:
    before = bindings()

    def breaks(radio, rssi_dBm):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        played(scenario, OwnRules({"link.chunk_failure": breaks}))
    played(scenario, OwnRules({"link.chunk_failure": always_fails}))
    after = bindings()
    assert {key: after[key] for key in before} == before
    assert same(load("reference")(scenario, 0), shipped)


def test_other_threads_play_the_shipped_rules_meanwhile(scenario: Scenario, shipped: RunRecord) -> None:
    found: list[RunRecord] = []
    with OwnRules({"link.chunk_failure": always_fails}).in_force():
        other = threading.Thread(target=lambda: found.append(load("reference")(scenario, 0)))
        other.start()
        other.join()
    assert same(found[0], shipped)


def test_two_sets_of_own_rules_at_once_are_refused() -> None:
    own = OwnRules({"link.chunk_failure": always_fails})
    with own.in_force(), pytest.raises(FotaSimError, match="under way in this process"), own.in_force():
        pass


def test_the_shipped_rule_is_the_shipped_one_by_whatever_name(scenario: Scenario, shipped: RunRecord) -> None:
    def by_name(radio, rssi_dBm):
        return shipped_chunk_failure(radio, rssi_dBm)

    def by_module(radio, rssi_dBm):
        return link.chunk_failure(radio, rssi_dBm)

    for function in (by_name, by_module):
        assert same(played(scenario, OwnRules({"link.chunk_failure": function})), shipped)


def test_the_page_lists_every_rule_that_can_be_replaced() -> None:
    page = (SCENARIOS.parent / "docs" / "own_rules.md").read_text(encoding="utf-8")
    rows = [line.split(" | ")[:2] for line in page.splitlines() if line.startswith("| `")]
    told = {name.removeprefix("| ").strip("`"): takes for name, takes in rows}
    assert told == {name: ", ".join(signature(plain(rule)).parameters) for name, rule in known_rules().items()}


@pytest.mark.parametrize(
    ("name", "function", "message"),
    [
        ("link.chunk_failures", always_fails, "no rule 'link.chunk_failures'; did you mean 'link.chunk_failure'"),
        ("draws.uniform", always_fails, "there is no rule 'draws.uniform'"),
        ("radio.complete", always_fails, "there is no rule 'radio.complete'"),
        ("link.chunk_failure", 0.3, "must be a function, not 0.3"),
        ("link.chunk_failure", lambda rssi_dBm, radio: 0.1, r"takes \(radio, rssi_dBm\), but <lambda> takes \(rssi"),
        ("link.chunk_failure", lambda radio, rssi_dBm, more: 0.1, "the same parameters in the same order"),
        ("link.chunk_failure", lambda *given: 0.1, "the same parameters in the same order"),
        ("link.chunk_failure", eval("lambda radio, rssi_dBm: 0.1"), "the source of <lambda> cannot be read"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(name: str, function: Any, message: str) -> None:
    with pytest.raises(FotaSimError, match=message):
        OwnRules({name: function})


@pytest.mark.parametrize(("answer", "name"), [(None, "None"), ("0.1", "'0.1'"), (float("nan"), "nan")])
def test_an_answer_of_the_wrong_kind_is_named(scenario: Scenario, answer: Any, name: str) -> None:
    def wrong(radio, rssi_dBm):
        return answer

    with pytest.raises(FotaSimError, match=f"link.chunk_failure: wrong gave {name}; it must give float"):
        played(scenario, OwnRules({"link.chunk_failure": wrong}))


def test_more_parameters_with_defaults_and_answers_of_numpy_are_taken(scenario: Scenario) -> None:
    def table(radio, rssi_dBm, at_dBm=(-125.0, -90.0), loss=(1.0, 0.001)):
        return np.interp(rssi_dBm, at_dBm, loss)

    own = OwnRules({"link.chunk_failure": table})
    played(scenario, own)
    assert own.report()[0]["asked"] > 0


def test_the_digest_follows_the_source_and_the_values_it_uses(tmp_path: Path) -> None:
    def digest(text: str) -> str:
        file = tmp_path / "written.py"
        file.write_text(text)
        return OwnRules({"link.chunk_failure": imported(file).mine}).rules[0].digest

    direct = "LOSS = {0}\nOTHER = {1}\ndef mine(radio, rssi_dBm):\n    return LOSS\n"
    through = "LOSS = {0}\nOTHER = {1}\ndef loss():\n    return max([LOSS for _ in 'a'])\n"
    through += "def mine(radio, rssi_dBm):\n    return loss()\n"
    for text in (direct, through):
        first = digest(text.format(0.1, 1))
        assert digest(text.format(0.1, 2)) == first
        assert digest(text.format(0.2, 1)) != first
    assert digest(direct.format(0.1, 1)) != digest(through.format(0.1, 1))


def test_what_cannot_be_told_apart_later_is_refused() -> None:
    lock = threading.Lock()

    def guarded(radio, rssi_dBm):
        return float(lock.locked())

    with pytest.raises(FotaSimError, match="guarded uses lock, of which no result could say what it was"):
        OwnRules({"link.chunk_failure": guarded})


def test_the_compiled_engine_and_other_processes_are_refused(scenario: Scenario) -> None:
    own = OwnRules({"link.chunk_failure": always_fails})
    assert own.engine(scenario, "auto") == "reference"
    with pytest.raises(FotaSimError, match="the compiled engine has the shipped rules in its machine code"):
        own.engine(scenario, "compiled")
    with pytest.raises(FotaSimError, match="workers must be 1, not 2"):
        own.workers(2)
