"""Whatever is wrong with a scenario is said in words, with the place and what would do."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_world import GOOD, changed, load, problems

from fota_sim.engines.reference.run import run_replication
from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import load_scenario

JARGON = ("Input should", "input should", "pydantic", "validation", "TaggedScalar", "tuple", "pattern '", "NoneType")

# (where it goes, what goes there, line, path, words of the message); nothing: at the end, line 24.
FIELDS = [
    ("  strategy:", "  stratgey:", 17, "plan.stratgey", ["unknown key", "did you mean 'strategy'?"]),
    ("horizon: 3d", "horizn: 3d", 1, "horizn", ["unknown key", "did you mean 'horizon'?"]),
    ("module: BC66", "modul: BC66", 22, "fleet.groups[0].modul", ["did you mean 'module'?"]),
    ("module: BC66", "contact: {evry: 3h}", 22, "fleet.groups[0].contact.evry", ["did you mean 'every'?"]),
    ("", "hosts: {x: {extends: careful, paticence: 3min}}\n", 24, "hosts.x.paticence", ["did you mean 'patience'?"]),
    ("horizon: 3d", "horizon: 5", 1, "horizon", ["needs a unit", "5s"]),
    ("horizon: 3d", "horizon: 3kB", 1, "horizon", ["not a duration", "6h"]),
    ("horizon: 3d", "horizon: -3d", 1, "horizon", ["-3d is out of range", "above 0s"]),
    ("horizon: 3d", "horizon: 9999d", 1, "horizon", ["9999d is out of range", "3650d"]),
    ("horizon: 3d", "horizon: .inf", 1, "horizon", ["not a duration"]),
    ("horizon: 3d", "horizon: !!python/tuple 3d", 1, "horizon", ["tag"]),
    ("2026-01-05T08:00:00", "tomorrow", 2, "start", ["date and time", "2026-01-05T08:00:00"]),
    ("2026-01-05T08:00:00", "5", 2, "start", ["date and time"]),
    ("2026-01-05T08:00:00", "2026-01-05T08:00:00Z", 2, "start", ["without a zone", "time_zone"]),
    ("horizon: 3d", "time_zone: Europe/Berln", 1, "time_zone", ["no IANA time zone", "Europe/Berlin"]),
    ("  strategy:", "  time_zone: Mars/Base\n  strategy:", 17, "plan.time_zone", ["no IANA time zone"]),
    ("module: BC66", "time_zone: {CET: 50%, Foo: 50%}", 22, "fleet.groups[0].time_zone", ["'Foo' is no IANA"]),
    ("100kB", "100k", 14, "packages[0].files[0].size", ["unknown unit 'k'", "kB, MB"]),
    ("100kB", "101MB", 14, "packages[0].files[0].size", ["101MB is out of range", "at most 100MB"]),
    ("100kB", "0B", 14, "packages[0].files[0].size", ["above 0B"]),
    ("100kB", "1e400MB", 14, "packages[0].files[0].size", ["too large"]),
    ("app-2.bin", "app-2.exe", 14, "packages[0].files[0]", ["no format the platform takes", ".bin"]),
    ("100kB", "1kB, md5: xx", 14, "packages[0].files[0].md5", ["32 of the digits"]),
    (
        "- {name: app-2.bin, size: 100kB}",
        "[" + ", ".join(f"{{name: a{k}.bin, size: 1kB}}" for k in range(6)) + "]",
        13,
        "packages[0].files",
        ["has 6 entries", "at most 5"],
    ),
    ('"2_0"', "2_0", 12, "packages[0].target_version", ["the number 20", "in quotes"]),
    ('"2_0"', '"2 0"', 12, "packages[0].target_version", ["only letters, digits, dots"]),
    ("kind: full", "kind: delta", 9, "packages[0]", ["needs source_version"]),
    ("kind: full", 'source_version: "1_0"', 9, "packages[0]", ["specified_versions", "kind: delta"]),
    ("kind: full", "kind: ful", 11, "packages[0].kind", ["'full' or 'delta'"]),
    ("kind: full", "defects: [{effect: boom}]", 11, "packages[0].defects[0].effect", ["'boot_failure'"]),
    ("type: mcu", "type: firmware", 4, "product.model", ["more than one component of type firmware"]),
    ("identifier: stm", "identifier: app", 4, "product.model", ["share the identifier"]),
    ("[app-2]", "[]", 16, "plan.packages", ["at least 1"]),
    ("[app-2]", "app-2", 16, "plan.packages", ["must be a list"]),
    ("retries: 5", "retries: 6", 17, "plan.strategy.retries", ["6 is out of range", "at most 5"]),
    ("-110dBm", "-120dBm", 17, "plan.strategy.min_signal", ["AT+CSQ", "-113dBm to -51dBm"]),
    ("min_signal: -110dBm", "min_battery: 30", 17, "plan.strategy.min_battery", ["30 needs a unit", "30%"]),
    ("min_signal: -110dBm", "min_battery: 130%", 17, "plan.strategy.min_battery", ["130%", "at most 100%"]),
    ("  strategy:", '  push_period: "01:30-05:00"\n  strategy:', 17, "plan.push_period", ["whole hours"]),
    ("  strategy:", '  push_period: "01:00-25:00"\n  strategy:', 17, "plan.push_period", ["no time of day"]),
    ("  strategy:", '  push_period: "01:00-01:00"\n  strategy:', 17, "plan.push_period", ["never opens"]),
    ("  strategy:", "  rejection_hold: 5min\n  strategy:", 17, "plan.rejection_hold", ["5min is out of range"]),
    ("  strategy:", "  operator: [{at: 1h, do: stop}]\n  strategy:", 17, "plan.operator[0].do", ["'suspend'"]),
    ("  strategy:", "  operator: [{do: suspend}]\n  strategy:", 17, "plan.operator[0]", ["'at' is missing"]),
    ("  strategy:", "  operator: [{at: 1h, do: cancel}]\n  strategy:", 17, "plan.operator[0]", ["need devices"]),
    ("  strategy:", "  whitelist: {}\n  strategy:", 17, "plan.whitelist", ["empty list"]),
    ("  strategy:", "  whitelist: {ids: [5]}\n  strategy:", 17, "plan.whitelist.ids[0]", ["in quotes"]),
    ("count: 10", "count: -1", 21, "fleet.groups[0].count", ["-1 is out of range", "at least 0"]),
    ("count: 10", "count: many", 21, "fleet.groups[0].count", ["a whole number, not 'many'"]),
    ("count: 10", "count:", 21, "fleet.groups[0].count", ["it is empty"]),
    ("      count: 10\n", "", 20, "fleet.groups[0]", ["'count' is missing"]),
    ("name: meters", "name: my meters", 20, "fleet.groups[0].name", ["only letters, digits, hyphens"]),
    ("90%", "80%", 23, "fleet.groups[0].firmware", ["sum to 90%", "100%"]),
    ("90%", "0.9", 23, "fleet.groups[0].firmware", ["needs a unit"]),
    ("10%", "-10%, b: 20%", 23, "fleet.groups[0].firmware", ["'0_9' has a share below 0"]),
    ('"1_0": 90%', "1_0: 90%", 23, "fleet.groups[0].firmware", ["in quotes"]),
    ("module: BC66", "churn: 100%", 22, "fleet.groups[0].churn", ["below 100%"]),
    ("module: BC66", "rssi: -90", 22, "fleet.groups[0].rssi", ["-90 needs a unit", "-90dBm"]),
    ("module: BC66", "rssi: 50dBm", 22, "fleet.groups[0].rssi", ["impossible", "-150dBm to 0dBm"]),
    ("module: BC66", "battery_level: {uniform: [0%, 150%]}", 22, "fleet.groups[0].battery_level", ["0% to 100%"]),
    ("module: BC66", "rssi: {normal: {mean: -90dBm}}", 22, "fleet.groups[0].rssi", ["normal needs 'sd'"]),
    ("module: BC66", "rssi: {gauss: 3}", 22, "fleet.groups[0].rssi", ["one of uniform, normal", "not gauss"]),
    ("module: BC66", "rssi: {uniform: [-50dBm, -90dBm]}", 22, "fleet.groups[0].rssi", ["exchange them"]),
    ("module: BC66", "rssi: {table: {values: [-9dBm], weights: 3}}", 22, "fleet.groups[0].rssi", ["takes lists"]),
    (
        "module: BC66",
        "rssi: {mixture: [{weight: 40%, uniform: [-90dBm, -80dBm]}]}",
        22,
        "fleet.groups[0].rssi",
        ["sum to 40%", "100%"],
    ),
    ("module: BC66", "contact: always", 22, "fleet.groups[0].contact", ["a mapping of keys, not 'always'"]),
    ("", "keep: {transcripts: all}\n", 24, "keep.transcripts", ["how many devices, or a list of ids"]),
    ("", "keep: {transcripts: -1}\n", 24, "keep.transcripts", ["how many devices"]),
    ("", "keep: {events: sure}\n", 24, "keep.events", ["true or false"]),
    ("", "seed: -1\n", 24, "seed", ["at least 0"]),
    ("", "radios: {x: {extends: nbiot}}\n", 24, "radios.x.extends", ["no radio 'nbiot'", "did you mean 'nb-iot'?"]),
    ("", "radios: {x: {law: mcs}}\n", 24, "radios.x", ["does not say", "extends: wifi, lte-cat1"]),
    ("", "radios: {x: {extends: nb-iot, rtt: [1s, 2s]}}\n", 24, "radios.x.rtt", ["entry 3 is missing"]),
    ("", "radios: {x: {extends: [wifi]}}\n", 24, "radios.x.extends", ["no radio ['wifi']"]),
    ("", "hosts: {x: {extends: careful, registration_mode: 3}}\n", 24, "hosts.x.registration_mode", ["1 or 2"]),
    ("", "network: {server: {egress: 3Mb}}\n", 24, "network.server.egress", ["unknown unit 'Mb'", "Mbit/s"]),
]

ACROSS_FIELDS = [
    ("module: BC66", "module: BC6", 22, "fleet.groups[0].module", ["no module 'BC6'", "did you mean 'BC66'?"]),
    ("module: BC66", "radio: nbiot", 22, "fleet.groups[0].radio", ["did you mean 'nb-iot'?"]),
    ("module: BC66", "host: carefull", 22, "fleet.groups[0].host", ["did you mean 'careful'?"]),
    ("module: BC66", 'mcu: {stn: "1"}', 22, "fleet.groups[0].mcu.stn", ["no MCU component", "'stm'"]),
    ("", "modules: {x: {extends: BC66, radio: nb}}\n", 24, "modules.x.radio", ["no radio 'nb'"]),
    ("component: app", "component: ap", 10, "packages[0].component", ["did you mean 'app'?"]),
    ("component: app", "component: stm", 16, "plan.packages[0]", ["no device has the MCU component 'stm'"]),
    ("[app-2]", "[app-3]", 16, "plan.packages[0]", ["no package 'app-3'", "did you mean 'app-2'?"]),
    ("[app-2]", "[app-2, app-2]", 16, "plan.packages[1]", ["one package each"]),
    (
        "kind: full",
        'kind: delta\n    source_version: "7_0"',
        17,
        "plan.packages[0]",
        ["version 7_0, which no device runs", "the fleet runs 0_9, 1_0"],
    ),
    ("kind: full", 'specified_versions: ["7_0"]', 16, "plan.packages[0]", ["which no device runs"]),
    ("count: 10", "count: 0", 18, "fleet", ["the fleet is empty", "a count above 0"]),
    (
        "    - name: meters",
        "    - {name: meters, count: 1}\n    - name: meters",
        21,
        "fleet.groups[1].name",
        ["two groups are called 'meters'"],
    ),
    ("  strategy:", "  starts: 5h\n  ends: 4h\n  strategy:", 18, "plan.ends", ["ends before it starts"]),
    ("  strategy:", "  starts: 5d\n  strategy:", 17, "plan.starts", ["after the horizon"]),
    ("  strategy:", "  whitelist: {file: no.txt}\n  strategy:", 17, "plan.whitelist.file", ["no.txt", "beside"]),
    ("  strategy:", "  operator: [{at: 9d, do: suspend}]\n  strategy:", 17, "plan.operator[0].at", ["horizon"]),
    (
        "  strategy:",
        "  operator: [{at: 1h, do: resume}]\n  strategy:",
        17,
        "plan.operator[0].do",
        ["activated cannot resume", "suspend"],
    ),
    (
        "  strategy:",
        "  operator: [{at: 1h, do: terminate}, {at: 2h, do: resume}]\n  strategy:",
        17,
        "plan.operator[1].do",
        ["terminated cannot resume", "view only"],
    ),
    (
        "  groups:",
        "  csv: [{name: c, file: no.csv, columns: {id: a}}]\n  groups:",
        19,
        "fleet.csv[0].file",
        ["no such"],
    ),
]

ASLEEP = "hosts: {pushed: {extends: careful, asks: false}}\n"
CONDITIONS = [
    ("rssi <", ["ends too early"]),
    ("rsi < -3dBm", ["no device has an attribute 'rsi'", "did you mean 'rssi'?"]),
    ('hardware = "A"', ["column 10", "write == to compare"]),
    ('hardware == "A', ["never ends"]),
    ("hardware == A", ["a text in quotes"]),
    ("firmware == 1_0", ["'1_0'", "in quotes"]),
    ("rssi < -90kB", ["'-90kB'"]),
    ("rssi < 5%", ["rssi is in dBm, not in %"]),
    ("(rssi < -3dBm", ["expected ')'"]),
    ('__import__("os")', ["expected a comparison"]),
]

FILES = [
    ("", 0, ["empty", "fota-sim new"]),
    ("- a\n", 0, ["not a mapping"]),
    ("horizon: [3d\nseed: 1\n", 2, ["not valid YAML", "close the bracket"]),
    ("horizon: 3d\nhorizon: 4d\n", 2, ["duplicate key", "keep one"]),
    ("plan:\n\tname: a\n", 2, ["with spaces, not with tabs"]),
    ("description: a: b\n", 1, ["in quotes"]),
    ("horizon: 3d\n---\na: 1\n", 2, ["one file holds one scenario"]),
    ("seed: 1\nstart: 2026-02-30T08:00:00\n", 2, ["2026-02-30 is no date"]),
    ("horizon: *x\n", 1, ["undefined alias"]),
    ("fleet: &a [*a]\n", 0, ["contains itself"]),
]

OVERRIDES = [
    ("horizon", "", ["write path=value"]),
    ("=3", "", ["write path=value"]),
    ("..=3", "", ["write path=value"]),
    ("horizon=[3", "horizon", ["not a YAML value"]),
    ("plan.strategy.retrys=3", "plan.strategy.retrys", ["did you mean 'retries'?"]),
    ("a.b=3", "a", ["unknown key"]),
    ("fleet.groups.nobody.count=3", "fleet.groups", ["no entry 'nobody'", "meters"]),
    ("fleet.groups[7].count=3", "fleet.groups", ["no entry 7"]),
    ("horizon.x=3", "horizon", ["single value"]),
    ("plan.packages[0].x=3", "plan.packages[0]", ["single value"]),
    ("fleet.groups.meters.count=-3", "fleet.groups[0].count", ["at least 0"]),
    ("radios.nb-iott.margin=3dB", "radios.nb-iott", ["does not say"]),
]


@pytest.mark.parametrize(("old", "new", "line", "path", "words"), [*FIELDS, *ACROSS_FIELDS])
def test_a_mistake_is_the_only_problem_and_has_its_line_path_and_words(
    old: str, new: str, line: int, path: str, words: list[str]
) -> None:
    (found,) = problems(changed(old, new))
    assert (found.file, found.line, found.path) == ("my.yaml", line, path)
    assert all(word in found.message for word in words), found.message
    assert not any(word in str(found) for word in JARGON), found.message


@pytest.mark.parametrize(("condition", "words"), CONDITIONS)
@pytest.mark.parametrize("place", ["plan.blacklist.where", "packages[0].defects[0].where"])
def test_a_condition_that_makes_no_sense_is_found_before_the_fleet_is_drawn(
    condition: str, words: list[str], place: str
) -> None:
    new = f"blacklist: {{where: '{condition}'}}\n  strategy:"
    text = changed("strategy:", new)
    if place.startswith("packages"):
        text = changed("kind: full", f"defects: [{{effect: boot_failure, where: '{condition}'}}]")
    (found,) = problems(text)
    assert (found.path, found.line) == (place, 11 if place.startswith("packages") else 17)
    assert all(word in found.message for word in words), found.message


@pytest.mark.parametrize(("text", "line", "words"), FILES)
def test_a_file_that_is_no_yaml_mapping_is_refused_with_the_line(text: str, line: int, words: list[str]) -> None:
    (found,) = problems(text)
    assert found.line == line
    assert all(word in found.message for word in words), found.message


@pytest.mark.parametrize(("override", "path", "words"), OVERRIDES)
def test_an_override_that_leads_nowhere_is_named_as_it_was_typed(override: str, path: str, words: list[str]) -> None:
    (found,) = problems(overrides=(override,))
    assert (found.file, found.path) == (f"--set {override}", path)
    assert all(word in found.message for word in words), found.message


def test_two_packages_of_one_name_are_an_error() -> None:
    second = "packages:\n  - {name: app-2, component: app, target_version: a, files: [{name: a.bin, size: 1B}]}\n"
    (found,) = problems(changed("packages:\n  - name", second + "  - name"))
    assert (found.line, found.path) == (10, "packages[1].name")
    assert "two packages are called 'app-2'" in found.message


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_a_push_period_that_never_opens_before_the_end_is_an_error_in_any_zone(zone: str) -> None:
    text = changed("  strategy:", f'  time_zone: {zone}\n  push_period: "10:00-12:00"\n  ends: 1h\n  strategy:')
    text = text.replace("module: BC66", "host: pushed") + ASLEEP
    (found,) = problems(text)
    assert (found.line, found.path) == (18, "plan.push_period")
    assert "never opens" in found.message


def test_the_zone_of_the_push_period_decides_when_it_opens() -> None:
    text = changed("  strategy:", '  time_zone: Asia/Tokyo\n  push_period: "17:00-19:00"\n  ends: 1h\n  strategy:')
    assert problems(text.replace("module: BC66", "host: pushed") + ASLEEP) == []


def test_a_plan_that_neither_pushes_nor_is_asked_is_an_error() -> None:
    text = changed("  strategy:", "  push: false\n  strategy:").replace("module: BC66", "host: pushed")
    (found,) = problems(text + ASLEEP)
    assert found.path == "plan.push"
    assert "push: true" in found.message


def test_radios_that_extend_each_other_are_a_circle() -> None:
    found = problems(changed("", "radios: {x: {extends: y}, y: {extends: x}}\n"))
    assert [problem.path for problem in found] == ["radios.x.extends", "radios.y.extends"]
    assert all("break the circle" in problem.message for problem in found)


def test_every_mistake_of_a_file_is_told_at_once_in_file_order() -> None:
    text = changed("horizon: 3d", "horizon: 5\npackges: 3\nseed: x").replace("retries: 5", "retries: 6")
    found = problems(text.replace("count: 10", "count: -1"))
    assert [(problem.line, problem.path) for problem in found] == [
        (1, "horizon"),
        (2, "packges"),
        (3, "seed"),
        (19, "plan.strategy.retries"),
        (23, "fleet.groups[0].count"),
    ]


def test_names_that_do_not_exist_are_told_at_once() -> None:
    found = problems(changed("module: BC66", "module: X\n      host: Y").replace("[app-2]", "[Z]"))
    assert [problem.path for problem in found] == ["plan.packages[0]", "fleet.groups[0].module", "fleet.groups[0].host"]


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("name: Zähler".encode("latin-1"))
    for name, words in (("nowhere.yaml", "no such file"), (".", "is a folder"), ("latin.yaml", "UTF-8")):
        with pytest.raises(ScenarioError, match=words) as caught:
            load_scenario(tmp_path / name)
        assert caught.value.problems[0].file == str(tmp_path / name)


def test_a_list_file_that_is_a_folder_or_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"\xe4")
    for name, words in ((".", "directory"), ("latin.txt", "UTF-8")):
        (found,) = problems(changed("  strategy:", f"  blacklist: {{file: {name}}}\n  strategy:"), tmp_path)
        assert (found.line, found.path) == (17, "plan.blacklist.file")
        assert words in found.message


def test_scenarios_that_extend_each_other_are_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("seed: 1\nextends: a.yaml\n")
    with pytest.raises(ScenarioError, match="break the circle") as caught:
        load_scenario(tmp_path / "a.yaml")
    (found,) = caught.value.problems
    assert (Path(found.file).name, found.line, found.path) == ("b.yaml", 2, "extends")


@pytest.mark.parametrize(("base", "words"), [("nope.yaml", "no such file"), ("[a]", "path of another scenario")])
def test_a_base_that_is_not_there_is_an_error(base: str, words: str) -> None:
    (found,) = problems(f"extends: {base}\n" + GOOD)
    assert (found.line, found.path) == (1, "extends")
    assert words in found.message


CSV = "  csv: [{name: c, file: f.csv, columns: {id: device, rssi: dbm, battery: level}}]\n  groups:"


def test_a_csv_header_without_the_mapped_column_is_found_before_a_row_is_read(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("device,dBm,level\na,-90,50\n")
    (found,) = problems(changed("  groups:", CSV), tmp_path)
    assert (found.line, found.path) == (19, "fleet.csv[0].columns.rssi")
    assert "has no column 'dbm'; did you mean 'dBm'?" in found.message


def test_every_bad_row_of_a_csv_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("device,dbm,level\na,-90,50\na,-90,50\nb,strong,50\n,-90,50\nc,-90\nd,-90,150\n")
    scenario = load(changed("  groups:", CSV), tmp_path)
    with pytest.raises(ScenarioError) as caught:
        run_replication(scenario, 0)
    found = caught.value.problems
    assert {problem.file for problem in found} == {str(tmp_path.resolve() / "f.csv")}
    said = {problem.line: problem.message for problem in found}
    assert list(said) == [3, 4, 5, 6, 7]
    assert "'a' stands in line 2 already" in said[3]
    assert "'strong' is not a signal level" in said[4]
    assert "is empty" in said[5]
    assert "2 fields where the header has 3" in said[6]
    assert "150 is outside 0% to 100%" in said[7]


@pytest.mark.parametrize(
    ("old", "new", "path", "words"),
    [
        ("  strategy:", "  whitelist: {where: battery > 100%}\n  strategy:", "plan.whitelist", "nobody"),
        (
            "  strategy:",
            "  blacklist: {where: mains == true or mains == false}\n  strategy:",
            "plan.blacklist",
            "nobody",
        ),
        ("  strategy:", "  whitelist: {ids: [meters-99]}\n  strategy:", "plan.whitelist.ids", "meters-99"),
        ("module: BC66", 'attributes: {rssi: "3"}', "fleet: meters: attributes", "choose another name"),
        (
            "  strategy:",
            "  operator: [{at: 1h, do: cancel, devices: {ids: [x]}}]\n  strategy:",
            "plan.operator[0].devices.ids",
            "'meters-0'",
        ),
    ],
)
def test_what_only_the_drawn_fleet_shows_is_told_before_anything_runs(
    old: str, new: str, path: str, words: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        run_replication(load(changed(old, new)), 0)
    (found,) = caught.value.problems
    assert found.path == path
    assert words in found.message


def test_an_id_that_a_csv_and_a_group_share_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("device,dbm,level\nmeters-3,-90,50\n")
    with pytest.raises(ScenarioError, match="'meters-3' is used twice, by 'meters' and 'c'"):
        run_replication(load(changed("  groups:", CSV), tmp_path), 0)
