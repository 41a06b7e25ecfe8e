"""The notebooks as committed: executed, free of what chance leaves behind, and with no number typed in by hand."""

from __future__ import annotations

import ast
import copy
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat import NotebookNode

FOLDER = Path(__file__).parents[2] / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
NAMES = ("95 %", "LTE Cat 1", "NB1", "BC66", "BC95", "BG95", "EC200A", "EC200U", "EG18", "ER34615", "FC41D", "TX62")
"""Modules, standards and the level of every interval: numbers that are names."""
PLACES = re.compile(r"/(?:home|root|work|tmp|usr|opt|var|Users|builds)/|[A-Z]:\\+Users|file://|0x[0-9a-f]{6,}")
SAID = ("Markdown", "set_title")
"""Calls whose texts are prose."""


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> NotebookNode:
    return nbformat.read(request.param, nbformat.NO_CONVERT)


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", FOLDER / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def written(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def said(source: str) -> Iterator[str]:
    """The texts, in a cell's calls that say something, that stand there as they are; a constant in braces is one."""
    nodes = list(ast.walk(parsed(source)))
    for call in (node for node in nodes if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for argument in call.args if name in SAID else ():
            yield from texts(argument)
            names = {node.id for node in ast.walk(argument) if isinstance(node, ast.Name)}
            for node in nodes:  # what was put into a variable before it is said
                if isinstance(node, ast.Assign) and names & {getattr(target, "id", "") for target in node.targets}:
                    yield from texts(node.value)


def texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.FormattedValue):
        value = node.value.operand if isinstance(node.value, ast.UnaryOp) else node.value
        if isinstance(value, ast.Constant):
            yield str(value.value)
        yield from texts(value)
    elif isinstance(node, ast.Subscript | ast.Slice):
        return
    else:
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


def parsed(source: str) -> ast.Module:
    lines = ["" if line.startswith("%") else line for line in source.splitlines()]
    return ast.parse("\n".join(lines))


def numbers(text: str) -> list[str]:
    """Digits of a text that are no name, no code, and no link's address."""
    text = re.sub(r"`[^`]*`|\]\([^)]*\)", " ", text)
    for name in NAMES:
        text = text.replace(name, " ")
    return re.findall(r"\S*\d\S*", text)


def test_they_are_numbered_from_one_on() -> None:
    assert [path.name[:3] for path in PATHS] == [f"{number:02d}_" for number in range(1, len(PATHS) + 1)]
    assert len(PATHS) >= 6


def test_every_cell_was_executed_in_order_and_none_failed_or_warned(notebook: NotebookNode) -> None:
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr"


def test_nothing_of_the_machine_or_the_moment_is_kept(notebook: NotebookNode, build: ModuleType) -> None:
    settled = copy.deepcopy(notebook)
    build.settle(settled)
    assert settled == notebook
    for cell in code_cells(notebook):
        for output in cell.outputs:
            output.get("data", {}).pop("image/png", None)
    assert not PLACES.findall(nbformat.writes(notebook))


def test_a_notebook_is_prose_with_pictures(notebook: NotebookNode) -> None:
    shown = [output.get("data", {}) for cell in code_cells(notebook) for output in cell.outputs]
    assert sum("image/png" in data for data in shown) >= 3
    assert written(notebook)[0].startswith("# ")
    assert any("text/markdown" in data for data in shown)


def test_every_number_in_the_prose_is_computed(notebook: NotebookNode) -> None:
    typed = [number for text in written(notebook) for number in numbers(text)]
    typed += [number for cell in code_cells(notebook) for text in said(cell.source) for number in numbers(text)]
    assert not typed


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('Markdown(f"{share:.1f} % of `min_battery=30%` at 95 %")', []),
        ('Markdown(f"{share:.1f} % of 300 devices")', ["300"]),
        ('Markdown("good" if share > 0.5 else f"{30} % are bad")', ["30"]),
        ('axes.set_title(f"{-113} dBm", loc="left")', ["113"]),
        ('text = "30 % are bad"\nMarkdown(text)', ["30"]),
        ("print('30 %')", []),
    ],
)
def test_a_number_typed_into_a_sentence_is_found(source: str, found: list[str]) -> None:
    assert [number for text in said(source) for number in numbers(text)] == found


def test_links_lead_somewhere(notebook: NotebookNode) -> None:
    shown = [
        "".join(output.get("data", {}).get("text/markdown", "")) for c in code_cells(notebook) for output in c.outputs
    ]
    for text in [*written(notebook), *shown]:
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (FOLDER / target).exists(), target
