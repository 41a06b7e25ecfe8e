"""Content to HTML. Every text goes through templates that escape; the page may load nothing and run one script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from fota_sim.report.page.card import Card
from fota_sim.report.page.content import Page, Picture
from fota_sim.report.page.picture import Image64, images
from fota_sim.scenario.gaps import tied
from fota_sim.version import MODEL_VERSION, __version__

_TEMPLATES = "templates"


def render(page: Page, now: datetime | None = None) -> str:
    """The page as HTML, in one piece; ``now`` is when it is made."""
    style, script = _part("style.css"), _part("sort.js")
    policy = f"default-src 'none'; img-src data:; style-src {_digest(style)}; script-src {_digest(script)}"
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            sections=[section for section in page.sections if section.blocks],
            images=_images(page),
            policy=policy,
            style=style,
            script=script,
            version=__version__,
            model_version=MODEL_VERSION,
            made=(now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        )
    )


def render_card(card: Card) -> str:
    """A piece of HTML for a notebook's cell, which loads nothing and runs nothing."""
    return _environment().get_template("card.html").render(card=card)


def _images(page: Page) -> dict[int, Image64]:
    """By the identity of their pictures."""
    pictures = [block for section in page.sections for block in section.blocks if isinstance(block, Picture)]
    drawn: Sequence[Image64] = images([picture.draw() for picture in pictures])
    return {id(picture): image for picture, image in zip(pictures, drawn, strict=True)}


def _prose(text: str) -> Markup:
    """Escaped; what stands between backticks is code, and numbers keep their units on their line."""
    text = tied(text, "\u00a0")
    parts = [escape(part) for part in text.split("`")]
    if len(parts) % 2 == 0:  # a backtick that opens nothing is a backtick
        return escape(text)
    return Markup().join(
        Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts)
    )


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("fota_sim.report.page", _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["prose"] = _prose
    found.globals["id"] = id
    return found


def _part(name: str) -> Markup:
    """A part of the page that we wrote ourselves."""
    return Markup((files("fota_sim.report.page") / _TEMPLATES / name).read_text(encoding="utf-8"))


def _digest(part: str) -> str:
    """What a content security policy calls this very text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"
