"""Resource policies and public access of S3: what users of other tools reported as wrong, each with its siblings."""

import pytest
from msgspec import structs

from poise.model import replace
from poise.model.aws.s3 import AclGrant
from poise.model.samples.aws import AWS_ACCOUNT, BLOCK_ALL, BLOCK_NONE, S3_BUCKET
from poise.model.samples.aws_iam import IAM_ROLE
from poise.model.samples.aws_kms import KMS_KEY
from poise.policy.answer import Audience, Level
from poise.policy.aws.exposure import exposure_of_bucket, resource_policy_exposure, trust_exposure
from tests.policy.aws.documents import FOREIGN, OURS, allow, deny, policy

from .asking import state, verdict

EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
OPEN_ACL = (AclGrant(grantee=EVERYBODY, permission="READ"),)
BUCKET = replace(S3_BUCKET, policy=None, public_access_block=None)
NO_BLOCK = replace(AWS_ACCOUNT, public_access_block=None)
PUBLIC = policy(allow(action="s3:GetObject", resource="arn:aws:s3:::reports/*"))
FLAGS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")


def only(*flags):
    return structs.replace(BLOCK_NONE, **dict.fromkeys(flags, True))


def level(document, **more):
    return resource_policy_exposure(document, OURS, **more).level


def given(condition, action="sqs:SendMessage"):
    return policy(allow(action=action, condition=condition))


@pytest.mark.parametrize(
    ("account", "bucket", "expected"),
    [
        (BLOCK_ALL, None, "healthy"),
        (None, BLOCK_ALL, "healthy"),
        (only(*FLAGS[:2]), only(*FLAGS[2:]), "healthy"),
        (only(*FLAGS[:2]), only(*FLAGS[1:3]), "unhealthy"),
        (None, None, "unhealthy"),
    ],
)
def test_a01_blocks_of_account_and_bucket_add_up(account, bucket, expected):
    asset = replace(BUCKET, public_access_block=bucket)
    assert state("aws.s3.public_access_block_off", asset, replace(AWS_ACCOUNT, public_access_block=account)) == expected


@pytest.mark.parametrize(
    ("flags", "has_acl", "has_policy", "expected"),
    [
        (("ignore_public_acls",), True, False, "healthy"),
        (("restrict_public_buckets",), True, False, "unhealthy"),
        (("block_public_acls",), True, False, "unhealthy"),
        (("ignore_public_acls",), False, True, "unhealthy"),
        (("restrict_public_buckets",), False, True, "healthy"),
        (("block_public_policy",), False, True, "unhealthy"),
        (("ignore_public_acls",), True, True, "unhealthy"),
        (("ignore_public_acls", "restrict_public_buckets"), True, True, "healthy"),
    ],
)
def test_a03_each_flag_shuts_its_own_channel(flags, has_acl, has_policy, expected):
    changes = {"acl": OPEN_ACL, "object_ownership": None} if has_acl else {}
    asset = replace(BUCKET, policy=PUBLIC if has_policy else None, public_access_block=only(*flags), **changes)
    assert state("aws.s3.open_to_everyone", asset, NO_BLOCK) == expected


def test_a04_an_account_block_that_was_not_read_leaves_it_unconfirmed():
    asset = replace(BUCKET, policy=PUBLIC)
    denied = replace(AWS_ACCOUNT, unread={"public_access_block": "AccessDenied"})
    found, reason = verdict("aws.s3.open_to_everyone", asset, denied)
    assert (found, "AccessDenied" in reason) == ("unknown", True)
    shut = replace(asset, public_access_block=BLOCK_ALL)
    assert state("aws.s3.open_to_everyone", shut, denied) == "healthy"
    assert state("aws.s3.open_to_everyone", BUCKET, denied) == "healthy"


@pytest.mark.parametrize("key", ["aws:SourceVpc", "aws:SourceVpce"])
@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("StringEquals", "vpc-1", Level.RESTRICTED),
        ("StringLike", "vpc-*", Level.PUBLIC),
        ("StringNotEquals", "vpc-1", Level.PUBLIC),
        ("StringEqualsIfExists", "vpc-1", Level.PUBLIC),
    ],
)
def test_a06_a_condition_on_the_network_narrows_everybody(key, operator, value, expected):
    assert level(given({operator: {key: value}}, "s3:*")) is expected


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["*"]}, {"AWS": [f"arn:aws:iam::{OURS}:root", "*"]}])
def test_a07_every_spelling_of_everybody_is_everybody(principal):
    assert level(policy(allow(principal, "s3:*"))) is Level.PUBLIC
    assert level(policy(allow({"AWS": f"arn:aws:iam::{OURS}:root"}, "s3:*"))) is Level.PRIVATE


def test_a09_a_public_site_is_reported_as_a_site_and_weighs_less():
    site = replace(BUCKET, policy=PUBLIC, website=True)
    found, reason = verdict("aws.s3.open_to_everyone", site, NO_BLOCK)
    assert (found, "static site" in reason) == ("unhealthy", True)
    assert "static site" not in verdict("aws.s3.open_to_everyone", replace(site, website=False), NO_BLOCK)[1]
    assert state("aws.s3.public_website", site, NO_BLOCK) == "unhealthy"
    assert state("aws.s3.public_website", replace(site, policy=None), NO_BLOCK) == "healthy"


def test_a10_of_two_buckets_only_the_one_with_the_public_document_is_open():
    other = replace(BUCKET, id="arn:aws:s3:::notes", name="notes", policy=PUBLIC)
    assert state("aws.s3.open_to_everyone", BUCKET, other, NO_BLOCK) == "healthy"
    assert state("aws.s3.open_to_everyone", other, BUCKET, NO_BLOCK) == "unhealthy"


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("StringLike", "*", "unhealthy"),
        ("StringLike", OURS, "healthy"),
        ("StringEquals", OURS, "healthy"),
        ("StringEquals", "*", "healthy"),
    ],
)
def test_a12_a_condition_that_admits_everything_narrows_nothing(operator, value, expected):
    document = policy(allow(action="kms:*", condition={operator: {"kms:CallerAccount": value}}))
    assert state("aws.kms.policy_open_to_everyone", replace(KMS_KEY, policy=document)) == expected


@pytest.mark.parametrize("action", ["kms:DescribeKey", "kms:Decrypt", "kms:List*", ["kms:GetKeyPolicy"]])
def test_a13_an_open_key_is_open_whatever_the_action(action):
    assert (
        state("aws.kms.policy_open_to_everyone", replace(KMS_KEY, policy=policy(allow(action=action)))) == "unhealthy"
    )


def test_a15_only_the_statement_that_opens_is_reported():
    wild = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/build"}}
    bound = wild | {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    found = resource_policy_exposure(
        policy(allow(action="s3:*", condition=bound), allow(action="s3:*", condition=wild)),
        OURS,
        trusted=frozenset({"o-1"}),
    )
    assert [reason.statement for reason in found.because] == [1]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("o-1/*", Level.PRIVATE),
        ("o-1/r-ab12/ou-ab12-x/*", Level.PRIVATE),
        ("o-2/*", Level.RESTRICTED),
        ("*", Level.PUBLIC),
    ],
)
def test_a16_paths_of_an_organization_confine_to_it(value, expected):
    document = given({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": value}})
    found = level(document, trusted=frozenset({"o-1"}))
    assert found is expected if expected is Level.PUBLIC else found is not Level.PUBLIC


@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike", "StringEquals", "StringLike"])
def test_a18_a_source_of_ours_confines(operator):
    document = given({operator: {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{OURS}:t"}})
    assert level(document) is Level.PRIVATE
    assert level(given({operator: {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{FOREIGN}:t"}})) is Level.RESTRICTED


@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike", "StringLike"])
def test_a19_a_bucket_as_source_is_one_owner_though_it_names_no_account(operator):
    assert level(given({operator: {"aws:SourceArn": "arn:aws:s3:::photos"}})) is not Level.PUBLIC
    assert level(given({operator: {"aws:SourceArn": "arn:aws:s3:::*"}})) is Level.PUBLIC


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("arn:aws:sns:*:*:*", True),
        ("arn:aws:sns:eu-west-1:*:orders", True),
        ("arn:aws:*:*:*:*", True),
        (f"arn:aws:sns:*:{OURS}:*", False),
    ],
)
def test_a21_a_source_of_any_account_is_anybodys(value, expected):
    assert (level(given({"ArnLike": {"aws:SourceArn": value}})) is Level.PUBLIC) is expected


@pytest.mark.parametrize("key", ["AWS:SourceOwner", "aws:sourceowner", "aws:SourceAccount"])
def test_a22_the_default_policy_of_a_topic_is_its_owners(key):
    assert level(given({"StringEquals": {key: OURS}}, "SNS:Publish")) is Level.PRIVATE
    assert level(given({"StringEquals": {key: FOREIGN}}, "SNS:Publish")) is not Level.PUBLIC


@pytest.mark.parametrize("key", ["aws:SourceVpce", "aws:SourceVpc", "aws:PrincipalOrgID", "aws:SourceArn"])
def test_a24_a_condition_that_holds_without_its_key_narrows_nothing(key):
    assert level(given({"StringEqualsIfExists": {key: "o-1"}})) is Level.PUBLIC
    assert level(given({"StringEquals": {key: "o-1"}})) is not Level.PUBLIC


@pytest.mark.parametrize("key", ["aws:PrincipalArn", "aws:SourceArn", "aws:PrincipalOrgID", "aws:SourceAccount"])
@pytest.mark.parametrize("operator", ["StringLike", "ForAnyValue:StringLike"])
def test_a25_a_wildcard_as_value_narrows_nothing(key, operator):
    assert level(given({operator: {key: "*"}})) is Level.PUBLIC


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (deny(action="s3:*"), Level.PRIVATE),
        (deny({"AWS": "*"}, "*"), Level.PRIVATE),
        (deny(action="s3:PutObject"), Level.PUBLIC),
        (deny(action="s3:*", condition={"Bool": {"aws:SecureTransport": "false"}}), Level.PUBLIC),
        (deny({"AWS": FOREIGN}, "s3:*"), Level.PUBLIC),
    ],
)
def test_a27_a_deny_without_condition_takes_the_grant_away(statement, expected):
    assert level(policy(allow(action="s3:*"), statement)) is expected


@pytest.mark.parametrize("action", ["S3:PUTOBJECT", "s3:putobject", "s3:Put*", "S3:*"])
def test_a28_actions_are_without_case(action):
    assert level(policy(allow(action=action))) is Level.PUBLIC
    bucket = replace(BUCKET, policy=policy(allow(action=action, resource="arn:aws:s3:::reports/*")))
    assert state("aws.s3.open_to_everyone", bucket, NO_BLOCK) == "unhealthy"


def test_a30_a_plain_deny_opens_nothing_and_an_inverted_one_denies_the_others():
    assert level(policy(deny(action="s3:*"))) is Level.PRIVATE
    inverted = deny(None, "s3:*", NotPrincipal={"AWS": f"arn:aws:iam::{OURS}:root"})
    assert level(policy(inverted)) is Level.PRIVATE
    assert level(policy(allow(action="s3:*"), inverted)) is Level.PRIVATE
    spared = deny(None, "s3:*", NotPrincipal="*")
    assert level(policy(allow(action="s3:*"), spared)) is Level.PUBLIC


@pytest.mark.parametrize(
    "statement",
    [
        deny(action="kms:*"),
        deny(action="s3:DeleteObject", condition={"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OURS}:role/a"}}),
        deny({"AWS": "*"}, "*"),
    ],
)
def test_a31_a_deny_for_everybody_is_no_grant(statement):
    assert level(policy(statement)) is Level.PRIVATE
    assert state("aws.kms.policy_open_to_everyone", replace(KMS_KEY, policy=policy(statement))) == "healthy"


def test_a33_a_trust_for_named_roles_is_not_for_everybody():
    roles = [f"arn:aws:iam::{FOREIGN}:role/a", f"arn:aws:iam::{FOREIGN}:role/b"]

    def trust(values):
        return policy(allow({"AWS": "*"}, "sts:AssumeRole", None, {"StringLike": {"aws:PrincipalArn": values}}))

    assert not trust_exposure(trust(roles), OURS).is_public
    assert trust_exposure(trust([*roles, "*"]), OURS).is_public
    role = replace(IAM_ROLE, trust_policy=trust(roles))
    assert state("aws.iam.role_assumable_by_anyone", role) == "healthy"
    assert trust_exposure(trust(roles), OURS).of(Audience.ANYONE) == ()


def test_exposure_of_a_bucket_says_which_account_flag_was_missing():
    asset = replace(BUCKET, policy=PUBLIC)
    assert exposure_of_bucket(asset, None).level is Level.UNKNOWN
