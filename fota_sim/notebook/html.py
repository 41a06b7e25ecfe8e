"""Texts as notebooks show them."""

from __future__ import annotations

from html import escape


def columns_html(text: str) -> str:
    """As HTML whose columns stay under each other: some pages set ``pre`` in uneven letters, or break its lines."""
    style = "font-family: monospace; white-space: pre; overflow-x: auto; line-height: 1.25"
    return f'<pre style="{style}">{escape(text)}</pre>'
