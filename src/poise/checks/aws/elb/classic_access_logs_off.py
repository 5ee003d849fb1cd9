"""Classic load balancers that keep no record of requests.

Who asked for what, from where, and what was answered: without access logs an attack on the application can neither
be noticed nor traced.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.elb import ClassicLoadBalancer
from poise.model.samples.aws_elb import CLASSIC_BALANCER


def evaluate(balancer: ClassicLoadBalancer) -> Verdict:
    if balancer.access_logs:
        return healthy("access logs are written")
    return unhealthy("access logs are off", seen=False)


CHECK = Check(
    title="Classic load balancers should write access logs",
    asset=ClassicLoadBalancer,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-5",
    evaluate=evaluate,
    fix=Fix(
        console="Open the load balancer {name} in the EC2 console, tab Attributes, Edit; switch on Access logs and name a bucket whose policy lets Elastic Load Balancing write.",
        cli="aws elb modify-load-balancer-attributes --region {region} --load-balancer-name {name} --load-balancer-attributes 'AccessLog={Enabled=true,S3BucketName=LOG_BUCKET,EmitInterval=60}'",
        terraform="""
resource "aws_elb" "this" {
  access_logs {
    bucket = aws_s3_bucket.balancer_logs.id
  }
}
""",
        impact="The logs are stored and charged.",
    ),
    examples=(
        Example("on", CLASSIC_BALANCER, "healthy"),
        Example("off", replace(CLASSIC_BALANCER, access_logs=False, access_logs_bucket=None), "unhealthy"),
        Example("unread", replace(CLASSIC_BALANCER, unread={"access_logs": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
