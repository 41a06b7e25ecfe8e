"""Which fota-sim this is, and which model it computes."""

from __future__ import annotations

__version__ = "0.1.0"

MODEL_VERSION = "5"
"""Changes when the same scenario and seed may give other numbers; part of every result's identity."""
