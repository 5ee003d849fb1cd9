"""Machines without a role of their own.

Programs on them that call AWS need keys, which then lie in files and scripts for years. A role gives credentials
that change by themselves and can be narrowed, and lets Session Manager replace open ports.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.ec2 import Ec2Instance
from poise.model.samples.aws_ec2 import INSTANCE


def evaluate(instance: Ec2Instance) -> Verdict:
    if instance.profile is not None:
        return healthy("has an instance profile", seen=instance.profile)
    return unhealthy("has no instance profile")


CHECK = Check(
    title="EC2 instances should have an instance profile",
    asset=Ec2Instance,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the machine {name} in the EC2 console, Actions, Security, Modify IAM role; choose a role with no more than what it needs.",
        cli="""
# INSTANCE_ID is the end of {id}
aws ec2 associate-iam-instance-profile --region {region} --instance-id INSTANCE_ID --iam-instance-profile Name=PROFILE
""",
        terraform="""
resource "aws_instance" "this" {
  iam_instance_profile = aws_iam_instance_profile.this.name
}
""",
    ),
    examples=(
        Example("has one", INSTANCE, "healthy"),
        Example("has none", replace(INSTANCE, profile=None), "unhealthy"),
        Example("unread", replace(INSTANCE, unread={"profile": "malformed"}), "unknown", "malformed"),
    ),
)  # fmt: skip
