"""Networks whose connections nobody records.

After an intrusion the first questions are who connected, to what, and how much left. Without flow logs there is no
answer, and port scans and unusual traffic go unnoticed.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.vpc import FlowLog, Subnet, Vpc
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_vpc import FLOW_LOG, PRIVATE_SUBNET, PUBLIC_SUBNET, VPC

ON_SUBNETS = tuple(
    replace(FLOW_LOG, id=f"{FLOW_LOG.id}{n}", watched=one.id) for n, one in enumerate((PUBLIC_SUBNET, PRIVATE_SUBNET))
)


def evaluate(vpc: Vpc, inventory: Inventory) -> Verdict:
    # An answer that names no owner is older than the sharing of networks.
    owner = vpc.known().get("owner", vpc.scope)
    if owner != vpc.scope:
        return not_applicable(f"account {owner} owns the network")
    logs = inventory.of(FlowLog, vpc.scope, watched=vpc.id)
    if any(_works(log) for log in logs):
        return healthy("a flow log records refused connections")
    subnets = inventory.of(Subnet, vpc.scope, vpc=vpc.id)
    if subnets and all(any(_works(log) for log in inventory.of(FlowLog, vpc.scope, watched=one.id)) for one in subnets):
        return healthy("every subnet has a flow log that records refused connections")
    if not logs:
        return unhealthy("no flow log watches the network")
    return unhealthy("its flow logs fail or leave refused connections out", seen=[_shown(log) for log in logs])


def _works(log: FlowLog) -> bool:
    return log.status == "ACTIVE" and log.delivery != "FAILED" and log.traffic in ("ALL", "REJECT")


def _shown(log: FlowLog) -> str:
    return f"{log.name}: {log.status}, traffic {log.traffic}, delivery {log.delivery}"


CHECK = Check(
    title="Flow logs should record the connections of every network",
    asset=Vpc,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-6",
    evaluate=evaluate,
    fix=Fix(
        console="Open the network {name} in the VPC console, tab Flow logs, Create flow log; filter All or Reject, destination an S3 bucket or a log group.",
        cli="""
# VPC_ID is the end of {id}
aws ec2 create-flow-logs --region {region} --resource-type VPC --resource-ids VPC_ID --traffic-type ALL --log-destination-type s3 --log-destination arn:aws:s3:::LOG_BUCKET
""",
        terraform="""
resource "aws_flow_log" "this" {
  vpc_id               = aws_vpc.this.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = aws_s3_bucket.network_logs.arn
}
""",
        impact="The logs are stored and charged.",
    ),
    examples=(
        Example("recorded", VPC, "healthy", others=(FLOW_LOG,)),
        Example("refused connections alone", VPC, "healthy", others=(replace(FLOW_LOG, traffic="REJECT"),)),
        Example("recorded in every subnet", VPC, "healthy", "every subnet", others=(PUBLIC_SUBNET, PRIVATE_SUBNET, *ON_SUBNETS)),
        Example("recorded in one of two subnets", VPC, "unhealthy", others=(PUBLIC_SUBNET, PRIVATE_SUBNET, ON_SUBNETS[0])),
        Example("no log", VPC, "unhealthy", "no flow log"),
        Example("accepted connections alone", VPC, "unhealthy", "leave", others=(replace(FLOW_LOG, traffic="ACCEPT"),)),
        Example("delivery fails", VPC, "unhealthy", "fail", others=(replace(FLOW_LOG, delivery="FAILED", delivery_error="Access error"),)),
        Example("not active", VPC, "unhealthy", others=(replace(FLOW_LOG, status="INACTIVE"),)),
        Example("of another account", replace(VPC, owner=FOREIGN_ACCOUNT), "not_applicable", FOREIGN_ACCOUNT),
        Example("of nobody known", replace(VPC, unread={"owner": "not in the answer"}), "unhealthy"),
        Example("logs not read", VPC, "unknown", "AccessDenied", unlisted={"AWS::EC2::FlowLog": "AccessDenied"}),
    ),
)  # fmt: skip
