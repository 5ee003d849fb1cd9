"""Buckets: policy, access list, ownership and each of the four flags in its own channel."""

import pytest

from poise.model.asset import replace
from poise.model.aws.s3 import AclGrant, PublicAccessBlock, S3Bucket
from poise.model.errors import NotCollected
from poise.policy.answer import Level
from poise.policy.aws.exposure import (
    access_point_exposure,
    bucket_exposure,
    denies_insecure_transport,
    exposure_of_bucket,
)

from .documents import FOREIGN, OURS, allow, deny, policy

FLAGS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
OPEN = policy(allow(action="s3:GetObject", resource="arn:aws:s3:::b/*"))
EVERYONE = (AclGrant(grantee="http://acs.amazonaws.com/groups/global/AllUsers", permission="READ"),)
OWNER = (AclGrant(grantee="79a59df9", permission="FULL_CONTROL"),)


def block(*flags):
    return PublicAccessBlock(**{flag: flag in flags for flag in FLAGS})


def unread():
    raise NotCollected("public_access_block", "access denied")


def level(document=None, acl=OWNER, own=None, account=None, ownership=None):
    return bucket_exposure(document, acl, own, account, ownership, OURS).level


def test_a_bucket_with_nothing_is_private():
    assert level() is Level.PRIVATE


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("place", ["own", "account"])
def test_only_restrict_shuts_a_public_policy(flag, place):
    expected = Level.PRIVATE if flag == "restrict_public_buckets" else Level.PUBLIC
    assert level(OPEN, **{place: block(flag)}) is expected


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize("place", ["own", "account"])
def test_only_ignore_shuts_a_public_access_list(flag, place):
    expected = Level.PRIVATE if flag == "ignore_public_acls" else Level.PUBLIC
    assert level(acl=EVERYONE, **{place: block(flag)}) is expected


def test_flags_of_account_and_bucket_add_up():
    assert level(OPEN, EVERYONE, block("ignore_public_acls"), block("restrict_public_buckets")) is Level.PRIVATE
    assert level(OPEN, EVERYONE, block("ignore_public_acls"), block()) is Level.PUBLIC


def test_owner_enforced_switches_access_lists_off():
    assert level(acl=EVERYONE, ownership="BucketOwnerEnforced") is Level.PRIVATE
    assert level(acl=EVERYONE, ownership="BucketOwnerPreferred") is Level.PUBLIC
    assert level(acl=EVERYONE, ownership=None) is Level.PUBLIC


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("http://acs.amazonaws.com/groups/global/AllUsers", Level.PUBLIC),
        ("http://acs.amazonaws.com/groups/global/AuthenticatedUsers", Level.PUBLIC),
        ("http://acs.amazonaws.com/groups/s3/LogDelivery", Level.PRIVATE),
    ],
)
@pytest.mark.parametrize("permission", ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"])
def test_any_permission_of_a_global_group_is_public(group, permission, expected):
    assert level(acl=(AclGrant(grantee=group, permission=permission),)) is expected


def test_restrict_shuts_out_other_accounts_only_if_the_policy_is_public():
    foreign = allow({"AWS": FOREIGN}, "s3:GetObject")
    assert level(policy(foreign), own=block(*FLAGS)) is Level.RESTRICTED
    public = allow(action="s3:ListBucket")
    assert level(policy(foreign, public), own=block(*FLAGS)) is Level.PRIVATE


def test_what_s3_calls_fixed_is_not_shut_by_restrict():
    fixed = allow(action="s3:*", condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    assert level(policy(fixed), own=block(*FLAGS)) is Level.RESTRICTED
    broad = allow(action="s3:*", condition={"IpAddress": {"aws:SourceIp": "16.0.0.0/4"}})
    assert level(policy(broad)) is Level.PUBLIC
    assert level(policy(broad), own=block(*FLAGS)) is Level.PRIVATE


def test_a_denied_public_policy_is_private():
    assert level(policy(allow(action="s3:*"), deny(action="s3:*"))) is Level.PRIVATE


def test_a_complete_block_of_the_bucket_needs_no_account():
    assert level(OPEN, EVERYONE, block(*FLAGS), unread) is Level.PRIVATE


def test_nothing_public_needs_no_block_at_all():
    assert level(own=unread, account=unread) is Level.PRIVATE


def test_an_unread_block_makes_a_public_policy_unconfirmed():
    found = bucket_exposure(OPEN, OWNER, None, unread, None, OURS)
    assert found.level is Level.UNKNOWN
    assert "access denied" in found.because[0].text
    assert any("anyone" in reason.text for reason in found.because)
    assert level(OPEN, own=unread, account=None) is Level.UNKNOWN
    assert level(OPEN, own=unread, account=block(*FLAGS)) is Level.PRIVATE


def test_a_sure_public_channel_outweighs_an_unread_one():
    assert bucket_exposure(OPEN, unread, None, None, unread, OURS).level is Level.PUBLIC
    assert bucket_exposure(unread, EVERYONE, None, None, None, OURS).level is Level.PUBLIC


def test_an_unread_policy_or_list_is_unknown():
    assert level(unread) is Level.UNKNOWN
    assert level(unread, own=block("block_public_policy", "ignore_public_acls")) is Level.UNKNOWN
    assert level(acl=unread) is Level.UNKNOWN
    assert level(acl=unread, own=block("ignore_public_acls")) is Level.PRIVATE
    assert level(acl=unread, ownership="BucketOwnerEnforced") is Level.PRIVATE
    assert level(acl=EVERYONE, ownership=unread) is Level.UNKNOWN
    assert level(acl=OWNER, ownership=unread) is Level.PRIVATE


@pytest.mark.parametrize("place", ["own", "account"])
def test_an_unread_policy_is_not_public_under_restrict(place):
    assert level(unread, **{place: block("restrict_public_buckets")}) is Level.RESTRICTED
    assert level(unread, EVERYONE, **{place: block("restrict_public_buckets")}) is Level.PUBLIC


class Account:
    """Stands for an account record."""

    def __init__(self, flags):
        self.public_access_block = flags


def bucket(**facts):
    known = {
        "policy": None,
        "acl": OWNER,
        "public_access_block": None,
        "object_ownership": None,
    } | facts
    gaps = dict.fromkeys((f for f in (*S3Bucket.FACTS, "tags") if f not in known), "not in this test")
    return S3Bucket(id="arn:aws:s3:::b", name="b", scope=OURS, region="eu-west-1", unread=gaps, **known)


def test_a_record_is_judged_with_its_account():
    assert exposure_of_bucket(bucket(policy=OPEN), Account(None)).level is Level.PUBLIC
    assert exposure_of_bucket(bucket(policy=OPEN), Account(block(*FLAGS))).level is Level.PRIVATE
    assert exposure_of_bucket(bucket(policy=OPEN), None).level is Level.UNKNOWN
    assert exposure_of_bucket(bucket(policy=OPEN), unread).level is Level.UNKNOWN
    assert exposure_of_bucket(bucket(), unread).level is Level.PRIVATE


def test_an_unread_field_of_a_record_is_unknown_only_if_it_matters():
    gone = replace(bucket(policy=OPEN), unread={"public_access_block": "denied"})
    assert exposure_of_bucket(gone, Account(None)).level is Level.UNKNOWN
    assert exposure_of_bucket(gone, Account(block(*FLAGS))).level is Level.PRIVATE


HTTP = {"Bool": {"aws:SecureTransport": "false"}}
BOTH = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (deny(action="s3:*", resource=BOTH, condition=HTTP), True),
        (deny({"AWS": "*"}, action="*", resource=BOTH, condition=HTTP), True),
        (
            deny(action="s3:*", resource="*", condition={"BoolIfExists": {"aws:SecureTransport": [False]}}),
            True,
        ),
        (deny(action="s3:*", resource="arn:aws:s3:::b*", condition=HTTP), True),
        (deny(action="s3:*", resource=BOTH[0], condition=HTTP), False),
        (deny(action="s3:*", resource=[BOTH[0], "arn:aws:s3:::b/private/*"], condition=HTTP), False),
        (deny(action="s3:*", resource=None, condition=HTTP, NotResource="arn:aws:s3:::b/public/*"), False),
        (deny(action="s3:*", resource=BOTH[1], condition=HTTP), False),
        (deny(action="s3:GetObject", resource=BOTH, condition=HTTP), False),
        (deny({"AWS": OURS}, action="s3:*", resource=BOTH, condition=HTTP), False),
        (deny(action="s3:*", resource=BOTH, condition={"Bool": {"aws:SecureTransport": "true"}}), False),
        (
            deny(action="s3:*", resource=BOTH, condition=HTTP | {"StringEquals": {"aws:SourceVpc": "v"}}),
            False,
        ),
        (allow(action="s3:*", resource=BOTH, condition={"Bool": {"aws:SecureTransport": "true"}}), False),
    ],
)
def test_insecure_transport_is_denied_for_all_on_bucket_and_objects(statement, expected):
    assert denies_insecure_transport(policy(statement)) is expected


def test_two_statements_may_share_the_denial_of_insecure_transport():
    parts = [deny(action="s3:*", resource=r, condition=HTTP) for r in BOTH]
    assert denies_insecure_transport(policy(*parts))
    assert not denies_insecure_transport(None)


def point(document=OPEN, origin="Internet", own=None, account=None):
    return access_point_exposure(document, origin, own, account, OURS).level


def test_an_access_point_is_as_open_as_its_policy_origin_and_flags():
    assert point() is Level.PUBLIC
    assert point(None) is Level.PRIVATE
    assert point(origin="VPC") is Level.RESTRICTED
    assert point(own=block("restrict_public_buckets")) is Level.PRIVATE
    assert point(account=block("restrict_public_buckets")) is Level.PRIVATE
    assert point(own=block("block_public_policy", "ignore_public_acls")) is Level.PUBLIC
    assert point(account=unread) is Level.UNKNOWN
    assert point(origin=unread) is Level.UNKNOWN
    assert point(document=unread) is Level.UNKNOWN
    assert point(None, origin=unread, account=unread) is Level.PRIVATE


def test_naming_access_points_pins_down_a_bucket_policy_but_not_that_of_a_point():
    points = f"arn:aws:s3:eu-west-1:{FOREIGN}:accesspoint/*"
    through = policy(allow(action="s3:*", condition={"StringLike": {"s3:DataAccessPointArn": points}}))
    assert level(through, own=block(*FLAGS)) is Level.RESTRICTED
    assert point(through, own=block(*FLAGS)) is Level.PRIVATE
