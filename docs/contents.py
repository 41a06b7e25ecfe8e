"""Each package's docstring is its table of contents; ``python docs/contents.py`` puts in what is missing.

A row is the name of a module or package and what it holds, in words of its author's. What a missing one holds is taken
from the first sentence of its docstring, to be made better by hand; rows of what is gone are left out, all others stay.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

PACKAGE = Path(__file__).parents[1] / "fota_sim"
WIDTH = 120
_RULE = re.compile(r"^=+  =+$")
_ROW = re.compile(r"^(?:``)?(\w+)(?:``)? {2,}(\S.*)$")


class Contents(NamedTuple):
    """The docstring of a package around and in its table."""

    before: list[str]
    rows: dict[str, str]
    """What each module or package holds, by name."""
    after: list[str]


def packages() -> list[Path]:
    """Every package within the whole, whose own docstring is for users and whose layers are a picture (layers.py)."""
    return sorted(init.parent for init in PACKAGE.glob("*/**/__init__.py"))


def members(package: Path) -> set[str]:
    """Modules and packages of a package, but for what Python itself asks for."""
    modules = {file.stem for file in package.glob("*.py") if not file.stem.startswith("__")}
    return modules | {init.parent.name for init in package.glob("*/__init__.py")}


def contents(package: Path) -> Contents:
    """What a package's docstring says; no rows where it has no table."""
    lines = docstring(package / "__init__.py").split("\n")
    rules = [number for number, line in enumerate(lines) if _RULE.match(line)]
    if len(rules) < 2:
        return Contents(lines, {}, [])
    rows: dict[str, str] = {}
    for line in lines[rules[0] + 1 : rules[1]]:
        if found := _ROW.match(line):
            name, rows[found[1]] = found[1], found[2]
        elif rows:  # it goes on
            rows[name] += f" {line.strip()}"
    return Contents(lines[: rules[0]], rows, lines[rules[1] + 1 :])


def completed(package: Path) -> Contents:
    """The same with a row for each member and for nothing else."""
    found, there = contents(package), members(package)
    rows = {name: text for name, text in found.rows.items() if name in there}
    rows |= {name: first_line(package, name) for name in sorted(there - set(rows))}
    return found._replace(rows=rows)


def first_line(package: Path, name: str) -> str:
    """What a member says of itself, as it stands in a table."""
    file = package / name / "__init__.py"
    sentence = docstring(file if file.exists() else package / f"{name}.py").split("\n")[0].split(". ")[0]
    text = sentence.removesuffix(".")
    word = text.split(maxsplit=1)[0] if text else ""
    return text[:1].lower() + text[1:] if word[1:] == word[1:].lower() else text  # QuecThing, AWS and Ctrl-C stay


def docstring(file: Path) -> str:
    """The docstring of a module; '' if it has none."""
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""


def written(found: Contents) -> str:
    """The docstring as it stands in the file."""
    before = found.before if not found.rows or not found.before[-1] else [*found.before, ""]
    lines = [*before, *_table(found.rows), *found.after]
    return '"""' + "\n".join(lines) + ('\n"""' if len(lines) > 1 else '"""')


def _table(rows: dict[str, str]) -> list[str]:
    if not rows:
        return []
    width = max(15, *(len(name) + 4 for name in rows))
    rule = f"{'=' * width}  {'=' * 73}"
    lines = []
    for name, text in rows.items():
        first, *more = wrap(text, WIDTH - width - 2, break_on_hyphens=False)
        lines += [f"{f'``{name}``':<{width}}  {first}", *(f"{'':<{width}}  {line}" for line in more)]
    return [rule, *lines, rule]


def replace_docstring(file: Path, new: str) -> bool:
    """Put ``new`` in the place of a module's docstring; whether that changes the file."""
    text = file.read_text(encoding="utf-8")
    statement = ast.parse(text).body[0]
    lines = text.split("\n")
    changed = "\n".join([*lines[: statement.lineno - 1], new, *lines[statement.end_lineno :]])
    file.write_text(changed, encoding="utf-8")
    return changed != text


def main() -> None:
    """Complete every package's docstring; names those that were changed."""
    for package in packages():
        if contents(package).rows.keys() == members(package):
            continue
        if replace_docstring(package / "__init__.py", written(completed(package))):
            sys.stdout.write(f"{package.relative_to(PACKAGE.parent)}/__init__.py: say in your own words what is new\n")


if __name__ == "__main__":
    main()
