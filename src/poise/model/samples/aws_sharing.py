"""Ordinary queues, topics, secrets, repositories and clusters, as they should be, and policies that open them."""

from typing import Any

from poise.model.asset import Document
from poise.model.aws.ecr import EcrRepository
from poise.model.aws.eks import EksCluster
from poise.model.aws.secretsmanager import Secret
from poise.model.aws.sns import SnsTopic
from poise.model.aws.sqs import SqsQueue
from poise.model.samples.aws import ACCOUNT, FOREIGN_ACCOUNT, REGION
from poise.model.samples.aws_vpc import PRIVATE_SUBNET_ID, VPC_ID
from poise.model.samples.aws_vpc_rules import SECURITY_GROUP

WHERE: dict[str, Any] = {"scope": ACCOUNT, "region": REGION, "tags": {"team": "shop"}}
KEY_ID = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/5f6e7d8c-1111-2222-3333-444455556666"


def granting(principal: Any, action: str, condition: Document | None = None) -> Document:
    """Return a policy of one statement that allows an action on everything."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}


OWN = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
OTHER = {"AWS": f"arn:aws:iam::{FOREIGN_ACCOUNT}:root"}
NOT_UNDERSTOOD: Document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": 7, "Action": "x:y"}],
}
QUEUE = SqsQueue(
    id=f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders",
    name="orders",
    **WHERE,
    url=f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders",
    policy=granting(OWN, "sqs:*"),
    encryption_key=None,
    managed_encryption=True,
    dead_letter_queue=f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders-failed",
    retention_s=345600,
)
TOPIC = SnsTopic(
    id=f"arn:aws:sns:{REGION}:{ACCOUNT}:events",
    name="events",
    **WHERE,
    policy=granting({"AWS": "*"}, "SNS:Publish", {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}),
    encryption_key=KEY_ID,
    subscriptions=2,
)
SECRET = Secret(
    id=f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/database-AbCdEf",
    name="shop/database",
    **WHERE,
    policy=None,
    encryption_key=KEY_ID,
    rotation_enabled=True,
    rotation_days=30,
    last_rotated="2026-11-10T04:00:00+00:00",
    last_changed="2026-11-10T04:00:00+00:00",
    last_used="2026-11-24T00:00:00+00:00",
    owning_service=None,
)
REPOSITORY = EcrRepository(
    id=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/shop",
    name="shop",
    **WHERE,
    uri=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop",
    created="2025-01-10T09:00:00+00:00",
    policy=None,
    tag_mutability="IMMUTABLE",
    scan_on_push=True,
    encryption_type="KMS",
    encryption_key=KEY_ID,
    lifecycle_policy={"rules": [{"rulePriority": 1, "selection": {}, "action": {"type": "expire"}}]},
)
CLUSTER = EksCluster(
    id=f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/shop",
    name="shop",
    **WHERE,
    version="1.33",
    status="ACTIVE",
    endpoint=f"https://0123456789ABCDEF.gr7.{REGION}.eks.amazonaws.com",
    role=f"arn:aws:iam::{ACCOUNT}:role/shop-cluster",
    vpc=VPC_ID,
    subnets=(PRIVATE_SUBNET_ID,),
    security_groups=(SECURITY_GROUP.id,),
    public_endpoint=False,
    private_endpoint=True,
    public_ranges=(),
    logs=("api", "audit", "authenticator", "controllerManager", "scheduler"),
    secrets_key=KEY_ID,
    issuer=f"https://oidc.eks.{REGION}.amazonaws.com/id/0123456789ABCDEF",
    authentication_mode="API",
)
