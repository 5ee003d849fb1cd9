"""Application load balancers that pass on headers with invalid names.

Servers behind read such headers in different ways. An attacker uses the difference to smuggle a second request past
the load balancer and its filters.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.elb import LoadBalancer
from poise.model.samples.aws_elb import LOAD_BALANCER, NETWORK_BALANCER


def evaluate(balancer: LoadBalancer) -> Verdict:
    if balancer.drops_invalid_headers is None:
        return not_applicable(f"a {balancer.type} load balancer does not read headers")
    if balancer.drops_invalid_headers:
        return healthy("headers with invalid names are removed")
    return unhealthy("headers with invalid names are passed on", seen=False)


CHECK = Check(
    title="Application load balancers should drop invalid headers",
    asset=LoadBalancer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-4",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Attributes, Edit; switch on Drop invalid header fields.",
        cli="aws elbv2 modify-load-balancer-attributes --region {region} --load-balancer-arn {id} --attributes Key=routing.http.drop_invalid_header_fields.enabled,Value=true",
        terraform="""
resource "aws_lb" "this" {
  drop_invalid_header_fields = true
}
""",
        impact="Applications that use headers with other signs than letters, digits and hyphens no longer get them.",
    ),
    examples=(
        Example("dropped", LOAD_BALANCER, "healthy"),
        Example("kept", replace(LOAD_BALANCER, drops_invalid_headers=False), "unhealthy"),
        Example("a network load balancer", NETWORK_BALANCER, "not_applicable"),
        Example("unread", replace(LOAD_BALANCER, unread={"drops_invalid_headers": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
