"""Machines whose metadata service answers without a session token.

Version 1 answers any plain GET. A web application that can be made to fetch an address (SSRF) or an open proxy on
the machine then hands the credentials of its role to a stranger. Version 2 asks for a token first, which such
requests cannot get.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.ec2 import Ec2Instance
from poise.model.samples.aws_ec2 import INSTANCE, METADATA_V2

OPTIONAL = structs.replace(METADATA_V2, http_tokens="optional")


def evaluate(instance: Ec2Instance) -> Verdict:
    if instance.metadata.http_endpoint == "disabled":
        return healthy("the metadata service is off")
    if instance.metadata.http_tokens == "required":
        return healthy("session tokens are required")
    return unhealthy("session tokens are optional", seen=instance.metadata.http_tokens)


CHECK = Check(
    title="EC2 instances should require tokens for their metadata service (IMDSv2)",
    asset=Ec2Instance,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the machine {name} in the EC2 console, Actions, Instance settings, Modify instance metadata options; set IMDSv2 to Required.",
        cli="""
# INSTANCE_ID is the end of {id}
aws ec2 modify-instance-metadata-options --region {region} --instance-id INSTANCE_ID --http-tokens required --http-endpoint enabled
""",
        terraform="""
resource "aws_instance" "this" {
  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }
}
""",
        impact="Old SDKs and scripts that ask without a token lose their credentials; the CloudWatch metric MetadataNoToken shows whether there are any.",
    ),
    examples=(
        Example("required", INSTANCE, "healthy"),
        Example("optional", replace(INSTANCE, metadata=OPTIONAL), "unhealthy", "optional"),
        Example("switched off", replace(INSTANCE, metadata=structs.replace(OPTIONAL, http_endpoint="disabled")), "healthy", "off"),
        Example("not in an old export", replace(INSTANCE, unread={"metadata": "not in the answer"}), "unknown", "not in the answer"),
    ),
)  # fmt: skip
