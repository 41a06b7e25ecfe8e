"""Colours that colour-blind readers can tell apart (Okabe and Ito, Color Universal Design)."""

from __future__ import annotations

from matplotlib.colors import to_rgb

BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
GREY = "#8C8C8C"
LIGHT_GREY = "#C8C8C8"
DARK_GREY = "#404040"
FAINT_GREY = "#E6E6E6"
PALE_SKY = "#B5DCF4"
PALE_ORANGE = "#F3CF80"
NIGHT = "#ECEFF6"


def ink_on(paint: str | tuple[float, float, float, float]) -> str:
    """Black or white, whichever can be read better on a colour: at least 4.5 to 1 on any (WCAG 2.2, 1.4.3)."""
    light = _luminance(to_rgb(paint))
    return "#FFFFFF" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else BLACK


def _luminance(rgb: tuple[float, float, float]) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


OUTCOME_COLOURS = {
    "in_progress": YELLOW,
    "upgraded": GREEN,
    "failed": VERMILION,
    "refused": ORANGE,
    "not_offered": SKY,
    "unreachable": GREY,
    "cancelled": PURPLE,
    "bricked": BLACK,
    "rolled_back": BLUE,
    "already_on_target": LIGHT_GREY,
}
"""One colour for each outcome, in every picture."""
