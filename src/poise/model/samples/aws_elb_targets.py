"""One ordinary target group, as it should be."""

from poise.model.aws.elb_targets import RegisteredTarget, TargetGroup
from poise.model.samples.aws import ACCOUNT, REGION
from poise.model.samples.aws_ec2 import INSTANCE_ID
from poise.model.samples.aws_vpc import TAGS, VPC_ID

TARGET_GROUP = TargetGroup(
    id=f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/shop/0a00000000000001",
    name="shop",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    protocol="HTTPS",
    port=8443,
    vpc=VPC_ID,
    target_type="instance",
    targets=(RegisteredTarget(target=INSTANCE_ID, port=8443, health="healthy"),),
)
