"""``fota-sim`` and ``python -m fota_sim``: the command line, and Ctrl-C while it is being loaded."""

from __future__ import annotations

import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; Ctrl-C before it is there is no traceback either."""
    try:
        from fota_sim.cli.main import main as run
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    run()


if __name__ == "__main__":
    main()
