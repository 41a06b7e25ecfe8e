"""A cell that is interrupted leaves the kernel as it was: processes, threads, files and handlers of signals."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from jupyter_client import BlockingKernelClient, KernelManager

LONG_S = 240
PROGRESS = re.compile(r".*?([\d.,]+)/[\d.,]+ (replications|runs) ")
BEFORE = """
import fota_sim as fs, os, signal, threading
from pathlib import Path
from fota_sim.rules.compiling import compiling
def state():
    mine = str(os.getpid())
    stats = [p.read_text().rpartition(")")[2].split() for p in Path("/proc").glob("[0-9]*/stat") if p.exists()]
    children = sum(stat[1] == mine and stat[0] != "Z" for stat in stats)
    files = sorted(str(p) for p in Path().rglob("*") if "cache" not in p.parts)
    return signal.getsignal(signal.SIGINT), threading.active_count(), children, files, compiling.listener, os.getcwd()
scenario = fs.template("plugs")
scenario.update({"fleet.groups.plugs.count": 4, "replications": 6})
fs.run(scenario, engine="ENGINE", workers=2)
before = state()
scenario.update({"fleet.groups.plugs.count": 3000})
"""
AFTER = "[(a, b) for a, b in zip(before, state()) if a != b]"
CELLS = {
    "a run by processes": 'fs.run(scenario, engine="reference", workers=2, out="results")',
    "a run in this process": 'fs.run(scenario, engine="reference", workers=1, out="results")',
    "a run by threads": 'fs.run(scenario, overrides={"replications": 9000}, engine="compiled", workers=2)',
    "a sweep": 'fs.sweep(scenario, {"plan.strategy.retries": [0, 5]}, engine="reference", workers=2)',
}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """One for all cells, as a notebook has."""
    folder = tmp_path_factory.mktemp("kernel")
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env=os.environ | {"IPYTHONDIR": str(folder / "cache")})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    try:
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def said(client: BlockingKernelClient, code: str) -> str:
    """What an expression is, in the words of its kernel."""
    reply = client.execute_interactive(
        "", user_expressions={"it": f"repr({code})"}, timeout=LONG_S, output_hook=lambda _: None
    )
    found = reply["content"]["user_expressions"]["it"]
    return str(found["data"]["text/plain"] if found["status"] == "ok" else found)


def progress(client: BlockingKernelClient) -> str:
    """What the progress bar says next, once it is there."""
    while True:
        message = client.get_iopub_msg(timeout=LONG_S)
        if message["header"]["msg_type"] in ("display_data", "update_display_data"):
            return str(message["content"]["data"]["text/plain"])


@pytest.mark.parametrize("what", CELLS)
def test_an_interrupted_cell_leaves_nothing_behind(
    what: str, kernel: tuple[KernelManager, BlockingKernelClient]
) -> None:
    manager, client = kernel
    code = BEFORE.replace("ENGINE", "compiled" if "compiled" in CELLS[what] else "reference")
    begun = client.execute_interactive(code, timeout=LONG_S, output_hook=lambda _: None)
    assert begun["content"]["status"] == "ok", begun["content"]
    asked = client.execute(CELLS[what], stop_on_error=False)
    complete = what == "a run by threads"
    while not (seen := PROGRESS.match(progress(client))) or (complete and seen[1] == "0"):
        pass
    manager.interrupt_kernel()
    while (reply := client.get_shell_msg(timeout=LONG_S))["parent_header"].get("msg_id") != asked:
        pass
    kept = {"RunInterruptedError"} if complete else {"KeyboardInterrupt", "RunInterruptedError"}
    assert reply["content"].get("ename") in kept, reply["content"]
    assert said(client, AFTER) == "'[]'"
    again = 'fs.run(fs.template("single"), engine="reference").summary["devices"]'
    assert said(client, again) == "'1'"
