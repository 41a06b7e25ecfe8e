"""Small scenarios for the engine's tests."""

from pathlib import Path

from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication
from fota_sim.scenario.loader import parse_scenario

ONE_PLUG = """
name: one-plug
product: {model: {components: [{identifier: FC41D}]}}
packages:
  - {name: two, component: FC41D, kind: delta, source_version: FC41D_FOTA_1_0, target_version: FC41D_FOTA_2_0,
     files: [{name: a.bin, size: 22536B}]}
plan: {packages: [two], push: false}
fleet:
  groups:
    - {name: plug, count: 1, module: FC41D, host: careless, firmware: FC41D_FOTA_1_0, rssi: -60dBm, mains: 100%,
       gone: 0%, churn: 0%, contact: {spread: 0s}}
keep: {transcripts: 1}
"""

STM32 = """
name: stm32
product: {model: {components: [{identifier: app}, {identifier: STM32, type: mcu}]}}
packages:
  - name: two
    component: STM32
    target_version: "2_0_0"
    files:
      - {name: stm32.bin, size: 27954B, md5: 95cbdeb4faeda4322ad9b65eb731ed2b, crc32: 4022793929,
         sha256: 2bb534d576fb307f049a149787afab2382ebb8605467acfc2c05a2e67677e094}
plan: {packages: [two], push: false}
hosts: {mcu: {extends: careless, mcu_flash_failure: 0%}}
fleet:
  groups:
    - {name: meter, count: 1, module: EC200U, host: mcu, rssi: -70dBm, mains: 100%, mcu: {STM32: "1_0_0"},
       gone: 0%, churn: 0%, contact: {spread: 0s}}
keep: {transcripts: 1}
"""

MIXED = """
name: mixed
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}]}]
plan: {packages: [two]}
horizon: 3d
fleet:
  groups:
    - {name: meters, count: 60, module: BC66, cells: 3, contact: {pattern: wake, every: 12h, jitter: 10min}}
    - {name: trackers, count: 40, module: BG95, host: lenient}
    - {name: gates, count: 40, module: EC200U, host: late, contact: {pattern: daily}}
"""


def play(text: str, *overrides: str, replication: int = 0, path: str | Path = "scenario.yaml") -> RunRecord:
    """One replication of a scenario given as text."""
    return run_replication(parse_scenario(text, path, overrides), replication)


def dialogue(record: RunRecord) -> list[str]:
    """The kept device's lines, echoes left out."""
    (lines,) = record.transcripts.values()
    sent = ""
    found = []
    for line in lines:
        for part in line.text.split("\r\n"):
            text = part.strip()
            if text and not (line.direction == "RX" and text == sent):
                found.append(text)
        if line.direction == "TX":
            sent = line.text
    return found


def at_s(record: RunRecord, wanted: str) -> float:
    """When the kept device first said a line, in seconds."""
    (lines,) = record.transcripts.values()
    return next(line.at_ms for line in lines if wanted in line.text) / 1000.0
