"""How far any kind of asset is open: every collected kind has a judge or a reason why not, and gaps are unknown."""

import pytest

from poise.model import replace
from poise.model.inventory import ListInventory
from poise.model.kinds import by_kind
from poise.model.samples.aws import AWS_ACCOUNT, BLOCK_NONE, FOREIGN_ACCOUNT, S3_BUCKET
from poise.model.samples.aws_ec2 import IMAGE, SNAPSHOT
from poise.model.samples.aws_iam import IAM_USER
from poise.model.samples.aws_kms import KMS_KEY
from poise.model.samples.aws_rds import RDS_SNAPSHOT
from poise.model.samples.aws_sharing import CLUSTER, OTHER, QUEUE, REPOSITORY, SECRET, TOPIC, granting
from poise.model.samples.azure_gateways import APPLICATION_GATEWAY, AZURE_FIREWALL, LOAD_BALANCER
from poise.policy.answer import Level
from poise.policy.exposures import BY_POLICY, NOT_EXPOSED, ON_NETWORK, channels, exposure_of, is_exposable

CLOUDS = ("aws", "azure", "gcp", "kubernetes")


def level(asset, *others):
    return exposure_of(asset, ListInventory((asset, *others))).level


@pytest.mark.parametrize("kind", [k for k in by_kind().values() if k.PROVIDER in CLOUDS], ids=lambda kind: kind.KIND)
def test_every_kind_is_judged_or_has_a_reason_why_not(kind):
    is_judged = kind in BY_POLICY or kind in ON_NETWORK

    assert is_judged is is_exposable(kind)
    assert is_judged is not (kind in NOT_EXPOSED)
    assert is_judged or len(NOT_EXPOSED[kind]) > len("because")


@pytest.mark.parametrize("kind", [*BY_POLICY, *ON_NETWORK], ids=lambda kind: kind.KIND)
def test_a_kind_of_which_nothing_was_read_is_unknown(kind):
    gaps = dict.fromkeys(("tags", *kind.FACTS), "AccessDenied")
    asset = kind(id="arn:aws:x:::y", name="y", scope="1", region="r", unread=gaps)

    found = exposure_of(asset, ListInventory())

    assert found.level is Level.UNKNOWN
    assert "AccessDenied" in found.because[0].text


@pytest.mark.parametrize(
    ("asset", "action"),
    [
        (QUEUE, "sqs:SendMessage"),
        (TOPIC, "SNS:Publish"),
        (SECRET, "secretsmanager:GetSecretValue"),
        (REPOSITORY, "ecr:BatchGetImage"),
    ],
)
def test_kinds_with_a_resource_policy_are_as_open_as_it_says(asset, action):
    assert level(asset) is Level.PRIVATE
    assert level(replace(asset, policy=None)) is Level.PRIVATE
    assert level(replace(asset, policy=granting("*", action))) is Level.PUBLIC
    shared = exposure_of(replace(asset, policy=granting(OTHER, action)), ListInventory())
    assert (shared.level, shared.accounts) == (Level.RESTRICTED, (FOREIGN_ACCOUNT,))
    assert level(replace(asset, unread={"policy": "AccessDenied"})) is Level.UNKNOWN


@pytest.mark.parametrize(
    ("asset", "expected"),
    [
        (replace(SNAPSHOT, shared_with_groups=("all",)), Level.PUBLIC),
        (replace(SNAPSHOT, shared_with_groups=(), shared_with_accounts=(FOREIGN_ACCOUNT,)), Level.RESTRICTED),
        (replace(RDS_SNAPSHOT, restorable_by=("all",)), Level.PUBLIC),
        (replace(IMAGE, public=True), Level.PUBLIC),
        (CLUSTER, Level.PRIVATE),
        (replace(CLUSTER, public_endpoint=True, public_ranges=("0.0.0.0/1", "128.0.0.0/1")), Level.PUBLIC),
        (replace(CLUSTER, public_endpoint=True, public_ranges=("203.0.113.0/24",)), Level.RESTRICTED),
        (replace(CLUSTER, public_endpoint=True, public_ranges=("here",)), Level.UNKNOWN),
        (APPLICATION_GATEWAY, Level.PUBLIC),
        (replace(APPLICATION_GATEWAY, routes=()), Level.PRIVATE),
        (LOAD_BALANCER, Level.PUBLIC),
        (replace(LOAD_BALANCER, front_ends=()), Level.PRIVATE),
        (AZURE_FIREWALL, Level.RESTRICTED),
    ],
)
def test_an_asset_is_as_open_as_its_widest_way(asset, expected):
    assert level(asset) is expected


def test_an_open_way_outweighs_one_that_was_not_read():
    key = replace(KMS_KEY, policy=granting("*", "kms:Decrypt"), unread={"grants": "AccessDenied"})

    assert [one.exposure.level for one in channels(key, ListInventory())] == [Level.PUBLIC, Level.UNKNOWN]
    assert level(key) is Level.PUBLIC
    assert level(replace(key, policy=None)) is Level.UNKNOWN


def test_a_bucket_asks_the_account_for_its_block():
    public = replace(S3_BUCKET, policy=granting("*", "s3:GetObject"), public_access_block=BLOCK_NONE)

    assert level(public, replace(AWS_ACCOUNT, public_access_block=None)) is Level.PUBLIC
    assert level(public, AWS_ACCOUNT) is not Level.PUBLIC
    assert level(public) is Level.UNKNOWN


def test_what_nobody_reaches_has_no_exposure():
    assert exposure_of(IAM_USER, ListInventory()) is None
