"""schema.md: every field of a scenario, from the models that read it."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import PlainSerializer, TypeAdapter, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pymdownx.slugs import slugify
from sources_table import sources_of

from fota_sim.scenario.model import Scenario
from fota_sim.scenario.types import Block
from fota_sim.scenario.units import Unit

INTRODUCTION = """---
search:
  boost: 3
---

# Scenario fields

Made from the program; `fota-sim schema` prints the same for editors. Paths are what `--set` takes: `[]` stands for
a place in a list (`[0]`, or the name of what is there: `fleet.groups.meters.count`), NAME for a name that you
choose. A value has its unit.

**Basis** says where a built-in value comes from: R read in a source, C computed from one, G general knowledge,
**[A]** an assumption that you should vary; [Sources](sources.md) has them all. A field without a basis is a choice
of yours, not a fact about the world."""
_WORD = "Assumption."
_PLAIN = {
    bool: "`true` or `false`",
    int: "whole number",
    float: "number",
    str: "text",
    datetime: "date and time",
    types.NoneType: "`null`",
    Any: "anything",
}


class Section(NamedTuple):
    """A part of the scenario and every place where it stands."""

    part: type[Block]
    paths: list[str]


def schema_page() -> str:
    """The page, in Markdown."""
    found = sections()
    return "\n\n".join([INTRODUCTION, *(_section(each, found) for each in found.values())]) + "\n"


def sections() -> dict[type[Block], Section]:
    """Every part of a scenario, in the order in which a reader meets it."""
    found: dict[type[Block], Section] = {}

    def visit(part: type[Block], path: str) -> None:
        if part in found:
            found[part].paths.append(path)
            return
        found[part] = Section(part, [path])
        for name, field in fields(part):
            for suffix, inner in _parts(field.annotation):
                visit(inner, f"{path}.{name}{suffix}" if path else f"{name}{suffix}")

    visit(Scenario, "")
    return found


def fields(part: type[Block]) -> Iterator[tuple[str, FieldInfo]]:
    """Its fields by the names they have in YAML."""
    for name, field in part.model_fields.items():
        yield field.alias or name, field


def _parts(annotation: Any) -> Iterator[tuple[str, type[Block]]]:
    """Parts of a scenario within a type, and what comes between: ``[]`` for a list, ``.NAME`` for a mapping."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Block):
        yield "", annotation
    elif origin is Annotated:
        yield from _parts(arguments[0])
    elif origin in (Union, types.UnionType):
        for each in arguments:
            yield from _parts(each)
    elif origin in (list, tuple):
        yield from ((f"[]{suffix}", part) for suffix, part in _parts(arguments[0]))
    elif origin is dict:
        yield from ((f".NAME{suffix}", part) for suffix, part in _parts(arguments[1]))


def _section(section: Section, all_sections: dict[type[Block], Section]) -> str:
    path = section.paths[0]
    lines = [f"## {_title(section)}", "", " ".join((section.part.__doc__ or "").split()), ""]
    if len(section.paths) > 1:
        lines += [f"The same at {', '.join(f'`{each}`' for each in section.paths[1:])}.", ""]
    lines += ["| Field | Value | Default | Meaning | Basis |", "|---|---|---|---|---|"]
    for name, field in fields(section.part):
        cells = (
            _full(path, name),
            _value(field, all_sections),
            _default(field),
            _meaning(field),
            _basis(section.part, name, field),
        )
        lines.append(f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |")
    return "\n".join(lines)


def _title(section: Section) -> str:
    return f"`{section.paths[0]}`" if section.paths[0] else "The whole scenario"


def _anchor(section: Section) -> str:
    """What MkDocs makes of the title."""
    return slugify(case="lower")(_title(section).strip("`"), "-")


def _full(path: str, name: str) -> str:
    """The whole path, which may be broken after each dot."""
    steps = (f"{path}.{name}" if path else name).split(".")
    return f"<code>{'.<wbr>'.join(steps)}</code>"


def _value(field: FieldInfo, all_sections: dict[type[Block], Section]) -> str:
    words = _words(field.annotation, field.metadata, all_sections)
    limits = _limits(field)
    return f"{words}; {limits}" if limits else words


def _words(annotation: Any, metadata: list[Any], all_sections: dict[type[Block], Section]) -> str:
    """A type in words."""
    described = _described(metadata)
    if described:
        return described
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Block):
        section = all_sections[annotation]
        return f"[{_title(section)}](#{_anchor(section)})"
    if origin is Annotated:
        return _words(arguments[0], list(arguments[1:]), all_sections)
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(_words(each, [], all_sections) for each in arguments)
    if origin in (list, tuple):
        return f"list: {_words(arguments[0], [], all_sections)}"
    if origin is dict:
        return f"by name: {_words(arguments[1], [], all_sections)}"
    return _PLAIN[annotation]


def _described(metadata: list[Any]) -> str:
    """What a type that reads text says of itself."""
    for each in metadata:
        if isinstance(each, WithJsonSchema) and each.json_schema and "description" in each.json_schema:
            return str(each.json_schema["description"])
    return ""


def _limits(field: FieldInfo) -> str:
    """Bounds, with their unit; a pattern is left to the message of who breaks it."""
    unit = _unit(field.annotation, field.metadata)
    low = high = ""
    for each in field.metadata:
        match each:
            case Ge(ge=value):
                low = f"at least {_bound(value, unit)}"
            case Gt(gt=value):
                low = f"more than {_bound(value, unit)}"
            case Le(le=value):
                high = f"at most {_bound(value, unit)}"
            case Lt(lt=value):
                high = f"below {_bound(value, unit)}"
            case MinLen(min_length=1):
                low = "not empty"
            case MinLen(min_length=count):
                low = f"at least {count:,} long"
            case MaxLen(max_length=count):
                high = f"at most {count:,} long"
    return ", ".join(filter(None, (low, high)))


def _bound(value: Any, unit: Unit | None) -> str:
    if unit is None or value == 0:
        return f"{value:,}" if value < 2**62 else f"2^{value.bit_length() - 1}"
    return unit.format(float(value))


def _unit(annotation: Any, metadata: list[Any]) -> Unit | None:
    """The unit that a quantity is written with, wherever in the type that is said."""
    for each in metadata:
        if isinstance(each, PlainSerializer) and isinstance(getattr(each.func, "__self__", None), Unit):
            return each.func.__self__
    if get_origin(annotation) is Annotated:
        return _unit(get_args(annotation)[0], list(get_args(annotation)[1:]))
    return next(filter(None, (_unit(each, []) for each in get_args(annotation) if each is not annotation)), None)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or isinstance(value, Block):
        return "as there"
    if value is None:
        return "`null`"
    if value in ("", [], {}, ()):
        return "none"
    written = TypeAdapter(Annotated[field.annotation, field]).dump_python(value, mode="json")
    text = _yaml(written)
    return f"`{text}`"


def _yaml(value: Any) -> str:
    """On one line, as it would be written."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(each) for each in value) + "]"
    return str(value)


def _meaning(field: FieldInfo) -> str:
    return " ".join((field.description or "").replace(_WORD, "").split()).replace("<", "&lt;").replace("*", "\\*")


def _basis(part: type[Block], name: str, field: FieldInfo) -> str:
    """Grades with a link to their source; an assumption is marked even where that page has no line of its own."""
    grades, section = sources_of(part.__name__, name)
    if _WORD in (field.description or "") and "[A]" not in grades:
        grades = (*grades, "[A]")
    text = " ".join(f"**{grade}**" if grade == "[A]" else grade for grade in grades)
    if not section:
        return text.replace("[A]", "\\[A\\]")
    anchor = section.lower().replace(" ", "-")
    return f"[{(text or 'sources').replace('[A]', chr(92) + '[A' + chr(92) + ']')}](sources.md#{anchor})"
