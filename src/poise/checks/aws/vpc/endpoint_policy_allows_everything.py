"""End points of services whose policy lets everyone do everything through them.

A stolen machine then sends data to a bucket or queue of the attacker's own account through the private end point,
past every firewall. The policy of the end point is where that is stopped. AWS's default policy allows everything.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.aws.vpc import VpcEndpoint
from poise.model.samples.aws_vpc import VPC_ENDPOINT
from poise.policy.answer import Decision
from poise.policy.aws.exposure import Level, resource_policy_exposure
from poise.policy.aws.grants import allows

PRIVATE_SERVICE = ".vpce-svc-"
ALL = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def evaluate(endpoint: VpcEndpoint) -> Verdict:
    if endpoint.policy is None:
        return not_applicable("this kind of end point has no policy")
    if PRIVATE_SERVICE in endpoint.service:
        return not_applicable("a service that is not AWS's own takes no policy")
    decisions = {allows([endpoint.policy], f"{name}:*").decision for name in _services(endpoint.service)}
    if Decision.ALLOW not in decisions and Decision.UNKNOWN in decisions:
        return unknown("the end point policy cannot be understood")
    if Decision.ALLOW not in decisions:
        return healthy("the policy does not allow everything")
    if resource_policy_exposure(endpoint.policy, endpoint.scope).level is Level.PUBLIC:
        return unhealthy("the policy lets everyone do everything", seen=endpoint.policy)
    return healthy("the policy allows everything to named principals alone")


def _services(name: str) -> list[str]:
    """Return what actions may be called: those of `com.amazonaws.eu-west-1.ecr.api` begin with `ecr`."""
    parts = name.partition("amazonaws.")[2].split(".")[1:] or name.split(".")
    return [*parts, *(part.partition("-")[0] for part in parts if "-" in part)]


def _with(**changes: object) -> VpcEndpoint:
    return replace(VPC_ENDPOINT, policy={"Version": "2012-10-17", "Statement": [ALL | changes]})


CHECK = Check(
    title="VPC endpoint policies should not allow everything",
    asset=VpcEndpoint,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the end point {name} in the VPC console, Actions, Manage policy, Custom; allow the buckets, queues or tables that are used, or demand aws:ResourceOrgID of your organization.",
        cli="""
# ENDPOINT_ID is the end of {id}
aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id ENDPOINT_ID --policy-document file://policy.json
""",
        terraform="""
resource "aws_vpc_endpoint_policy" "this" {
  vpc_endpoint_id = aws_vpc_endpoint.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Principal = "*", Action = "*", Resource = "*"
      Condition = { StringEquals = { "aws:ResourceOrgID" = "o-a1b2c3d4e5" } }
    }]
  })
}
""",
        impact="Uses that the policy does not name fail; some services fetch packages from buckets of AWS.",
    ),
    examples=(
        Example("one bucket", VPC_ENDPOINT, "healthy"),
        Example("as AWS makes it", _with(), "unhealthy", "everyone"),
        Example("everything of the service", _with(Action="s3:*"), "unhealthy"),
        Example("everything of a service of two names", replace(_with(Action="ecr:*"), service="com.amazonaws.eu-west-1.ecr.api"), "unhealthy"),
        Example("everything of a service of a longer name", replace(_with(Action="kinesis:*"), service="com.amazonaws.eu-west-1.kinesis-streams"), "unhealthy"),
        Example("own organization alone", _with(Condition={"StringEquals": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}), "healthy"),
        Example("one role", _with(Principal={"AWS": "arn:aws:iam::111122223333:role/app"}), "healthy", "named"),
        Example("a kind without policies", replace(VPC_ENDPOINT, type="GatewayLoadBalancer", policy=None), "not_applicable"),
        Example("a service of a partner", replace(_with(), service="com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d4e5f60718"), "not_applicable", "own"),
        Example("not understood", replace(VPC_ENDPOINT, policy={"Statement": "everything"}), "unknown", "understood"),
        Example("unread", replace(VPC_ENDPOINT, unread={"policy": "malformed: not JSON"}), "unknown", "malformed"),
    ),
)  # fmt: skip
