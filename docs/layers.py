"""The picture of the layers, from the contracts in pyproject.toml: ``python docs/layers.py`` writes docs/layers.svg.

What a layer holds is what it says of itself, at the beginning of its docstring.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Any

from contents import PACKAGE, first_line

HERE = Path(__file__).parent
PICTURE = HERE / "layers.svg"
_WIDTH, _ROW, _GAP, _LEFT, _NAMES = 1000, 42, 8, 70, 300  # px
_LETTERS = 78
"""Of a line: as many as there is room for."""
_SMALL = 20  # px more for a layer that has layers inside
_FONT = "font-family='system-ui, Segoe UI, Roboto, DejaVu Sans, sans-serif'"
_FILL, _LINE, _INK, _GREY = "#e8eef4", "#7a94ad", "#1b2733", "#55636f"


def layers(container: str) -> list[list[str]]:
    """The contract of a package, the highest layer first; names that stand side by side together."""
    with (PACKAGE.parent / "pyproject.toml").open("rb") as file:
        contracts: list[dict[str, Any]] = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (found,) = (each for each in contracts if container in each.get("containers", ()))
    return [re.split(r"\s*[:|]\s*", names) for names in found["layers"]]


def inner(name: str) -> str:
    """The layers inside of a layer, in a line; '' if no contract says any."""
    try:
        return "  ›  ".join(", ".join(names) for names in layers(f"fota_sim.{name}"))
    except ValueError:
        return ""


def held(names: list[str]) -> list[str]:
    """What layers side by side hold, a line for each; what a single one holds, in up to two lines."""
    texts = [first_line(PACKAGE, name).partition(";")[0].replace("``", "") for name in names]
    return wrap(texts[0], _LETTERS) if len(texts) == 1 else [text.partition(":")[0] for text in texts]


def picture() -> str:
    """The picture as SVG."""
    rows = layers("fota_sim")
    heights = [_ROW + (_SMALL if any(map(inner, names)) else 0) for names in rows]
    height = sum(heights) + _GAP * (len(rows) + 1)
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {height}' width='{_WIDTH}' height='{height}' "
        f"role='img' aria-label='Layers: {escape(' > '.join(', '.join(names) for names in rows), quote=True)}'>",
        f"<rect width='{_WIDTH}' height='{height}' fill='white'/>",
        *_arrow(height),
    ]
    top = _GAP
    for names, tall in zip(rows, heights, strict=True):
        parts += _layer(names, top, tall)
        top += tall + _GAP
    return "\n".join([*parts, "</svg>"]) + "\n"


def _arrow(height: int) -> Iterator[str]:
    yield (
        f"<path d='M28 {_GAP} V{height - 2 * _GAP} m-6 -9 l6 9 l6 -9' fill='none' stroke='{_LINE}' stroke-width='2'/>"
        f"<text x='46' y='{height / 2:g}' transform='rotate(-90 46 {height / 2:g})' text-anchor='middle' {_FONT} "
        f"font-size='14' fill='{_GREY}'>imports, never upwards</text>"
    )


def _layer(names: list[str], top: int, tall: int) -> Iterator[str]:
    """Boxes side by side, and what they hold beside them."""
    wide = (_NAMES - _GAP * (len(names) - 1)) / len(names)
    for place, name in enumerate(names):
        left, middle = _LEFT + place * (wide + _GAP), top + _ROW / 2
        yield (
            f"<rect x='{left:g}' y='{top}' width='{wide:g}' height='{tall if len(names) == 1 else _ROW}' rx='6' "
            f"fill='{_FILL}' stroke='{_LINE}'/>"
            f"<text x='{left + wide / 2:g}' y='{middle + 6:g}' text-anchor='middle' {_FONT} font-size='17' "
            f"font-weight='600' fill='{_INK}'>{escape(name)}</text>"
        )
    lines = held(names)
    step = 19
    first = top + _ROW / 2 + 5 - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        yield (
            f"<text x='{_LEFT + _NAMES + 2 * _GAP}' y='{first + step * number:g}' {_FONT} font-size='14' "
            f"fill='{_INK}'>{escape(line)}</text>"
        )
    for name in names:
        if within := inner(name):
            yield (
                f"<text x='{_LEFT + _NAMES + 2 * _GAP}' y='{top + _ROW + 5}' {_FONT} font-size='13' "
                f"fill='{_GREY}' xml:space='preserve'>{escape(within)}</text>"
            )


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
