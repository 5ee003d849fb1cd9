"""Regions in which new machines answer metadata requests without a token unless told otherwise.

Every machine that is started without saying so, by hand or by an old template, then gives its role's credentials to
whoever can make it fetch an address.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.account import AwsRegion
from poise.model.samples.aws import AWS_REGION


def evaluate(region: AwsRegion) -> Verdict:
    if region.metadata_http_tokens == "required":
        return healthy("new machines require tokens by default")
    if region.metadata_http_tokens is None:
        return unhealthy("no default is set")
    return unhealthy("tokens are optional by default", seen=region.metadata_http_tokens)


CHECK = Check(
    title="New EC2 instances should require metadata tokens (IMDSv2) by default",
    asset=AwsRegion,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html",
    evaluate=evaluate,
    fix=Fix(
        console="Choose the region {region} in the EC2 console; Account attributes, Data protection and security, IMDS defaults, Manage; Metadata version V2 only.",
        cli="aws ec2 modify-instance-metadata-defaults --region {region} --http-tokens required",
        terraform="""
resource "aws_ec2_instance_metadata_defaults" "this" {
  http_tokens = "required"
}
""",
        impact="New machines alone. Old SDKs on them that ask without a token get no credentials.",
    ),
    examples=(
        Example("required", AWS_REGION, "healthy"),
        Example("optional", replace(AWS_REGION, metadata_http_tokens="optional"), "unhealthy", "optional"),
        Example("not set", replace(AWS_REGION, metadata_http_tokens=None), "unhealthy", "no default"),
        Example("unread", replace(AWS_REGION, unread={"metadata_http_tokens": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
