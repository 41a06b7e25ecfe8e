"""Lists that would go stale if nobody looked: each package's table of contents, and where a change belongs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from html import unescape
from pathlib import Path
from typing import Any

import contents
import layers
import pytest
import typer

from fota_sim.cli.main import app
from fota_sim.learning.reading import FLAGS

ROOT = contents.PACKAGE.parent
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PACKAGES = {path.relative_to(contents.PACKAGE.parent).as_posix(): path for path in contents.packages()}


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_a_packages_docstring_names_each_of_its_modules_and_no_other(name: str) -> None:
    rows = contents.contents(PACKAGES[name]).rows
    members = contents.members(PACKAGES[name])
    assert set(rows) == members, f"python docs/contents.py puts the missing ones into {name}/__init__.py"
    assert all(text.strip() for text in rows.values())


def test_every_package_is_looked_at() -> None:
    assert len(PACKAGES) > 25


def test_what_is_missing_is_put_in_and_what_is_gone_is_left_out(tmp_path) -> None:
    package = tmp_path / "pack"
    (package / "inner").mkdir(parents=True)
    (package / "inner" / "__init__.py").write_text('"""An inner package. It has more to say."""\n')
    (package / "kept.py").write_text('"""Not what the table says."""\n')
    (package / "fresh.py").write_text('"""QuecThing lines, told: one by one.\n\nAnd more.\n"""\n')
    init = package / "__init__.py"
    table = "====  ====\n``gone``  was here\n``kept``  in words\n          of its own\n====  ===="
    init.write_text(f'"""A pack.\n\n{table}\n\nAfter.\n"""\nX = 1\n')
    assert contents.replace_docstring(init, contents.written(contents.completed(package)))
    assert init.read_text().splitlines()[:8] == [
        '"""A pack.',
        "",
        "===============  " + "=" * 73,
        "``kept``         in words of its own",
        "``fresh``        QuecThing lines, told: one by one",
        "``inner``        an inner package",
        "===============  " + "=" * 73,
        "",
    ]
    assert init.read_text().endswith('\n\nAfter.\n"""\nX = 1\n')
    assert not contents.replace_docstring(init, contents.written(contents.completed(package)))


def test_the_picture_of_the_layers_is_that_of_the_contract() -> None:
    assert layers.PICTURE.read_text(encoding="utf-8") == layers.picture(), "python docs/layers.py makes it anew"


def test_the_picture_has_every_layer_and_what_it_holds() -> None:
    drawn = {name for names in layers.layers("fota_sim") for name in names}
    assert drawn == contents.members(contents.PACKAGE)
    shown = unescape(layers.picture())
    for names in layers.layers("fota_sim"):
        assert all(f">{name}</text>" in shown for name in names)
        lines = layers.held(names)
        assert 1 <= len(lines) <= 2
        assert all(f">{line}</text>" in shown and len(line) <= 78 for line in lines)


def named_files(text: str) -> Iterator[tuple[str, bool]]:
    """Paths that a text names, and whether there is such a file or folder.

    They begin at the root or in the package; a bare name of a file stands beside the path before it.
    """
    beside = ROOT
    for name in re.findall(r"`([\w./*-]+)`|\]\(([\w./-]+)\)", text):
        path = name[0] or name[1]
        if not ("/" in path or re.search(r"\.(py|md|yaml|toml)$", path)):
            continue
        starts = (ROOT, contents.PACKAGE, beside)
        found = next((start for start in starts if any(start.glob(path.rstrip("/")))), None)
        if found is not None and "*" not in path:
            beside = found / path if (found / path).is_dir() else (found / path).parent
        yield path, found is not None


def test_every_file_that_contributors_are_sent_to_is_there() -> None:
    named = list(named_files(CONTRIBUTING))
    assert len(named) > 40
    assert [path for path, there in named if not there] == []


def test_a_file_that_has_moved_is_noticed() -> None:
    assert list(
        named_files("`analysis/run/study.py`, its `summary.py`; `analysis/study.py` and `fleet/`, [x](docs/no.md)")
    ) == [
        ("analysis/run/study.py", True),
        ("summary.py", True),
        ("analysis/study.py", False),
        ("fleet/", True),
        ("docs/no.md", False),
    ]


def test_where_a_change_belongs_has_something_for_each_layer() -> None:
    rows = CONTRIBUTING.partition("## Where a change belongs")[2].partition("\n## ")[0]
    packages = sorted(init.parent.name for init in contents.PACKAGE.glob("*/__init__.py"))
    assert len(packages) > 9
    assert [name for name in packages if not re.search(rf"`{name}(/|`)", rows)] == []


def test_each_folder_of_the_repository_is_spoken_of() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folders = {path.partition("/")[0] for path in tracked.splitlines() if "/" in path} - {"results"}  # a user's
    assert {"docs", "fota_sim", "tests"} < folders
    assert [name for name in sorted(folders) if f"{name}/" not in CONTRIBUTING] == []


PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
OF_OTHERS = {"--cli-input-json": "AWS CLI", "--no-compile": "pip"}


def inline(page: Path) -> list[str]:
    """What stands in a page as code within a sentence or a table."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_programs_that_a_page_names_are_there(page: Path) -> None:
    tracked = [f"/{name}" for name in subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).split()]
    named = [name for code in inline(page) for name in re.findall(r"^(?:\w+ )?([\w./*-]+\.py)\b", code)]
    assert [name for name in named if not any(fnmatch(each, f"*/{name}") for each in tracked)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_an_option_that_a_page_names_is_one_of_a_command_or_a_script(page: Path) -> None:
    root: Any = typer.main.get_command(app)
    commands = [*root.commands.values()]
    commands += [inner for each in commands for inner in getattr(each, "commands", {}).values()]
    known = {
        flag for each in [root, *commands] for param in each.params for flag in (*param.opts, *param.secondary_opts)
    }
    scripts = [*(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "docs").glob("*.py"), ROOT / "tests" / "mutation.py"]
    known |= {flag for path in scripts for flag in re.findall(r'"(--[a-z-]+)"', path.read_text(encoding="utf-8"))}
    named = [flag for code in inline(page) for flag in re.findall(r"(?<![\w-])--[a-z][\w-]*", code)]
    assert [flag for flag in named if flag not in known | {"--help"} | OF_OTHERS.keys()] == []


def test_a_command_that_reads_a_log_takes_all_that_says_how() -> None:
    commands = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    readers = {name: {flag for param in each.params for flag in param.opts} for name, each in commands.items()}
    readers = {name: flags for name, flags in readers.items() if "--as-of" in flags}
    assert set(readers) == {"fit", "forecast", "explore"}
    assert [(name, set(FLAGS.values()) - flags) for name, flags in readers.items() if set(FLAGS.values()) - flags] == []
