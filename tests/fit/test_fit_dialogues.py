"""Logs of one module teach a scenario its times: attach, download, restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from fota_sim.cli.fit_dialogues import fit_dialogues
from fota_sim.engines.reference.run import run_replication
from fota_sim.errors import FotaSimError
from fota_sim.experiment.transcripts import transcript_files
from fota_sim.learning.dialogues import fitted_text, is_dialogue, taught
from fota_sim.scenario.loader import load_scenario, parse_scenario

VENDOR = Path(__file__).parents[2] / "scenarios" / "vendor_page.yaml"
OWN = ("radios.wifi.extends=wifi", "modules.FC41D.extends=FC41D")
"""A scenario's own radio and module, of which something else can be said."""
ASSUMED = (*OWN, "radios.wifi.connect=3s", "modules.FC41D.reboot=10s")
TRUE = (*OWN, "radios.wifi.connect=9s", "modules.FC41D.reboot=40s", "modules.FC41D.flash_write=10kB/s")


def logged(folder: Path, name: str, *overrides: str) -> Path:
    """The dialogue of a module of which these things are true."""
    scenario = load_scenario(VENDOR, overrides)
    record = run_replication(scenario, 0, None, frozenset(["fc41d-0"]))
    (text,) = [text for _, text in transcript_files(record, scenario.start, scenario.name)][:1]
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scenario_has_the_times_of_the_module_whose_dialogue_it_learnt_from(tmp_path: Path) -> None:
    log = logged(tmp_path, "real.log", *TRUE)
    assumed = load_scenario(VENDOR, ASSUMED)
    steps = taught(assumed, "0", [log])
    fitted = parse_scenario(fitted_text(steps, "0", [log], VENDOR, VENDOR.parent), VENDOR)
    assert fitted.radios["wifi"].connect.value == pytest.approx(9.0, rel=0.01)
    assert fitted.modules["FC41D"].reboot.value == pytest.approx(40.0, rel=0.03)
    assert fitted.modules["FC41D"].flash_write == pytest.approx(10_000, rel=0.05)
    assert {step.name for step in steps if not step.path} == {"offer after the request", "address after the answer"}


def test_a_download_that_the_link_holds_up_teaches_the_speed_of_the_link(tmp_path: Path) -> None:
    quick = (*OWN, "modules.FC41D.flash_write=100MB/s", "packages[0].files[0].size=5MB", "modules.FC41D.free_flash=9MB")
    log = logged(tmp_path, "real.log", *quick, "radios.wifi.speed=0.5")
    steps = taught(load_scenario(VENDOR, quick), "0", [log])
    (speed,) = [step.value for step in steps if step.path == "radios.wifi.speed"]
    assert speed == pytest.approx(0.5, rel=0.1)


def test_several_dialogues_teach_by_their_median(tmp_path: Path) -> None:
    logs = [logged(tmp_path, f"{seconds}.log", *OWN, f"radios.wifi.connect={seconds}s") for seconds in (5, 6, 30)]
    attach = next(step for step in taught(load_scenario(VENDOR, ASSUMED), "fc41d-0", logs) if step.name == "attach")
    assert len(attach.measured) == 3
    assert attach.value == "6s"


def test_where_the_simulated_device_never_comes_so_far_nothing_is_learnt(tmp_path: Path) -> None:
    log = logged(tmp_path, "real.log")
    refuses = load_scenario(VENDOR, ("fleet.groups[0].host=careful", "plan.strategy.min_signal=-51dBm"))
    download = next(step for step in taught(refuses, "0", [log]) if step.name == "download")
    assert not download.path
    assert "never comes so far" in download.why_not


def test_a_log_of_another_kind_among_them_and_one_without_times_are_sentences(tmp_path: Path) -> None:
    scenario, log = load_scenario(VENDOR), logged(tmp_path, "real.log")
    other, empty = tmp_path / "rows.csv", tmp_path / "short.log"
    other.write_text("device,status\na,failed\n", encoding="utf-8")
    empty.write_text("2026-01-05\n08:00:00.000 [TX] AT\n", encoding="utf-8")
    assert [is_dialogue(path) for path in (log, other, empty, tmp_path)] == [True, False, True, False]
    with pytest.raises(FotaSimError, match="is no dialogue"):
        fit_dialogues([log, other], scenario, VENDOR, "0", None, None, force=False, json_=False, quiet=True)
    with pytest.raises(FotaSimError, match="teaches no time"):
        taught(scenario, "0", [empty])
    with pytest.raises(FotaSimError, match="there is no device"):
        taught(scenario, "1", [log])
