"""The modules that make pages are scripts of the site, beside each other and outside the package."""

import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
sys.path[:0] = [str(DOCS / "site"), str(DOCS)]
