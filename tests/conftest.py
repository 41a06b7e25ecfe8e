"""Hypothesis without a deadline: tests ask for behaviour, never for speed. And a browser, for those that look."""

from browser import browser as browser
from hypothesis import settings

settings.register_profile("no-clock", deadline=None)
settings.load_profile("no-clock")
