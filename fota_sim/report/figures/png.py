"""A figure as a PNG file."""

from __future__ import annotations

from io import BytesIO

from matplotlib.figure import Figure

DOTS_PER_INCH = 130


def png(figure: Figure) -> bytes:
    """The figure as a file, the same bytes for the same figure."""
    out = BytesIO()
    figure.savefig(out, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return out.getvalue()
