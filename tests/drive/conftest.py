"""The worlds and the bench of the engines' tests are used here too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "engines"))
