"""An AWS estate in small: a web machine with a role, a bucket, a user; tests change what they are about."""

from poise.graph.build import build
from poise.graph.estate import Estate
from poise.model import replace
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT, S3_BUCKET
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_iam import IAM_INSTANCE_PROFILE, IAM_ROLE, IAM_USER
from poise.model.samples.aws_vpc import (
    ANYWHERE_V4,
    GATEWAY,
    PRIVATE_ROUTE_TABLE,
    PRIVATE_SUBNET,
    PUBLIC_ROUTE_TABLE,
    PUBLIC_SUBNET,
    VPC,
)
from poise.model.samples.aws_vpc_rules import OPEN_ACL, SECURITY_GROUP, rule

ALONE = replace(AWS_ACCOUNT, organization_id=None, management_account=None)
"""An account in no organization: no guardrail acts on it."""
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/web"
USER_ARN = f"arn:aws:iam::{ACCOUNT}:user/ci"


def allow(actions, resources="*", **more):
    """Return a policy of one statement."""
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def trust(principal, action="sts:AssumeRole", **condition):
    """Return a trust policy of one statement."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}


def role(name="web", policy=None, **changes):
    """Return a role with one inline policy and nothing else."""
    plain = {
        "id": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "name": name,
        "path": "/",
        "trust_policy": trust({"Service": "ec2.amazonaws.com"}),
        "inline_policies": {"own": policy} if policy else {},
        "attached_policies": (),
        "permissions_boundary": None,
        "instance_profiles": (),
    }
    return replace(IAM_ROLE, **_known(plain, changes))


def user(name="ci", policy=None, **changes):
    """Return a user with one inline policy and nothing else."""
    plain = {
        "id": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "name": name,
        "groups": (),
        "inline_policies": {"own": policy} if policy else {},
        "attached_policies": (),
        "permissions_boundary": None,
    }
    return replace(IAM_USER, **_known(plain, changes))


def bucket(name="pii", **changes):
    """Return a private bucket that S3 encrypts without KMS."""
    plain = {"id": f"arn:aws:s3:::{name}", "name": name, "policy": None, "replication": ()}
    plain |= {"encryption": "AES256", "encryption_key": None}
    return replace(S3_BUCKET, **_known(plain, changes))


def _known(plain, changes):
    gone = changes.get("unread", ())
    return {name: value for name, value in (plain | changes).items() if name not in gone}


GROUP = replace(
    SECURITY_GROUP,
    ingress=(rule(ports=(443, 443), v4=(ANYWHERE_V4,)),),
    egress=(rule("-1", None, (ANYWHERE_V4,)),),
)
CARD = replace(INTERFACE, security_groups=(GROUP.id,), instance=INSTANCE.id)
PROFILE = replace(IAM_INSTANCE_PROFILE, id=INSTANCE.profile, name="shop-front", role=ROLE_ARN)
NETWORK = (
    *(VPC, PUBLIC_SUBNET, PRIVATE_SUBNET, PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE, GATEWAY, OPEN_ACL),
    *(GROUP, CARD, INSTANCE),
)


def graph_of(*assets, **more):
    """Build the graph of some assets and the account that holds them."""
    return build(Estate((ALONE, *assets), **more))


def between(graph, source, target, kind=None):
    """Return the edges from one node to another."""
    return [one for one in graph.out(source) if one.target == target and kind in (None, one.kind)]
