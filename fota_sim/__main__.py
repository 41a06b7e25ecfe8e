"""``python -m fota_sim``: the command line."""

from __future__ import annotations

from fota_sim.cli.main import main

if __name__ == "__main__":
    main()
