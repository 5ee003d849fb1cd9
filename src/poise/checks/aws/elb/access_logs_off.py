"""Load balancers that keep no record of requests.

Who asked for what, from where, and what was answered: without access logs an attack on the application can neither
be noticed nor traced.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.elb import LoadBalancer
from poise.model.samples.aws_elb import LOAD_BALANCER, NETWORK_BALANCER


def evaluate(balancer: LoadBalancer) -> Verdict:
    if balancer.access_logs is None:
        return not_applicable(f"a {balancer.type} load balancer has no access logs")
    if balancer.access_logs:
        return healthy("access logs are written", seen=balancer.known().get("access_logs_bucket"))
    if balancer.type == "network" and not any(one.protocol == "TLS" for one in balancer.listeners):
        return not_applicable("a network load balancer writes logs of TLS listeners alone, and has none")
    return unhealthy("access logs are off", seen=False)


CHECK = Check(
    title="Load balancers should write access logs",
    asset=LoadBalancer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-5",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Attributes, Edit; switch on Access logs and name a bucket whose policy lets Elastic Load Balancing write.",
        cli="aws elbv2 modify-load-balancer-attributes --region {region} --load-balancer-arn {id} --attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=LOG_BUCKET",
        terraform="""
resource "aws_lb" "this" {
  access_logs {
    bucket  = aws_s3_bucket.balancer_logs.id
    enabled = true
  }
}
""",
        impact="The logs are stored and charged.",
    ),
    examples=(
        Example("a network load balancer without TLS", replace(NETWORK_BALANCER, access_logs=False, listeners=()), "not_applicable", "TLS listeners"),
        Example("on", LOAD_BALANCER, "healthy"),
        Example("off", replace(LOAD_BALANCER, access_logs=False, access_logs_bucket=None), "unhealthy"),
        Example("a gateway load balancer", replace(LOAD_BALANCER, type="gateway", access_logs=None), "not_applicable"),
        Example("unread", replace(LOAD_BALANCER, unread={"access_logs": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
