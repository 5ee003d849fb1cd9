"""Internet-facing application load balancers without a web application firewall.

Common attacks on web applications, and floods of requests, arrive at the application itself. A web ACL with managed
rules stops most of them and can be changed within minutes when a new fault becomes known.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.elb import LoadBalancer
from poise.model.samples.aws_elb import LOAD_BALANCER, NETWORK_BALANCER


def evaluate(balancer: LoadBalancer) -> Verdict:
    if balancer.type != "application":
        return not_applicable(f"a {balancer.type} load balancer takes no web ACL")
    if balancer.scheme != "internet-facing":
        return not_applicable("not facing the internet")
    if balancer.web_acl is not None:
        return healthy("a web ACL stands before it", seen=balancer.web_acl)
    return unhealthy("no web ACL stands before it")


CHECK = Check(
    title="Internet-facing load balancers should have a web ACL",
    asset=LoadBalancer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-16",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Integrations, AWS WAF, Associate; choose a web ACL with managed rule groups, at first counting alone.",
        cli="aws wafv2 associate-web-acl --region {region} --web-acl-arn WEB_ACL_ARN --resource-arn {id}",
        terraform="""
resource "aws_wafv2_web_acl_association" "this" {
  resource_arn = aws_lb.this.arn
  web_acl_arn  = aws_wafv2_web_acl.this.arn
}
""",
        impact="Rules may stop wanted requests: let them count before they block.",
    ),
    examples=(
        Example("has one", LOAD_BALANCER, "healthy"),
        Example("has none", replace(LOAD_BALANCER, web_acl=None), "unhealthy"),
        Example("internal", replace(LOAD_BALANCER, scheme="internal", web_acl=None), "not_applicable"),
        Example("a network load balancer", replace(NETWORK_BALANCER, scheme="internet-facing"), "not_applicable"),
        Example("unread", replace(LOAD_BALANCER, unread={"web_acl": "WAFAccessDenied"}), "unknown", "WAFAccessDenied"),
    ),
)  # fmt: skip
