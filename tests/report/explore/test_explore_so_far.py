"""The curve of a log beside the simulated one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from explore_world import TEXT, a_source

import fota_sim as fs
from fota_sim.cli.log_options import _OPTIONS
from fota_sim.engines.choice import REFERENCE
from fota_sim.errors import FotaSimError
from fota_sim.learning.reading import FLAGS, Reading
from fota_sim.report.explore.plots.adoption import Adoption
from fota_sim.report.explore.share import commands_of
from fota_sim.report.explore.so_far import SoFar, read_so_far

HERE = "time_zone: UTC\nstart: 2026-01-05T07:00:00\n" + TEXT


def a_log(folder: Path, done: int, of: int, day: str = "2026-01-05") -> Path:
    rows = [f"d{k},success,{day}T07:00Z,{day}T{8 + 2 * (k % 4):02d}:00Z" for k in range(done)]
    rows += [f"d{k},not reached,{day}T07:00Z," for k in range(done, of)]
    file = folder / "log.csv"
    file.write_text("\n".join(["device,status,offered,end", *rows, ""]), encoding="utf-8")
    return file


def test_it_is_the_share_of_the_targeted_by_time_up_to_now(tmp_path: Path) -> None:
    found = read_so_far([a_log(tmp_path, 8, 20)], a_source(tmp_path, text=HERE).scenario())
    assert (found.at_ms / 3_600_000).tolist() == [0.0, 1.0, 3.0, 5.0, 7.0]
    assert found.upgraded_pct.tolist() == [0.0, 10.0, 20.0, 30.0, 40.0]
    assert (found.now_ms, found.now_pct) == (7 * 3_600_000, 40.0)


def test_a_long_log_is_no_finer_than_a_screen(tmp_path: Path) -> None:
    rows = [f"d{k},success,2026-01-05T07:00Z,2026-01-05T{8 + k // 3600:02d}:{k // 60 % 60:02d}:{k % 60:02d}Z"
            for k in range(9000)]  # fmt: skip
    file = tmp_path / "log.csv"
    file.write_text("\n".join(["device,status,offered,end", *rows]), encoding="utf-8")
    found = read_so_far([file], a_source(tmp_path, text=HERE).scenario())
    assert len(found.at_ms) <= 402
    assert found.now_pct == 100.0
    assert (np.diff(found.upgraded_pct) >= 0).all()


def test_a_log_of_another_year_says_which_start_would_do(tmp_path: Path) -> None:
    scenario = a_source(tmp_path, text=HERE).scenario()
    with pytest.raises(FotaSimError, match=r"--set start=2025-01-05T07:00:00"):
        read_so_far([a_log(tmp_path, 8, 20, "2025-01-05")], scenario)


def test_only_a_page_with_a_log_has_its_curve_and_its_command(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    so_far = SoFar(("log.csv",), np.array([0.0, 3.6e6]), np.array([0.0, 12.5]))
    assert len(Adoption(so_far).figure.renderers) == len(Adoption().figure.renderers) + 2
    explore, run = commands_of(replace(source, so_far=so_far), [], None)
    assert "--so-far log.csv" in explore
    assert "so-far" not in run + commands_of(source, [], None)[0]


def test_the_command_that_is_shared_says_how_the_log_was_read(tmp_path: Path) -> None:
    source = a_source(tmp_path, text=HERE)
    file = a_log(tmp_path, 8, 20)
    file.write_text(file.read_text().replace("success", "fine").replace("device", "IMEI"), encoding="utf-8")
    how = Reading(words=["status:fine=succeeded"], columns=["device=IMEI"], targeted=40)
    found = read_so_far([file], source.scenario(), how)
    assert found.now_pct == 20.0
    explore, _ = commands_of(replace(source, so_far=found), [], None)
    assert explore.endswith(f"--so-far {file} --map status:fine=succeeded --columns device=IMEI --targeted 40")


def test_each_way_of_reading_is_said_as_commands_take_it() -> None:
    assert {name: option.param_decls for name, (_, option) in _OPTIONS.items()} == {
        name: (flag,) for name, flag in FLAGS.items()
    }
    assert Reading().arguments() == []
    assert Reading("mender", as_of="2026-01-06", replication=2).arguments() == (
        ["--from", "mender", "--as-of", "2026-01-06", "--replication", "2"]
    )


def test_a_notebook_reads_a_log_with_the_keywords_of_a_fit(tmp_path: Path) -> None:
    source = a_source(tmp_path, text=HERE)
    file = a_log(tmp_path, 8, 20)
    file.write_text(file.read_text().replace("success", "fine"), encoding="utf-8")
    with pytest.raises(FotaSimError, match="fine"):
        fs.explore(source.path, so_far=file, engine=REFERENCE)
    cell = fs.explore(source.path, so_far=file, words={"status:fine": "succeeded"}, targeted=40, engine=REFERENCE)
    assert cell._page._source.so_far is not None
    assert cell._page._source.so_far.now_pct == 20.0
    cell.close()
    with pytest.raises(FotaSimError, match="platform, as_of: says how a log is to be read, and there is none"):
        fs.explore(source.path, platform="mender", as_of="2026-01-06", engine=REFERENCE)
