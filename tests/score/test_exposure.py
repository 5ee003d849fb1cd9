"""Exposure by kind: what is asked of `policy/`, and that what cannot be said is unknown."""

import pytest

from poise.model import replace
from poise.model.aws.awslambda import FunctionUrl
from poise.model.azure.sql import FirewallRule
from poise.model.inventory import ListInventory
from poise.model.samples.aws import AWS_ACCOUNT, FOREIGN_ACCOUNT, S3_BUCKET
from poise.model.samples.aws_ec2 import IMAGE, INSTANCE, SNAPSHOT
from poise.model.samples.aws_iam import IAM_ROLE, IAM_USER
from poise.model.samples.aws_kms import KMS_KEY
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION
from poise.model.samples.aws_rds import RDS_CLUSTER, RDS_SNAPSHOT
from poise.model.samples.azure_keyvault import KEY_VAULT
from poise.model.samples.azure_sql import LAST, SQL_SERVER, ZERO
from poise.model.samples.azure_storage import CLOSED_RULES, OPEN_RULES, STORAGE_ACCOUNT
from poise.policy.exposures import BY_POLICY, ON_NETWORK
from poise.score.exposure import exposure_of
from poise.score.risk import Width

ANYONE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
TRUST_ANYONE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
URL = FunctionUrl(url="https://abc123.lambda-url.eu-west-1.on.aws/", auth_type="NONE", cors_origins=())
EVERY_ADDRESS = (FirewallRule(name="all", start=ZERO, end=LAST),)


@pytest.mark.parametrize(
    ("asset", "width"),
    [
        (replace(S3_BUCKET, unread={"policy": "AccessDenied"}, public_access_block=None), Width.NARROW),
        (replace(RDS_SNAPSHOT, restorable_by=("all",)), Width.WIDE),
        (replace(RDS_SNAPSHOT, restorable_by=(FOREIGN_ACCOUNT,)), Width.NARROW),
        (replace(RDS_SNAPSHOT, restorable_by=()), Width.NONE),
        (replace(RDS_SNAPSHOT, unread={"restorable_by": "AccessDenied"}), Width.UNKNOWN),
        (replace(RDS_CLUSTER, publicly_accessible=True), Width.WIDE),
        (replace(RDS_CLUSTER, publicly_accessible=None), Width.NONE),
        (replace(SNAPSHOT, shared_with_groups=("all",)), Width.WIDE),
        (replace(SNAPSHOT, shared_with_groups=(), shared_with_accounts=(FOREIGN_ACCOUNT,)), Width.NARROW),
        (replace(IMAGE, public=True), Width.WIDE),
        (replace(KMS_KEY, policy=ANYONE), Width.WIDE),
        (replace(IAM_ROLE, trust_policy=TRUST_ANYONE), Width.WIDE),
        (replace(LAMBDA_FUNCTION, policy=ANYONE, url=URL), Width.WIDE),
        (replace(LAMBDA_FUNCTION, policy=None, url=None, alias_urls=()), Width.NONE),
        (replace(LAMBDA_FUNCTION, policy=ANYONE, unread={"alias_urls": "AccessDenied"}), Width.WIDE),
        (replace(LAMBDA_FUNCTION, policy=None, unread={"alias_urls": "AccessDenied"}), Width.UNKNOWN),
        (replace(STORAGE_ACCOUNT, public_network_access="Enabled", network_rules=OPEN_RULES), Width.WIDE),
        (replace(STORAGE_ACCOUNT, public_network_access="Disabled", network_rules=OPEN_RULES), Width.NONE),
        (replace(KEY_VAULT, public_network_access="Enabled", network_rules=CLOSED_RULES), Width.NARROW),
        (replace(KEY_VAULT, public_network_access="SecuredByPerimeter"), Width.UNKNOWN),
        (replace(SQL_SERVER, public_network_access="Enabled", firewall_rules=EVERY_ADDRESS), Width.WIDE),
    ],
)
def test_an_asset_is_reached_as_its_policies_say(asset, width):
    found = exposure_of(asset, ListInventory((AWS_ACCOUNT,)))

    assert found.width is width
    assert found.because.startswith("unknown: ") is (width is Width.UNKNOWN)


def test_a_machine_whose_neighbours_were_not_read_is_unknown_with_the_reason():
    found = exposure_of(INSTANCE, ListInventory((), {("AWS::EC2::NetworkInterface", INSTANCE.scope): "AccessDenied"}))

    assert found.width is Width.UNKNOWN
    assert "AccessDenied" in found.because


def test_a_kind_that_nobody_reaches_has_no_exposure():
    assert exposure_of(IAM_USER, ListInventory()) is None


def test_every_kind_is_asked_without_a_fault_when_nothing_was_read():
    for kind in (*BY_POLICY, *ON_NETWORK):
        gaps = dict.fromkeys(("tags", *kind.FACTS), "AccessDenied")
        asset = kind(id="arn:aws:x:::y", name="y", scope="1", region="r", unread=gaps)
        assert exposure_of(asset, ListInventory()).width is Width.UNKNOWN
