"""The commands of a page are ones that can be typed."""

import pytest

from fota_sim.experiment.manifest import command_line


@pytest.mark.parametrize(
    ("started", "typed"),
    [
        ("/opt/env/bin/fota-sim", ["fota-sim", "run", "my meters.yaml"]),
        ("/opt/env/lib/fota_sim/__main__.py", ["python", "-m", "fota_sim", "run", "my meters.yaml"]),
    ],
)
def test_a_command_is_told_as_it_was_typed(started: str, typed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", [started, "run", "my meters.yaml"])
    assert command_line() == typed
