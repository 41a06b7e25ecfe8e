"""Plans of other systems, read from what those systems export: a module a system (docs/import.md).

===============  =========================================================================
``systems``      which system a file is of, and its plan
``aws_iot``      AWS IoT jobs: what ``describe-job``, ``create-job``, job templates, CloudFormation and OTA updates say
``hawkbit``      hawkBit rollouts: what ``POST /rest/v1/rollouts`` takes and ``GET`` gives, with groups and conditions
``mender``       Mender deployments: what the management API takes and gives, with phases and retries
``quecthing``    the vendor's own upgrade plan, field by field as the Developer Center's page labels them
``fields``       the fields of another system's file: each is taken once, and what nobody takes is told
``writing``      the plan of another system as a scenario's YAML, with what was not carried as comments
``cron``         recurring windows that other systems write as cron expressions, as the hours and days of a maintenance
                 window
``draft``        what was read of another system's plan: the plan as a scenario has it, and what became of every field
===============  =========================================================================
"""
