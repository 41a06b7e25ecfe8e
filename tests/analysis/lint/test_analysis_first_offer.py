"""What `validate --fleet` counts without playing is what a run finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fota_sim.analysis.lint.drawn import at_the_start, draw
from fota_sim.engines.reference.run import run_replication
from fota_sim.rules.labels import CAUSES
from fota_sim.scenario.document import Document
from fota_sim.scenario.lint import facts_of
from fota_sim.scenario.loader import build_scenario

HOSTS = ["careful", "lenient", "careless"]
QUIET = {"reading_sd": "0dB", "rssi_sd": "0dB"}
RADIOS = {"BC66": "nb-iot", "EC200U": "lte-cat1", "FC41D": "wifi"}
"""Radios whose signal stands still and is read without an error, so that what is read at the start is read later. All
have a link where the tests are."""


def _group(name: str, draw_: Any) -> dict[str, Any]:
    module = draw_(st.sampled_from(list(RADIOS)))
    return {
        "name": name,
        "count": draw_(st.integers(1, 12)),
        "module": module,
        "radio": f"quiet-{module}",
        "host": draw_(st.sampled_from(HOSTS)),
        "mains": draw_(st.sampled_from(["0%", "40%", "100%"])),
        "gone": draw_(st.sampled_from(["0%", "30%"])),
        "churn": "0%",
        "rssi": draw_(st.sampled_from(["-70dBm", {"uniform": ["-75dBm", "-60dBm"]}])),
        "battery_level": draw_(st.sampled_from([f"{level}%" for level in (5, 29, 30, 31, 80)])),
        "rssi_unknown": draw_(st.sampled_from(["0%", "30%"])),
        "battery_unknown": draw_(st.sampled_from(["0%", "30%"])),
        "hardware": {"A": "50%", "B": "50%"},
        "contact": {"pattern": "always", "spread": "1min", "request_every": "10min"},
    }


@st.composite
def worlds(draw_: Any) -> tuple[dict[str, Any], str]:
    """A scenario as plain data, and the text of the CSV file that it names."""
    rows = ["id,level,signal,plugged"]
    for number in range(draw_(st.integers(1, 12))):
        level = draw_(st.sampled_from(["", "4", "29", "30", "64", "100"]))
        signal = draw_(st.sampled_from(["", "-72", "-70.5", "-69", "-60"]))
        rows.append(f"m{number},{level},{signal},{draw_(st.sampled_from(['', 'yes', 'no']))}")
    columns = {"id": "id", "battery": "level", "rssi": "signal"}
    if draw_(st.booleans()):
        columns["mains"] = "plugged"
    own = _group("file", draw_)
    del own["count"]
    at_once = {"opens": {"after": "0s"}}
    waves = draw_(
        st.sampled_from(
            [
                [],
                [{"share": "30%"}, at_once],
                [{"devices": {"where": 'hardware == "A"'}}, {"count": 3} | at_once],
                [{"count": 2}, {"devices": {"where": "battery >= 30%"}} | at_once, at_once],
            ]
        )
    )
    scenario = {
        "name": "lint",
        "horizon": "90min",
        "seed": draw_(st.integers(1, 1000)),
        "radios": {f"quiet-{module}": {"extends": radio, **QUIET} for module, radio in RADIOS.items()},
        "product": {"model": {"device_model": "X", "components": [{"identifier": "app", "type": "firmware"}]}},
        "packages": [
            {"name": "p", "component": "app", "target_version": "2_0", "files": [{"name": "a.bin", "size": "1kB"}]}
        ],
        "plan": {
            "packages": ["p"],
            "strategy": {
                "min_battery": draw_(st.sampled_from(["0%", "30%", "64%"])),
                "min_signal": draw_(st.sampled_from(["-113dBm", "-70dBm"])),
                "enforced_by": draw_(st.sampled_from(["device", "platform"])),
                "when_unknown": draw_(st.sampled_from(["offer", "withhold"])),
            },
            "rollout": {"waves": waves},
        },
        "fleet": {
            "groups": [_group("g", draw_)],
            "csv": [{**own, "file": "fleet.csv", "columns": columns}],
        },
    }
    if draw_(st.booleans()):
        scenario["plan"]["blacklist"] = {"where": 'hardware == "B" and battery < 30%'}
    return scenario, "\n".join(rows) + "\n"


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(world=worlds())
def test_the_linter_s_counts_are_those_of_the_run(tmp_path: Path, world: tuple[dict[str, Any], str]) -> None:
    data, text = world
    (tmp_path / "fleet.csv").write_text(text)
    document = Document(data, {(): ("x.yaml", 1, 1)})
    scenario = build_scenario(document, [], tmp_path / "x.yaml", None)
    drawn = draw(facts_of(scenario, document))
    record = run_replication(scenario, 0)
    table = record.devices

    waves = np.asarray(table["wave"])
    sizes = [int((waves == number).sum()) for number in range(len(scenario.plan.rollout.waves))]
    assert drawn.sizes[: len(sizes)] == sizes
    causes = np.array(CAUSES)[table["cause"].codes]
    assert drawn.targets == int((~np.isin(causes, ["blacklisted", "not on whitelist"])).sum())
    expected = np.array(CAUSES)[at_the_start(drawn)]
    offered = drawn.reached & (waves >= 0 if sizes else True)
    for cause in (
        "low battery",
        "weak signal",
        "reading unknown",
        "telemetry missing",
        "battery below plan minimum",
        "signal below plan minimum",
    ):
        assert int((causes[offered] == cause).sum()) == int((expected[offered] == cause).sum()), cause
