"""Disks that are attached to nothing and have been there for long.

Nobody updates them, nobody looks at them, and their data is as readable as on the day they were forgotten.
"""

from datetime import datetime, timedelta

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.ec2 import EbsVolume
from poise.model.moment import moment_of
from poise.model.samples.aws_ec2 import VOLUME

MOST_DAYS = Parameter("max_age_days", 90, "Age in days from which an unattached disk counts as forgotten.", lowest=1)
LOOSE = replace(VOLUME, state="available", instances=())


def evaluate(volume: EbsVolume, now: datetime, max_age_days: int) -> Verdict:
    if volume.state != "available":
        return not_applicable(f"the disk is {volume.state}")
    due = moment_of(volume.created) + timedelta(days=max_age_days)
    if now < due:
        return healthy("attached to nothing, but new", seen=volume.created, next_change_at=due)
    return unhealthy(f"attached to nothing, made on {volume.created[:10]}", seen=volume.created)


CHECK = Check(
    title="EBS volumes should be attached or deleted",
    asset=EbsVolume,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-volume.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the volume {name} in the EC2 console, Actions, Create snapshot if its data may be needed, then Actions, Delete volume.",
        cli="""
# VOLUME_ID is the end of {id}
aws ec2 delete-volume --region {region} --volume-id VOLUME_ID
""",
        terraform="# remove the resource aws_ebs_volume of {name} from the configuration and apply",
        impact="A deleted disk is gone for good unless there is a snapshot.",
    ),
    parameters=(MOST_DAYS,),
    examples=(
        Example("attached", VOLUME, "not_applicable", "in-use"),
        Example("loose, but new", LOOSE, "healthy", "new"),
        Example("forgotten", replace(LOOSE, created="2025-01-10T08:00:00+00:00"), "unhealthy", "2025-01-10"),
        Example("a longer limit", replace(LOOSE, created="2025-01-10T08:00:00+00:00"), "healthy", parameters={"max_age_days": 3650}),
        Example("unread", replace(VOLUME, unread={"state": "malformed"}), "unknown", "malformed"),
    ),
)  # fmt: skip
