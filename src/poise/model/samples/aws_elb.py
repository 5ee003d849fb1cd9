"""One ordinary load balancer of each generation, as it should be: examples change what they are about."""

from poise.model.aws.elb import (
    ClassicListener,
    ClassicLoadBalancer,
    ClassicPolicy,
    Listener,
    ListenerAction,
    LoadBalancer,
    RegisteredTarget,
    TargetGroup,
)
from poise.model.samples.aws import ACCOUNT, REGION
from poise.model.samples.aws_ec2 import INSTANCE_ID
from poise.model.samples.aws_vpc import PUBLIC_SUBNET_ID, TAGS, VPC_ID
from poise.model.samples.aws_vpc_rules import SECURITY_GROUP

BALANCING = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}"
CERTIFICATE = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/11112222-3333-4444-5555-666677778888"
TARGET_GROUP = f"{BALANCING}:targetgroup/shop/0a00000000000001"
FORWARD = ListenerAction(type="forward", redirect_protocol=None, redirect_port=None, target_groups=(TARGET_GROUP,))
TO_HTTPS = ListenerAction(type="redirect", redirect_protocol="HTTPS", redirect_port="443", target_groups=())
HTTPS_LISTENER = Listener(
    arn=f"{BALANCING}:listener/app/shop/0a00000000000001/0a00000000000443",
    protocol="HTTPS",
    port=443,
    tls_policy="ELBSecurityPolicy-TLS13-1-2-2021-06",
    certificates=(CERTIFICATE,),
    default_actions=(FORWARD,),
)
HTTP_LISTENER = Listener(
    arn=f"{BALANCING}:listener/app/shop/0a00000000000001/0a00000000000080",
    protocol="HTTP",
    port=80,
    tls_policy=None,
    certificates=(),
    default_actions=(TO_HTTPS,),
)
LOAD_BALANCER = LoadBalancer(
    id=f"{BALANCING}:loadbalancer/app/shop/0a00000000000001",
    name="shop",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    type="application",
    scheme="internet-facing",
    state="active",
    dns_name=f"shop-1234567890.{REGION}.elb.amazonaws.com",
    created="2026-09-01T08:00:00+00:00",
    vpc=VPC_ID,
    subnets=(PUBLIC_SUBNET_ID,),
    security_groups=(SECURITY_GROUP.id,),
    listeners=(HTTPS_LISTENER, HTTP_LISTENER),
    rules=(),
    deletion_protection=True,
    access_logs=True,
    access_logs_bucket="balancer-logs",
    drops_invalid_headers=True,
    desync_mode="defensive",
    web_acl=f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/shop/0a000000-0000-0000-0000-000000000001",
)
NETWORK_BALANCER = LoadBalancer(
    id=f"{BALANCING}:loadbalancer/net/queue/0b00000000000001",
    name="queue",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    type="network",
    scheme="internal",
    state="active",
    dns_name=f"queue-0b00000000000001.elb.{REGION}.amazonaws.com",
    created="2026-09-01T08:00:00+00:00",
    vpc=VPC_ID,
    subnets=(PUBLIC_SUBNET_ID,),
    security_groups=(),
    listeners=(
        Listener(
            arn=f"{BALANCING}:listener/net/queue/0b00000000000001/0b00000000005671",
            protocol="TLS",
            port=5671,
            tls_policy="ELBSecurityPolicy-TLS13-1-2-2021-06",
            certificates=(CERTIFICATE,),
            default_actions=(FORWARD,),
        ),
    ),
    rules=(),
    deletion_protection=True,
    access_logs=True,
    access_logs_bucket="balancer-logs",
    drops_invalid_headers=None,
    desync_mode=None,
    web_acl=None,
)
MODERN_POLICY = ClassicPolicy(
    name="modern",
    type="SSLNegotiationPolicyType",
    reference="ELBSecurityPolicy-TLS-1-2-2017-01",
    protocols=("TLSv1.2",),
)
CLASSIC_LISTENER = ClassicListener(
    protocol="HTTPS",
    port=443,
    instance_protocol="HTTPS",
    instance_port=8443,
    certificate=CERTIFICATE,
    policies=("modern",),
)
CLASSIC_BALANCER = ClassicLoadBalancer(
    id=f"{BALANCING}:loadbalancer/old-shop",
    name="old-shop",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    scheme="internet-facing",
    dns_name=f"old-shop-1234567890.{REGION}.elb.amazonaws.com",
    created="2018-09-01T08:00:00+00:00",
    vpc=VPC_ID,
    subnets=(PUBLIC_SUBNET_ID,),
    security_groups=(SECURITY_GROUP.id,),
    instances=(INSTANCE_ID,),
    listeners=(CLASSIC_LISTENER,),
    policies=(MODERN_POLICY,),
    access_logs=True,
    access_logs_bucket="balancer-logs",
    connection_draining=True,
    cross_zone=True,
    desync_mode="defensive",
)
TARGETS = TargetGroup(
    id=f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/shop/0a1b2c3d4e5f6071",
    name="shop",
    scope=ACCOUNT,
    region=REGION,
    tags={"team": "shop"},
    protocol="HTTP",
    port=8080,
    target_type="instance",
    vpc=LOAD_BALANCER.vpc,
    balancers=(LOAD_BALANCER.id,),
    keeps_client_address=None,
    targets=(RegisteredTarget(id="i-0a0000000000000001", port=8080, health="healthy"),),
)
