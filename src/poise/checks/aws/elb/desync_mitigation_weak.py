"""Application load balancers that let ambiguous requests pass.

A request that two servers cut in different places lets an attacker prepend a request of his own to the next
visitor's. The modes `defensive` and `strictest` stop the dangerous ones; `monitor` only counts them.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.elb import LoadBalancer
from poise.model.samples.aws_elb import LOAD_BALANCER, NETWORK_BALANCER


def evaluate(balancer: LoadBalancer) -> Verdict:
    if balancer.desync_mode is None:
        return not_applicable(f"a {balancer.type} load balancer does not read requests")
    if balancer.desync_mode in ("defensive", "strictest"):
        return healthy(f"the mode is {balancer.desync_mode}", seen=balancer.desync_mode)
    return unhealthy(f"the mode is {balancer.desync_mode}", seen=balancer.desync_mode)


CHECK = Check(
    title="Application load balancers should stop ambiguous requests",
    asset=LoadBalancer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-12",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Attributes, Edit; Desync mitigation mode Defensive or Strictest.",
        cli="aws elbv2 modify-load-balancer-attributes --region {region} --load-balancer-arn {id} --attributes Key=routing.http.desync_mitigation_mode,Value=defensive",
        terraform="""
resource "aws_lb" "this" {
  desync_mitigation_mode = "defensive"
}
""",
        impact="Clients that send malformed requests get an error.",
    ),
    examples=(
        Example("defensive", LOAD_BALANCER, "healthy"),
        Example("strictest", replace(LOAD_BALANCER, desync_mode="strictest"), "healthy"),
        Example("counted alone", replace(LOAD_BALANCER, desync_mode="monitor"), "unhealthy", "monitor"),
        Example("a network load balancer", NETWORK_BALANCER, "not_applicable"),
        Example("unread", replace(LOAD_BALANCER, unread={"desync_mode": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
