"""``fota-sim import`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from exports import AWS, MENDER

from fota_sim.cli.main import exit_code


def test_a_job_becomes_a_scenario_that_validates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    job, mine, new = tmp_path / "job.json", tmp_path / "my.yaml", tmp_path / "job.yaml"
    job.write_text(json.dumps(AWS))
    assert exit_code(["new", str(mine)]) == 0
    assert exit_code(["import", str(job), "--scenario", str(mine), "-o", str(new)]) == 0
    told = capsys.readouterr()
    assert str(new) in told.out
    assert "fields carried" in told.err
    assert "job.targets" in told.err
    assert exit_code(["validate", str(new)]) == 0
    assert exit_code(["import", str(job), "-o", str(new)]) == 2
    assert "--force" in capsys.readouterr().err


def test_without_a_file_the_plan_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "deployment.json"
    file.write_text(json.dumps(MENDER))
    assert exit_code(["import", str(file)]) == 0
    told = capsys.readouterr()
    assert "preset: mender" in told.out
    assert told.err == "A Mender deployment: 7 fields carried, 2 not.\n"


def test_an_unknown_system_is_answered_with_those_that_are_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["import", str(tmp_path / "x"), "--from", "balena"]) == 2
    assert "aws-iot-jobs, mender, hawkbit, quecthing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"jobId": "x",\n "jobId": "y"}', ":2:2: 'jobId' stands in line 1 already"),
        ('{"jobId": "x", "job_id": "y"}', "job_id: is 'jobId' again, in other letters"),
        ('{"jobId": "x", "schedulingConfig": {"startTime": "9999-12-31T23:59"}}', "of the years 1971 to 2199"),
        (
            '{"jobId": "x", "schedulingConfig": {"startTime": "0001-01-01T00:00:00Z"}}',
            "of the years 1971 to 2199",
        ),
    ],
)
def test_what_says_two_things_or_none_that_can_be_is_refused_with_its_place(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = tmp_path / "job.json"
    job.write_text(text)
    assert exit_code(["import", str(job)]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(("text", "words"), [("", "is empty"), (" \n\n", "is empty"), ("[]", "holds no entry")])
def test_a_file_with_nothing_in_it_is_told_what_belongs_there(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "job.json"
    file.write_text(text, encoding="utf-8")
    assert exit_code(["import", str(file)]) == 2
    assert f"{words}; give the JSON of one job, rollout or deployment" in capsys.readouterr().err
