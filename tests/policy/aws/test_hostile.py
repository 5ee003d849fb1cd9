"""Hostile documents stay bounded: work is capped, and what is too large is unknown, never private."""

import pytest

from poise.policy.answer import Decision, Level
from poise.policy.aws.callers import Caller
from poise.policy.aws.evaluation import Inputs, Request, evaluate
from poise.policy.aws.exposure import resource_policy_exposure, trust_exposure
from poise.policy.aws.grants import allows, is_admin
from poise.policy.aws.sources import sources_of

from .documents import FOREIGN, OURS, allow, can, cannot, deny, policy

BOMB = "*a" * 100 + "*"


def test_fifty_thousand_allows_are_judged():
    document = policy(*(allow({"AWS": f"{n:012d}"}, f"sqs:a{n}") for n in range(50_000)))
    found = resource_policy_exposure(document, OURS)
    assert found.level is Level.RESTRICTED
    assert len(found.grants) == 50_000


def test_fifty_thousand_statements_of_every_layer_are_judged():
    tagged = [{"StringEquals": {f"aws:PrincipalTag/{n}": "x"}} for n in range(50_000)]
    many = policy(*(can("s3:*", condition=one) for one in tagged), *(cannot("s3:*", condition=tagged[0]),))
    layer = sources_of([many])
    caller = Caller.of(f"arn:aws:iam::{OURS}:user/u")
    request = Request(caller=caller, action="s3:GetObject", resource="arn:aws:s3:::b/k", owner=OURS)
    answer = evaluate(request, Inputs(identity=layer, boundary=layer, scps=(layer,)))
    assert answer.decision is Decision.CONDITIONAL
    assert len(str(answer.residual)) < 10_000


def test_too_many_combinations_are_unknown():
    allows_ = (allow(action=f"sqs:a{n}") for n in range(5000))
    denies = (deny(action=f"sqs:b{n}*") for n in range(5000))
    found = resource_policy_exposure(policy(*allows_, *denies), OURS)
    assert found.level is Level.UNKNOWN
    assert "more combinations" in found.because[0].text


def test_too_many_callers_with_too_many_denies_are_unknown():
    statements = [allow({"AWS": f"{n:012d}"}) for n in range(3000)]
    statements += [deny({"AWS": f"{n:012d}"}, action="sqs:x") for n in range(3000)]
    assert resource_policy_exposure(policy(*statements), OURS).level is Level.UNKNOWN


@pytest.mark.parametrize("bomb", [BOMB, "?" * 200, "*?" * 100, "a*" * 100 + "b"])
def test_wildcard_bombs_are_judged(bomb):
    statements = [allow(action=bomb[:250], resource=bomb * 10)] * 200 + [deny(action=bomb[:250] + "c")] * 200
    assert resource_policy_exposure(policy(*statements), OURS).level is Level.PUBLIC
    identity = policy(*[can(bomb[:250], bomb * 10)] * 200, *[cannot(bomb[:250])] * 200)
    assert allows([identity], "a" * 100, "a" * 1500).decision is not Decision.ALLOW
    assert is_admin([identity]).decision is Decision.DENY


def test_a_huge_condition_value_is_a_problem_of_its_statement():
    document = policy(allow(condition={"StringLike": {"aws:SourceVpc": "x" * 10_000_000}}))
    assert resource_policy_exposure(document, OURS).level is Level.UNKNOWN


def test_a_huge_list_of_values_is_judged():
    values = [f"vpc-{n}" for n in range(200_000)]
    document = policy(allow(condition={"StringLike": {"aws:SourceVpc": values}}))
    assert resource_policy_exposure(document, OURS).level is Level.RESTRICTED
    document["Statement"][0]["Condition"]["StringLike"]["aws:SourceVpc"].append("*")
    assert resource_policy_exposure(document, OURS).level is Level.PUBLIC


@pytest.mark.parametrize("value", ["\x00", "\u202e", "<script>", "é" * 200, "\ue000", "${", "${}", "${a${b}}", "${,}"])
def test_strange_texts_are_texts(value):
    statement = allow({"AWS": FOREIGN}, value, value, {"StringLike": {value: value}}, Sid=value)
    assert resource_policy_exposure(policy(statement), OURS).level is Level.RESTRICTED
    assert trust_exposure(policy(statement), OURS).level is Level.PRIVATE
    context = {value: value}
    assert allows([policy(can(value, value, {"StringLike": {value: value}}))], value, value, context).decision
