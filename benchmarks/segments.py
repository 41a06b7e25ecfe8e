"""How far a download in 32 segments is from one chunk by chunk.

    python benchmarks/segments.py [--downloads N]

For each radio at several mean signals, prints the share that breaks off, and the mean and standard deviation of the
duration: chunk by chunk, and in 32 segments as a ratio to it. "still" holds the signal; in "wanders" it follows the
radio's own deviation and correlation time and is taken anew at the start of each segment.
"""

from __future__ import annotations

import math
from itertools import count
from typing import Any

import numpy as np
from comparisons import script
from comparisons.compiled import compiled
from comparisons.measure import Table
from numpy.typing import NDArray

from fota_sim.engines.hardware import radio_row
from fota_sim.rules import streams
from fota_sim.rules.draws import normal, uniform_pair
from fota_sim.rules.link import round_trip_s, segment_end_B, segments_of
from fota_sim.rules.radio import coverage_level, shadowing_dB
from fota_sim.rules.rows import CORRELATION_S, MAX_SEGMENTS, SEGMENT_S
from fota_sim.rules.segment import segment
from fota_sim.scenario.loader import parse_scenario

Floats = NDArray[np.float64]

SIZE_B = 300_000
FLASH_BPS = 99_000.0
SIGNALS_DBM = {
    "wifi": (-62, -80, -86),
    "lte-cat1": (-75, -95, -100),
    "lte-m": (-86, -110, -113, -116),
    "nb-iot": (-94, -110, -113, -118),
}
_SCENARIO = """
name: segments
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 300kB}]}]
plan: {packages: [two]}
fleet: {groups: [{name: plugs, count: 1, module: FC41D}]}
"""


def _play(radio: Floats, mean_dBm: float, sd_dB: float, seed: int, out: Floats) -> None:
    for run in range(out.shape[0]):
        device: Any = np.uint64(run)
        offset_dB = sd_dB * normal(seed, 0, device, streams.SHADOWING, 0)
        at_B = 0
        trip_s = round_trip_s(radio, coverage_level(radio, mean_dBm + offset_dB), 0.0)
        segments = segments_of(radio, mean_dBm + offset_dB, SIZE_B, np.inf, FLASH_BPS, trip_s)
        for index in range(segments):
            end_B = segment_end_B(radio, SIZE_B, index, segments)
            u_break, u_count = uniform_pair(seed, 0, device, streams.SEGMENT, index)
            trip_s = round_trip_s(radio, coverage_level(radio, mean_dBm + offset_dB), 0.0)
            seconds, _, _, broken = segment(
                radio, mean_dBm + offset_dB, end_B - at_B, np.inf, FLASH_BPS, trip_s, u_break, u_count
            )
            z = normal(seed, 0, device, streams.SHADOWING, index + 1)
            offset_dB = shadowing_dB(offset_dB, seconds, sd_dB, radio[CORRELATION_S], z)
            out[run, 0] += seconds
            at_B = end_B
            if broken:
                out[run, 1] = 1.0
                break


_compiled: Any = compiled(_play)


def _played(
    radio: Floats, segments: int, segment_s: float, mean_dBm: float, sd_dB: float, seed: int, runs: int
) -> Floats:
    row = radio.copy()
    row[MAX_SEGMENTS] = segments
    row[SEGMENT_S] = segment_s
    out = np.zeros((runs, 2))
    _compiled(row, mean_dBm, sd_dB, seed, out)
    return out


def compare(downloads: int) -> Table:
    """Every radio at every signal, still and wandering."""
    scenario = parse_scenario(_SCENARIO)
    seeds = count(1)  # every column of every row has luck of its own
    rows = []
    for name, levels in SIGNALS_DBM.items():
        row = radio_row(name, scenario.radios[name])
        for law, sd_dB in (("still", 0.0), ("wanders", scenario.radios[name].rssi_sd)):
            for level in levels:
                exact = _played(row, 1_000_000, 0.0, float(level), sd_dB, next(seeds), downloads)
                coarse = _played(row, 32, row[SEGMENT_S], float(level), sd_dB, next(seeds), downloads)
                means = exact[:, 0].mean(), coarse[:, 0].mean()
                deviations = exact[:, 0].std(), coarse[:, 0].std()
                error = math.hypot(deviations[0] / means[0], deviations[1] / means[1]) / math.sqrt(downloads)
                rows.append(
                    (
                        f"{name}, {law}",
                        f"{level}",
                        f"{exact[:, 1].mean():.4f}",
                        f"{coarse[:, 1].mean():.4f}",
                        f"{means[0]:.1f}",
                        f"{means[1] / means[0]:.4f}",
                        f"{error:.4f}",
                        f"{deviations[0]:.2f}",
                        f"{deviations[1] / deviations[0]:.4f}",
                    )
                )
    return Table(
        f"{SIZE_B:,} bytes, {downloads:,} downloads each",
        (
            "radio, signal",
            "dBm",
            "broken off, exact",
            "broken off, 32",
            "mean, exact, s",
            "mean, 32/exact",
            "error of that",
            "deviation, exact, s",
            "deviation, 32/exact",
        ),
        rows,
        ["exact: chunk by chunk; 32: in at most 32 segments; error: the standard error of the ratio of means"],
    )


def main() -> None:
    """Measure, and print."""
    parser = script.parser(__doc__)
    parser.add_argument("--downloads", type=int, default=20_000, help="for each radio at each signal")
    asked = parser.parse_args()
    script.begin(asked.smallest)
    script.show(compare(20 if asked.smallest else asked.downloads))


if __name__ == "__main__":
    main()
