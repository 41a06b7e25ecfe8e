"""Numbers of workers, replications and the like: what is none is refused and not taken for what is usual."""

from __future__ import annotations

from typing import Any

import pytest

import fota_sim as fs

KNOB, OUT = "plan.strategy.retries=0..2", "tuning"
CALLS: dict[str, Any] = {
    "run": fs.run,
    "compare": fs.compare,
    "sweep": lambda s, **given: fs.sweep(s, {"plan.strategy.retries": [0]}, **given),
    "tune": lambda s, **given: fs.tune(s, [KNOB], minimise=["failed"], out=OUT, **given),
    "sensitivity": lambda s, **given: fs.sensitivity(s, [KNOB], **given),
    "fit": lambda s, **given: fs.fit("log.csv", s, **given),
    "forecast": lambda s, **given: fs.forecast(s, "log.csv", **given),
}
COUNTS = [
    *((call, "workers") for call in CALLS),
    *((call, "replications") for call in ("run", "compare", "sweep", "tune", "sensitivity")),
    *(("tune", name) for name in ("trials", "fresh", "batch", "devices")),
    ("sensitivity", "devices"),
    ("fit", "trials"),
    ("forecast", "members"),
]


@pytest.mark.parametrize(("call", "name"), COUNTS)
@pytest.mark.parametrize("value", [0, -1, 2.5, "2", True])
def test_no_number_of_things_is_taken_for_the_usual_one(call: str, name: str, value: Any) -> None:
    with pytest.raises(fs.FotaSimError, match=rf"{name} is .*; it must be"):
        CALLS[call](fs.template("single"), **{name: value})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"method": "sobel"}, "there is no method 'sobel'; there are oat, morris, sobol"),
        ({"method": "sobol", "samples": 10}, "10 samples: Sobol's sequence needs a power of two"),
        ({"method": "morris", "samples": 1}, "1 sample: morris needs at least 2"),
    ],
)
def test_a_method_that_there_is_not_is_refused(asked: Any, said: str) -> None:
    with pytest.raises(fs.FotaSimError, match=said):
        fs.sensitivity(fs.template("single"), [KNOB], **asked)
