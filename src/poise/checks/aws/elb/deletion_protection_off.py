"""Load balancers that one call deletes.

A wrong click, a script in the wrong account or an intruder takes the whole application off the internet, and its
name and certificates must be set up anew.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.elb import LoadBalancer
from poise.model.samples.aws_elb import LOAD_BALANCER


def evaluate(balancer: LoadBalancer) -> Verdict:
    if balancer.deletion_protection:
        return healthy("deleting is refused")
    return unhealthy("deletion protection is off", seen=False)


CHECK = Check(
    title="Load balancers should be protected from deletion",
    asset=LoadBalancer,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-6",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Attributes, Edit; switch on Deletion protection.",
        cli="aws elbv2 modify-load-balancer-attributes --region {region} --load-balancer-arn {id} --attributes Key=deletion_protection.enabled,Value=true",
        terraform="""
resource "aws_lb" "this" {
  enable_deletion_protection = true
}
""",
        impact="Who wants to delete it must switch the protection off first, Terraform included.",
    ),
    examples=(
        Example("on", LOAD_BALANCER, "healthy"),
        Example("off", replace(LOAD_BALANCER, deletion_protection=False), "unhealthy"),
        Example("unread", replace(LOAD_BALANCER, unread={"deletion_protection": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
