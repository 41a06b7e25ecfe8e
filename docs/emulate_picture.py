"""The picture of docs/emulate.md: ``python docs/emulate_picture.py``. An emulation and its host are really played.

What stands in the two terminals is what both programs said; of the host's side the lines that fit.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

HERE = Path(__file__).parent
SCENARIO = HERE.parent / "scenarios" / "vendor_page.yaml"
ROWS = 26
"""Lines of a terminal."""
BACK, INK, GREY, GREEN, BLUE = "#1e2530", "#d7dde5", "#8a95a3", "#8fd694", "#8ab8f5"


def played() -> tuple[list[str], list[str]]:
    """What the emulation and the host said."""
    with TemporaryDirectory() as folder:
        link, log = Path(folder) / "ttyQuectel0", Path(folder) / "said.txt"
        argv = [sys.executable, "-m", "fota_sim", "emulate", str(SCENARIO), "--link", str(link), "--log", str(log)]
        emulated = subprocess.Popen([*argv, "--speed", "5"], stderr=subprocess.PIPE, text=True)
        assert emulated.stderr is not None
        told = emulated.stderr.readline()
        try:
            host = [sys.executable, str(HERE / "emulate_host.py"), str(link)]
            said = subprocess.run(host, stdout=subprocess.PIPE, text=True, check=True).stdout
        finally:
            emulated.terminate()
            emulated.wait()
        told = told.replace(f"{folder}/", "./")
        command = "$ fota-sim emulate scenarios/vendor_page.yaml \\"
        left = [command, "    --link ./ttyQuectel0 --speed 5 --log said.txt", told.rstrip(), "", "$ tail -f said.txt"]
        return [*left, *log.read_text().splitlines()[1:]], [
            "$ python docs/emulate_host.py ./ttyQuectel0",
            *said.splitlines(),
            "$ echo $?",
            "0",
        ]


def colour(line: str) -> str:
    """Commands blue, what a module says light, the rest grey."""
    if line.startswith(("$", "    --")):
        return GREEN
    if line.startswith(">") or "[TX]" in line:
        return BLUE
    return INK if line.startswith("<") or "[RX]" in line else GREY


def main() -> None:
    """Play it and draw it."""
    figure = Figure(figsize=(13.2, 5.2), facecolor="white")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    for place, (title, lines) in enumerate(zip(("the module", "the host"), played(), strict=True)):
        left = 0.008 + 0.497 * place
        axes.add_patch(FancyBboxPatch((left, 0.015), 0.487, 0.97, boxstyle="round,pad=0,rounding_size=0.01", fc=BACK))
        axes.text(left + 0.012, 0.955, title, color=GREY, fontsize=10, va="center")
        for row, line in enumerate(lines[:ROWS]):
            text = line if len(line) <= 78 else f"{line[:75]}..."
            y = 0.91 - 0.0335 * row
            axes.text(
                left + 0.012,
                y,
                text,
                color=colour(line),
                fontsize=8.6,
                family="monospace",
                va="center",
                parse_math=False,
            )
    figure.savefig(HERE / "emulate.png", dpi=110)


if __name__ == "__main__":
    main()
