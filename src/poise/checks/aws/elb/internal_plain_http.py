"""Internal load balancers that serve over plain HTTP.

Inside a network there are fewer eyes, but a single taken machine or a tapped link reads passwords and cookies of
all others. Standards for card and health data ask for encryption inside too.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.elb import LoadBalancer
from poise.model.samples.aws_elb import FORWARD, HTTP_LISTENER, LOAD_BALANCER, NETWORK_BALANCER
from poise.policy.aws.listeners import serves_plain_http

INTERNAL = replace(LOAD_BALANCER, scheme="internal")
OPEN = structs.replace(HTTP_LISTENER, default_actions=(FORWARD,))


def evaluate(balancer: LoadBalancer) -> Verdict:
    if balancer.type != "application":
        return not_applicable(f"a {balancer.type} load balancer does not speak HTTP")
    if balancer.scheme != "internal":
        return not_applicable("facing the internet: aws.elb.plain_http judges it")
    ports = serves_plain_http(balancer)
    if ports:
        return unhealthy(f"serves plain HTTP on port {', '.join(map(str, ports))}", seen=ports)
    return healthy("serves nothing over plain HTTP")


CHECK = Check(
    title="Internal load balancers should serve HTTPS only",
    asset=LoadBalancer,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-1",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Listeners and rules; add an HTTPS listener with a certificate of a private authority, then let the HTTP listener redirect to it.",
        cli="aws elbv2 create-listener --region {region} --load-balancer-arn {id} --protocol HTTPS --port 443 --certificates CertificateArn=CERTIFICATE_ARN --ssl-policy ELBSecurityPolicy-TLS13-1-2-2021-06 --default-actions Type=forward,TargetGroupArn=TARGET_GROUP_ARN",
        terraform="""
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate.internal.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}
""",
        impact="Clients must trust the certificate; give them the private authority first.",
    ),
    examples=(
        Example("HTTP sends to HTTPS", INTERNAL, "healthy"),
        Example("HTTP forwards", replace(INTERNAL, listeners=(OPEN,)), "unhealthy", "80"),
        Example("facing the internet", replace(LOAD_BALANCER, listeners=(OPEN,)), "not_applicable"),
        Example("a network load balancer", NETWORK_BALANCER, "not_applicable"),
        Example("unread", replace(INTERNAL, unread={"listeners": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
