"""Which networks a condition asks for. Expectations: the logic of the policies that leave it, worked out by hand."""

import pytest

from poise.attackpaths.conditions import FREE, demands
from poise.attackpaths.drawing import code, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.networks import networks_of
from poise.model.graph import EdgeKind

A, B = "StringEquals aws:SourceVpce [vpce-1]", "StringNotEqualsIfExists aws:SourceVpc [vpc-1, vpc-2]"
TAG = "StringEquals aws:PrincipalTag/team [a and b (c)]"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", [[]]),
        (TAG, [[]]),
        (A, [[("vpce-1",)]]),
        (f"not ({A})", [[]]),
        (B, [[]]),
        (f"not ({B})", [[("vpc-1", "vpc-2")]]),
        (f"{A} and {TAG}", [[("vpce-1",)]]),
        (f"{A} or {TAG}", [[]]),
        (f"not ({B} and {TAG})", [[]]),
        (f"not ({B} or {TAG})", [[("vpc-1", "vpc-2")]]),
        (f"{A} or not ({B})", [[("vpce-1",)], [("vpc-1", "vpc-2")]]),
        (f"{A} and (not ({B}) or {TAG})", [[("vpce-1",)], [("vpce-1",), ("vpc-1", "vpc-2")]]),
        ("not (Null aws:SourceVpce [true])", [[]]),
        ("its code has a flaw (maybe) and the call comes from 198.51.100.1", [[]]),
    ],
)
def test_the_networks_that_each_way_asks_for(condition, expected):
    wanted = frozenset(map(frozenset, expected))
    assert demands(condition) == (frozenset({FREE}) if FREE in wanted else wanted)


def test_one_of_several_networks_is_enough_and_one_that_is_not_in_the_estate_is_none():
    facts = Facts(
        (node("arn:x/vpc-1", "AWS::EC2::VPC"), node("arn:x/vpc-2", "AWS::EC2::VPC"), node("arn:x/vpce-1", "endpoint")),
        (edge("arn:x/vpc-2", EdgeKind.CONTAINS, "arn:x/vpce-1"),),
    )
    assert networks_of(facts, f"not ({B})") == {(code("arn:x/vpc-1"),), (code("arn:x/vpc-2"),)}
    assert networks_of(facts, A) == {(code("arn:x/vpc-2"),)}
    assert networks_of(facts, "StringEquals aws:SourceVpce [vpce-9]") == frozenset()
    assert networks_of(facts, TAG) == {()}
