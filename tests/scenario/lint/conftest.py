"""The linter's world stands beside the other tests of scenarios."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
