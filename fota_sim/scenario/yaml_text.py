"""Plain data as YAML that people read: short lists and mappings on one line."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

_WIDTH = 110
"""Characters after which a line is broken."""


def plain_text(data: dict[str, Any]) -> str:
    """Plain data as YAML, short lists and mappings on one line."""
    yaml = writer(_WIDTH)
    yaml.indent(mapping=2, sequence=4, offset=2)
    return dumped(yaml, node_of(data))


def node_of(value: Any) -> Any:
    """Plain data as the writer takes it: what is short and holds nothing nested stands on one line."""
    if isinstance(value, dict):
        mapping = CommentedMap({key: node_of(each) for key, each in value.items()})
        if _is_short(mapping.values()):
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        items = CommentedSeq([node_of(each) for each in value])
        if _is_short(items):
            items.fa.set_flow_style()
        return items
    if isinstance(value, str) and not value.isascii():
        return DoubleQuotedScalarString(value)
    return value


def _is_short(values: Any) -> bool:
    found = list(values)
    return len(found) <= 4 and not any(isinstance(each, dict | list) and each for each in found)


def writer(width: int) -> YAML:
    """What reads and writes YAML with its comments; lines are broken after ``width`` characters."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.preserve_quotes = True
    yaml.width = width
    yaml.allow_unicode = True
    return yaml


def indented(width: int) -> YAML:
    """What writes mappings two characters in and items of lists four; lines are broken after ``width`` characters."""
    yaml = YAML()
    yaml.width = width
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def dumped(yaml: YAML, tree: Any) -> str:
    """The text of a tree."""
    out = StringIO()
    yaml.dump(tree, out)
    return out.getvalue()
