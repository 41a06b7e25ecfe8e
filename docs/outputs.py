"""Put into the documentation what commands print now: ``python docs/outputs.py [WORD ...]``.

In docs/*.md, a line ``Measured, `fota-sim ...`:`` stands above a block with what that command prints. Each command is
run, or only those in which one of the words stands, and what it prints takes the place of what stood there.
"""
# ruff: noqa: T201

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
_SHOWN = re.compile(
    r"^Measured, `fota-sim (?P<command>[^`]+)`:\n\n```\n(?P<output>.*?)\n```$", re.MULTILINE | re.DOTALL
)
_LEAVES_A_FOLDER = ("run", "compare", "sweep", "sensitivity", "tune")


class Shown(NamedTuple):
    """A command in a page, and what it is shown to print."""

    page: Path
    command: str
    output: str


def shown() -> Iterator[Shown]:
    """All of them, page by page."""
    for page in sorted(DOCS.glob("*.md")):
        for found in _SHOWN.finditer(page.read_text(encoding="utf-8")):
            yield Shown(page, found["command"], found["output"])


def printed(command: str) -> str:
    """What it prints now, without the last line break; raises CalledProcessError if it fails."""
    words = shlex.split(command)
    with TemporaryDirectory() as scratch:
        out = ["--out", str(Path(scratch) / "out")] if words[0] in _LEAVES_A_FOLDER else []
        done = subprocess.run(
            [sys.executable, "-m", "fota_sim", *words, *out], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
    return "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines())


def main() -> None:
    """Renew the pages."""
    wanted = sys.argv[1:]
    for each in shown():
        if wanted and not any(word in each.command for word in wanted):
            continue
        print(f"{each.page.name}: fota-sim {each.command}", flush=True)
        text = each.page.read_text(encoding="utf-8")
        begin = f"Measured, `fota-sim {each.command}`:\n\n```\n"
        each.page.write_text(
            text.replace(f"{begin}{each.output}\n```", f"{begin}{printed(each.command)}\n```"), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
