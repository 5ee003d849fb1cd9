"""Exposure against brute force: no named stranger may get in where the judge does not say public.

The strangers are an anonymous caller and a user of an account that no policy names, from many places; the
literal reference evaluator decides for each.
"""

import os
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from poise.policy.answer import Level
from poise.policy.aws.exposure import resource_policy_exposure

from . import reference
from .documents import FOREIGN, OURS, allow, deny, policy

MORE = int(os.environ.get("POISE_MORE_EXAMPLES", "1"))
EVIL = "666655554444"
EVIL_USER = f"arn:aws:iam::{EVIL}:user/e"
OBJECT = "arn:aws:s3:::b/k"

CONDITIONS = {
    "aws:SourceVpc": ["vpc-ours", "vpc-*", "*"],
    "aws:PrincipalOrgID": ["o-ours", "o-*"],
    "aws:PrincipalAccount": [OURS, FOREIGN, "*"],
    "aws:PrincipalArn": [f"arn:aws:iam::{OURS}:*", "arn:aws:iam::*:user/e", "arn:aws:iam::*:role/x"],
    "aws:UserAgent": ["x", "secret"],
}
OPERATORS = [
    *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIfExists"),
    *("StringNotLikeIfExists", "ForAllValues:StringLike", "ForAnyValue:StringLike", "Null"),
]
PLACES = {
    "aws:sourcevpc": [None, ["vpc-evil"]],
    "aws:useragent": [None, ["x"], ["secret"]],
    "aws:securetransport": [["true"], ["false"]],
    "aws:sourceip": [["203.0.113.9"], None],
}
SIGNED = {
    "aws:principalorgid": [None, ["o-evil"]],
    "aws:principalaccount": [[EVIL]],
    "aws:principalarn": [[EVIL_USER], [f"arn:aws:iam::{EVIL}:role/x"]],
}


def strangers():
    for signed in (False, True):
        keys = PLACES | (SIGNED if signed else {})
        for values in product(*keys.values()):
            yield (EVIL_USER if signed else ""), dict(zip(keys, values, strict=True))


STRANGERS = list(strangers())


@st.composite
def conditions(draw):
    made = {}
    for _ in range(draw(st.integers(0, 2))):
        key = draw(st.sampled_from([*CONDITIONS, "aws:SecureTransport", "aws:SourceIp"]))
        if key == "aws:SecureTransport":
            made["Bool"] = {key: draw(st.sampled_from(["true", "false"]))}
        elif key == "aws:SourceIp":
            operator = draw(st.sampled_from(["IpAddress", "NotIpAddress"]))
            made[operator] = {key: draw(st.sampled_from(["10.0.0.0/8", "198.51.100.0/24", "0.0.0.0/0"]))}
        else:
            operator = draw(st.sampled_from(OPERATORS))
            value = draw(st.sampled_from(["true", "false"] if operator == "Null" else CONDITIONS[key]))
            made.setdefault(operator, {})[key] = value
    return made or None


@st.composite
def statements(draw):
    make = draw(st.sampled_from([allow, allow, deny]))
    whom = draw(st.sampled_from(["*", "*", {"AWS": "*"}, {"AWS": FOREIGN}, {"AWS": [OURS, "*"]}]))
    action = draw(st.sampled_from(["s3:GetObject", "s3:*", "*", "s3:Get*"]))
    resource = draw(st.sampled_from(["*", OBJECT, "arn:aws:s3:::b/*"]))
    inverted = {"NotPrincipal": whom, "Principal": None} if draw(st.integers(0, 9)) == 0 else {}
    return {k: v for k, v in (make(whom, action, resource, draw(conditions())) | inverted).items() if v is not None}


def gets_in(document):
    """Say whether some stranger reads the object."""
    for caller, context in STRANGERS:
        case = reference.Case(
            caller=caller,
            account=EVIL if caller else "",
            role="",
            action="s3:getobject",
            resource=OBJECT,
            owner=OURS,
            context=context,
            identity=[policy(allow(None, "*", "*"))],
            resource_policy=document,
        )
        if reference.decide(case):
            return True
    return False


@settings(max_examples=150 * MORE, deadline=None)
@given(st.lists(statements(), min_size=1, max_size=4).map(lambda parts: policy(*parts)))
def test_no_stranger_gets_in_unless_the_judge_says_public(document):
    if gets_in(document):
        assert resource_policy_exposure(document, OURS).level is Level.PUBLIC


@settings(max_examples=100 * MORE, deadline=None)
@given(statements())
def test_what_one_allow_opens_to_no_stranger_is_not_public(statement):
    keys = [key for tests in statement.get("Condition", {}).values() for key in tests]
    assume(len(set(keys)) == len(keys))  # two tests of one key are judged each by itself
    statement = statement | {"Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECT}
    document = policy(statement)
    if resource_policy_exposure(document, OURS).level is Level.PUBLIC:
        assert gets_in(document)
