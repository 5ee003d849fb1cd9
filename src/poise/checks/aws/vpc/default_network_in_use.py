"""Default networks that something runs in.

AWS makes one in every region, with public subnets alone and open ACLs, so that a first trial works at once. What
runs there faces the internet by default instead of by decision.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.ec2 import NetworkInterface
from poise.model.aws.vpc import Vpc
from poise.model.samples.aws_ec2 import INTERFACE
from poise.model.samples.aws_vpc import VPC

DEFAULT = replace(VPC, is_default=True)


def evaluate(vpc: Vpc, inventory: Inventory) -> Verdict:
    if not vpc.is_default:
        return not_applicable("not a default network")
    interfaces = inventory.of(NetworkInterface, vpc.scope, vpc=vpc.id)
    if not interfaces:
        return healthy("nothing runs in the default network")
    what = "1 network interface is" if len(interfaces) == 1 else f"{len(interfaces)} network interfaces are"
    return unhealthy(f"{what} in the default network", seen=[one.id for one in interfaces[:10]])


CHECK = Check(
    title="Default networks should not be used",
    asset=Vpc,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html",
    evaluate=evaluate,
    fix=Fix(
        console="Create a network with private subnets in the VPC console, move what runs in {name} there, then delete the default network.",
        cli="""
# VPC_ID is the end of {id}
aws ec2 describe-network-interfaces --region {region} --filters Name=vpc-id,Values=VPC_ID  # shows what runs there
""",
        terraform="# give every resource of {id} subnet_id and vpc_security_group_ids of a network of your own, and apply",
        impact="Machines that are moved get new addresses.",
    ),
    examples=(
        Example("a network of one's own", VPC, "not_applicable", others=(INTERFACE,)),
        Example("empty", DEFAULT, "healthy"),
        Example("in use", DEFAULT, "unhealthy", "1 network", others=(INTERFACE,)),
        Example("interfaces not read", DEFAULT, "unknown", "AccessDenied", unlisted={"AWS::EC2::NetworkInterface": "AccessDenied"}),
    ),
)  # fmt: skip
