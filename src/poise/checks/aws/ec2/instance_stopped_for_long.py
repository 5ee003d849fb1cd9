"""Machines that have been stopped for months.

They miss every update, their disks are charged, and when somebody starts one again it faces the network with old
faults. Keep an image and delete the machine.
"""

import re
from datetime import UTC, datetime, timedelta

from poise.model import (
    Check,
    Example,
    Fix,
    Parameter,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.aws.ec2 import Ec2Instance
from poise.model.samples.aws_ec2 import INSTANCE

MOST_DAYS = Parameter("max_stopped_days", 30, "Days that a machine may be stopped.", lowest=1)
MOMENT = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) GMT\)")


def evaluate(instance: Ec2Instance, now: datetime, max_stopped_days: int) -> Verdict:
    if instance.state != "stopped":
        return not_applicable(f"the machine is {instance.state}")
    stated = MOMENT.search(instance.state_transition_reason or "")
    if stated is None:
        return unknown("the API does not say when it was stopped", seen=instance.state_transition_reason)
    due = datetime.fromisoformat(stated[1]).replace(tzinfo=UTC) + timedelta(days=max_stopped_days)
    if now < due:
        return healthy(f"stopped on {stated[1][:10]}", seen=stated[1], next_change_at=due)
    return unhealthy(f"stopped since {stated[1][:10]}", seen=stated[1])


def _stopped(reason: str | None) -> Ec2Instance:
    return replace(INSTANCE, state="stopped", state_transition_reason=reason)


CHECK = Check(
    title="EC2 instances should not be kept stopped for long",
    asset=Ec2Instance,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-4",
    evaluate=evaluate,
    fix=Fix(
        console="Open the machine {name} in the EC2 console, Actions, Image and templates, Create image if it may be needed again; then Instance state, Terminate.",
        cli="""
# INSTANCE_ID is the end of {id}
aws ec2 create-image --region {region} --instance-id INSTANCE_ID --name NAME
aws ec2 wait image-available --region {region} --image-ids IMAGE_ID
aws ec2 terminate-instances --region {region} --instance-ids INSTANCE_ID
""",
        terraform="# remove the resource aws_instance of {name} from the configuration and apply",
        impact="A terminated machine and its temporary disks are gone for good.",
    ),
    parameters=(MOST_DAYS,),
    examples=(
        Example("runs", INSTANCE, "not_applicable", "running"),
        Example("stopped last week", _stopped("User initiated (2026-11-18 10:00:00 GMT)"), "healthy", "2026-11-18"),
        Example("stopped in spring", _stopped("User initiated (2026-03-01 10:00:00 GMT)"), "unhealthy", "2026-03-01"),
        Example("a longer limit", _stopped("User initiated (2026-03-01 10:00:00 GMT)"), "healthy", parameters={"max_stopped_days": 365}),
        Example("no date", _stopped(None), "unknown", "does not say"),
        Example("unread", replace(INSTANCE, unread={"state": "malformed"}), "unknown", "malformed"),
    ),
)  # fmt: skip
