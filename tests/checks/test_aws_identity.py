"""Identity checks on documents that other tools were reported to judge wrongly, and on odd spellings."""

from dataclasses import replace as change
from datetime import UTC, datetime

import pytest

from poise.assess.engine import judge_example
from poise.checks import catalog
from poise.model import Example, replace
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT
from poise.model.samples.aws_iam import ALLOW_ALL, IAM_POLICY, IAM_ROLE, IAM_USER, READ_REPORTS

ADMIN_ROLE = replace(IAM_ROLE, id=f"{IAM_ROLE.id}-admin", inline_policies={"all": ALLOW_ALL}, attached_policies=())
ADMIN = "aws.iam.user_with_administrator_rights"
RAISING = "aws.iam.user_can_raise_own_rights"
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def judged(check, asset, *others, now=None):
    example = Example("", asset, "", others=others)
    return judge_example(catalog.get(check), example if now is None else change(example, now=now))


def user(*statements):
    return replace(
        IAM_USER, inline_policies={"own": {"Version": "2012-10-17", "Statement": list(statements)}}, groups=()
    )


def allow(*actions, **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}


@pytest.mark.parametrize(
    ("statements", "state"),
    [
        ([{"Effect": "Allow", "NotAction": "prowler:action", "Resource": "*"}], "unhealthy"),
        ([ALL, ALL | {"Effect": "Deny"}], "healthy"),
        ([ALL | {"Effect": "Deny", "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}], "healthy"),
        ([ALL, ALL | {"Effect": "Deny", "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}}],
         "unhealthy"),
        ([ALL | {"Action": ["s3:*", "*"]}], "unhealthy"),
        ([ALL | {"Action": "*:*"}], "unhealthy"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "healthy"),
        ([ALL | {"Resource": "arn:aws:s3:::reports"}], "healthy"),
    ],
)  # fmt: skip
def test_administrators_are_told_by_what_is_left_after_denies(statements, state):
    assert judged(ADMIN, user(*statements)).state == state


def test_a_statement_may_stand_without_a_list():
    single = replace(IAM_USER, inline_policies={"own": {"Statement": ALL}}, groups=())

    assert judged(ADMIN, single).state == "unhealthy"


def test_a_policy_that_only_bounds_makes_no_administrator():
    bounds = replace(IAM_POLICY, document=ALLOW_ALL, attachments=0, boundary_uses=1)
    bounded = replace(user(allow("s3:GetObject")), permissions_boundary=bounds.id)

    assert judged(ADMIN, bounded, bounds).state == "healthy"
    assert judged("aws.iam.policy_allows_everything", bounds).state == "not_applicable"
    assert judged("aws.iam.policy_attached_to_nobody", bounds).state == "healthy"


@pytest.mark.parametrize(
    ("statements", "state"),
    [
        ([allow("cloudformation:CreateStack", "cloudformation:DescribeStacks")], "healthy"),
        ([allow("iam:PassRole")], "healthy"),
        ([allow("iam:PassRole"), allow("s3:ListAllMyBuckets")], "healthy"),
        ([allow("iam:PassRole"), allow("ec2:RunInstances")], "unhealthy"),
        ([allow("IAM:PASSROLE", "EC2:runinstances")], "unhealthy"),
        ([allow("iam:PassRole", "ec2:RunInstances", Resource="*", Condition={"StringEquals": {"ec2:Owner": "amazon"}})],
         "unhealthy"),
        ([allow("iam:*"), allow("iam:*") | {"Effect": "Deny"}], "healthy"),
        ([allow("iam:PutUserPolicy"),
          allow("iam:*") | {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}], "unhealthy"),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": IAM_USER.id}], "unhealthy"),
    ],
)  # fmt: skip
def test_raising_takes_every_permission_of_a_way(statements, state):
    assert judged(RAISING, user(*statements), ADMIN_ROLE).state == state


def test_permissions_of_a_way_may_stand_in_two_policies():
    both = {"hand": {"Statement": allow("iam:PassRole")}, "start": {"Statement": allow("ec2:RunInstances")}}

    assert judged(RAISING, replace(IAM_USER, inline_policies=both, groups=()), ADMIN_ROLE).state == "unhealthy"


def test_a_condition_that_is_left_is_said():
    with_mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}

    assert "aws:MultiFactorAuthPresent" in judged(RAISING, user(allow("iam:PutUserPolicy", Condition=with_mfa))).reason


def trusting(*statements):
    return replace(IAM_ROLE, trust_policy={"Version": "2012-10-17", "Statement": list(statements)})


ANYONE = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
TWO_ROLES = [f"arn:aws:iam::{ACCOUNT}:role/a", f"arn:aws:iam::{ACCOUNT}:role/b"]


@pytest.mark.parametrize(
    ("statements", "state"),
    [
        ([ANYONE], "unhealthy"),
        ([ANYONE | {"Principal": "*"}], "unhealthy"),
        ([ANYONE | {"Condition": {"StringLike": {"aws:PrincipalArn": TWO_ROLES}}}], "healthy"),
        ([ANYONE | {"Condition": {"StringLike": {"aws:PrincipalArn": "*"}}}], "unhealthy"),
        ([ANYONE | {"Condition": {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}}], "unhealthy"),
        ([ANYONE | {"Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}}], "healthy"),
        ([ANYONE, ANYONE | {"Effect": "Deny", "Action": "sts:AssumeRoleWithWebIdentity"}], "unhealthy"),
        ([ANYONE, ANYONE | {"Effect": "Deny"}], "healthy"),
        ([ANYONE | {"Action": "sts:TagSession"}], "healthy"),
    ],
)
def test_anyone_is_told_by_who_is_left(statements, state):
    assert judged("aws.iam.role_assumable_by_anyone", trusting(*statements)).state == state


def test_machines_name_no_source():
    trust = trusting(ANYONE | {"Principal": {"Service": "ec2.amazonaws.com"}})

    assert judged("aws.iam.service_trust_without_source", trust).state == "not_applicable"


@pytest.mark.parametrize(
    "check",
    [
        "aws.iam.role_with_administrator_rights",
        "aws.iam.role_can_raise_own_rights",
        "aws.iam.role_unused",
        "aws.iam.service_trust_without_source",
        "aws.iam.foreign_account_trust_without_external_id",
    ],
)
def test_roles_of_services_are_left_alone(check):
    role = replace(ADMIN_ROLE, path="/aws-service-role/support.amazonaws.com/")

    assert judged(check, role).state == "not_applicable"


GITHUB = "token.actions.githubusercontent.com"


def pipelines(**condition):
    return trusting(
        {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
        }
    )


WITHOUT, WIDE = "aws.iam.oidc_trust_without_subject", "aws.iam.oidc_trust_wide_subject"


@pytest.mark.parametrize(
    ("condition", "reported"),
    [
        ({}, {WITHOUT}),
        ({"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}, {WITHOUT}),
        ({"StringLike": {f"{GITHUB}:sub": "*"}}, {WIDE}),
        ({"StringLike": {f"{GITHUB}:sub": "repo:*"}}, {WIDE}),
        ({"StringLike": {f"{GITHUB}:sub": "repo:acme*/*"}}, {WIDE}),
        ({"StringLike": {f"{GITHUB}:sub": ["repo:acme/*", "repo:*"]}}, {WIDE}),
        ({"StringLikeIfExists": {f"{GITHUB}:sub": "repo:acme/*"}}, {WIDE}),
        ({"StringNotLike": {f"{GITHUB}:sub": "repo:evil/*"}}, {WIDE}),
        ({"ForAllValues:StringLike": {f"{GITHUB}:sub": "repo:acme/*"}}, {WIDE}),
        ({"StringLike": {f"{GITHUB}:sub": "repo:acme/*"}}, set()),
        ({"StringLike": {f"{GITHUB.upper()}:SUB": "repo:acme/*"}}, set()),
        ({"StringEquals": {f"{GITHUB}:repository_owner": "acme"}}, set()),
    ],
)
def test_each_trust_of_a_shared_issuer_is_reported_once(condition, reported):
    role = pipelines(**condition)

    assert {check for check in (WITHOUT, WIDE) if judged(check, role).state == "unhealthy"} == reported
    assert judged("aws.iam.role_assumable_by_anyone", role).state == "healthy"


def test_verdicts_that_time_will_change_say_when():
    key = judged("aws.iam.access_key_too_old", IAM_USER)
    assert key.next_change_at == datetime(2027, 1, 18, 8, tzinfo=UTC)
    assert judged("aws.iam.access_key_too_old", IAM_USER, now=key.next_change_at).state == "unhealthy"

    used = replace(AWS_ACCOUNT, root_last_used="2026-11-20T12:00:00+00:00")
    root = judged("aws.account.root_used_recently", used)
    assert root.next_change_at == datetime(2026, 12, 20, 12, tzinfo=UTC)
    assert judged("aws.account.root_used_recently", used, now=root.next_change_at).state == "healthy"


@pytest.mark.parametrize("check", ["access_key_unused", "password_unused", "access_key_too_old"])
def test_a_healthy_verdict_ends_when_it_says(check):
    verdict = judged(f"aws.iam.{check}", IAM_USER)

    assert verdict.state == "healthy"
    assert judged(f"aws.iam.{check}", IAM_USER, now=verdict.next_change_at).state == "unhealthy"


def test_a_time_that_is_none_is_unknown_and_stops_nothing():
    broken = replace(AWS_ACCOUNT, root_last_used="yesterday")

    assert judged("aws.account.root_used_recently", broken).state == "unknown"


def test_a_policy_for_one_bucket_is_no_concern():
    small = replace(IAM_USER, inline_policies={"own": READ_REPORTS}, groups=())

    assert judged(ADMIN, small).state == "healthy"
    assert judged(RAISING, small, ADMIN_ROLE).state == "healthy"
