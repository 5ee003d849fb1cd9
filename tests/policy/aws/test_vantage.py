"""What a conditional answer is worth from where an attacker stands."""

import pytest

from poise.policy.answer import Answer, Decision, Unread
from poise.policy.aws.grants import allows
from poise.policy.aws.vantage import Machine, decision_from, from_account, from_internet, from_machine

from .documents import OURS, can, cannot, policy

ALLOW, DENY, CONDITIONAL, UNKNOWN = Decision.ALLOW, Decision.DENY, Decision.CONDITIONAL, Decision.UNKNOWN
INSIDE = Machine(vpc="vpc-1", addresses=("10.0.0.5",), egress=("203.0.113.5",), endpoints=("vpce-1",))
CUT_OFF = Machine(vpc="vpc-2", addresses=("10.9.0.5",), egress=(), endpoints=("vpce-2",))


def answer(condition, *more):
    return allows([policy(can("s3:*", condition=condition), *more)], "s3:GetObject", "arn:aws:s3:::b/k")


def only(operator, key, value):
    return answer({operator: {key: value}})


@pytest.mark.parametrize(
    ("operator", "key", "value", "internet", "inside", "cut_off"),
    [
        ("StringEquals", "aws:SourceVpc", "vpc-1", DENY, ALLOW, DENY),
        ("StringEquals", "aws:SourceVpce", "vpce-2", DENY, DENY, ALLOW),
        ("StringNotEquals", "aws:SourceVpce", "vpce-1", ALLOW, ALLOW, ALLOW),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24", DENY, ALLOW, DENY),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/0", CONDITIONAL, ALLOW, DENY),
        ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24", ALLOW, ALLOW, ALLOW),
        ("IpAddress", "aws:VpcSourceIp", "10.0.0.0/16", CONDITIONAL, ALLOW, DENY),
        ("StringLike", "aws:UserAgent", "x*", CONDITIONAL, CONDITIONAL, CONDITIONAL),
        ("Bool", "aws:SecureTransport", "true", CONDITIONAL, CONDITIONAL, CONDITIONAL),
        ("StringEquals", "aws:PrincipalOrgID", "o-1", CONDITIONAL, CONDITIONAL, CONDITIONAL),
        ("StringEquals", "aws:PrincipalTag/team", "red", CONDITIONAL, CONDITIONAL, CONDITIONAL),
    ],
)
def test_who_can_meet_a_condition(operator, key, value, internet, inside, cut_off):
    left = only(operator, key, value)
    assert left.decision is CONDITIONAL
    assert decision_from(left, from_internet()) is internet
    assert decision_from(left, from_machine(INSIDE)) is inside
    assert decision_from(left, from_machine(CUT_OFF)) is cut_off


def test_a_conditional_deny_stops_those_who_cannot_avoid_it():
    outside = {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}
    left = answer(None, cannot("s3:*", condition=outside))
    assert decision_from(left, from_internet()) is DENY
    assert decision_from(left, from_machine(INSIDE)) is ALLOW


def test_another_account_is_in_its_own_organization():
    left = only("StringEquals", "aws:PrincipalOrgID", "o-1")
    assert decision_from(left, from_account("999988887777", "o-1")) is ALLOW
    assert decision_from(left, from_account("999988887777", "o-2")) is DENY
    assert decision_from(left, from_account("999988887777", None)) is DENY
    ours = only("StringEquals", "aws:PrincipalAccount", OURS)
    assert decision_from(ours, from_account("999988887777", None)) is DENY


def test_a_sure_answer_stays():
    assert decision_from(answer(None), from_internet()) is ALLOW
    assert decision_from(Answer(DENY), from_internet()) is DENY


def test_an_unread_input_beside_a_condition_that_is_met_does_not_matter():
    vpc = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
    broken = can("s3:*", condition={"StringMatches": {"a": "b"}})
    left = answer(vpc, broken)
    assert left.decision is UNKNOWN
    assert decision_from(left, from_machine(INSIDE)) is ALLOW
    assert decision_from(left, from_internet()) is UNKNOWN


def test_an_unread_input_stays_unknown_where_it_can_matter():
    unknown = Answer(UNKNOWN, unread=(Unread("scp", "denied"),))
    assert decision_from(unknown, from_internet()) is UNKNOWN
