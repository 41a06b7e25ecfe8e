"""One rule for versions, identifiers and keys, wherever they are read: what AT commands can carry in quotes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_world import GOOD, changed, problems

from fota_sim.errors import ScenarioError
from fota_sim.fleet.files import read_files
from fota_sim.protocol.grammar import format_arguments, parse_arguments
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.types import at_text

PLACES = {
    "product.model.components[1].identifier": ("identifier: stm", "identifier: {}"),
    "packages[0].specified_versions[0]": ("    kind: full", "    kind: full\n    specified_versions: [{}]"),
    "fleet.groups[0].firmware": ('firmware: {"1_0": 90%, "0_9": 10%}', "firmware: {}"),
    "fleet.groups[0].mcu.stm": ("module: BC66", "mcu: {{stm: {}}}"),
    "product.pk": ("product:\n", "product:\n  pk: {}\n"),
}


@pytest.mark.parametrize(("text", "words"), [('"a\\"b"', "holds a quote"), ('"a\\tb"', "a control character (U+0009)")])
@pytest.mark.parametrize("path", PLACES)
def test_a_text_that_at_commands_cannot_carry_is_refused_where_it_is_written(path: str, text: str, words: str) -> None:
    old, new = PLACES[path]
    (found,) = problems(changed(old, new.format(text)))
    assert found.path == path
    assert words in found.message
    assert found.line > 0


def test_a_delta_s_source_version_keeps_to_the_rule() -> None:
    text = changed("    kind: full", '    kind: delta\n    source_version: "a\\"b"')
    assert "packages[0].source_version" in {found.path for found in problems(text)}


@pytest.mark.parametrize(("column", "mapping"), [("fw", "firmware: fw"), ("board", '"mcu:stm": board')])
def test_a_column_keeps_to_the_rule_at_its_cell(column: str, mapping: str, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(f'id,{column}\na,1_0\nb,"2""0"\nc,{"9" * 70}\n')
    text = changed("  groups:", f"  csv: [{{name: c, file: f.csv, columns: {{id: id, {mapping}}}}}]\n  groups:")
    with pytest.raises(ScenarioError) as caught:
        read_files(parse_scenario(text, tmp_path / "my.yaml"))
    first, second = caught.value.problems
    assert (first.line, first.column, first.path) == (3, 2, column)
    assert "'2\"0' holds a quote; it stands in quotes in AT commands" in first.message
    assert (second.line, "has 70 characters; a version has at most 64" in second.message) == (4, True)


@given(st.text(max_size=80))
def test_what_the_rule_takes_goes_over_the_wire_and_back(text: str) -> None:
    taken = None
    with suppress(ValueError):
        taken = at_text(text)
    if taken is None:
        assert len(text) > 64 or '"' in text or not text.isprintable()
    else:
        assert parse_arguments(format_arguments((taken, 3))) == (text, 3)


@pytest.mark.parametrize("name", ["a.BIN", "a.Tar.Gz", "v2.bin", "v.mini_1"])
def test_an_ending_may_be_written_in_any_case(name: str) -> None:
    assert problems(GOOD.replace("app-2.bin", name)) == []


@pytest.mark.parametrize("name", [".bin", ".tar.gz", ".TAR.GZ"])
def test_an_ending_alone_is_no_file_name(name: str) -> None:
    (found,) = problems(GOOD.replace("app-2.bin", name))
    assert f"'{name}' is an ending without a name; write for example v2" in found.message


@pytest.mark.parametrize(("old", "new"), [("packages: [app-2]", 'name: "a\\nb"\n  packages: [app-2]')])
def test_a_name_is_one_line_of_text(old: str, new: str) -> None:
    (found,) = problems(changed(f"plan:\n  {old}", f"plan:\n  {new}"))
    assert "holds a character that cannot be seen; write one line of text" in found.message
