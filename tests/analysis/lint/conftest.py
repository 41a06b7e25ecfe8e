"""The fleet without luck stands beside the engines' tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "engines"))
