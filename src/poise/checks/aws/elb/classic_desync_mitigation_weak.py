"""Classic load balancers that let ambiguous requests pass.

A request that two servers cut in different places lets an attacker prepend a request of his own to the next
visitor's. The modes `defensive` and `strictest` stop the dangerous ones; `monitor` only counts them.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.aws.elb import ClassicLoadBalancer
from poise.model.samples.aws_elb import CLASSIC_BALANCER, CLASSIC_LISTENER

PLAIN = structs.replace(CLASSIC_LISTENER, protocol="TCP", certificate=None, policies=())


def evaluate(balancer: ClassicLoadBalancer) -> Verdict:
    if not any(one.protocol.upper() in ("HTTP", "HTTPS") for one in balancer.listeners):
        return not_applicable("no listener reads requests")
    if balancer.desync_mode is None:
        return unknown("the answer does not state the mode")
    if balancer.desync_mode in ("defensive", "strictest"):
        return healthy(f"the mode is {balancer.desync_mode}", seen=balancer.desync_mode)
    return unhealthy(f"the mode is {balancer.desync_mode}", seen=balancer.desync_mode)


CHECK = Check(
    title="Classic load balancers should stop ambiguous requests",
    asset=ClassicLoadBalancer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-14",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Attributes, Edit; Desync mitigation mode Defensive or Strictest.",
        cli="aws elb modify-load-balancer-attributes --region {region} --load-balancer-name {name} --load-balancer-attributes 'AdditionalAttributes=[{Key=elb.http.desyncmitigationmode,Value=defensive}]'",
        terraform="""
resource "aws_elb" "this" {
  desync_mitigation_mode = "defensive"
}
""",
        impact="Clients that send malformed requests get an error.",
    ),
    examples=(
        Example("defensive", CLASSIC_BALANCER, "healthy"),
        Example("strictest", replace(CLASSIC_BALANCER, desync_mode="strictest"), "healthy"),
        Example("counted alone", replace(CLASSIC_BALANCER, desync_mode="monitor"), "unhealthy", "monitor"),
        Example("TCP alone", replace(CLASSIC_BALANCER, listeners=(PLAIN,), desync_mode="monitor"), "not_applicable"),
        Example("not stated", replace(CLASSIC_BALANCER, desync_mode=None), "unknown", "does not state"),
        Example("unread", replace(CLASSIC_BALANCER, unread={"desync_mode": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
