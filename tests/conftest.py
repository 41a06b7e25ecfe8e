"""Hypothesis without a deadline: tests ask for behaviour, never for speed. And a browser, for those that look.

``FOTA_SIM_EXAMPLES=1000`` has that many examples of each property, in place of those that a change is held to.
"""

import os

from browser import browser
from hypothesis import settings

__all__ = ["browser"]

settings.register_profile("no-clock", deadline=None, max_examples=int(os.environ.get("FOTA_SIM_EXAMPLES", "40")))
settings.load_profile("no-clock")
