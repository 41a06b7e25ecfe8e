"""Files that are no scenario, or never end, are refused with a place, in a line, before they cost time or memory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from scenario_world import GOOD, changed, problems

from fota_sim.engines.reference.run import run_replication
from fota_sim.errors import ScenarioError
from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.loader import check_resolved, load_resolved, load_scenario, parse_scenario
from fota_sim.scenario.types import MOST_DEVICES, MOST_TIMES
from fota_sim.scenario.yaml_nodes import MAX_DEPTH

MULTIPLIED = "".join(f"n{i}: &n{i} [{', '.join([f'*n{i - 1}'] * 9)}]\n" for i in range(1, 9))
MERGED = "".join(f"n{i}: &n{i} {{<<: [{', '.join([f'*n{i - 1}'] * 9)}]}}\n" for i in range(1, 9))
CHAINED = "".join(f"n{i}: &n{i} [*n{i - 1}]\n" for i in range(1, 500))

TEXTS = [
    ("n0: &n0 [a, a, a]\n" + MULTIPLIED, 5, "aliases (*name) multiply what stands here to more than 10,000 values"),
    ("a: [" + "1," * 120_000 + "1]", 1, "more than 10,000 names and values; put long lists of devices into files"),
    ("horizon: 3d\n" + "".join(f"k{i}: 1\n" for i in range(20_000)), 1001, "more than 1,000 names in one mapping"),
    ("n0: &n0 {a: 1}\n" + MERGED, 5, "aliases (*name) multiply"),
    ("n0: &n0 [a]\n" + CHAINED, MAX_DEPTH, f"nested more than {MAX_DEPTH} deep with its aliases"),
    ("plan: &p {packages: *p}\n", 1, "contains itself"),
    ("plan:\n  - &p [*p]\n", 2, "contains itself"),
    ("plan: !mine {packages: []}\n", 1, "the YAML tag !mine means nothing here"),
    ("horizon: !!str 3d\n", 1, "the YAML tag !!str means nothing here; write the value alone, in quotes"),
    ("fleet: " + "[" * 100_000, 1, f"nested more than {MAX_DEPTH} deep"),
    ("fleet: " + "{a: " * 20_000, 1, f"nested more than {MAX_DEPTH} deep"),
    ("".join(" " * i + "a:\n" for i in range(200)), MAX_DEPTH + 1, f"nested more than {MAX_DEPTH} deep"),
    ("\n\ndescription: " + "x" * 100_000, 3, "has 100,000 characters; a value has at most 20,000"),
    ("? " + "x" * 500 + "\n: 1\n", 1, "is longer than a name may be (200 characters)"),
    ("seed: " + "9" * 5000, 1, "is a number of more than 40 digits"),
    ("seed: 0x" + "f" * 5000, 1, "is a number of more than 40 digits"),
    ("horizon: 3d\ndescription: \0", 2, "holds the character U+0000"),
    ('plan:\n  name: "\\e[2J"\n', 2, "holds a control character (U+001B)"),
    ('description: "\\ud800"\n', 1, "holds half a character (U+D800)"),
    ('"a\\nb": 1\n', 1, "holds a character that cannot be seen"),
    ("start: 2026-01-05 25:61:61\n", 1, "is no date: hour must be in 0..23"),
    ("? [a, {b: c}]\n: 3\n", 1, "YAML reads this name as a list or a mapping"),
    ("plan: {<<: 3}\n", 1, "<< takes the alias (*name) of a mapping"),
    ("&a a: &b b\n*c : 1\n", 2, "undefined alias"),
]


@pytest.mark.parametrize(("text", "line", "words"), TEXTS)
def test_a_text_that_is_more_than_a_scenario_is_refused_where_it_is(text: str, line: int, words: str) -> None:
    (found,) = problems(text)
    assert (found.file, found.line) == ("my.yaml", line), found
    assert words in found.message
    assert len(str(found)) < 300
    assert str(found).isprintable()


def test_a_resolved_scenario_may_have_more_than_what_was_written(tmp_path: Path) -> None:
    ids = ", ".join(f"meters-{i % 10}" for i in range(9_900))
    path = tmp_path / "my.yaml"
    path.write_text(changed("  strategy:", f"  whitelist: {{ids: [{ids}]}}\n  strategy:"))
    text = dump_yaml(load_scenario(path))
    assert load_resolved(text, path) == check_resolved(text, path)


def test_aliases_and_merges_that_stay_small_mean_what_they_stand_for() -> None:
    text = changed(
        "      module: BC66", "      <<: [{module: EC200U}, &more {module: BG95, host: late}]\n      gone: 3%"
    )
    assert problems(text + "hosts: &mine {slow: {extends: careful}}\n") == []
    both = text.replace("fleet:\n  groups:", "fleet:\n  groups:\n    - {name: second, count: 1, <<: *more}")
    (found,) = problems(both)  # an alias before its anchor
    assert "undefined alias 'more'" in found.message


def test_a_value_that_is_merged_in_is_told_where_it_is_written() -> None:
    text = GOOD.replace("      count: 10\n", "      <<: {count: -4}\n")
    (found,) = problems(text)
    assert (found.line, found.column, found.path) == (21, 12, "fleet.groups[0].count")


def _endless(folder: Path, kind: str) -> Path:
    path = folder / "it"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "1 GB":
        path.touch()
        os.truncate(path, 10**9)
    elif kind == "folder":
        path.mkdir()
    elif kind == "UTF-16":
        path.write_bytes("id,n\na,1\n".encode("utf-16"))
    elif kind == "zeros":
        path.write_bytes(bytes(1000))
    elif kind == "one line":
        path.write_bytes(b"a" * 200_000)
    else:
        path.touch()
    return path


KINDS = {
    "pipe": "no regular file but a pipe or a device",
    "device": "no regular file but a pipe or a device",
    "1 GB": "is 1 GB; at most",
    "folder": "is a folder",
    "UTF-16": "is UTF-16 text; save it as UTF-8",
    "empty": "is empty",
}


@pytest.mark.skipif(os.name == "nt", reason="no pipes among files there")
@pytest.mark.parametrize("kind", [*KINDS, "zeros", "one line"])
def test_a_scenario_that_is_no_text_file_of_its_size_is_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(_endless(tmp_path, kind))
    (found,) = caught.value.problems
    words = {**KINDS, "zeros": "U+0000", "one line": "200,000 characters"}
    if kind != "one line":
        assert words[kind] in found.message
    assert len(str(found)) < 400


@pytest.mark.skipif(os.name == "nt", reason="no pipes among files there")
@pytest.mark.parametrize("kind", [*KINDS, "zeros", "one line"])
def test_a_fleet_file_that_is_no_text_file_of_its_size_is_refused(kind: str, tmp_path: Path) -> None:
    _endless(tmp_path, kind)
    (found,) = problems(changed("  groups:", "  csv: [{name: c, file: it, columns: {id: id}}]\n  groups:"), tmp_path)
    assert (found.line, found.path) == (19, "fleet.csv[0].file")
    assert {**KINDS, "zeros": "zero byte", "one line": "more than 100,000 bytes"}[kind] in found.message


@pytest.mark.skipif(os.name == "nt", reason="no pipes among files there")
@pytest.mark.parametrize("kind", ["pipe", "device", "1 GB", "folder", "UTF-16"])
def test_a_list_file_that_is_no_text_file_of_its_size_is_refused(kind: str, tmp_path: Path) -> None:
    _endless(tmp_path, kind)
    (found,) = problems(changed("  strategy:", "  blacklist: {file: it}\n  strategy:"), tmp_path)
    assert (found.line, found.path) == (17, "plan.blacklist.file")
    assert KINDS[kind] in found.message


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("plan=!!python/object:os.system 1", "the YAML tag"),
        ("plan=" + "[" * 5000, "nested more than"),
        ("plan=&a [*a]", "contains itself"),
        ("plan.name=" + "x" * 5000, "has 5000 characters"),
        ("horizon=" + "9" * 500 + "d", "is not a duration"),
    ],
)
def test_an_override_keeps_to_the_same_limits(override: str, words: str) -> None:
    (found,) = problems(overrides=(override,))
    assert words in found.message
    assert len(str(found)) < 500


def test_a_value_is_quoted_without_its_middle() -> None:
    (found,) = problems(changed("module: BC66", f"module: {'m' * 5000}"))
    assert found.message.startswith(f"there is no module '{'m' * 50}")
    assert len(found.message) < 250


EVERYTHING = """
rollout:
    waves: [{count: 3}, {groups_of: 5, opens: {after: 1h}}]
    rate: {devices: 5, every: 1min, factor: 2, step: 3}
    concurrency: {devices: 3, priority: {where: hardware == "A"}, reserved: 1}
    cell_concurrency: {devices: [10, 10, 10], unknown: 3}
    abort: [{on: [download], count: 3, minimum: 2}]
    retry: [{on: [download], count: 3}]
    budget: {attempts: 3, per: 1d}
    penalty_box: {failures: 3, within: 1d, lasts: 1d}
"""
IN_DEVICES = (
    *("plan.rollout.waves[0].count", "plan.rollout.waves[1].groups_of", "plan.rollout.rate.step"),
    *("plan.rollout.concurrency.devices", "plan.rollout.cell_concurrency.devices[1]"),
    *("plan.rollout.cell_concurrency.unknown", "plan.rollout.abort[0].count", "plan.rollout.abort[0].minimum"),
    *("network.server.connections", "fleet.groups[0].cells", "fleet.groups[0].count"),
)
IN_TIMES = (
    *("plan.rollout.retry[0].count", "plan.rollout.budget.attempts", "plan.rollout.penalty_box.failures"),
    *("protocol.max_download_failures", "modules.BC66.boot_attempts"),
)


@pytest.mark.parametrize(
    ("path", "most"), [*((path, MOST_DEVICES) for path in IN_DEVICES), *((path, MOST_TIMES) for path in IN_TIMES)]
)
def test_a_number_that_no_engine_can_count_to_is_refused_and_the_greatest_is_played(path: str, most: int) -> None:
    text = changed("  strategy:", f"  {EVERYTHING.strip()}\n  strategy:") + "modules: {BC66: {extends: BC66}}\n"
    scenario = parse_scenario(text, "my.yaml", [f"{path}={most}"])
    if path != "fleet.groups[0].count":
        run_replication(scenario, 0)
    with pytest.raises(ScenarioError, match=f"{most + 1} is out of range; it must be at most {most}"):
        parse_scenario(text, "my.yaml", [f"{path}={most + 1}"])


def test_a_number_that_is_too_large_is_told_what_says_without_a_limit() -> None:
    text = changed("  strategy:", "  rollout: {retry: [{count: 99999}]}\n  strategy:")
    (found,) = problems(text)
    assert found.message == "99999 is out of range; it must be at most 32767; null: without end"


WAITS = [
    "horizon",
    "plan.starts",
    "plan.ends",
    "plan.push_grid",
    "plan.strategy.retry_delay",
    "plan.strategy.telemetry_max_age",
    "plan.rollout.address_lifetime",
    "plan.rollout.timeouts.ack",
    "plan.rollout.timeouts.online",
    "plan.rollout.timeouts.download",
    "plan.rollout.timeouts.report",
    "plan.rollout.timeouts.in_progress",
]


@pytest.mark.parametrize("path", WAITS)
@pytest.mark.parametrize("written", ["0.1ms", "0.0004s", "0.000000001s"])
def test_a_time_of_the_plan_below_a_millisecond_is_refused_in_words(path: str, written: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(GOOD, "scenario.yaml", [f"{path}={written}"])
    assert any("shorter than a millisecond" in each.message and each.path == path for each in refused.value.problems)
