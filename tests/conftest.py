"""Hypothesis without a deadline: tests ask for behaviour, never for speed. And a browser, for those that look.

``FOTA_SIM_EXAMPLES=1000`` has that many examples of each property, in place of those that a change is held to.

Files of tests are played one after the other, each by one of two processes, those that take long first: one that began
last would leave the other core idle at the end. Each of the two has one core, so what is played has no workers unless a
test asks for some: two that start take longer than all that a small fleet has to do. And Python looks for garbage as
seldom as in a command.
"""

import gc
import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from browser import browser
from hypothesis import settings

from fota_sim.cli.allocator import look_for_garbage_seldom, start_no_idle_threads

__all__ = ["browser"]

look_for_garbage_seldom()
start_no_idle_threads()
os.environ.setdefault("FOTA_SIM_CORES", "1")

settings.register_profile("no-clock", deadline=None, max_examples=int(os.environ.get("FOTA_SIM_EXAMPLES", "40")))
settings.load_profile("no-clock")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in a shell's background; some tests press Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = Path(__file__).parent
FIRST = (
    "engines/test_engine_twins.py",  # compiles the engine
    "report/explore/test_explore_browser.py",  # meanwhile: needs none of it
    "cli/test_cli_help.py",
    "docs/test_docs_examples.py",
    "api/test_api_kernel.py",
    "engines/test_engine_parts.py",
    "report/test_report_figure_layout.py",
    "cli/test_cli_shipped.py",
    "report/test_report_browser.py",
    "analysis/batch/test_analysis_batch.py",
    "hostile/test_hostile_inputs.py",
)
"""Files of tests that take twenty seconds or more; all others follow by their names."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect tests without a look for garbage: it took a fifth of the time, and what is made stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long; tests of a file stay together, in their order."""
    if lost := [name for name in FIRST if not (HERE / name).is_file()]:
        raise pytest.UsageError(f"{__file__}: FIRST names files that are not there: {', '.join(lost)}")
    turns = {HERE / name: turn for turn, name in enumerate(FIRST)}
    items.sort(key=lambda item: turns.get(item.path, len(FIRST)))
