"""Handing a role to a service needs the permission, the own account, and a role that trusts the service."""

import pytest

from poise.policy.answer import Decision, Unread
from poise.policy.aws.callers import Caller
from poise.policy.aws.evaluation import Inputs, named
from poise.policy.aws.passing import can_pass, trusts_service
from poise.policy.aws.sources import sources_of

from .documents import FOREIGN, OURS, allow, can, cannot, deny, policy

ALLOW, DENY, CONDITIONAL, UNKNOWN = Decision.ALLOW, Decision.DENY, Decision.CONDITIONAL, Decision.UNKNOWN
USER = Caller.of(f"arn:aws:iam::{OURS}:user/u")
ROLE = f"arn:aws:iam::{OURS}:role/r"
LAMBDA = "lambda.amazonaws.com"


def trust(service, condition=None):
    return named("trust", policy(allow({"Service": service}, "sts:AssumeRole", None, condition)))


def passing(*statements, role=ROLE, service=LAMBDA, trusted=LAMBDA, **layers):
    inputs = Inputs(identity=sources_of([policy(*statements)]), **layers)
    return can_pass(USER, role, service, inputs, trust(trusted)).decision


def to(service):
    return {"StringEquals": {"iam:PassedToService": service}}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (can("iam:PassRole"), ALLOW),
        (can("IAM:passrole", ROLE), ALLOW),
        (can("*"), ALLOW),
        (can("iam:PassRole", f"{ROLE}2"), DENY),
        (can("iam:GetRole"), DENY),
        (can("iam:PassRole", condition=to(LAMBDA)), ALLOW),
        (can("iam:PassRole", condition=to("ec2.amazonaws.com")), DENY),
        (can("iam:PassRole", condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}), CONDITIONAL),
    ],
)
def test_the_permission_is_judged_for_the_role_and_the_service(statement, expected):
    assert passing(statement) is expected


def test_a_role_that_does_not_trust_the_service_is_of_no_use():
    assert passing(can("iam:PassRole"), trusted="ec2.amazonaws.com") is DENY


def test_roles_are_passed_inside_one_account_only():
    assert passing(can("iam:PassRole"), role=f"arn:aws:iam::{FOREIGN}:role/r") is DENY


def test_denies_and_guardrails_count():
    assert passing(can("iam:PassRole"), cannot("iam:PassRole", condition=to(LAMBDA))) is DENY
    assert passing(can("iam:PassRole"), cannot("iam:PassRole", condition=to("ec2.amazonaws.com"))) is ALLOW
    assert passing(can("iam:PassRole"), boundary=sources_of([policy(can("s3:*"))])) is DENY
    assert passing(can("iam:PassRole"), scps=Unread("guardrails", "denied")) is UNKNOWN


def test_the_service_acts_for_the_account_of_the_role():
    own = {"StringEquals": {"aws:SourceAccount": OURS}}
    other = {"StringEquals": {"aws:SourceAccount": FOREIGN}}
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:*:{OURS}:function:f"}}
    assert trusts_service(ROLE, LAMBDA, trust(LAMBDA, own)).decision is ALLOW
    assert trusts_service(ROLE, LAMBDA, trust(LAMBDA, other)).decision is DENY
    assert trusts_service(ROLE, LAMBDA, trust(LAMBDA, source)).decision is CONDITIONAL
    assert trusts_service(ROLE, LAMBDA, Unread("trust", "denied")).decision is UNKNOWN


def test_a_deny_in_the_trust_policy_counts():
    document = policy(allow({"Service": LAMBDA}, "sts:AssumeRole", None), deny({"Service": LAMBDA}, "sts:*", None))
    assert trusts_service(ROLE, LAMBDA, named("trust", document)).decision is DENY
