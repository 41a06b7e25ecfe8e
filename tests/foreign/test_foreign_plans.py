"""A plan that is configured elsewhere becomes a scenario's, and what is not carried is named."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from exports import AWS, EXPORTS, HAWKBIT, MENDER, QUECTHING

from fota_sim.engines.rollout import rollout_parameters
from fota_sim.errors import FotaSimError, ScenarioError
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.foreign.draft import Draft
from fota_sim.scenario.foreign.systems import SYSTEMS, checked, import_plan
from fota_sim.scenario.foreign.writing import fragment
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.plan import Plan
from fota_sim.scenario.presets import preset_names, preset_plan
from fota_sim.scenario.templates import TEMPLATES


def imported(folder: Path, export: Any, system: str | None = None) -> Draft:
    file = folder / "export.json"
    file.write_text(json.dumps(export))
    return import_plan(file, system)


def played(folder: Path, export: Any) -> Plan:
    """The plan as a scenario that holds it is resolved."""
    return parse_scenario(checked(imported(folder, export), folder / "export.json", None)).plan


def without(export: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in export.items() if name not in names}


@pytest.mark.parametrize("system", EXPORTS)
def test_a_file_is_known_by_its_fields_and_becomes_a_scenario_that_loads(system: str, tmp_path: Path) -> None:
    draft = imported(tmp_path, EXPORTS[system])
    assert draft.plan["preset"] == system
    assert draft.plan == imported(tmp_path, EXPORTS[system], system).plan
    assert played(tmp_path, EXPORTS[system]).preset == system


@pytest.mark.parametrize("system", EXPORTS)
def test_every_field_is_carried_or_named_as_not_carried_and_why(system: str, tmp_path: Path) -> None:
    export = copy.deepcopy(EXPORTS[system])
    export["somethingNew"] = {"of": 2027}
    draft = imported(tmp_path, export)
    told = {note.path for note in draft.notes}

    def missing(value: Any, path: str) -> list[str]:
        if path in told or any(each.startswith(f"{path}.") is False and path.startswith(f"{each}.") for each in told):
            return []
        if isinstance(value, dict) and value:
            return [each for name, inner in value.items() for each in missing(inner, f"{path}.{name}")]
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [each for k, inner in enumerate(value) for each in missing(inner, f"{path}[{k}]")]
        return [] if value in (None, "", [], {}) else [path]

    assert [each for name, value in export.items() for each in missing(value, name)] == []
    assert all(note.into or note.why for note in draft.notes)
    assert [note.path for note in draft.left if note.why == "is not known here"] == ["somethingNew"]


def test_an_aws_job_says_its_ramp_its_aborts_and_its_windows(tmp_path: Path) -> None:
    draft, plan = imported(tmp_path, AWS), played(tmp_path, AWS)
    rate, (failed, anything) = plan.rollout.rate, plan.rollout.abort
    assert rate is not None
    assert (rate.devices, rate.every, rate.factor, rate.step, rate.step_on) == (50, 60, 2, 1000, "succeeded")
    assert rate.cap == 400
    assert (failed.on, failed.share, failed.compare, failed.minimum) == (
        ["download", "shed", "upgrade"],
        0.075,
        ">=",
        100,
    )
    assert set(anything.on) == {"download", "shed", "upgrade", "timeout", "refused"}
    assert (failed.action, failed.stops) == ("cancel", "queued")
    assert plan.rollout.timeouts.in_progress == 90 * 60
    assert [(rule.on, rule.count, rule.delay) for rule in plan.rollout.retry or []] == [
        (["download", "shed", "upgrade"], 3, 0)
    ]
    assert draft.start == datetime(2026, 2, 2, 8, tzinfo=UTC)
    assert plan.ends == 7 * 86_400
    (window,) = plan.rollout.maintenance
    assert (window.hours.from_min, window.hours.to_min, window.zone) == (22 * 60 + 30, 60, "UTC")
    assert window.days == ["mon", "tue", "wed", "thu", "fri"]
    assert plan.rollout.late_joiners == "never"
    assert plan.rollout.address_lifetime == 1800


def test_a_ramp_without_a_maximum_ends_at_what_aws_takes(tmp_path: Path) -> None:
    export = copy.deepcopy(AWS)
    del export["job"]["jobExecutionsRolloutConfig"]["maximumPerMinute"]
    rate = played(tmp_path, export).rollout.rate
    assert rate is not None
    assert rate.cap == 1000


def test_cloud_formation_and_an_ota_update_write_the_same_otherwise(tmp_path: Path) -> None:
    formation = {
        "Type": "AWS::IoT::JobTemplate",
        "Properties": {
            "JobTemplateId": "t",
            "JobExecutionsRolloutConfig": {"MaximumPerMinute": 25},
            "TimeoutConfig": {"InProgressTimeoutInMinutes": 30},
        },
    }
    update = {
        "otaUpdateId": "t",
        "awsJobExecutionsRolloutConfig": {"maximumPerMinute": "25"},
        "awsJobTimeoutConfig": {"inProgressTimeoutInMinutes": 30},
    }
    assert imported(tmp_path, formation, "aws-iot-jobs").plan == imported(tmp_path, update).plan


def test_a_whole_template_of_cloud_formation_gives_its_one_job(tmp_path: Path) -> None:
    job = {
        "Type": "AWS::IoT::JobTemplate",
        "DependsOn": "Files",
        "Properties": {
            "JobTemplateId": "pumps",
            "JobExecutionsRetryConfig": {"RetryCriteriaList": [{"FailureType": "TIMED_OUT", "NumberOfRetries": 4}]},
            "MaintenanceWindows": [{"StartTime": "cron(0 3 ? * THU *)", "DurationInMinutes": 45}],
        },
    }
    template = {"Resources": {"Files": {"Type": "AWS::S3::Bucket"}, "Pumps": job}}
    plan = played(tmp_path, template)
    assert [(rule.on, rule.count) for rule in plan.rollout.retry or []] == [(["timeout"], 4)]
    (window,) = plan.rollout.maintenance
    assert (window.days, window.hours.from_min, window.hours.to_min) == (["thu"], 180, 225)
    assert not any(note.why == "is not known here" for note in imported(tmp_path, template).left)
    with pytest.raises(FotaSimError, match="2 entries"):
        imported(tmp_path, {"Resources": {"Pumps": job, "Valves": job}})


def test_what_get_ota_update_prints_and_a_deployment_of_greengrass_hold_a_job(tmp_path: Path) -> None:
    update = {"otaUpdateInfo": {"otaUpdateId": "valves", "awsJobExecutionsRolloutConfig": {"maximumPerMinute": 12}}}
    deployment = {
        "deploymentName": "valves",
        "components": {"example.valve": {"componentVersion": "3.1.0"}},
        "deploymentPolicies": {"failureHandlingPolicy": "DO_NOTHING"},
        "iotJobConfiguration": {"jobExecutionsRolloutConfig": {"maximumPerMinute": 12}},
    }
    draft = imported(tmp_path, deployment)
    assert draft.plan == imported(tmp_path, update).plan
    assert (draft.plan["name"], draft.plan["rollout"]["rate"]["devices"]) == ("valves", 12)
    assert [note.path for note in draft.left] == ["components", "deploymentPolicies"]


@pytest.mark.parametrize(("beside", "cap", "why"), [(None, 300, "though the API"), (200, 200, "holds")])
def test_a_maximum_that_stands_within_the_ramp_is_told(beside: int | None, cap: int, why: str, tmp_path: Path) -> None:
    criteria = {"numberOfNotifiedThings": 70, "numberOfSucceededThings": 40}
    ramp = {"baseRatePerMinute": 6, "incrementFactor": 3, "rateIncreaseCriteria": criteria, "maximumPerMinute": 300}
    draft = imported(tmp_path, {"jobExecutionsRolloutConfig": {"exponentialRate": ramp, "maximumPerMinute": beside}})
    rate = draft.plan["rollout"]["rate"]
    assert (rate["cap"], rate["step"], rate["step_on"]) == (cap, 40, "succeeded")
    told = {note.path.rsplit(".", 1)[1]: note.why for note in draft.notes if "exponentialRate" in note.path}
    assert why in told["maximumPerMinute"]
    assert "one of the two" in told["numberOfNotifiedThings"]


def _windows_of_aws(*expressions: str) -> dict[str, Any]:
    export = copy.deepcopy(AWS)
    windows = [{"startTime": f"cron({each})", "durationInMinutes": 60} for each in expressions]
    export["job"]["schedulingConfig"]["maintenanceWindows"] = windows
    return export


def test_windows_of_aws_are_carried_with_days_of_the_week_and_of_the_month(tmp_path: Path) -> None:
    expressions = ("0 2 ? * SUN *", "0 2 1,15 * ? *", "30 23 L JAN-MAR ? *", "0 1 ? * TUE#2 *", "0 4 ? * FRIL *")
    plan = played(tmp_path, _windows_of_aws(*expressions))
    sunday, twice, quarter, second, last = plan.rollout.maintenance
    assert (sunday.days, twice.month_days) == (["sun"], [1, 15])
    assert (quarter.month_days, quarter.months, quarter.hours.to_min) == ([-1], ["jan", "feb", "mar"], 30)
    assert (second.days, second.weeks, last.days, last.weeks) == (["tue"], [2], ["fri"], [-1])
    assert {window.zone for window in plan.rollout.maintenance} == {"UTC"}


def test_a_window_that_opens_several_times_a_day_is_as_many(tmp_path: Path) -> None:
    plan = played(tmp_path, _windows_of_aws("0 2,14 ? * * *", "0 0/6 ? * MON *"))
    assert [window.hours.from_min // 60 for window in plan.rollout.maintenance] == [2, 14, 0, 6, 12, 18]


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("0 2 15W * ? *", "15W is no day of the month"),
        ("0 2 ? * MON#6 *", "MON#6 is no day of the week"),
        ("0 2 ? * ? 2027", "years"),
        ("0/5 * ? * * *", "opens 288 times a day"),
        ("0 25 ? * * *", "outside 0 to 23"),
    ],
)
def test_a_window_that_cannot_be_said_is_named_and_the_others_are_carried(
    expression: str, why: str, tmp_path: Path
) -> None:
    export = _windows_of_aws(expression, "0 2 ? * SUN *")
    (note, _) = [note for note in imported(tmp_path, export).left if "maintenanceWindows[0]" in note.path]
    assert why in note.why
    assert [window.days for window in played(tmp_path, export).rollout.maintenance] == [["sun"]]


def test_groups_of_hawkbit_wait_for_the_one_before_and_take_of_who_is_left(tmp_path: Path) -> None:
    draft, plan = imported(tmp_path, HAWKBIT), played(tmp_path, HAWKBIT)
    canary, half, rest = plan.rollout.waves
    assert (canary.share, canary.share_of, half.share, half.share_of, rest.share) == (0.05, "rest", 0.5, "rest", None)
    assert (half.opens.success, half.opens.by_operator, half.opens.when_all_finished) == (0.95, True, "open")
    assert (rest.opens.success, rest.opens.by_operator) == (0.5, False)
    (rule,) = plan.rollout.abort
    assert (rule.share, rule.compare, rule.share_of, rule.scope, rule.action) == (0.05, ">", "group", "wave", "pause")
    assert any("strictest" in note.why for note in draft.carried)
    assert "groups[1].targetFilterQuery" in [note.path for note in draft.left]
    assert draft.start == datetime(2026, 2, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("groups", [*range(1, 13), 30])
def test_so_many_groups_of_hawkbit_are_equal(groups: int, tmp_path: Path) -> None:
    draft = imported(tmp_path, {"name": "n", "distributionSetId": 1, "amountGroups": groups})
    text = checked(draft, tmp_path / "export.json", None)
    for targets in (groups, 10 * groups, 997):
        scenario = parse_scenario(text, overrides=[f"fleet.groups[0].count={targets}", "plan.blacklist=null"])
        waves = rollout_parameters(scenario, build_fleet(scenario, 0), 0).wave
        sizes = np.bincount(waves[waves >= 0], minlength=groups)
        assert sizes.sum() == targets
        assert sizes.max() - sizes.min() <= 1


def test_what_get_says_of_a_rollout_is_so_many_equal_groups_and_that_is_told(tmp_path: Path) -> None:
    answer = {"name": "n", "id": 8, "distributionSetId": 1, "totalGroups": 4, "totalTargets": 900}
    draft = imported(tmp_path, {"content": [answer], "total": 1})
    assert draft.plan["rollout"]["waves"][0]["groups"] == 4
    (note,) = [note for note in draft.carried if note.path == "totalGroups"]
    assert "neither the shares nor the conditions" in note.why


@pytest.mark.parametrize(("last", "told"), [(60, True), (100, False), (None, False)])
def test_groups_of_hawkbit_that_leave_some_out_are_told(last: int | None, told: bool, tmp_path: Path) -> None:
    groups = [{"name": "a", "targetPercentage": 40}, {"name": "b", "targetPercentage": last}]
    notes = imported(tmp_path, {"distributionSetId": 1, "groups": groups}).notes
    assert any("some are in no group" in note.why for note in notes) is told


def test_a_window_of_hawkbit_has_an_offset(tmp_path: Path) -> None:
    window = {"schedule": "0 15 3 ? * SAT,SUN", "duration": "02:30:00", "timezone": "+02:00"}
    plan = played(tmp_path, {"name": "n", "distributionSetId": 1, "maintenanceWindow": window})
    (found,) = plan.rollout.maintenance
    assert (found.hours.from_min, found.hours.to_min, found.days) == (195, 345, ["sat", "sun"])
    assert found.zone == "+02:00"
    half = played(tmp_path, {"distributionSetId": 1, "maintenanceWindow": window | {"timezone": "+05:30"}})
    assert half.rollout.maintenance[0].zone == "+05:30"
    left = imported(tmp_path, {"distributionSetId": 1, "maintenanceWindow": window | {"timezone": "+25:00"}}).left
    assert any("no offset from UTC" in note.why for note in left)


def test_phases_of_mender_open_at_their_times(tmp_path: Path) -> None:
    draft, plan = imported(tmp_path, MENDER), played(tmp_path, MENDER)
    assert [(wave.share, wave.opens.at) for wave in plan.rollout.waves] == [
        (0.1, None),
        (0.2, 86_400),
        (None, 60 * 3600),
    ]
    assert draft.start == datetime(2026, 2, 2, 8, tzinfo=UTC)
    assert [(rule.on, rule.count) for rule in plan.rollout.retry or []] == [
        (["download", "shed"], 10),
        (["upgrade", "timeout"], 2),
    ]


def test_phases_of_mender_keep_their_dates_where_nothing_says_when_the_first_began(tmp_path: Path) -> None:
    phases = [{"batch_size": 10}, {"start_ts": "2026-01-07T08:00:00+01:00"}]
    draft = imported(tmp_path, {"artifact_name": "a", "phases": phases})
    assert draft.start is None
    assert draft.plan["rollout"]["waves"][1]["opens"] == {"at": "2026-01-07T07:00:00Z"}
    opens = played(tmp_path, {"artifact_name": "a", "phases": phases}).rollout.waves[1].opens
    assert opens.at == 2 * 86_400


@pytest.mark.parametrize(
    "export",
    [
        {"jobId": "a", "createdAt": 1770019200, "schedulingConfig": {"endTime": "2026-02-03T08:00"}},
        {
            "artifact_name": "a",
            "created": "2026-02-02T08:00:00Z",
            "phases": [{"batch_size": 30}, {"start_ts": "2026-02-03T08:00:00Z"}],
        },
    ],
)
def test_what_has_no_start_begins_when_it_was_created_and_that_is_told(export: dict[str, Any], tmp_path: Path) -> None:
    draft = imported(tmp_path, export)
    assert draft.start == datetime(2026, 2, 2, 8, tzinfo=UTC)
    assert [note.path for note in draft.carried if note.into == "start"] == [
        next(name for name in export if name.startswith("created"))
    ]


def test_an_empty_phase_of_mender_is_told_where_it_stands(tmp_path: Path) -> None:
    phases = [{"batch_size": 0}, {"start_ts": "2026-01-07T08:00:00Z"}]
    with pytest.raises(ScenarioError, match=r"phases\[0\].batch_size: is 0, and a wave of nobody"):
        imported(tmp_path, {"artifact_name": "a", "phases": phases})


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((60, 50, None), r"phases\[1\].batch_size: makes 110 % .* lower it, or one before it"),
        ((60, 50), r"phases\[1\].batch_size: makes 110 % .* leave it out, for the last phase takes the rest"),
        ((60, 40, None), r"phases\[1\].batch_size: makes 100 % .* nobody is left for the phases that follow"),
        ((60, 40, 10), r"phases\[2\].batch_size: makes 110 %"),
        ((12.5, None), r"phases\[0\].batch_size: 12.5 cannot be: it is a whole number$"),
    ],
)
def test_phases_of_mender_that_are_more_than_all_devices_are_told_where_they_are(
    sizes: tuple[float | None, ...], said: str, tmp_path: Path
) -> None:
    phases = [{"batch_size": size, "start_ts": f"2026-01-0{day}T08:00:00Z"} for day, size in enumerate(sizes, 1)]
    with pytest.raises(ScenarioError, match=said):
        imported(tmp_path, {"artifact_name": "a", "phases": phases})


@pytest.mark.parametrize("sizes", [(60, 40), (60, 30, 10), (60, 30, None), (99, 1)])
def test_phases_of_mender_that_are_all_devices_or_fewer_are_carried(
    sizes: tuple[int | None, ...], tmp_path: Path
) -> None:
    phases = [{"batch_size": size, "start_ts": f"2026-01-0{day}T08:00:00Z"} for day, size in enumerate(sizes, 1)]
    waves = imported(tmp_path, {"artifact_name": "a", "phases": phases}).plan["rollout"]["waves"]
    assert [wave.get("share") for wave in waves] == [*(f"{size}%" for size in sizes[:-1]), None]


@pytest.mark.parametrize(("first", "second", "told"), [(100, 50, 0), (None, 50, 0), (30, 100, 1), (30, 50, None)])
def test_a_group_of_hawkbit_that_takes_everybody_before_the_last_is_told(
    first: int | None, second: int, told: int | None, tmp_path: Path
) -> None:
    groups = [{"name": "a", "targetPercentage": first}, {"name": "b", "targetPercentage": second}, {"name": "c"}]
    notes = imported(tmp_path, {"distributionSetId": 1, "groups": groups}).notes
    hold_nobody = [note.why.split()[0] for note in notes if "hold nobody" in note.why]
    assert hold_nobody == ([] if told is None else [f"groups[{told}]"])
    groups[0]["targetFilterQuery"] = "attribute.hw==B"  # who does not match is left for the others
    of_some = imported(tmp_path, {"distributionSetId": 1, "groups": groups}).notes
    assert not any("groups[0] takes everybody" in note.why for note in of_some)


def test_a_ramp_of_aws_that_begins_above_its_maximum_is_told(tmp_path: Path) -> None:
    ramp = {"baseRatePerMinute": 500, "incrementFactor": 2, "rateIncreaseCriteria": {"numberOfNotifiedThings": 9}}
    config = {"exponentialRate": ramp, "maximumPerMinute": 100}
    notes = imported(tmp_path, {"jobExecutionsRolloutConfig": config}).notes
    (note,) = [each for each in notes if each.path.endswith("baseRatePerMinute")]
    assert note.why == "never above 100, which maximumPerMinute says"


@pytest.mark.parametrize(
    ("hold", "battery", "signal"), [("120 min", "30 %", "-105 dBm"), ("120min.", "30%", "-105dBm"), (120, "30", -105)]
)
def test_numbers_of_the_vendors_page_may_have_their_units(
    tmp_path: Path, hold: object, battery: object, signal: object
) -> None:
    strategy = {"Minimum Battery": battery, "Minimum Signal Strength": signal}
    page = {"Plan Name": "Meters", "Effective Period After Rejection": hold, "Upgrade Strategy": strategy}
    plan = played(tmp_path, page)
    assert (plan.rejection_hold, plan.strategy.min_battery, plan.strategy.min_signal) == (7200.0, 0.3, -105.0)


@pytest.mark.parametrize(("label", "cell"), [("Minimum Battery", "30 V"), ("Minimum Battery", "130 %")])
def test_other_units_of_the_vendors_page_are_told(tmp_path: Path, label: str, cell: str) -> None:
    with pytest.raises(ScenarioError, match="it is a number from 0 to 100, in %"):
        imported(tmp_path, {"Plan Name": "Meters", label: cell})


def test_the_vendors_plan_is_read_from_the_labels_of_its_page(tmp_path: Path) -> None:
    draft, plan = imported(tmp_path, QUECTHING), played(tmp_path, QUECTHING)
    assert (plan.name, plan.mode, plan.push) == ("Meters, winter", "silent", True)
    assert plan.push_period is not None
    assert (plan.push_period.from_min, plan.push_period.to_min) == (60, 300)
    assert plan.rejection_hold == 3600
    assert (plan.strategy.retries, plan.strategy.min_signal, plan.strategy.min_battery) == (3, -105, 0.4)
    assert draft.start == datetime(2026, 2, 2, 7, tzinfo=UTC)  # 8:00 in Berlin
    assert plan.ends == 7 * 86_400


@pytest.mark.parametrize(
    ("system", "smallest"),
    [
        ("aws-iot-jobs", {"jobId": "My plan", "targets": ["t"], "documentSource": "s"}),
        ("hawkbit", {"name": "My plan", "distributionSetId": 1, "targetFilterQuery": "id==*"}),
        ("mender", {"name": "My plan", "artifact_name": "a"}),
        ("quecthing", {"Plan Name": "My plan"}),
    ],
)
def test_a_file_with_nothing_but_defaults_is_its_preset(system: str, smallest: dict[str, Any], tmp_path: Path) -> None:
    assert system in preset_names()
    base = TEMPLATES[0].text
    bare = parse_scenario(base, overrides=[f"plan.preset={system}"]).plan
    plan = played(tmp_path, smallest)
    of_preset = preset_plan(system).data["plan"]
    for name in ("push", "push_grid", "rollout"):
        if name in of_preset:
            assert getattr(plan, name) == getattr(bare, name)
    for name in of_preset["strategy"]:
        assert getattr(plan.strategy, name) == getattr(
            parse_scenario(checked(Draft("x", {"preset": system}), tmp_path / "x", None)).plan.strategy, name
        )


@pytest.mark.parametrize(
    ("system", "export"),
    [
        ("aws-iot-jobs", {"targetSelection": "CONTINUOUS", "jobExecutionsRolloutConfig": {"maximumPerMinute": 1000}}),
        (
            "hawkbit",
            {
                "amountGroups": 1,
                "dynamic": False,
                "successCondition": {"condition": "THRESHOLD", "expression": "50"},
                "errorCondition": {"condition": "THRESHOLD", "expression": "50"},
            },
        ),
        ("mender", {"artifact_name": "a", "retries": 0}),
        ("quecthing", {"Plan Name": "My plan", "Push Plan Actively": "Yes"}),
    ],
)
def test_a_file_that_writes_the_defaults_out_is_its_preset_too(
    system: str, export: dict[str, Any], tmp_path: Path
) -> None:
    bare = parse_scenario(TEMPLATES[0].text, overrides=[f"plan.preset={system}"]).plan
    assert played(tmp_path, export).rollout == bare.rollout


@pytest.mark.parametrize("word", ["No", "none", False])
def test_a_list_that_a_page_does_not_have_is_no_list_of_a_device_of_that_name(word: Any, tmp_path: Path) -> None:
    page = {"Plan Name": "n", "Set Whitelist": word, "Set Blacklist": "8670001, 8670002"}
    plan = imported(tmp_path, page).plan
    assert "whitelist" not in plan
    assert plan["blacklist"] == {"ids": ["8670001", "8670002"]}


@pytest.mark.parametrize(
    ("export", "said"),
    [
        ({"Plan Name": "n", "Set Whitelist": "Yes"}, "not which devices are on it"),
        ({"jobExecutionsRolloutConfig": {"maximumPerMinute": 5000}}, "from 1 to 1000"),
        ({"abortConfig": {"criteriaList": [{"failureType": "BROKEN", "thresholdPercentage": 5}]}}, "FAILED, REJECTED"),
        ({"jobId": "x", "timeoutConfig": {"inProgressTimeoutInMinutes": "soon"}}, "timeoutConfig"),
        (
            {"jobExecutionsRetryConfig": {"criteriaList": [{"failureType": "FAILED"}]}},
            "criteriaList[0].numberOfRetries: is missing",
        ),
        (
            {"abortConfig": {"criteriaList": [{"failureType": "FAILED", "thresholdPercentage": 5}]}},
            "minNumberOfExecutedThings: is missing",
        ),
        (
            {"jobExecutionsRolloutConfig": {"exponentialRate": {"baseRatePerMinute": 5, "incrementFactor": 1}}},
            "incrementFactor: 1 cannot be: it is a number from 1.1 to 5",
        ),
        ({"amountGroups": 3.5}, "whole number"),
        ({"amountGroups": 3, "errorAction": {"action": "STOP"}}, "it is PAUSE$"),
        ({"distributionSetId": 1, "successCondition": {"expression": "101"}}, "from 0 to 100"),
        ({"artifact_name": "a", "phases": [{"start_ts": "tomorrow"}]}, "phases[0].start_ts"),
        ({"artifact_name": "a", "phases": [{"start_ts": "2026-02-02T08:00:00Z"}, {"batch_size": 5}]}, "batch_size"),
        ({"Plan Name": "n", "Time Zone": "UTC+25"}, "IANA"),
        ({"Plan Name": "n" * 300}, "plan.name"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(export: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=said.replace("[", r"\[")) as error:
        checked(imported(tmp_path, export), tmp_path / "export.json", None)
    assert "export.json" in str(error.value)


@pytest.mark.parametrize(
    ("system", "place", "said"),
    [
        (
            "aws-iot-jobs",
            "job.abortConfig.criteriaList[0].failureType",
            "it is FAILED, REJECTED, TIMED_OUT or ALL",
        ),
        ("aws-iot-jobs", "job.abortConfig.criteriaList[1].action", "it is CANCEL"),
        ("aws-iot-jobs", "job.targetSelection", "it is CONTINUOUS or SNAPSHOT"),
        ("hawkbit", "type", "it is forced, soft, timeforced or downloadonly"),
        ("hawkbit", "groups[0].successAction.action", "it is NEXTGROUP or PAUSE"),
        ("hawkbit", "groups[0].errorAction.action", "it is PAUSE"),
        ("hawkbit", "groups[0].errorCondition.condition", "it is THRESHOLD"),
    ],
)
def test_a_word_that_a_system_does_not_know_is_told_with_those_that_it_does(
    system: str, place: str, said: str, tmp_path: Path
) -> None:
    export = copy.deepcopy(EXPORTS[system])
    *above, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", place)]
    part: Any = export
    for step in above:
        part = part[step]
    part[last] = "SOMETIMES"
    with pytest.raises(ScenarioError) as error:
        checked(imported(tmp_path, export), tmp_path / "export.json", None)
    told = [f"{each.path}: {each.message}" for each in error.value.problems]
    assert told == [f"{place}: 'SOMETIMES' cannot be: {said}"]


def test_a_file_of_nobody_says_whose_are_known(tmp_path: Path) -> None:
    with pytest.raises(FotaSimError, match=r"aws-iot-jobs.*--from"):
        imported(tmp_path, {"hello": 1})
    with pytest.raises(FotaSimError, match="2 entries"):
        imported(tmp_path, [AWS, AWS])


def test_a_scenario_keeps_what_is_not_of_the_plan(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(TEMPLATES[0].text)
    whole = checked(imported(tmp_path, AWS), tmp_path / "export.json", mine)
    before, after = parse_scenario(TEMPLATES[0].text), parse_scenario(whole)
    assert after.fleet == before.fleet
    assert after.plan.packages == before.plan.packages
    assert after.time_zone == before.time_zone == "Europe/Berlin"
    assert after.start == datetime(2026, 2, 2, 9)  # 8:00 UTC
    assert "# wall clock when the plan is activated" in whole
    assert "roleArn" in whole  # what is not carried stands above the plan


def test_the_text_says_what_is_left_out(tmp_path: Path) -> None:
    text = fragment(imported(tmp_path, HAWKBIT), "export.json")
    assert "groups[1].targetFilterQuery (attribute.hw==B)" in text
    assert "2026-02-02 08:00:00 UTC" in text


@pytest.mark.parametrize("seed", range(300))
def test_no_export_however_broken_ends_in_a_traceback(seed: int, tmp_path: Path) -> None:
    luck = Random(seed)
    export = copy.deepcopy(EXPORTS[luck.choice(list(EXPORTS))])
    for _ in range(luck.randint(1, 4)):
        _spoil(export, luck)
    system = luck.choice([None, *SYSTEMS])
    said = ""
    try:
        checked(imported(tmp_path, export, system), tmp_path / "export.json", None)
    except FotaSimError as error:
        said = str(error)
    assert "bug" not in said
    assert all(len(line) < 1200 for line in said.splitlines())


def _spoil(value: Any, luck: Random) -> None:
    places = list(_places(value))
    holder, key = luck.choice(places)
    ways = [
        None,
        "",
        -1,
        10**30,
        1e400,
        "nan",
        "\x00",
        "cron(",
        [],
        {},
        [[]],
        {"a": {"b": []}},
        True,
        "2026-13-45",
        "é" * 999,
    ]
    holder[key] = luck.choice(ways)


def _places(value: Any) -> Any:
    for key, inner in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def test_phases_of_mender_may_be_numbers_of_devices(tmp_path: Path) -> None:
    begins = {"start_ts": "2026-01-07T00:00:00Z"}
    phases = [{"batch_size_devices": 10} | begins, {"batch_size_devices": 50, "start_ts": "2026-01-08T00:00:00Z"}, {}]
    waves = played(tmp_path, {"artifact_name": "a", "phases": phases}).rollout.waves
    assert [(wave.count, wave.share) for wave in waves] == [(10, None), (50, None), (None, None)]
    phases[0]["batch_size"] = 10
    with pytest.raises(ScenarioError, match="a phase has one of them"):
        imported(tmp_path, {"artifact_name": "a", "phases": phases})
