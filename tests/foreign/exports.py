"""What the four systems export, made up in the forms that their documentation shows."""

from __future__ import annotations

from typing import Any

AWS: dict[str, Any] = {
    "documentSource": "https://example.org/job.json",
    "job": {
        "jobArn": "arn:aws:iot:eu-central-1:123456789012:job/meters-2",
        "jobId": "meters-2",
        "targetSelection": "SNAPSHOT",
        "status": "SCHEDULED",
        "forceCanceled": False,
        "targets": ["arn:aws:iot:eu-central-1:123456789012:thinggroup/meters"],
        "createdAt": "2026-02-01T09:00:00+01:00",
        "jobExecutionsRolloutConfig": {
            "exponentialRate": {
                "baseRatePerMinute": 50,
                "incrementFactor": 2.0,
                "rateIncreaseCriteria": {"numberOfSucceededThings": 1000},
            },
            "maximumPerMinute": 400,
        },
        "abortConfig": {
            "criteriaList": [
                {
                    "failureType": "FAILED",
                    "action": "CANCEL",
                    "thresholdPercentage": 7.5,
                    "minNumberOfExecutedThings": 100,
                },
                {
                    "failureType": "ALL",
                    "action": "CANCEL",
                    "thresholdPercentage": 20,
                    "minNumberOfExecutedThings": 200,
                },
            ]
        },
        "timeoutConfig": {"inProgressTimeoutInMinutes": 90},
        "jobExecutionsRetryConfig": {"criteriaList": [{"failureType": "FAILED", "numberOfRetries": 3}]},
        "schedulingConfig": {
            "startTime": "2026-02-02 08:00",
            "endTime": "2026-02-09 08:00",
            "endBehavior": "CANCEL",
            "maintenanceWindows": [{"startTime": "cron(30 22 ? * MON-FRI *)", "durationInMinutes": 150}],
        },
        "presignedUrlConfig": {"expiresInSec": 1800, "roleArn": "arn:aws:iam::123456789012:role/files"},
        "jobProcessDetails": {"numberOfQueuedThings": 3},
    },
}
HAWKBIT: dict[str, Any] = {
    "name": "winter",
    "distributionSetId": 5,
    "targetFilterQuery": "attribute.kind==meter",
    "type": "forced",
    "startAt": 1770019200000,
    "groups": [
        {
            "name": "canary",
            "targetPercentage": 5,
            "successCondition": {"condition": "THRESHOLD", "expression": "95"},
            "successAction": {"action": "PAUSE", "expression": ""},
            "errorCondition": {"condition": "THRESHOLD", "expression": "5"},
            "errorAction": {"action": "PAUSE", "expression": ""},
        },
        {"name": "half", "targetPercentage": 50, "targetFilterQuery": "attribute.hw==B"},
        {"name": "rest", "targetPercentage": 100},
    ],
}
MENDER: dict[str, Any] = {
    "name": "production",
    "artifact_name": "release-2",
    "phases": [
        {"batch_size": 10, "start_ts": "2026-02-02T08:00:00Z"},
        {"batch_size": 20, "start_ts": "2026-02-03T08:00:00Z"},
        {"start_ts": "2026-02-04T20:00:00Z"},
    ],
    "retries": 2,
    "devices": ["9f7c", "a1b2"],
}
QUECTHING: dict[str, Any] = {
    "Plan Name": "Meters, winter",
    "Product Name": "Water meter",
    "Upgrade Mode": "Silent Upgrade",
    "Push Plan Actively": "Yes",
    "Push Period": "01:00-05:00",
    "Time Zone": "Europe/Berlin",
    "Planned Start Time": "2026-02-02 08:00",
    "Planned End Time": "2026-02-09 08:00",
    "Effective Period After Rejection": 60,
    "Upgrade Strategy": {"Retry Times": 3, "Minimum Signal Strength": -105, "Minimum Battery Level": 40},
}
EXPORTS = {"aws-iot-jobs": AWS, "hawkbit": HAWKBIT, "mender": MENDER, "quecthing": QUECTHING}
