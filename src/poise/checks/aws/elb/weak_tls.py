"""Load balancers that still speak TLS 1.0 or 1.1.

Both are withdrawn (RFC 8996): they rest on broken hashes and old ciphers, and an attacker on the way can push
clients down to them. The policy that AWS takes when none is named still admits them.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.aws.elb import Listener, LoadBalancer
from poise.model.samples.aws_elb import HTTP_LISTENER, HTTPS_LISTENER, LOAD_BALANCER, NETWORK_BALANCER
from poise.policy.aws.listeners import lowest_tls

ENCRYPTED = ("HTTPS", "TLS")


def evaluate(balancer: LoadBalancer) -> Verdict:
    policies = {one.tls_policy for one in balancer.listeners if one.protocol in ENCRYPTED}
    if not policies:
        return not_applicable("no listener speaks TLS")
    lowest = {name or "no policy": lowest_tls(name or "") for name in policies}
    weak = sorted(name for name, version in lowest.items() if version is not None and version < (1, 2))
    if weak:
        return unhealthy(f"TLS before 1.2 is admitted by {', '.join(weak)}", seen=weak)
    strange = sorted(name for name, version in lowest.items() if version is None)
    if strange:
        return unknown(f"not a policy that is known here: {', '.join(strange)}", seen=strange)
    return healthy("every listener demands TLS 1.2 or later", seen=sorted(lowest))


def _with(*policies: str) -> tuple[Listener, ...]:
    return tuple(structs.replace(HTTPS_LISTENER, tls_policy=name) for name in policies)


CHECK = Check(
    title="Load balancers should demand TLS 1.2 or later",
    asset=LoadBalancer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Listeners and rules; edit the listener: security policy ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09.",
        cli="""
aws elbv2 describe-listeners --region {region} --load-balancer-arn {id}  # gives LISTENER_ARN
aws elbv2 modify-listener --region {region} --listener-arn LISTENER_ARN --ssl-policy ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09
""",
        terraform="""
resource "aws_lb_listener" "https" {
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
}
""",
        impact="Clients of 2012 and older cannot connect; the access logs show which protocol each uses.",
    ),
    examples=(
        Example("TLS 1.2", LOAD_BALANCER, "healthy"),
        Example("TLS 1.3 alone", replace(NETWORK_BALANCER, listeners=_with("ELBSecurityPolicy-TLS13-1-3-2021-06")), "healthy"),
        Example("what AWS takes unasked", replace(LOAD_BALANCER, listeners=_with("ELBSecurityPolicy-2016-08")), "unhealthy", "2016-08"),
        Example("TLS 1.3 down to 1.0", replace(LOAD_BALANCER, listeners=_with("ELBSecurityPolicy-TLS13-1-0-2021-06")), "unhealthy"),
        Example("one of two", replace(LOAD_BALANCER, listeners=_with("ELBSecurityPolicy-FS-1-1-2019-08", "ELBSecurityPolicy-Dream")), "unhealthy"),
        Example("a policy on a listener that does not use it", replace(LOAD_BALANCER, listeners=(structs.replace(HTTP_LISTENER, tls_policy="ELBSecurityPolicy-2016-08"),)), "not_applicable"),
        Example("no TLS", replace(LOAD_BALANCER, listeners=(HTTP_LISTENER,)), "not_applicable"),
        Example("an unknown policy", replace(LOAD_BALANCER, listeners=_with("ELBSecurityPolicy-Dream")), "unknown", "Dream"),
        Example("unread", replace(LOAD_BALANCER, unread={"listeners": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
