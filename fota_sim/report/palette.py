"""Colours that colour-blind readers can tell apart (Okabe and Ito, Color Universal Design)."""

from __future__ import annotations

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
