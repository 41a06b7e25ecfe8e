"""AWS IoT jobs: what ``describe-job``, ``create-job``, templates, CloudFormation, OTA updates and Greengrass say.

Ranges are those of botocore's service model iot/2015-05-28 (docs/presets.md, aws-iot-jobs).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fota_sim.scenario.foreign.cron import NotSayableError, Recurring, recurring
from fota_sim.scenario.foreign.draft import Draft
from fota_sim.scenario.foreign.fields import Fields
from fota_sim.scenario.foreign.writing import duration, percent

TITLE = "an AWS IoT job"
PRESET = "aws-iot-jobs"

_FAILURES = {
    "FAILED": ["download", "shed", "upgrade"],
    "REJECTED": ["refused"],
    "TIMED_OUT": ["timeout"],
    "ALL": ["download", "shed", "upgrade", "timeout", "refused"],
}
_MOST_PER_MINUTE = 1000
_STATE = "says how far the job is, not how it is set up"
_ELSEWHERE = "describes files or rights in AWS; packages says what is installed"
_HOLDERS = ("job", "Properties", "otaUpdateInfo", "iotJobConfiguration")
"""Where ``describe-job``, CloudFormation, ``get-ota-update`` and a Greengrass deployment keep the job."""


def is_one(fields: Fields) -> bool:
    """Whether the file looks like one."""
    return fields.any_of(
        *("job", "jobExecutionsRolloutConfig", "awsJobExecutionsRolloutConfig", "abortConfig", "awsJobAbortConfig"),
        *("timeoutConfig", "awsJobTimeoutConfig", "jobExecutionsRetryConfig", "schedulingConfig"),
        *("targetSelection", "jobId", "jobTemplateId", "otaUpdateId", "otaUpdateInfo", "iotJobConfiguration"),
    ) or makes_a_job(fields.text("Type"))


def makes_a_job(resource_type: Any) -> bool:
    """Whether a resource of a CloudFormation template is one, by its ``Type``."""
    return resource_type in ("AWS::IoT::Job", "AWS::IoT::JobTemplate", "AWS::GreengrassV2::Deployment")


def read(fields: Fields, draft: Draft) -> None:
    """The plan of a job."""
    for job in _with_inner(fields):
        _job(job, draft)


def _with_inner(fields: Fields) -> Iterator[Fields]:
    yield fields
    for name in _HOLDERS:
        part = fields.part(name)
        if part:
            yield from _with_inner(part)


def _job(job: Fields, draft: Draft) -> None:
    name = next((each for each in ("jobId", "jobTemplateId", "otaUpdateId", "deploymentName") if each in job), "")
    if name:
        job.name(name, draft)
    _rate(job.part("jobExecutionsRolloutConfig", "awsJobExecutionsRolloutConfig"), draft)
    _abort(job.part("abortConfig", "awsJobAbortConfig"), draft)
    _timeout(job.part("timeoutConfig", "awsJobTimeoutConfig"), draft)
    _retry(job.part("jobExecutionsRetryConfig"), draft)
    _schedule(job, draft)
    if job.word("targetSelection", ("CONTINUOUS", "SNAPSHOT")) == "SNAPSHOT":
        draft.put("rollout.late_joiners", "never")
    job.carried("targetSelection", "plan.rollout.late_joiners")
    _addresses(job.part("presignedUrlConfig", "awsJobPresignedUrlConfig"), draft)
    job.left(
        "names things and groups of AWS; write a whitelist if the fleet holds more devices", "targets", "targetArn"
    )
    job.left("is a remark", "description", "comment", "tags", "additionalParameters")
    job.left(
        _ELSEWHERE,
        *("document", "documentSource", "documentParameters", "destinationPackageVersions", "files", "roleArn"),
        *("protocols", "jobTemplateArn", "jobArn", "namespaceId", "otaUpdateArn", "awsIotJobArn", "awsIotJobId"),
        *("otaUpdateFiles", "components"),
    )
    job.left(
        _STATE,
        *("status", "forceCanceled", "reasonCode", "createdAt", "creationDate", "lastUpdatedAt", "lastModifiedDate"),
        *("completedAt", "jobProcessDetails", "isConcurrent", "scheduledJobRollouts", "otaUpdateStatus", "errorInfo"),
    )
    job.left("says what a device does when components fail; the fleet says it here", "deploymentPolicies")
    job.left(
        "is CloudFormation's", "Type", "DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"
    )


def _rate(config: Fields, draft: Draft) -> None:
    ramp = config.part("exponentialRate", "exponentialRolloutRate")
    most = config.whole("maximumPerMinute", 1, _MOST_PER_MINUTE)
    rate: dict[str, Any] = {"devices": most or _MOST_PER_MINUTE, "every": "1min"}
    into = "plan.rollout.rate.devices"
    if ramp:
        into = "plan.rollout.rate.cap"
        rate["cap"] = _cap(ramp, most)
        base, factor = ramp.whole("baseRatePerMinute", 1, _MOST_PER_MINUTE), ramp.number("incrementFactor", 1.1, 5)
        steps = ramp.part("rateIncreaseCriteria")
        kind = "numberOfSucceededThings" if "numberOfSucceededThings" in steps else "numberOfNotifiedThings"
        step = steps.whole(kind, 1, 2**31)
        parts = ("baseRatePerMinute", "incrementFactor", "rateIncreaseCriteria")
        ramp.missing("an exponential rate has a base rate, a factor and a criterion", *parts)
        if parts[-1] in ramp:
            steps.missing("a ramp rises by it, or by numberOfNotifiedThings", kind)
        rate |= {"devices": base, "factor": factor, "step": step}
        rate["step_on"] = "succeeded" if kind == "numberOfSucceededThings" else "notified"
        above = f"never above {rate['cap']}, which maximumPerMinute says" if base and base > rate["cap"] else ""
        ramp.carried("baseRatePerMinute", "plan.rollout.rate.devices", above)
        ramp.carried("incrementFactor", "plan.rollout.rate.factor")
        steps.carried(kind, "plan.rollout.rate.step")
        steps.left("a ramp rises by one of the two, here by numberOfSucceededThings", "numberOfNotifiedThings")
    config.carried("maximumPerMinute", into)
    if config:
        draft.put("rollout.rate", rate)


def _cap(ramp: Fields, most: int | None) -> int:
    """The most a minute; an example in the AWS guide has it inside of the ramp, where the API has no such field."""
    inside = ramp.whole("maximumPerMinute", 1, _MOST_PER_MINUTE)
    if most is None:
        ramp.carried("maximumPerMinute", "plan.rollout.rate.cap", "though the API has it beside the exponential rate")
    ramp.left("the one beside the exponential rate holds", "maximumPerMinute")
    return most or inside or _MOST_PER_MINUTE


def _abort(config: Fields, draft: Draft) -> None:
    rules = []
    for each in config.parts("criteriaList", "abortCriteriaList"):
        failure = each.word("failureType", tuple(_FAILURES))
        share = each.number("thresholdPercentage", 0, 100)
        minimum = each.whole("minNumberOfExecutedThings", 1, 2**31)
        each.word("action", ("CANCEL",))
        parts = ("failureType", "thresholdPercentage", "minNumberOfExecutedThings")
        each.missing("an abort criterion has a failure type, a threshold and a minimum", *parts)
        if failure is None or share is None or minimum is None:
            continue
        rules.append(
            {
                "on": _FAILURES[failure],
                "share": percent(share),
                "share_of": "targeted",
                "compare": ">=",
                "minimum": minimum,
                "action": "cancel",
            }
        )
        number = f"plan.rollout.abort[{len(rules) - 1}]"
        each.carried("failureType", f"{number}.on")
        each.carried("thresholdPercentage", f"{number}.share")
        each.carried("minNumberOfExecutedThings", f"{number}.minimum")
        each.carried("action", f"{number}.action")
    if rules:
        draft.put("rollout.abort", rules)


def _timeout(config: Fields, draft: Draft) -> None:
    minutes = config.whole("inProgressTimeoutInMinutes", 1, 10_080)
    if minutes is not None:
        draft.put("rollout.timeouts.in_progress", duration(60 * minutes))
        config.carried("inProgressTimeoutInMinutes", "plan.rollout.timeouts.in_progress")


def _retry(config: Fields, draft: Draft) -> None:
    rules = []
    for each in config.parts("criteriaList", "retryCriteriaList"):
        failure = each.word("failureType", ("FAILED", "TIMED_OUT", "ALL"))
        count = each.whole("numberOfRetries", 0, 10)
        each.missing("a retry criterion has a failure type and a number", "failureType", "numberOfRetries")
        if failure is None or count is None:
            continue
        failures = [kind for kind in _FAILURES[failure] if kind != "refused"]
        rules.append({"on": failures, "count": count, "delay": "0s"})
        each.carried("failureType", f"plan.rollout.retry[{len(rules) - 1}].on")
        each.carried("numberOfRetries", f"plan.rollout.retry[{len(rules) - 1}].count")
    if rules:
        draft.put("rollout.retry", rules)


def _schedule(job: Fields, draft: Draft) -> None:
    config = job.part("schedulingConfig")
    start, end = config.time("startTime"), config.time("endTime")
    made = next((each for each in ("createdAt", "creationDate") if each in job), "createdAt")
    begins = start or job.time(made)
    if start is not None:
        draft.start = start
        config.carried("startTime", "start", "the plan is activated then")
    if end is not None:
        _ends(config, begins, end, draft)
        if start is None:
            job.carried(made, "start", "a job without a start begins when it is created")
    end_behavior = config.word("endBehavior", ("STOP_ROLLOUT", "CANCEL", "FORCE_CANCEL"))
    if end_behavior == "CANCEL":
        config.carried("endBehavior", "plan.ends")
    else:
        config.left("at plan.ends nobody is offered anything more, and who has confirmed goes on", "endBehavior")
    of_a_template = job.parts("maintenanceWindows")  # a job has them in its schedule
    _maintenance([*config.parts("maintenanceWindows"), *of_a_template], draft)


def _ends(config: Fields, begins: datetime | None, end: datetime, draft: Draft) -> None:
    if begins is None:
        config.left("counts from a start that the file does not say; write plan.ends", "endTime")
    elif end <= begins:
        config.wrong("endTime", "lies before the start")
    else:
        draft.start = begins
        draft.put("ends", duration((end - begins).total_seconds()))
        config.carried("endTime", "plan.ends")


def _maintenance(windows: list[Fields], draft: Draft) -> None:
    found: list[dict[str, object]] = []
    for window in windows:
        try:
            hours = _window(window).maintenance("UTC")
        except NotSayableError as error:
            window.left(str(error), "startTime", "durationInMinutes")
            continue
        into = f"plan.rollout.maintenance[{len(found)}].hours"
        found += hours
        for name in ("startTime", "durationInMinutes"):
            window.carried(name, into, "in UTC")
    if found:
        draft.put("rollout.maintenance", found)


def _window(window: Fields) -> Recurring:
    """``cron(minute hour day-of-month month day-of-week year)`` and how long."""
    text = (window.text("startTime") or "").strip()
    parts = text.removeprefix("cron(").removesuffix(")").split()
    lasts_min = window.whole("durationInMinutes", 1, 1430)
    if len(parts) not in (5, 6) or lasts_min is None:
        raise NotSayableError("is no cron expression of five or six fields with a duration")
    if len(parts) == 6 and parts[5] not in ("*", "?"):
        raise NotSayableError("years have no field in a maintenance window")
    minute, hour, month_day, month, week_day = parts[:5]
    return recurring(minute, hour, month_day, month, week_day, lasts_min)


def _addresses(config: Fields, draft: Draft) -> None:
    seconds = config.whole("expiresInSec", 60, 3600)
    if seconds is not None:
        draft.put("rollout.address_lifetime", duration(seconds))
        config.carried("expiresInSec", "plan.rollout.address_lifetime")
    config.left(_ELSEWHERE, "roleArn")
