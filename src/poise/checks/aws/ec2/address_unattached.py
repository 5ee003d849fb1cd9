"""Public addresses that are kept but used by nothing.

They are charged, and firewalls of partners may still trust them: when the address is given up carelessly later,
whoever gets it next inherits that trust.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.ec2 import ElasticIp
from poise.model.samples.aws_ec2 import ELASTIC_IP


def evaluate(address: ElasticIp) -> Verdict:
    if address.association is not None or address.instance is not None:
        return healthy("in use", seen=address.association or address.instance)
    return unhealthy("bound to nothing", seen=address.public_ip)


CHECK = Check(
    title="Elastic IP addresses should be in use",
    asset=ElasticIp,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-12",
    evaluate=evaluate,
    fix=Fix(
        console="Remove {name} from DNS and from the firewalls of partners, then open it in the EC2 console, Actions, Release Elastic IP addresses.",
        cli="""
# ALLOCATION_ID is the end of {id}
aws ec2 release-address --region {region} --allocation-id ALLOCATION_ID
""",
        terraform="# remove the resource aws_eip of {name} from the configuration and apply",
        impact="A released address is rarely given back.",
    ),
    examples=(
        Example("bound", ELASTIC_IP, "healthy"),
        Example("bound to a machine outside of any VPC", replace(ELASTIC_IP, association=None, interface=None), "healthy"),
        Example("bound to the interface of a service", replace(ELASTIC_IP, instance=None), "healthy"),
        Example("bound to nothing", replace(ELASTIC_IP, association=None, interface=None, instance=None), "unhealthy"),
        Example("unread", replace(ELASTIC_IP, unread={"association": "malformed"}), "unknown", "malformed"),
    ),
)  # fmt: skip
