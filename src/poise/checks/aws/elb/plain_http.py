"""Load balancers that serve the internet over plain HTTP.

Passwords, cookies and pages pass in the clear: anyone on the way reads and changes them. A listener on port 80 is
fine if it does nothing but send browsers to HTTPS.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.elb import ListenerRule, LoadBalancer
from poise.model.samples.aws_elb import (
    FORWARD,
    HTTP_LISTENER,
    HTTPS_LISTENER,
    LOAD_BALANCER,
    NETWORK_BALANCER,
    TO_HTTPS,
)
from poise.policy.aws.listeners import serves_plain_http

OPEN = structs.replace(HTTP_LISTENER, default_actions=(FORWARD,))
LOOP = structs.replace(HTTP_LISTENER, default_actions=(structs.replace(TO_HTTPS, redirect_protocol="#{protocol}"),))
FIXED = structs.replace(
    HTTP_LISTENER, default_actions=(structs.replace(FORWARD, type="fixed-response", target_groups=()),)
)
RULE = ListenerRule(listener=HTTP_LISTENER.arn, priority="1", actions=(FORWARD,))


def evaluate(balancer: LoadBalancer) -> Verdict:
    if balancer.type != "application":
        return not_applicable(f"a {balancer.type} load balancer does not speak HTTP")
    if balancer.scheme != "internet-facing":
        return not_applicable("not facing the internet")
    ports = serves_plain_http(balancer)
    if ports:
        return unhealthy(f"serves plain HTTP on port {', '.join(map(str, ports))}", seen=ports)
    return healthy("serves nothing over plain HTTP")


CHECK = Check(
    title="Internet-facing load balancers should serve HTTPS only",
    asset=LoadBalancer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-1",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Listeners and rules; edit the HTTP listener: Redirect to URL, HTTPS, port 443, status 301. Remove rules of it that forward.",
        cli="""
aws elbv2 describe-listeners --region {region} --load-balancer-arn {id}  # gives LISTENER_ARN
aws elbv2 modify-listener --region {region} --listener-arn LISTENER_ARN --default-actions 'Type=redirect,RedirectConfig={Protocol=HTTPS,Port=443,StatusCode=HTTP_301}'
""",
        terraform="""
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}
""",
        impact="Clients that cannot follow a redirect, or do not trust the certificate, fail.",
    ),
    examples=(
        Example("HTTP sends to HTTPS", LOAD_BALANCER, "healthy"),
        Example("HTTP forwards", replace(LOAD_BALANCER, listeners=(HTTPS_LISTENER, OPEN)), "unhealthy", "80"),
        Example("HTTP forwards, rules unread", replace(LOAD_BALANCER, listeners=(OPEN,), unread={"rules": "AccessDenied"}), "unhealthy", "80"),
        Example("a rule forwards", replace(LOAD_BALANCER, rules=(RULE,)), "unhealthy", "80"),
        Example("a rule of the HTTPS listener forwards", replace(LOAD_BALANCER, rules=(structs.replace(RULE, listener=HTTPS_LISTENER.arn),)), "healthy"),
        Example("redirects to itself", replace(LOAD_BALANCER, listeners=(LOOP,)), "unhealthy"),
        Example("answers with a fixed text", replace(LOAD_BALANCER, listeners=(FIXED,)), "healthy"),
        Example("no HTTP listener, rules unread", replace(LOAD_BALANCER, listeners=(HTTPS_LISTENER,), unread={"rules": "AccessDenied"}), "healthy"),
        Example("internal", replace(LOAD_BALANCER, scheme="internal", listeners=(OPEN,)), "not_applicable"),
        Example("a network load balancer", replace(NETWORK_BALANCER, scheme="internet-facing"), "not_applicable", "does not speak HTTP"),
        Example("rules unread", replace(LOAD_BALANCER, unread={"rules": "AccessDenied"}), "unknown", "AccessDenied"),
        Example("unread", replace(LOAD_BALANCER, unread={"listeners": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
