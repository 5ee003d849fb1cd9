"""Classic load balancers that still speak SSL 3, TLS 1.0 or TLS 1.1.

All three are withdrawn (RFC 7568, RFC 8996): an attacker on the way can push clients down to them and break the
encryption. The policy that AWS takes when none is named still admits TLS 1.0.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.aws.elb import ClassicLoadBalancer
from poise.model.samples.aws_elb import CLASSIC_BALANCER, CLASSIC_LISTENER, MODERN_POLICY
from poise.policy.aws.listeners import classic_protocols

OLD = {"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"}
PLAIN = structs.replace(CLASSIC_LISTENER, protocol="TCP", certificate=None, policies=())


def evaluate(balancer: ClassicLoadBalancer) -> Verdict:
    secure = [one for one in balancer.listeners if one.protocol.upper() in ("HTTPS", "SSL")]
    if not secure:
        return not_applicable("no listener speaks TLS")
    admitted = {one.port: classic_protocols(one, balancer) for one in secure}
    weak = {port: sorted(found & OLD) for port, found in admitted.items() if found & OLD}
    if weak:
        names = sorted({name for found in weak.values() for name in found})
        return unhealthy(f"{', '.join(names)} is admitted", seen={str(port): found for port, found in weak.items()})
    if not all(admitted.values()):
        return unknown("the protocols of a listener's policy are not known")
    return healthy("every listener demands TLS 1.2")


CHECK = Check(
    title="Classic load balancers should demand TLS 1.2",
    asset=ClassicLoadBalancer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Listeners, Manage listeners; edit the security policy of the listener: ELBSecurityPolicy-TLS-1-2-2017-01.",
        cli="""
aws elb create-load-balancer-policy --region {region} --load-balancer-name {name} --policy-name tls-1-2 --policy-type-name SSLNegotiationPolicyType --policy-attributes AttributeName=Reference-Security-Policy,AttributeValue=ELBSecurityPolicy-TLS-1-2-2017-01
aws elb set-load-balancer-policies-of-listener --region {region} --load-balancer-name {name} --load-balancer-port 443 --policy-names tls-1-2
""",
        terraform="""
resource "aws_load_balancer_policy" "tls" {
  load_balancer_name = "{name}"
  policy_name        = "tls-1-2"
  policy_type_name   = "SSLNegotiationPolicyType"
  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}
""",
        impact="Clients of 2012 and older cannot connect.",
    ),
    examples=(
        Example("TLS 1.2", CLASSIC_BALANCER, "healthy"),
        Example("TLS 1.0", replace(CLASSIC_BALANCER, policies=(structs.replace(MODERN_POLICY, protocols=("TLSv1", "TLSv1.2")),)), "unhealthy", "TLSv1"),
        Example("no TLS", replace(CLASSIC_BALANCER, listeners=(PLAIN,)), "not_applicable"),
        Example("a policy that is not described", replace(CLASSIC_BALANCER, policies=()), "unknown", "not known"),
        Example("unread", replace(CLASSIC_BALANCER, unread={"policies": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
