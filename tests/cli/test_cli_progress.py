"""Where progress is shown, and that it leaves nothing behind."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import threading
from io import StringIO
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.progress import Progress

from fota_sim.cli import progress
from fota_sim.cli.pace import RUNS, Look
from fota_sim.cli.progress import PlainLines, progress_bar


def test_nothing_is_shown_to_who_wants_quiet() -> None:
    with progress_bar(False, "sweep", RUNS) as tell:
        assert tell is None


def test_a_script_that_says_nothing_gets_no_lines() -> None:
    with progress_bar(None, "sweep", RUNS) as tell:
        assert tell is None


def test_a_short_command_prints_nothing_into_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(True, "sweep", RUNS) as tell:
        assert tell is not None
        tell(1, 2)
    assert capsys.readouterr() == ("", "")


def test_nobody_watches_any_more_after_an_error() -> None:
    before = threading.active_count()
    with pytest.raises(KeyError), progress_bar(True, "sweep", RUNS):
        raise KeyError
    assert threading.active_count() == before


def test_a_line_says_how_far_how_fast_and_how_long(capsys: pytest.CaptureFixture[str]) -> None:
    PlainLines("sweep").show(Look(RUNS, 12, 30, 100, 2.5, 28))
    assert capsys.readouterr().err == "sweep: 30/100 runs (30 %), 2.5 per second, about 28 s left\n"


SCRIPT = """
from fota_sim.cli import progress
from fota_sim.cli.pace import RUNS, Look
bar = progress.TerminalBar("sweep")
bar.show(Look(RUNS, 0.5, 1, 100, None, None))
print("nothing yet", flush=True)
bar.show(Look(RUNS, 12, 30, 100, 2.5, 28))
print("result", flush=True)
bar.show(Look(RUNS, 12.2, 31, 100, 2.5, 28))
bar.close()
"""


def test_a_bar_in_a_terminal_is_redrawn_in_place_and_erased() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=theirs, check=True, text=True, env=environment
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.stdout == "nothing yet\nresult\n"
    words = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert "30/100 runs (30 %), 2.5 per second, about 28 s left" in words
    assert "31/100 runs (31 %)" in words
    assert "1/100 runs (1 %)" not in words.replace("31/100 runs (31 %)", "")
    assert shown.rstrip().endswith("\x1b[2K")  # the line is erased, and nothing is written to it again


@given(st.integers(30, 140), st.text("abc", min_size=1, max_size=40), st.text("0123456789,", min_size=20, max_size=60))
def test_what_a_narrow_terminal_shows_is_whole(width: int, what: str, words: str) -> None:
    bar = Progress(
        *progress._columns_for(width, what, words), console=Console(file=StringIO(), width=width), auto_refresh=False
    )
    bar.add_task(what, total=100, completed=30, words=words)
    console = Console(file=StringIO(), width=width, force_terminal=True, color_system=None)
    console.print(bar)
    shown = cast(StringIO, console.file).getvalue()
    if len(words) <= width:
        assert words in shown
        assert "…" not in shown
    assert (what in shown) == (len(what) + 1 + len(words) <= width) or what in words
    assert len(shown.rstrip("\n").splitlines()) == 1


def test_a_bar_in_a_notebook_replaces_itself_and_leaves_no_words(tmp_path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    source = """
        import threading
        from fota_sim.cli import progress
        progress.SHOWN_AFTER_S = 0.0
        shown = threading.Event()
        seen = progress.NotebookBar.show
        progress.NotebookBar.show = lambda self, look: (seen(self, look), look.done and shown.set())
        with progress.progress_bar(None, "sweep", progress.Unit("<runs>")) as tell:
            tell(3, 10)
            assert shown.wait(60)
    """
    lines = "\n".join(line.removeprefix("        ") for line in source.strip("\n").splitlines())
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(lines)])
    nbclient.NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    (output,) = notebook.cells[0].outputs
    assert output.data == {"text/plain": ""}


@pytest.mark.parametrize(("terminal", "kind"), [("dumb", PlainLines), ("xterm-256color", progress.TerminalBar)])
def test_a_terminal_that_redraws_nothing_gets_lines(terminal: str, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert isinstance(progress._view(None, "sweep"), kind)


def test_redraws_are_at_most_five_a_second() -> None:
    assert progress.REDRAWS_PER_S <= 5
