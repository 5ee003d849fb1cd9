"""Every legal spelling gives the same statements; whatever is not legal keeps its place."""

import pytest
from msgspec import structs

from poise.policy.aws.document import Effect, parse
from poise.policy.aws.principals import Who

from .documents import allow, policy


def meaning(document):
    """Return the statements without the letters that people chose."""
    return [
        structs.replace(
            one, spelling={}, conditions=tuple(structs.replace(part, written="") for part in one.conditions)
        )
        for one in parse(document).statements
    ]


@pytest.mark.parametrize(
    "document",
    [
        policy(allow(action=["sqs:*"], resource=["*"])),
        {"Version": "2012-10-17", "Statement": allow()},
        {"version": "2012-10-17", "statement": [allow()]},
        policy(allow({"AWS": "*"})),
        policy(allow({"AWS": ["*"]})),
        policy(allow(["*"])),
        policy(allow(action="SQS:*")),
        policy(allow(action=["sqs:*", "sqs:*"])),
        policy(allow(resource="**")),
        policy(allow(resource="arn:*:*")),
        policy(allow(condition={})),
    ],
)
def test_spellings_of_one_statement_are_one(document):
    assert meaning(document) == meaning(policy(allow()))
    assert not parse(document).problems


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ({"Effect": "allow"}, "Effect"),
        ({"Effect": None}, "Effect"),
        ({"Action": None}, "Action"),
        ({"Action": 5}, "Action"),
        ({"Action": [["sqs:*"]]}, "Action"),
        ({"Action": "s" * 1000}, "Action"),
        ({"NotAction": "sqs:*"}, "both Action and NotAction"),
        ({"NotResource": "*"}, "both Resource and NotResource"),
        ({"Resource": {"a": "b"}}, "Resource"),
        ({"Principal": {"AWS": {"deep": "er"}}}, "Principal"),
        ({"Principal": {"Azure": "x"}}, "Principal"),
        ({"Principal": {"AWS": "arn:aws:iam::*:root"}}, "Principal"),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:role/a*"}}, "Principal"),
        ({"Principal": 7}, "Principal"),
        ({"Principal": ""}, "Principal"),
        ({"Principal": None}, "Principal"),
        ({"Condition": []}, "Condition"),
        ({"Condition": {"StringEquals": "x"}}, "Condition"),
        ({"Condition": {"StringMatches": {"a": "b"}}}, "StringMatches"),
        ({"Condition": {"ForSomeValues:StringEquals": {"a": "b"}}}, "ForSomeValues"),
        ({"Condition": {"NullIfExists": {"a": "true"}}}, "NullIfExists"),
        ({"Condition": {"StringEquals": {"a": {"b": "c"}}}}, "StringEquals"),
        ({"Condition": {"NumericEquals": {"a": 10**5000}}}, "NumericEquals"),
    ],
)
def test_a_malformed_piece_is_kept_with_its_place(written, place):
    parsed = parse(policy(allow(), allow() | written))
    assert len(parsed.statements) == 2
    assert place in parsed.statements[1].problem
    assert parsed.problems == (f"statement 2: {parsed.statements[1].problem}",)
    assert not parsed.statements[0].problem


@pytest.mark.parametrize("document", [None, [], "text", 5, {}, {"Statement": None}, {"Statement": "x"}])
def test_what_is_no_policy_says_so(document):
    parsed = parse(document)
    assert not parsed.is_readable
    assert parsed.problems


@pytest.mark.parametrize("statement", [None, "Allow", 5, [], [{}]])
def test_what_is_no_statement_is_kept_as_one_that_may_do_anything(statement):
    parsed = parse(policy(statement))
    assert parsed.statements[0].is_allow
    assert parsed.statements[0].is_deny
    assert parsed.problems


def test_an_empty_list_of_statements_is_a_policy():
    assert parse(policy()).is_readable


@pytest.mark.parametrize(
    ("principal", "who", "account"),
    [
        ({"AWS": "111122223333"}, Who.ACCOUNT, "111122223333"),
        ({"AWS": "arn:aws:iam::111122223333:root"}, Who.ACCOUNT, "111122223333"),
        ({"AWS": 111122223333}, Who.ACCOUNT, "111122223333"),
        ({"AWS": [1122223333]}, Who.ACCOUNT, "001122223333"),
        ({"AWS": "arn:aws-cn:iam::111122223333:root"}, Who.ACCOUNT, "111122223333"),
        ({"AWS": "arn:aws-us-gov:iam::111122223333:user/a/b"}, Who.PRINCIPAL, "111122223333"),
        ({"AWS": "arn:aws:sts::111122223333:assumed-role/r/s"}, Who.PRINCIPAL, "111122223333"),
        ({"AWS": "arn:aws:sts::111122223333:federated-user/f"}, Who.PRINCIPAL, "111122223333"),
        ("arn:aws:iam::111122223333:role/r", Who.PRINCIPAL, "111122223333"),
        ({"AWS": "AIDAJQABLZS4A3QDU576Q"}, Who.DELETED, ""),
        ({"AWS": "AROAJQABLZS4A3QDU576Q"}, Who.DELETED, ""),
        ({"Service": "EC2.amazonaws.com"}, Who.SERVICE, ""),
        ({"Federated": "cognito-identity.amazonaws.com"}, Who.FEDERATED, ""),
        (
            {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
            Who.CANONICAL,
            "",
        ),
        ({"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}, Who.CANONICAL, ""),
        ({"Service": "*"}, Who.ANYONE, ""),
    ],
)
def test_principals_are_understood(principal, who, account):
    (one,) = parse(policy(allow(principal))).statements[0].principals.members
    assert (one.who, one.account) == (who, account)


def test_an_account_and_its_root_are_the_same_principal():
    both = {"AWS": ["111122223333", "arn:aws:iam::111122223333:root"]}
    assert len(parse(policy(allow(both))).statements[0].principals.members) == 1


def test_keys_and_operators_are_read_without_case():
    wanted = policy(allow(condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}))
    assert meaning(policy(allow(condition={"stringequals": {"AWS:sourcevpc": ["vpc-1"]}}))) == meaning(wanted)


def test_actions_and_keys_are_shown_as_their_author_wrote_them():
    (one,) = parse(policy(allow(action="s3:GetObject", condition={"Bool": {"aws:ViaAWSService": "true"}}))).statements
    assert one.actions == ("s3:getobject",)
    assert one.action_texts == ("s3:GetObject",)
    assert str(one.conditions[0]) == "Bool aws:ViaAWSService [true]"


def test_numbers_and_booleans_are_values():
    parsed = parse(policy(allow(condition={"Bool": {"a": True}, "NumericLessThan": {"b": [3, 2.5]}})))
    assert [c.values for c in parsed.statements[0].conditions] == [("true",), ("3", "2.5")]


def test_the_name_and_position_of_a_statement_are_kept():
    parsed = parse(policy(allow(), allow(Sid="Open")))
    assert parsed.statements[1].place == "statement 2 (Open)"
    assert parsed.statements[1].effect is Effect.ALLOW


def test_variables_are_a_matter_of_the_version():
    assert parse(policy(allow())).statements[0].variables
    assert not parse(policy(allow(), version="2008-10-17")).statements[0].variables
    assert not parse({"Statement": allow()}).statements[0].variables


def test_parsing_does_not_change_or_keep_the_document():
    document = policy(allow())
    parse(document)
    document["Statement"].append(allow(action="s3:*"))
    assert len(parse(document).statements) == 2


def test_deep_nesting_is_a_problem_not_a_crash():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    for piece in ({"Action": deep}, {"Principal": deep}, {"Condition": {"StringEquals": {"k": deep}}}):
        assert parse(policy(allow() | piece)).problems
