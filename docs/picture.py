"""Draw the README's picture: ``python docs/picture.py``, from anywhere. An eighth of the mixed fleet, five times."""

from pathlib import Path

import fota_sim as fs

HERE = Path(__file__).parent
COUNTS = {"wifi": 2000, "cat1": 1500, "nb": 1500}

result = fs.run(
    HERE.parent / "scenarios" / "mixed_40000.yaml",
    overrides=[f"fleet.groups.{name}.count={count}" for name, count in COUNTS.items()] + ["horizon=3d"],
    replications=5,
)
result.plot().savefig(HERE / "mixed.png", dpi=110)
