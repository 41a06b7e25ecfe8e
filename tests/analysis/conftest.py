"""The worlds of these tests stand beside their folders."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
