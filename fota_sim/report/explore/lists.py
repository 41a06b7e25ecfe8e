"""A list of devices in one line: a condition, or ``file: spares.txt; ids: a-1, a-2; where: rssi < -90dBm``."""

from __future__ import annotations

import re

from fota_sim.scenario.device_list import DeviceList

EXAMPLE = "rssi < -90dBm, or file: spares.txt, or ids: a-1, a-2"
"""What a user may write, as a hint."""
_KINDS = ("file", "ids", "where")
_BEGINS = re.compile(rf"(?:^|;)\s*({'|'.join(_KINDS)})\s*:")


def list_in_words(entry: DeviceList | None) -> str:
    """The list as a user writes it; empty for none."""
    if entry is None:
        return ""
    said = {"file": entry.file or "", "ids": ", ".join(entry.ids), "where": entry.where or ""}
    parts = [f"{kind}: {text}" for kind, text in said.items() if text]
    return said["where"] if parts == [f"where: {said['where']}"] else "; ".join(parts)


def parse_list(text: str) -> dict[str, object]:
    """The list as a scenario says it; raises ValueError that says what would do."""
    begins = list(_BEGINS.finditer(text))
    if not begins or text[: begins[0].start()].strip():
        return {"where": text.strip()}
    found: dict[str, object] = {}
    for begin, end in zip(begins, [*(each.start() for each in begins[1:]), len(text)], strict=True):
        kind, said = begin[1], text[begin.end() : end].strip()
        if kind in found:
            raise ValueError(f"{kind}: stands twice; write it once")
        if not said:
            raise ValueError(f"{kind}: says nothing; write for example {EXAMPLE}")
        found[kind] = [each.strip() for each in said.split(",") if each.strip()] if kind == "ids" else said
    return found
