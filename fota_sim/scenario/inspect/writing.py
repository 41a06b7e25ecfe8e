"""What was found out, as the block of a scenario: guesses as comments above it, or in place of a scenario's fleet."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from fota_sim.scenario.inspect.findings import Findings
from fota_sim.scenario.yaml_text import dumped, indented

_WIDTH = 120
_PLAIN = re.compile(r"[^\W\d_][\w./-]*( [\w./-]+)*|-?\d{1,4}(\.\d{1,4})?(%|[A-Za-z]{1,3})")
_WORDS = frozenset(
    ["yes", "no", "on", "off", "true", "false", "null", "nan", "y", "n"]
)  # other things to some reader of YAML


def block_text(findings: Findings, source: str, comments: bool = True) -> str:
    """The block as YAML; ``source``: the file's name for the comments above it."""
    head = "".join(f"# {line}".rstrip() + "\n" for line in remarks(findings, source)) if comments else ""
    return head + dumped(indented(_WIDTH), {"fleet": _fleet(findings)})


def with_fleet(findings: Findings, path: Path, base: str, beside: Path) -> str:
    """The text of a scenario with this file as its only devices; all else stays, comments too.

    ``base`` is a scenario that loads, ``beside`` the file that the text will stand in.
    """
    yaml = indented(_WIDTH)
    data = yaml.load(base)
    fleet = _fleet(findings)
    fleet[findings.kind][0]["file"] = _relative(path, beside)
    for name, value in (data.get("fleet") or {}).items():
        if name not in ("groups", "csv", "excel"):
            fleet[name] = value
    data["fleet"] = fleet
    data.yaml_set_comment_before_after_key("fleet", before="\n".join(remarks(findings, path.name)))
    plan = data.get("plan")
    for name, where in findings.lists.items():
        if isinstance(plan, dict) and name not in plan:
            plan[name] = {"where": where}
    return dumped(yaml, data)


def remarks(findings: Findings, source: str) -> Iterator[str]:
    """Lines that say what was guessed and why, what looks wrong, and what was left alone."""
    yield f"{source}, as fota-sim fleet inspect found it."
    yield "Guesses, and why; where one is wrong, write another value below or leave the line out:"
    for guess in findings.guesses:
        instead = f" Otherwise {guess.instead}." if guess.instead else ""
        yield from _wrapped(f"{guess.what}: {guess.value}: {guess.why}.{instead}")
    for title, lines in (
        ("Looks wrong:", findings.odd),
        ("Kept for conditions only, or not understood:", [f"{header}: {why}" for header, why in findings.left]),
    ):
        if lines:
            yield title
            for line in lines:
                yield from _wrapped(line)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH - 2, initial_indent="  ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )


def _relative(path: Path, beside: Path) -> str:
    return Path(os.path.relpath(path.resolve(), beside.resolve().parent)).as_posix()


def _fleet(findings: Findings) -> CommentedMap:
    entry = CommentedMap()
    for name, value in findings.block.items():
        entry[name] = _mapped(value) if name == "columns" else _nested(value) if name == "values" else _inline(value)
    return CommentedMap({findings.kind: CommentedSeq([entry])})


def _nested(values: dict[str, dict[str, str]]) -> CommentedMap:
    return CommentedMap((attribute, _inline(cells)) for attribute, cells in values.items())


def _mapped(columns: dict[str, str]) -> CommentedMap:
    return CommentedMap((attribute, _scalar(header)) for attribute, header in columns.items())


def _inline(value: Any) -> Any:
    """A value; a mapping or list, with all that is in it, on one line."""
    line: CommentedMap | CommentedSeq
    if isinstance(value, dict):
        line = CommentedMap((_scalar(name), _inline(each)) for name, each in value.items())
    elif isinstance(value, list):
        line = CommentedSeq(_inline(each) for each in value)
    else:
        return _scalar(value)
    line.fa.set_flow_style()
    return line


def _scalar(value: Any) -> Any:
    """Texts that YAML of any version could take for something else stand in quotes."""
    if isinstance(value, str) and (not _PLAIN.fullmatch(value) or value.casefold() in _WORDS):
        return DoubleQuotedScalarString(value)
    return value
