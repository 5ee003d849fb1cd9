"""Identity policies by themselves."""

import pytest

from poise.policy.answer import Decision
from poise.policy.aws.grants import allows, is_admin

from .documents import can, cannot, policy

ALLOW, DENY, CONDITIONAL, UNKNOWN = Decision.ALLOW, Decision.DENY, Decision.CONDITIONAL, Decision.UNKNOWN
USER = "arn:aws:iam::111122223333:user/u"


def decision(action, resource, *statements, context=None):
    return allows([policy(*statements)], action, resource, context).decision


def admin(*statements):
    return is_admin([policy(*statements)]).decision


@pytest.mark.parametrize("action", ["iam:CreatePolicyVersion", "IAM:CREATEPOLICYVERSION", "iam:Create*", "iam:*", "*"])
def test_actions_match_without_case_and_with_wildcards(action):
    assert decision("iam:CreatePolicyVersion", "*", can(action)) is ALLOW


def test_nothing_is_allowed_by_default():
    assert allows([], "s3:GetObject", "*").decision is DENY
    assert decision("s3:GetObject", "*") is DENY
    assert decision("s3:GetObject", "*", can("s3:PutObject")) is DENY


def test_an_unconditional_deny_wins_and_is_named():
    answer = allows({"p": policy(can("*"), cannot("s3:*", Sid="No"))}, "s3:GetObject", "arn:aws:s3:::b/k")
    assert answer.decision is DENY
    assert [(r.source, r.statement, r.sid) for r in answer.because] == [("p", 1, "No")]


def test_a_conditional_deny_leaves_a_condition():
    tls = {"Bool": {"aws:SecureTransport": "false"}}
    answer = allows([policy(can("iam:CreatePolicyVersion"), cannot("iam:*", condition=tls))], "iam:CreatePolicyVersion")
    assert answer.decision is CONDITIONAL
    assert str(answer.residual) == "not (Bool aws:SecureTransport [false])"
    plain = {"aws:SecureTransport": "true"}
    assert decision("iam:x", "*", can("iam:*"), cannot("iam:*", condition=tls), context=plain) is ALLOW


def test_a_denied_action_is_not_listed_beside_a_whole_allow():
    old = {"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}}
    statements = can("iam:AttachUserPolicy"), cannot("*", condition=old), cannot("iam:AttachUserPolicy")
    assert decision("iam:AttachUserPolicy", USER, *statements) is DENY


def test_a_condition_of_the_allow_is_kept():
    owner = {"StringEquals": {"ec2:Owner": "amazon"}}
    assert decision("ec2:RunInstances", "*", can("ec2:RunInstances", condition=owner)) is CONDITIONAL
    known = {"ec2:Owner": "self"}
    assert decision("ec2:RunInstances", "*", can("ec2:RunInstances", condition=owner), context=known) is DENY


def test_not_action_is_the_complement():
    assert decision("s3:GetObject", "*", can(None, NotAction="iam:*")) is ALLOW
    assert decision("iam:GetUser", "*", can(None, NotAction="iam:*")) is DENY
    assert decision("iam:GetUser", "*", can("*"), cannot(None, NotAction="iam:*")) is ALLOW
    assert decision("s3:GetObject", "*", can("*"), cannot(None, NotAction="iam:*")) is DENY


def test_not_resource_is_the_complement():
    own = can("iam:*", None, NotResource=USER)
    assert decision("iam:GetUser", USER, own) is DENY
    assert decision("iam:GetUser", "arn:aws:iam::111122223333:user/v", own) is ALLOW
    protected = cannot("iam:*", None, NotResource=USER)
    assert decision("iam:GetUser", USER, can("*"), protected) is ALLOW


def test_a_resource_pattern_is_asked_as_a_whole():
    some = can("s3:GetObject", "arn:aws:s3:::b/*")
    assert decision("s3:GetObject", "arn:aws:s3:::b/k", some) is ALLOW
    assert decision("s3:GetObject", "arn:aws:s3:::b/*", some) is ALLOW
    assert decision("s3:GetObject", "arn:aws:s3:::*", some) is CONDITIONAL
    assert decision("s3:GetObject", "arn:aws:s3:::c/*", some) is DENY
    assert decision("s3:GetObject", "arn:aws:s3:::b/*", can("s3:*"), cannot("s3:*", "arn:aws:s3:::b/x")) is CONDITIONAL


def test_variables_in_resources():
    own = can("iam:*", "arn:aws:iam::111122223333:user/${aws:username}")
    assert decision("iam:GetUser", USER, own, context={"aws:username": "u"}) is ALLOW
    assert decision("iam:GetUser", USER, own, context={"aws:username": "v"}) is DENY
    assert decision("iam:GetUser", USER, own, context={"aws:username": None}) is DENY
    assert decision("iam:GetUser", USER, own) is CONDITIONAL
    default = can("iam:*", "arn:aws:iam::111122223333:user/${aws:username, 'u'}")
    assert decision("iam:GetUser", USER, default, context={"aws:username": None}) is ALLOW


def test_a_star_from_a_variable_is_no_wildcard():
    own = can("s3:*", "arn:aws:s3:::b/${aws:PrincipalTag/home}")
    assert decision("s3:GetObject", "arn:aws:s3:::b/x", own, context={"aws:PrincipalTag/home": "*"}) is DENY
    escaped = can("s3:*", "arn:aws:s3:::b/${*}")
    assert decision("s3:GetObject", "arn:aws:s3:::b/x", escaped) is DENY


def test_variables_are_plain_text_before_2012():
    old = policy(can("s3:*", "arn:aws:s3:::b/${aws:username}"), version="2008-10-17")
    assert allows([old], "s3:GetObject", "arn:aws:s3:::b/u", {"aws:username": "u"}).decision is DENY


def test_statements_of_all_policies_add_up():
    one, other = policy(can("iam:PassRole")), policy(can("ec2:RunInstances"), cannot("s3:*"))
    assert all(allows([one, other], a).decision is ALLOW for a in ("iam:PassRole", "ec2:RunInstances"))


def test_one_statement_may_be_no_list():
    assert allows([{"Statement": can("iam:PassRole")}], "iam:PassRole").decision is ALLOW


def test_what_cannot_be_understood_is_unknown_where_it_could_decide():
    broken = can("s3:*", condition={"StringMatches": {"a": "b"}})
    answer = allows([policy(broken)], "s3:GetObject")
    assert answer.decision is UNKNOWN
    assert "statement 1" in answer.unread[0].input
    assert decision("s3:GetObject", "*", broken, can("s3:*")) is ALLOW
    assert decision("s3:GetObject", "*", broken, cannot("s3:*")) is DENY
    assert decision("ec2:RunInstances", "*", broken) is DENY
    assert decision("s3:GetObject", "*", can("s3:*"), cannot("s3:*", condition={"X": {"a": "b"}})) is UNKNOWN
    assert allows([{"Statement": 5}], "s3:GetObject").decision is UNKNOWN


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([can("*")], ALLOW),
        ([can("*:*")], ALLOW),
        ([can("*", "arn:aws:s3:::*")], DENY),
        ([can("*", "arn:*")], ALLOW),
        ([can("*", "arn:aws*")], CONDITIONAL),
        ([can(None, NotAction="prowler:action")], ALLOW),
        ([can(None, NotAction=["aws-portal:*", "s3:DeleteBucket"])], ALLOW),
        ([can(None, NotAction="iam:*")], DENY),
        ([can(None, NotAction="*")], DENY),
        ([can("*"), cannot("*")], DENY),
        ([can("*"), cannot("iam:*")], DENY),
        ([can("*"), cannot("iam:CreateUser")], ALLOW),
        (
            [can("*"), cannot("*", condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})],
            CONDITIONAL,
        ),
        ([cannot("*", condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})], DENY),
        ([can("*", condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})], CONDITIONAL),
        ([can("iam:*"), can("s3:*")], DENY),
        ([], DENY),
    ],
)
def test_administrators(statements, expected):
    assert admin(*statements) is expected


@pytest.mark.parametrize(
    ("document", "beside_a_sure_one"),
    [(policy(can("*", condition={"X": {"a": "b"}})), ALLOW), ({"Statement": 5}, UNKNOWN)],
)
def test_what_cannot_be_understood_may_make_an_administrator(document, beside_a_sure_one):
    answer = is_admin([document])
    assert answer.decision is UNKNOWN
    assert answer.unread
    assert is_admin([document, policy(can("*"))]).decision is beside_a_sure_one
    assert is_admin([document, policy(cannot("*"))]).decision is DENY


def test_lone_pass_role_is_no_administrator():
    assert admin(can("iam:PassRole")) is DENY


ADMINISTRATOR = policy(can("*"))
POWER_USER = policy(
    can(None, NotAction=["iam:*", "organizations:*", "account:*"]),
    can(
        [
            *("account:GetAccountInformation", "account:GetPrimaryEmail", "account:ListRegions"),
            *("iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles"),
            *("organizations:DescribeEffectivePolicy", "organizations:DescribeOrganization"),
        ]
    ),
)


@pytest.mark.parametrize(
    ("document", "action", "expected", "statement"),
    [
        (ADMINISTRATOR, "iam:CreateUser", ALLOW, 0),
        (ADMINISTRATOR, "account:CloseAccount", ALLOW, 0),
        (ADMINISTRATOR, "nosuch:Thing", ALLOW, 0),
        (POWER_USER, "ec2:RunInstances", ALLOW, 0),
        (POWER_USER, "iam:ListRoles", ALLOW, 1),
        (POWER_USER, "iam:CreateUser", DENY, None),
    ],
)
def test_the_broadest_managed_policies(document, action, expected, statement):
    answer = allows([document], action)
    assert answer.decision is expected
    assert answer.because[0].statement == statement


def test_of_the_broadest_only_one_makes_an_administrator():
    assert is_admin([ADMINISTRATOR]).decision is ALLOW
    assert is_admin([POWER_USER]).decision is DENY


def test_an_effect_that_cannot_be_understood_may_be_either():
    for broken in ({"Effect": "allow", "Action": "*", "Resource": "*"}, "Allow all"):
        assert is_admin([policy(broken)]).decision is UNKNOWN
        assert allows([policy(broken)], "s3:GetObject").decision is UNKNOWN
        assert allows([policy(broken, can("s3:*"))], "s3:GetObject").decision is UNKNOWN
    assert allows([policy("Allow all", cannot("s3:*"))], "s3:GetObject").decision is DENY


def test_reasons_name_actions_as_they_were_asked_for():
    assert "iam:PassRole" in allows([policy()], "iam:PassRole").because[0].text
