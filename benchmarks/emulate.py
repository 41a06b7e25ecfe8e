"""What an emulation costs: many modules at idle, and clients that ask while the plan goes on.

    python benchmarks/emulate.py [--modules N] [--clients N] [--busy SECONDS]

Modules stand on pseudo-terminals, at 115,200 baud and sixty times as fast as the clock. Half of the clients have their
module upgraded meanwhile; all ask for its state every half second. Latency is from a command to its OK or ERROR, on
the clock of the clients, which share the machine with the modules and with whatever else is at work on it.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from pathlib import Path

from comparisons import script
from comparisons.measure import Table

SCENARIO = Path(__file__).parents[1] / "scenarios" / "vendor_page.yaml"
PARTS = 60
"""Of the time with clients; memory is looked at after each."""
PERCENTILES = (50, 95, 99)


def process_s(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_MB(pid: int) -> float:
    """Memory of a process now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def client(link: Path, upgrades: bool, until_s: float, every_s: float, latencies_ms: list[float]) -> None:
    """Ask for the state every so often; some have their module upgraded meanwhile."""
    loop = asyncio.get_running_loop()
    file = os.open(link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(os.dup(file), "rb", 0)
    )

    async def ask(line: str) -> None:
        began_s = loop.time()
        os.write(file, f"{line}\r".encode())
        while (await reader.readuntil(b"\r\n")).strip() not in (b"OK", b"ERROR"):
            pass
        latencies_ms.append((loop.time() - began_s) * 1000)

    await ask("ATE0")
    latencies_ms.pop()  # the terminal was looked at only now and then before
    if upgrades:
        await ask("AT+QIOTREG=1")
    while loop.time() < until_s:
        await asyncio.sleep(every_s)
        await ask("AT+QIOTSTATE?")
        if upgrades:
            await ask("AT+QIOTOTAREQ=1")
            await ask("AT+QIOTUPDATE=1")
    transport.close()
    os.close(file)


async def clients(links: list[Path], lasts_s: float, every_s: float, pid: int, memory_MB: list[float]) -> list[float]:
    """All of them at once; latencies in ms. ``memory_MB``: takes that of the process after each part of the time."""
    latencies_ms: list[float] = []
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    for part in range(1, PARTS + 1):
        loop.call_at(began_s + lasts_s * part / PARTS, lambda: memory_MB.append(resident_MB(pid)))
    until_s = began_s + lasts_s
    await asyncio.gather(*(client(link, k % 2 == 0, until_s, every_s, latencies_ms) for k, link in enumerate(links)))
    return latencies_ms


def main() -> None:
    """Measure, and print a table."""
    parser = script.parser(__doc__)
    parser.add_argument("--modules", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--idle", type=float, default=30.0, help="seconds without clients")
    parser.add_argument("--busy", type=float, default=300.0, help="seconds with clients")
    parser.add_argument("--every", type=float, default=0.5, help="seconds between two questions of a client")
    parser.add_argument("--speed", type=float, default=60.0)
    given = parser.parse_args()
    if given.smallest:
        given.modules, given.clients, given.idle, given.busy = 3, 2, 0.5, 1.0
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    script.begin(given.smallest)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "fota_sim", "emulate", str(SCENARIO), "--device", "0"]
        command += ["--set", f"fleet.groups[0].count={given.modules}", "--count", str(given.modules)]
        command += ["--set", "horizon=30d", "--link", str(folder / "tty"), "--control", str(folder / "c.sock")]
        command += ["--speed", str(given.speed), "--baud", "115200"]
        played = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert played.stderr is not None
        began_s = time.monotonic()
        for line in played.stderr:
            if line.startswith("Control socket"):
                break
        ready_s = time.monotonic() - began_s
        told = played.stderr
        threading.Thread(target=lambda: deque(told, maxlen=0), daemon=True).start()  # or it would wait for a reader
        measured: dict[str, float] = {}
        try:
            time.sleep(0.2)
            before_s = process_s(played.pid)
            time.sleep(given.idle)
            measured["idle_share_of_a_core"] = (process_s(played.pid) - before_s) / given.idle
            measured["idle_MB"] = resident_MB(played.pid)
            links = [folder / (f"tty-{k}" if given.modules > 1 else "tty") for k in range(given.clients)]
            before_s = process_s(played.pid)
            memory_MB: list[float] = []
            latencies_ms = sorted(asyncio.run(clients(links, given.busy, given.every, played.pid, memory_MB)))
            measured["busy_share_of_a_core"] = (process_s(played.pid) - before_s) / given.busy
            measured["busy_MB"] = resident_MB(played.pid)
        finally:
            played.terminate()
            played.wait()
    rows = [
        ("until all ports are there, s", f"{ready_s:.1f}"),
        (f"at idle, {given.idle:.0f} s: of a core", f"{100 * measured['idle_share_of_a_core']:.1f} %"),
        ("memory then, MB", f"{measured['idle_MB']:.0f}"),
        (f"with clients, {given.busy:.0f} s: of a core", f"{100 * measured['busy_share_of_a_core']:.1f} %"),
        *(
            (f"memory after {percent} % of it, MB", f"{memory_MB[(PARTS * percent - 1) // 100]:.1f}")
            for percent in (5, 25, 50, 75)
        ),
        ("memory in the end, MB", f"{measured['busy_MB']:.1f}"),
        (f"the most of {PARTS} looks at it, MB", f"{max(memory_MB):.1f}"),
        ("answers", f"{len(latencies_ms):,}"),
        *(
            (f"latency, {percent} % at most, ms", f"{latencies_ms[(len(latencies_ms) - 1) * percent // 100]:.0f}")
            for percent in PERCENTILES
        ),
        ("latency, the longest, ms", f"{latencies_ms[-1]:.0f}"),
        ("load average of the machine in the end", ", ".join(f"{value:.1f}" for value in os.getloadavg())),
    ]
    script.show(Table(f"{given.modules:,} modules, {given.clients:,} clients", ("", ""), rows))


if __name__ == "__main__":
    main()
