"""Resource policies: who outside gets in. Names of cases say what users of other tools met as wrong."""

import pytest

from poise.policy.answer import Audience, Level
from poise.policy.aws.exposure import resource_policy_exposure

from .documents import FOREIGN, OURS, allow, deny, policy

PUBLIC, RESTRICTED, PRIVATE, UNKNOWN = Level.PUBLIC, Level.RESTRICTED, Level.PRIVATE, Level.UNKNOWN


def level(*statements, **more):
    return resource_policy_exposure(policy(*statements), OURS, **more).level


def test_no_policy_is_private():
    assert resource_policy_exposure(None, OURS).level is PRIVATE


@pytest.mark.parametrize("principal", ["*", ["*"], {"AWS": "*"}, {"AWS": ["*"]}, {"AWS": [FOREIGN, "*"]}])
@pytest.mark.parametrize("action", ["kms:DescribeKey", "s3:*", "S3:PUTOBJECT", "*", "sns:P?blish"])
def test_anyone_is_public_in_every_spelling_and_for_every_action(principal, action):
    found = resource_policy_exposure(policy(allow(principal, action)), OURS)
    assert found.is_public
    assert found.actions == (action,)
    assert found.because[0].statement == 0


NARROWING = [
    ("StringEquals", "aws:SourceVpc", "vpc-1", RESTRICTED),
    ("StringEquals", "aws:SourceVpce", "vpce-1", RESTRICTED),
    ("StringEquals", "aws:SourceAccount", OURS, PRIVATE),
    ("StringEquals", "aws:SourceAccount", FOREIGN, RESTRICTED),
    ("StringEquals", "AWS:SourceOwner", OURS, PRIVATE),
    ("StringEquals", "kms:CallerAccount", OURS, PRIVATE),
    ("StringEquals", "aws:PrincipalAccount", [OURS], PRIVATE),
    ("StringEquals", "aws:PrincipalOrgID", "o-1", RESTRICTED),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/*", RESTRICTED),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/r-1/ou-*", RESTRICTED),
    ("ArnEquals", "aws:SourceArn", f"arn:aws:sns:eu-west-1:{OURS}:t", PRIVATE),
    ("ArnLike", "aws:SourceArn", f"arn:aws:sns:*:{OURS}:*", PRIVATE),
    ("ArnLike", "aws:SourceArn", f"arn:aws:*:*:{FOREIGN}:*", RESTRICTED),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::our-bucket", RESTRICTED),
    ("StringLike", "aws:SourceArn", "arn:aws:s3:::our-bucket/*", RESTRICTED),
    (
        "StringLike",
        "aws:PrincipalArn",
        [f"arn:aws:iam::{OURS}:role/a", f"arn:aws:iam::{OURS}:role/b"],
        PRIVATE,
    ),
    ("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{OURS}:role/*", PRIVATE),
    ("IpAddress", "aws:SourceIp", "198.51.100.0/24", RESTRICTED),
    ("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "8.8.8.8"], RESTRICTED),
    ("StringLike", "aws:userid", "AROAEXAMPLEID:*", RESTRICTED),
    ("StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}", PRIVATE),
    ("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}", RESTRICTED),
    ("Bool", "aws:PrincipalIsAWSService", "true", RESTRICTED),
    ("StringEquals", "aws:PrincipalServiceName", "cloudtrail.amazonaws.com", RESTRICTED),
]
WIDE = [
    ("StringLike", "kms:CallerAccount", "*"),
    ("StringLike", "aws:PrincipalArn", "*"),
    ("StringLike", "aws:SourceArn", "*"),
    ("StringLike", "aws:SourceAccount", "*"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/Admin"),
    ("ArnLike", "aws:SourceArn", "*"),
    ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:*"),
    ("StringLike", "aws:SourceArn", "arn:aws:s3:::our-*"),
    ("StringLike", "aws:SourceArn", f"arn:aws:*:{OURS}:*"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "*"),
    ("StringLike", "aws:PrincipalOrgID", "o-*"),
    ("StringLike", "aws:SourceVpc", "vpc-*"),
    ("StringEqualsIfExists", "aws:SourceVpce", "vpce-1"),
    ("IpAddressIfExists", "aws:SourceIp", "198.51.100.0/24"),
    ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1"),
    ("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-1"),
    ("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-1/*"),
    ("StringNotEquals", "aws:SourceVpc", "vpc-1"),
    ("StringNotEquals", "aws:PrincipalOrgID", "o-1"),
    ("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{OURS}:role/x"),
    ("NotIpAddress", "aws:SourceIp", "198.51.100.0/24"),
    ("Null", "aws:PrincipalOrgID", "false"),
    ("Null", "aws:SourceVpce", "true"),
    ("IpAddress", "aws:SourceIp", "0.0.0.0/0"),
    ("IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"]),
    ("IpAddress", "aws:SourceIp", "::/0"),
    ("Bool", "aws:SecureTransport", "true"),
    ("Bool", "aws:PrincipalIsAWSService", "false"),
    ("StringEquals", "aws:UserAgent", "secret"),
    ("StringLike", "aws:Referer", "https://example.com/*"),
    ("StringEquals", "aws:PrincipalTag/team", "red"),
    ("StringEquals", "aws:username", "admin"),
    ("StringEquals", "aws:SourceAccount", "${aws:PrincipalAccount}"),
    ("StringEquals", "s3:x-amz-acl", "private"),
    ("NumericLessThan", "s3:max-keys", "10"),
    ("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com"),
    ("StringEquals", "sts:ExternalId", "12345"),
]


@pytest.mark.parametrize(("operator", "key", "value", "expected"), NARROWING)
def test_a_condition_on_one_owner_narrows(operator, key, value, expected):
    assert level(allow(condition={operator: {key: value}})) is expected


@pytest.mark.parametrize(("operator", "key", "value"), WIDE)
def test_a_condition_that_a_stranger_can_meet_narrows_nothing(operator, key, value):
    found = resource_policy_exposure(policy(allow(condition={operator: {key: value}})), OURS)
    assert found.level is PUBLIC
    assert key in found.residual


@pytest.mark.parametrize(("operator", "key", "value"), WIDE)
def test_a_narrowing_condition_beside_a_wide_one_still_narrows(operator, key, value):
    both = {"StringEquals": {"kms:CallerAccount": OURS}, operator: {key: value}}
    if operator == "StringEquals":
        both = {"StringEquals": {"kms:CallerAccount": OURS, key: value}}
    assert level(allow(condition=both)) is PRIVATE


def test_one_wide_value_among_narrow_ones_opens():
    values = {"StringLike": {"aws:SourceVpc": ["vpc-1", "*"]}}
    assert level(allow(condition=values)) is PUBLIC


def test_only_the_open_statement_is_named():
    org = {
        "StringEquals": {"aws:PrincipalOrgID": "o-1"},
        "StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"},
    }
    role = {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}
    found = resource_policy_exposure(policy(allow(condition=org, Sid="A"), allow(condition=role, Sid="B")), OURS)
    assert [(r.statement, r.sid) for r in found.because] == [(1, "B")]


def test_an_unconditional_deny_cancels():
    assert level(allow(action="s3:*"), deny(action="s3:*")) is PRIVATE
    assert level(allow(action="s3:GetObject"), deny(action="s3:Get*")) is PRIVATE
    assert level(allow(action="s3:GetObject"), deny(action="*")) is PRIVATE
    assert level(allow(action="S3:GetObject"), deny(action="s3:getobject")) is PRIVATE
    assert level(allow(action="s3:GetObject"), deny(action=None, NotAction="s3:PutObject")) is PRIVATE


def test_every_action_means_those_of_the_one_service_that_a_policy_is_about():
    assert level(allow(action="*"), deny(action="s3:*")) is PRIVATE
    assert level(allow(action=None, NotAction="s3:PutObject"), deny(action="s3:*")) is PRIVATE
    assert level(allow(action=["*", "sqs:*"]), deny(action="s3:*")) is PUBLIC
    assert level(allow(action="*"), deny(action="s3:Get*")) is PUBLIC
    assert level(allow(action="*"), deny(action="s?:*")) is PUBLIC


def test_a_function_url_without_authentication_is_public():
    url = {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
    found = resource_policy_exposure(policy(allow(action="lambda:InvokeFunctionUrl", condition=url)), OURS)
    assert found.is_public
    assert found.actions == ("lambda:InvokeFunctionUrl",)


def test_a_deny_of_something_else_cancels_nothing():
    assert level(allow(action="s3:*"), deny(action="s3:Get*")) is PUBLIC
    assert level(allow(action="s3:GetObject"), deny(action=None, NotAction="s3:Get*")) is PUBLIC
    assert level(allow(action="s3:*"), deny({"AWS": OURS}, action="s3:*")) is PUBLIC
    assert level(allow(), deny(Principal={"Service": "ec2.amazonaws.com"})) is PUBLIC
    assert level(allow(resource="a/*"), deny(resource="a")) is PUBLIC


def test_denies_for_parts_add_up():
    parts = deny(resource="arn:aws:s3:::b"), deny(resource="arn:aws:s3:::b/*")
    assert level(allow(resource=["arn:aws:s3:::b", "arn:aws:s3:::b/*"]), *parts) is PRIVATE
    assert level(allow(resource=["arn:aws:s3:::b", "arn:aws:s3:::b/*"]), parts[0]) is PUBLIC
    assert level(allow(action=["a:b", "a:c"]), deny(action="a:b"), deny(action="a:c")) is PRIVATE


def test_only_what_denies_leave_is_reported():
    found = resource_policy_exposure(
        policy(allow(action=["s3:GetObject", "s3:PutObject"]), deny(action="s3:Put*")), OURS
    )
    assert found.actions == ("s3:GetObject",)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"Bool": {"aws:SecureTransport": "false"}}, PUBLIC),
        ({"StringEquals": {"aws:UserAgent": "bad"}}, PUBLIC),
        ({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, PUBLIC),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, PUBLIC),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, RESTRICTED),
        ({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}, RESTRICTED),
        ({"StringNotEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}, RESTRICTED),
        ({"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, RESTRICTED),
        ({"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, PUBLIC),
        ({"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OURS}:*"}}, RESTRICTED),
        ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}, PUBLIC),
        ({"Null": {"aws:PrincipalOrgID": "true"}}, PUBLIC),
        ({"Null": {"aws:SecureTransport": "false"}}, RESTRICTED),
        (
            {
                "StringNotEquals": {"aws:PrincipalOrgID": "o-1"},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
            RESTRICTED,
        ),
        (
            {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}, "Bool": {"aws:SecureTransport": "false"}},
            PUBLIC,
        ),
    ],
)
def test_a_conditional_deny_counts_only_where_a_stranger_cannot_avoid_it(condition, expected):
    assert level(allow(), deny(condition=condition)) is expected


def test_a_deny_alone_is_never_public():
    assert level(deny()) is PRIVATE
    assert level(deny(action="s3:DeleteObject", condition={"ArnNotLike": {"aws:PrincipalArn": "x"}})) is PRIVATE


def test_inverted_principals():
    nobody_else = deny(None, NotPrincipal={"AWS": f"arn:aws:iam::{OURS}:root"})
    assert level(allow(), nobody_else) is PRIVATE
    assert level(allow(), deny(None, NotPrincipal="*")) is PUBLIC
    assert level(allow(None, NotPrincipal={"AWS": FOREIGN})) is PUBLIC


@pytest.mark.parametrize("principal", [FOREIGN, f"arn:aws:iam::{FOREIGN}:root", f"arn:aws:iam::{FOREIGN}:role/r"])
def test_a_foreign_account_is_restricted_and_named(principal):
    found = resource_policy_exposure(policy(allow({"AWS": principal})), OURS)
    assert found.level is RESTRICTED
    assert found.accounts == (FOREIGN,)
    assert level(allow({"AWS": principal}), trusted=frozenset({FOREIGN})) is PRIVATE


def test_the_own_account_is_inside():
    assert level(allow({"AWS": [OURS, f"arn:aws:iam::{OURS}:user/u"]})) is PRIVATE


def test_an_owner_that_is_not_known_hides_nobody():
    for principal in ("*", {"AWS": OURS}, {"Service": "s3.amazonaws.com"}, {"Federated": "accounts.google.com"}):
        assert resource_policy_exposure(policy(allow(principal)), "").level is not PRIVATE
        assert resource_policy_exposure(policy(allow(principal)), OURS, trusted=frozenset({""})).level is (
            PRIVATE if principal == {"AWS": OURS} else resource_policy_exposure(policy(allow(principal)), OURS).level
        )


def test_deleted_principals_are_nobody():
    assert level(allow({"AWS": "AIDAJQABLZS4A3QDU576Q"})) is PRIVATE


def test_a_deny_of_a_foreign_account_cancels_its_grant():
    role = f"arn:aws:iam::{FOREIGN}:role/r"
    assert level(allow({"AWS": role}), deny({"AWS": FOREIGN})) is PRIVATE
    assert level(allow({"AWS": FOREIGN}), deny({"AWS": role})) is RESTRICTED
    outside = {"StringNotEquals": {"aws:PrincipalAccount": OURS}}
    assert level(allow({"AWS": role}), deny(condition=outside)) is PRIVATE
    assert level(allow({"AWS": role}, condition={"StringEquals": {"aws:PrincipalAccount": OURS}})) is PRIVATE


@pytest.mark.parametrize(
    ("operator", "key", "value", "trusted"),
    [
        ("StringEquals", "aws:PrincipalOrgID", "o-1", "o-1"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/r-1/*", "o-1"),
        ("StringEquals", "aws:SourceVpc", "vpc-1", "vpc-1"),
        ("StringEquals", "aws:SourceAccount", FOREIGN, FOREIGN),
    ],
)
def test_what_is_trusted_is_inside(operator, key, value, trusted):
    statement = allow(condition={operator: {key: value}})
    assert level(statement) is RESTRICTED
    assert level(statement, trusted=frozenset({trusted})) is PRIVATE
    two = allow(condition={operator: {key: [value, value.replace("1", "2").replace("9", "2")]}})
    assert level(two, trusted=frozenset({trusted})) is RESTRICTED


def test_a_service_without_source_is_unconfined():
    service = {"Service": "s3.amazonaws.com"}
    assert resource_policy_exposure(policy(allow(service)), OURS).unconfined_services == ("s3.amazonaws.com",)
    source = {"StringEquals": {"aws:SourceAccount": OURS}}
    assert level(allow(service, condition=source)) is PRIVATE
    bucket = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"}}
    confined = resource_policy_exposure(policy(allow(service, condition=bucket)), OURS)
    assert confined.level is RESTRICTED
    assert not confined.unconfined_services
    wide = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}
    assert resource_policy_exposure(policy(allow(service, condition=wide)), OURS).unconfined_services


def test_a_canonical_user_is_restricted():
    found = resource_policy_exposure(policy(allow({"CanonicalUser": "79a59df900b949e55d96a1e698fbaced"})), OURS)
    assert found.level is RESTRICTED
    assert found.of(Audience.CANONICAL)


@pytest.mark.parametrize(
    "piece",
    [
        {"Action": None},
        {"Effect": "allow"},
        {"Principal": {"AWS": "nonsense"}},
        {"Condition": {"Like": {"a": "b"}}},
    ],
)
def test_what_cannot_be_understood_is_unknown_and_never_private(piece):
    broken = allow() | piece
    found = resource_policy_exposure(policy(broken), OURS)
    assert found.level is UNKNOWN
    assert "statement 1" in found.because[0].text
    assert level(broken, allow(action="s3:*"), trusted=frozenset()) in (PUBLIC, UNKNOWN)


def test_a_broken_deny_makes_public_unknown_and_leaves_private_alone():
    broken = deny(condition={"StringMatches": {"a": "b"}})
    assert level(allow(), broken) is UNKNOWN
    assert level(broken) is PRIVATE
    assert level(allow({"AWS": OURS}), broken) is PRIVATE


@pytest.mark.parametrize("document", [[], "x", {"Statement": 5}])
def test_what_is_no_policy_is_unknown(document):
    assert resource_policy_exposure(document, OURS).level is UNKNOWN
