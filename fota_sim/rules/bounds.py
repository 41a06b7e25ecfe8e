"""The switch of a build that asks of every index whether it is within its array: ``FOTA_SIM_BOUNDS=1``.

For hunting only: such code is several times as slow, and is kept apart from the usual one (``rules/cache.py``).
"""

from __future__ import annotations

import os

BOUNDS = os.environ.get("FOTA_SIM_BOUNDS", "0") not in ("", "0")
"""Whether compiled code looks; read once, when rules are first imported."""
