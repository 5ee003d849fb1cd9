"""Classic load balancers that serve over plain HTTP.

They cannot redirect: a listener for HTTP passes everything in the clear, passwords and cookies included. A plain TCP
listener may carry encrypted traffic and is not judged.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.elb import ClassicLoadBalancer
from poise.model.samples.aws_elb import CLASSIC_BALANCER, CLASSIC_LISTENER

OPEN = structs.replace(CLASSIC_LISTENER, protocol="HTTP", port=80, certificate=None, policies=())


def evaluate(balancer: ClassicLoadBalancer) -> Verdict:
    if not balancer.listeners:
        return not_applicable("has no listener")
    ports = sorted(one.port for one in balancer.listeners if one.protocol.upper() == "HTTP")
    if ports:
        return unhealthy(f"serves plain HTTP on port {', '.join(map(str, ports))}", seen=ports)
    return healthy("serves nothing over plain HTTP")


CHECK = Check(
    title="Classic load balancers should serve HTTPS or TLS only",
    asset=ClassicLoadBalancer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-3",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Listeners, Manage listeners; add HTTPS with a certificate and remove HTTP. Better: move to an application load balancer, which can redirect.",
        cli="""
aws elb create-load-balancer-listeners --region {region} --load-balancer-name {name} --listeners Protocol=HTTPS,LoadBalancerPort=443,InstanceProtocol=HTTP,InstancePort=80,SSLCertificateId=CERTIFICATE_ARN
aws elb delete-load-balancer-listeners --region {region} --load-balancer-name {name} --load-balancer-ports 80
""",
        terraform="""
resource "aws_elb" "this" {
  listener {
    lb_protocol        = "https"
    lb_port            = 443
    instance_protocol  = "http"
    instance_port      = 80
    ssl_certificate_id = aws_acm_certificate.this.arn
  }
}
""",
        impact="Clients that ask for http:// fail, as there is no redirect.",
    ),
    examples=(
        Example("HTTPS", CLASSIC_BALANCER, "healthy"),
        Example("HTTP beside HTTPS", replace(CLASSIC_BALANCER, listeners=(CLASSIC_LISTENER, OPEN)), "unhealthy", "80"),
        Example("plain TCP", replace(CLASSIC_BALANCER, listeners=(structs.replace(OPEN, protocol="TCP"),)), "healthy"),
        Example("no listener", replace(CLASSIC_BALANCER, listeners=()), "not_applicable"),
        Example("unread", replace(CLASSIC_BALANCER, unread={"listeners": "malformed"}), "unknown", "malformed"),
    ),
)  # fmt: skip
