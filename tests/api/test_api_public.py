"""What is public in Python: one list, which Tab and type checkers see, and whose change is seen here."""

from __future__ import annotations

import ast
import doctest
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import fota_sim as fs

KEPT = Path(__file__).with_name("public.txt")
NAMES = [name for name in fs.__all__ if name != "__version__"]


def lines() -> Iterator[str]:
    """A line for each public name, and for what a class of ours has of its own."""
    for name in NAMES:
        value = getattr(fs, name)
        if not inspect.isclass(value):
            yield f"{name}{inspect.signature(value)}"
            continue
        yield f"class {name}({', '.join(base.__name__ for base in value.__bases__)})"
        for member in sorted(name for name in dir(value) if not name.startswith("_")):
            found = inspect.getattr_static(value, member)
            if inspect.isfunction(found):
                yield f"{name}.{member}{inspect.signature(found)}"
            elif not isinstance(found, classmethod | staticmethod):
                yield f"{name}.{member}"
        for field in getattr(value, "__dataclass_fields__", {}):
            yield f"{name}.{field}: {value.__dataclass_fields__[field].type}"


def test_what_is_public_is_what_was_agreed() -> None:
    """After a change that is meant: ``python tests/api/test_api_public.py`` writes the list anew; tell users of it."""
    assert "\n".join(lines()) == KEPT.read_text(encoding="utf-8").rstrip("\n")


def test_tab_lists_it() -> None:
    assert dir(fs) == sorted(fs.__all__)


def test_type_checkers_are_told_of_every_name() -> None:
    tree = ast.parse(Path(fs.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    told = {
        alias.asname: (node.module, alias.name)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert sorted(told) == sorted(NAMES)
    for name, (module, where) in told.items():
        assert getattr(sys.modules[str(getattr(fs, name).__module__)], where) is getattr(fs, name)
        assert str(module).startswith("fota_sim.")


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    assert not hasattr(fs, "frobnicate")


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    code = "import sys, fota_sim; print([name for name in sys.modules if name.partition('.')[0] in "
    code += "('numba', 'numpy', 'pandas', 'pydantic', 'pyarrow', 'typer', 'rich', 'ruamel')])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", ["", *NAMES])
def test_examples_give_what_they_show(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    value: Any = getattr(fs, name) if name else fs
    for example in doctest.DocTestFinder(recurse=bool(name)).find(value, name or "fota_sim", module=False):
        said: list[str] = []
        result = doctest.DocTestRunner().run(example, out=said.append)
        assert not result.failed, "".join(said)


def test_most_of_it_has_an_example() -> None:
    shown = [name for name in NAMES if ">>>" in (inspect.getdoc(getattr(fs, name)) or "")]
    assert {"load", "template", "run", "compare", "sweep", "canary", "results", "open", "Scenario", "Result"} <= set(
        shown
    )


def test_everything_says_what_it_is() -> None:
    assert [name for name in NAMES if not inspect.getdoc(getattr(fs, name))] == []


if __name__ == "__main__":
    KEPT.write_text("\n".join(lines()) + "\n", encoding="utf-8")
