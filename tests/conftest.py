"""Hypothesis without a deadline: tests ask for behaviour, never for speed. And a browser, for those that look."""

from browser import browser
from hypothesis import settings

__all__ = ["browser"]

settings.register_profile("no-clock", deadline=None)
settings.load_profile("no-clock")
